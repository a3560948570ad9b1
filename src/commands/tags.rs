//! Adds the tags of the values of fields.
//!
//! ## Syntax
//! `tags [outputfield=<field>] [inclname=<bool>] [inclvalue=<bool>] [<fields>]`
//!
//! ## Description
//! Which value of which field has which tags stands in tags.conf. Without a list of fields this is about all that have tags
//! there. The tags of a field are `tag::<field>`; with `outputfield` those of all fields are that one field, each with the
//! field's name before it if `inclname=true`, and the value if `inclvalue=true`, with `::` between. Where there are no tags
//! nothing changes.
//!
//! ## Examples
//!
//! Of `sourcetypes/`, which is built in, the tags of the event types `gcp_change_account` and `github_audit`:
//!
//! ```spl
//! tags eventtype
//! ```
//! ```json in
//! {"eventtype": ["gcp_change_account", "github_audit"]}
//! {"eventtype": "none"}
//! ```
//! ```json out
//! {"eventtype": ["gcp_change_account", "github_audit"], "tag::eventtype": ["account", "change", "audit"]}
//! {"eventtype": "none"}
//! ```
//!
//! ```spl
//! tags outputfield=test inclname=t inclvalue=t host, eventtype
//! ```
//! ```json in
//! {"host": "a", "eventtype": "github_audit", "test": "old"}
//! {"host": "a", "test": "old"}
//! ```
//! ```json out
//! {"host": "a", "eventtype": "github_audit", "test": ["eventtype::github_audit::audit", "eventtype::github_audit::change"]}
//! {"host": "a", "test": "old"}
//! ```
//!
//! ```spl
//! tags inclname=t host
//! ```
//! ```error
//! error[E0205]: `inclname` and `inclvalue` of `tags` need `outputfield`
//! ```
//!
//! ## Differences from Splunk
//! How `inclname` and `inclvalue` are written is not documented: `host::tag`, `a::tag`, `host::a::tag`.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldMap, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Combinations, RunContext, Streaming};
use crate::knowledge::TagRule;
use crate::parse::args::{Args, write_name, write_names};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `tags`
#[derive(Clone, Debug)]
pub struct Tags {
    output: Option<Text>,
    with_name: bool,
    with_value: bool,
    /// The fields; none for all.
    fields: Vec<Text>,
}

/// Reads the arguments of `tags`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut tags = Tags { output: None, with_name: false, with_value: false, fields: Vec::new() };
    loop {
        tags.fields.extend(args.fields(&[])?.into_iter().map(|word| word.text));
        match args.option(&["outputfield", "inclname", "inclvalue"])? {
            Some(("outputfield", value)) => tags.output = Some(value.text),
            Some(("inclname", value)) => tags.with_name = value.truth("inclname")?,
            Some((_, value)) => tags.with_value = value.truth("inclvalue")?,
            None => break,
        }
    }
    if tags.output.is_none() && (tags.with_name || tags.with_value) {
        return Err(args.error("`inclname` and `inclvalue` of `tags` need `outputfield`"));
    }
    Ok(Box::new(tags))
}

impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tags")?;
        if let Some(field) = &self.output {
            f.write_str(" outputfield=")?;
            write_name(f, field)?;
        }
        f.write_str(if self.with_name { " inclname=true" } else { "" })?;
        f.write_str(if self.with_value { " inclvalue=true" } else { "" })?;
        f.write_str(if self.fields.is_empty() { "" } else { " " })?;
        write_names(f, self.fields.iter().map(Text::as_str))
    }
}

impl Command for Tags {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // Which fields have tags is known when knowledge is at hand.
        match self.fields.is_empty() {
            true => FieldSet::all(),
            false => after.clone().with(&FieldSet::of(self.fields.iter().cloned())),
        }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let mut rules: FieldMap<Vec<TagRule>> = FieldMap::default();
        let (tags, problems) = planner.knowledge.tags();
        problems.into_iter().for_each(|problem| planner.warnings().add(problem));
        for rule in tags {
            if self.fields.is_empty() || self.fields.contains(&rule.field) {
                rules.entry(rule.field.clone()).or_default().push(rule);
            }
        }
        planner.streaming(Tagged { tags: self.clone(), rules });
        Ok(())
    }
}

struct Tagged {
    tags: Tags,
    rules: FieldMap<Vec<TagRule>>,
}

impl Streaming for Tagged {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let fields: Vec<&Text> = self.rules.keys().collect();
        let rows = Combinations::of(&batch, fields.iter().copied());
        let tags: Vec<Vec<Vec<Value>>> = rows
            .iter()
            .map(|values| fields.iter().zip(values).map(|(field, value)| self.of(field, value)).collect())
            .collect();
        if let Some(output) = &self.tags.output {
            let all = |tags: &Vec<Vec<Value>>| found(tags.concat());
            rows.set(&mut batch, output, tags.iter().map(all).collect(), true);
            return Ok(batch);
        }
        for (at, field) in fields.iter().enumerate() {
            let of_field = |tags: &Vec<Vec<Value>>| found(tags.get(at).cloned().unwrap_or_default());
            let outcomes: Vec<_> = tags.iter().map(of_field).collect();
            rows.set(&mut batch, &format!("tag::{field}").into(), outcomes, true);
        }
        Ok(batch)
    }
}

/// Each tag once; none if there are none.
fn found(tags: Vec<Value>) -> Option<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for tag in tags {
        if !distinct.contains(&tag) {
            distinct.push(tag);
        }
    }
    (!distinct.is_empty()).then(|| Value::from_values(distinct))
}

impl Tagged {
    /// The tags that a field has for its values.
    fn of(&self, field: &Text, value: &Value) -> Vec<Value> {
        let mut tags = Vec::new();
        let rules = self.rules.get(field).map_or(&[][..], Vec::as_slice);
        for text in value.values().iter().map(Value::to_text) {
            for rule in rules.iter().filter(|rule| rule.value == *text) {
                tags.extend(rule.tags.iter().map(|tag| Value::text(self.written(field, &text, tag))));
            }
        }
        tags
    }

    fn written(&self, field: &str, value: &str, tag: &str) -> String {
        let parts = [(self.tags.with_name, field), (self.tags.with_value, value), (true, tag)];
        let parts: Vec<&str> = parts.into_iter().filter(|(with, _)| *with).map(|(_, part)| part).collect();
        parts.join("::")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_values() {
        let rule = TagRule {
            field: "host".into(),
            value: "a".into(),
            tags: vec!["prod".into(), "web".into()],
            place: String::new(),
        };
        let shown = |with_name: bool, with_value: bool| {
            let tags = Tags { output: Some("t".into()), with_name, with_value, fields: Vec::new() };
            let rules = std::iter::once(("host".into(), vec![rule.clone()])).collect();
            let found =
                Tagged { tags, rules }.of(&"host".into(), &Value::from_values(["b".into(), "a".into()]));
            Value::from_values(found).to_text().into_owned()
        };
        assert_eq!(shown(false, false), "prod\nweb");
        assert_eq!(shown(true, false), "host::prod\nhost::web");
        assert_eq!(shown(true, true), "host::a::prod\nhost::a::web");
        assert_eq!(found(vec!["x".into(), "x".into()]), Some("x".into()));
    }
}
