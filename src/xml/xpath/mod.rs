//! XPath 1.0 over a tree: location paths along all axes but that of namespaces, long or abbreviated, with predicates, operators and the functions of [`parse::FUNCTIONS`]. Names are compared with
//! their prefixes; namespaces mean nothing.

mod eval;
mod parse;

pub use parse::XPath;

use eval::{Arena, Outcome};

use super::Element;
use crate::value::Value;

impl XPath {
    /// What it gives for a document: the values of the nodes in document order, or the one value of another expression.
    pub fn values(&self, document: &[Element]) -> Vec<Value> {
        let arena = Arena::new(document);
        match arena.evaluate(self) {
            Outcome::Nodes(nodes) => {
                let contents = nodes.iter().map(|&node| arena.content(node));
                contents.filter(|content| !content.is_empty()).map(Value::text).collect()
            }
            other => vec![Value::text(arena.string(&other))],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENT: &str = "<shop><book id='1' lang='en'><title>A</title><price>7.5</price></book>\
        <book id='2'><title>B &amp; C</title><price>30</price><note>x<i>y</i>z</note></book>\
        <cd id='3'><title>D</title></cd></shop>";

    fn values(path: &str) -> String {
        let path = XPath::parse(path).unwrap_or_else(|reason| panic!("{path}: {reason}"));
        let values = path.values(&super::super::parse(DOCUMENT).unwrap());
        values.iter().map(Value::to_text).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn location_paths() {
        assert_eq!(values("/shop/book/title"), "A | B & C");
        assert_eq!(values("//title"), "A | B & C | D");
        assert_eq!(values("//book/@id"), "1 | 2");
        assert_eq!(values("//@lang"), "en");
        assert_eq!(values("/shop/*/title/text()"), "A | B & C | D");
        assert_eq!(values("//title/../@id"), "1 | 2 | 3");
        assert_eq!(values("shop//i"), "y");
        assert_eq!(values("//note"), "x<i>y</i>z");
        assert_eq!(values("//note/text()"), "x | z");
        assert_eq!(values("//cd/title | //book[2]/title"), "B & C | D");
        assert_eq!(values("descendant::book/child::title[. = 'A']/parent::node()/attribute::id"), "1");
        assert_eq!(values("/book"), "");
        assert_eq!(values("//book/./self::book/@id"), "1 | 2");
    }

    #[test]
    fn predicates() {
        assert_eq!(values("//book[1]/title"), "A");
        assert_eq!(values("//book[last()]/title"), "B & C");
        assert_eq!(values("//book[position() > 1]/@id"), "2");
        assert_eq!(values("//*[@lang]/@id"), "1");
        assert_eq!(values("//book[price > 10 and @id = '2']/title"), "B & C");
        assert_eq!(values("//book[not(note)]/title"), "A");
        assert_eq!(values("//book[note or @lang='de']/title"), "B & C");
        assert_eq!(values("//*[title][contains(title, '&')]/@id"), "2");
        assert_eq!(values("//book[price != 7.5]/@id"), "2");
        assert_eq!(values("//title[starts-with(., 'B')]"), "B & C");
    }

    #[test]
    fn other_expressions() {
        assert_eq!(values("count(//book)"), "2");
        assert_eq!(values("sum(//price) * 2 - 5 mod 2"), "74");
        assert_eq!(values("concat(name(//cd), ':', string-length('abc'))"), "cd:3");
        assert_eq!(values("normalize-space('  a   b ')"), "a b");
        assert_eq!(values("count(//x) = 0"), "true");
        assert_eq!(values("-(1 + 2) div 2"), "-1.5");
        assert_eq!(values("number('x')"), "NaN");
        assert_eq!(values("string(//title)"), "A");
    }

    #[test]
    fn axes_that_lead_sideways_and_up() {
        assert_eq!(values("//note/ancestor::*[1]/@id"), "2");
        assert_eq!(values("count(//i/ancestor-or-self::*)"), "4");
        assert_eq!(values("//book[1]/following-sibling::*/@id"), "2 | 3");
        assert_eq!(values("//cd/preceding-sibling::book[1]/@id"), "2");
        assert_eq!(values("//book[1]/following::title"), "B & C | D");
        assert_eq!(values("//cd/title/preceding::price[1]"), "30");
        assert_eq!(values("count(//title/@x/following-sibling::*)"), "0");
    }

    #[test]
    fn parts_of_text() {
        assert_eq!(values("substring('12345', 2, 3)"), "234");
        assert_eq!(values("substring('12345', 1.5, 2.6)"), "234");
        assert_eq!(values("substring('12345', 0, 3)"), "12");
        assert_eq!(values("substring('12345', 4)"), "45");
        assert_eq!(values("substring-before('1999/04/01', '/')"), "1999");
        assert_eq!(values("substring-after('1999/04/01', '/')"), "04/01");
        assert_eq!(values("translate('--aaa--', 'abc-', 'ABC')"), "AAA");
        assert_eq!(values("count(//*[lang('en')])"), "0");
    }

    #[test]
    fn what_is_no_path() {
        for wrong in [
            "",
            "/shop/",
            "//",
            "a[",
            "a[1",
            "a]",
            "foo(1)",
            "a::b",
            "'open",
            "a b",
            "namespace::x",
            "id('a')",
            "count()",
            "$x",
        ] {
            assert!(XPath::parse(wrong).is_err(), "{wrong}");
        }
        assert!(XPath::parse(&"(".repeat(100_000)).is_err());
        assert!(XPath::parse(&"a[".repeat(100_000)).is_err());
        assert!(XPath::parse(&"-".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in r#"[a-b/@*.\[\]()'=<|1 ,-]{0,20}"#) {
            if let Ok(path) = XPath::parse(&text) {
                path.values(&super::super::parse(DOCUMENT).unwrap());
            }
        }
    }
}
