//! Extractions: regular expressions that take fields out of a text.

use std::borrow::Cow;

use fancy_regex::Captures;

use super::by_hand::ByHand;
use super::{Compiler, Reader};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Regex;
use crate::exec::{RunContext, Streaming};
use crate::extract::kv::{clean_key, split_values};
use crate::extract::{Existing, Found, KeyValues, add_fields};
use crate::knowledge::{Extraction, ExtractionKind, FieldTransform, Located};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// One extraction: `EXTRACT` or `REPORT`.
pub struct Extract {
    how: How,
    source: Text,
    existing: Existing,
    wanted: FieldSet,
    note: String,
}

/// What the names of groups begin with that match the name of a field, and what those of its value do (transforms.conf,
/// `REGEX`).
const KEY: &str = "_KEY_";
const VALUE: &str = "_VAL_";

/// How fields are found in a text.
enum How {
    Regex {
        regex: Regex,
        /// Templates of name and value, such as `$1` and `$2`; none for named groups.
        format: Vec<(Text, Text)>,
        /// Every match counts; otherwise the first.
        all_matches: bool,
        /// Of values of one name all count; otherwise the first.
        all_values: bool,
        clean_keys: bool,
        keep_empty: bool,
    },
    /// The same for an expression that is known.
    ByHand {
        hand: ByHand,
        /// The name of what is found; otherwise it is found with it.
        name: Option<Text>,
        all_values: bool,
        clean_keys: bool,
        keep_empty: bool,
    },
    /// Pairs between delimiters.
    Pairs(KeyValues),
    /// Values between delimiters, with these names in order.
    Values { delims: Text, names: Vec<Text>, keep_empty: bool },
}

impl Extract {
    /// The extraction, if it gives a wanted field.
    pub fn new(
        extraction: &Extraction,
        reader: Reader,
        wanted: &FieldSet,
        compiler: &mut Compiler<'_>,
    ) -> Result<Option<Extract>> {
        // A broken expression is a mistake only where something may come of it.
        if !may_name(extraction, wanted) {
            return Ok(None);
        }
        // What JSON gives is found by Splunk after the extractions, and yields to them.
        let first = if reader == Reader::Json { Existing::Replaced } else { Existing::Kept };
        let (how, source, existing, place) = match &extraction.kind {
            ExtractionKind::Inline { pattern, source } => {
                // props.conf, `EXTRACT`: dots match ends of lines, `^` and `$` at each line.
                (How::named_groups(pattern, "(?ms)", true, compiler)?, source, first, pattern.place())
            }
            ExtractionKind::Transform(transform) => {
                let existing = if transform.mv_add { Existing::Extended } else { first };
                let place = transform
                    .regex
                    .as_ref()
                    .map_or_else(|| format!("[{}]", transform.name), crate::knowledge::Located::place);
                (How::of_transform(transform, compiler)?, &transform.source_key, existing, place)
            }
        };
        if !how.may_give(&|name| wanted.contains(name)) {
            return Ok(None);
        }
        let note = format!("extraction `{}`: {place}", extraction.class);
        Ok(Some(Extract { how, source: source.clone(), existing, wanted: wanted.clone(), note }))
    }

    /// Named groups out of a field, as a data model has them.
    pub fn of_field(pattern: &Located, source: &Text, compiler: &mut Compiler<'_>) -> Result<Extract> {
        Ok(Extract {
            how: How::named_groups(pattern, "", false, compiler)?,
            source: source.clone(),
            existing: Existing::Replaced,
            wanted: FieldSet::all(),
            note: String::new(),
        })
    }

    /// The field it is applied to.
    pub fn reads(&self) -> FieldSet {
        FieldSet::of([self.source.clone()])
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        self.note.clone()
    }
}

/// What an extraction says of the names that it gives: its expression, a template, and whether names are cleaned.
fn naming(extraction: &Extraction) -> (Option<&Located>, &[(Text, Text)], bool) {
    match &extraction.kind {
        ExtractionKind::Inline { pattern, .. } => (Some(pattern), &[], true),
        ExtractionKind::Transform(transform) => {
            (transform.regex.as_ref(), transform.format.as_slice(), transform.clean_keys)
        }
    }
}

/// The field of a named group: one that is cleaned loses what no name begins with (transforms.conf, `CLEAN_KEYS`).
fn field_of(group: &str, clean: bool) -> &str {
    match clean && !group.starts_with(KEY) && !group.starts_with(VALUE) {
        true => group.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit()),
        false => group,
    }
}

/// The fields that an extraction gives, by its text alone.
pub fn names(extraction: &Extraction) -> impl Iterator<Item = &str> {
    let (pattern, format, clean) = naming(extraction);
    let groups = pattern.filter(|_| format.is_empty()).map(|pattern| group_names(pattern.text()));
    let fields = groups.into_iter().flatten().map(move |group| field_of(group, clean));
    fields.chain(format.iter().map(|(name, _)| name.as_str()))
}

