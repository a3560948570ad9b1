//! Lookups whose definition names a program that is known: what it answers is worked out here, nothing is run.

use std::collections::BTreeMap;

use crate::batch::Batch;
use crate::diagnostic::{Code, Diagnostic, Result, Span, nearest};
use crate::exec::{Combinations, RunContext, Streaming};
use crate::value::{Text, Value};

/// A program that a lookup may name.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    /// Its file, as `external_cmd` names it.
    program: &'static str,
    /// The column it asks.
    input: &'static str,
    /// The column it answers.
    output: &'static str,
    /// The answer to a text.
    answer: fn(&str) -> Value,
}

/// The programs that published searches ask: those of the app URL Toolbox.
const KNOWN: [Computed; 1] =
    [Computed { program: "ut_shannon.py", input: "word", output: "ut_shannon", answer: entropy }];

/// The program of this name, if it is known.
pub fn find(program: &str) -> Option<Computed> {
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program);
    KNOWN.into_iter().find(|known| known.program == file)
}

/// Shannon's entropy of a text in bits for each character: 0 where all are the same.
fn entropy(text: &str) -> Value {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let length = f64::from(counts.values().sum::<u32>());
    let bits = counts.values().map(|count| f64::from(*count) / length).map(|share| -share * share.log2());
    // A sum of nothing is -0, and so is that of one character.
    Value::number(bits.sum::<f64>() + 0.0)
}

/// A column that a search names, with its field and its place.
pub type Named = (Text, Span, Text);

/// The answer to a field, in another.
pub struct Answers {
    computed: Computed,
    input: Text,
    output: Text,
    overwrite: bool,
}

impl Answers {
    /// What a search asks for; none where it takes no answer.
    ///
    /// # Errors
    /// A column that the program neither asks nor answers, or nothing that it asks.
    pub fn new(
        computed: Computed,
        inputs: Vec<Named>,
        outputs: Option<Vec<Named>>,
        overwrite: bool,
    ) -> Result<Option<Answers>> {
        let known = |named: &[Named], column: &str| -> Result<()> {
            match named.iter().find(|(name, ..)| name != column) {
                None => Ok(()),
                Some((name, span, _)) => {
                    let message = format!("the lookup's program has no column `{name}` here");
                    let problem = Diagnostic::error(Code::LookupField, message).at(*span, "");
                    Err(match nearest(name, [column]) {
                        Some(near) => problem.help(format!("did you mean `{near}`?")),
                        None => problem.help(format!("the column is `{column}`")),
                    })
                }
            }
        };
        known(&inputs, computed.input)?;
        known(outputs.as_deref().unwrap_or_default(), computed.output)?;
        let Some((_, _, input)) = inputs.into_iter().next() else { return Ok(None) };
        let output = match outputs {
            Some(named) => named.into_iter().next().map(|(_, _, field)| field),
            None => Some(computed.output.into()),
        };
        Ok(output.map(|output| Answers { computed, input, output, overwrite }))
    }
}

impl Streaming for Answers {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let asked = Combinations::of(&batch, [&self.input]);
        let answer = |values: &[Value]| {
            let value = values.first().filter(|value| !value.is_null())?;
            let single = |value: &Value| (self.computed.answer)(&value.to_text());
            Some(Value::from_values(value.values().iter().map(single)))
        };
        let answers = asked.iter().map(answer).collect();
        asked.set(&mut batch, &self.output, answers, self.overwrite);
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::entropy;

    #[test]
    fn entropy_counts_characters() {
        for (text, bits) in
            [("", "0"), ("aaaa", "0"), ("ab", "1"), ("abcd", "2"), ("aab", "0.9182958340544896")]
        {
            assert_eq!(entropy(text).to_text(), bits, "{text}");
        }
    }
}
