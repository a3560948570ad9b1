//! Elements of XML text that hold nothing but text: what `xmlkv` reads. The text need not be well-formed, and
//! need not be XML all over.

use std::borrow::Cow;

use memchr::memchr;

/// Each element without inner elements, as its name and its text with the entities replaced, in order.
/// Attributes are passed over; an element without text is none.
pub fn leaf_elements(text: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        rest = rest.get(at + 1..).unwrap_or("");
        let Some((tag, after)) = rest.split_once('>') else { break };
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or("");
        let opens = !name.is_empty() && !name.starts_with(['/', '?', '!']) && !tag.ends_with('/');
        if !opens || tag.contains('<') {
            continue;
        }
        let Some((value, closing)) = after.split_once('<') else { break };
        let closed = closing.strip_prefix('/').and_then(|closing| closing.strip_prefix(name));
        if closed.is_some_and(|closing| closing.trim_start().starts_with('>')) {
            let value = html_escape::decode_html_entities(value.trim());
            if !value.is_empty() {
                found.push((name, value));
            }
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        let pairs = leaf_elements(text);
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn elements_of_nothing_but_text() {
        assert_eq!(found("<a><b x='1'>one &amp; two</b><c/><d></d><e>3</e></a>"), "b=one & two e=3");
        assert_eq!(found("Task:\n<?xml version=\"1.0\"?><Task><Author>ada</Author >"), "Author=ada");
        for none in ["a < b > c", "<a>1</b>", "<a>1", "<a", "<", "<!-- <a -->", "</a>1</a>"] {
            assert_eq!(found(none), "", "{none}");
        }
        assert_eq!(found(&"<a>".repeat(100_000)), "");
    }
}
