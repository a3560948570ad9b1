//! Expressions that take XML apart, run by hand: each is recognised by its text, and finds what the expression would find.
//!
//! Nearly all the time of a search over XML goes into them, and a walk over the text is many times as fast.

use memchr::{memchr, memmem};

/// What stands between a tag and its end, `(?s)<Tag>(.*?)</Tag>`.
const BLOCK: (&str, &str, &str) = ("(?s)<", r"(?:[ \t\r\n][^>]*)?", ">(.*?)</");

/// Elements without elements in them: name and text.
const ELEMENTS: &str = r"<([A-Za-z0-9_]+)(?:[ \t\r\n][^>]*)?>([^<]*)</\1>";

/// Attributes: name and value.
const ATTRIBUTES: &str = r#"([A-Za-z0-9_]+)[ \t\r\n]*=[ \t\r\n]*['"]([^'"]*)['"]"#;

/// The data of an event of Windows: name and text.
const DATA: &str = r#"<(?:Data|ComplexData)[ \t\r\n]+Name[ \t\r\n]*=[ \t\r\n]*['"]([^'"]+)['"][ \t\r\n]*>([^<]*)</(?:Data|ComplexData)>"#;

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

const QUOTES: [char; 2] = ['\'', '"'];

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// [`BLOCK`]
    Block {
        /// `<Tag`
        open: String,
        /// Whether attributes may follow.
        attributes: bool,
        /// `</Tag>`
        close: String,
    },
    /// [`ELEMENTS`]
    Elements,
    /// [`ATTRIBUTES`]
    Attributes,
    /// [`DATA`]
    Data,
}

impl ByHand {
    /// What an expression of two groups, name and value, looks for; none if it is not known.
    pub fn pairs(pattern: &str) -> Option<ByHand> {
        [(ELEMENTS, ByHand::Elements), (ATTRIBUTES, ByHand::Attributes), (DATA, ByHand::Data)]
            .into_iter()
            .find(|(known, _)| *known == pattern)
            .map(|(_, hand)| hand)
    }

    /// What an expression of one group looks for; none if it is not known.
    pub fn block(pattern: &str) -> Option<ByHand> {
        let (start, attributes, middle) = BLOCK;
        let rest = pattern.strip_prefix(start)?;
        let (tag, rest) = word(rest)?;
        let (attributes, rest) = match rest.strip_prefix(attributes) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let closes = rest.strip_prefix(middle)?.strip_prefix(tag)? == ">";
        closes.then(|| ByHand::Block { open: format!("<{tag}"), attributes, close: format!("</{tag}>") })
    }

    /// Calls `found` with the groups of each match, in order; of a block with the first match, and an empty second group.
    pub fn each<'t>(&self, text: &'t str, found: &mut dyn FnMut(&'t str, &'t str)) {
        match self {
            ByHand::Block { open, attributes, close } => {
                if let Some(inside) = block(text, open, *attributes, close) {
                    found(inside, "");
                }
            }
            ByHand::Elements => tags(text, element, found),
            ByHand::Data => tags(text, datum, found),
            ByHand::Attributes => attributes(text, found),
        }
    }
}

/// The word that a text begins with, and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    text.split_at_checked(length).filter(|(word, _)| !word.is_empty())
}

/// What is behind the end of a tag whose name has been read.
fn behind_tag(tail: &str, attributes: bool) -> Option<&str> {
    match tail.strip_prefix('>') {
        None if attributes && tail.starts_with(BLANKS) => tail.split_once('>').map(|(_, inside)| inside),
        inside => inside,
    }
}

fn block<'t>(text: &'t str, open: &str, attributes: bool, close: &str) -> Option<&'t str> {
    let mut rest = text;
    loop {
        let at = memmem::find(rest.as_bytes(), open.as_bytes())?;
        rest = rest.get(at + open.len()..)?;
        if let Some(inside) = behind_tag(rest, attributes) {
            return inside.get(..memmem::find(inside.as_bytes(), close.as_bytes())?);
        }
    }
}

/// Name, value, and what is behind them.
type Pair<'t> = (&'t str, &'t str, &'t str);

fn tags<'t>(text: &'t str, read: fn(&'t str) -> Option<Pair<'t>>, found: &mut dyn FnMut(&'t str, &'t str)) {
    let mut rest = text;
    while let Some(after) = memchr(b'<', rest.as_bytes()).and_then(|at| rest.get(at + 1..)) {
        rest = after;
        if let Some((name, value, behind)) = read(after) {
            found(name, value);
            rest = behind;
        }
    }
}

