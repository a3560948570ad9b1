//! The sed expressions of `rex mode=sed` and `SEDCMD`.

use std::fmt;

use fancy_regex::Captures;

use super::Regular;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Warnings;
use crate::parse::args::{Word, write_regex};
use crate::value::{Text, Value};

/// A sed expression.
#[derive(Clone, Debug)]
pub struct Sed {
    text: Text,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    Substitute { regex: Regular, replacement: Vec<Piece>, which: Which },
    Transliterate(Vec<(char, char)>),
}

#[derive(Clone, Copy, Debug)]
enum Which {
    All,
    Nth(usize),
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Group(usize),
}

impl Sed {
    /// Reads an expression of `rex`.
    pub fn read(word: &Word) -> Result<Sed> {
        Sed::read_first(word, &word.text, "`rex mode=sed`", |_| None).map(|(sed, _)| sed)
    }

    /// Reads a script: expressions with blanks between them.
    pub fn script(word: &Word) -> Result<Vec<Sed>> {
        let mut seds = Vec::new();
        let mut rest = word.text.trim();
        while !rest.is_empty() {
            let (sed, after) =
                Sed::read_first(word, rest, "`SEDCMD`", |flags| flags.find(char::is_whitespace))?;
            seds.push(sed);
            rest = after.trim_start();
        }
        Ok(seds)
    }

    /// Reads an expression at the beginning of a text, and what stands behind it; `end` is where its flags end.
    fn read_first<'t>(
        word: &Word,
        text: &'t str,
        who: &str,
        end: impl Fn(&str) -> Option<usize>,
    ) -> Result<(Sed, &'t str)> {
        let wrong = |message: &str| Diagnostic::error(Code::Arguments, message).at(word.span, "");
        let shape = format!(
            "{who} needs `s/<regular expression>/<replacement>/<flags>` or `y/<characters>/<others>/`"
        );
        let mut letters = text.chars();
        let (Some(kind), Some(mark)) = (letters.next(), letters.next()) else { return Err(wrong(&shape)) };
        if mark.is_alphanumeric() || mark.is_whitespace() || mark == '\\' {
            return Err(wrong(&shape));
        }
        let rest = letters.as_str();
        let parts = section(rest, mark).and_then(|(first, rest)| Some((first, section(rest, mark)?)));
        let Some((first, (second, after))) = parts else { return Err(wrong(&shape)) };
        let (flags, after) = after.split_at_checked(end(after).unwrap_or(after.len())).unwrap_or((after, ""));
        let action = match kind {
            's' => Action::Substitute {
                regex: Regular::new(&Word { text: Text::from(unescape_mark(first, mark)), ..word.clone() })?,
                replacement: pieces(&unescape_mark(second, mark)),
                which: which(flags).ok_or_else(|| {
                    wrong(&format!("{who} knows the flags `g` and a number, not `{flags}`"))
                })?,
            },
            'y' if flags.is_empty() => {
                let (from, to) = (characters(first), characters(second));
                if from.len() != to.len() {
                    let message =
                        format!("`{first}` has {} characters and `{second}` has {}", from.len(), to.len());
                    return Err(wrong(&message));
                }
                Action::Transliterate(from.into_iter().zip(to).collect())
            }
            _ => return Err(wrong(&shape)),
        };
        let written = text.get(..text.len() - after.len()).unwrap_or(text);
        Ok((Sed { text: written.into(), action }, after))
    }

    /// A value after the edit.
    pub fn edit(&self, value: &Value, warnings: &Warnings) -> Value {
        if value.is_null() {
            return Value::Null;
        }
        let text = value.to_text();
        match &self.action {
            Action::Transliterate(pairs) => {
                let other = |c: char| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
                Value::text(text.chars().map(other).collect::<String>())
            }
            Action::Substitute { regex, replacement, which } => {
                let (skip, take) = match which {
                    Which::All => (0, usize::MAX),
                    Which::Nth(number) => (number.saturating_sub(1), 1),
                };
                let (mut out, mut copied) = (String::new(), 0);
                for captures in regex.matches(&text, warnings).skip(skip).take(take) {
                    let Some(whole) = captures.get(0) else { continue };
                    out.push_str(text.get(copied..whole.start()).unwrap_or(""));
                    replacement.iter().for_each(|piece| piece.write(&captures, &mut out));
                    copied = whole.end();
                }
                if out.is_empty() && copied == 0 {
                    return value.clone();
                }
                out.push_str(text.get(copied..).unwrap_or(""));
                Value::text(out)
            }
        }
    }
}

