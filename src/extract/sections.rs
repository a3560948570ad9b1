//! Tables as multikv.conf describes them: up to four sections of lines, `pre`, `header`, `body` and `post` (Admin
//! Manual, "multikv.conf").

use std::borrow::Cow;
use std::ops::Range;

use super::kv::clean_key;
use super::table::TableRow;
use crate::diagnostic::{Code, Result};
use crate::eval::{Regex, compile};
use crate::functions::text::replace::substitute;
use crate::knowledge::Located;
use crate::value::Text;

/// The sections of a table, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Sections {
    pre: Section,
    header: Section,
    body: Section,
    post: Section,
}

/// Where a section stands, and what its lines say.
#[derive(Clone, Debug, Default)]
struct Section {
    given: bool,
    start: Option<Regex>,
    start_offset: usize,
    end: Option<Regex>,
    line_count: Option<usize>,
    member: Option<Regex>,
    ignore: Ignore,
    replace: Vec<(Regex, String)>,
    tokens: Option<Tokens>,
}

/// Between blanks, as many as the header has.
static BLANKS: Tokens = Tokens::Tokenize { most: 0, delimiters: Vec::new(), consume: true };

/// Which lines of a section say nothing.
#[derive(Clone, Debug, Default)]
enum Ignore {
    #[default]
    None,
    All,
    Matching(Vec<Regex>),
}

/// How a line is cut into the values of columns.
#[derive(Clone, Debug)]
enum Tokens {
    /// `_chop_`: from an offset so many characters.
    Chop(Vec<(usize, usize)>),
    /// `_tokenize_`: between delimiters; at most so many, of which the last is all of the rest. 0 is as many as the
    /// header has, -1 no limit.
    Tokenize { most: i64, delimiters: Vec<char>, consume: bool },
    /// `_align_`: at the place of a column's name in the header.
    Align(Vec<Aligned>),
    /// `_token_list_`: these, whatever the lines say.
    List(Vec<String>),
}

#[derive(Clone, Debug)]
struct Aligned {
    header: String,
    right: bool,
    /// How wide at most; none for up to a blank.
    width: Option<usize>,
}

impl Sections {
    /// The settings of a section.
    pub const KEYS: [&'static str; 8] =
        ["start", "start_offset", "end", "linecount", "member", "ignore", "replace", "tokens"];

    /// The names of the sections.
    pub const NAMES: [&'static str; 4] = ["pre", "header", "body", "post"];

    /// Reads the settings of a stanza.
    ///
    /// # Errors
    /// A value that is not of the form that its key takes.
    pub fn read(settings: &[(Text, Located)]) -> Result<Sections> {
        let mut sections = Sections::default();
        for (key, value) in settings {
            let Some((name, key)) = key.split_once('.') else { continue };
            let section = match name {
                "pre" => &mut sections.pre,
                "header" => &mut sections.header,
                "body" => &mut sections.body,
                "post" => &mut sections.post,
                _ => continue,
            };
            section.given = true;
            section.set(key, value)?;
        }
        Ok(sections)
    }

    /// The rows of the tables in a text, of which there may be several.
    pub fn rows<'t>(&self, text: &'t str, several: bool) -> Vec<TableRow<'t>> {
        let lines: Vec<&str> = text.lines().collect();
        let (mut rows, mut at) = (Vec::new(), 0);
        while let Some(end) = self.table(&lines, at, &mut rows).filter(|end| *end > at) {
            at = end;
            if !several {
                break;
            }
        }
        rows
    }

    /// Adds the rows of the next table; gives the line behind it.
    fn table<'t>(&self, lines: &[&'t str], from: usize, rows: &mut Vec<TableRow<'t>>) -> Option<usize> {
        if from >= lines.len() {
            return None;
        }
        let pre = if self.pre.given { self.pre.place(lines, from, Some(&self.header))? } else { from..from };
        let header = match self.header.given {
            true if matches!(self.header.tokens, Some(Tokens::List(_))) && !self.header.has_place() => {
                pre.end..pre.end
            }
            true => self.header.place(lines, pre.end, None)?,
            false => pre.end..pre.end,
        };
        let header_line = lines.get(header.clone()).and_then(<[&str]>::first).copied().unwrap_or("");
        let header_line = self.header.replaced(header_line);
        let names: Vec<Text> = match &self.header.tokens {
            Some(Tokens::List(names)) => names.iter().map(|name| clean_key(name)).collect(),
            tokens if !header.is_empty() => {
                let tokens = tokens.as_ref().unwrap_or(&BLANKS);
                tokens.of(&header_line, &header_line, None).iter().map(|name| clean_key(name)).collect()
            }
            _ => Vec::new(),
        };
        let body = self.body.place(lines, header.end, None)?;
        for line in lines.get(body.clone()).unwrap_or_default() {
            if !self.body.says(line) {
                continue;
            }
            let replaced = self.body.replaced(line);
            let tokens = self.body.tokens.as_ref().unwrap_or(&BLANKS);
            let most = (!names.is_empty()).then_some(names.len());
            let cells = tokens.of(&replaced, &header_line, most);
            let name =
                |at: usize| names.get(at).cloned().unwrap_or_else(|| format!("Column_{}", at + 1).into());
            let filled = cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            let columns = filled.map(|(at, cell)| (name(at), Cow::Owned(cell))).collect();
            rows.push(TableRow { line, columns });
        }
        let post = if self.post.given { self.post.place(lines, body.end, None) } else { None };
        Some(post.map_or(body.end, |post| post.end))
    }
}

