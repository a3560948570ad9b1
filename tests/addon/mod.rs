//! An app that a test makes, and searches with it.

use crate::program::Folder;

/// An app of these files, and a file of events.
pub fn app(files: &[(&str, &str)], events: &str) -> Folder {
    let folder = Folder::new(&[("events.log", events.as_bytes())]);
    for (path, text) in files {
        folder.write(&format!("addon/{path}"), text.as_bytes());
    }
    folder
}

/// The rows of a search over events of the source type `s`.
pub fn rows(folder: &Folder, search: &str, more: &[&str]) -> Vec<String> {
    let fixed = ["search", search, "--events", "events.log", "--sourcetype", "s", "--app", "addon"];
    let arguments: Vec<&str> = fixed.iter().chain(more).copied().collect();
    let ran = folder.run(&arguments);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    ran.out.lines().map(str::to_string).collect()
}
