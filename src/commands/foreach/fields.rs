//! For each of several fields.

use std::sync::Arc;

use crate::batch::{Batch, Pattern};
use crate::commands::support::Template;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Dataset, RunContext, Stage, Streaming};
use crate::parse::{Start, parse};
use crate::plan::{Launcher, Planner};
use crate::value::Text;

/// What stands for the tokens while the template is checked, in turn: a name, a number.
const SAMPLES: [&str; 2] = ["field", "1"];

/// Gives the planner the stage.
pub fn plan(
    patterns: Vec<Pattern>,
    tokens: [Text; 7],
    template: &Template,
    planner: &mut Planner<'_>,
) -> Result<()> {
    let stage = ForFields { patterns, tokens, template: template.clone(), launcher: planner.launcher() };
    let mut mistakes = Vec::new();
    for sample in SAMPLES {
        match stage.stages(|_| Some(sample.to_string())) {
            Ok(_) => {
                mistakes.clear();
                break;
            }
            Err(misread) => mistakes.push(misread),
        }
    }
    // What a name may put right is said when the name is known.
    let touches = |span: Span, filled: &[Span]| {
        filled.iter().any(|f| f.source == span.source && span.start <= f.end && f.start <= span.end)
    };
    let excused = |misread: &Misread| {
        misread.mistake.labels.iter().any(|label| label.primary && touches(label.span, &misread.filled))
    };
    if let Some(misread) = mistakes.into_iter().find(|misread| !excused(misread)) {
        return Err(misread.mistake);
    }
    planner.dataset(stage);
    Ok(())
}

/// What is wrong with a template, and where what was filled in stands.
struct Misread {
    mistake: Diagnostic,
    filled: Vec<Span>,
}

type Stages = Vec<Arc<dyn Streaming>>;

struct ForFields {
    patterns: Vec<Pattern>,
    tokens: [Text; 7],
    template: Template,
    launcher: Launcher,
}

impl ForFields {
    /// The stages that the template comes to when its tokens are filled in; or what is wrong, with the places
    /// of what was filled in.
    fn stages(&self, of: impl Fn(usize) -> Option<String>) -> Result<Stages, Box<Misread>> {
        let mut sources = self.launcher.sources();
        let next = |text: &str| {
            let found =
                self.tokens.iter().filter_map(|token| text.find(token.as_str()).map(|at| (at, token)));
            let (at, token) = found.min_by_key(|(at, _)| *at)?;
            Some((at..at + token.len(), token.clone()))
        };
        let value = |token: &str| self.tokens.iter().position(|other| other == token).and_then(&of);
        let (id, filled) = self.template.fill("foreach", &mut sources, next, value);
        let first = |mistakes: Vec<Diagnostic>| {
            let nothing = || Diagnostic::error(Code::EmptySearch, "the template is empty");
            mistakes.into_iter().next().unwrap_or_else(nothing)
        };
        let planned = parse(&sources, id, Start::Rows)
            .and_then(|search| self.launcher.plan(&search, Start::Rows))
            .map_err(|mistakes| Box::new(Misread { mistake: first(mistakes), filled }))?;
        let mut stages = Vec::new();
        for step in planned.steps {
            let Stage::Streaming(stage) = step.stage else {
                let message = "the template of `foreach` takes commands that map rows one by one";
                let mistake = Diagnostic::error(Code::Arguments, message).at(step.span, "");
                return Err(Box::new(Misread { mistake, filled: Vec::new() }));
            };
            stages.push(stage);
        }
        Ok(stages)
    }

    /// The fields that have a turn, with what the wildcards of their patterns stand for.
    fn matches(&self, rows: &Batch) -> Vec<(Text, Vec<String>)> {
        let mut found = Vec::new();
        for pattern in &self.patterns {
            if !pattern.as_str().contains('*') {
                found.push((Text::from(pattern.as_str()), Vec::new()));
                continue;
            }
            let internal = pattern.as_str().starts_with('_');
            let names = rows.display_order().into_iter().filter(|name| internal || !name.starts_with('_'));
            found.extend(names.filter_map(|name| {
                let parts = pattern.captures(name)?;
                Some((name.clone(), parts.into_iter().map(str::to_string).collect()))
            }));
        }
        found
    }
}

impl Dataset for ForFields {
    fn apply(&self, mut batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        // Which fields there are is a matter of all rows.
        let schemas: Vec<Batch> = batches.iter().map(|batch| batch.slice(0, 0)).collect();
        for (name, parts) in self.matches(&Batch::concat(&schemas)) {
            let value = |token: usize| match token {
                0 => Some(name.to_string()),
                1 => Some(parts.concat()),
                2..=4 => Some(parts.get(token - 2).cloned().unwrap_or_default()),
                _ => None,
            };
            let stages = match self.stages(value) {
                Ok(stages) => stages,
                Err(misread) => {
                    let message =
                        format!("the template is passed over for `{name}`: {}", misread.mistake.message);
                    let warning = Diagnostic::warning(Code::Template, message).at(self.template.span, "");
                    context.warnings().add(warning.help("a field's name may need quotes: `'<<FIELD>>'`"));
                    continue;
                }
            };
            for batch in &mut batches {
                let mut rows = std::mem::take(batch);
                for stage in &stages {
                    rows = stage.map(rows, context)?;
                }
                *batch = rows;
            }
        }
        Ok(batches)
    }
}
