//! The vocabulary of command grammars: options, fields, lists, `AS`, `BY`.
//!
//! A command's grammar lives in the command's file and is made of these words only.

use super::cursor::Cursor;
use super::pipeline::{Search, Start, parse, parse_part};
use super::{balanced_search, expr::Expr, expression, lexeme, search::SearchExpr};
use crate::batch::Pattern;
use crate::diagnostic::{Calls, Code, Diagnostic, Result, Sources, Span};
use crate::expand::Mapped;
use crate::value::Text;

/// What ends an unquoted name in a list.
const NAME_ENDS: &str = ",|=[";

/// The arguments of one command.
#[derive(Debug)]
pub struct Args<'t> {
    /// Where reading stands.
    pub cursor: Cursor<'t>,
    command: &'static str,
    command_span: Span,
    seen: Vec<&'static str>,
    sources: Sources,
    /// Mistakes in searches inside of this command, besides the first.
    more: Vec<Diagnostic>,
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word without its quotes.
    pub text: Text,
    /// Where.
    pub span: Span,
    /// Whether any of it stood in quotes.
    pub quoted: bool,
}

impl<'t> Args<'t> {
    /// The arguments of a command.
    pub fn new(cursor: Cursor<'t>, command: &'static str, command_span: Span, sources: &Sources) -> Args<'t> {
        let sources = sources.clone();
        Args { cursor, command, command_span, seen: Vec::new(), sources, more: Vec::new() }
    }

    /// Whether a bracket stands here.
    pub fn sees_bracket(&mut self) -> bool {
        self.cursor.separators();
        self.cursor.peek() == Some('[')
    }

    /// The search in the brackets that stand here.
    pub fn pipeline(&mut self, start: Start) -> Result<Search> {
        self.cursor.separators();
        let inside = self.cursor.bracketed()?;
        parse_part(inside, start, &self.sources).map_err(|mistakes| self.keep(mistakes))
    }

    /// A search that an argument names, in other words: `datamodel:M` is `| from datamodel:M`.
    pub fn search_for(&mut self, text: &str, span: Span, start: Start) -> Result<Search> {
        let (text, segments) = Mapped::from_place(text, span, Calls::default()).into_parts();
        let id = self.sources.add_expanded("search", text, segments);
        parse(&self.sources, id, start).map_err(|mistakes| self.keep(mistakes))
    }

    /// The first of several mistakes; the others are told too.
    fn keep(&mut self, mistakes: Vec<Diagnostic>) -> Diagnostic {
        let mut mistakes = mistakes.into_iter();
        let first = mistakes.next();
        self.more.extend(mistakes);
        first.unwrap_or_else(|| self.error("the search cannot be read"))
    }

    /// The texts that places point into.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The text in the brackets that stand here, for a command that reads it when it runs.
    pub fn template(&mut self) -> Result<Word> {
        self.cursor.separators();
        let inside = self.cursor.bracketed()?;
        Ok(Word { text: Text::from(inside.rest().trim()), span: inside.all(), quoted: false })
    }

    /// A mistake, and those in searches inside of the command.
    pub(super) fn mistakes(&mut self, first: Diagnostic) -> Vec<Diagnostic> {
        std::iter::once(first).chain(self.more.drain(..)).collect()
    }

    /// The command's name.
    pub fn command(&self) -> &'static str {
        self.command
    }

    /// The command's name, where it stands.
    pub fn command_span(&self) -> Span {
        self.command_span
    }

    /// Whether nothing is left.
    pub fn at_end(&mut self) -> bool {
        self.cursor.at_end()
    }

    /// Refuses what is left.
    pub fn end(&mut self) -> Result<()> {
        if self.at_end() {
            return Ok(());
        }
        if self.cursor.peek() == Some(')') {
            return Err(self.unopened());
        }
        let found = self.word_ahead();
        let message = format!("`{}` does not take `{}` here", self.command, found.text);
        Err(Diagnostic::error(Code::Arguments, message).at(found.span, "left over"))
    }

    /// The next option of the list that stands here, with its value: `limit=10`, `append = t`. An option
    /// of another name is refused; anything that is not an option is left alone.
    pub fn option(&mut self, names: &[&'static str]) -> Result<Option<(&'static str, Word)>> {
        self.cursor.separators();
        let start = self.cursor.position();
        let Some(written) = self.cursor.lex(lexeme::option_name) else { return Ok(None) };
        let span = self.cursor.span_from(start);
        let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(written)) else {
            let message = format!("`{}` has no option `{written}`", self.command);
            let problem = Diagnostic::error(Code::UnknownOption, message).at(span, "");
            let suggested = problem.suggest(written, names.iter().copied());
            return Err(match suggested.help.is_empty() && !names.is_empty() {
                true => suggested.help(format!("its options are {}", names.join(", "))),
                false => suggested,
            });
        };
        if self.seen.contains(name) {
            let message = format!("the option `{name}` is given twice");
            return Err(Diagnostic::error(Code::RepeatedOption, message).at(span, ""));
        }
        self.seen.push(name);
        self.cursor.blanks();
        let value = self.word("a value")?;
        Ok(Some((name, value)))
    }

    /// Whether the option of this name stands here.
    pub fn option_ahead(&self, name: &str) -> bool {
        let mut ahead = self.cursor.clone();
        ahead.separators();
        ahead.lex(lexeme::option_name).is_some_and(|written| written.eq_ignore_ascii_case(name))
    }

    /// The option of this name, which stands here, with a regular expression for its value.
    pub fn regular_option(&mut self, name: &'static str) -> Result<Word> {
        self.cursor.separators();
        let start = self.cursor.position();
        self.cursor.lex(lexeme::option_name);
        if self.seen.contains(&name) {
            let message = format!("the option `{name}` is given twice");
            return Err(Diagnostic::error(Code::RepeatedOption, message).at(self.cursor.span_from(start), ""));
        }
        self.seen.push(name);
        self.regular_expression(&format!("a regular expression for `{name}`"))
    }

    /// Options of these names may be given once more: another part begins that has them too.
    pub fn allow_again(&mut self, names: &[&'static str]) {
        self.seen.retain(|name| !names.contains(name));
    }

    /// Whether an option stands here, of any name.
    pub fn sees_option(&self) -> bool {
        let mut ahead = self.cursor.clone();
        ahead.separators();
        ahead.lex(lexeme::option_name).is_some()
    }

    /// A word: unquoted up to a blank, comma or `=`, quoted, or partly quoted; in single quotes too.
    pub fn word(&mut self, what: &str) -> Result<Word> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let rest = self.cursor.rest();
        let quoted = rest.starts_with(['"', '\'']);
        if rest.starts_with("\"\"") {
            self.cursor.jump(start + 2);
            return Ok(Word { text: Text::new(), span: self.cursor.span_from(start), quoted });
        }
        let found = match quoted && rest.starts_with('\'') {
            true => {
                self.cursor.lex(lexeme::single_quoted).or_else(|| self.cursor.lex(lexeme::word(NAME_ENDS)))
            }
            false => self.cursor.lex(lexeme::word(NAME_ENDS)),
        };
        match found {
            Some(text) => Ok(Word { text: Text::from(text), span: self.cursor.span_from(start), quoted }),
            None if self.cursor.at_end() => {
                let message = format!("`{}` needs {what}", self.command);
                Err(Diagnostic::error(Code::Arguments, message).at(self.command_span, ""))
            }
            None => Err(self.cursor.expected(what)),
        }
    }

    /// A regular expression, or what is built of one: quoted, or up to a blank.
    pub fn regular_expression(&mut self, what: &str) -> Result<Word> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let quoted = self.cursor.peek() == Some('"');
        let text = match quoted {
            true => self.cursor.lex(lexeme::regex_string),
            false => {
                let rest = self.cursor.rest();
                let word = rest.split(char::is_whitespace).next().unwrap_or("");
                self.cursor.jump(start + word.len());
                Some(word.replace("\\\\", "\\").replace("\\\"", "\"")).filter(|word| !word.is_empty())
            }
        };
        match text {
            Some(text) => Ok(Word { text: Text::from(text), span: self.cursor.span_from(start), quoted }),
            None => Err(self.error(format!("`{}` needs {what}", self.command))),
        }
    }

    fn word_ahead(&self) -> Word {
        let mut ahead = self.cursor.clone();
        ahead.blanks();
        let start = ahead.position();
        let text: String = ahead.rest().chars().take_while(|c| !c.is_whitespace()).collect();
        ahead.jump(start + text.len());
        Word { text: Text::from(text), span: ahead.span_from(start), quoted: false }
    }

    /// A keyword in any case, such as `AS`.
    pub fn keyword(&mut self, name: &'static str) -> bool {
        self.cursor.eat_keyword(name)
    }

    /// Whether one of these keywords is next.
    pub fn sees(&mut self, names: &[&'static str]) -> bool {
        names.iter().any(|name| self.cursor.sees_keyword(name))
    }

    /// `AS name`, if it stands here.
    pub fn alias(&mut self) -> Result<Option<Word>> {
        if self.keyword("as") { self.word("a name after `AS`").map(Some) } else { Ok(None) }
    }

    /// Field names, possibly with `*`, separated by blanks or commas, up to the end, an option or one of
    /// these keywords.
    pub fn fields(&mut self, stop: &[&'static str]) -> Result<Vec<Word>> {
        let mut fields = Vec::new();
        loop {
            self.cursor.separators();
            if self.at_end() || self.sees(stop) || self.sees_option() {
                return Ok(fields);
            }
            fields.push(self.word("a field")?);
        }
    }

    /// The same, at least one.
    pub fn some_fields(&mut self, stop: &[&'static str]) -> Result<Vec<Word>> {
        let fields = self.fields(stop)?;
        if fields.is_empty() {
            let message = format!("`{}` needs at least one field", self.command);
            return Err(Diagnostic::error(Code::Arguments, message).at(self.command_span, ""));
        }
        Ok(fields)
    }

    /// An expression.
    pub fn expression(&mut self) -> Result<Expr> {
        if self.at_end() {
            let message = format!("`{}` needs an expression", self.command);
            return Err(Diagnostic::error(Code::Arguments, message).at(self.command_span, ""));
        }
        expression(&mut self.cursor)
    }

    /// A search expression up to the end.
    pub fn search(&mut self) -> Result<SearchExpr> {
        self.search_until(|_| false)
    }

    /// A search expression up to the end or to where `until` says, at the start of a term.
    pub fn search_until(&mut self, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
        balanced_search(&mut self.cursor, until)
    }

    fn unopened(&self) -> Diagnostic {
        let message = "a closing parenthesis without its partner";
        Diagnostic::error(Code::Unbalanced, message).at(self.cursor.here(), "")
    }

    /// An error about an argument.
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::Arguments, message).at(self.command_span, "")
    }
}