impl fmt::Display for Sed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_regex(f, &self.text)
    }
}

impl Piece {
    fn write(&self, captures: &Captures<'_, str>, out: &mut String) {
        out.push_str(match self {
            Piece::Text(text) => text,
            Piece::Group(number) => captures.get(*number).map_or("", |group| group.as_str()),
        });
    }
}

/// What stands before the next `mark` that has no backslash before it, and what stands after it.
fn section(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        if c == '\\' {
            letters.next();
        } else if c == mark {
            return Some((text.get(..at)?, text.get(at + c.len_utf8()..)?));
        }
    }
    None
}

/// A mark with a backslash before it is itself. `/` means nothing in a regular expression, what other marks mean
/// there is taken from them.
fn unescape_mark(text: &str, mark: char) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, letters.clone().next()) {
            ('\\', Some(next)) => {
                letters.next();
                out.extend((next != mark).then_some('\\'));
                out.push(next);
            }
            _ => out.push(c),
        }
    }
    out
}

fn which(flags: &str) -> Option<Which> {
    match flags {
        "" => Some(Which::Nth(1)),
        "g" => Some(Which::All),
        _ => flags.parse().ok().filter(|number| *number > 0).map(Which::Nth),
    }
}

fn pieces(replacement: &str) -> Vec<Piece> {
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut letters = replacement.chars();
    while let Some(c) = letters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match letters.next() {
            Some(digit @ '0'..='9') => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Group(digit.to_digit(10).unwrap_or(0) as usize));
            }
            Some(other) => text.push(control(other)),
            None => text.push('\\'),
        }
    }
    pieces.push(Piece::Text(text));
    pieces
}

fn characters(text: &str) -> Vec<char> {
    let mut out = Vec::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        out.push(if c == '\\' { letters.next().map_or(c, control) } else { c });
    }
    out
}

fn control(letter: char) -> char {
    match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span};

    fn word(text: &str) -> Word {
        let id = Sources::new().add("search", text);
        Word { text: text.into(), span: Span::new(id, 0, text.len()), quoted: true }
    }

    fn edit(expression: &str, text: &str) -> String {
        let sed = Sed::read(&word(expression)).unwrap();
        sed.edit(&text.into(), &Warnings::new()).to_text().into_owned()
    }

    #[test]
    fn substitutions() {
        assert_eq!(edit(r"s/\s/_/g", "a b c"), "a_b_c");
        assert_eq!(edit(r"s/\s/_/2", "a b c"), "a b_c");
        assert_eq!(edit(r"s/\s/_/7", "a b c"), "a b c");
        assert_eq!(edit(r"s/(a)|(b)/<\2\1\0>/g", "ab"), "<aa><bb>");
        assert_eq!(edit(r"s/a\/b/c\/d\\\n/", "a/b"), "c/d\\\n");
        assert_eq!(edit(r"s|a\|b|x|", "a|b"), "x|b");
        assert_eq!(edit(r"s/a//g", "aaa"), "");
        assert_eq!(edit(r"s/\x00//g", "p\0w\0"), "pw");
        assert_eq!(edit(r"s/^/>/", "x"), ">x");
    }

    #[test]
    fn scripts() {
        let seds = Sed::script(&word("s/a b/x y/g  y/xy/zw/ s/z/Z/2")).unwrap();
        let edited =
            seds.iter().fold(Value::text("a b a b"), |value, sed| sed.edit(&value, &Warnings::new()));
        assert_eq!(edited.to_text(), "z w Z w");
        assert!(Sed::script(&word("s/a/b/ t/c/d/")).is_err() && Sed::script(&word("")).unwrap().is_empty());
    }

    #[test]
    fn transliterations() {
        assert_eq!(edit(r"y/abc\//xyz-/", "c/b/a"), "z-y-x");
        assert_eq!(edit(r"y/\n/ /", "a\nb"), "a b");
    }

    #[test]
    fn what_is_no_expression() {
        for wrong in
            ["", "s", "s/", "s/a", "s/a/b", "x/a/b/", "sa/b/c/", "y/ab/c/", "y/a/b/g", "s/a/b/0", "s/(/b/"]
        {
            assert!(Sed::read(&word(wrong)).is_err(), "{wrong}");
        }
    }
}
