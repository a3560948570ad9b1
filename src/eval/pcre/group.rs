//! What follows an opening parenthesis.

use super::Translator;

/// The inline options that change how a pattern is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    /// `m`: `^` and `$` are the ends of lines.
    pub multi_line: bool,
    /// `x`: blanks and comments are for the reader.
    pub extended: bool,
    /// `i`
    pub any_case: bool,
}

impl Translator<'_> {
    /// `(*UTF8)` and its kin at the start of a pattern.
    pub(super) fn options(&mut self) -> Result<(), String> {
        loop {
            if self.eat("(*UTF8)") || self.eat("(*UTF)") || self.eat("(*NO_START_OPT)") || self.eat("(*LF)") {
                continue;
            }
            if !self.eat("(*UCP)") {
                return Ok(());
            }
            self.unicode = true;
        }
    }

    pub(super) fn open_group(&mut self) -> Result<(), String> {
        if self.rest.starts_with("(*") {
            let verb = self.rest.split_once(')').map_or(self.rest, |(verb, _)| verb);
            return Err(format!("the verb `{verb})` is not supported"));
        }
        if !self.rest.starts_with("(?") {
            self.skip(1);
            return self.capture("(");
        }
        self.skip(2);
        if self.eat("#") {
            return self.until(")").map(|_| ()).ok_or_else(|| "a comment is not closed".to_string());
        }
        for plain in [":", "=", "!", ">", "<=", "<!"] {
            if self.eat(plain) {
                self.outer_flags.push(self.flags);
                self.out.push_str("(?");
                self.out.push_str(plain);
                return Ok(());
            }
        }
        if self.eat("|") {
            return Err("groups that begin with `(?|` are not supported".to_string());
        }
        if self.rest.starts_with('C') {
            return Err("callouts, `(?C)`, are not supported".to_string());
        }
        match self.named() {
            Some(done) => done,
            None => self.inline_flags(),
        }
    }

    fn capture(&mut self, open: &str) -> Result<(), String> {
        self.groups += 1;
        self.outer_flags.push(self.flags);
        self.out.push_str(open);
        Ok(())
    }

    /// Groups with a name, references to groups, and conditions on groups.
    fn named(&mut self) -> Option<Result<(), String>> {
        for (open, close) in [("P<", ">"), ("<", ">"), ("'", "'")] {
            if self.eat(open) {
                return Some(match self.until(close).map(name) {
                    Some(Ok(name)) => self.capture(&format!("(?<{name}>")),
                    Some(Err(mistake)) => Err(mistake),
                    None => Err("the name of a group is not closed".to_string()),
                });
            }
        }
        for (open, call) in [("P=", false), ("P>", true), ("&", true)] {
            if self.eat(open) {
                let found = self.until(")").and_then(|found| name(found).ok());
                let found = found.ok_or_else(|| "a reference names no group".to_string());
                return Some(found.and_then(|found| self.refer(found, call)));
            }
        }
        if self.eat("R)") {
            return Some(self.refer("0", true));
        }
        let numbered = self.rest.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit());
        if numbered && self.rest.find(')').is_some_and(|end| end < 8) {
            let number = self.until(")")?;
            return Some(self.refer(number, true));
        }
        self.eat("(").then(|| self.condition())
    }

    /// `(?(1)yes|no)`, `(?(<name>)yes|no)`, `(?(DEFINE)…)`
    fn condition(&mut self) -> Result<(), String> {
        let refused = || "conditions are a group's number or name, or `DEFINE`".to_string();
        let condition = self.until(")").ok_or_else(refused)?;
        let bare = condition.trim_start_matches(['<', '\'']).trim_end_matches(['>', '\'']);
        let group = match bare.parse::<usize>() {
            Ok(_) if bare.starts_with('+') => return Err(refused()),
            Ok(number) => {
                self.condition = self.condition.max(number);
                number.to_string()
            }
            Err(_) if bare.parse::<i64>().is_ok() => return Err(refused()),
            Err(_) if bare == "DEFINE" => bare.to_string(),
            Err(_) if bare == "R" || condition.starts_with('?') => return Err(refused()),
            Err(_) => format!("<{}>", name(bare)?),
        };
        self.outer_flags.push(self.flags);
        self.out.push_str(&format!("(?({group})"));
        Ok(())
    }

    /// `(?i)`, `(?i-s:`, `(?^)`
    fn inline_flags(&mut self) -> Result<(), String> {
        let before = self.flags;
        let (mut on, mut letters) = (true, [String::new(), String::new()]);
        if self.eat("^") {
            (self.flags, letters[1]) = (Flags::default(), "ims".to_string());
        }
        loop {
            let Some(c) = self.rest.chars().next() else {
                return Err("opening parenthesis without closing parenthesis".to_string());
            };
            self.skip(c.len_utf8());
            match c {
                '-' => on = false,
                'i' => self.flags.any_case = on,
                'm' => self.flags.multi_line = on,
                'x' => self.flags.extended = on,
                's' | 'U' | 'J' => {}
                ')' | ':' => {
                    let [on, off] = letters;
                    let group = if c == ':' { ":" } else { "" };
                    if c == ':' {
                        self.outer_flags.push(before);
                    }
                    if c == ':' || !on.is_empty() || !off.is_empty() {
                        let minus = if off.is_empty() { "" } else { "-" };
                        let end = if c == ')' { ")" } else { "" };
                        self.out.push_str(&format!("(?{on}{minus}{off}{group}{end}"));
                    }
                    return Ok(());
                }
                _ => return Err(format!("the option `(?{c})` is not supported")),
            }
            // Blanks and comments are already gone, and names may always repeat.
            if "imsU".contains(c) {
                let [yes, no] = &mut letters;
                no.retain(|letter| letter != c);
                if on { yes.push(c) } else { no.push(c) }
            }
        }
    }
}

/// The name of a group: a word that does not begin with a digit.
pub(super) fn name(text: &str) -> Result<&str, String> {
    let word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if text.is_empty() || !word || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!(
            "`{text}` is no name of a group: letters, digits and underscores, not beginning with a digit"
        ));
    }
    Ok(text)
}
