//! Conditions on an event as it was read become literals of its line.

use super::sample::Sample;
use super::{Case, Condition, ValueTest};
use crate::batch::Pattern;
use crate::io::Needle;
use crate::plan::DEFAULT_FIELDS;

/// A literal shorter than this is in nearly every line.
const SHORTEST: usize = 3;

/// More alternatives than this are not worth looking for.
const MOST: usize = 256;

/// Literals one of which must be in the line; none where the condition demands no literal.
pub fn of(condition: &Condition, sample: &Sample) -> Option<Vec<Needle>> {
    let needles = match condition {
        Condition::True => return None,
        Condition::False => Vec::new(),
        Condition::And(parts) => {
            let parts = parts.iter().filter_map(|part| of(part, sample));
            parts.min_by_key(|needles| cost(needles, sample))?
        }
        Condition::Or(parts) => {
            let mut all: Vec<Needle> = Vec::new();
            for needle in
                parts.iter().map(|part| of(part, sample)).collect::<Option<Vec<_>>>()?.into_iter().flatten()
            {
                if !all.contains(&needle) {
                    all.push(needle);
                }
            }
            all
        }
        Condition::Field(field, test) => of_field(field, test, sample)?,
        Condition::Raw(pieces) => {
            // `_raw` is the text itself: no escape stands between it and the line.
            let ascii = pieces.iter().flat_map(|piece| piece.split(|c: char| !c.is_ascii()));
            let longest = ascii.max_by_key(|piece| piece.len()).filter(|piece| piece.len() >= SHORTEST)?;
            vec![Needle { text: longest.as_bytes().to_vec(), any_case: true }]
        }
    };
    (needles.len() <= MOST).then_some(needles)
}

/// First how many lines pass, then how many literals are looked for; literals in any case are slower.
fn cost(needles: &[Needle], sample: &Sample) -> (usize, usize) {
    let weight = |needle: &Needle| if needle.any_case { 4 } else { 1 };
    (sample.share(needles), needles.iter().map(weight).sum())
}

fn of_field(field: &str, test: &ValueTest, sample: &Sample) -> Option<Vec<Needle>> {
    let given = DEFAULT_FIELDS.contains(&field) || field.starts_with('_');
    if given {
        return None;
    }
    let by_key = key(field).map(|text| vec![Needle { text, any_case: false }]);
    let by_value: Option<Vec<Needle>> =
        test.patterns.iter().map(|(pattern, case)| value(pattern, *case)).collect();
    [by_value, by_key].into_iter().flatten().min_by_key(|needles| cost(needles, sample))
}

/// The longest literal of a pattern that JSON writes in one way only, unless it writes it with `\u`: what
/// may be escaped otherwise (`"`, `\`, `/`, control characters) cuts it.
fn value(pattern: &Pattern, case: Case) -> Option<Needle> {
    // What is not UTF-8 reads as U+FFFD and is something else in the line.
    let cuts = |c: char| matches!(c, '*' | '"' | '\\' | '/' | '\u{fffd}') || c.is_control();
    let longest = pattern.as_str().split(cuts).max_by_key(|piece| piece.len())?;
    // In another case, letters beyond ASCII may have another length.
    let longest = if case == Case::Any {
        longest.split(|c: char| !c.is_ascii()).max_by_key(|piece| piece.len())?
    } else {
        longest
    };
    let any_case = case == Case::Any && longest.bytes().any(|byte| byte.is_ascii_alphabetic());
    (longest.len() >= SHORTEST).then(|| Needle { text: longest.as_bytes().to_vec(), any_case })
}

/// The end of the key that a field's value stands under: `items{}.imageId` needs `imageId"`.
fn key(field: &str) -> Option<Vec<u8>> {
    let last = field.trim_end_matches("{}").rsplit(['.', '}']).next()?;
    let plain = !last.is_empty() && last.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && last.len() >= SHORTEST).then(|| format!("{last}\"").into_bytes())
}
