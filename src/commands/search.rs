//! Keeps the events that match a filter.
//!
//! ## Syntax
//! `search <filter>` or, as the first command, the filter alone
//!
//! ## Description
//! Terms side by side must all match; `OR` binds tighter than that, `NOT` tighter still: `a b OR c` is
//! `a AND (b OR c)`. `field=value` compares text in any case, with `*` for any run of characters and
//! networks in CIDR notation; `<` and its kin compare numbers as numbers. A comparison with a missing field is
//! false, also `!=`; `NOT field=value` is true for it. A word or a quoted phrase is looked for in `_raw`.
//!
//! `earliest` and `latest` bound the time range, `_index_earliest` and `_index_latest` that of `_indextime`; so do
//! `starttime` and `endtime` in the form of `timeformat`, `starttimeu` and `endtimeu`, `startdaysago`, `enddaysago`,
//! `daysago` and `searchtimespandays`, also with `minutes`, `hours` and `months`. The start is inside, the end is
//! not; a range without an end ends now. What a search states wins over the range of the run.
//!
//! `tag=web` and `eventtype=login` ask what the event is tagged and recognised as, `tag::host=web` for the tags of
//! one field (`hosttag`, `eventtypetag` are older names). `savedsearch=name` stands for the filter of a saved search.
//!
//! ## Examples
//!
//! `NOT` keeps rows without the field, `!=` does not.
//!
//! ```spl
//! search NOT user=ada
//! ```
//! ```json in
//! {"user": "Ada"}
//! {"user": "bob"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"user": "bob"}
//! {"host": "web"}
//! ```
//!
//! ```spl
//! search user!=ada
//! ```
//! ```json in
//! {"user": "Ada"}
//! {"user": "bob"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"user": "bob"}
//! ```
//!
//! `OR` before the implied `AND`.
//!
//! ```spl
//! search action=created src=10.0.0.0/8 OR src=web*
//! ```
//! ```json in
//! {"action": "created", "src": "10.2.3.4"}
//! {"action": "deleted", "src": "web-1"}
//! {"action": "created", "src": "192.0.2.1"}
//! {"action": "created", "src": "WEB-2"}
//! ```
//! ```json out
//! {"action": "created", "src": "10.2.3.4"}
//! {"action": "created", "src": "WEB-2"}
//! ```
//!
//! ```spl
//! search status IN (404, "5*") bytes>=1000
//! ```
//! ```json in
//! {"status": "404", "bytes": "999"}
//! {"status": "500", "bytes": "1000"}
//! {"status": "200", "bytes": "2000"}
//! ```
//! ```json out
//! {"status": "500", "bytes": "1000"}
//! ```
//!
//! Terms for the time range. Past the first command they are a filter, also beneath `OR`.
//!
//! ```spl
//! search (earliest="03/16/2026:08:00:00" latest="03/16/2026:09:00:00") OR endtimeu=1773600000
//! ```
//! ```json in
//! {"_time": 1773599999, "user": "ada"}
//! {"_time": 1773600000, "user": "bob"}
//! {"_time": 1773648000, "user": "cyd"}
//! {"_time": 1773651600, "user": "dan"}
//! ```
//! ```json out
//! {"_time": 1773599999, "user": "ada"}
//! {"_time": 1773648000, "user": "cyd"}
//! ```
//!
//! A closing quote ends a value, also where the next term follows at once.
//!
//! ```spl
//! search process="* -d *"AND process="* -p *"process!="*x"
//! ```
//! ```json in
//! {"process": "r -d a -p b"}
//! {"process": "r -d a -p x"}
//! {"process": "r -d a"}
//! ```
//! ```json out
//! {"process": "r -d a -p b"}
//! ```
//!
//! A backslash before a letter, a digit or a blank is one; before a punctuation mark it may be left out.
//!
//! ```spl
//! search file_name IN ("*\.txt", "*\README")
//! ```
//! ```json in
//! {"file_name": "notes.txt"}
//! {"file_name": "x\\.txt"}
//! {"file_name": "C:\\README"}
//! {"file_name": "OLDREADME"}
//! {"file_name": "notes_txt"}
//! ```
//! ```json out
//! {"file_name": "notes.txt"}
//! {"file_name": "x\\.txt"}
//! {"file_name": "C:\\README"}
//! ```
//!
//! ```spl
//! search file_name!="*\.txt" file_name!="*\\.md"
//! ```
//! ```json in
//! {"file_name": "notes.txt"}
//! {"file_name": "x\\.md"}
//! {"file_name": "notes.md"}
//! ```
//! ```json out
//! {"file_name": "notes.md"}
//! ```
//!
//! ```spl
//! search (a=1 OR b=2
//! ```
//! ```error
//! error[E0001]: a parenthesis is not closed
//! ```
//!
//! ```spl
//! search earliest=now latest=-1d
//! ```
//! ```error
//! error[E0306]: the time range ends before it begins
//! ```
//!
//! ## Differences from Splunk
//! `"*\.txt"`: Splunk's pages say that a backslash stays which escapes nothing, published searches with tests want it
//! gone. Before a punctuation mark both are found here; double it (`"*\\.txt"`) for a backslash that must be there.
//!
//! An event from a file has no index time unless it says one in `_indextime`: its own time stands in. A bound
//! of the time range beneath `NOT` is refused.

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::eval::Filter;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::Args;
use crate::parse::search::SearchExpr;
use crate::plan::{Condition, EventScan, Planner, TimeRange, Timed, named_index, names_saved_search};
use crate::value::Value;

/// `search <filter>`
#[derive(Debug)]
pub struct Search {
    filter: SearchExpr,
}

/// Reads the arguments of `search`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let filter = args.search()?;
    Ok(Box::new(Search { filter }))
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "search {}", self.filter)
    }
}

impl Command for Search {
    fn position(&self) -> Position {
        Position::Either
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        // What a saved search reads is known once it is found.
        let mut saved = false;
        self.filter.walk(&mut |part| {
            saved |= matches!(part, SearchExpr::Compare(comparison) if names_saved_search(comparison));
        });
        let read = if saved { FieldSet::all() } else { FieldSet::of(self.filter.fields()) };
        after.clone().with(&read)
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let filter = planner.with_saved_searches(&self.filter)?;
        let Timed { range, filter: expr } = Timed::new(&filter, planner.settings)?;
        let expr = if planner.is_first() { planner.in_index(&expr) } else { expr };
        let filter = Filter::new(&expr);
        if planner.is_first() {
            let wanted = self.needs(planner.after());
            let scan = EventScan::new(wanted, range, &Condition::of_search(&expr), planner)?;
            planner.scan(scan.in_index(named_index(&self.filter)));
            planner.streaming(SearchFilter { filter, range: TimeRange::default() });
            planner.time_order();
        } else {
            planner.streaming(SearchFilter { filter, range });
        }
        Ok(())
    }
}

/// Rows that pass a filter and, where it has bounds, lie in a range of time.
pub(super) struct SearchFilter {
    pub(super) filter: Filter,
    pub(super) range: TimeRange,
}

impl Streaming for SearchFilter {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        let mut mask = self.filter.mask(&batch);
        if !self.range.is_everything() {
            let inside = |value: &Value| value.as_number().is_some_and(|time| self.range.contains(time));
            let times =
                batch.column("_time").map_or_else(|| vec![false; batch.rows()], |column| column.mask(inside));
            mask.iter_mut().zip(times).for_each(|(pass, inside)| *pass &= inside);
        }
        Ok(batch.filter(&mask))
    }
}
