//! Diagnostics as text.

use annotate_snippets::{AnnotationKind, Group, Level, Origin as FileOrigin, Renderer, Snippet};

use super::{Diagnostic, Severity, Sources, Span};

/// How much of a line is looked at before its first label. What is left out would be missing in the column
/// that is printed, so it is more than a search may be long.
const BEFORE: usize = 2 << 20;

/// How much of a line is looked at after its last label.
const AFTER: usize = 400;

/// The diagnostic as text, with the lines it is about underlined. Places in expanded macros are shown
/// where they were written, together with the calls that led there.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let marks = marks(diagnostic, sources);
    let texts: Vec<Excerpt> = excerpts(&marks, sources);
    for excerpt in &texts {
        let mut snippet = Snippet::source(excerpt.text.as_str()).path(excerpt.name.as_str());
        snippet = snippet.line_start(excerpt.first_line);
        for mark in marks.iter().filter(|mark| mark.span.source == excerpt.span.source) {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = excerpt.range(mark.span);
            snippet = snippet.annotation(kind.span(range).label(mark.text.as_str()));
        }
        group = group.element(snippet);
    }
    if let Some(place) = &diagnostic.place {
        group = group.element(FileOrigin::path(place.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

struct Mark {
    span: Span,
    text: String,
    primary: bool,
}

fn marks(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Mark> {
    let mut marks = Vec::new();
    for label in &diagnostic.labels {
        let origin = sources.written(label.span);
        marks.push(Mark { span: origin.span, text: label.text.clone(), primary: label.primary });
        for (span, name) in origin.calls.inwards_out() {
            let text = format!("in the expansion of `{name}`");
            marks.push(Mark { span, text, primary: false });
        }
    }
    marks
}

/// The part of one text that is shown.
struct Excerpt {
    name: String,
    text: String,
    span: Span,
    first_line: usize,
}

impl Excerpt {
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let place = |at: usize| floor_char(&self.text, at.saturating_sub(self.span.start));
        let start = place(span.start);
        start..place(span.end).max(start)
    }
}

fn excerpts(marks: &[Mark], sources: &Sources) -> Vec<Excerpt> {
    let mut out: Vec<Excerpt> = Vec::new();
    for mark in marks {
        if out.iter().any(|excerpt| excerpt.span.source == mark.span.source) {
            continue;
        }
        let text = sources.text(mark.span.source);
        let same = || marks.iter().filter(|other| other.span.source == mark.span.source);
        let first = same().map(|mark| mark.span.start).min().unwrap_or(0).min(text.len());
        let last = same().map(|mark| mark.span.end).max().unwrap_or(0).min(text.len());
        let first = floor_char(&text, first);
        let last = floor_char(&text, last).max(first);
        let head = text.get(..first).unwrap_or("");
        let tail = text.get(last..).unwrap_or("");
        let start = head.rfind('\n').map_or(0, |at| at + 1);
        let end = last + tail.find('\n').unwrap_or(tail.len());
        let start = floor_char(&text, start.max(first.saturating_sub(BEFORE)));
        let end = floor_char(&text, end.min(last.max(first) + AFTER)).max(last);
        out.push(Excerpt {
            name: sources.name(mark.span.source),
            text: text.get(start..end).unwrap_or("").to_string(),
            span: Span { start, end, ..mark.span },
            first_line: head.matches('\n').count() + 1,
        });
    }
    out
}

/// The start of the character that `at` lies in.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::{Calls, Code, Diagnostic, Origin, Segment, Sources, Span};
    use super::render;

    #[test]
    fn a_mistake_in_a_macro_shows_definition_and_call() {
        let mut sources = Sources::new();
        let search = sources.add("q.spl", "index=x\n| `m`");
        let definition = sources.add("macros.conf", "stats cuont");
        let call = Span::new(search, 10, 13);
        let segments = vec![
            Segment { start: 0, origin: Origin { span: Span::new(search, 0, 10), calls: Calls::default() } },
            Segment {
                start: 10,
                origin: Origin {
                    span: Span::new(definition, 0, 11),
                    calls: Calls::default().then(call, "m"),
                },
            },
        ];
        let expanded = sources.add_expanded("q.spl", "index=x\n| stats cuont", segments);
        let diagnostic = Diagnostic::error(Code::UnknownAggregate, "unknown statistical function `cuont`")
            .at(Span::new(expanded, 16, 21), "not a function of stats")
            .suggest("cuont", ["count"]);
        let text = render(&diagnostic, &sources, false);
        assert!(text.contains("error[E0305]: unknown statistical function `cuont`"), "{text}");
        assert!(text.contains("macros.conf:1:7"), "{text}");
        assert!(text.contains("in the expansion of `m`"), "{text}");
        assert!(text.contains("did you mean `count`?"), "{text}");
    }
}
