//! Reading a macro call: what stands between two backticks.

use std::ops::Range;

/// A call, as ranges of the text it stands in.
#[derive(Debug, PartialEq, Eq)]
pub struct MacroCall {
    /// From backtick to backtick.
    pub whole: Range<usize>,
    /// The macro's name.
    pub name: String,
    /// The arguments, without blanks around them and without the quotes of a wholly quoted one.
    pub arguments: Vec<Range<usize>>,
}

/// Reads the call whose opening backtick stands at `open`; none when it is not closed, or is no call.
pub fn read(text: &str, open: usize) -> Option<MacroCall> {
    let close = open + 1 + closing_backtick(text.get(open + 1..)?)?;
    let inner = open + 1..close;
    let body = text.get(inner.clone())?;
    let whole = open..close + 1;
    let Some(paren) = body.find('(') else {
        return Some(MacroCall { whole, name: body.trim().to_string(), arguments: Vec::new() });
    };
    let name = body.get(..paren)?.trim().to_string();
    let last = body.rfind(')').filter(|last| *last > paren)?;
    let arguments = split(text, inner.start + paren + 1..inner.start + last);
    Some(MacroCall { whole, name, arguments })
}

/// The closing backtick, passing over quoted arguments.
fn closing_backtick(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'`' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// Cuts at commas outside of quotes and parentheses; nothing at all is no argument.
fn split(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let body = text.get(range.clone()).unwrap_or("");
    if body.trim().is_empty() {
        return Vec::new();
    }
    let (mut quoted, mut depth, mut start) = (false, 0usize, 0usize);
    let mut arguments = Vec::new();
    let mut bytes = body.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            b',' if !quoted && depth == 0 => {
                arguments.push(bare(text, range.start + start..range.start + at));
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(bare(text, range.start + start..range.end));
    arguments
}

/// Without blanks around it, and without its quotes if it is wholly quoted.
fn bare(text: &str, range: Range<usize>) -> Range<usize> {
    let body = text.get(range.clone()).unwrap_or("");
    let start = range.start + (body.len() - body.trim_start().len());
    let trimmed = body.trim();
    let inside = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inside {
        Some(inside) if !inside.contains('"') => start + 1..start + 1 + inside.len(),
        _ => start..start + trimmed.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Vec<&str> {
        read(text, 0).unwrap().arguments.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn arguments_lose_their_quotes() {
        assert_eq!(arguments("`m(\"All_Changes\")`"), ["All_Changes"]);
        assert_eq!(arguments("`m( a, \"b,c\" , f(d, e))`"), ["a", "b,c", "f(d, e)"]);
        assert_eq!(arguments("`m`"), Vec::<&str>::new());
        assert_eq!(arguments("`m()`"), Vec::<&str>::new());
        assert!(read("`m", 0).is_none());
        assert_eq!(arguments("`m(\"a`b\")`"), ["a`b"]);
    }
}
