//! An app: a folder of knowledge, or the one inside the binary.
//!
//! Three layouts are read, and may be mixed in one folder:
//! - the project's own: `macros/*.conf`, `lookups/*.csv` with `lookups/*.conf`, `datamodels/*.json`,
//!   `sourcetypes/**/{props,transforms,eventtypes,tags,multikv}.conf`;
//! - that of security_content: `macros/*.yml`, `lookups/*.csv` with `lookups/*.yml`;
//! - Splunk's: `default/*.conf`, `local/*.conf`, `default/data/models/*.json`,
//!   `local/data/models/*.json`, `lookups/`. What is in `local/` wins over `default/`, key by key.
//!
//! The built-in app also has the shipped searches, `queries/*`: [`built_in_paths`], [`built_in_file`].

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use crate::diagnostic::{Code, Diagnostic, Result};

/// The files of the built-in app: path from the project's root, and contents.
static BUILT_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// The name of the built-in app.
pub const BUILT_IN_NAME: &str = "built-in";

/// What the places in it begin with.
pub const BUILT_IN_PLACES: &str = "built-in/";

/// The folders that are read, with all that is in them.
const FOLDERS: [&str; 6] = ["macros", "lookups", "datamodels", "sourcetypes", "default", "local"];

/// How deep folders are followed: a folder that is linked into itself must not lead on for ever.
pub(super) const DEEPEST: usize = 8;

/// What a file of an app holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// `macros.conf`
    Macros,
    /// `transforms.conf`: lookup definitions and field transforms.
    Transforms,
    /// `props.conf`: source types.
    Props,
    /// `eventtypes.conf`
    EventTypes,
    /// `tags.conf`
    Tags,
    /// `savedsearches.conf`
    SavedSearches,
    /// `transactiontypes.conf`
    TransactionTypes,
    /// `fields.conf`
    Fields,
    /// `collections.conf`
    Collections,
    /// `multikv.conf`
    Tables,
    /// A data model of this name.
    DataModel(String),
    /// A macro in YAML.
    MacroYaml,
    /// A lookup definition in YAML.
    LookupYaml,
}

/// A file of an app.
#[derive(Clone, Debug)]
pub struct AppFile {
    /// What it holds.
    pub content: Content,
    /// The path as diagnostics print it.
    pub path: String,
    /// 0: the project's layout, 1: `default/`, 2: `local/`.
    layer: u8,
    place: Place,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the binary.
    BuiltIn(&'static [u8]),
    /// On disk.
    Disk(PathBuf),
}

impl Place {
    /// All bytes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Place::BuiltIn(bytes) => Ok(Cow::Borrowed(bytes)),
            Place::Disk(path) => fs::read(path).map(Cow::Owned),
        }
    }
}

impl AppFile {
    /// A file with a saved search.
    pub(super) fn search(path: &Path) -> AppFile {
        let shown = path.display().to_string();
        AppFile {
            content: Content::SavedSearches,
            path: shown,
            layer: 0,
            place: Place::Disk(path.to_path_buf()),
        }
    }

    /// All bytes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> Result<Cow<'static, [u8]>> {
        self.place.read().map_err(|error| {
            Diagnostic::error(Code::Knowledge, format!("the file cannot be read: {error}"))
                .in_file(&self.path, None)
        })
    }
}

/// An app.
#[derive(Clone, Debug)]
pub struct App {
    /// The folder's name.
    pub name: Arc<str>,
    /// The folder; none for the built-in app.
    folder: Option<PathBuf>,
    files: Vec<AppFile>,
}

impl App {
    /// The app inside the binary.
    pub fn built_in() -> App {
        let mut app = App { name: BUILT_IN_NAME.into(), folder: None, files: Vec::new() };
        for (relative, bytes) in BUILT_IN {
            app.add(relative, format!("{BUILT_IN_NAME}/{relative}"), Place::BuiltIn(bytes));
        }
        app.sort();
        app
    }

