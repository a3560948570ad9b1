//! A place in a text that moves forward; it never splits a character.

/// Reads a text from left to right.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads `prefix` if it comes next.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Reads `prefix`, in any mix of cases, if it comes next. `prefix` is ASCII.
    pub(super) fn eat_any_case(&mut self, prefix: &str) -> bool {
        let found = self.rest().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Reads `+` or `-` if it comes next: the factor it stands for.
    pub(super) fn sign(&mut self) -> Option<i64> {
        if self.eat("+") {
            Some(1)
        } else if self.eat("-") {
            Some(-1)
        } else {
            None
        }
    }

    /// Reads the longest run of at most `limit` ASCII bytes that `wanted` accepts; it may be empty.
    pub(super) fn run(&mut self, limit: usize, wanted: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take(limit).take_while(|byte| byte.is_ascii() && wanted(*byte)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    pub(super) fn digits(&mut self, limit: usize) -> &'a str {
        self.run(limit, |byte| byte.is_ascii_digit())
    }

    pub(super) fn letters(&mut self) -> &'a str {
        self.run(usize::MAX, |byte| byte.is_ascii_alphabetic())
    }

    pub(super) fn blanks(&mut self) -> &'a str {
        self.run(usize::MAX, |byte| byte.is_ascii_whitespace())
    }
}
