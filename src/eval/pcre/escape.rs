//! What a backslash makes of what follows it.

use super::{Translator, push_literal};

/// A sequence that stands for one character, or for a set of them.
pub(super) enum Sequence {
    Char(char),
    /// A set as the inside of a class, and whether it is all but those.
    Set(&'static str, bool),
}

const DIGITS: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0B\x0C\r\x20";
const HORIZONTAL: &str = r"\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";
const VERTICAL: &str = r"\n\x0B\x0C\r\x{85}\x{2028}\x{2029}";

/// Between a character of words and one that is none, in ASCII.
const BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

impl Translator<'_> {
    /// An escape outside a class.
    pub(super) fn escape(&mut self) -> Result<(), String> {
        let mut rest = self.rest.chars();
        rest.next();
        let Some(c) = rest.next() else { return Err("a backslash stands at its end".to_string()) };
        match c {
            'b' | 'B' => {
                self.boundary |= !self.unicode;
                let exact = if c == 'b' { BOUNDARY } else { NO_BOUNDARY };
                let quick = if c == 'b' { r"\b" } else { r"\B" };
                self.out.push_str(if self.exact && !self.unicode { exact } else { quick });
            }
            'A' | 'z' | 'Z' | 'G' | 'K' | 'R' => self.out.extend(['\\', c]),
            'N' if !self.rest.starts_with(r"\N{") => self.out.push_str(r"[^\n]"),
            'Q' => {
                self.quoted();
                return Ok(());
            }
            'E' => {}
            'p' | 'P' => return self.property(),
            'g' | 'k' => return self.reference(),
            '1'..='9' => return self.number(),
            _ => {
                let sequence = self.sequence()?;
                self.push(&sequence);
                return Ok(());
            }
        }
        self.skip(1 + c.len_utf8());
        Ok(())
    }

    /// `\Q…\E`: every character is itself.
    pub(super) fn quoted(&mut self) {
        self.skip(2);
        let literal = match self.until(r"\E") {
            Some(literal) => literal,
            None => std::mem::take(&mut self.rest),
        };
        literal.chars().for_each(|c| push_literal(&mut self.out, c));
    }

    fn push(&mut self, sequence: &Sequence) {
        match sequence {
            Sequence::Char(c) => push_literal(&mut self.out, *c),
            Sequence::Set(set, inverted) => {
                let not = if *inverted { "^" } else { "" };
                // Without the group a letter's other cases beyond ASCII would belong to the set.
                let set = format!("[{not}{set}]");
                self.out.push_str(&if self.flags.any_case { format!("(?-i:{set})") } else { set });
            }
        }
    }

    /// `\pL`, `\p{Lu}`, `\p{^Lu}`: the same here and there.
    pub(super) fn property(&mut self) -> Result<(), String> {
        let length = match self.rest.find('}') {
            Some(end) if self.rest.get(2..3) == Some("{") => end + 1,
            _ => 3,
        };
        let Some(property) = self.rest.get(..length) else {
            return Err(r"a property stands after `\p`".to_string());
        };
        self.out.push_str(property);
        self.skip(length);
        Ok(())
    }

    /// `\1`, `\12`: a group, or a character in octal.
    fn number(&mut self) -> Result<(), String> {
        let digits: String = self.rest.chars().skip(1).take_while(char::is_ascii_digit).take(3).collect();
        let group: usize = digits.parse().unwrap_or(usize::MAX);
        if group > 9 {
            self.ambiguous = true;
        }
        if group <= 9 || group <= self.total {
            self.skip(1 + digits.len());
            self.out.push_str(&format!("(?:\\{group})"));
            return Ok(());
        }
        let octal: String = digits.chars().take_while(|c| ('0'..'8').contains(c)).collect();
        let code = u32::from_str_radix(&octal, 8).ok().and_then(char::from_u32);
        // Without an octal digit the digit is itself.
        let (c, length) = match code {
            Some(c) => (c, octal.len()),
            None => (digits.chars().next().unwrap_or('8'), 1),
        };
        self.skip(1 + length);
        push_literal(&mut self.out, c);
        Ok(())
    }