    /// The app in a folder. Its files are listed, not yet read.
    ///
    /// # Errors
    /// The folder does not exist, or cannot be listed.
    pub fn open(folder: &Path) -> Result<App> {
        let shown = folder.display().to_string();
        if !folder.is_dir() {
            let message = if folder.exists() { "is not a folder" } else { "does not exist" };
            return Err(Diagnostic::error(Code::Knowledge, format!("the app `{shown}` {message}")).help(
                "an app is a folder with macros/, lookups/, datamodels/, sourcetypes/, default/ or local/",
            ));
        }
        let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_string()));
        let mut app = App {
            name: name.unwrap_or_else(|| shown.clone()).into(),
            folder: Some(folder.to_path_buf()),
            files: Vec::new(),
        };
        for name in FOLDERS {
            app.walk(name, &folder.join(name), DEEPEST).map_err(|(path, error)| {
                Diagnostic::error(Code::Knowledge, format!("the folder cannot be listed: {error}"))
                    .in_file(path.display().to_string(), None)
            })?;
        }
        app.sort();
        Ok(app)
    }

    /// The app in a folder that need not exist yet: tables may be written to it.
    ///
    /// # Errors
    /// The folder is none, or cannot be listed.
    pub fn open_or_new(folder: &Path) -> Result<App> {
        if folder.exists() {
            return App::open(folder);
        }
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(App { name: name.into(), folder: Some(folder.to_path_buf()), files: Vec::new() })
    }

    fn walk(&mut self, relative: &str, path: &Path, depth: usize) -> Result<(), (PathBuf, io::Error)> {
        if depth == 0 || !path.is_dir() {
            return Ok(());
        }
        let failed = |error| (path.to_path_buf(), error);
        for entry in fs::read_dir(path).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let relative = format!("{relative}/{name}");
            if path.is_dir() {
                self.walk(&relative, &path, depth - 1)?;
            } else {
                self.add(&relative, path.display().to_string(), Place::Disk(path));
            }
        }
        Ok(())
    }

    fn add(&mut self, relative: &str, path: String, place: Place) {
        if let Some((layer, content)) = classify(relative) {
            self.files.push(AppFile { content, path, layer, place });
        }
    }

    /// What comes later wins, on every machine in the same order.
    fn sort(&mut self) {
        self.files.sort_by(|a, b| (a.layer, &a.path).cmp(&(b.layer, &b.path)));
    }

    /// The files that hold settings or data models; what comes later wins.
    pub(super) fn files(&self) -> &[AppFile] {
        &self.files
    }

    /// The folder; none for the built-in app.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The folder of lookup tables, as diagnostics print it.
    pub(super) fn lookups_shown(&self) -> String {
        match &self.folder {
            Some(folder) => folder.join("lookups").display().to_string(),
            None => format!("{BUILT_IN_NAME}/lookups"),
        }
    }

    /// The lookup table of this file name with the path to print, if the app has it now. The name must be
    /// a plain one: see [`is_plain_name`].
    ///
    /// # Errors
    /// The file is a link that leads out of the app's lookups.
    pub(super) fn lookup_file(&self, name: &str) -> Result<Option<(Place, String)>> {
        let Some(folder) = &self.folder else {
            let wanted = format!("lookups/{name}");
            let found = BUILT_IN.iter().find(|(path, _)| *path == wanted);
            return Ok(found.map(|(path, bytes)| (Place::BuiltIn(bytes), format!("{BUILT_IN_NAME}/{path}"))));
        };
        file_in(folder, "lookups", name)
    }

    /// The names of the lookup tables that the app has now.
    pub fn lookup_names(&self) -> Vec<String> {
        let names: Vec<String> = match &self.folder {
            None => BUILT_IN
                .iter()
                .filter_map(|(path, _)| path.strip_prefix("lookups/"))
                .map(str::to_string)
                .collect(),
            Some(folder) => fs::read_dir(folder.join("lookups")).map_or_else(
                |_| Vec::new(),
                |entries| entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect(),
            ),
        };
        names.into_iter().filter(|name| is_table_name(name)).collect()
    }
}

/// The built-in app's file of this path, such as `queries/x.spl`.
pub fn built_in_file(path: &str) -> Option<&'static [u8]> {
    BUILT_IN.iter().find(|(at, _)| *at == path).map(|(_, bytes)| *bytes)
}

/// The paths of all files of the built-in app, from the project's root.
pub fn built_in_paths() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(path, _)| *path)
}

/// A file in a folder of an app, and its path as diagnostics print it. The name must be a plain one.
///
/// # Errors
/// The file is a link that leads out of that folder.
pub(super) fn file_in(app: &Path, folder: &str, name: &str) -> Result<Option<(Place, String)>> {
    let files = app.join(folder);
    let path = files.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let inside = match (files.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(file)) => file.parent() == Some(&folder),
        _ => false,
    };
    if inside {
        return Ok(Some((Place::Disk(path), shown)));
    }
    let problem = Diagnostic::error(Code::LookupPath, format!("`{shown}` leads out of the app's {folder}"));
    Err(match folder {
        "lookups" => problem.help("put the table itself into the folder, or name it with --lookup NAME=FILE"),
        _ => problem.help("put the file itself into the folder"),
    })
}

