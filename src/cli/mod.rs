//! The command line.

mod args;
mod check;
mod datamodel;
mod fields;
mod fmt;
mod help;
mod knowledge;
mod run;

pub use args::{CheckArgs, Cli, DatamodelArgs, FmtArgs, KnowledgeArgs, OutputFormat, RunArgs, Verb};

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::{Diagnostic, Severity, Sources, render};

/// The search ran; there may be rows or none.
const SUCCESS: u8 = 0;
/// `--fail-on-results`, and there are rows; what was checked is not in order.
const FINDINGS: u8 = 1;
/// The search, its knowledge, its input or the usage is at fault.
const FAULT: u8 = 2;
/// Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Runs the command line; the result is the process's exit code.
pub fn main() -> ExitCode {
    // A lookup or an output file is written beside its place and moved there in one step, so leaving at
    // any moment leaves the old one or the new one.
    let _ = ctrlc::set_handler(|| std::process::exit(INTERRUPTED));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            let _ = message.print();
            return ExitCode::from(if message.use_stderr() { FAULT } else { SUCCESS });
        }
    };
    let code = match cli.verb {
        Verb::Run(ref run) => run::run_file(&run.query, &run.options),
        Verb::Search(ref search) => run::run_text(&search.search, &search.options),
        Verb::Fields(ref options) => fields::fields(options),
        Verb::Datamodel(ref args) => datamodel::datamodel(args.name.as_deref(), &args.options),
        Verb::Check(ref args) => check::check(args),
        Verb::Fmt(ref args) => fmt::fmt(args),
        Verb::Help { ref topic } => help::help(topic.as_deref()),
    };
    ExitCode::from(code)
}

/// Prints a diagnostic to standard error.
fn say(diagnostic: &Diagnostic, sources: &Sources, quiet: bool) {
    if quiet && diagnostic.severity != Severity::Error {
        return;
    }
    let stderr = std::io::stderr();
    let text = render(diagnostic, sources, stderr.is_terminal());
    // Where standard error cannot be written to, there is nobody to tell.
    let _ = writeln!(stderr.lock(), "{text}");
}
