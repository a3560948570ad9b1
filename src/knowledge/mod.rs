//! What a search leans on, in the files Splunk uses: macros, lookups, data models, source types.
//!
//! A [`Knowledge`] is a list of apps, the built-in one first; later apps win over earlier ones, key by key.
//! Expressions and searches in it stay text that knows where it was read ([`Located`]); nothing is
//! evaluated here. Lookup tables and data models are read when they are first asked for.

mod app;
mod conf;
mod datamodel;
mod geo;
mod ignored;
mod load;
mod located;
mod lookup;
mod macros;
mod named;
mod saved;
mod sourcetype;
mod summary;
mod words;
pub(crate) mod yaml;

pub use app::{App, BUILT_IN_PLACES, built_in_file, built_in_paths};
pub use conf::parse_bool;
pub use datamodel::{
    Calculation, CalculationKind, DataModel, DataModelField, DataType, FieldPath, Object, Output, Root,
};
pub use geo::{GeoDatabase, Location};
pub use located::{KnowledgeFile, Located};
pub use lookup::{
    KEY as COLLECTION_KEY, LookupDefinition, LookupMatch, LookupMatcher, LookupSnapshot, LookupTable,
    MatchType, WriteOptions, Written, multivalue,
};
pub use macros::Macro;
pub use named::TRANSACTION_OPTIONS;
pub use saved::SavedSearch;
pub(crate) use saved::of_file as saved_searches_of;
pub use sourcetype::{
    Alias, Assigned, AutomaticLookup, BreakingRules, Calculated, CsvRules, EventType, Extraction,
    ExtractionKind, FieldTransform, IndexAction, IndexKey, IndexMatch, IndexTransform, KvMode, Measures,
    MetricSchema, NamePart, Recognised, SourceType, Structure, TagRule, Target,
};

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use app::AppFile;
use conf::{Conf, Stanza, filled};
use load::read_text;
use lookup::{LookupStore, Shelf, results};
use macros::Macros;
use sourcetype::Stanzas;

use crate::batch::FieldMap;
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::value::{Text, Value};

/// All apps together.
#[derive(Debug)]
pub struct Knowledge {
    /// In order of precedence; the last wins.
    apps: Vec<App>,
    /// Where lookup tables are written.
    write_app: PathBuf,
    macros: Macros,
    macros_conf: Conf,
    transforms: Conf,
    props: Conf,
    /// The stanzas of props.conf that have patterns, and what is wrong with them; read when first asked for.
    stanzas: OnceLock<(Stanzas, Vec<Diagnostic>)>,
    event_types: Conf,
    tags: Conf,
    saved_searches: Conf,
    transaction_types: Conf,
    fields: Conf,
    /// Read for what is said of it: the types of fields are not enforced.
    collections: Conf,
    tables: Conf,
    /// Files with a saved search each; looked for when first asked for.
    search_files: OnceLock<Vec<named::SearchFile>>,
    models: FieldMap<ModelFile>,
    lookups: LookupStore,
}

/// A data model's file, and what was read from it.
#[derive(Debug)]
struct ModelFile {
    file: AppFile,
    app: Arc<str>,
    read: OnceLock<Result<Arc<DataModel>>>,
}

impl Knowledge {
    /// The apps, the one that wins last.
    pub fn apps(&self) -> &[App] {
        &self.apps
    }

    /// Defines a macro from the command line: `NAME=DEFINITION`, `NAME(a,b)=DEFINITION` or, with `$1$` and
    /// `$2$` for its arguments, `NAME(2)=DEFINITION`. It wins over the apps.
    ///
    /// # Errors
    /// Text that is no such definition.
    pub fn define_macro(&mut self, text: &str, sources: &mut Sources) -> Result<()> {
        self.macros.insert(macros::from_command_line(text, sources)?);
        Ok(())
    }

    /// The macro of this name with so many arguments.
    pub fn find_macro(&self, name: &str, arity: usize) -> Option<&Macro> {
        self.macros.find(name, arity)
    }

