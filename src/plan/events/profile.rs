//! What is done to the events of one source type, source and host: which stanzas of props.conf hold for them.

use std::sync::Arc;

use super::super::prefilter::{Condition, Sample};
use super::super::search_time::{Compiler, Reader, SearchTime, fill, stamp};
use super::assigned::answered;
use super::look::Look;
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Result};
use crate::eval::Regex;
use crate::io::{Form, Prefilter};
use crate::knowledge::{Assigned, IndexTransform, Target};
use crate::value::Text;

/// What is done to events.
pub struct Profile {
    /// The source type that they are searched under.
    pub source_type: Text,
    /// What is done.
    pub search_time: SearchTime,
    /// The literals one of which an event must have to count.
    pub prefilter: Option<Prefilter>,
    /// What their text says about where they are from.
    pub origins: Vec<Origin>,
    /// Whether what is asked of assigned fields can hold.
    pub possible: bool,
}

/// Reads out of an event's text where it is from (`TRANSFORMS` with `DEST_KEY`).
pub struct Origin {
    name: Text,
    regex: Regex,
    format: Text,
    target: Target,
    source_key: Option<Target>,
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
    /// The profile of events of a file.
    ///
    /// # Errors
    /// Knowledge about their source type that is broken.
    pub fn new(
        assigned: &Assigned,
        look: &Look,
        wanted: &Wanted<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Profile> {
        let layers = compiler.knowledge.layers(assigned);
        let mut of_type = compiler.knowledge.source_type_with(&assigned.source_type, &layers)?;
        let origins = of_type.index_transforms.iter().filter(|transform| look.leaves_open(transform.target));
        let origins =
            origins.map(|transform| Origin::new(transform, compiler)).collect::<Result<Vec<_>>>()?;
        if let Some(name) = of_type.rename.take() {
            // What is done while searching is what is said of the new name.
            let renamed = Assigned { source_type: name.clone(), ..assigned.clone() };
            let layers = compiler.knowledge.layers(&renamed);
            let target = compiler.knowledge.source_type_with(&name, &layers)?;
            of_type = target.with_index_time_of(of_type);
        }
        let source_type = of_type.name.clone();
        let reader = match &look.file.form {
            Form::Json => Reader::Json,
            Form::Text(_) | Form::Xml(_) => Reader::Raw,
            Form::Csv(_) => Reader::Records,
        };
        let mut search_time = if wanted.carries_model {
            SearchTime::plain(wanted.fields)
        } else if of_type.is_plain() && reader == Reader::Json {
            SearchTime::undescribed(&of_type, wanted.fields, compiler)?
        } else {
            SearchTime::new(&of_type, reader, wanted.fields, compiler)?
        };
        if look.untimed && reader == Reader::Json && !of_type.says_where_the_time_is() {
            search_time.look_for_time(stamp(&of_type, compiler)?);
        }
        let before = search_time.before(wanted.condition);
        let named = Assigned { source_type: source_type.clone(), ..assigned.clone() };
        let answered = answered(&before, &named, wanted.index);
        let possible = answered != Condition::False;
        // Where an event is from may stand in its text: then nothing is known of it before.
        let condition = if origins.is_empty() { &answered } else { &before };
        let prefilter = match reader {
            Reader::Records => None,
            Reader::Json | Reader::Raw => condition.prefilter(wanted.sample),
        };
        Ok(Profile { source_type, search_time, prefilter, origins, possible })
    }
}

impl Look {
    /// Whether the user has not said what a transform would set.
    fn leaves_open(&self, target: Target) -> bool {
        !match target {
            Target::Source => self.source_given,
            Target::SourceType => self.source_type_given,
            Target::Host => self.host_given,
        }
    }
}

impl Origin {
    fn new(transform: &IndexTransform, compiler: &mut Compiler<'_>) -> Result<Origin> {
        let text = compiler.regex(&transform.regex)?;
        let regex =
            crate::eval::compile(&text).map_err(|message| transform.regex.error(Code::Regex, message))?;
        Ok(Origin {
            name: transform.name.clone(),
            regex,
            format: transform.format.clone(),
            target: transform.target,
            source_key: transform.source_key,
        })
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        let what = match self.target {
            Target::Source => "source",
            Target::SourceType => "source type",
            Target::Host => "host",
        };
        format!("{what} by event, [{}]", self.name)
    }

    /// Sets what an event's text says about where it is from.
    fn apply(&self, raw: &str, assigned: &mut Assigned) {
        let text: &str = match self.source_key {
            None => raw,
            Some(Target::Source) => &assigned.source,
            Some(Target::SourceType) => &assigned.source_type,
            Some(Target::Host) => &assigned.host,
        };
        let Ok(Some(captures)) = self.regex.captures(text) else { return };
        let value = Text::from(fill(&self.format, &captures).as_ref());
        let place = match self.target {
            Target::Source => &mut assigned.source,
            Target::SourceType => &mut assigned.source_type,
            Target::Host => &mut assigned.host,
        };
        if !value.is_empty() {
            *place = value;
        }
    }
}

/// Where an event is from, by its file and its text.
pub fn origin(file: &Assigned, origins: &[Origin], raw: &str) -> Assigned {
    let mut assigned = file.clone();
    for origin in origins {
        origin.apply(raw, &mut assigned);
    }
    assigned
}

/// A profile that is shared.
pub type Shared = Arc<Profile>;
