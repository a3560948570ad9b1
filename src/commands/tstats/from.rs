//! `FROM datamodel=Change.All_Changes`

use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::parse::args::Args;
use crate::value::Text;

/// The data model that is read, and the dataset of it.
#[derive(Clone, Debug)]
pub struct From {
    /// The data model.
    pub model: Text,
    /// The dataset; none where the root is meant.
    pub dataset: Option<Text>,
    /// Where it is named.
    pub span: Span,
}

impl From {
    /// Reads `datamodel=M`, `datamodel=M.D`, `datamodel="M"."D"`, `datamodel M.D`, `datamodel:M`.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(args: &mut Args<'_>) -> Result<From> {
        args.cursor.blanks();
        let start = args.cursor.position();
        if !args.keyword("datamodel") {
            // `datamodel:Change` is one word.
            let word = args.word("`datamodel=`")?;
            let Some(name) = word.text.strip_prefix("datamodel:") else {
                return Err(Diagnostic::error(Code::NotSupported, "`tstats` reads data models only")
                    .at(word.span, ""));
            };
            return Ok(From::new(name, word.span));
        }
        let _ = args.cursor.eat('=') || args.cursor.eat(':');
        let word = args.word("a data model")?;
        Ok(From::new(&word.text, args.cursor.span_from(start)))
    }

    fn new(name: &str, span: Span) -> From {
        match name.split_once('.') {
            Some((model, dataset)) => From { model: model.into(), dataset: Some(dataset.into()), span },
            None => From { model: name.into(), dataset: None, span },
        }
    }
}
