//! What is done to the events of one source type, source and host: which stanzas of props.conf hold for them.

use std::sync::Arc;

use super::super::prefilter::{Condition, Sample};
use super::super::search_time::{Compiler, Reader, SearchTime, stamp};
use super::assigned::answered;
use super::indexing::Indexing;
use super::look::Look;
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::io::{Form, Prefilter};
use crate::knowledge::Assigned;
use crate::value::Text;

/// What is done to events.
pub struct Profile {
    /// The source type that they are searched under.
    pub source_type: Text,
    /// What is done.
    pub search_time: SearchTime,
    /// The literals one of which an event must have to count.
    pub prefilter: Option<Prefilter>,
    /// What is done to them while they are indexed, if anything is.
    pub indexing: Option<Indexing>,
    /// Whether what is asked of assigned fields can hold.
    pub possible: bool,
}

/// What profiles are made for.
pub struct Wanted<'w> {
    /// The fields that are wanted.
    pub fields: &'w FieldSet,
    /// What must hold of an event to count.
    pub condition: &'w Condition,
    /// The beginning of the input.
    pub sample: &'w Sample,
    /// The index of the events; none if nobody named one.
    pub index: Option<&'w Text>,
    /// Whether events have the names of a data model already.
    pub carries_model: bool,
}

impl Profile {
    /// The profile of events of a file; of those whose text was changed while they were indexed, too.
    ///
    /// # Errors
    /// Knowledge about their source type that is broken.
    pub fn new(
        assigned: &Assigned,
        rewritten: bool,
        look: &Look,
        wanted: &Wanted<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Profile> {
        let layers = compiler.knowledge.layers(assigned);
        let mut of_type = compiler.knowledge.source_type_with(&assigned.source_type, &layers);
        of_type.problems.iter().for_each(|problem| compiler.context.warnings.add(problem.clone()));
        let indexing = Indexing::new(&of_type, look, wanted.index.is_some(), compiler)?;
        if let Some(name) = of_type.rename.take() {
            // What is done while searching is what is said of the new name.
            let renamed = Assigned { source_type: name.clone(), ..assigned.clone() };
            let layers = compiler.knowledge.layers(&renamed);
            let target = compiler.knowledge.source_type_with(&name, &layers);
            of_type = target.with_index_time_of(of_type);
        }
        let source_type = of_type.name.clone();
        let reader = match &look.file.form {
            Form::Json if rewritten => Reader::Rewritten,
            Form::Json => Reader::Json,
            Form::Text(_) | Form::Xml(_) => Reader::Raw,
            Form::Csv(_) => Reader::Records,
        };
        let mut search_time = if wanted.carries_model {
            SearchTime::plain(wanted.fields)
        } else if of_type.is_plain() && reader == Reader::Json {
            SearchTime::undescribed(&of_type, wanted.fields, wanted.condition, compiler)?
        } else {
            SearchTime::new(&of_type, reader, wanted.fields, wanted.condition, compiler)?
        };
        if look.untimed && reader == Reader::Json && !of_type.says_where_the_time_is() {
            search_time.look_for_time(stamp(&of_type, compiler)?);
        }
        let before = search_time.before(wanted.condition);
        let named = Assigned { source_type: source_type.clone(), ..assigned.clone() };
        let answered = answered(&before, &named, wanted.index);
        let only_assigns = indexing.as_ref().is_none_or(Indexing::only_assigns);
        let possible = answered != Condition::False || !only_assigns;
        // Where an event is from may stand in its text: then nothing is known of it before.
        let condition = if indexing.is_none() { &answered } else { &before };
        let prefilter = match reader {
            // What is looked for may not stand in the event as it is read.
            _ if !only_assigns => None,
            Reader::Records | Reader::Rewritten => None,
            Reader::Json | Reader::Raw => condition.prefilter(wanted.sample),
        };
        Ok(Profile { source_type, search_time, prefilter, indexing, possible })
    }
}

/// A profile that is shared.
pub type Shared = Arc<Profile>;