impl Word {
    /// As a truth value: exactly true, t, yes, 1 or false, f, no, 0, in any case.
    pub fn truth(&self, option: &str) -> Result<bool> {
        match self.text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "1" => Ok(true),
            "false" | "f" | "no" | "0" => Ok(false),
            _ => Err(self.wrong(option, "true or false")),
        }
    }

    /// As a whole number that is not negative.
    pub fn count(&self, option: &str) -> Result<usize> {
        self.text.parse().map_err(|_| self.wrong(option, "a whole number that is not negative"))
    }

    /// "needs so and so".
    pub fn wrong(&self, option: &str, wanted: &str) -> Diagnostic {
        let message = format!("`{option}` needs {wanted} and got `{}`", self.text);
        Diagnostic::error(Code::OptionValue, message).at(self.span, "")
    }

    /// As a name that may have wildcards.
    pub fn pattern(&self) -> Pattern {
        Pattern::new(self.text.clone())
    }
}

/// A field's name as command arguments take it: quoted where it would read as something else.
pub fn write_name(f: &mut impl std::fmt::Write, name: &str) -> std::fmt::Result {
    const WORDS: [&str; 12] =
        ["as", "by", "groupby", "over", "where", "output", "outputnew", "from", "in", "with", "and", "or"];
    let plain = |c: char| c.is_alphanumeric() || "_.:{}*@#/()%".contains(c);
    let ordinary = name.chars().all(|c| plain(c) || c == '-') && !name.starts_with('-');
    if ordinary && !name.is_empty() && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        f.write_str(name)
    } else {
        super::search::write_value(f, name)
    }
}

/// A regular expression as [`Args::regular_expression`] reads it.
pub fn write_regex(f: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    f.write_char('"')?;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' if matches!(rest.peek(), None | Some('"' | '\\')) => f.write_str("\\\\")?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

/// Names separated by `, `.
pub fn write_names<'n>(
    f: &mut impl std::fmt::Write,
    names: impl IntoIterator<Item = &'n str>,
) -> std::fmt::Result {
    for (at, name) in names.into_iter().enumerate() {
        f.write_str(if at > 0 { ", " } else { "" })?;
        write_name(f, name)?;
    }
    Ok(())
}