    /// With how many arguments a macro is defined, ascending; nothing for an unknown name.
    pub fn macro_arities(&self, name: &str) -> Vec<usize> {
        self.macros.arities(name)
    }

    /// The names of all macros, in order.
    pub fn macro_names(&self) -> impl Iterator<Item = &str> {
        self.macros.names()
    }

    /// Makes a file the table of a lookup, whatever the apps say. How it is matched stays.
    pub fn set_lookup_file(&mut self, name: &str, path: impl Into<PathBuf>) {
        self.lookups.set_file(name, path.into());
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf { store: &self.lookups, transforms: &self.transforms, apps: &self.apps }
    }

    /// The table of a lookup, by the definition's name or by the file's name if that ends in `.csv` or
    /// `.csv.gz`. It is read once; what was repaired in it is in [`LookupTable::warnings`].
    ///
    /// # Errors
    /// No such lookup; a definition that cannot be read or is of a kind that is not supported; a table that
    /// is missing, unreadable, or not in its app's `lookups/`.
    pub fn lookup(&self, name: &str) -> Result<Arc<LookupTable>> {
        self.shelf().table(name)
    }

    /// The table of a lookup; nothing where the lookup is known and its table does not exist.
    ///
    /// # Errors
    /// As for [`Knowledge::lookup`], except for a table that is missing.
    pub fn lookup_if_there(&self, name: &str) -> Result<Option<Arc<LookupTable>>> {
        let there = self.shelf().has_table(&self.lookup_definition(name)?)?;
        there.then(|| self.lookup(name)).transpose()
    }

    /// What is known about a lookup, without reading its table.
    ///
    /// # Errors
    /// As for [`Knowledge::lookup`], except for the table.
    pub fn lookup_definition(&self, name: &str) -> Result<LookupDefinition> {
        self.shelf().definition(name)
    }

    /// What a search that needs a lookup would be told, without reading its table; none if it can be used.
    pub fn lookup_problem(&self, name: &str) -> Option<Diagnostic> {
        let shelf = self.shelf();
        match shelf.definition(name).and_then(|definition| Ok((shelf.has_table(&definition)?, definition))) {
            Ok((true, _)) => None,
            Ok((false, definition)) => Some(shelf.missing(&definition)),
            Err(problem) => Some(problem),
        }
    }

    /// The program that a lookup's definition names; none for a table.
    pub fn lookup_program(&self, name: &str) -> Option<Text> {
        let command = filled(self.transforms.get(name, "external_cmd"))?;
        command.text().split_whitespace().next().map(Text::from)
    }

    /// What is known about a lookup that is to be written: a name ending in `.csv` need not exist yet.
    ///
    /// # Errors
    /// As for [`Knowledge::lookup_definition`]; a table that was given with `--lookup`.
    pub fn lookup_to_write(&self, name: &str) -> Result<LookupDefinition> {
        self.shelf().definition_to_write(name)
    }

    /// The file that the table of a lookup is written to.
    pub fn lookup_write_path(&self, definition: &LookupDefinition) -> PathBuf {
        lookup::write_path(&self.write_app, definition)
    }

    /// The names of all lookups, definitions and files, in order.
    pub fn lookup_names(&self) -> Vec<String> {
        self.shelf().names()
    }

    /// Writes the table of a lookup into the app that tables are written to. Later calls of
    /// [`Knowledge::lookup`] see it; a table that was handed out before stays as it was.
    ///
    /// `rows` have a cell for each of `columns`. Fields that begin with `_` are not written, except `_key`
    /// and `_time`; a multivalue field becomes its values with blanks between them.
    ///
    /// # Errors
    /// No such lookup; a table that was given with `--lookup`; a table that cannot be written, in which case
    /// the old one is still there.
    pub fn write_lookup(
        &self,
        name: &str,
        columns: &[Text],
        rows: impl IntoIterator<Item = Vec<Value>>,
        options: WriteOptions,
    ) -> Result<Written> {
        self.shelf().write(&self.write_app, name, columns, rows, options)
    }