    /// `\g1`, `\g{1}`, `\g{-1}`, `\g{name}`, `\k{name}`, `\k<name>` refer to what a group matched;
    /// `\g<name>`, `\g<1>` match its pattern once more.
    fn reference(&mut self) -> Result<(), String> {
        let call = self.rest.starts_with(r"\g<") || self.rest.starts_with(r"\g'");
        let letter = self.rest.get(1..2);
        self.skip(2);
        let name = if self.eat("{") {
            self.until("}")
        } else if self.eat("<") {
            self.until(">")
        } else if self.eat("'") {
            self.until("'")
        } else if letter == Some("g") {
            let sign = usize::from(self.rest.starts_with(['-', '+']));
            let digits = self.rest.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
            let name = self.rest.get(..sign + digits);
            self.skip(sign + digits);
            name
        } else {
            None
        };
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Err("a reference names no group".to_string());
        };
        self.refer(name, call)
    }

    /// A reference to a group, or a call of it.
    pub(super) fn refer(&mut self, name: &str, call: bool) -> Result<(), String> {
        let relative = name.starts_with(['-', '+']);
        let group = match name.parse::<i64>() {
            Ok(number) if relative => {
                let begun = i64::try_from(self.groups).unwrap_or(0);
                let group = if number < 0 { begun + 1 + number } else { begun + number };
                if group < 1 {
                    return Err(format!("`{name}` is no group"));
                }
                group.to_string()
            }
            Ok(number) => number.to_string(),
            Err(_) => super::group::name(name)?.to_string(),
        };
        let numbered = group.starts_with(|c: char| c.is_ascii_digit());
        self.out.push_str(&match (call, numbered) {
            (true, _) => format!(r"\g<{group}>"),
            (false, true) => format!(r"(?:\{group})"),
            (false, false) => format!(r"\k<{group}>"),
        });
        Ok(())
    }

    /// An escape that is the same inside a class and outside it.
    pub(super) fn sequence(&mut self) -> Result<Sequence, String> {
        let mut rest = self.rest.chars();
        rest.next();
        let Some(c) = rest.next() else { return Err("a backslash stands at its end".to_string()) };
        if let Some(set) = self.set(c) {
            self.skip(2);
            return Ok(set);
        }
        let after = rest.as_str();
        let (found, length) = match c {
            'a' => ('\x07', 0),
            'e' => ('\x1B', 0),
            'f' => ('\x0C', 0),
            'n' => ('\n', 0),
            'r' => ('\r', 0),
            't' => ('\t', 0),
            'c' => control(after)?,
            'x' => hexadecimal(after)?,
            'o' => braced(after, 8)?,
            '0'..='7' => {
                let digits =
                    self.rest.bytes().skip(1).take(3).take_while(|b| (b'0'..b'8').contains(b)).count();
                let code = self.rest.get(1..=digits).and_then(|text| u32::from_str_radix(text, 8).ok());
                let c = code.and_then(char::from_u32).ok_or("an octal number is no character")?;
                (c, digits - 1)
            }
            c if c.is_ascii_alphanumeric() => return Err(format!(r"`\{c}` is not supported")),
            c => (c, 0),
        };
        self.skip(1 + c.len_utf8() + length);
        Ok(Sequence::Char(found))
    }

    fn set(&self, c: char) -> Option<Sequence> {
        let (ascii, unicode) = match c.to_ascii_lowercase() {
            'd' => (DIGITS, r"\d"),
            'w' => (WORD, r"\w"),
            's' => (SPACE, r"\s"),
            'h' => (HORIZONTAL, HORIZONTAL),
            'v' => (VERTICAL, VERTICAL),
            _ => return None,
        };
        Some(Sequence::Set(if self.unicode { unicode } else { ascii }, c.is_ascii_uppercase()))
    }
}

/// `\cA`
fn control(after: &str) -> Result<(char, usize), String> {
    match after.chars().next() {
        Some(c) if c.is_ascii_graphic() => {
            Ok((char::from(u8::try_from(c.to_ascii_uppercase()).unwrap_or(b'@') ^ 0x40), 1))
        }
        _ => Err(r"a character stands after `\c`".to_string()),
    }
}

/// `\x41`, `\x{1F600}`, and `\x` alone, which is the character 0.
fn hexadecimal(after: &str) -> Result<(char, usize), String> {
    if after.starts_with('{') {
        return braced(after, 16);
    }
    let digits = after.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
    let code = after.get(..digits).and_then(|text| u32::from_str_radix(text, 16).ok()).unwrap_or(0);
    Ok((char::from_u32(code).unwrap_or('\0'), digits))
}

/// `{41}`
fn braced(after: &str, base: u32) -> Result<(char, usize), String> {
    let digits = after.strip_prefix('{').and_then(|text| text.split_once('}')).map(|(digits, _)| digits);
    let c = digits.and_then(|digits| u32::from_str_radix(digits, base).ok()).and_then(char::from_u32);
    match (digits, c) {
        (Some(digits), Some(c)) => Ok((c, digits.len() + 2)),
        _ => Err("a character's number stands in braces".to_string()),
    }
}
