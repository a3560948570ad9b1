//! Splunk's `.conf` files: stanzas of `key = value` (Admin Manual, "Configuration file structure").
//!
//! - `[name]` begins a stanza. Settings before the first stanza, and those of `[default]`, hold for every
//!   stanza that does not have its own.
//! - A line whose first character that is not blank is `#` is a comment; anywhere else `#` is text. In the files that
//!   Splunk ships `;` begins comments too.
//! - A line that ends in `\` is continued on the next; the value has a newline there. A comment is not
//!   continued, and in the middle of a value there are no comments.
//! - A key or a stanza that comes again adds to the first; the last value wins.
//! - Blanks around keys and values do not belong to them. Names and keys are case-sensitive.

use std::sync::Arc;

use super::located::{KnowledgeFile, Located, Piece};
use crate::batch::FieldMap;
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::value::Text;

/// One stanza: its settings by key.
#[derive(Clone, Debug)]
pub struct Stanza {
    /// The name between the brackets.
    pub name: Text,
    /// The file of its first appearance.
    pub file: Arc<KnowledgeFile>,
    /// The line (from 1) of its first appearance.
    pub line: u64,
    settings: FieldMap<Located>,
}

impl Stanza {
    fn new(name: &str, file: &Arc<KnowledgeFile>, line: u64) -> Stanza {
        Stanza { name: name.into(), file: Arc::clone(file), line, settings: FieldMap::default() }
    }

    /// The settings that are written in this stanza, in order of their first appearance.
    pub fn settings(&self) -> impl Iterator<Item = (&Text, &Located)> {
        self.settings.iter()
    }

    /// An error about the stanza.
    pub fn error(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).in_file(&self.file.path, Some(self.line))
    }

    /// A warning about the stanza.
    pub fn warning(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, message).in_file(&self.file.path, Some(self.line))
    }
}

/// The stanzas of one file, or of all files of one name after merging.
#[derive(Clone, Debug, Default)]
pub struct Conf {
    stanzas: FieldMap<Stanza>,
    default: FieldMap<Located>,
}

impl Conf {
    /// Reads the text of a file, as [`decode`] gives it. A line that is no setting is passed over, as Splunk
    /// does, with a warning; so is a stanza whose name has no closing bracket, with its settings, which would belong to
    /// the wrong stanza.
    pub fn parse(file: &Arc<KnowledgeFile>, text: &str, warnings: &mut Vec<Diagnostic>) -> Conf {
        let mut conf = Conf::default();
        let mut stanza: Option<Text> = None;
        let mut passed_over = false;
        let mut lines = Lines::new(text);
        while let Some(line) = lines.next() {
            let written = line.text.trim();
            if written.is_empty() || written.starts_with(['#', ';']) {
                continue;
            }
            if written.starts_with('[') {
                let Some(name) = stanza_name(written) else {
                    let message = "the stanza's name has no `]`: it is passed over";
                    let warning = Diagnostic::warning(Code::KnowledgeIgnored, message);
                    warnings.push(warning.in_file(&file.path, Some(line.number)));
                    passed_over = true;
                    continue;
                };
                passed_over = false;
                stanza = (name != "default").then(|| name.into());
                if let Some(name) = &stanza {
                    let made = || Stanza::new(name, file, line.number);
                    conf.stanzas.entry(name.clone()).or_insert_with(made);
                }
                continue;
            }
            match read_setting(file, &line, &mut lines) {
                _ if passed_over => {}
                Some((key, value)) => {
                    warnings.extend(conf.defined_again(stanza.as_deref(), &key, &value));
                    conf.set(stanza.as_deref(), key, value);
                }
                None => warnings.push(no_setting(file, &line)),
            }
        }
        conf
    }

    /// One stanza, which is written in a file of another kind.
    pub(super) fn of_stanza(name: &str, file: &Arc<KnowledgeFile>, line: u64) -> Conf {
        let mut conf = Conf::default();
        conf.stanzas.insert(name.into(), Stanza::new(name, file, line));
        conf
    }

    /// A macro that is defined twice in one file, which can hardly be meant; the last wins, as in Splunk.
    fn defined_again(&self, stanza: Option<&str>, key: &str, value: &Located) -> Option<Diagnostic> {
        let earlier = self.stanzas.get(stanza?)?.settings.get(key).filter(|_| key == "definition")?;
        let message = format!("`{}` is defined a second time: the first definition is passed over", stanza?);
        let place = format!("the first is in line {}", earlier.line());
        (earlier != value).then(|| value.warning(Code::KnowledgeIgnored, message).help(place))
    }