    /// The file that results of this name are kept in: `.csv` is added where it is missing.
    ///
    /// # Errors
    /// A name with a folder.
    pub fn results_file(&self, name: &str) -> Result<Text> {
        results::file_of(name)
    }

    /// The path of such a file.
    pub fn results_path(&self, file: &str) -> PathBuf {
        self.write_app.join(results::FOLDER).join(file)
    }

    /// The rows of a file of results as it is now; nothing if it does not exist.
    ///
    /// # Errors
    /// The file cannot be read, or leads out of its folder.
    pub fn results(&self, file: &str) -> Result<Option<Arc<LookupTable>>> {
        results::read(&self.write_app, file)
    }

    /// Writes rows into a file of results, with all columns; without rows nothing is in it.
    ///
    /// # Errors
    /// The file cannot be written, in which case the old one is still there.
    pub fn write_results(
        &self,
        file: &str,
        columns: &[Text],
        rows: impl IntoIterator<Item = Vec<Value>>,
        options: WriteOptions,
    ) -> Result<Written> {
        results::write(&self.write_app, file, columns, rows, options)
    }

    /// A file of a summary index.
    ///
    /// # Errors
    /// An index, or a file, with a folder in its name.
    pub fn summary_path(&self, index: &str, file: &str) -> Result<PathBuf> {
        summary::path_of(&self.write_app, index, file)
    }

    /// Adds events, one a line, to such a file: all of them or none.
    ///
    /// # Errors
    /// The file cannot be written, in which case it is as it was.
    pub fn append_summary(&self, path: &Path, lines: &str) -> Result<()> {
        summary::append(path, lines)
    }

    /// A data model, read when it is first asked for. Its name is that of its file.
    ///
    /// # Errors
    /// No such model; a file that is no JSON, or whose objects are not a tree.
    pub fn data_model(&self, name: &str, sources: &mut Sources) -> Result<Arc<DataModel>> {
        let Some(model) = self.models.get(name) else {
            let message = format!("no app defines the data model `{name}`");
            let names: Vec<&str> = self.models.keys().map(Text::as_str).collect();
            let problem = Diagnostic::error(Code::UnknownDataModel, message);
            let suggested = problem.suggest(name, names.iter().copied());
            return Err(match suggested.help.is_empty() {
                true => suggested.help(format!("the data models are {}", names.join(", "))),
                false => suggested,
            });
        };
        let read = || {
            let mut warnings = Vec::new();
            let (file, text) = read_text(&model.app, &model.file, sources, &mut warnings)?;
            if !warnings.is_empty() {
                let message = "the data model is not UTF-8, which JSON must be";
                return Err(Diagnostic::error(Code::Knowledge, message).in_file(&file.path, None));
            }
            DataModel::parse(name, &file, &text).map(Arc::new)
        };
        model.read.get_or_init(read).clone()
    }

