//! An app in a folder of its own, for as long as a test runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use speleo::batch::Batch;
use speleo::diagnostic::{Diagnostic, Sources};
use speleo::knowledge::Knowledge;
use speleo::plan::{Plan, Settings};

/// An app that lookups are written to.
pub struct App {
    folder: tempfile::TempDir,
}

impl App {
    /// An app with these files: path and content.
    pub fn new(files: &[(&str, &str)]) -> App {
        let app = App { folder: tempfile::tempdir().expect("a folder") };
        for (path, content) in files {
            app.write(path, content);
        }
        app
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// The content of a file; none if it is not there.
    pub fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join(path)).ok()
    }

    /// The names of the files in a folder, hidden ones too, in order.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).into_iter().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A path in the app as diagnostics print it.
    pub fn path(&self, path: &str) -> String {
        self.folder.path().join(path).display().to_string()
    }

    /// What a run knows that begins now.
    pub fn knowledge(&self, sources: &mut Sources) -> Knowledge {
        let folder: PathBuf = self.folder.path().to_path_buf();
        Knowledge::load(std::slice::from_ref(&folder), &folder, sources).expect("an app").0
    }

    /// Plans a search that leans on the app.
    pub fn plan(&self, search: &str) -> Result<Plan, Vec<Diagnostic>> {
        self.plan_with(search, &super::settings(), &mut Sources::new())
    }

    /// Plans a search under settings; its text is the first of `sources`.
    pub fn plan_with(
        &self,
        search: &str,
        settings: &Settings,
        sources: &mut Sources,
    ) -> Result<Plan, Vec<Diagnostic>> {
        let parsed = super::parse(sources, search)?;
        let knowledge = Arc::new(self.knowledge(sources));
        speleo::plan::plan(&parsed, super::start_of(search), settings, &knowledge, sources)
    }

    /// Plans and runs a search over rows; the first thing that goes wrong ends it.
    pub fn run(&self, search: &str, given: Vec<Batch>) -> Result<Vec<String>, Diagnostic> {
        let plan = self.plan(search).map_err(|mut mistakes| mistakes.remove(0))?;
        super::run(&plan, given, 1).map(|out| super::lines(&out))
    }
}