impl Section {
    fn set(&mut self, key: &str, value: &Located) -> Result<()> {
        let text = value.text();
        let wrong = |wanted: &str| {
            value.error(Code::Knowledge, format!("`{key}` needs {wanted}, and not `{}`", text.trim()))
        };
        let regex = |pattern: &str| compile(pattern).map_err(|message| value.error(Code::Regex, message));
        let count = || text.trim().parse().map_err(|_| wrong("a whole number"));
        match key {
            "start" => self.start = Some(regex(bare(text))?),
            "start_offset" => self.start_offset = count()?,
            "end" => self.end = Some(regex(bare(text))?),
            "linecount" => self.line_count = Some(count()?),
            "member" => self.member = Some(regex(bare(text))?),
            "ignore" => {
                self.ignore = match text.trim().split_once(char::is_whitespace) {
                    None if text.trim() == "_all_" => Ignore::All,
                    None if text.trim() == "_none_" => Ignore::None,
                    Some(("_regex_", list)) => {
                        let patterns = listed(list).into_iter().filter(|pattern| !pattern.is_empty());
                        Ignore::Matching(patterns.map(|pattern| regex(&pattern)).collect::<Result<_>>()?)
                    }
                    _ => return Err(wrong("`_all_`, `_none_` or `_regex_` and expressions")),
                };
            }
            "replace" => {
                for pair in listed(text).iter().filter(|pair| !pair.is_empty()) {
                    let (from, to) = pair.split_once('=').ok_or_else(|| wrong("pairs of texts"))?;
                    self.replace.push((regex(bare(from))?, bare(to).to_string()));
                }
            }
            "tokens" => self.tokens = Some(Tokens::read(text).ok_or_else(|| wrong("a way to cut lines"))?),
            _ => {}
        }
        Ok(())
    }

    /// Whether it says where it stands.
    fn has_place(&self) -> bool {
        self.start.is_some() || self.start_offset > 0 || self.line_count.is_some() || self.end.is_some()
    }

    /// The lines of the section, from a line on: it ends where it says, or else at the beginning of the next.
    fn place(&self, lines: &[&str], from: usize, next: Option<&Section>) -> Option<Range<usize>> {
        let first = |regex: &Regex, from: usize| {
            let found = lines.iter().skip(from).position(|line| regex.is_match(line).unwrap_or(false));
            found.map(|at| from + at)
        };
        let start = match &self.start {
            Some(regex) => first(regex, from)?,
            None => from.saturating_add(self.start_offset),
        };
        if start > lines.len() {
            return None;
        }
        let end = match (self.line_count, &self.end, next.and_then(|next| next.start.as_ref())) {
            (Some(count), ..) => start.saturating_add(count),
            (None, Some(end), _) => first(end, start + 1).unwrap_or(lines.len()),
            (None, None, Some(next)) => first(next, start).unwrap_or(lines.len()),
            (None, None, None) if self.tokens.is_some() && self.is_header_like() => start + 1,
            (None, None, None) => lines.len(),
        };
        Some(start..end.min(lines.len()))
    }

    /// Whether it begins at a line that it names and says no end: such a section is that line.
    fn is_header_like(&self) -> bool {
        self.start.is_some() && self.member.is_none()
    }

    /// Whether a line of the section is looked at.
    fn says(&self, line: &str) -> bool {
        let fits = |regex: &Regex| regex.is_match(line).unwrap_or(false);
        let ignored = match &self.ignore {
            Ignore::None => false,
            Ignore::All => true,
            Ignore::Matching(regexes) => regexes.iter().any(fits),
        };
        !line.trim().is_empty() && !ignored && self.member.as_ref().is_none_or(fits)
    }

    fn replaced(&self, line: &str) -> String {
        self.replace.iter().fold(line.to_string(), |line, (regex, to)| {
            substitute(regex, &line, to).ok().flatten().unwrap_or(line)
        })
    }
}

