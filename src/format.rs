//! Lays a search out: every command on a line of its own, blanks where one is enough.
//!
//! It works on the text as it is written, before macros are expanded, and changes nothing but blanks
//! outside of quotes: comments, macro calls and every word stay as they are. A line that the author broke
//! stays broken. Laying out what was laid out changes nothing.
//!
//! ```
//! let laid_out = speleo::format::format("index=web   status=500|stats   count by host").unwrap();
//! assert_eq!(laid_out, "index=web status=500\n| stats count by host\n");
//! ```

use crate::parse::cursor::MAX_DEPTH;
use crate::parse::{Parsed, Search};

/// What one level stands to the right of the level above.
const INDENT: &str = "    ";

/// A stretch of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// Blanks; whether a line ends among them.
    Blank { breaks: bool },
    /// A comment in triple backticks.
    Comment(&'t str),
    /// `|`
    Pipe,
    /// `[`
    Open,
    /// `]`
    Close,
    /// Anything else, up to one of the above: words, strings, macro calls.
    Text(&'t str),
}

/// Lays a search out; it ends with a newline. None if a quote, a bracket, a comment or a backtick has no
/// partner: [`crate::parse`] says which.
pub fn format(text: &str) -> Option<String> {
    let tokens = tokens(text)?;
    let mut layout = Layout { out: String::new(), tokens: &tokens, at: 0, depth: 0 };
    layout.pipeline()?;
    if layout.at < tokens.len() {
        return None;
    }
    layout.trim();
    layout.out.push('\n');
    Some(layout.out)
}

/// The first command in which two searches differ; none if they are the same.
pub fn difference(one: &Search, other: &Search) -> Option<String> {
    let tree = |parsed: &Parsed| format!("{:?}", parsed.command);
    let mut pairs = one.commands.iter().zip(&other.commands);
    let differs = pairs.find(|(one, other)| tree(one) != tree(other));
    let length = || (one.commands.len() != other.commands.len()).then(|| "another command".to_string());
    differs.map(|(one, _)| format!("`{}` is read as another command", one.command)).or_else(length)
}

/// The text on one line, with as few blanks as say the same; as it is if something in it is not closed.
pub fn squeezed(text: &str) -> String {
    let Some(tokens) = tokens(text) else { return text.to_string() };
    let mut out = String::new();
    let mut blank = false;
    for token in tokens {
        let (written, loose) = match token {
            Token::Blank { .. } => {
                blank = true;
                continue;
            }
            Token::Pipe => ("|", true),
            Token::Open => ("[", true),
            Token::Close => ("]", true),
            Token::Comment(text) | Token::Text(text) => (text, false),
        };
        let after_loose = out.is_empty() || out.ends_with(['|', '[', ']']);
        out.push_str(if blank && !loose && !after_loose { " " } else { "" });
        out.push_str(written);
        blank = false;
    }
    out
}

/// Cuts the text.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, token) = match first {
            c if c.is_whitespace() => {
                let length = rest.len() - rest.trim_start().len();
                (length, Token::Blank { breaks: rest.get(..length)?.contains('\n') })
            }
            '|' => (1, Token::Pipe),
            '[' => (1, Token::Open),
            ']' => (1, Token::Close),
            '`' if rest.starts_with("```") => {
                let length = 6 + rest.get(3..)?.find("```")?;
                (length, Token::Comment(rest.get(..length)?))
            }
            _ => {
                let length = text_length(rest)?;
                (length, Token::Text(rest.get(..length)?))
            }
        };
        tokens.push(token);
        rest = rest.get(length..)?;
    }
    Some(tokens)
}

/// How long the text is that is no other token: strings, quoted names and macro calls are passed over.
fn text_length(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = text.get(at..)?.chars().next() {
        let rest = text.get(at..)?;
        at += match c {
            c if c.is_whitespace() || "|[]".contains(c) => break,
            '`' if rest.starts_with("```") => break,
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '"' => string(rest, '"')?,
            '`' => 2 + rest.get(1..)?.find('`')?,
            // An apostrophe of a word is no quotation mark: it has no partner before the command ends.
            '\'' => string(rest, '\'').filter(|length| !has_pipe(rest, *length)).unwrap_or(1),
            c => c.len_utf8(),
        };
    }
    Some(at)
}

fn has_pipe(text: &str, length: usize) -> bool {
    text.get(..length).is_none_or(|quoted| quoted.contains(['|', '"', '`']))
}

/// How long the quoted stretch is that the text begins with, its quotes included.
fn string(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

struct Layout<'t> {
    out: String,
    tokens: &'t [Token<'t>],
    at: usize,
    depth: usize,
}

impl<'t> Layout<'t> {
    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    /// Commands up to the end or to the bracket that closes.
    fn pipeline(&mut self) -> Option<()> {
        let start = self.out.len();
        while let Some(token) = self.peek() {
            match token {
                Token::Close => return Some(()),
                Token::Pipe => {
                    self.at += 1;
                    if self.out.len() > start {
                        self.trim();
                        self.line(self.depth);
                    }
                    self.out.push_str("| ");
                    self.skip_blank();
                }
                Token::Blank { breaks } => {
                    self.at += 1;
                    self.blank(breaks, start);
                }
                Token::Comment(text) | Token::Text(text) => {
                    self.at += 1;
                    self.out.push_str(text);
                }
                Token::Open => self.bracket(start)?,
            }
        }
        Some(())
    }

