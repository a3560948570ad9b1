//! The only error a user ever sees: a code, a message, labelled places, and what to do.

mod codes;
mod render;
mod source;
mod suggest;

pub use codes::Code;
pub use render::render;
pub use source::{Calls, Origin, Segment, SourceId, Sources, Span};
pub use suggest::nearest;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing was run, or the run ended here.
    Error,
    /// The run goes on.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place in a source with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty.
    pub text: String,
    /// The place itself, or one that explains it.
    pub primary: bool,
}

/// One thing to tell the user. Messages are in lower case, without a full stop, and address nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable code.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Where, in searches.
    pub labels: Vec<Label>,
    /// Where, in files that are not searches: `events.ndjson:17`.
    pub place: Option<String>,
    /// What to do.
    pub help: Vec<String>,
}

/// The result of a stage that can find several mistakes at once.
pub type Result<T, E = Diagnostic> = std::result::Result<T, E>;

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            labels: Vec::new(),
            place: None,
            help: Vec::new(),
        }
    }

    /// A warning: the run goes on.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Something worth knowing.
    pub fn note(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, message) }
    }

    /// The place itself, with a few words that stand under it.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into(), primary: true });
        self
    }

    /// Another place that explains the first.
    #[must_use]
    pub fn see(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// A file and, where known, a line (from 1).
    #[must_use]
    pub fn in_file(mut self, file: impl AsRef<str>, line: Option<u64>) -> Diagnostic {
        let file = file.as_ref();
        self.place = Some(match line {
            Some(line) => format!("{file}:{line}"),
            None => file.to_string(),
        });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// "did you mean", when one of the candidates is near.
    #[must_use]
    pub fn suggest<'c>(self, wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Diagnostic {
        match nearest(wanted, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}
