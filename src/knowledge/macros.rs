//! Search macros: macros.conf (Knowledge Manager Manual, "Use search macros in searches").

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conf::{Conf, Stanza, filled, passed_over, read_bool};
use super::located::{KnowledgeFile, Located, Piece};
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::value::Text;

/// The settings of a macro that are read, or that change nothing.
pub(super) const HONOURED: &[&str] =
    &["args", "definition", "iseval", "validation", "errormsg", "description"];

/// A macro.
#[derive(Clone, Debug)]
pub struct Macro {
    /// The name, without the number of arguments.
    pub name: Text,
    /// The names of the arguments: `$name$` in the definition stands for the argument's text.
    pub arguments: Vec<Text>,
    /// The text that a call is replaced by, or the expression that makes it.
    pub definition: Located,
    /// Whether the definition is an eval expression whose text is the expansion.
    pub is_eval: bool,
    /// An eval expression over the arguments: false or a text says that they are wrong.
    pub validation: Option<Located>,
    /// What to say when a validation that is true or false is false.
    pub error_message: Option<Text>,
}

/// All macros, by name and number of arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Macros {
    by_name: BTreeMap<Text, BTreeMap<usize, Macro>>,
}

impl Macros {
    /// The macros of the merged macros.conf. A broken one is left out with a warning, as Splunk complains
    /// about it only when it is called.
    pub fn read(conf: &Conf, warnings: &mut Vec<Diagnostic>) -> Macros {
        let mut macros = Macros::default();
        for stanza in conf.stanzas() {
            match read(conf, stanza) {
                Ok(found) => macros.insert(found),
                Err(problem) => {
                    warnings
                        .push(passed_over(problem).help(format!("the macro `{}` is left out", stanza.name)));
                }
            }
        }
        macros
    }

    pub fn insert(&mut self, found: Macro) {
        self.by_name.entry(found.name.clone()).or_default().insert(found.arguments.len(), found);
    }

    pub fn find(&self, name: &str, arity: usize) -> Option<&Macro> {
        self.by_name.get(name)?.get(&arity)
    }

    pub fn arities(&self, name: &str) -> Vec<usize> {
        self.by_name.get(name).map_or_else(Vec::new, |arities| arities.keys().copied().collect())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(Text::as_str)
    }
}

fn read(conf: &Conf, stanza: &Stanza) -> Result<Macro> {
    let (name, arity) = split_arity(&stanza.name).ok_or_else(|| {
        stanza
            .error(Code::Knowledge, format!("`{}` is not a macro's name: NAME or NAME(NUMBER)", stanza.name))
    })?;
    let get = |key| conf.get(&stanza.name, key);
    let arguments: Vec<Text> = match filled(get("args")) {
        Some(arguments) => arguments.text().split(',').map(|name| name.trim().into()).collect(),
        None => Vec::new(),
    };
    if arguments.len() != arity {
        let place = get("args").map_or_else(
            || stanza.error(Code::Knowledge, ""),
            |arguments| arguments.error(Code::Knowledge, ""),
        );
        let message =
            format!("`{}` is to have {arity} arguments, but `args` names {}", stanza.name, arguments.len());
        return Err(Diagnostic { message, ..place });
    }
    let definition = get("definition").ok_or_else(|| {
        stanza.error(Code::Knowledge, format!("the macro `{}` has no definition", stanza.name))
    })?;
    Ok(Macro {
        name: name.into(),
        arguments,
        definition: definition.clone(),
        is_eval: read_bool(get("iseval"), false)?,
        validation: filled(get("validation")).cloned(),
        error_message: filled(get("errormsg")).map(Located::to_text),
    })
}

/// `name(2)` as name and number; a name alone takes none.
fn split_arity(name: &str) -> Option<(&str, usize)> {
    match name.strip_suffix(')') {
        None => (!name.is_empty() && !name.contains('(')).then_some((name, 0)),
        Some(rest) => {
            let (name, number) = rest.rsplit_once('(')?;
            let number = number.trim().parse().ok()?;
            (!name.is_empty() && !name.contains('(')).then(|| (name.trim_end(), number))
        }
    }
}

