//! The searches of a Markdown page: its fenced blocks of the language `spl`.

use super::Written;
use crate::diagnostic::{Calls, Origin, Segment, SourceId, Sources, Span};
use crate::parse::Start;

/// A fenced block.
struct Block<'t> {
    /// What stands behind the fence.
    language: &'t str,
    /// The lines, each with its first byte in the page.
    lines: Vec<(usize, &'t str)>,
}

/// The searches of a page. One that an `error` block follows is there to fail and is passed over; one that
/// rows (`json in`, `json out`) follow is an example of a manual page and starts from rows, unless it
/// begins with a pipe.
pub(super) fn searches(text: &str, page: &Written, sources: &mut Sources) -> Vec<Written> {
    let blocks = blocks(text);
    let mut found = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if block.language != "spl" {
            continue;
        }
        let after: Vec<&str> =
            blocks.iter().skip(at + 1).map(|block| block.language).take_while(|it| *it != "spl").collect();
        if after.contains(&"error") {
            continue;
        }
        let example = after.iter().any(|language| language.starts_with("json "));
        let piped = block.lines.first().is_some_and(|(_, line)| line.trim_start().starts_with('|'));
        let start = if example && !piped { Start::Rows } else { Start::Fresh };
        found.push(Written { text: register(block, page, sources), start, ..page.clone() });
    }
    found
}

fn register(block: &Block<'_>, page: &Written, sources: &mut Sources) -> SourceId {
    let mut text = String::new();
    let mut segments = Vec::new();
    for (at, line) in &block.lines {
        let span = Span::new(page.text, *at, at + line.len() + 1);
        segments.push(Segment { start: text.len(), origin: Origin { span, calls: Calls::default() } });
        text.push_str(line);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    sources.add_expanded(page.path.clone(), text, segments)
}

/// The fenced blocks (CommonMark, "Fenced code blocks"): three or more backticks or tildes, closed by at
/// least as many; the fence's indentation is taken off each line.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, usize, usize, Block<'_>)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let indent = content.len() - content.trim_start_matches([' ', '>']).len();
        let stripped = content.trim_start_matches([' ', '>']);
        match &mut open {
            None => {
                if let Some((mark, length)) = fence(stripped) {
                    let language = stripped.trim_start_matches(mark).trim();
                    open = Some((mark, length, indent, Block { language, lines: Vec::new() }));
                }
            }
            Some((mark, length, indentation, block)) => {
                let closes = fence(stripped).is_some_and(|(other, count)| other == *mark && count >= *length)
                    && stripped.trim_end().trim_start_matches(*mark).is_empty();
                if closes {
                    blocks.extend(open.take().map(|(.., block)| block));
                } else {
                    let cut = indent.min(*indentation);
                    block.lines.push((at + cut, content.get(cut..).unwrap_or("")));
                }
            }
        }
        at += line.len();
    }
    blocks.extend(open.map(|(.., block)| block));
    blocks
}

/// The mark and the length of the fence that a line begins with.
fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3).then_some((mark, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Start)> {
        let mut sources = Sources::new();
        let id = sources.add("page.md", text);
        let page = Written { path: "page.md".into(), name: None, text: id, start: Start::Fresh };
        let found = searches(text, &page, &mut sources);
        found.into_iter().map(|it| (sources.text(it.text).to_string(), it.start)).collect()
    }

    #[test]
    fn blocks_of_spl_and_no_others() {
        let text = "~~~spl\nindex=a ```comment```\n| head 1\n~~~\n```json\n{}\n```\n1. x\n   ```spl\n   index=b\n   ```\n";
        let expected = ["index=a ```comment```\n| head 1", "index=b"];
        assert_eq!(read(text), expected.map(|text| (text.to_string(), Start::Fresh)));
    }

    #[test]
    fn examples_of_manual_pages() {
        let text = "```spl\neval a=1\n```\n```json out\n{}\n```\n```spl\neval a=\n```\n```error\nno\n```\n```spl\n| makeresults\n```\n```json out\n{}\n```\n";
        assert_eq!(read(text), [("eval a=1".into(), Start::Rows), ("| makeresults".into(), Start::Fresh)]);
    }

    #[test]
    fn a_place_in_a_block_is_shown_in_the_page() {
        let text = "# Page\n\n- item\n\n  ```spl\n  index=a\n  | wrong\n  ```\n";
        let mut sources = Sources::new();
        let id = sources.add("page.md", text);
        let page = Written { path: "page.md".into(), name: None, text: id, start: Start::Fresh };
        let found = searches(text, &page, &mut sources).remove(0);
        let at = sources.text(found.text).find("wrong").unwrap();
        let span = sources.written(Span::new(found.text, at, at + 5)).span;
        assert_eq!((span.source, sources.slice(span).as_str()), (id, "wrong"));
    }
}