    /// Gives a stanza a setting.
    pub(super) fn set_in(&mut self, stanza: &str, key: &str, value: Located) {
        self.set(Some(stanza), key.into(), value);
    }

    fn set(&mut self, stanza: Option<&str>, key: Text, value: Located) {
        let settings = match stanza {
            None => Some(&mut self.default),
            Some(name) => self.stanzas.get_mut(name).map(|stanza| &mut stanza.settings),
        };
        if let Some(settings) = settings {
            settings.insert(key, value);
        }
    }

    /// Lays another file over this one: its values win, key by key.
    pub fn merge(&mut self, later: Conf) {
        self.default.extend(later.default);
        for (name, stanza) in later.stanzas {
            match self.stanzas.get_mut(&name) {
                Some(earlier) => earlier.settings.extend(stanza.settings),
                None => {
                    self.stanzas.insert(name, stanza);
                }
            }
        }
    }

    /// The stanzas except `[default]`, in order of their first appearance.
    pub fn stanzas(&self) -> impl Iterator<Item = &Stanza> {
        self.stanzas.values()
    }

    /// The stanza of this name.
    pub fn stanza(&self, name: &str) -> Option<&Stanza> {
        self.stanzas.get(name)
    }

    /// A stanza's value of a key, or else the default for all stanzas; none for an unknown stanza.
    pub fn get(&self, stanza: &str, key: &str) -> Option<&Located> {
        let stanza = self.stanzas.get(stanza)?;
        stanza.settings.get(key).or_else(|| self.default.get(key))
    }

    /// The default for all stanzas.
    pub fn defaults(&self) -> impl Iterator<Item = (&Text, &Located)> {
        self.default.iter()
    }

    /// The default for all stanzas of one key.
    pub fn default_of(&self, key: &str) -> Option<&Located> {
        self.default.get(key)
    }

    /// A file of one stanza: the settings of these stanzas, of which later ones win, over the defaults.
    pub fn layered<'n>(&self, name: &str, layers: impl IntoIterator<Item = &'n str>) -> Conf {
        let mut conf = Conf { default: self.default.clone(), ..Conf::default() };
        for layer in layers.into_iter().filter_map(|layer| self.stanzas.get(layer)) {
            match conf.stanzas.get_mut(name) {
                Some(stanza) => stanza.settings.extend(layer.settings.clone()),
                None => {
                    conf.stanzas.insert(name.into(), layer.clone());
                }
            }
        }
        conf
    }

    /// Leaves a stanza only these of its own settings.
    pub(super) fn retain(&mut self, stanza: &str, keep: impl Fn(&str, &Located) -> bool) {
        if let Some(stanza) = self.stanzas.get_mut(stanza) {
            stanza.settings.retain(|key, value| keep(key, value));
        }
    }

    /// All settings that hold for a stanza: its own, then the defaults that it does not replace.
    pub fn settings(&self, stanza: &str) -> impl Iterator<Item = (&Text, &Located)> {
        let own = self.stanzas.get(stanza).map(|stanza| &stanza.settings);
        let rest = self.default.iter().filter(move |(key, _)| own.is_none_or(|own| !own.contains_key(*key)));
        own.into_iter().flatten().chain(rest)
    }

    /// The settings `PREFIX-class` that hold for a stanza, by class in ASCII order, as Splunk applies them
    /// (props.conf: "Configuration order").
    pub fn classes<'c>(&'c self, stanza: &str, prefix: &str) -> Vec<(&'c str, &'c Located)> {
        let class = |key: &'c Text| key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
        let mut found: Vec<_> =
            self.settings(stanza).filter_map(|(key, value)| Some((class(key)?, value))).collect();
        found.sort_by(|a, b| a.0.cmp(b.0));
        found
    }
}

/// `true`, `t`, `yes`, `y`, `on`, `enabled`, `1` and their opposites, in any case.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" | "enabled" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" | "disabled" => Some(false),
        _ => None,
    }
}

/// A boolean setting.
///
/// # Errors
/// A value that is neither true nor false.
pub fn read_bool(value: Option<&Located>, otherwise: bool) -> Result<bool> {
    let Some(value) = value.filter(|value| !value.text().is_empty()) else { return Ok(otherwise) };
    parse_bool(value.text())
        .ok_or_else(|| value.error(Code::Knowledge, format!("`{}` is neither true nor false", value.text())))
}

