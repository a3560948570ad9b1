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
use crate::knowledge::{Assigned, Knowledge};
use crate::value::Text;

/// What is done to events.
pub struct Profile {
    /// The source type that they are searched under.
    pub source_type: Text,
    /// What is done.
    pub search_time: Arc<SearchTime>,
    /// The literals one of which an event must have to count.
    pub prefilter: Option<Prefilter>,
    /// What is done to them while they are indexed, if anything is.
    pub indexing: Option<Arc<Indexing>>,
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

/// What the steps of a profile depend on: files of one kind have the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    source_type: Text,
    /// The stanzas of props.conf that hold.
    layers: Arc<[Text]>,
    reader: Reader,
    /// Whether the time is looked for in the text of JSON.
    untimed: bool,
    /// Whether the key that the time stands behind is inside of another.
    time_inside: bool,
    source_given: bool,
    host_given: bool,
}

/// The steps of a profile.
#[derive(Clone)]
pub struct Steps {
    source_type: Text,
    search_time: Arc<SearchTime>,
    indexing: Option<Arc<Indexing>>,
    /// Whether events may get what is not said of their file.
    changes_search: bool,
}

impl Kind {
    /// The kind of events of a file; of those whose text was changed while they were indexed, too.
    pub fn new(assigned: &Assigned, rewritten: bool, look: &Look, knowledge: &Knowledge) -> Kind {
        let reader = match &look.file.form {
            _ if look.wrapping.is_some() => Reader::Wrapped,
            Form::Json if rewritten => Reader::Rewritten,
            Form::Json => Reader::Json,
            Form::Text(_) | Form::Xml(_) => Reader::Raw,
            Form::Csv(_) => Reader::Records,
        };
        Kind {
            source_type: assigned.source_type.clone(),
            layers: knowledge.layers(assigned),
            reader,
            untimed: look.untimed,
            time_inside: look.time_inside,
            source_given: look.source_given,
            host_given: look.host_given,
        }
    }

    /// The steps.
    ///
    /// # Errors
    /// Knowledge about the source type that is broken.
    pub fn steps(
        &self,
        assigned: &Assigned,
        look: &Look,
        wanted: &Wanted<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Steps> {
        let mut of_type = compiler.knowledge.source_type_with(&self.source_type, &self.layers);
        of_type.problems.iter().for_each(|problem| compiler.context.warnings.add(problem.clone()));
        let indexing = Indexing::new(&of_type, look, wanted.index.is_some(), compiler)?;
        if let Some(name) = of_type.rename.take() {
            // What is done while searching is what is said of the new name.
            let renamed = Assigned { source_type: name.clone(), ..assigned.clone() };
            let layers = compiler.knowledge.layers(&renamed);
            let target = compiler.knowledge.source_type_with(&name, &layers);
            of_type = target.with_index_time_of(of_type);
        }
        let reader = self.reader;
        let mut search_time = if wanted.carries_model {
            SearchTime::plain(wanted.fields)
        } else if of_type.is_plain() && reader == Reader::Json {
            SearchTime::undescribed(&of_type, wanted.fields, wanted.condition, compiler)?
        } else {
            SearchTime::new(&of_type, reader, wanted.fields, wanted.condition, compiler)?
        };
        let nowhere = self.untimed && reader == Reader::Json && !of_type.says_where_the_time_is();
        if nowhere || (self.time_inside && matches!(reader, Reader::Json | Reader::Rewritten)) {
            search_time.look_for_time(stamp(&of_type, compiler)?);
        }
        let changes_search =
            indexing.as_ref().is_some_and(|indexing| indexing.changes_search(compiler.knowledge));
        let (search_time, indexing) = (Arc::new(search_time), indexing.map(Arc::new));
        Ok(Steps { source_type: of_type.name, search_time, indexing, changes_search })
    }
}

impl Profile {
    /// The profile of events that are from somewhere.
    pub fn new(assigned: &Assigned, kind: &Kind, steps: &Steps, wanted: &Wanted<'_>) -> Profile {
        let Steps { source_type, search_time, indexing, changes_search } = steps.clone();
        let before = search_time.before(wanted.condition);
        let named = Assigned { source_type: source_type.clone(), ..assigned.clone() };
        let answered = answered(&before, &named, wanted.index);
        let only_assigns = indexing.as_ref().is_none_or(|indexing| indexing.only_assigns());
        let possible = answered != Condition::False || !only_assigns;
        // Where an event is from may stand in its text: then nothing is known of it before.
        let condition = if indexing.is_none() { &answered } else { &before };
        let prefilter = match kind.reader {
            // What is looked for may not stand in the event as it is read, or be found in it in another way.
            _ if !only_assigns || changes_search => None,
            Reader::Records | Reader::Rewritten | Reader::Wrapped => None,
            Reader::Json | Reader::Raw => condition.prefilter(wanted.sample),
        };
        Profile { source_type, search_time, prefilter, indexing, possible }
    }
}

/// A profile that is shared.
pub type Shared = Arc<Profile>;
