//! Words, quoted strings and numbers: what every grammar of SPL is made of, in nom.
//!
//! These are pure functions of the text; [`super::cursor::Cursor`] runs them and keeps track of places.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{map, opt, recognize, value, verify};
use nom::multi::{fold_many0, fold_many1, many0_count};
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};

/// Blanks of SPL: newlines are blanks too.
pub fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(char::is_whitespace)(input)
}

/// A quoted string under the rules of the search string: `\"`, `\\` and `\|` lose their backslash, every
/// other backslash stands for itself (Search Reference, `search`).
pub fn search_string(input: &str) -> IResult<&str, String> {
    let escaped = preceded(char('\\'), one_of("\"\\|"));
    let plain = satisfy(|c| c != '"');
    let content = fold_many0(alt((escaped, plain)), String::new, push);
    delimited(char('"'), content, char('"')).parse(input)
}

/// A quoted regular expression: `\"` and `\\` lose their backslash, every other backslash is the
/// expression's, that before a pipe included (Search Manual, "SPL and regular expressions").
pub fn regex_string(input: &str) -> IResult<&str, String> {
    let escaped = preceded(char('\\'), one_of("\"\\"));
    let plain = satisfy(|c| c != '"');
    let content = fold_many0(alt((escaped, plain)), String::new, push);
    delimited(char('"'), content, char('"')).parse(input)
}

/// A string literal of an expression: as in the search string, and `\n`, `\t`, `\r`; what a regular
/// expression needs (`\d`, `\.`, `\1`) stays (Search Manual, "Types of expressions").
pub fn eval_string(input: &str) -> IResult<&str, String> {
    let escaped = preceded(
        char('\\'),
        alt((value('\n', char('n')), value('\t', char('t')), value('\r', char('r')), one_of("\"\\"))),
    );
    let plain = satisfy(|c| c != '"');
    let content = fold_many0(alt((escaped, plain)), String::new, push);
    delimited(char('"'), content, char('"')).parse(input)
}

/// A field name in single quotes.
pub fn single_quoted(input: &str) -> IResult<&str, String> {
    let escaped = preceded(char('\\'), one_of("'\\"));
    let plain = satisfy(|c| c != '\'');
    let content = fold_many0(alt((escaped, plain)), String::new, push);
    delimited(char('\''), content, char('\'')).parse(input)
}

fn push(mut text: String, c: char) -> String {
    text.push(c);
    text
}

/// A run of characters that may contain quoted parts: `"Processes".*`, `path="C:\x"*`. Ends before an
/// unquoted character of `ends`. The quotes go; an escaped blank stays inside (`System\ Volume*`).
pub fn word<'t>(ends: &'static str) -> impl Fn(&'t str) -> IResult<&'t str, String> {
    move |input| {
        let ends_word = |c: char| c.is_whitespace() || c == '"' || ends.contains(c);
        let escaped = preceded(char('\\'), one_of("\"\\| "));
        let plain = satisfy(|c| !ends_word(c));
        let piece = alt((search_string, map(escaped, String::from), map(plain, String::from)));
        fold_many1(piece, String::new, |mut text, piece| {
            text.push_str(&piece);
            text
        })
        .parse(input)
    }
}

/// A value of a comparison: a word; one that begins with a quote ends with it, also where the next term follows
/// without a blank (`a="x"AND b="y"`), unless a wildcard goes on (`path="C:\x"*`).
pub fn value_word<'t>(ends: &'static str) -> impl Fn(&'t str) -> IResult<&'t str, String> {
    move |input| {
        let Ok((rest, text)) = search_string(input) else { return word(ends)(input) };
        if !rest.starts_with('*') {
            return Ok((rest, text));
        }
        word(ends)(rest).map(|(rest, more)| (rest, text + &more))
    }
}

/// A name of an option, a command or a function: letters, digits, `_`.
pub fn identifier(input: &str) -> IResult<&str, &str> {
    recognize(pair(
        satisfy(|c| c.is_alphabetic() || c == '_'),
        take_while(|c: char| c.is_alphanumeric() || c == '_'),
    ))
    .parse(input)
}

/// A field of an expression without quotes: an identifier, and, where braces follow, the path they are
/// part of (`items{}.id`), since braces mean nothing else there.
pub fn bare_field(input: &str) -> IResult<&str, &str> {
    let braces = (tag("{"), take_while(|c: char| c.is_ascii_digit()), tag("}"));
    let step = pair(opt(pair(char('.'), identifier)), braces);
    let path = recognize((identifier, many0_count(step), many0_count(pair(char('.'), identifier))));
    alt((verify(path, |text: &str| text.contains('{')), identifier)).parse(input)
}

/// A number as written: `5`, `5.0`, `.5`, `1e5`. A point that no digit follows is an operator.
pub fn number(input: &str) -> IResult<&str, &str> {
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    let whole = (digit1, opt(fraction));
    let pointed = (char('.'), digit1);
    let digits = alt((recognize(whole), recognize(pointed)));
    recognize((digits, opt(exponent))).parse(input)
}

/// Letters of a keyword in any case, not followed by more letters.
pub fn keyword<'t>(name: &'static str) -> impl Fn(&'t str) -> IResult<&'t str, &'t str> {
    move |input| {
        let word = take_while1(|c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '{');
        verify(word, |text: &str| text.eq_ignore_ascii_case(name)).parse(input)
    }
}

/// Any one character.
pub fn any(input: &str) -> IResult<&str, char> {
    anychar(input)
}

/// An operator, the longest first.
pub fn operator<'t>(
    operators: &'static [&'static str],
) -> impl Fn(&'t str) -> IResult<&'t str, &'static str> {
    move |input| {
        for operator in operators {
            let found: IResult<&str, &str> = tag(*operator)(input);
            if let Ok((rest, _)) = found {
                return Ok((rest, *operator));
            }
        }
        Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
    }
}

/// The name and the `=` of an option: `limit =`.
pub fn option_name(input: &str) -> IResult<&str, &str> {
    terminated(identifier, (blanks, char('='))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_both_kinds() {
        assert_eq!(search_string(r#""C:\windows\\x\"y" z"#), Ok((" z", r#"C:\windows\x"y"#.to_string())));
        assert_eq!(eval_string(r#""a\tb\d\\.\"""#), Ok(("", "a\tb\\d\\.\"".to_string())));
        assert!(search_string("\"open").is_err());
    }

    #[test]
    fn words_may_be_partly_quoted() {
        assert_eq!(word("=,)")(r#""Processes".*, x"#), Ok((", x", "Processes.*".to_string())));
        assert_eq!(word("=")(r"*System\ Volume* x"), Ok((" x", "*System Volume*".to_string())));
    }

    #[test]
    fn fields_with_braces() {
        assert_eq!(bare_field("a{}.b{}.c + 1"), Ok((" + 1", "a{}.b{}.c")));
        assert_eq!(bare_field("a.b"), Ok((".b", "a")));
        assert_eq!(bare_field("a.b{}.c"), Ok(("", "a.b{}.c")));
        assert_eq!(number("1.a"), Ok((".a", "1")));
        assert_eq!(number("1.50)"), Ok((")", "1.50")));
    }
}
