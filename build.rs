//! Lists the files of the built-in app, so that they travel inside the binary: a file dropped into one of
//! its folders is part of it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of the built-in app.
const FOLDERS: [&str; 5] = ["datamodels", "lookups", "macros", "queries", "sourcetypes"];

/// What the files of an app end in; anything else that lies about stays out.
const ENDINGS: [&str; 6] = ["conf", "csv", "gz", "json", "spl", "yml"];

fn main() -> io::Result<()> {
    let root = folder("CARGO_MANIFEST_DIR")?;
    let mut code = String::from("&[\n");
    for name in FOLDERS {
        writeln!(io::stdout(), "cargo::rerun-if-changed={name}")?;
        let mut files = Vec::new();
        collect(&root.join(name), name, &mut files)?;
        files.sort();
        for (relative, path) in files {
            code.push_str(&format!("({relative:?}, include_bytes!({:?})),\n", path.display().to_string()));
        }
    }
    code.push(']');
    fs::write(folder("OUT_DIR")?.join("built_in.rs"), code)
}

fn folder(variable: &str) -> io::Result<PathBuf> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("{variable} is not set")))
}

fn collect(folder: &Path, relative: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let relative = format!("{relative}/{name}");
        if path.is_dir() {
            collect(&path, &relative, files)?;
        } else if path.extension().and_then(|ending| ending.to_str()).is_some_and(|it| ENDINGS.contains(&it))
        {
            files.push((relative, path));
        }
    }
    Ok(())
}
