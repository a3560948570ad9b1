//! What an event must be to begin or end a transaction: `startswith` and `endswith`.

use std::fmt;

use crate::batch::Batch;
use crate::diagnostic::{Result, Span};
use crate::eval::{Filter, Program};
use crate::exec::RunContext;
use crate::parse::args::Args;
use crate::parse::cursor::Cursor;
use crate::parse::expr::Expr;
use crate::parse::search::SearchExpr;
use crate::parse::{balanced_search, expression, predicate, search_expression};
use crate::value::Text;

/// A test of an event.
#[derive(Clone, Debug)]
pub enum Mark {
    /// `"login failed"`, `(action=login)`
    Search(SearchExpr),
    /// `eval(bytes > 5)`
    Eval(Expr),
}

impl Mark {
    /// Reads the value of `startswith` or `endswith`.
    ///
    /// # Errors
    /// It is neither a search nor a predicate in `eval(...)`.
    pub fn read(args: &mut Args<'_>) -> Result<Mark> {
        args.cursor.blanks();
        if let Some(mark) = Mark::eval(&mut args.cursor)? {
            return Ok(mark);
        }
        if args.cursor.eat('(') {
            let open = args.cursor.before();
            let search = search_expression(&mut args.cursor, |_| false)?;
            args.cursor.close(open, "`)`")?;
            return Ok(Mark::Search(search));
        }
        let word = args.word("a search")?;
        balanced_search(&mut Cursor::of_literal(&word.text, word.span), |_| false).map(Mark::Search)
    }

    /// Reads the same of transactiontypes.conf, where it is all of a text: a search need not stand in quotes.
    ///
    /// # Errors
    /// It is neither a search nor a predicate in `eval(...)`.
    pub fn of_text(text: &str, place: Span) -> Result<Mark> {
        let mut cursor = Cursor::of_literal(text, place);
        if let Some(mark) = Mark::eval(&mut cursor)? {
            return Ok(mark);
        }
        let bare =
            text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|it| !it.contains('"'));
        let mut cursor = Cursor::of_literal(bare.unwrap_or(text), place);
        balanced_search(&mut cursor, |_| false).map(Mark::Search)
    }

    /// `eval(...)`, if it stands here.
    fn eval(cursor: &mut Cursor<'_>) -> Result<Option<Mark>> {
        let mut ahead = cursor.clone();
        if !(ahead.eat_keyword("eval") && ahead.eat('(')) {
            return Ok(None);
        }
        *cursor = ahead;
        let open = cursor.before();
        let expr = expression(cursor)?;
        predicate(&expr, "transaction")?;
        cursor.close(open, "`)`")?;
        Ok(Some(Mark::Eval(expr)))
    }

    /// The fields it reads.
    pub fn fields(&self) -> Vec<Text> {
        match self {
            Mark::Search(search) => search.fields(),
            Mark::Eval(expr) => expr.fields(),
        }
    }

    /// For each row whether it is so.
    pub fn mask(&self, batch: &Batch, context: &RunContext) -> Vec<bool> {
        match self {
            Mark::Search(search) => Filter::new(search).mask(batch),
            Mark::Eval(expr) => Program::new(expr.clone()).mask(batch, &context.eval),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mark::Search(search) => write!(f, "({search})"),
            Mark::Eval(expr) => write!(f, "eval({expr})"),
        }
    }
}
