//! Classes of characters: `[a-z]`.

use super::escape::Sequence;
use super::{Translator, push_literal};

impl Translator<'_> {
    /// A class. Everything in it is written out, because the engine has operators there that PCRE does not.
    pub(super) fn class(&mut self) -> Result<(), String> {
        self.skip(1);
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(c) = self.rest.chars().next() else { return Err("a class is not closed".to_string()) };
            if c == ']' && !first {
                self.skip(1);
                self.out.push(']');
                return Ok(());
            }
            first = false;
            if self.posix() {
                continue;
            }
            let Some(low) = self.member()? else { continue };
            self.range(low)?;
        }
    }

    /// The character just read, or the range that it begins.
    fn range(&mut self, low: char) -> Result<(), String> {
        let before = self.rest;
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
            self.skip(1);
            let out = self.out.len();
            // `a-\d` and `a-[:digit:]` are no ranges: the hyphen is itself.
            let high = if self.rest.starts_with("[:") { None } else { self.member()? };
            if let Some(high) = high {
                if high < low {
                    return Err(format!("the range `{low}-{high}` runs backwards"));
                }
                push_literal(&mut self.out, low);
                self.out.push('-');
                push_literal(&mut self.out, high);
                return Ok(());
            }
            self.out.truncate(out);
            self.rest = before;
        }
        push_literal(&mut self.out, low);
        Ok(())
    }

    /// `[:alpha:]`
    fn posix(&mut self) -> bool {
        const NAMES: [&str; 14] = [
            "alpha", "alnum", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        let Some(inside) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) else {
            return false;
        };
        let name = inside.0;
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return false;
        }
        self.out.push_str(&format!("[:{name}:]"));
        self.skip(name.len() + 4);
        true
    }

    /// One member: a character, or none after writing a set of them.
    fn member(&mut self) -> Result<Option<char>, String> {
        if !self.rest.starts_with('\\') {
            let c = self.rest.chars().next();
            self.skip(c.map_or(0, char::len_utf8));
            return Ok(c);
        }
        match self.rest.chars().nth(1) {
            Some('b') => {
                self.skip(2);
                return Ok(Some('\x08'));
            }
            Some('p' | 'P') => return self.property().map(|()| None),
            Some('Q') => {
                self.quoted();
                return Ok(None);
            }
            Some('E') => {
                self.skip(2);
                return Ok(None);
            }
            _ => {}
        }
        match self.sequence()? {
            Sequence::Char(c) => Ok(Some(c)),
            Sequence::Set(set, inverted) => {
                self.out.push_str(&if inverted { format!("[^{set}]") } else { set.to_string() });
                Ok(None)
            }
        }
    }
}
