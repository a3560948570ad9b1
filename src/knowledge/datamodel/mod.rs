//! Data models, in Splunk's own JSON (Knowledge Manager Manual, "About data models").

mod read;
mod resolve;
mod string;

pub use resolve::FieldPath;

use super::located::Located;
use crate::diagnostic::{Code, Diagnostic, Result, SourceId};
use crate::value::Text;

/// A data model: a forest of objects (datasets).
#[derive(Clone, Debug)]
pub struct DataModel {
    /// The name that searches use: that of the file.
    pub name: Text,
    /// The file as diagnostics print it.
    pub path: String,
    /// The name of the app it comes from.
    pub app: Text,
    /// Its text.
    pub source: SourceId,
    objects: Vec<Object>,
}

/// A dataset of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The name.
    pub name: Text,
    /// The names from the root to this object, joined by `.`: `All_Changes.Instance_Changes`. It stands
    /// before the fields that are declared here.
    pub lineage: Text,
    /// What the root of its tree is made of.
    pub root: Root,
    /// The constraints of this object alone, each a search expression; those of its ancestors hold as well.
    pub constraints: Vec<Located>,
    /// The search that makes the rows, if the object is a [`Root::Search`] of its own.
    pub base_search: Option<Located>,
    /// The fields that are declared here and extracted from the event under the same name.
    pub fields: Vec<DataModelField>,
    /// What is calculated here, in order.
    pub calculations: Vec<Calculation>,
    /// File and line, as diagnostics print them.
    pub place: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// What the root of a tree is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// Events that the constraints let through (`BaseEvent`).
    Event,
    /// The rows of a search (`BaseSearch`).
    Search,
    /// Groups of events (`BaseTransaction`).
    Transaction,
}

/// A field of a data model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataModelField {
    /// The name, without the object's lineage.
    pub name: Text,
    /// The type it is declared with.
    pub data_type: DataType,
    /// Whether Splunk drops events without it.
    pub required: bool,
    /// Whether it may have several values.
    pub multivalue: bool,
    /// Whether it is left out of lists of fields.
    pub hidden: bool,
}

/// The declared type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// `string`
    String,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `timestamp`
    Timestamp,
    /// `ipv4`
    Ipv4,
    /// `objectCount`, `childCount`: 1 for the rows that belong to an object.
    Count,
}

/// A step that makes fields of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    /// Its name in the file.
    pub id: Text,
    /// What is done.
    pub kind: CalculationKind,
    /// What comes of it.
    pub outputs: Vec<Output>,
}

/// What a calculation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalculationKind {
    /// An eval expression; it has one output.
    Eval {
        /// The expression.
        expression: Located,
    },
    /// A lookup.
    Lookup {
        /// The lookup's name.
        lookup: Text,
        /// Pairs of the table's column and the event's field.
        inputs: Vec<(Text, Text)>,
    },
    /// A regular expression whose groups are the outputs.
    Rex {
        /// The field it is applied to.
        input: Text,
        /// The expression.
        pattern: Located,
    },
    /// The location of an address.
    GeoIp {
        /// The field with the address.
        input: Text,
    },
}

/// A field that a calculation makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The field.
    pub field: DataModelField,
    /// The column of the lookup, or the part of the location, that it is taken from; the field's name in
    /// a calculation of another kind.
    pub source: Text,
}

impl DataModel {
    /// All objects, parents before their children.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The objects without a parent.
    pub fn roots(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| object.parent.is_none())
    }

    /// The object that is meant, by its name or its lineage.
    ///
    /// # Errors
    /// The model has no such object.
    pub fn object(&self, name: &str) -> Result<&Object> {
        let found = self.objects.iter().find(|object| object.name == name || object.lineage == name);
        found.ok_or_else(|| {
            let message = format!("the data model `{}` has no dataset `{name}`", self.name);
            let names = self.objects.iter().map(|object| object.name.as_str());
            let problem = Diagnostic::error(Code::UnknownDataset, message);
            match crate::diagnostic::nearest(name, names) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("its datasets are {}", self.list_objects())),
            }
        })
    }

    fn list_objects(&self) -> String {
        let names: Vec<&str> = self.objects.iter().map(|object| object.name.as_str()).collect();
        names.join(", ")
    }

    /// The objects from the root down to this one, which is the last.
    pub fn ancestry<'m>(&'m self, object: &'m Object) -> Vec<&'m Object> {
        let mut path = vec![object];
        let mut at = object;
        // Parents stand before their children, so this ends.
        while let Some(parent) = at.parent.and_then(|parent| self.objects.get(parent)) {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    /// The objects directly below this one.
    pub fn children<'m>(&'m self, object: &'m Object) -> impl Iterator<Item = &'m Object> {
        object.children.iter().filter_map(|child| self.objects.get(*child))
    }
}

impl Object {
    /// Every field that is declared here, extracted ones first, then calculated ones in order.
    pub fn declared(&self) -> impl Iterator<Item = &DataModelField> {
        let calculated = self.calculations.iter().flat_map(|it| &it.outputs).map(|output| &output.field);
        self.fields.iter().chain(calculated)
    }

    /// The field of this name that is declared here.
    pub fn declares(&self, name: &str) -> Option<&DataModelField> {
        self.declared().find(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests;
