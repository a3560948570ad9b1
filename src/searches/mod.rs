//! Searches where people keep them: `.spl` files, YAML as in security_content, `savedsearches.conf`,
//! Markdown pages.
//!
//! Each is a text of its own among the sources, whose places are shown in the file it was read from.

mod markdown;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Sources};
use crate::io::decode;
use crate::knowledge::{KnowledgeFile, SavedSearch, saved_searches_of, yaml};
use crate::parse::Start;

/// How deep folders are followed: a folder that is linked into itself must not lead on for ever.
const DEEPEST: usize = 16;

/// A search and where it is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file, as diagnostics print it.
    pub path: String,
    /// Its name there, if it has one.
    pub name: Option<String>,
    /// The search, among the sources.
    pub text: SourceId,
    /// What it starts from: an example of a manual page may start from rows.
    pub start: Start,
}

/// The document of a detection, a baseline or an investigation; what else it says is for people.
#[derive(Deserialize)]
struct Document {
    name: Option<String>,
    search: Option<String>,
}

/// The files of these paths that may hold searches: a file itself, and those below a folder, in order.
///
/// # Errors
/// A path that does not exist, a folder that cannot be listed.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let start = found.len();
            walk(path, DEEPEST, &mut found).map_err(|(path, error)| {
                Diagnostic::error(Code::Usage, format!("the folder cannot be listed: {error}"))
                    .in_file(path.display().to_string(), None)
            })?;
            if let Some(new) = found.get_mut(start..) {
                new.sort();
            }
        } else if path.is_file() {
            found.push(path.clone());
        } else {
            let message = format!("`{}` does not exist", path.display());
            return Err(Diagnostic::error(Code::Usage, message));
        }
    }
    Ok(found)
}

fn walk(
    folder: &Path,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> std::result::Result<(), (PathBuf, std::io::Error)> {
    if depth == 0 {
        return Ok(());
    }
    let failed = |error| (folder.to_path_buf(), error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            walk(&path, depth - 1, found)?;
        } else if !hidden && Kind::of(&path).is_some() {
            found.push(path);
        }
    }
    Ok(())
}

/// What a file that holds searches is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Spl,
    Yaml,
    Conf,
    Markdown,
}

impl Kind {
    fn of(path: &Path) -> Option<Kind> {
        let name = path.file_name()?.to_str()?;
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "spl" => Some(Kind::Spl),
            "yml" | "yaml" => Some(Kind::Yaml),
            "conf" if name == "savedsearches.conf" => Some(Kind::Conf),
            "md" | "markdown" => Some(Kind::Markdown),
            _ => None,
        }
    }
}

/// The searches of a file; a file whose name says nothing about it is one search. A YAML file without a
/// `search`, as that of a macro, has none.
///
/// # Errors
/// A file that cannot be read as what it is.
pub fn read(path: &Path, sources: &mut Sources, warnings: &mut Vec<Diagnostic>) -> Result<Vec<Written>> {
    let shown = path.display().to_string();
    let wrong = |message: String| Diagnostic::error(Code::Usage, message).in_file(&shown, None);
    let bytes = std::fs::read(path).map_err(|error| wrong(format!("the search cannot be read: {error}")))?;
    let (text, _) = decode(&bytes);
    let text: Arc<str> = text.into();
    let source = sources.add(shown.clone(), Arc::clone(&text));
    let whole = Written { path: shown.clone(), name: None, text: source, start: Start::Fresh };
    let file = Arc::new(KnowledgeFile { path: shown, app: "".into(), source });
    match Kind::of(path).unwrap_or(Kind::Spl) {
        Kind::Spl => Ok(vec![whole]),
        Kind::Yaml => {
            let document: Document = yaml::read(&text, &file.path)?;
            let Some(search) = document.search else { return Ok(Vec::new()) };
            let text = yaml::located(&file, &text, "search", &search).register(sources);
            Ok(vec![Written { name: document.name, text, ..whole }])
        }
        Kind::Conf => {
            let saved = saved_searches_of(&file, &text, warnings)?;
            let written = |SavedSearch { name, search, .. }: SavedSearch| Written {
                name: Some(name.to_string()),
                text: search.register(sources),
                ..whole.clone()
            };
            Ok(saved.into_iter().map(written).collect())
        }
        Kind::Markdown => Ok(markdown::searches(&text, &whole, sources)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_of_every_kind_of_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        file("a.spl", "\u{feff}index=a");
        file("b.yml", "name: B\nsearch: 'index=b\n  | head 1'\nversion: 1\n");
        file("c.yml", "name: c\ndefinition: x\n");
        file("savedsearches.conf", "[one]\nsearch = index=c\n[two]\nsearch = index=d\n");
        file("e.md", "# E\n\n```spl\nindex=e\n```\n");
        file("f.txt", "index=f");
        let mut sources = Sources::new();
        let mut found = Vec::new();
        for path in files(&[folder.path().to_path_buf()]).unwrap() {
            for written in read(&path, &mut sources, &mut Vec::new()).unwrap() {
                found.push((written.name.unwrap_or_default(), sources.text(written.text).to_string()));
            }
        }
        let found: Vec<(&str, &str)> =
            found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let expected = [
            ("", "index=a"),
            ("B", "index=b | head 1"),
            ("", "index=e"),
            ("one", "index=c"),
            ("two", "index=d"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_does_not_exist_is_an_error() {
        assert_eq!(files(&["no/such".into()]).unwrap_err().message, "`no/such` does not exist");
    }
}
