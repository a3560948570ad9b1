//! Which stanzas of props.conf hold for an event: those of its source type, of its host and of its source.
//!
//! Of several the settings of a source win over those of a host, and these over those of the source type. Within
//! a kind the higher `priority` wins: 100 for a stanza without wildcards and 0 for one with, unless it says
//! otherwise; of equal ones the first in ASCII order (props.conf, "Pattern collisions").

use std::sync::{Arc, OnceLock};

use crate::eval::Regex;

use super::super::conf::{Conf, filled, read_integer};
use super::super::located::Located;
use super::Target;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::compile;
use crate::value::Text;

/// What makes a stanza one of a pattern of source types: something that no source type matches, and so never
/// stands in a name.
const SOURCE_TYPE_PATTERN: &str = "(?::){0}";

/// What a stanza is about, in the order in which they win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    SourceType,
    Host,
    Source,
}

/// A stanza with a pattern.
#[derive(Debug)]
struct Stanza {
    name: Text,
    kind: Kind,
    priority: i64,
    /// The expression, compiled when a name may match it: few do.
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
    /// What every name that it matches begins with.
    prefix: Text,
    /// What every name that it matches has in it.
    part: Text,
    /// The source type that it gives to files (`sourcetype` of a source).
    assigns: Option<Text>,
}

/// All stanzas that are not about one source type by its name.
#[derive(Debug, Default)]
pub struct Stanzas {
    list: Vec<Stanza>,
    rules: Vec<Rule>,
}

/// A rule that recognises a source type by the lines of a file: `[rule::NAME]`.
#[derive(Debug)]
struct Rule {
    name: Text,
    delayed: bool,
    /// Counts apps: rules of later ones are tried first.
    app: usize,
    source_type: Text,
    /// The source of such events: an addition to Splunk's rules.
    source: Option<Text>,
    /// The lines of a hundred that must match at least or at most, and the expression.
    more_than: Vec<(f64, Expression)>,
    less_than: Vec<(f64, Expression)>,
}

/// An expression of a rule. Most are never asked for: the rules before theirs decide, or the expressions before.
#[derive(Debug)]
struct Expression {
    text: Located,
    compiled: OnceLock<Option<Regex>>,
}

impl Expression {
    /// The lines of a hundred that match; none if the expression does not compile.
    fn share(&self, lines: &[&str]) -> Option<f64> {
        let regex = self.compiled.get_or_init(|| compile(self.text.text()).ok()).as_ref()?;
        let hits = lines.iter().filter(|line| regex.is_match(line).unwrap_or(false)).count();
        Some(hits as f64 * 100.0 / lines.len().max(1) as f64)
    }

    fn problem(&self) -> Option<Diagnostic> {
        compile(self.text.text()).err().map(|message| self.text.error(Code::Regex, message))
    }
}

/// What a rule says of a file.
#[derive(Clone, Copy, Debug)]
pub struct Recognised<'s> {
    /// The rule's name.
    pub rule: &'s Text,
    /// The source type.
    pub source_type: &'s Text,
    /// The source, if it is not the file's path.
    pub source: Option<&'s Text>,
}

/// What is known of an event besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assigned {
    /// The source type.
    pub source_type: Text,
    /// The source.
    pub source: Text,
    /// The host.
    pub host: Text,
}