/// Whether a name is that of a table's file: it ends in `.csv` or `.csv.gz` (Search Reference, `lookup`).
pub fn is_table_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".csv") || name.ends_with(".csv.gz")
}

/// Whether a name is a file's name and nothing else: no folder, no drive, not `..`.
pub fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let one = matches!(parts.next(), Some(std::path::Component::Normal(part)) if part == name);
    one && parts.next().is_none() && !name.contains(['/', '\\', '\0'])
}

/// Whether a name is that of a YAML file.
pub fn is_yaml(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// The layer and the content of a file, by its path in the app.
fn classify(relative: &str) -> Option<(u8, Content)> {
    let (folder, rest) = relative.split_once('/')?;
    let name = rest.rsplit('/').next()?;
    let nested = rest.contains('/');
    let layer = match folder {
        "default" => 1,
        "local" => 2,
        _ => 0,
    };
    let model = || Some(Content::DataModel(name.strip_suffix(".json")?.to_string()));
    let content = match folder {
        "macros" if !nested && name.ends_with(".conf") => Content::Macros,
        "macros" if !nested && is_yaml(name) => Content::MacroYaml,
        "lookups" if !nested && name.ends_with(".conf") => Content::Transforms,
        "lookups" if !nested && is_yaml(name) => Content::LookupYaml,
        "datamodels" if !nested => model()?,
        "default" | "local" if rest.strip_prefix("data/models/") == Some(name) => model()?,
        "default" | "local" if nested => return None,
        "sourcetypes" | "default" | "local" => match name {
            "macros.conf" if folder != "sourcetypes" => Content::Macros,
            "multikv.conf" => Content::Tables,
            "transactiontypes.conf" if folder != "sourcetypes" => Content::TransactionTypes,
            "savedsearches.conf" if folder != "sourcetypes" => Content::SavedSearches,
            "fields.conf" if folder != "sourcetypes" => Content::Fields,
            "collections.conf" if folder != "sourcetypes" => Content::Collections,
            "transforms.conf" => Content::Transforms,
            "props.conf" => Content::Props,
            "eventtypes.conf" => Content::EventTypes,
            "tags.conf" => Content::Tags,
            _ => return None,
        },
        _ => return None,
    };
    Some((layer, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts() {
        assert_eq!(classify("macros/mine.conf"), Some((0, Content::Macros)));
        assert_eq!(classify("lookups/transforms.conf"), Some((0, Content::Transforms)));
        assert_eq!(classify("lookups/x.csv"), None);
        assert_eq!(classify("lookups/x.yml"), Some((0, Content::LookupYaml)));
        assert_eq!(classify("macros/x.yml"), Some((0, Content::MacroYaml)));
        assert_eq!(classify("local/savedsearches.conf"), Some((2, Content::SavedSearches)));
        assert_eq!(classify("sourcetypes/a/b/props.conf"), Some((0, Content::Props)));
        assert_eq!(classify("sourcetypes/a/macros.conf"), None);
        assert_eq!(classify("datamodels/Web.json"), Some((0, Content::DataModel("Web".into()))));
        assert_eq!(classify("default/eventtypes.conf"), Some((1, Content::EventTypes)));
        assert_eq!(classify("default/app.conf"), None);
        assert_eq!(classify("default/data/ui/tags.conf"), None);
        assert_eq!(classify("local/data/models/Web.json"), Some((2, Content::DataModel("Web".into()))));
    }

    #[test]
    fn plain_names() {
        for plain in ["x.csv", "a b.csv", "..x.csv"] {
            assert!(is_plain_name(plain), "{plain}");
        }
        for other in
            ["", ".", "..", "../x.csv", "/etc/passwd", "a/b.csv", "a\\b.csv", "x.csv/", "./x.csv", "a\0.csv"]
        {
            assert!(!is_plain_name(other), "{other}");
        }
    }

    #[test]
    fn the_built_in_app_has_files_of_every_kind() {
        let app = App::built_in();
        let has = |content: &Content| app.files().iter().any(|file| file.content == *content);
        for content in
            [Content::Macros, Content::Transforms, Content::Props, Content::EventTypes, Content::Tags]
        {
            assert!(has(&content), "{content:?}");
        }
        assert!(has(&Content::DataModel("Change".into())));
        assert!(built_in_paths().any(|path| path.starts_with("queries/") && path.ends_with(".spl")));
        assert!(app.lookup_file("aws_cloudtrail_vendor.csv").unwrap().is_some());
        assert!(app.lookup_names().contains(&"aws_cloudtrail_vendor.csv".to_string()));
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let error = App::open(Path::new("no/such/app")).unwrap_err();
        assert_eq!(error.message, "the app `no/such/app` does not exist");
    }
}
