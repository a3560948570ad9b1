//! JSON token by token, forward only (RFC 8259).
//!
//! It takes and refuses what `serde_json` takes and refuses, with one exception: a number too large for
//! a double is a number all the same, because fields keep their spelling.

use std::ops::Range;

use memchr::memchr;

use super::marks::Marks;

/// Why text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends too early.
    End,
    /// It is wrong, or containers stand too deep in each other.
    Syntax,
}

/// Containers may stand in each other one level less than this, as in `serde_json`.
pub const TOO_DEEP: u32 = 128;

/// The text of a string between its quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringToken {
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it has escapes.
    pub escaped: bool,
}

/// A place in JSON text.
pub struct Scanner<'t> {
    bytes: &'t [u8],
    /// Those of the text, where strings are read.
    marks: &'t Marks,
    /// The byte that is read next.
    pub at: usize,
}

impl<'t> Scanner<'t> {
    /// At a byte of a text, in which no string is read.
    pub fn new(bytes: &'t [u8], at: usize) -> Scanner<'t> {
        static NONE: Marks = Marks::none();
        Scanner { bytes, marks: &NONE, at }
    }

    /// At a byte of a text with these marks.
    pub fn with(marks: &'t Marks, bytes: &'t [u8], at: usize) -> Scanner<'t> {
        Scanner { bytes, marks, at }
    }

    /// The next byte.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte after blanks.
    #[inline]
    pub fn token(&mut self) -> Result<u8, Fault> {
        // Most JSON in logs has no blanks, and no blank is above this one.
        match self.peek() {
            Some(byte) if byte > b' ' => Ok(byte),
            _ => self.token_after_blanks(),
        }
    }

    fn token_after_blanks(&mut self) -> Result<u8, Fault> {
        while let Some(byte) = self.peek() {
            if !is_blank(byte) {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(Fault::End)
    }

    /// Passes over this byte if it is the next after blanks.
    #[inline]
    pub fn take(&mut self, byte: u8) -> Result<bool, Fault> {
        let found = self.token()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    /// Reads `"key":`.
    #[inline]
    pub fn key(&mut self) -> Result<StringToken, Fault> {
        if self.token()? != b'"' {
            return Err(Fault::Syntax);
        }
        let key = self.string()?;
        if self.take(b':')? { Ok(key) } else { Err(Fault::Syntax) }
    }

    /// Reads a string; the next byte is its quotation mark.
    #[inline]
    pub fn string(&mut self) -> Result<StringToken, Fault> {
        self.at += 1;
        self.string_inside()
    }

    /// Reads a string, whose quotation mark was the byte before.
    #[inline]
    pub fn string_inside(&mut self) -> Result<StringToken, Fault> {
        let start = self.at;
        self.at = self.marks.next(start);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(StringToken { range: start..self.at - 1, escaped: false });
        }
        let escaped = self.rest_of_string()?;
        Ok(StringToken { range: start..self.at - 1, escaped })
    }

    /// Passes over the rest of a string after a plain run; says whether it has escapes.
    #[cold]
    fn rest_of_string(&mut self) -> Result<bool, Fault> {
        let mut escaped = false;
        loop {
            self.at = self.marks.next(self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(Fault::Syntax),
                None => return Err(Fault::End),
            }
        }
    }

    /// Reads an escape; a leading surrogate must have its trailing one, and none may stand alone.
    fn escape(&mut self) -> Result<(), Fault> {
        self.at += 1;
        let kind = self.peek().ok_or(Fault::End)?;
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => return Ok(()),
            b'u' => {}
            _ => return Err(Fault::Syntax),
        }
        match self.hex()? {
            0xDC00..=0xDFFF => Err(Fault::Syntax),
            0xD800..=0xDBFF => {
                for expected in [b'\\', b'u'] {
                    if self.peek().ok_or(Fault::End)? != expected {
                        return Err(Fault::Syntax);
                    }
                    self.at += 1;
                }
                if matches!(self.hex()?, 0xDC00..=0xDFFF) { Ok(()) } else { Err(Fault::Syntax) }
            }
            _ => Ok(()),
        }
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().ok_or(Fault::End)?;
            code = code * 16 + char::from(digit).to_digit(16).ok_or(Fault::Syntax)?;
            self.at += 1;
        }
        Ok(code)
    }