/// The text up to the next `<`, and what is behind `</`.
fn content(inside: &str) -> Option<(&str, &str)> {
    let (value, closing) = inside.split_at_checked(memchr(b'<', inside.as_bytes())?)?;
    Some((value, closing.strip_prefix("</")?))
}

fn element(after: &str) -> Option<Pair<'_>> {
    let (name, tail) = word(after)?;
    let (value, closing) = content(behind_tag(tail, true)?)?;
    Some((name, value, closing.strip_prefix(name)?.strip_prefix('>')?))
}

/// The name of an element that holds data.
fn data_tag(text: &str) -> Option<&str> {
    text.strip_prefix("Data").or_else(|| text.strip_prefix("ComplexData"))
}

fn datum(after: &str) -> Option<Pair<'_>> {
    let tail = data_tag(after).filter(|tail| tail.starts_with(BLANKS))?.trim_start_matches(BLANKS);
    let tail = tail.strip_prefix("Name")?.trim_start_matches(BLANKS).strip_prefix('=')?;
    let (name, tail) = quoted(tail.trim_start_matches(BLANKS))?;
    let (value, closing) = content(tail.trim_start_matches(BLANKS).strip_prefix('>')?)?;
    let behind = data_tag(closing)?.strip_prefix('>')?;
    (!name.is_empty()).then_some((name, value, behind))
}

/// What stands in quotation marks, and the rest.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(QUOTES)?.split_once(QUOTES)
}

fn attributes<'t>(text: &'t str, found: &mut dyn FnMut(&'t str, &'t str)) {
    let (mut from, mut looked) = (0, 0);
    while let Some(at) = text.get(looked..).and_then(|rest| memchr(b'=', rest.as_bytes())) {
        let at = looked + at;
        looked = at + 1;
        let before = text.get(from..at).unwrap_or("").trim_end_matches(BLANKS);
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        let value = text.get(looked..).and_then(|rest| quoted(rest.trim_start_matches(BLANKS)));
        if let Some((value, behind)) = value.filter(|_| !name.is_empty()) {
            found(name, value);
            from = text.len() - behind.len();
            looked = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRANSFORMS: &str = include_str!("../../../sourcetypes/windows/transforms.conf");

    fn expressions() -> Vec<&'static str> {
        TRANSFORMS.lines().filter_map(|line| line.strip_prefix("REGEX = ")).collect()
    }

    fn known(pattern: &str) -> Option<ByHand> {
        ByHand::pairs(pattern).or_else(|| ByHand::block(pattern))
    }

    #[test]
    fn the_source_type_of_windows_is_read_by_hand() {
        let left: Vec<&str> = expressions().into_iter().filter(|pattern| known(pattern).is_none()).collect();
        assert_eq!(left, ["<Message>([^<]*)</Message>"]);
        for other in
            ["(?s)<A>(.*)</A>", "(?s)<A>(.*?)</B>", "(?s)<A>(.*?)</A", "<A>(.*?)</A>", "(?s)<>(.*?)</>"]
        {
            assert_eq!(known(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn it_finds_what_the_expression_finds(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<", ">", "</", "/>", "=", "'", "\"", " ", "\n", "a", "b_1", "é", "<a>", "</a>", "<a x='1'>", "<System>", "</System>",
                "<EventData", "<EventData>", "</EventData>", "<Data Name='n'>", "<Data", "ComplexData", "Name", "</Data>", "<Data/>",
                "</ComplexData>", "<b_1>v</b_1>", "x = \"y\"", "<UserData >", "</UserData>",
            ]), 0..24),
        ) {
            let text = parts.concat();
            for pattern in expressions() {
                let Some(hand) = known(pattern) else { continue };
                let regex = crate::eval::compile(pattern).unwrap();
                let group = |captures: &fancy_regex::Captures<'_, str>, n| {
                    captures.get(n).map_or("", |it| it.as_str()).to_string()
                };
                let expected = regex.captures_iter(&text).map(|captures| captures.unwrap());
                let expected = expected.map(|captures| (group(&captures, 1), group(&captures, 2)));
                let many = if matches!(hand, ByHand::Block { .. }) { 1 } else { usize::MAX };
                let expected: Vec<(String, String)> = expected.take(many).collect();
                let mut found = Vec::new();
                hand.each(&text, &mut |one, two| found.push((one.to_string(), two.to_string())));
                prop_assert_eq!(found, expected, "{} over {:?}", pattern, text);
            }
        }
    }
}