    /// A blank, or the line's end that was there; nothing where a command ends or begins.
    fn blank(&mut self, breaks: bool, start: usize) {
        let before_end = matches!(self.peek(), None | Some(Token::Pipe | Token::Close));
        if before_end || self.out.len() == start {
            return;
        }
        match breaks {
            true => self.line(self.depth + 1),
            false => self.out.push(' '),
        }
    }

    /// A subsearch: on lines of its own if it has several commands.
    fn bracket(&mut self, start: usize) -> Option<()> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let several = self.several();
        self.at += 1;
        if several {
            if self.out.len() > start {
                self.trim();
                self.line(self.depth + 1);
            }
            self.depth += 1;
            self.out.push('[');
            self.skip_blank();
            if self.peek() == Some(Token::Pipe) {
                self.at += 1;
                self.skip_blank();
                self.out.push_str("| ");
            }
            self.pipeline()?;
            self.depth -= 1;
        } else {
            self.out.push('[');
            self.flat()?;
        }
        (self.next() == Some(Token::Close)).then(|| self.out.push(']'))
    }

    /// What stands in brackets without a pipe between commands: as it is, but for blanks.
    fn flat(&mut self) -> Option<()> {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Close if open == 0 => return Some(()),
                Token::Close => open -= 1,
                Token::Open => open += 1,
                _ => {}
            }
            self.at += 1;
            match token {
                Token::Blank { .. } => self.out.push(' '),
                Token::Comment(text) | Token::Text(text) => self.out.push_str(text),
                Token::Pipe => self.out.push('|'),
                Token::Open => self.out.push('['),
                Token::Close => self.out.push(']'),
            }
        }
        None
    }

    /// Whether the bracket that opens here has a pipe between two commands.
    fn several(&self) -> bool {
        let (mut open, mut begun) = (0_usize, false);
        for token in self.tokens.iter().skip(self.at) {
            match token {
                Token::Open => open += 1,
                Token::Close if open <= 1 => return false,
                Token::Close => open -= 1,
                Token::Pipe if begun => return true,
                Token::Blank { .. } => {}
                _ => {}
            }
            begun |= matches!(token, Token::Text(_) | Token::Comment(_));
        }
        false
    }

    fn skip_blank(&mut self) {
        if matches!(self.peek(), Some(Token::Blank { .. })) {
            self.at += 1;
        }
    }

    /// Takes the blanks at the end off, but for one that belongs to a backslash.
    fn trim(&mut self) {
        let kept = self.out.trim_end().len();
        let written = self.out.get(..kept).unwrap_or("");
        let escapes = written.len() - written.trim_end_matches('\\').len();
        let after = self.out.get(kept..).and_then(|blanks| blanks.chars().next());
        self.out.truncate(kept + if escapes % 2 == 1 { after.map_or(0, char::len_utf8) } else { 0 });
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        (0..depth).for_each(|_| self.out.push_str(INDENT));
    }
}

#[cfg(test)]
mod tests {
    use super::format;

    /// What comes out, and that it stays.
    #[track_caller]
    fn lays_out(text: &str, expected: &str) {
        let out = format(text).unwrap();
        assert_eq!(out, expected);
        assert_eq!(format(&out).as_deref(), Some(expected), "not the same again");
    }

    #[test]
    fn commands_on_lines_of_their_own() {
        lays_out(" index=a   b  |stats   count|  head 1 ", "index=a b\n| stats count\n| head 1\n");
        lays_out("|makeresults\n\n\n|eval a=1,\n b=2", "| makeresults\n| eval a=1,\n    b=2\n");
    }

    #[test]
    fn quotes_macros_and_comments_stay() {
        lays_out(
            "`m(\"a  b\",  c)`  user=\"x  | y\"|eval z='a  b' ```why  |  so```|where don't",
            "`m(\"a  b\",  c)` user=\"x  | y\"\n| eval z='a  b' ```why  |  so```\n| where don't\n",
        );
        lays_out("a\\  b\\|c | head", "a\\  b\\|c\n| head\n");
        lays_out("a\\ | head b\\ ", "a\\ \n| head b\\ \n");
        lays_out(
            "```first```\nindex=a\n  ```then```\n|head",
            "```first```\n    index=a\n    ```then```\n| head\n",
        );
    }

    #[test]
    fn subsearches_of_several_commands_are_set_in() {
        lays_out(
            "index=a|join x[search index=b|stats count by x| fields  x]|head",
            "index=a\n| join x\n    [search index=b\n    | stats count by x\n    | fields x]\n| head\n",
        );
        lays_out("a|append [| inputlookup  x.csv ]", "a\n| append [| inputlookup x.csv ]\n");
        lays_out(
            "a|append [|tstats count|join b [search c|head]]",
            "a\n| append\n    [| tstats count\n    | join b\n        [search c\n        | head]]\n",
        );
        lays_out("a | rex [^ab]+  x", "a\n| rex [^ab]+ x\n");
    }

    #[test]
    fn what_is_not_closed_is_left_alone() {
        for text in ["a \"b", "a [b", "a ]b", "`a", "``` a"] {
            assert_eq!(format(text), None, "{text}");
        }
    }
}
