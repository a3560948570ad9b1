//! What the command line takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs Splunk searches without Splunk.
#[derive(Debug, Parser)]
#[command(name = "speleo", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the search in a file
    Run(RunFile),
    /// Run a search given as text
    Search(RunText),
    /// Show what fields the events have, after all that is done to them at search time
    Fields(RunArgs),
    /// Show a data model and, with events, how many are in each dataset and what their fields lack
    Datamodel(DatamodelArgs),
    /// Say which searches would not run, without running them; without PATH, what of an app is not honoured
    Check(CheckArgs),
    /// Lay searches out: each command on a line of its own
    Fmt(FmtArgs),
    /// Print the manual page of a command or function
    Help {
        /// A command, an eval function or a statistical function of SPL
        topic: Option<String>,
    },
}

/// `speleo check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files with searches (.spl, .yml, savedsearches.conf, .md), or folders of such
    pub paths: Vec<PathBuf>,
    /// What the searches lean on.
    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
    /// All that is wrong with each search, with the lines it is about
    #[arg(long)]
    pub full: bool,
    /// Print each search and parse it again: it must stay the same
    #[arg(long, hide = true)]
    pub print_again: bool,
    /// No warnings
    #[arg(short, long)]
    pub quiet: bool,
}

/// `speleo fmt`
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Files with a search each, which are rewritten; none to read standard input and print
    pub paths: Vec<PathBuf>,
    /// Name the files that would be rewritten, and leave them
    #[arg(long)]
    pub check: bool,
}

/// `speleo run`
#[derive(Debug, Args)]
pub struct RunFile {
    /// The file with the search
    pub query: PathBuf,
    /// How to run it.
    #[command(flatten)]
    pub options: RunArgs,
}

/// `speleo search`
#[derive(Debug, Args)]
pub struct RunText {
    /// The search
    pub search: String,
    /// How to run it.
    #[command(flatten)]
    pub options: RunArgs,
}

/// What searches lean on.
#[derive(Debug, Args)]
pub struct KnowledgeArgs {
    /// An app: a folder with macros, lookups, data models, source types; the last given wins
    #[arg(long, value_name = "DIR")]
    pub app: Vec<PathBuf>,
    /// The table of a lookup
    #[arg(long, value_name = "NAME=FILE")]
    pub lookup: Vec<String>,
    /// A macro
    #[arg(long = "macro", value_name = "NAME=DEFINITION")]
    pub macros: Vec<String>,
}

/// `speleo datamodel`
#[derive(Debug, Args)]
pub struct DatamodelArgs {
    /// The data model, or one of its datasets as MODEL.DATASET; none to list all models
    pub name: Option<String>,
    /// What it is shown over.
    #[command(flatten)]
    pub options: RunArgs,
}

/// How to run a search.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Events: files, folders, globs, or - for standard input
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub events: Vec<String>,
    /// The source type of the events, instead of what is recognised
    #[arg(long, value_name = "NAME")]
    pub sourcetype: Option<String>,
    /// The source of the events, instead of the file's path
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// The host of the events
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// The index of the events [default: main]
    #[arg(long, value_name = "NAME")]
    pub index: Option<String>,
    /// What the search leans on.
    #[command(flatten)]
    pub knowledge: KnowledgeArgs,
    /// The events already carry the field names of this data model
    #[arg(long, value_name = "NAME")]
    pub datamodel: Option<String>,
    /// A MaxMind database for `iplocation`
    #[arg(long, value_name = "FILE")]
    pub geoip: Option<PathBuf>,
    /// Events from this time on: epoch, ISO 8601 or relative such as -24h@h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub earliest: Option<String>,
    /// Events before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub latest: Option<String>,
    /// The time that the search takes for now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub now: Option<String>,
    /// The time zone of local times [default: UTC]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub tz: Option<String>,
    /// How to print the results [default: table on a terminal, else ndjson]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
    /// Write the results to a file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How many threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// How many bytes of input are worked on at a time
    #[arg(long, value_name = "BYTES", hide = true)]
    pub chunk_size: Option<usize>,
    /// Print the plan, and where every macro, lookup and field came from, instead of running the search
    #[arg(long)]
    pub explain: bool,
    /// End with 1 when there are rows
    #[arg(long)]
    pub fail_on_results: bool,
    /// End at the first event that cannot be read, instead of counting it
    #[arg(long)]
    pub strict: bool,
    /// No warnings
    #[arg(short, long)]
    pub quiet: bool,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For a person
    Table,
    /// One array
    Json,
    /// One object a line
    Ndjson,
    /// With a header
    Csv,
}
