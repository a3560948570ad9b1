//! The small languages inside settings: words, some of them quoted, separated by blanks and commas.

use crate::value::Text;

/// A word of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Without its quotes.
    pub text: Text,
    /// Whether it stood in quotes: a quoted `AS` is a name.
    pub quoted: bool,
}

impl Word {
    /// Whether it is this keyword, in any case.
    pub fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// Splits at blanks and commas that are not in double quotes; `\"` and `\\` in quotes are `"` and `\`.
/// A quote without its partner reaches to the end.
pub(super) fn split_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&first) = chars.peek() {
        if first == ',' || first.is_whitespace() {
            chars.next();
        } else if first == '"' {
            chars.next();
            words.push(Word { text: quoted(&mut chars, false), quoted: true });
        } else {
            let mut word = Text::new();
            while let Some(next) = chars.next_if(|next| *next != ',' && !next.is_whitespace()) {
                word.push(next);
            }
            words.push(Word { text: word, quoted: false });
        }
    }
    words
}

/// The names of a list: `a, b "c d"`.
pub(super) fn split_list(text: &str) -> Vec<Text> {
    split_words(text).into_iter().map(|word| word.text).collect()
}

/// The quoted texts of a list such as `"|", "=\t"`, with `\t`, `\n`, `\r`, `\\` and `\"` decoded
/// (transforms.conf, `DELIMS`). Unquoted text counts as it stands.
pub(super) fn split_quoted(text: &str) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut chars = text.trim().chars().peekable();
    while let Some(first) = chars.next() {
        match first {
            '"' => parts.push(quoted(&mut chars, true)),
            ',' => {}
            other if other.is_whitespace() => {}
            other => {
                let mut part = Text::from(other);
                while let Some(next) = chars.next_if(|next| *next != ',') {
                    part.push(next);
                }
                parts.push(part.trim_end().into());
            }
        }
    }
    parts
}

/// The rest of a quoted text up to its closing quote, which is consumed.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, controls: bool) -> Text {
    let mut text = Text::new();
    while let Some(next) = chars.next() {
        match next {
            '"' => break,
            '\\' => match chars.next() {
                Some(escaped @ ('"' | '\\')) => text.push(escaped),
                Some('t') if controls => text.push('\t'),
                Some('n') if controls => text.push('\n'),
                Some('r') if controls => text.push('\r'),
                Some(other) => {
                    text.push('\\');
                    text.push(other);
                }
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_quotes() {
        assert_eq!(split_list("a, b  \"c d\",\"e\\\"f\" g{}.h"), ["a", "b", "c d", "e\"f", "g{}.h"]);
        let words = split_words("a AS \"as\"");
        assert!(words[1].is("as") && !words[2].is("as"));
        assert!(split_words(" , ").is_empty());
    }

    #[test]
    fn delimiters() {
        assert_eq!(split_quoted("\"|;\", \"=\\t\""), ["|;", "=\t"]);
        assert_eq!(split_quoted("\", \""), [", "]);
        assert_eq!(split_quoted("| , ="), ["|", "="]);
    }
}