impl Tokens {
    fn read(text: &str) -> Option<Tokens> {
        let words: Vec<String> = listed(text);
        let (kind, rest) = words.split_first()?;
        match kind.as_str() {
            "_token_list_" => Some(Tokens::List(rest.to_vec())),
            "_chop_" => {
                let digits = |c: char| !c.is_ascii_digit();
                let numbers: Vec<usize> = rest
                    .iter()
                    .flat_map(|word| word.split(digits))
                    .filter_map(|it| it.parse().ok())
                    .collect();
                let pairs = numbers.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
                (!numbers.is_empty() && numbers.len().is_multiple_of(2))
                    .then(|| Tokens::Chop(pairs.collect()))
            }
            "_tokenize_" => {
                let (most, rest) = rest.split_first()?;
                let (flag, delimiters) = match rest.split_last() {
                    Some((last, before)) if crate::knowledge::parse_bool(last).is_some() => {
                        (crate::knowledge::parse_bool(last), before)
                    }
                    _ => (None, rest),
                };
                // As in transforms.conf (`DELIMS`), `\t` is a tab.
                let words = delimiters.iter().map(|word| word.replace(r"\t", "\t").replace(r"\n", "\n"));
                let delimiters = words.collect::<String>().chars().collect();
                let most = most.parse().ok().filter(|most| *most >= -1)?;
                Some(Tokens::Tokenize { most, delimiters, consume: flag.unwrap_or(true) })
            }
            "_align_" => {
                let column = |words: &[String]| {
                    let [header, side, width] = words else { return None };
                    let width: i64 = width.parse().ok()?;
                    Some(Aligned {
                        header: header.clone(),
                        right: match side.to_ascii_uppercase().as_str() {
                            "R" => true,
                            "L" => false,
                            _ => return None,
                        },
                        width: usize::try_from(width).ok(),
                    })
                };
                let columns: Option<Vec<Aligned>> = rest.chunks(3).map(column).collect();
                columns.filter(|columns| !columns.is_empty()).map(Tokens::Align)
            }
            _ => None,
        }
    }

    /// The values of a line, under a header of so many names.
    fn of(&self, line: &str, header: &str, names: Option<usize>) -> Vec<String> {
        match self {
            Tokens::List(tokens) => tokens.clone(),
            Tokens::Chop(places) => {
                let part = |(offset, length): &(usize, usize)| -> String {
                    line.chars().skip(*offset).take(*length).collect()
                };
                places.iter().map(|place| part(place).trim().to_string()).collect()
            }
            Tokens::Tokenize { most, delimiters, consume } => {
                let most = if *most == 0 { names } else { usize::try_from(*most).ok() };
                let is_end = |c: char| match delimiters.is_empty() {
                    true => c == ' ' || c == '\t',
                    false => delimiters.contains(&c),
                };
                tokenized(line, most.unwrap_or(usize::MAX), &is_end, *consume)
            }
            Tokens::Align(columns) => columns.iter().map(|column| column.of(line, header)).collect(),
        }
    }
}

/// The pieces between delimiters; of more than there may be the last is all of the rest.
fn tokenized(line: &str, most: usize, is_end: &dyn Fn(char) -> bool, consume: bool) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), line);
    loop {
        if consume {
            rest = rest.trim_start_matches(is_end);
            if rest.is_empty() {
                return found;
            }
        }
        match rest.find(is_end).filter(|_| found.len() + 1 < most) {
            None => {
                found.push(rest.trim_end().to_string());
                return found;
            }
            Some(at) => {
                let (token, after) = rest.split_at(at);
                found.push(token.to_string());
                rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
            }
        }
    }
}

impl Aligned {
    fn of(&self, line: &str, header: &str) -> String {
        let Some(at) = header.find(&self.header) else { return String::new() };
        let place = |bytes: usize| header.get(..bytes).unwrap_or("").chars().count();
        let (start, end) = (place(at), place(at + self.header.len()));
        let is_end = |c: &char| *c == ' ' || *c == '\t';
        let chars: Vec<char> = line.chars().collect();
        let found: String = if self.right {
            let before = chars.iter().take(end).rev();
            let found: Vec<&char> = match self.width {
                Some(width) => before.take(width).collect(),
                None => before.take_while(|c| !is_end(c)).collect(),
            };
            found.into_iter().rev().collect()
        } else {
            let from = chars.iter().skip(start);
            match self.width {
                Some(width) => from.take(width).collect(),
                None => from.take_while(|c| !is_end(c)).collect(),
            }
        };
        found.trim().to_string()
    }
}

/// A text without quotation marks around it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

/// What stands between commas outside of quotation marks; marks around a part that has no others go.
fn listed(text: &str) -> Vec<String> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    let mut add = |part: &str| {
        let part = part.trim();
        let alone = part.matches('"').count() == 2;
        parts.push(if alone { bare(part).to_string() } else { part.to_string() });
    };
    for (at, c) in text.char_indices() {
        match c {
            '"' => inside = !inside,
            ',' if !inside => {
                add(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    add(text.get(start..).unwrap_or(""));
    parts
}