impl Stanzas {
    /// Reads the names of all stanzas. A pattern that does not compile is a problem of that stanza alone.
    pub fn read(props: &Conf) -> (Stanzas, Vec<Diagnostic>) {
        let mut stanzas = Stanzas::default();
        let mut problems = Vec::new();
        let (mut apps, mut app) = (0, None);
        for stanza in props.stanzas() {
            if app.replace(Arc::clone(&stanza.file.app)).as_ref() != Some(&stanza.file.app) {
                apps += 1;
            }
            let rule = stanza.name.strip_prefix("rule::").map(|name| (name, false));
            let rule = rule.or_else(|| stanza.name.strip_prefix("delayedrule::").map(|name| (name, true)));
            let read = match rule {
                Some((name, delayed)) => {
                    let rule = Rule::read(props, &stanza.name, name, delayed);
                    rule.map(|rule| stanzas.rules.extend(rule.map(|rule| Rule { app: apps, ..rule })))
                }
                None => Stanza::read(props, &stanza.name).map(|found| stanzas.list.extend(found)),
            };
            if let Err(problem) = read {
                problems.push(match problem.place {
                    Some(_) => problem,
                    None => problem.in_file(&stanza.file.path, Some(stanza.line)),
                });
            }
        }
        stanzas.list.sort_by(|a, b| (a.kind, a.priority, &b.name).cmp(&(b.kind, b.priority, &a.name)));
        stanzas.rules.sort_by_key(|rule| (rule.delayed, std::cmp::Reverse(rule.app)));
        (stanzas, problems)
    }

    /// The names of the stanzas that hold for an event besides that of its source type, the one that wins last;
    /// those before the source type's own come first.
    pub fn layers(&self, of: &Assigned) -> Arc<[Text]> {
        let mut names: Vec<Text> = Vec::new();
        let mut own = Some(of.source_type.clone());
        for stanza in &self.list {
            // By its name a source type has priority 100.
            if stanza.kind > Kind::SourceType || stanza.priority > 100 {
                names.extend(own.take());
            }
            let text = match stanza.kind {
                Kind::SourceType => &of.source_type,
                Kind::Host => &of.host,
                Kind::Source => &of.source,
            };
            if stanza.matches(text) {
                names.push(stanza.name.clone());
            }
        }
        names.extend(own);
        names.into()
    }

    /// The names of the stanzas about sources or hosts that may hold for one whose name begins so.
    pub fn about(&self, target: Target, start: &str) -> impl Iterator<Item = &Text> {
        let kind = match target {
            Target::Source => Kind::Source,
            Target::Host => Kind::Host,
            Target::SourceType => Kind::SourceType,
        };
        let may = move |stanza: &&Stanza| {
            stanza.kind == kind
                && (stanza.prefix.starts_with(start) || start.starts_with(stanza.prefix.as_str()))
        };
        self.list.iter().filter(may).map(|stanza| &stanza.name)
    }

    /// The source type that a stanza gives to a file by its name.
    pub fn source_type_of(&self, source: &str) -> Option<(&Text, &Text)> {
        let sources = self.list.iter().rev().filter(|stanza| stanza.kind == Kind::Source);
        let mut assigning = sources.filter_map(|stanza| Some((stanza.assigns.as_ref()?, stanza)));
        let (assigns, stanza) = assigning.find(|(_, stanza)| stanza.matches(source))?;
        Some((assigns, &stanza.name))
    }

    /// The names of stanzas whose pattern does not compile, and why: such a one matches nothing.
    pub fn pattern_problems(&self) -> impl Iterator<Item = (&Text, String)> {
        self.list.iter().filter_map(|stanza| Some((&stanza.name, compile(&stanza.pattern).err()?)))
    }

    /// What is wrong with the expressions of rules: a rule with such a one recognises nothing.
    pub fn rule_problems(&self) -> impl Iterator<Item = Diagnostic> {
        let expressions = self.rules.iter().flat_map(|rule| rule.more_than.iter().chain(&rule.less_than));
        expressions.filter_map(|(_, expression)| expression.problem())
    }

    /// What a rule recognises by the lines of a file.
    pub fn recognise(&self, lines: &[&str]) -> Option<Recognised<'_>> {
        let fits = |rule: &&Rule| {
            let mut more = rule.more_than.iter();
            let mut less = rule.less_than.iter();
            more.all(|(least, expression)| expression.share(lines).is_some_and(|share| share > *least))
                && less.all(|(most, expression)| expression.share(lines).is_some_and(|share| share < *most))
        };
        self.rules.iter().find(fits).map(|rule| Recognised {
            rule: &rule.name,
            source_type: &rule.source_type,
            source: rule.source.as_ref(),
        })
    }
}

