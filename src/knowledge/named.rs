//! What a command names that stands in a file of an app: saved searches, transaction types, tables.

use std::fs;
use std::path::{Path, PathBuf};

use super::app::{AppFile, DEEPEST, is_yaml};
use super::conf::Conf;
use super::{Knowledge, Located, SavedSearch, read_text, saved, yaml};
use crate::diagnostic::{Result, Sources};
use crate::value::Text;

/// The folders of searches in the layout of security_content.
const SEARCHES: [&str; 3] = ["baselines", "detections", "investigations"];

/// What contentctl, the tool that builds an app of such folders, writes behind the name of a search and, behind a
/// label of the app, before it.
const ENDINGS: [&str; 2] = [" - Rule", " - Response Task"];
const LABEL_END: &str = " - ";

/// A file with a search.
#[derive(Debug)]
pub(super) struct SearchFile {
    /// The search's name.
    name: Text,
    app: usize,
    path: PathBuf,
}

/// The options of `transaction` that a transaction type may set, too; beside them `fields` and the marks.
pub const TRANSACTION_OPTIONS: [&str; 13] = [
    "maxspan",
    "maxpause",
    "maxevents",
    "connected",
    "unifyends",
    "keepevicted",
    "keeporphans",
    "mvlist",
    "mvraw",
    "nullstr",
    "delim",
    "maxopentxn",
    "maxopenevents",
];

impl Knowledge {
    /// The saved search of this name, if an app has one: in savedsearches.conf, or as a file of its own under the name
    /// that it has there or that the app that is built of it gives it (`ESCU - NAME - Rule`).
    ///
    /// # Errors
    /// A setting or a file that cannot be read as what it is.
    pub fn saved_search(&self, name: &str, sources: &mut Sources) -> Result<Option<SavedSearch>> {
        if let Some(found) = saved::find(&self.saved_searches, name)? {
            return Ok(Some(found));
        }
        let is_it = |file: &&SearchFile| file.name == name || built_name(&file.name, name);
        // Later apps win.
        let Some(file) = self.search_files().iter().rev().find(is_it) else { return Ok(None) };
        let Some(app) = self.apps.get(file.app) else { return Ok(None) };
        let (read, text) = read_text(&app.name, &AppFile::search(&file.path), sources, &mut Vec::new())?;
        yaml::search(&read, &text)
    }

    /// The names of the saved searches of all apps, in the order of their files.
    pub fn saved_search_names(&self) -> Vec<Text> {
        let conf = saved::all(&self.saved_searches).unwrap_or_default().into_iter().map(|saved| saved.name);
        conf.chain(self.search_files().iter().map(|file| file.name.clone())).collect()
    }

    /// The files with searches, looked for when they are first asked for.
    fn search_files(&self) -> &[SearchFile] {
        self.search_files.get_or_init(|| {
            let mut found = Vec::new();
            for (number, app) in self.apps.iter().enumerate() {
                let Some(folder) = app.folder() else { continue };
                for name in SEARCHES {
                    let mut paths = Vec::new();
                    walk(&folder.join(name), DEEPEST, &mut paths);
                    paths.sort();
                    let named = |path: PathBuf| Some(SearchFile { name: name_in(&path)?, app: number, path });
                    found.extend(paths.into_iter().filter_map(named));
                }
            }
            found
        })
    }

    /// The settings of the transaction type of this name, if an app has it.
    pub fn transaction_type(&self, name: &str) -> Option<Vec<(Text, Located)>> {
        filled(&self.transaction_types, name)
    }

    /// The settings of the description of tables of this name, if the multikv.conf of an app has it.
    pub fn table_settings(&self, name: &str) -> Option<Vec<(Text, Located)>> {
        filled(&self.tables, name)
    }

    /// The names of all descriptions of tables.
    pub fn table_names(&self) -> impl Iterator<Item = &str> {
        self.tables.stanzas().map(|stanza| stanza.name.as_str())
    }

    /// The names of all transaction types.
    pub fn transaction_type_names(&self) -> impl Iterator<Item = &str> {
        self.transaction_types.stanzas().map(|stanza| stanza.name.as_str())
    }
}

/// The settings of a stanza that are not empty.
fn filled(conf: &Conf, name: &str) -> Option<Vec<(Text, Located)>> {
    conf.stanza(name)?;
    let filled = conf.settings(name).filter(|(_, value)| !value.text().is_empty());
    Some(filled.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Whether a search of that name is called so in the app that is built of it.
fn built_name(name: &str, called: &str) -> bool {
    let bare = ENDINGS.iter().find_map(|ending| called.strip_suffix(ending)).unwrap_or(called);
    bare.strip_suffix(name).is_some_and(|label| label.ends_with(LABEL_END))
}

/// The YAML files in a folder and in those inside of it.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        match path.is_dir() {
            true if depth > 0 => walk(&path, depth - 1, found),
            true => {}
            false if path.to_str().is_some_and(is_yaml) => found.push(path),
            false => {}
        }
    }
}

/// What a file says its `name` is: only its lines are looked at, of which there are many.
fn name_in(path: &Path) -> Option<Text> {
    let text = fs::read_to_string(path).ok()?;
    let written = text.lines().find_map(|line| line.strip_prefix("name:"))?.trim();
    let bare = ['"', '\''].iter().find_map(|mark| written.strip_prefix(*mark)?.strip_suffix(*mark));
    Some(bare.unwrap_or(written).into())
}

#[cfg(test)]
mod tests {
    use super::built_name;

    #[test]
    fn names_in_the_app_that_is_built() {
        for called in ["ESCU - A B - Rule", "ESCU - A B", "My - Label - A B - Response Task"] {
            assert!(built_name("A B", called), "{called}");
        }
        for called in ["A B", "A B - Rule", "ESCU - C A B - Rule", "ESCU - A B - Task"] {
            assert!(!built_name("A B", called), "{called}");
        }
    }
}
