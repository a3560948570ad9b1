//! Runs a saved search.
//!
//! ## Syntax
//! `savedsearch <name> [nosubstitution=<bool>] [<key>=<value>]...`
//!
//! ## Description
//! The search of that name in the savedsearches.conf of an app; else in a YAML file of its own in the app's `detections/`,
//! `baselines/` or `investigations/`, where it may be called as in the app that is built of them: `ESCU - NAME - Rule`. `$key$` in its text becomes the value that is
//! given for the key, and stays where none is; with `nosubstitution=true` nothing does. Where the run has no range
//! of time, that of the saved search holds (`dispatch.earliest_time`, `dispatch.latest_time`).
//!
//! ## Examples
//!
//! ```spl
//! | savedsearch "people of a level" level=3
//! ```
//! ```json out
//! {"user": "ada", "department": "research"}
//! ```
//!
//! ```spl
//! | savedsearch failures | table user, code
//! ```
//! ```json out
//! {"user": "ada", "code": "Client.UnauthorizedOperation"}
//! ```
//!
//! ```spl
//! | savedsearch failure
//! ```
//! ```error
//! error[E0414]: no app has the saved search `failure`
//! ```

use std::fmt;

use super::map::next_token;
use super::support::Saved;
use super::{Command, Position};
use crate::batch::FieldSet;
use crate::diagnostic::{Result, Span};
use crate::parse::Start;
use crate::parse::args::{Args, write_name};
use crate::parse::search::write_value;
use crate::plan::{InnerRows, Planner};
use crate::value::Text;

/// `savedsearch`
#[derive(Clone, Debug)]
pub struct SavedSearch {
    name: Text,
    span: Span,
    substitute: bool,
    values: Vec<(Text, Text)>,
}

impl SavedSearch {
    /// A saved search as it is.
    pub(super) fn plain(name: Text, span: Span) -> SavedSearch {
        SavedSearch { name, span, substitute: false, values: Vec::new() }
    }
}

/// Reads the arguments of `savedsearch`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let name = args.word("the name of a saved search")?;
    let (mut substitute, mut values) = (true, Vec::new());
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        let key = args.word("a key")?;
        if !args.cursor.eat('=') {
            return Err(args.cursor.expected("`=` and a value"));
        }
        let value = args.word("a value")?;
        match key.text.eq_ignore_ascii_case("nosubstitution") {
            true => substitute = !value.truth("nosubstitution")?,
            false => values.push((key.text, value.text)),
        }
    }
    Ok(Box::new(SavedSearch { name: name.text, span: name.span, substitute, values }))
}

impl fmt::Display for SavedSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("savedsearch ")?;
        write_value(f, &self.name)?;
        f.write_str(if self.substitute { "" } else { " nosubstitution=true" })?;
        for (key, value) in &self.values {
            f.write_str(" ")?;
            write_name(f, key)?;
            f.write_str("=")?;
            write_value(f, value)?;
        }
        Ok(())
    }
}

impl Command for SavedSearch {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let saved = Saved::find(&self.name, self.span, planner)?;
        let value = |token: &str| {
            let given = self.values.iter().find(|(key, _)| self.substitute && key == token);
            given.map(|(_, value)| value.to_string())
        };
        let mut sources = saved.launcher.sources();
        let (id, _) = saved.template.fill(&self.name, &mut sources, next_token, value);
        let plan = planner.keep_inner(saved.launcher.compile(id, Start::Fresh))?;
        planner.generating(InnerRows { plan, limit: None });
        Ok(())
    }
}
