//! Manual pages: the `//!` text at the top of a command's or function's file.
//!
//! A page is rustdoc, `speleo help`, the reference and the tests at once. Its shape:
//!
//! ~~~text
//! //! One line that says what it does.
//! //!
//! //! ## Syntax
//! //! ## Description
//! //! ## Examples
//! //!
//! //! A sentence about the first.
//! //!
//! //! ```spl
//! //! eval n = abs(-3)
//! //! ```
//! //! ```json in
//! //! {"host": "a"}
//! //! ```
//! //! ```json out
//! //! {"host": "a", "n": 3}
//! //! ```
//! ~~~
//!
//! Without `json in` a search that does not begin with `|` runs over one row without fields. An example of
//! a mistake has an `error` block in place of `json out`: the first line of the diagnostic.

/// A page, read from a source file.
#[derive(Clone, Debug)]
pub struct Page {
    /// The whole text without the comment marks.
    pub text: String,
    /// The first line.
    pub summary: String,
    /// The examples in order.
    pub examples: Vec<Example>,
}

/// One documented search with its input and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line of the source file (from 1) on which the search begins.
    pub line: usize,
    /// The search.
    pub search: String,
    /// Rows as JSON objects, one a line; none where the page gives none.
    pub input: Option<String>,
    /// What must come out.
    pub expected: Expected,
}

/// What an example shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Rows as JSON objects, one a line.
    Rows(String),
    /// The first line of the diagnostic.
    Error(String),
    /// Nothing was written down: a mistake of the page.
    Missing,
}

impl Page {
    /// Reads the page of a source file: its leading `//!` lines.
    pub fn read(source: &str) -> Page {
        let mark = |line: &str| {
            line.strip_prefix("//!").map(|rest| rest.strip_prefix(' ').unwrap_or(rest).to_string())
        };
        let lines: Vec<String> = source.lines().map_while(mark).collect();
        let summary = lines.first().cloned().unwrap_or_default();
        let examples = examples(&lines);
        Page { text: lines.join("\n"), summary, examples }
    }

    /// The text of a section, without its heading: `Syntax`, `Description`, `Differences from Splunk`.
    pub fn section(&self, heading: &str) -> Option<&str> {
        let start = self.text.find(&format!("## {heading}\n"))? + heading.len() + 4;
        let rest = self.text.get(start..)?;
        Some(rest.split("\n## ").next().unwrap_or(rest).trim())
    }
}

/// The fenced blocks of a page: an `spl` block starts an example, the blocks after it belong to it.
fn examples(lines: &[String]) -> Vec<Example> {
    let mut out: Vec<Example> = Vec::new();
    let mut block: Option<(String, usize, Vec<&str>)> = None;
    for (number, line) in lines.iter().enumerate() {
        let Some(fence) = line.strip_prefix("```") else {
            if let Some((_, _, content)) = &mut block {
                content.push(line);
            }
            continue;
        };
        let Some((kind, first, content)) = block.take() else {
            block = Some((fence.trim().to_string(), number + 2, Vec::new()));
            continue;
        };
        let content = content.join("\n");
        match (kind.as_str(), out.last_mut()) {
            ("spl", _) => {
                out.push(Example { line: first, search: content, input: None, expected: Expected::Missing });
            }
            ("json in", Some(example)) => example.input = Some(content),
            ("json out", Some(example)) => example.expected = Expected::Rows(content),
            ("error", Some(example)) => example.expected = Expected::Error(content),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_from_its_file() {
        let source = "//! Doubles.\n//!\n//! ## Syntax\n//! `double(x)`\n//!\n//! ## Examples\n//!\n//! ```spl\n//! eval n=double(2)\n//! ```\n//! ```json out\n//! {\"n\": 4}\n//! ```\n\nfn x() {}\n";
        let page = Page::read(source);
        assert_eq!(page.summary, "Doubles.");
        assert_eq!(page.section("Syntax"), Some("`double(x)`"));
        let expected = Expected::Rows("{\"n\": 4}".into());
        let search = "eval n=double(2)".to_string();
        assert_eq!(page.examples, [Example { line: 9, search, input: None, expected }]);
    }
}
