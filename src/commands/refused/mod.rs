//! Commands that are known by name and not run, each with what it would need.
//!
//! Who uses one has made no mistake: the search parses, prints and is formatted as any other, and the
//! error comes when it is planned.

mod table;

use std::fmt;

use super::{Command, Position};
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::format::squeezed;
use crate::parse::args::Args;
use crate::plan::Planner;

/// A command that is not run.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// Its name.
    pub name: &'static str,
    /// What it would need.
    pub needs: &'static str,
}

/// What of a search is not run: its words are kept.
#[derive(Debug)]
struct Refused {
    refusal: Refusal,
    arguments: String,
    span: Span,
}

/// The command of this name, in any case, if it is one that is not run.
pub fn find(name: &str) -> Option<Refusal> {
    let (name, needs) = table::ALL.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    Some(Refusal { name, needs })
}

/// All names, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    table::ALL.iter().map(|(name, _)| *name)
}

impl Refusal {
    /// Reads all arguments, whatever they are.
    pub fn parse(self, args: &mut Args<'_>) -> Box<dyn Command> {
        let arguments = squeezed(args.cursor.rest());
        args.cursor.jump(args.cursor.position() + args.cursor.rest().len());
        Box::new(Refused { refusal: self, arguments, span: args.command_span() })
    }

    /// What is said when it is planned.
    pub fn message(self) -> String {
        format!("the command `{}` is not run: it needs {}", self.name, self.needs)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = if self.arguments.is_empty() { "" } else { " " };
        write!(f, "{}{blank}{}", self.refusal.name, self.arguments)
    }
}

impl Command for Refused {
    fn position(&self) -> Position {
        Position::Either
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn plan(&self, _: &mut Planner<'_>) -> Result<()> {
        Err(Diagnostic::error(Code::NotSupported, self.refusal.message()).at(self.span, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::{find, names};
    use crate::diagnostic::Sources;
    use crate::parse::{Start, parse};

    #[test]
    fn none_of_them_can_be_called() {
        let both: Vec<_> = names().filter(|name| crate::commands::find(name).is_some()).collect();
        assert!(both.is_empty(), "take them off the table: {both:?}");
        assert!(names().is_sorted());
    }

    #[test]
    fn it_parses_and_prints_as_it_is_written() {
        let mut sources = Sources::new();
        let search = "user=ada\n| apply  model threshold=0.01 \"a | b\"\n| Fit X from y into z";
        let id = sources.add("search", search);
        let parsed = parse(&sources, id, Start::Fresh).unwrap();
        assert_eq!(
            parsed.to_string(),
            "search user=ada\n| apply model threshold=0.01 \"a | b\"\n| fit X from y into z"
        );
        assert_eq!(find("APPLY").unwrap().name, "apply");
        assert!(find("stats").is_none());
    }
}
