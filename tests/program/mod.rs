//! Running the program in a folder of its own.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder with files, in which the program runs.
pub struct Folder(tempfile::TempDir);

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    /// A folder with these files.
    pub fn new(files: &[(&str, &[u8])]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, bytes)| folder.write(path, bytes));
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// The same, last written at a time, seconds since 1970.
    pub fn write_at(&self, path: &str, bytes: &[u8], seconds: u64) {
        self.write(path, bytes);
        let file = std::fs::File::options().write(true).open(self.0.path().join(path)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
    }

    /// The content of a file; none if it is not there.
    pub fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.0.path().join(path)).ok()
    }

    /// The names in a folder, hidden ones too, in order.
    pub fn names(&self, path: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path().join(path)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program, ready to run here.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_speleo"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.program(arguments).output().unwrap())
    }

    /// Runs the program with something on its standard input.
    pub fn run_with(&self, input: &[u8], arguments: &[&str]) -> Ran {
        let mut command = self.program(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that does not read its input to the end is no fault of the test.
        let _ = stdin.write_all(input);
        drop(stdin);
        Ran::of(child.wait_with_output().unwrap())
    }

    /// `speleo search SEARCH --events events.ndjson`
    pub fn search(&self, search: &str) -> Ran {
        self.run(&["search", search, "--events", "events.ndjson"])
    }
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Ended with this exit code and printed exactly these lines.
    #[track_caller]
    pub fn gives(&self, code: i32, lines: &[&str]) -> &Ran {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.out.lines().collect::<Vec<_>>(), lines, "{self:#?}");
        self
    }

    /// Ended with 2 and printed no row.
    #[track_caller]
    pub fn refused(&self) -> &Ran {
        self.gives(2, &[])
    }

    /// Said all of this on standard error.
    #[track_caller]
    pub fn says(&self, parts: &[&str]) -> &Ran {
        parts.iter().for_each(|part| assert!(self.err.contains(part), "`{part}` is not in {self:#?}"));
        self
    }

    /// Said nothing on standard error.
    #[track_caller]
    pub fn quietly(&self) -> &Ran {
        assert_eq!(self.err, "", "{self:#?}");
        self
    }
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Searches over one file, as it lies there.
pub fn gives(events: &str, search: &str, expected: &[&str]) {
    let folder = Folder::new(&[("events.log", events.as_bytes())]);
    let ran = folder.run(&["search", search, "--events", "events.log"]);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!((rows.as_slice(), ran.err.as_str()), (expected, ""), "{search}");
}