    /// The names of all data models, in the order of the apps.
    pub fn data_model_names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(Text::as_str)
    }

    /// The names of all source types that props.conf says something about, in order.
    pub fn source_type_names(&self) -> Vec<&str> {
        sourcetype::names(&self.props)
    }

    /// The names of all stanzas of props.conf, in order of their first appearance.
    pub fn stanza_names(&self) -> Vec<Text> {
        self.props.stanzas().map(|stanza| stanza.name.clone()).collect()
    }

    /// What props.conf says about a source type, with the transforms that it names; Splunk's defaults for one
    /// that it does not name.
    pub fn source_type(&self, name: &str) -> SourceType {
        self.source_type_with(name, &[self.spelt(name)])
    }

    /// What props.conf says about a source type by these of its stanzas, of which the last wins: see
    /// [`Knowledge::layers`].
    pub fn source_type_with(&self, name: &str, layers: &[Text]) -> SourceType {
        let names = || layers.iter().map(Text::as_str);
        let files = (&self.event_types, &self.tags);
        let classifies = |app: &str| sourcetype::classifies(app, name, names(), files);
        let add_on = sourcetype::add_on_of(&self.props, names(), classifies);
        SourceType::read(name, names(), add_on, &self.props, &self.transforms)
    }

    /// The stanzas of props.conf that hold for an event, the one that wins last.
    pub fn layers(&self, of: &Assigned) -> Arc<[Text]> {
        let source_type = self.spelt(&of.source_type);
        self.stanzas().0.layers(&Assigned { source_type, ..of.clone() })
    }

    /// Whether something is said of searching events that get a source or a host whose name begins so; of a source type
    /// that they get, always.
    pub fn says_of_search(&self, target: Target, start: &str) -> bool {
        let says = |name: &Text| {
            let settings = self.props.stanza(name).into_iter().flat_map(Stanza::settings);
            settings.into_iter().any(|(key, _)| sourcetype::is_of_search_time(key))
        };
        target == Target::SourceType || self.stanzas().0.about(target, start).any(says)
    }

    /// The source type that a stanza `[source::…]` gives to a file, and the stanza.
    pub fn source_type_of_path(&self, path: &str) -> Option<(&Text, &Text)> {
        self.stanzas().0.source_type_of(path)
    }

    /// What a stanza `[rule::…]` recognises in the lines or events of a file.
    pub fn recognise(&self, lines: &[&str]) -> Option<Recognised<'_>> {
        self.stanzas().0.recognise(lines)
    }

    /// What is wrong with patterns and rules of props.conf, each of which is passed over.
    pub fn stanza_problems(&self) -> Vec<Diagnostic> {
        let (stanzas, problems) = self.stanzas();
        let pattern = |(name, message): (&Text, String)| {
            let stanza = self.props.stanza(name)?;
            Some(Diagnostic::error(Code::Regex, message).in_file(&stanza.file.path, Some(stanza.line)))
        };
        let patterns = stanzas.pattern_problems().filter_map(pattern);
        problems.iter().cloned().chain(patterns).chain(stanzas.rule_problems()).collect()
    }

    fn stanzas(&self) -> &(Stanzas, Vec<Diagnostic>) {
        self.stanzas.get_or_init(|| Stanzas::read(&self.props))
    }

    /// A source type's name as props.conf spells it, where only the case differs.
    fn spelt(&self, name: &str) -> Text {
        let other = || self.props.stanzas().find(|stanza| stanza.name.eq_ignore_ascii_case(name));
        let found = self.props.stanza(name).or_else(other);
        found.map_or_else(|| name.into(), |stanza| stanza.name.clone())
    }

    /// The field transform of this name, if an app has one.
    ///
    /// # Errors
    /// A setting that cannot be read as what it is.
    pub fn field_transform(&self, name: &str) -> Result<Option<FieldTransform>> {
        FieldTransform::read(name, &self.transforms)
    }

    /// The fields that hold several values in a text, and the expression for one of them (fields.conf, `TOKENIZER`).
    pub fn tokenizers(&self) -> Vec<(Text, Located)> {
        let of = |stanza: &Stanza| {
            Some((stanza.name.clone(), filled(self.fields.get(&stanza.name, "TOKENIZER"))?.clone()))
        };
        self.fields.stanzas().filter_map(of).collect()
    }

    /// The names of the stanzas among which field transforms are.
    pub fn transform_names(&self) -> Vec<&str> {
        self.transforms.stanzas().map(|stanza| stanza.name.as_str()).collect()
    }

    /// The event types that are not disabled, by name, and what is wrong with others, which are left out.
    pub fn event_types(&self) -> (Vec<EventType>, Vec<Diagnostic>) {
        sourcetype::event_types(&self.event_types)
    }

    /// The tags that are enabled, with the field and value that carry them, by field and value, and what is passed
    /// over. The tags of event types are those of the field `eventtype`.
    pub fn tags(&self) -> (Vec<TagRule>, Vec<Diagnostic>) {
        sourcetype::tags(&self.tags, &self.event_types)
    }
}

#[cfg(test)]
mod tests;
