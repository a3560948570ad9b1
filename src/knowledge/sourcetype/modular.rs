//! Expressions made of others: in `REGEX` of transforms.conf `[[name]]` stands for the expression of the stanza `name`,
//! and `[[name:prefix]]` for the same with its groups named `prefix…`.

use super::super::conf::{Conf, filled};
use super::super::located::Located;

/// Expressions in expressions beyond this stand for themselves: one may be in itself.
const DEEPEST: usize = 16;

/// How long an expression may become.
const LONGEST: usize = 64 * 1024;

/// An expression with those that it is made of.
pub(super) fn expanded(regex: &Located, transforms: &Conf) -> Located {
    match expand(regex.text(), transforms, DEEPEST) {
        Some(text) if text.len() <= LONGEST => regex.with_text(text),
        _ => regex.clone(),
    }
}

/// None where there is nothing to put in.
fn expand(text: &str, transforms: &Conf, deepest: usize) -> Option<String> {
    let mut out = String::new();
    let (mut rest, mut any) = (text, false);
    while let Some((before, after)) = rest.split_once("[[") {
        out.push_str(before);
        let part = after.split_once("]]").and_then(|(inside, tail)| {
            let (name, prefix) =
                inside.split_once(':').map_or((inside, None), |(name, prefix)| (name, Some(prefix)));
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let fits = !name.is_empty() && name.chars().chain(prefix.unwrap_or("").chars()).all(word);
            let regex = filled(transforms.get(name, "REGEX")).filter(|_| fits && deepest > 0)?;
            let inner =
                expand(regex.text(), transforms, deepest - 1).unwrap_or_else(|| regex.text().to_string());
            Some((part(&inner, prefix), tail))
        });
        rest = match part {
            Some((part, tail)) if out.len() + part.len() <= LONGEST => {
                any = true;
                out.push_str(&part);
                tail
            }
            _ => {
                out.push_str("[[");
                after
            }
        };
    }
    out.push_str(rest);
    any.then_some(out)
}

/// A part, with its groups named: one without a name is named by the prefix alone, and without any group all of it is.
fn part(regex: &str, prefix: Option<&str>) -> String {
    let mut out = String::new();
    let (mut rest, mut named) = (regex, false);
    while let Some((before, after)) = rest.split_once("(?") {
        out.push_str(before);
        let name =
            after.strip_prefix('P').unwrap_or(after).strip_prefix('<').and_then(|name| name.split_once('>'));
        rest = match name {
            Some((name, tail)) if !name.starts_with(['=', '!']) => {
                named = true;
                let name = format!("{}{name}", prefix.unwrap_or(""));
                out.push_str(&if name.is_empty() { "(?:".to_string() } else { format!("(?<{name}>") });
                tail
            }
            _ => {
                out.push_str("(?");
                after
            }
        };
    }
    out.push_str(rest);
    match prefix.filter(|prefix| !named && !prefix.is_empty()) {
        Some(name) => format!("(?<{name}>{out})"),
        None => format!("(?:{out})"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::located::KnowledgeFile;
    use super::*;
    use crate::diagnostic::Sources;

    #[test]
    fn parts_of_expressions() {
        let text = "[digits]\nREGEX = \\d+\n[quoted]\nREGEX = \"(?<>[^\"]*)\"\n[site]\nREGEX = (?<name>\\w+)(?<=\\w):[[digits:port]]\n\
            [self]\nREGEX = a[[self]]?\n";
        let source = Sources::new().add("transforms.conf", text);
        let file = Arc::new(KnowledgeFile { path: "transforms.conf".into(), app: "test".into(), source });
        let conf = Conf::parse(&file, text, &mut Vec::new());
        let of = |regex: &str| expand(regex, &conf, DEEPEST);
        assert_eq!(of("^[[digits]] [[digits:n]]$").unwrap(), r"^(?:\d+) (?<n>\d+)$");
        assert_eq!(of("[[quoted:agent]]").unwrap(), "(?:\"(?<agent>[^\"]*)\")");
        assert_eq!(of("[[quoted]]").unwrap(), "(?:\"(?:[^\"]*)\")");
        assert_eq!(of("[[site:src_]]?").unwrap(), r"(?:(?<src_name>\w+)(?<=\w):(?<src_port>\d+))?");
        // Classes, and what no stanza is called.
        assert_eq!(of("[[:alpha:]]+[[a-z]][[none:x]][["), None);
        assert!(of("[[self]]").unwrap().contains("a[[self]]"));
    }
}
