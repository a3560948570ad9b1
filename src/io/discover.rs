//! `--events`: files, folders, globs and standard input.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::head::Opened;
use super::text::Form;
use crate::diagnostic::{Code, Diagnostic, Result};

/// Where events are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file, or anything that can be opened like one.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

/// One input of events.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Where it is read from.
    pub origin: Origin,
    /// Its name in messages and as `source`: the path as it was given or found, `<stdin>` for standard input.
    pub name: String,
    /// What it is made of.
    pub form: Form,
    /// The encoding that it is read in; none for UTF-8, or what its mark says.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Where it was opened to look at its beginning, and cannot be opened again.
    pub opened: Opened,
    /// The file that it was copied to, which is gone with it, where it comes only once.
    pub kept: Option<Arc<tempfile::TempPath>>,
}

impl InputFile {
    /// JSON until more is known.
    pub fn new(origin: Origin, name: impl Into<String>) -> InputFile {
        let (form, opened) = (Form::default(), Opened::default());
        InputFile { origin, name: name.into(), form, encoding: None, opened, kept: None }
    }
}

/// The inputs that the arguments stand for, in their order.
///
/// `-` is standard input. A folder stands for all files in and below it, a glob for all files and folders
/// that fit it; both in the order of their paths, without hidden ones (those whose name begins with a dot).
/// What exists under exactly this name is no glob. A file that is reached twice is read once: its events
/// would count double.
///
/// # Errors
/// `EventsMissing` for a path that does not exist, a glob that nothing fits, or a folder without files;
/// `EventsUnreadable` for a folder that cannot be listed.
pub fn discover(arguments: &[String]) -> Result<Vec<InputFile>> {
    let mut found = Found::default();
    for argument in arguments {
        let before = found.met;
        let path = Path::new(argument);
        if argument == "-" {
            found.stdin();
        } else if fs::symlink_metadata(path).is_ok() {
            found.add(path)?;
        } else {
            for path in matches(argument)? {
                found.add(&path)?;
            }
        }
        if found.met == before {
            return Err(missing(argument, path));
        }
    }
    Ok(found.files)
}

#[derive(Default)]
struct Found {
    files: Vec<InputFile>,
    /// Canonical paths of files that are in `files` and of folders that were listed.
    seen: HashSet<PathBuf, foldhash::fast::RandomState>,
    stdin: bool,
    /// Files met, the repeated ones too.
    met: usize,
}

impl Found {
    fn stdin(&mut self) {
        self.met += 1;
        if !std::mem::replace(&mut self.stdin, true) {
            self.files.push(InputFile::new(Origin::Stdin, "<stdin>"));
        }
    }

    /// Adds a file, or all files of a folder.
    fn add(&mut self, path: &Path) -> Result<()> {
        // What has no canonical path (a dangling link, a pipe of the shell) is its own.
        let identity = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let new = self.seen.insert(identity);
        if path.is_dir() {
            return if new { self.add_folder(path) } else { Ok(()) };
        }
        self.met += 1;
        if new {
            let name = path.display().to_string();
            self.files.push(InputFile::new(Origin::Path(path.to_path_buf()), name));
        }
        Ok(())
    }

    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let unreadable = |error: std::io::Error| {
            Diagnostic::error(Code::EventsUnreadable, format!("the folder cannot be listed: {error}"))
                .in_file(folder.display().to_string(), None)
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                paths.push(entry.path());
            }
        }
        paths.sort();
        paths.iter().try_for_each(|path| self.add(path))
    }
}