/// A setting that is a whole number.
///
/// # Errors
/// A value that is none.
pub fn read_integer(value: Option<&Located>, otherwise: i64) -> Result<i64> {
    let Some(value) = value.filter(|value| !value.text().is_empty()) else { return Ok(otherwise) };
    let read = value.text().parse();
    read.map_err(|_| value.error(Code::Knowledge, format!("`{}` is not a whole number", value.text())))
}

/// A mistake in a setting that is passed over, as Splunk passes over it: a warning.
pub(super) fn passed_over(problem: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, code: Code::KnowledgeIgnored, ..problem }
}

/// A setting that has text; an empty one counts as not set, which is how `local/` takes a value back.
pub fn filled(value: Option<&Located>) -> Option<&Located> {
    value.filter(|value| !value.text().is_empty())
}

fn no_setting(file: &KnowledgeFile, line: &Line<'_>) -> Diagnostic {
    Diagnostic::warning(Code::KnowledgeIgnored, "this line is no `key = value` and is passed over")
        .in_file(&file.path, Some(line.number))
        .help("a value goes on in the next line only after a `\\` at the end of the line")
}

/// The name between the brackets; a name may have brackets in itself, as a pattern has.
fn stanza_name(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('[')?.rsplit_once(']')?;
    Some(name)
}

/// Reads `key = value` with all lines that continue it; none if the line is no setting.
fn read_setting(
    file: &Arc<KnowledgeFile>,
    first: &Line<'_>,
    lines: &mut Lines<'_>,
) -> Option<(Text, Located)> {
    let equals = first.text.find('=');
    let mut value = Text::new();
    let mut pieces = Vec::new();
    let mut part = first.text.get(equals.map_or(first.text.len(), |equals| equals + 1)..).unwrap_or("");
    let mut at = first.start + first.text.len() - part.len();
    let mut continued = first.text.ends_with('\\');
    loop {
        // The newline of the value takes the place of the backslash in the file.
        pieces.push(Piece { start: value.len(), at, length: part.len() });
        value.push_str(if continued { part.strip_suffix('\\').unwrap_or(part) } else { part });
        let Some(next) = continued.then(|| lines.next()).flatten() else { break };
        value.push('\n');
        (part, at, continued) = (next.text, next.start, next.text.ends_with('\\'));
    }
    let key = first.text.get(..equals?)?.trim();
    let value = Located::new(value, Arc::clone(file), first.number, pieces).trimmed();
    (!key.is_empty()).then(|| (key.into(), value))
}

struct Line<'t> {
    /// Without the line's end.
    text: &'t str,
    /// First byte in the file.
    start: usize,
    /// From 1.
    number: u64,
}