impl Stanza {
    fn read(props: &Conf, name: &Text) -> Result<Option<Stanza>> {
        // `(?i)source::…` is a source in any case.
        let (any_case, plain) = name.strip_prefix("(?i)").map_or((false, name.as_str()), |rest| (true, rest));
        let (kind, pattern) = if let Some(source) = plain.strip_prefix("source::") {
            (Kind::Source, source)
        } else if let Some(host) = plain.strip_prefix("host::") {
            (Kind::Host, host)
        } else if let Some(pattern) = name.strip_prefix(SOURCE_TYPE_PATTERN) {
            (Kind::SourceType, pattern)
        } else {
            return Ok(None);
        };
        let any_case = any_case || kind == Kind::Host;
        let literal = !pattern.contains("...") && !pattern.contains(['*', '|', '(', '[', '?', '+', '{']);
        let of_kind = if literal { 100 } else { 0 };
        let (prefix, part) = if any_case { ("", "") } else { (fixed_prefix(pattern), fixed_part(pattern)) };
        let assigns = filled(props.get(name, "sourcetype")).filter(|_| kind == Kind::Source);
        Ok(Some(Stanza {
            name: name.clone(),
            kind,
            priority: read_integer(props.get(name, "priority"), of_kind)?,
            prefix: prefix.into(),
            part: part.into(),
            pattern: regex_of(pattern, any_case),
            compiled: OnceLock::new(),
            assigns: assigns.map(Located::to_text),
        }))
    }
}

impl Stanza {
    fn matches(&self, name: &str) -> bool {
        let may = name.starts_with(self.prefix.as_str()) && name.contains(self.part.as_str());
        let regex = || self.compiled.get_or_init(|| compile(&self.pattern).ok()).as_ref();
        may && regex().is_some_and(|regex| regex.is_match(name).unwrap_or(false))
    }
}

impl Rule {
    fn read(props: &Conf, stanza: &str, name: &str, delayed: bool) -> Result<Option<Rule>> {
        let Some(source_type) = filled(props.get(stanza, "sourcetype")) else { return Ok(None) };
        let shares = |prefix: &str| -> Result<Vec<(f64, Expression)>> {
            let mut found = Vec::new();
            for (key, value) in props.settings(stanza) {
                let Some(number) = key.strip_prefix(prefix) else { continue };
                let number =
                    number.rsplit('_').next().unwrap_or("").parse().map_err(|_| {
                        value.error(Code::Knowledge, format!("`{key}` does not end in a number"))
                    })?;
                found.push((number, Expression { text: value.clone(), compiled: OnceLock::new() }));
            }
            Ok(found)
        };
        let (more_than, less_than) = (shares("MORE_THAN")?, shares("LESS_THAN")?);
        if more_than.is_empty() && less_than.is_empty() {
            return Ok(None);
        }
        let source_type = source_type.to_text();
        let source = filled(props.get(stanza, "source")).map(Located::to_text);
        Ok(Some(Rule { name: name.into(), delayed, app: 0, source_type, source, more_than, less_than }))
    }
}

/// What every name that a pattern matches begins with.
fn fixed_prefix(pattern: &str) -> &str {
    let special = |c: char| "*|(.\\[?+{^$".contains(c);
    let end = if pattern.contains('|') { 0 } else { pattern.find(special).unwrap_or(pattern.len()) };
    let (prefix, rest) = pattern.split_at_checked(end).unwrap_or(("", ""));
    // What may be left out, or comes several times.
    let cut = if rest.starts_with(['?', '{', '+']) { prefix.char_indices().last() } else { None };
    cut.and_then(|(at, _)| prefix.get(..at)).unwrap_or(prefix)
}

