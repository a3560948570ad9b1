//! A difference as text: in unified or in context form.

use std::fmt::Write as _;
use std::ops::Range;

use similar::{DiffOp, DiffTag, TextDiff};

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// How a difference is shown.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Whether the two texts are named.
    pub header: bool,
    /// Whether in context form, else in unified form.
    pub context: bool,
}

impl Form {
    /// The difference of two texts, which are named by their positions.
    pub fn shown(self, old: &str, new: &str, positions: (usize, usize)) -> String {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
        let diff = TextDiff::from_slices(&old, &new);
        let groups = diff.grouped_ops(AROUND);
        if groups.is_empty() {
            return "Results are the same".to_string();
        }
        let mut lines: Vec<String> = Vec::new();
        if self.header {
            let marks = if self.context { ["***", "---"] } else { ["---", "+++"] };
            let [first, second] = marks;
            lines.extend([format!("{first} {}", positions.0), format!("{second} {}", positions.1)]);
        }
        for group in &groups {
            match self.context {
                true => context(group, &old, &new, &mut lines),
                false => unified(group, &old, &new, &mut lines),
            }
        }
        lines.join("\n")
    }
}

/// The lines of a group in one of the texts.
fn covered(group: &[DiffOp], of: fn(&DiffOp) -> Range<usize>) -> Range<usize> {
    let start = group.first().map_or(0, |op| of(op).start);
    start..group.last().map_or(start, |op| of(op).end)
}

fn marked(mark: &str, lines: &[&str], range: Range<usize>, out: &mut Vec<String>) {
    out.extend(lines.get(range).unwrap_or_default().iter().map(|line| format!("{mark}{line}")));
}

fn unified(group: &[DiffOp], old: &[&str], new: &[&str], out: &mut Vec<String>) {
    let place = |range: Range<usize>| {
        let mut shown = String::new();
        let first = if range.is_empty() { range.start } else { range.start + 1 };
        let _ = match range.len() {
            1 => write!(shown, "{first}"),
            length => write!(shown, "{first},{length}"),
        };
        shown
    };
    let (before, after) = (covered(group, DiffOp::old_range), covered(group, DiffOp::new_range));
    out.push(format!("@@ -{} +{} @@", place(before), place(after)));
    for op in group {
        match op.tag() {
            DiffTag::Equal => marked(" ", old, op.old_range(), out),
            _ => {
                marked("-", old, op.old_range(), out);
                marked("+", new, op.new_range(), out);
            }
        }
    }
}

fn context(group: &[DiffOp], old: &[&str], new: &[&str], out: &mut Vec<String>) {
    let place = |range: &Range<usize>| match range.len() {
        0 => format!("{}", range.start),
        1 => format!("{}", range.start + 1),
        _ => format!("{},{}", range.start + 1, range.end),
    };
    let (before, after) = (covered(group, DiffOp::old_range), covered(group, DiffOp::new_range));
    let any = |tags: [DiffTag; 2]| group.iter().any(|op| tags.contains(&op.tag()));
    out.push("***************".to_string());
    out.push(format!("*** {} ****", place(&before)));
    if any([DiffTag::Replace, DiffTag::Delete]) {
        for op in group.iter().filter(|op| op.tag() != DiffTag::Insert) {
            marked(mark(op.tag()), old, op.old_range(), out);
        }
    }
    out.push(format!("--- {} ----", place(&after)));
    if any([DiffTag::Replace, DiffTag::Insert]) {
        for op in group.iter().filter(|op| op.tag() != DiffTag::Delete) {
            marked(mark(op.tag()), new, op.new_range(), out);
        }
    }
}

fn mark(tag: DiffTag) -> &'static str {
    match tag {
        DiffTag::Equal => "  ",
        DiffTag::Replace => "! ",
        DiffTag::Delete => "- ",
        DiffTag::Insert => "+ ",
    }
}
