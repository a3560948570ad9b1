//! What a file is made of, seen from its first line.

use memchr::memchr;

use super::json::{ListStart, list_start};

/// A first line longer than this is not looked at to its end.
const LONGEST_LOOK: usize = 1 << 20;

/// What a file is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Each line is for itself.
    Lines,
    /// JSON values that lines do not tell apart.
    Values,
    /// The line is none of this; the next may be.
    Junk,
    /// More of the file is needed to tell.
    Unclear,
}

/// What a file is made of that begins with these bytes, of which the first is not blank; `ended` when they
/// are all of it.
pub fn sniff(bytes: &[u8], ended: bool) -> Form {
    match bytes.first() {
        Some(b'[') => return Form::Values,
        Some(b'{') => {}
        _ => return Form::Junk,
    }
    match list_start(bytes) {
        ListStart::At { .. } => return Form::Values,
        ListStart::Open if !ended => return Form::Unclear,
        _ => {}
    }
    let Some(end) = memchr(b'\n', bytes) else {
        return match ended {
            true => Form::Lines,
            false if bytes.len() > LONGEST_LOOK => Form::Values,
            false => Form::Unclear,
        };
    };
    if bytes.get(..end).is_some_and(is_closed) { Form::Lines } else { Form::Values }
}

/// Whether no container is open at the end of a line. A string that is open there makes the line malformed,
/// whatever follows, so it says nothing against lines.
fn is_closed(line: &[u8]) -> bool {
    let (mut depth, mut string, mut escape) = (0_usize, false, false);
    for &byte in line {
        match byte {
            _ if escape => escape = false,
            b'\\' if string => escape = true,
            b'"' => string = !string,
            _ if string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth == 0 || string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_decides() {
        for (text, form) in [
            ("{\"a\": {\"b\": \"}{\\\"\"}}\n{", Form::Lines),
            ("{}", Form::Lines),
            ("{\"a\": \"cut\n{}", Form::Lines),
            ("{\n \"a\": 1\n}", Form::Values),
            ("{\"Records\" : [ {}", Form::Values),
            ("{\"Records\": 1}\n", Form::Lines),
            ("[1]\n", Form::Values),
            ("hello\n", Form::Junk),
            ("\0\0", Form::Junk),
        ] {
            assert_eq!(sniff(text.as_bytes(), true), form, "{text}");
        }
        for text in ["{\"Rec", "{ ", "{\"Records\":", "{\"a\": 1}"] {
            assert_eq!(sniff(text.as_bytes(), false), Form::Unclear, "{text}");
            assert_eq!(sniff(text.as_bytes(), true), Form::Lines, "{text}");
        }
        let long = format!("{{\"a\":\"{}", "x".repeat(LONGEST_LOOK));
        assert_eq!(sniff(long.as_bytes(), false), Form::Values);
    }
}
