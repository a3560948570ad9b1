//! From a field's name in a `tstats` search to the object that declares it.

use super::{DataModel, DataModelField, Object};
use crate::diagnostic::{Code, Diagnostic, Result, nearest};
use crate::value::Text;

/// The fields of every event, which stand without an object's lineage.
const OF_EVERY_EVENT: [&str; 7] =
    ["_time", "_indextime", "host", "source", "sourcetype", "index", "splunk_server"];

/// What a name in a search over a data model stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldPath<'m> {
    /// A field of every event: `_time`, `host`, `source`, `sourcetype`, `index` …
    OfEvent(Text),
    /// A field under the lineage of the object that declares it.
    Declared {
        /// That object.
        object: &'m Object,
        /// The field.
        field: &'m DataModelField,
    },
    /// A field under the lineage of an object that inherits it. Splunk has it under the lineage of the
    /// object that declares it only: here it is null in every row.
    Inherited {
        /// The object that the name names.
        object: &'m Object,
        /// The object that declares the field.
        declared_by: &'m Object,
        /// The field.
        field: &'m DataModelField,
    },
}

impl DataModel {
    /// What a name stands for: `All_Changes.Instance_Changes.image_id` is the field `image_id` that
    /// `Instance_Changes` declares, and `All_Changes.user` what `All_Changes` declares also where only rows of
    /// a child are searched.
    ///
    /// # Errors
    /// The model has no such field.
    pub fn resolve_field(&self, path: &str) -> Result<FieldPath<'_>> {
        if OF_EVERY_EVENT.contains(&path) {
            return Ok(FieldPath::OfEvent(path.into()));
        }
        // The longest lineage first: a field's own name may have dots.
        let mut named: Vec<(&Object, &str)> =
            self.objects().iter().filter_map(|it| split(it, path)).collect();
        named.sort_by_key(|(object, _)| std::cmp::Reverse(object.lineage.len()));
        for (object, name) in &named {
            if let Some(field) = object.declares(name) {
                return Ok(FieldPath::Declared { object, field });
            }
        }
        for (object, name) in &named {
            let declared_by = self.ancestry(object).into_iter().rev().find(|it| it.declares(name).is_some());
            if let Some(declared_by) = declared_by
                && let Some(field) = declared_by.declares(name)
            {
                return Ok(FieldPath::Inherited { object, declared_by, field });
            }
        }
        Err(self.unknown_field(path, named.first().copied()))
    }

    /// The names of all fields with their lineages, in the order of the file.
    pub fn field_paths(&self) -> impl Iterator<Item = String> {
        self.objects().iter().flat_map(|object| {
            object.declared().map(move |field| format!("{}.{}", object.lineage, field.name))
        })
    }

    fn unknown_field(&self, path: &str, named: Option<(&Object, &str)>) -> Diagnostic {
        let message = match named {
            Some((object, name)) => format!("the dataset `{}` has no field `{name}`", object.lineage),
            None => format!("the data model `{}` has no field `{path}`", self.name),
        };
        let problem = Diagnostic::warning(Code::DataModelField, message);
        let paths: Vec<String> = self.field_paths().collect();
        let last = path.rsplit('.').next().unwrap_or(path);
        let elsewhere: Vec<&str> =
            paths.iter().filter(|it| it.rsplit('.').next() == Some(last)).map(String::as_str).collect();
        match (nearest(path, paths.iter().map(String::as_str)), elsewhere.as_slice()) {
            (_, [only]) => problem.help(format!("the model has it as `{only}`")),
            (Some(near), _) => problem.help(format!("did you mean `{near}`?")),
            (None, []) => problem,
            (None, several) => problem.help(format!("the model has `{}`", several.join("`, `"))),
        }
    }
}

/// The rest of a name after an object's lineage.
fn split<'m, 'p>(object: &'m Object, path: &'p str) -> Option<(&'m Object, &'p str)> {
    let name = path.strip_prefix(object.lineage.as_str())?.strip_prefix('.')?;
    Some((object, name))
}