    /// Reads a number or a word; gives where it stands.
    pub fn bare(&mut self) -> Result<Range<usize>, Fault> {
        let start = self.at;
        match self.peek().ok_or(Fault::End)? {
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => return Err(Fault::Syntax),
        }
        Ok(start..self.at)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Fault> {
        for &expected in word {
            if self.peek().ok_or(Fault::End)? != expected {
                return Err(Fault::Syntax);
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        // A digit here follows a leading zero.
        if matches!(self.peek(), Some(b'0'..=b'9')) { Err(Fault::Syntax) } else { Ok(()) }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.peek().ok_or(Fault::End)?.is_ascii_digit() {
            return Err(Fault::Syntax);
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    /// Passes over a value, checking it; `depth` containers are open around it. Needs no memory.
    #[inline]
    pub fn skip(&mut self, depth: u32) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            _ => self.skip_any(depth),
        }
    }

    fn skip_any(&mut self, depth: u32) -> Result<(), Fault> {
        // One bit for each open container, the innermost lowest: set for an object.
        let mut kinds: u128 = 0;
        let mut level = depth;
        loop {
            match self.token()? {
                b'"' => {
                    self.string()?;
                }
                open @ (b'{' | b'[') => {
                    level += 1;
                    if level >= TOO_DEEP {
                        return Err(Fault::Syntax);
                    }
                    self.at += 1;
                    let object = open == b'{';
                    if !self.take(if object { b'}' } else { b']' })? {
                        kinds = kinds << 1 | u128::from(object);
                        if object {
                            self.key()?;
                        }
                        continue;
                    }
                    level -= 1;
                }
                _ => {
                    self.bare()?;
                }
            }
            if self.close(depth, &mut level, &mut kinds)? {
                return Ok(());
            }
        }
    }

    /// After a value: closes what ends here, and says whether all containers above `depth` are closed;
    /// else the next value follows.
    fn close(&mut self, depth: u32, level: &mut u32, kinds: &mut u128) -> Result<bool, Fault> {
        while *level > depth {
            let object = *kinds & 1 == 1;
            let byte = self.token()?;
            self.at += 1;
            match byte {
                b',' => {
                    if object {
                        self.key()?;
                    }
                    return Ok(false);
                }
                b'}' if object => {}
                b']' if !object => {}
                _ => return Err(Fault::Syntax),
            }
            *kinds >>= 1;
            *level -= 1;
        }
        Ok(true)
    }
}

/// Blanks between tokens.
#[inline]
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether text is a JSON number from end to end.
pub fn is_number(text: &str) -> bool {
    let mut scanner = Scanner::new(text.as_bytes(), 0);
    matches!(scanner.peek(), Some(b'-' | b'0'..=b'9')) && scanner.bare() == Ok(0..text.len())
}

/// Appends the text of a string with escapes; `text` has passed [`Scanner::string`].
pub fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(slash) = memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at_checked(slash).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = escape.chars();
        characters.next();
        match characters.next() {
            Some('u') => {
                let first = hex4(&mut characters);
                let code = if (0xD800..0xDC00).contains(&first) {
                    characters.next();
                    characters.next();
                    0x10000 + ((first - 0xD800) << 10) + hex4(&mut characters).wrapping_sub(0xDC00)
                } else {
                    first
                };
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(itself) => out.push(itself),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

fn hex4(characters: &mut std::str::Chars<'_>) -> u32 {
    characters.take(4).fold(0, |code, digit| code * 16 + digit.to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(text: &str) -> Result<usize, Fault> {
        let mut marks = Marks::none();
        marks.set(text.as_bytes());
        let mut scanner = Scanner::with(&marks, text.as_bytes(), 0);
        scanner.skip(0).map(|()| scanner.at)
    }

    #[test]
    fn what_is_json_and_what_is_not() {
        for yes in [r#"{"a":[1,{"b":{}},[]],"c":"x\"\\\u00e9\ud83d\ude00"}"#, "[-0.5e+10, true , null]"] {
            assert_eq!(skipped(yes), Ok(yes.len()), "{yes}");
        }
        for no in
            ["{a:1}", "[1,]", "{,}", "[01]", "[1.]", "[+1]", "[.5]", "{\"a\" 1}", "[\"\\x\"]", "[}", "[nul]"]
        {
            assert_eq!(skipped(no), Err(Fault::Syntax), "{no}");
        }
        for no in [
            "[\"\\ud800\"]",
            "[\"\\udc00\"]",
            "[\"\\ud800\\u0041\"]",
            "[\"\\u12g4\"]",
            "[\"a\nb\"]",
            "[\"\0\"]",
        ] {
            assert_eq!(skipped(no), Err(Fault::Syntax), "{no}");
        }
        for cut in [
            "", "{", "[1", "[1,", "{\"a", "{\"a\"", "{\"a\":", "[\"\\", "[\"\\u12", "[tr", "[-", "[1.", "[1e",
        ] {
            assert_eq!(skipped(cut), Err(Fault::End), "{cut}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(skipped(&nested(127)), Ok(254));
        assert_eq!(skipped(&nested(128)), Err(Fault::Syntax));
        assert_eq!(skipped(&"[".repeat(1_000_000)), Err(Fault::Syntax));
    }

    #[test]
    fn escapes_become_text() {
        let mut out = String::from("<");
        unescape(r#"a\"\\\/\b\f\n\r\t\u00e9\uD83d\uDE00é\u0000z"#, &mut out);
        assert_eq!(out, "<a\"\\/\u{8}\u{c}\n\r\té😀é\0z");
    }

    #[test]
    fn numbers_from_end_to_end() {
        assert!(is_number("-1.50") && is_number("1e+20") && is_number("0"));
        assert!(!is_number("") && !is_number("1 ") && !is_number("true") && !is_number("007"));
    }
}
