//! What makes each diagnostic: a search, and the files that it runs over.

mod cases;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use speleo::compile::compile;
use speleo::diagnostic::{Code, Diagnostic, Sources, render};
use speleo::exec::Flow;
use speleo::io::discover;
use speleo::knowledge::Knowledge;
use speleo::plan::{EventInput, RunOptions, Settings};

pub use cases::all;

/// 2026-03-16T12:00:00Z
const NOW: f64 = 1_773_662_400.0;

/// One diagnostic.
pub struct Told {
    pub code: String,
    pub message: String,
    pub text: String,
}

/// How a trigger is pulled.
enum How {
    /// The search is compiled and run by the library: over `events.ndjson`, with the app `app`, where they
    /// are among the files.
    Search(&'static str),
    /// The program is run with these arguments, in the folder of the files.
    Program(&'static [&'static str]),
    /// Something else, which gives a diagnostic.
    Other(&'static str, fn() -> Diagnostic),
}

/// What makes a diagnostic of a code.
pub struct Trigger {
    pub code: Code,
    files: Vec<(&'static str, Vec<u8>)>,
    how: How,
}

impl Trigger {
    /// A search.
    pub fn search(code: Code, search: &'static str) -> Trigger {
        Trigger { code, files: Vec::new(), how: How::Search(search) }
    }

    /// A run of the program.
    pub fn program(code: Code, arguments: &'static [&'static str]) -> Trigger {
        Trigger { code, files: Vec::new(), how: How::Program(arguments) }
    }

    /// Anything else.
    pub fn other(code: Code, what: &'static str, make: fn() -> Diagnostic) -> Trigger {
        Trigger { code, files: Vec::new(), how: How::Other(what, make) }
    }

    /// With a file.
    pub fn file(mut self, path: &'static str, bytes: impl AsRef<[u8]>) -> Trigger {
        self.files.push((path, bytes.as_ref().to_vec()));
        self
    }

    /// The trigger as the snapshot shows it.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for (path, bytes) in &self.files {
            let shown = match std::str::from_utf8(bytes) {
                Ok(text) if text.len() < 2000 => text.replace('\n', "\n      "),
                _ => format!("({} bytes)", bytes.len()),
            };
            let _ = writeln!(out, "    {path}:\n      {shown}");
        }
        let _ = match &self.how {
            How::Search(text) => write!(out, "    search: {}", shorter(text)),
            How::Program(arguments) => write!(out, "    speleo {}", arguments.join(" ")),
            How::Other(what, _) => write!(out, "    {what}"),
        };
        out
    }

    /// All that is said.
    pub fn run(&self) -> Vec<Told> {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in &self.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        match &self.how {
            How::Search(text) => run_search(text, folder.path()),
            How::Program(arguments) => run_program(arguments, folder.path()),
            How::Other(_, make) => vec![told(&make(), &Sources::new(), folder.path())],
        }
    }
}

fn shorter(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}... ({} bytes)", &text[..at], text.len()),
        None => text.replace('\n', "\n      "),
    }
}

fn told(diagnostic: &Diagnostic, sources: &Sources, folder: &Path) -> Told {
    let text = render(diagnostic, sources, false).replace(&format!("{}/", folder.display()), "");
    Told { code: diagnostic.code.as_str().to_string(), message: diagnostic.message.clone(), text }
}

/// What the library says about a search, from its knowledge to its end.
fn run_search(text: &str, folder: &Path) -> Vec<Told> {
    let mut sources = Sources::new();
    let mut said = Vec::new();
    if let Err(mistakes) = try_search(text, folder, &mut sources, &mut said) {
        said.extend(mistakes);
    }
    said.iter().map(|diagnostic| told(diagnostic, &sources, folder)).collect()
}

fn try_search(
    text: &str,
    folder: &Path,
    sources: &mut Sources,
    said: &mut Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    let app = folder.join("app");
    let apps = if app.is_dir() { vec![app.clone()] } else { Vec::new() };
    let (knowledge, warnings) = Knowledge::load(&apps, &app, sources).map_err(one)?;
    said.extend(warnings);
    let events = folder.join("events.ndjson");
    let events = match events.exists() {
        true => Some(EventInput {
            files: Arc::new(discover(&[events.display().to_string()]).map_err(one)?),
            source_type: None,
            source: None,
            host: None,
            index: None,
            data_model: None,
        }),
        false => None,
    };
    let settings = Settings { now: NOW, events, ..Settings::default() };
    let compiled = compile("search", text, &settings, &Arc::new(knowledge), sources)?;
    said.extend(compiled.notes);
    let ran = compiled.plan.run(Vec::new(), &RunOptions::default(), &mut |_| Ok(Flow::More));
    said.extend(compiled.plan.trouble());
    ran.map_err(one)
}

/// What the program says on standard error, one diagnostic after the other.
fn run_program(arguments: &[&str], folder: &Path) -> Vec<Told> {
    let run = Command::new(env!("CARGO_BIN_EXE_speleo"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(run.stderr).unwrap();
    let mut told: Vec<Told> = Vec::new();
    for line in text.lines() {
        match head(line) {
            Some((code, message)) => told.push(Told { code, message, text: line.to_string() }),
            None => {
                let last = told.last_mut().unwrap_or_else(|| panic!("no diagnostic: {text}"));
                last.text.push('\n');
                last.text.push_str(line);
            }
        }
    }
    told
}

/// The code and the message of a diagnostic's first line.
fn head(line: &str) -> Option<(String, String)> {
    let rest = ["error[", "warning[", "note["].iter().find_map(|level| line.strip_prefix(level))?;
    let (code, message) = rest.split_once("]: ")?;
    Some((code.to_string(), message.to_string()))
}