fn matches(argument: &str) -> Result<Vec<PathBuf>> {
    let is_glob = argument.contains(['*', '?', '[']);
    if !is_glob {
        return Ok(Vec::new());
    }
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let broken = |error: glob::PatternError| {
        Diagnostic::error(
            Code::EventsMissing,
            format!("`{argument}` does not exist, and is no glob: {}", error.msg),
        )
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in glob::glob_with(argument, options).map_err(broken)? {
        paths.push(path.map_err(|error| {
            let message = format!("the folder cannot be listed: {}", error.error());
            let place = error.path().display().to_string();
            Diagnostic::error(Code::EventsUnreadable, message).in_file(place, None)
        })?);
    }
    paths.sort();
    Ok(paths)
}

fn missing(argument: &str, path: &Path) -> Diagnostic {
    let message = if path.is_dir() {
        format!("no events: the folder `{argument}` has no files")
    } else if argument.contains(['*', '?', '[']) {
        format!("no events: no file fits `{argument}`")
    } else {
        format!("no events: there is no file or folder `{argument}`")
    };
    let diagnostic = Diagnostic::error(Code::EventsMissing, message);
    // A slip in a file's name shows best beside its neighbours.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (false, Some(name), Ok(entries)) = (path.exists(), path.file_name(), fs::read_dir(folder)) else {
        return diagnostic;
    };
    let neighbours: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    diagnostic.suggest(&name.to_string_lossy(), neighbours.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    fn found(folder: &Path, arguments: &[&str]) -> Result<Vec<String>> {
        let place = |argument: &&str| match *argument {
            "-" => "-".to_string(),
            path => folder.join(path).display().to_string(),
        };
        let files = discover(&arguments.iter().map(place).collect::<Vec<_>>())?;
        let prefix = format!("{}/", folder.display());
        Ok(files.into_iter().map(|file| file.name.replace(&prefix, "")).collect())
    }

    #[test]
    fn folders_are_walked_in_order_without_hidden_files() {
        let folder = tree(&["b.json", "a/z.json", "a/.hidden", ".git/x", "a/b/c.json", "c"]);
        assert_eq!(found(folder.path(), &[""]).unwrap(), ["a/b/c.json", "a/z.json", "b.json", "c"]);
    }

    #[test]
    fn globs_and_literal_names() {
        let folder = tree(&["x1.json", "x2.json", "[ab].json", "a.json", "d/y.json", ".x3.json"]);
        assert_eq!(found(folder.path(), &["x*.json"]).unwrap(), ["x1.json", "x2.json"]);
        assert_eq!(found(folder.path(), &["[ab].json"]).unwrap(), ["[ab].json"]);
        assert_eq!(found(folder.path(), &["[xa]*.json"]).unwrap(), ["a.json", "x1.json", "x2.json"]);
        assert_eq!(found(folder.path(), &["d*"]).unwrap(), ["d/y.json"]);
        assert_eq!(found(folder.path(), &["*.json"]).unwrap(), ["[ab].json", "a.json", "x1.json", "x2.json"]);
    }

    #[test]
    fn everything_is_read_once() {
        let folder = tree(&["a.json", "b.json"]);
        let twice = ["-", "b.json", "*.json", "", "-"];
        assert_eq!(found(folder.path(), &twice).unwrap(), ["<stdin>", "b.json", "a.json"]);
    }

    #[test]
    fn what_is_missing_is_an_error() {
        let folder = tree(&["events.json"]);
        fs::create_dir(folder.path().join("empty")).unwrap();
        let error = found(folder.path(), &["event.json"]).unwrap_err();
        assert_eq!(
            (error.code, error.help),
            (Code::EventsMissing, vec!["did you mean `events.json`?".to_string()])
        );
        assert_eq!(found(folder.path(), &["*.log"]).unwrap_err().code, Code::EventsMissing);
        assert_eq!(found(folder.path(), &["empty"]).unwrap_err().code, Code::EventsMissing);
        assert_eq!(found(folder.path(), &["a[.json"]).unwrap_err().code, Code::EventsMissing);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_end() {
        let folder = tree(&["a/x.json"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).unwrap();
        assert_eq!(found(folder.path(), &[""]).unwrap(), ["a/x.json"]);
    }
}
