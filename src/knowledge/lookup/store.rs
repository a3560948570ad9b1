//! From a lookup's name to its table: which definition, which app's file, read once.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::super::app::{App, Place, is_plain_name, is_table_name};
use super::super::conf::Conf;
use super::LookupTable;
use super::bounds::keep_passing;
use super::definition::{LookupDefinition, is_lookup, unknown};
use super::table::TableData;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The tables that were read so far, and those named on the command line.
#[derive(Debug, Default)]
pub(in super::super) struct LookupStore {
    read: Mutex<HashMap<Text, Arc<LookupTable>>>,
    overrides: HashMap<Text, PathBuf>,
}

/// All that a lookup's name is resolved against.
#[derive(Clone, Copy)]
pub(in super::super) struct Shelf<'k> {
    pub store: &'k LookupStore,
    pub transforms: &'k Conf,
    /// Later apps win.
    pub apps: &'k [App],
}

impl LookupStore {
    /// The table of this lookup is this file, whatever the apps say.
    pub fn set_file(&mut self, name: &str, path: PathBuf) {
        self.overrides.insert(name.into(), path);
        self.forget();
    }

    pub fn override_of(&self, name: &str) -> Option<&PathBuf> {
        self.overrides.get(name)
    }

    /// Forgets the tables that were read: one of them was written.
    pub fn forget(&self) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Shelf<'_> {
    /// The table of a lookup, read when it is first asked for.
    pub fn table(self, name: &str) -> Result<Arc<LookupTable>> {
        let mut read = self.store.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = read.get(name) {
            return Ok(Arc::clone(table));
        }
        let definition = self.definition(name)?;
        let table = Arc::new(self.read(definition)?);
        read.insert(name.into(), Arc::clone(&table));
        Ok(table)
    }

    fn read(self, definition: LookupDefinition) -> Result<LookupTable> {
        if let Some((place, shown)) = self.find_file(&definition)? {
            let (mut data, warnings) = TableData::read(&place, &shown)?;
            if let Some(filter) = &definition.filter {
                keep_passing(filter, &mut data)?;
            }
            return Ok(LookupTable::new(definition, Arc::new(data), shown, warnings));
        }
        match &definition.collection_fields {
            // A collection that nothing was written to is empty, and not missing.
            Some(fields) => {
                let data = TableData::empty(fields.clone());
                let shown = definition.place.clone().unwrap_or_default();
                Ok(LookupTable::new(definition, Arc::new(data), shown, Vec::new()))
            }
            None => Err(self.missing(&definition)),
        }
    }

    /// Whether the table of a definition exists. A collection always does: at first it is empty.
    pub fn has_table(self, definition: &LookupDefinition) -> Result<bool> {
        Ok(definition.collection_fields.is_some() || self.find_file(definition)?.is_some())
    }

    /// The file of a definition: the one named on the command line, or that of the last app that has it.
    pub fn find_file(self, definition: &LookupDefinition) -> Result<Option<(Place, String)>> {
        if let Some(path) = self.store.override_of(&definition.name) {
            return Ok(Some((Place::Disk(path.clone()), path.display().to_string())));
        }
        self.find_in(self.apps, definition)
    }

    /// The file of a definition in the last of these apps that has it.
    pub fn find_in(self, apps: &[App], definition: &LookupDefinition) -> Result<Option<(Place, String)>> {
        check_name(definition)?;
        for app in apps.iter().rev() {
            if let Some(found) = app.lookup_file(&definition.file)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// That the table of a definition does not exist.
    pub fn missing(self, definition: &LookupDefinition) -> Diagnostic {
        let LookupDefinition { name, file, place, .. } = definition;
        let message = format!("the table of the lookup `{name}`, `{file}`, does not exist");
        let folders: Vec<String> = self.apps.iter().rev().map(App::lookups_shown).collect();
        let mut problem = Diagnostic::error(Code::LookupFile, message);
        problem.place = place.clone();
        problem.help(format!("it was looked for in {}", folders.join(", ")))
    }

    /// What is known about a lookup: its stanza in transforms.conf, or that a table of this name exists.
    pub fn definition(self, name: &str) -> Result<LookupDefinition> {
        if let Some(stanza) = self.transforms.stanza(name)
            && let Some(found) = LookupDefinition::read(self.transforms, stanza)?
        {
            return Ok(found);
        }
        if self.store.override_of(name).is_some() {
            return Ok(LookupDefinition::of_file(name, &format!("{name}.csv")));
        }
        let by_file = LookupDefinition::of_file(name, name);
        if name.contains(['/', '\\']) {
            check_name(&by_file)?;
        }
        if is_table_name(name) && self.find_file(&by_file)?.is_some() {
            return Ok(by_file);
        }
        let names = self.names();
        Err(unknown(name, names.iter().map(String::as_str)))
    }

    /// What a table is called that is to be written: a definition, or a new file's name.
    pub fn definition_to_write(self, name: &str) -> Result<LookupDefinition> {
        let definition = match self.definition(name) {
            Err(problem) if problem.code == Code::UnknownLookup => {
                if !is_table_name(name) {
                    return Err(problem.help("a name that ends in .csv makes a new table"));
                }
                LookupDefinition::of_file(name, name)
            }
            other => other?,
        };
        check_name(&definition)?;
        if let Some(path) = self.store.override_of(name) {
            let message =
                format!("the table of `{name}` was given as `{}` and is not written", path.display());
            return Err(Diagnostic::error(Code::LookupWrite, message)
                .help("put the table into the lookups/ of an --app, and leave --lookup out"));
        }
        Ok(definition)
    }

    /// The names of all lookups: definitions, tables named on the command line, and files.
    pub fn names(self) -> Vec<String> {
        let defined = self.transforms.stanzas().map(|stanza| stanza.name.as_str());
        let defined = defined.filter(|name| is_lookup(self.transforms, name)).map(str::to_string);
        let overrides = self.store.overrides.keys().map(|name| name.to_string());
        let mut names: Vec<String> = defined.chain(overrides).collect();
        names.extend(self.apps.iter().flat_map(App::lookup_names));
        names.sort();
        names.dedup();
        names
    }
}

/// A table's file stays in its app's `lookups/`: a definition may come from anywhere.
fn check_name(definition: &LookupDefinition) -> Result<()> {
    let LookupDefinition { name, file, place, .. } = definition;
    if is_plain_name(file) {
        return Ok(());
    }
    let message = if name == file {
        format!("`{file}` is not the name of a table: a lookup's file stands in the lookups/ of an app")
    } else {
        format!("the file of the lookup `{name}`, `{file}`, does not stand in the lookups/ of an app")
    };
    let mut problem = Diagnostic::error(Code::LookupPath, message)
        .help("write the file's name without a folder, or name the file with --lookup NAME=FILE");
    problem.place = place.clone();
    Err(problem)
}
