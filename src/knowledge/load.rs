//! Apps become knowledge: each of their files is merged with those of its kind.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::app::{App, AppFile, Content};
use super::conf::Conf;
use super::located::KnowledgeFile;
use super::lookup::LookupStore;
use super::macros::Macros;
use super::{Knowledge, ModelFile, yaml};
use crate::batch::FieldMap;
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::io::decode;

impl Knowledge {
    /// Reads the settings of the built-in app and of these apps, of which later ones win. Tables are written
    /// to `write_app`, which is read as the last app unless it is among them; it need not exist yet.
    ///
    /// The warnings are about lines and macros that were passed over, and files that are not UTF-8.
    ///
    /// # Errors
    /// An app that is no folder, a file that cannot be read, a stanza's name that is not closed.
    pub fn load(
        apps: &[PathBuf],
        write_app: &Path,
        sources: &mut Sources,
    ) -> Result<(Knowledge, Vec<Diagnostic>)> {
        let mut opened = vec![App::built_in()];
        for folder in apps {
            opened.push(App::open(folder)?);
        }
        if !apps.iter().any(|folder| folder == write_app) {
            opened.push(App::open_or_new(write_app)?);
        }
        let mut warnings = Vec::new();
        let mut knowledge = Knowledge {
            apps: Vec::new(),
            write_app: write_app.to_path_buf(),
            macros: Macros::default(),
            macros_conf: Conf::default(),
            transforms: Conf::default(),
            props: Conf::default(),
            stanzas: OnceLock::new(),
            event_types: Conf::default(),
            tags: Conf::default(),
            saved_searches: Conf::default(),
            transaction_types: Conf::default(),
            fields: Conf::default(),
            collections: Conf::default(),
            tables: Conf::default(),
            search_files: OnceLock::new(),
            models: FieldMap::default(),
            lookups: LookupStore::default(),
        };
        for app in opened {
            for file in app.files() {
                knowledge.add_file(&app.name, file, sources, &mut warnings)?;
            }
            knowledge.apps.push(app);
        }
        knowledge.macros = Macros::read(&knowledge.macros_conf, &mut warnings);
        Ok((knowledge, warnings))
    }

    fn add_file(
        &mut self,
        app: &Arc<str>,
        file: &AppFile,
        sources: &mut Sources,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let conf = match &file.content {
            Content::DataModel(name) => {
                let model = ModelFile { file: file.clone(), app: Arc::clone(app), read: OnceLock::new() };
                self.models.insert(name.into(), model);
                return Ok(());
            }
            Content::Macros => &mut self.macros_conf,
            Content::Transforms => &mut self.transforms,
            Content::Props => &mut self.props,
            Content::EventTypes => &mut self.event_types,
            Content::Tags => &mut self.tags,
            Content::SavedSearches => &mut self.saved_searches,
            Content::TransactionTypes => &mut self.transaction_types,
            Content::Fields => &mut self.fields,
            Content::Collections => &mut self.collections,
            Content::Tables => &mut self.tables,
            Content::MacroYaml => &mut self.macros_conf,
            Content::LookupYaml => &mut self.transforms,
        };
        let (read, text) = read_text(app, file, sources, warnings)?;
        conf.merge(match &file.content {
            Content::MacroYaml => yaml::macros(&read, &text)?,
            Content::LookupYaml => yaml::lookup(&read, &text)?,
            _ => Conf::parse(&read, &text, warnings),
        });
        Ok(())
    }
}

/// Reads a file's text and makes it known to diagnostics.
pub(super) fn read_text(
    app: &Arc<str>,
    file: &AppFile,
    sources: &mut Sources,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(Arc<KnowledgeFile>, Arc<str>)> {
    let bytes = file.read()?;
    let (text, of_windows) = decode(&bytes);
    if of_windows {
        let message = "the file is not UTF-8 and is read as Windows-1252";
        warnings.push(Diagnostic::warning(Code::EventsNotUtf8, message).in_file(&file.path, None));
    }
    let text: Arc<str> = text.into();
    let source = sources.add(file.path.clone(), Arc::clone(&text));
    Ok((Arc::new(KnowledgeFile { path: file.path.clone(), app: Arc::clone(app), source }), text))
}