/// Reads the value of `--macro`: `NAME=DEFINITION`; with arguments `NAME(a, b)=DEFINITION` where the
/// definition uses `$a$` and `$b$`, or `NAME(2)=DEFINITION` where it uses `$1$` and `$2$`.
///
/// # Errors
/// No `=`, or a name that is none.
pub(super) fn from_command_line(text: &str, sources: &mut Sources) -> Result<Macro> {
    let wrong = |message: String| {
        Diagnostic::error(Code::Usage, message)
            .help("write --macro 'NAME=DEFINITION', or --macro 'NAME(a,b)=DEFINITION' with $a$ and $b$ in it")
    };
    let (head, definition) =
        text.split_once('=').ok_or_else(|| wrong(format!("`{text}` is not a macro: it has no `=`")))?;
    let (name, arguments) = match head.trim().strip_suffix(')').and_then(|head| head.split_once('(')) {
        None => (head.trim(), Vec::new()),
        Some((name, list)) => match list.trim().parse::<u8>() {
            Ok(number) => (name.trim(), (1..=number).map(|at| Text::from(at.to_string())).collect()),
            Err(_) => (name.trim(), list.split(',').map(|name| Text::from(name.trim())).collect()),
        },
    };
    if name.is_empty() || name.contains(['(', ')', '`']) || arguments.iter().any(Text::is_empty) {
        return Err(wrong(format!("`{}` is not a macro's name", head.trim())));
    }
    let source = sources.add("--macro", text);
    let file = Arc::new(KnowledgeFile { path: "--macro".into(), app: "command line".into(), source });
    let pieces = vec![Piece { start: 0, at: head.len() + 1, length: definition.len() }];
    Ok(Macro {
        name: name.into(),
        arguments,
        definition: Located::new(definition.into(), file, 1, pieces).trimmed(),
        is_eval: false,
        validation: None,
        error_message: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn macros(text: &str) -> (Macros, Vec<Diagnostic>) {
        let source = Sources::new().add("macros.conf", text);
        let file = Arc::new(KnowledgeFile { path: "macros.conf".into(), app: "test".into(), source });
        let mut warnings = Vec::new();
        let conf = Conf::parse(&file, text, &mut warnings);
        (Macros::read(&conf, &mut warnings), warnings)
    }

    #[test]
    fn overloads_by_number_of_arguments() {
        let (macros, warnings) = macros(
            "[m]\ndefinition = a\n[m(2)]\nargs = x, y\ndefinition = $x$ $y$\niseval = 1\nvalidation = isnum(x)\nerrormsg = no\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(macros.find("m", 0).unwrap().definition.text(), "a");
        let two = macros.find("m", 2).unwrap();
        assert_eq!(two.arguments, ["x", "y"]);
        assert!(two.is_eval);
        assert_eq!(two.validation.as_ref().unwrap().text(), "isnum(x)");
        assert_eq!(two.error_message.as_deref(), Some("no"));
        assert_eq!(macros.arities("m"), [0, 2]);
        assert!(macros.find("m", 1).is_none() && macros.find("M", 0).is_none());
    }

    #[test]
    fn broken_ones_are_left_out_and_said() {
        let (macros, warnings) = macros(
            "[a(2)]\nargs = x\ndefinition = 1\n[b]\nargs =\n[c]\ndefinition =\n[d(x)]\ndefinition = 1\n[e]\ndefinition = 1\niseval = maybe\n",
        );
        assert_eq!(macros.names().collect::<Vec<_>>(), ["c"]);
        let places: Vec<&str> = warnings.iter().filter_map(|it| it.place.as_deref()).collect();
        assert_eq!(places, ["macros.conf:2", "macros.conf:4", "macros.conf:8", "macros.conf:12"]);
        assert_eq!(warnings[0].message, "`a(2)` is to have 2 arguments, but `args` names 1");
    }

    #[test]
    fn from_the_command_line() {
        let mut sources = Sources::new();
        let mut read = |text| from_command_line(text, &mut sources);
        let plain = read("cloudtrail = index=aws sourcetype=x").unwrap();
        assert_eq!((plain.name.as_str(), plain.definition.text()), ("cloudtrail", "index=aws sourcetype=x"));
        assert_eq!(read("m(a, b)=$a$").unwrap().arguments, ["a", "b"]);
        assert_eq!(read("m(2)=$1$").unwrap().arguments, ["1", "2"]);
        assert_eq!(read("nothing").unwrap_err().code, Code::Usage);
        assert_eq!(read("=x").unwrap_err().code, Code::Usage);
        assert_eq!(sources.slice(plain.definition.span()), "index=aws sourcetype=x");
    }
}
