//! Lines become events of several lines: props.conf's `SHOULD_LINEMERGE` and its kin.

use crate::eval::Regex;

use crate::time::Stamp;

/// How many lines an event has at most where nothing is said (`MAX_EVENTS`).
pub const MOST_LINES: usize = 256;

/// When a line begins a new event.
#[derive(Clone, Debug)]
pub struct Merge {
    /// A line with a time begins one (`BREAK_ONLY_BEFORE_DATE`).
    pub before_date: bool,
    /// A line that this matches begins one (`BREAK_ONLY_BEFORE`).
    pub before: Option<Regex>,
    /// The line after one that this matches begins one (`MUST_BREAK_AFTER`).
    pub must_after: Option<Regex>,
    /// After a line that this matches none begins before `MUST_BREAK_AFTER` says so (`MUST_NOT_BREAK_AFTER`).
    pub must_not_after: Option<Regex>,
    /// A line that this matches begins none (`MUST_NOT_BREAK_BEFORE`).
    pub must_not_before: Option<Regex>,
    /// Lines of one event at most (`MAX_EVENTS`).
    pub most_lines: usize,
}

/// What is known of the event that is open.
#[derive(Debug, Default)]
pub struct Progress {
    /// Its lines.
    lines: usize,
    /// Its last line must be its last.
    closed: bool,
    /// No line begins an event for now.
    held: bool,
}

impl Default for Merge {
    fn default() -> Merge {
        Merge {
            before_date: true,
            before: None,
            must_after: None,
            must_not_after: None,
            must_not_before: None,
            most_lines: MOST_LINES,
        }
    }
}

impl Merge {
    /// Whether a line begins a new event; notes the line.
    pub fn begins(&self, line: &str, stamp: &Stamp, progress: &mut Progress) -> bool {
        let fits = |pattern: &Option<Regex>| super::fits(pattern.as_ref(), line);
        let full = progress.lines >= self.most_lines.max(1);
        let wanted = || fits(&self.before) || self.before_date && stamp.read(line).is_some();
        let begins = progress.lines == 0
            || full
            || progress.closed
            || !progress.held && !fits(&self.must_not_before) && wanted();
        if begins {
            progress.lines = 0;
        }
        progress.lines += 1;
        progress.closed = fits(&self.must_after);
        progress.held = !progress.closed && (progress.held || fits(&self.must_not_after));
        begins
    }
}
