//! What is done to events while they are indexed, before anything is searched: `SEDCMD`, then `TRANSFORMS`, then
//! `RULESET`; copies (`CLONE_SOURCETYPE`) go through those of their own source type after that.

mod event;
mod ingest_eval;

use std::collections::BTreeMap;

use super::super::search_time::{Compiler, fill};
use super::look::Look;
use super::profile::Shared;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::{Program, Regex};
use crate::extract::Sed;
use crate::functions::EvalContext;
use crate::knowledge::{
    Assigned, IndexAction, IndexKey, IndexMatch, IndexTransform, Knowledge, Located, SourceType, Target,
};
use crate::parse::args::Word;
use crate::value::{Text, Value};

use event::as_batch;
pub use event::{Event, added, texts};
use ingest_eval::IngestEval;

/// Copies of copies beyond this are not made.
const DEEPEST_COPY: usize = 8;

/// The steps of a source type.
pub struct Indexing {
    seds: Vec<Sed>,
    steps: Vec<Step>,
}

/// A stanza that is named.
struct Step {
    name: Text,
    action: Action,
    stop_if: Option<Program>,
}

enum Action {
    Match(Box<Matching>),
    Eval(IngestEval),
    Nothing,
}

struct Matching {
    regex: Regex,
    rule: IndexMatch,
    /// Whether the user has said what would be set, and only a copy is made.
    given: bool,
}

/// What the steps may know.
pub struct Surroundings<'s> {
    /// The events as they were read.
    pub batch: &'s Batch,
    /// Their index, where nothing sets another.
    pub index: &'s Text,
    /// What expressions may know.
    pub context: &'s EvalContext,
    /// What is done to events that are from somewhere.
    pub profile_of: &'s dyn Fn(&Assigned) -> Result<Shared>,
}