struct Lines<'t> {
    rest: &'t str,
    start: usize,
    number: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        Lines { rest: text, start: 0, number: 0 }
    }

    fn next(&mut self) -> Option<Line<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let (text, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        let start = self.start;
        self.start += self.rest.len() - rest.len();
        self.rest = rest;
        self.number += 1;
        Some(Line { text: text.strip_suffix('\r').unwrap_or(text), start, number: self.number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span, render};

    fn parse(text: &str) -> (Conf, Vec<Diagnostic>, Sources) {
        let mut sources = Sources::new();
        let source = sources.add("x.conf", text);
        let file = Arc::new(KnowledgeFile { path: "x.conf".into(), app: "test".into(), source });
        let mut warnings = Vec::new();
        let conf = Conf::parse(&file, text, &mut warnings);
        (conf, warnings, sources)
    }

    fn text<'c>(conf: &'c Conf, stanza: &str, key: &str) -> &'c str {
        conf.get(stanza, key).unwrap().text()
    }

    #[test]
    fn stanzas_settings_comments() {
        let (conf, warnings, _) = parse(
            "# a comment\n; also = one\n\n[one]\n  key =  a = b # no comment \n\t# a comment \\\nempty =\n[two]\nkey=x\r\n[one]\nkey2 = 2\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(text(&conf, "one", "key"), "a = b # no comment");
        assert_eq!(text(&conf, "one", "empty"), "");
        assert_eq!(text(&conf, "one", "key2"), "2");
        assert_eq!(text(&conf, "two", "key"), "x");
        assert_eq!(conf.get("two", "key").unwrap().place(), "x.conf:9");
        assert!(conf.get("three", "key").is_none());
    }

    #[test]
    fn a_backslash_at_the_end_of_a_line_continues_the_value_with_a_newline() {
        let (conf, _, _) = parse("[m]\ndefinition = a \\\n  # b\\\r\n c\nlast = x\\");
        assert_eq!(text(&conf, "m", "definition"), "a \n  # b\n c");
        assert_eq!(text(&conf, "m", "last"), "x");
        // Only the very last character counts.
        let (conf, warnings, _) = parse("[m]\na = x \\ \nb");
        assert_eq!(text(&conf, "m", "a"), "x \\");
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].place.as_deref(), Some("x.conf:3"));
        assert_eq!(warnings[0].severity, Severity::Warning);
    }

    #[test]
    fn defaults_hold_where_a_stanza_has_no_value() {
        let (conf, _, _) = parse("a = 1\n[x]\nb = 2\n[default]\na = 3\nb = 4\n[y]");
        assert_eq!((text(&conf, "x", "a"), text(&conf, "x", "b")), ("3", "2"));
        assert_eq!((text(&conf, "y", "a"), text(&conf, "y", "b")), ("3", "4"));
        let all: Vec<&str> = conf.settings("x").map(|(key, _)| key.as_str()).collect();
        assert_eq!(all, ["b", "a"]);
        assert_eq!(conf.stanzas().count(), 2);
    }

    #[test]
    fn the_last_value_wins_within_and_across_files() {
        let (mut conf, _, _) = parse("[x]\na = 1\na = 2\nkeep = y\n[default]\nd = 1");
        assert_eq!(text(&conf, "x", "a"), "2");
        let (later, _, _) = parse("[x]\na = 3\n[new]\na = 4\n[default]\nd = 2");
        conf.merge(later);
        assert_eq!((text(&conf, "x", "a"), text(&conf, "x", "keep")), ("3", "y"));
        assert_eq!((text(&conf, "new", "a"), text(&conf, "x", "d")), ("4", "2"));
    }

    #[test]
    fn names_may_have_brackets_and_must_be_closed() {
        let (conf, _, _) = parse("[source::/var/log[0-9]/*]\na = 1");
        assert_eq!(text(&conf, "source::/var/log[0-9]/*", "a"), "1");
        let mut sources = Sources::new();
        let source = sources.add("x.conf", "");
        let file = Arc::new(KnowledgeFile { path: "x.conf".into(), app: "test".into(), source });
        let mut warnings = Vec::new();
        let conf = Conf::parse(&file, "[w]\n[x\na = 1\n[y]\na = 2", &mut warnings);
        assert_eq!((warnings.len(), warnings[0].code), (1, Code::KnowledgeIgnored));
        assert_eq!(warnings[0].place.as_deref(), Some("x.conf:2"));
        assert!(conf.get("w", "a").is_none() && conf.stanzas().count() == 2);
        assert_eq!(text(&conf, "y", "a"), "2");
    }

    #[test]
    fn classes_come_in_ascii_order() {
        let (conf, _, _) = parse("EVAL-b = 0\n[x]\nEVAL-c = 1\nEVAL-B = 2\nEVAL-a-1 = 3\nEVALUATE = 4");
        let classes: Vec<_> = conf.classes("x", "EVAL").iter().map(|it| (it.0, it.1.text())).collect();
        assert_eq!(classes, [("B", "2"), ("a-1", "3"), ("b", "0"), ("c", "1")]);
    }

    #[test]
    fn a_place_in_a_continued_value_is_shown_in_its_line() {
        let (conf, _, mut sources) = parse("[m]\ndefinition = stats \\\n   cuont by x\n");
        let value = conf.get("m", "definition").unwrap();
        assert_eq!(value.text(), "stats \n   cuont by x");
        let source = value.register(&mut sources);
        let at = value.text().find("cuont").unwrap();
        let span = Span::new(source, at, at + 5);
        assert_eq!(sources.slice(sources.written(span).span), "cuont");
        let shown = render(&Diagnostic::error(Code::UnknownAggregate, "no").at(span, ""), &sources, false);
        assert!(shown.contains("x.conf:3:4"), "{shown}");
        let part = value.slice(at..at + 5);
        assert_eq!((part.text(), sources.slice(part.span()).as_str()), ("cuont", "cuont"));
        assert_eq!(sources.slice(value.span()), "stats \\\n   cuont by x");
    }
}