/// The longest text that every name that a pattern matches has in it.
fn fixed_part(pattern: &str) -> &str {
    if pattern.contains("(?i") {
        return "";
    }
    let plain = |c: char| c.is_alphanumeric() || "/_- :,=@%~".contains(c);
    let (mut longest, mut start, mut depth) = ("", 0, 0_usize);
    let mut take = |from: usize, to: usize| {
        let part = pattern.get(from..to).unwrap_or("");
        if part.len() > longest.len() {
            longest = part;
        }
    };
    let mut letters = pattern.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if plain(c) && depth == 0 {
            continue;
        }
        // What may be left out, or comes several times.
        let before = pattern.get(start..at).and_then(|part| part.char_indices().last());
        let end = if "?{+".contains(c) { before.map_or(at, |(last, _)| start + last) } else { at };
        if depth == 0 {
            take(start, end);
        }
        match c {
            '|' if depth == 0 => return "",
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\\' => {
                letters.next();
            }
            _ => {}
        }
        start = letters.peek().map_or(pattern.len(), |(next, _)| *next);
    }
    if depth == 0 {
        take(start, pattern.len());
    }
    longest
}

/// The regular expression of a stanza's pattern: `...` is any text, `*` any text without the separators of a path,
/// `.` is a dot, and all else means what it means in expressions (props.conf, "stanza match language"). Hosts
/// match in any case.
fn regex_of(pattern: &str, any_case: bool) -> String {
    let mut regex = String::from(if any_case { "(?is)\\A(?:" } else { "(?s)\\A(?:" });
    let mut rest = pattern;
    // Between brackets dots and stars are themselves as it is.
    let mut in_class = false;
    while let Some(next) = rest.chars().next() {
        let (piece, length) = match next {
            '\\' => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                (if escaped == 0 { r"\\" } else { rest.get(..1 + escaped).unwrap_or("") }, 1 + escaped)
            }
            '.' if !in_class && rest.starts_with("...") => (".*", 3),
            '.' if !in_class => (r"\.", 1),
            '*' if !in_class => (r"[^/\\]*", 1),
            // Without its end it is a bracket.
            '[' if !in_class && !rest.contains(']') => (r"\[", 1),
            other => (rest.get(..other.len_utf8()).unwrap_or(""), other.len_utf8()),
        };
        in_class = in_class && next != ']' || piece == "[";
        regex.push_str(piece);
        rest = rest.get(length..).unwrap_or("");
    }
    regex.push_str(")\\z");
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        compile(&regex_of(pattern, false)).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn patterns() {
        assert!(fits("/var/log/*.log", "/var/log/a.log") && !fits("/var/log/*.log", "/var/log/x/a.log"));
        assert!(fits(".../a.log", "/x/y/a.log") && !fits("/x/a.log", "/x/aXlog"));
        assert!(fits(".../(messages|syslog)*", "/var/log/syslog.1") && !fits("(a|b)", "ab"));
        assert!(fits("XmlWinEventLog:*", "XmlWinEventLog:Security"));
        assert!(!fits("XmlWinEventLog:*", "XmlWinEventLog:A/Operational"));
        assert!(fits("XmlWinEventLog:...", "XmlWinEventLog:A/Operational"));
        assert!(
            fits(".../auth.log(.\\d+)?", "/var/log/auth.log")
                && fits(".../auth.log(.\\d+)?", "/var/log/auth.log.1")
        );
        assert!(
            !fits(".../auth.log(.\\d+)?", "/var/log/auth.log.gz")
                && !fits(".../auth.log(.\\d+)?", "/var/log/authXlog")
        );
        assert!(
            fits("....(?<!tar.)gz(.\\d+)?", "/x/a.gz") && !fits("....(?<!tar.)gz(.\\d+)?", "/x/a.tar.gz")
        );
        assert!(fits(".../(u_|)ex(tend|\\d{4,8})*?.log", "/x/u_ex240102.log"));
        assert!(
            fits("/log[0-9]/a[.x]b", "/log7/a.b")
                && !fits("/log[0-9]/a[.x]b", "/log7/a/b")
                && fits("/x[/a", "/x[/a")
        );
        assert_eq!(
            ["/a.b", "ab?c", "a+", "x|y", "ab{2}", "plain"].map(fixed_prefix),
            ["/a", "a", "", "", "a", "plain"]
        );
        assert!(fits(r"...\\logs\\*", r"C:\x\logs\a") && !fits("a", "A") && fits("(?i)a", "A"));
    }
}