impl Indexing {
    /// What a source type asks for; none if that is nothing. What the user has said of a file's source, host and
    /// index stays.
    ///
    /// # Errors
    /// An expression that cannot be read.
    pub fn new(
        of_type: &SourceType,
        look: &Look,
        index_given: bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<Option<Indexing>> {
        let given = |key: &IndexKey| match key {
            IndexKey::Of(Target::Source) => look.source_given,
            IndexKey::Of(Target::Host) => look.host_given,
            IndexKey::Index => index_given,
            IndexKey::Route => true,
            _ => false,
        };
        let mut seds = Vec::new();
        for script in &of_type.seds {
            seds.extend(read_sed(script, compiler)?);
        }
        let mut steps = Vec::new();
        for transform in &of_type.index_transforms {
            steps.extend(Step::new(transform, &given, compiler)?);
        }
        let nothing = seds.is_empty() && steps.is_empty();
        Ok((!nothing).then_some(Indexing { seds, steps }))
    }

    /// For `--explain`.
    pub fn notes(&self) -> Vec<String> {
        let seds = (!self.seds.is_empty()).then(|| "text changed while indexing, SEDCMD".to_string());
        seds.into_iter().chain(self.steps.iter().map(Step::note)).collect()
    }

    /// Whether only where an event is from may change: its text, its fields and its number stay.
    pub fn only_assigns(&self) -> bool {
        let assigns = |step: &Step| match &step.action {
            Action::Match(matching) => {
                matches!(matching.rule.dest, IndexKey::Of(_)) && matching.rule.clone_as.is_none()
            }
            Action::Eval(_) => false,
            Action::Nothing => true,
        };
        self.seds.is_empty() && self.steps.iter().all(assigns)
    }

    /// Whether something else may be done to an event while it is searched than to those of its file: it may get a source
    /// type, or a source or a host for which other stanzas hold.
    pub fn changes_search(&self, knowledge: &Knowledge) -> bool {
        let changes = |step: &Step| match &step.action {
            Action::Match(matching) if !matching.given => match &matching.rule.dest {
                IndexKey::Of(target) => {
                    let format = &matching.rule.format;
                    let value = format.strip_prefix(target.prefix()).unwrap_or(format);
                    let start = value.split('$').next().unwrap_or("");
                    knowledge.says_of_search(*target, start)
                }
                _ => false,
            },
            _ => false,
        };
        self.steps.iter().any(changes)
    }

    /// What must be read of an event.
    pub fn reads(&self) -> FieldSet {
        let mut reads = FieldSet::of(["_raw"]);
        for step in &self.steps {
            let eval = match &step.action {
                Action::Match(matching) => {
                    if let IndexKey::Named(names) = &matching.rule.source {
                        reads.extend(&FieldSet::of(names.iter().cloned()));
                    }
                    None
                }
                Action::Eval(eval) => Some(eval.reads()),
                Action::Nothing => None,
            };
            let stop_if = step.stop_if.iter().flat_map(|program| program.fields().to_vec());
            reads.extend(&FieldSet::of(eval.into_iter().flatten().chain(stop_if)));
        }
        reads
    }

    /// The events of a batch after all steps, without those that are not kept.
    ///
    /// # Errors
    /// Knowledge about the source type of a copy that is broken.
    pub fn run(&self, file: &Assigned, around: &Surroundings<'_>) -> Result<Vec<Event>> {
        let event = |row| Event {
            row,
            assigned: file.clone(),
            raw: None,
            index: None,
            time: None,
            otherwise: None,
            fields: Vec::new(),
            queue: None,
            stopped: false,
        };
        let events = (0..around.batch.rows()).map(event).collect();
        Ok(kept(self.through(events, around, &mut Vec::new())?))
    }

    /// Takes events through the steps, and their copies through those of their own; `lineage` has the source types
    /// that they are copies of.
    fn through(
        &self,
        mut events: Vec<Event>,
        around: &Surroundings<'_>,
        lineage: &mut Vec<Text>,
    ) -> Result<Vec<Event>> {
        let mut copies = Vec::new();
        if !self.seds.is_empty() {
            for event in &mut events {
                let before = Value::text(event.raw(around).as_ref());
                let after =
                    self.seds.iter().fold(before, |value, sed| sed.edit(&value, &around.context.warnings));
                event.set_raw(after.to_text().as_ref(), around);
            }
        }
        for step in &self.steps {
            match &step.action {
                Action::Match(matching) => {
                    for event in events.iter_mut().filter(|event| !event.stopped) {
                        matching.apply(event, around, &mut copies);
                    }
                }
                Action::Eval(eval) => eval.apply(&mut events, around),
                Action::Nothing => {}
            }
            if let Some(stop_if) = &step.stop_if {
                let stops = stop_if.mask(&as_batch(&events, stop_if.fields(), around), around.context);
                events.iter_mut().zip(stops).for_each(|(event, stops)| event.stopped |= stops);
            }
        }
        events.extend(through_their_own(copies, around, lineage)?);
        Ok(events)
    }
}

/// The events that are kept, in the order in which they were read: a copy stands behind what it was made of.
fn kept(mut events: Vec<Event>) -> Vec<Event> {
    events.retain(|event| event.queue.as_deref() != Some("nullQueue"));
    events.sort_by_key(|event| event.row);
    events
}

/// Events that are each from somewhere else after the steps of where they are from, without those that are not kept.
///
/// # Errors
/// Knowledge about a source type that is broken.
pub fn run_each(events: Vec<Event>, around: &Surroundings<'_>) -> Result<Vec<Event>> {
    let mut places: BTreeMap<Assigned, Vec<Event>> = BTreeMap::new();
    for event in events {
        places.entry(event.assigned.clone()).or_default().push(event);
    }
    let mut done = Vec::new();
    for (assigned, events) in places {
        done.extend(match &(around.profile_of)(&assigned)?.indexing {
            Some(indexing) => indexing.through(events, around, &mut Vec::new())?,
            None => events,
        });
    }
    Ok(kept(done))
}

fn read_sed(script: &Located, compiler: &mut Compiler<'_>) -> Result<Vec<Sed>> {
    let id = script.register(compiler.sources);
    let span = Span::new(id, 0, script.text().len());
    Sed::script(&Word { text: script.to_text(), span, quoted: true })
}

/// Reads all that is done to events of a source type while they are indexed; a warning for each step that cannot be
/// read.
///
/// # Errors
/// None: nothing is needed.
pub fn read_indexing(of_type: &SourceType, compiler: &mut Compiler<'_>) -> Result<()> {
    for script in &of_type.seds {
        let seds = read_sed(script, compiler).map(Some);
        compiler.unless_needed(seds, false, script)?;
    }
    for transform in &of_type.index_transforms {
        let step = Step::new(transform, &|_| false, compiler);
        let located = match &transform.action {
            IndexAction::Match(rule) => Some(&rule.regex),
            IndexAction::Eval(assignments) => Some(assignments),
            IndexAction::Nothing => transform.stop_if.as_ref(),
        };
        if let Some(located) = located {
            compiler.unless_needed(step, false, located)?;
        }
    }
    Ok(())
}

/// Takes copies through the steps of their own source types.
fn through_their_own(
    copies: Vec<Event>,
    around: &Surroundings<'_>,
    lineage: &mut Vec<Text>,
) -> Result<Vec<Event>> {
    let mut of_type: BTreeMap<Text, Vec<Event>> = BTreeMap::new();
    for copy in copies {
        of_type.entry(copy.assigned.source_type.clone()).or_default().push(copy);
    }
    let mut done = Vec::new();
    for (source_type, copies) in of_type {
        if lineage.contains(&source_type) || lineage.len() >= DEEPEST_COPY {
            continue;
        }
        let profile = match copies.first() {
            Some(copy) => (around.profile_of)(&copy.assigned)?,
            None => continue,
        };
        lineage.push(source_type);
        done.extend(match &profile.indexing {
            Some(indexing) => indexing.through(copies, around, lineage)?,
            None => copies,
        });
        lineage.pop();
    }
    Ok(done)
}

impl Step {
    fn new(
        transform: &IndexTransform,
        given: &dyn Fn(&IndexKey) -> bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<Option<Step>> {
        let stop_if = match &transform.stop_if {
            Some(expression) => Some(compiler.expression(expression)?),
            None => None,
        };
        let action = match &transform.action {
            IndexAction::Match(rule) if given(&rule.dest) && rule.clone_as.is_none() => Action::Nothing,
            IndexAction::Match(rule) => {
                let text = compiler.regex(&rule.regex)?;
                let regex =
                    crate::eval::compile(&text).map_err(|message| rule.regex.error(Code::Regex, message))?;
                let given = given(&rule.dest);
                Action::Match(Box::new(Matching { regex, rule: rule.as_ref().clone(), given }))
            }
            IndexAction::Eval(assignments) => Action::Eval(IngestEval::read(assignments, given, compiler)?),
            IndexAction::Nothing => Action::Nothing,
        };
        let nothing = matches!(action, Action::Nothing) && stop_if.is_none();
        Ok((!nothing).then(|| Step { name: transform.name.clone(), action, stop_if }))
    }

    fn note(&self) -> String {
        let what = match &self.action {
            Action::Match(matching) => match &matching.rule.dest {
                IndexKey::Of(Target::Source) => "source by event",
                IndexKey::Of(Target::SourceType) => "source type by event",
                IndexKey::Of(Target::Host) => "host by event",
                IndexKey::Index => "index by event",
                IndexKey::Queue => "events kept or dropped while indexing",
                IndexKey::Raw => "text changed while indexing",
                IndexKey::Time => "time by event",
                IndexKey::Fields | IndexKey::Named(_) | IndexKey::Route => "fields added while indexing",
            },
            Action::Eval(_) => "evaluated while indexing",
            Action::Nothing => "stops what is done while indexing",
        };
        format!("{what}, [{}]", self.name)
    }
}

impl Matching {
    /// Sets what a match says; with `CLONE_SOURCETYPE` in a copy.
    fn apply(&self, event: &mut Event, around: &Surroundings<'_>, copies: &mut Vec<Event>) {
        let rule = &self.rule;
        match rule.clone_as.as_ref().filter(|name| **name != event.assigned.source_type) {
            None => {
                self.set(event, around);
            }
            Some(source_type) => {
                let mut copy = event.clone();
                if self.set(&mut copy, around) {
                    copy.assigned.source_type = source_type.clone();
                    copies.push(copy);
                }
            }
        }
    }