/// Whether an extraction may give a wanted field, by its text alone.
fn may_name(extraction: &Extraction, wanted: &FieldSet) -> bool {
    let (pattern, format, clean) = naming(extraction);
    match pattern {
        Some(pattern) if format.is_empty() => group_names(pattern.text())
            .any(|group| group.starts_with(KEY) || wanted.contains(field_of(group, clean))),
        Some(_) => format.iter().any(|(name, _)| name.contains('$') || wanted.contains(name)),
        None => true,
    }
}

/// What stands where the names of groups do.
fn group_names(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split("(?").skip(1).filter_map(|group| {
        let name = group.strip_prefix('P').unwrap_or(group).strip_prefix(['<', '\''])?;
        let end = name.find(['>', '\''])?;
        name.get(..end).filter(|name| !name.starts_with(['=', '!']))
    })
}

impl How {
    /// The named groups of the first match.
    fn named_groups(
        pattern: &Located,
        modifiers: &str,
        clean_keys: bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<How> {
        Ok(How::Regex {
            regex: regex(pattern, modifiers, compiler)?,
            format: Vec::new(),
            all_matches: false,
            all_values: false,
            clean_keys,
            keep_empty: false,
        })
    }

    fn of_transform(transform: &FieldTransform, compiler: &mut Compiler<'_>) -> Result<How> {
        if let Some(known) = How::known(transform) {
            return Ok(known);
        }
        if let Some(pattern) = &transform.regex {
            let regex = regex(pattern, "", compiler)?;
            let pairs = || regex.capture_names().flatten().any(|name| name.starts_with(KEY));
            let dynamic = match transform.format.is_empty() {
                true => pairs(),
                false => transform.format.iter().any(|(name, _)| name.contains('$')),
            };
            return Ok(How::Regex {
                regex,
                format: transform.format.clone(),
                all_matches: dynamic || transform.mv_add,
                all_values: transform.mv_add,
                clean_keys: transform.clean_keys,
                keep_empty: transform.keep_empty,
            });
        }
        let delims = |at: usize| transform.delims.get(at).cloned();
        Ok(match delims(1) {
            Some(key_delims) => How::Pairs(KeyValues {
                pair_delims: delims(0),
                key_delims: Some(key_delims),
                clean_keys: transform.clean_keys,
                keep_empty: transform.keep_empty,
                ..KeyValues::auto()
            }),
            None => How::Values {
                delims: delims(0).unwrap_or_default(),
                names: transform.fields.clone(),
                keep_empty: transform.keep_empty,
            },
        })
    }

    /// A transform whose expression need not be run.
    fn known(transform: &FieldTransform) -> Option<How> {
        let pattern = transform.regex.as_ref()?.text();
        let [(name, value)] = transform.format.as_slice() else { return None };
        let (hand, name) = match (name.as_str(), value.as_str()) {
            ("$1", "$2") => (ByHand::pairs(pattern)?, None),
            (name, "$1") if !name.contains('$') && !transform.mv_add => {
                (ByHand::block(pattern)?, Some(name.into()))
            }
            _ => return None,
        };
        let (all_values, keep_empty) = (transform.mv_add, transform.keep_empty);
        Some(How::ByHand { hand, name, all_values, clean_keys: transform.clean_keys, keep_empty })
    }

    /// Whether a field that is asked for may come of it.
    fn may_give(&self, asked: &dyn Fn(&str) -> bool) -> bool {
        match self {
            How::Regex { regex, format, clean_keys, .. } if format.is_empty() => {
                let mut groups = regex.capture_names().flatten();
                groups.any(|group| group.starts_with(KEY) || asked(field_of(group, *clean_keys)))
            }
            How::Regex { format, .. } => format.iter().any(|(name, _)| name.contains('$') || asked(name)),
            How::ByHand { name, .. } => name.as_ref().is_none_or(|name| asked(name)),
            How::Pairs(_) => true,
            How::Values { names, .. } => names.is_empty() || names.iter().any(|name| asked(name)),
        }
    }

    /// Whether a value is a stretch of the text as it stands.
    fn copies(&self, field: &str) -> bool {
        let group =
            |value: &str| value.strip_prefix('$').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        match self {
            How::Regex { format, .. } => format
                .iter()
                .filter(|(name, _)| name.contains('$') || name == field)
                .all(|(_, value)| group(value)),
            How::ByHand { .. } | How::Pairs(_) | How::Values { .. } => true,
        }
    }
}

fn regex(pattern: &Located, modifiers: &str, compiler: &mut Compiler<'_>) -> Result<Regex> {
    let text = compiler.regex(pattern)?;
    crate::eval::compile(&format!("{modifiers}{text}")).map_err(|message| pattern.error(Code::Regex, message))
}

impl Invert for Extract {
    /// The value stood in the field before, or stands in the text that is looked at.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        if !self.how.may_give(&|name| name == field) {
            return None;
        }
        if !self.how.copies(field) {
            return Some(Condition::True);
        }
        let found = match self.source.as_str() {
            "_raw" => test.in_text("\"\\"),
            source => Condition::Field(source.into(), test.inside()),
        };
        Some(Condition::any([Condition::Field(field.into(), test.clone()), found]))
    }
}

