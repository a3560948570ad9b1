//! Saved searches as commands run them: `savedsearch`, `map`, `from savedsearch:`.

use super::Template;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::knowledge::Located;
use crate::plan::{Launcher, Planner, TimeRange};
use crate::time::parse_time_bound;
use crate::value::Text;

/// A saved search that is to be run.
pub struct Saved {
    /// Its text.
    pub template: Template,
    /// With its range of time, where the run has none (Search Reference, `savedsearch`).
    pub launcher: Launcher,
}

impl Saved {
    /// The saved search that a command names at `span`.
    ///
    /// # Errors
    /// No app has it, or its range of time cannot be read.
    pub fn find(name: &str, span: Span, planner: &mut Planner<'_>) -> Result<Saved> {
        let Some(saved) =
            planner.knowledge.saved_search(name, planner.sources).map_err(|problem| problem.at(span, ""))?
        else {
            let message = format!("no app has the saved search `{name}`");
            let all = planner.knowledge.saved_search_names();
            let names = all.iter().map(Text::as_str);
            return Err(Diagnostic::error(Code::UnknownSavedSearch, message)
                .at(span, "")
                .suggest(name, names));
        };
        let id = saved.search.register(planner.sources);
        planner.note(format!("saved search `{name}`: {}", saved.search.place()));
        let text = saved.search.to_text();
        let place = Span::new(id, 0, text.len());
        let mut launcher = planner.launcher();
        if launcher.range().is_everything() {
            let (now, zone) = (planner.settings.now, planner.settings.zone.clone());
            let time = |bound: &Option<Located>| {
                let read = |bound: &Located| {
                    parse_time_bound(bound.text(), now, &zone)
                        .map_err(|error| bound.error(Code::Time, error.to_string()).at(span, ""))
                };
                bound.as_ref().map(read).transpose()
            };
            let range = TimeRange { earliest: time(&saved.earliest)?, latest: time(&saved.latest)? };
            launcher.set_range(range);
        }
        Ok(Saved { template: Template { text, span: place }, launcher })
    }
}