    /// Whether it matched.
    fn set(&self, event: &mut Event, around: &Surroundings<'_>) -> bool {
        let rule = &self.rule;
        let text = event.key(&rule.source, around).into_owned();
        let end = (0..=rule.lookahead.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
        let text = text.get(..end.unwrap_or(0)).unwrap_or("");
        let mut matched = false;
        for captures in self.regex.captures_iter(text) {
            let Ok(captures) = captures else {
                let message =
                    format!("the expression of [{}] took too many steps on an event", rule.regex.place());
                around.context.warnings.add(Diagnostic::warning(Code::RegexLimit, message));
                break;
            };
            matched = true;
            if self.given {
                break;
            }
            if rule.dest == IndexKey::Fields {
                for (name, value) in &rule.fields {
                    let (name, value) = (fill(name, &captures), fill(value, &captures));
                    event.fields.push((name.as_ref().into(), Value::text(value.as_ref())));
                }
            } else {
                let before = event.key(&rule.dest, around).into_owned();
                // What was there before the match takes the place of the whole match.
                let format = rule.format.replace("$0", "\u{0}");
                let value = fill(&format, &captures).replace('\u{0}', &before);
                event.set_key(&rule.dest, &value, around);
            }
            if !rule.repeat {
                break;
            }
        }
        if let (false, false, Some(otherwise)) = (self.given, matched, &rule.otherwise) {
            match rule.dest {
                IndexKey::Fields => event.fields.extend(
                    rule.fields.iter().map(|(name, _)| (name.clone(), Value::Text(otherwise.clone()))),
                ),
                _ => event.set_key(&rule.dest, otherwise, around),
            }
        }
        matched
    }
}