impl Streaming for Extract {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        add_fields(&mut batch, &self.source, self.existing, &self.wanted, |value| {
            self.fields(value, context)
        });
        Ok(batch)
    }
}

impl Extract {
    fn fields(&self, value: &Value, context: &RunContext) -> Found {
        let mut fields = Vec::new();
        // Several values are one text, each on a line: the expressions of add-ons tell the first from the second by that.
        let text = value.to_text();
        match &self.how {
            How::Regex { .. } => self.by_regex(&text, &mut fields, context),
            How::ByHand { hand, name, .. } => {
                hand.each(&text, &mut |one, two| match name {
                    Some(name) => self.found(name, one, &mut fields),
                    None => self.found(one, two, &mut fields),
                });
            }
            How::Pairs(pairs) => {
                let pairs = pairs.pairs(&text).into_iter();
                fields.extend(pairs.map(|(name, value)| (name, Value::Text(value))));
            }
            How::Values { delims, names, .. } if names.is_empty() => {
                // Without names every other value is one (transforms.conf, `DELIMS`).
                let mut values = split_values(&text, delims).into_iter().filter(|value| !value.is_empty());
                while let (Some(name), Some(value)) = (values.next(), values.next()) {
                    fields.push((clean_key(&name), Value::Text(value)));
                }
                fields.retain(|(name, _)| !name.is_empty());
            }
            How::Values { delims, names, keep_empty } => {
                let values = names.iter().zip(split_values(&text, delims));
                let kept = values.filter(|(_, value)| *keep_empty || !value.is_empty());
                fields.extend(kept.map(|(name, value)| (name.clone(), Value::Text(value))));
            }
        }
        if !self.all_values() {
            let mut seen = hashbrown::HashSet::<Text, foldhash::fast::RandomState>::default();
            fields.retain(|(name, _)| seen.insert(name.clone()));
        }
        fields
    }

    fn all_values(&self) -> bool {
        match &self.how {
            How::Regex { all_values, .. } | How::ByHand { all_values, .. } => *all_values,
            _ => self.existing == Existing::Extended,
        }
    }

    /// A field that was found by hand.
    fn found(&self, name: &str, value: &str, fields: &mut Found) {
        let How::ByHand { name: given, clean_keys, keep_empty, .. } = &self.how else { return };
        if value.is_empty() && !keep_empty {
            return;
        }
        let is_clean = |name: &str| {
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
            starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        };
        let add = |name: Text, fields: &mut Found| fields.push((name, Value::text(value)));
        if given.is_some() || !clean_keys || is_clean(name) {
            if self.wanted.contains(name) {
                add(name.into(), fields);
            }
            return;
        }
        let name = clean_key(name);
        if !name.is_empty() && self.wanted.contains(&name) {
            add(name, fields);
        }
    }

    fn by_regex(&self, text: &str, fields: &mut Found, context: &RunContext) {
        let How::Regex { regex, all_matches, .. } = &self.how else { return };
        for captures in regex.captures_iter(text) {
            match captures {
                Ok(captures) => self.take(&captures, fields),
                Err(error) => {
                    let message = format!("a regular expression gave up on a value: {error}");
                    context.warnings().add(Diagnostic::warning(Code::RegexLimit, message));
                    break;
                }
            }
            if !all_matches {
                break;
            }
        }
    }

    fn take(&self, captures: &Captures<'_, str>, fields: &mut Found) {
        let How::Regex { regex, format, clean_keys, keep_empty, .. } = &self.how else { return };
        let mut add = |name: Text, value: &str| {
            if !name.is_empty() && (*keep_empty || !value.is_empty()) && self.wanted.contains(&name) {
                fields.push((name, Value::text(value)));
            }
        };
        if format.is_empty() {
            for group in regex.capture_names().flatten() {
                let Some(found) = captures.name(group) else { continue };
                match group.strip_prefix(KEY) {
                    None if group.starts_with(VALUE) => {}
                    None => add(field_of(group, *clean_keys).into(), found.as_str()),
                    Some(number) => {
                        let value =
                            captures.name(&format!("{VALUE}{number}")).map_or("", |value| value.as_str());
                        let key = found.as_str();
                        add(if *clean_keys { clean_key(key) } else { key.into() }, value);
                    }
                }
            }
        }
        for (name, value) in format {
            let filled = fill(name, captures);
            let dynamic = *clean_keys && name.contains('$');
            let name = if dynamic { clean_key(&filled) } else { filled.as_ref().into() };
            add(name, &fill(value, captures));
        }
    }
}

/// A template with its `$n` replaced by the groups of a match.
pub fn fill<'t>(template: &'t str, captures: &Captures<'_, str>) -> Cow<'t, str> {
    if !template.contains('$') {
        return Cow::Borrowed(template);
    }
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = after.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => out.push_str(captures.get(number).map_or("", |found| found.as_str())),
            Err(_) => out.push('$'),
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}
