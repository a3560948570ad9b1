use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Regex, compile};
use super::translate;

fn matched(pattern: &str, text: &str) -> Option<String> {
    let regex: Regex = compile(pattern).unwrap();
    regex.find(text).unwrap().map(|found| found.as_str().to_string())
}

fn refused(pattern: &str) -> String {
    compile(pattern).unwrap_err()
}

/// PCRE's manual, pcrepattern(3), section by section.
#[test]
fn what_the_engine_says_differently() {
    let cases = [
        // Characters.
        (r"\Qa.b\E+", "a.bb", "a.bb"),
        (r"\x41\x{42}\o{103}\104\cI\e\a\f", "ABCD\t\x1B\x07\x0C", "ABCD\t\x1B\x07\x0C"),
        (r"\x4Z", "\x04Z", "\x04Z"),
        (r"\<Data\>\-\_\'\:", "<Data>-_':", "<Data>-_':"),
        (r"a{,2}b{c{2", "a{,2}b{c{2", "a{,2}b{c{2"),
        (r"a{2}b{1,}c{0,1}", "aabb", "aabb"),
        // Sets.
        (r"a\hb\Hc", "a\u{A0}bxc", "a\u{A0}bxc"),
        (r"a\vb\Vc", "a\u{85}bxc", "a\u{85}bxc"),
        (r"a\Rb\Nc", "a\r\nbxc", "a\r\nbxc"),
        (r"\pL\p{Lu}\P{L}\p{^L}", "éÉ12", "éÉ12"),
        // Classes.
        (r"[[a]+", "x[a", "[a"),
        (r"[]a]+[^]b]", "]ac", "]ac"),
        (r"[a&&b~~]+[+--]", "a&~b,", "a&~b,"),
        (r"[\w-.]+", "a-b.c", "a-b.c"),
        (r"[a-\d]+", "a-1", "a-1"),
        (r"[\Q]-\E^]+", "]^-", "]^-"),
        (r"[\b\n\t\x20]+", "\x08\n\t ", "\x08\n\t "),
        (r"[^\W\d]+", "12ab_", "ab_"),
        (r"[[:alpha:][:^space:]]+", "a1 b", "a1"),
        (r"[!-/]+", "a$b", "$"),
        // Groups and references.
        (r"(?<a>x)(?P<b>y)(?'c'z)\k<a>\k{b}\k'c'(?P=a)\g{b}", "xyzxyzxy", "xyzxyzxy"),
        (r"(\w)(\w)\1\g2\g{1}\g{-1}", "ababab", "ababab"),
        (r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10\11", "abcdefghijj\t", "abcdefghijj\t"),
        (r"(?<n>a)|(?<n>b)", "b", "b"),
        (r"(?J)(?<n>a)|(?<n>b)", "b", "b"),
        (r"(?#a comment)a(?i)B(?-i)c(?i:D)", "abcd", "abcd"),
        ("(?x) a [ ] b # a comment ) [ \n c\\ d", "a bc d", "a bc d"),
        (r"(?^)a(?i-s:B)", "ab", "ab"),
        (r"\((?:[^()]|(?R))*\)", "x(a(b)c)y", "(a(b)c)"),
        (r"(?<p>\d+)-(?&p)-(?P>p)-(?1)-\g<p>", "1-2-3-4-5", "1-2-3-4-5"),
        (r"(?<n>a)?(?(n)b|c)(?(1)b|c)(?(<n>)b|c)", "abbb", "abbb"),
        // Repetition.
        (r"a++b|a*?b", "aab", "aab"),
        (r"(?>a+)b", "aab", "aab"),
        (r"foo\Kbar", "foobar", "bar"),
        (r"(?<=a|bc)d(?!e)", "bcd", "d"),
        ("(*UTF8)é", "é", "é"),
        (r"(*UCP)\w+", "été", "été"),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(matched(pattern, text).as_deref(), Some(expected), "{pattern}");
    }
}

#[test]
fn words_and_digits_are_ascii() {
    for (pattern, text) in [(r"\w", "é"), (r"\d", "٣"), (r"\s", "\u{A0}"), (r"(?i)\w", "ſ"), (r"[\w]", "é")]
    {
        assert_eq!(matched(pattern, text), None, "{pattern}");
    }
    assert_eq!(matched(r"\W", "é").as_deref(), Some("é"));
    assert_eq!(matched(r"\s", "\x0B").as_deref(), Some("\x0B"));
    // Between `é` and `t` is a boundary, because `é` is no character of words.
    assert_eq!(matched(r"\bt", "été").as_deref(), Some("t"));
    assert_eq!(matched(r"\Bt", "été"), None);
    assert_eq!(matched(r"\bt", "set t").as_deref(), Some("t"));
}

#[test]
fn the_end_may_be_before_a_newline() {
    assert_eq!(matched("a$", "a\n").as_deref(), Some("a"));
    assert_eq!(matched("a$", "a\n\n"), None);
    assert_eq!(matched("(?m)a$", "a\nb").as_deref(), Some("a"));
    assert_eq!(matched(r"a\z", "a\n"), None);
    assert_eq!(matched(r"a\Z", "a\n").as_deref(), Some("a"));
    assert_eq!(matched(r"a[$]", "a$").as_deref(), Some("a$"));
}

#[test]
fn what_the_engine_cannot_do_is_said() {
    let cases = [
        (r"a(*SKIP)b", "the verb `(*SKIP)`"),
        (r"(?|(a)|(b))", "`(?|`"),
        (r"\X", r"`\X` is not supported"),
        (r"\u0041", r"`\u` is not supported"),
        (r"(?(?=a)b|c)", "conditions are"),
        (r"(?(-1)b|c)", "conditions are"),
        (r"(?(1))a", "group 1, which is not there"),
        (r"(a)(?(2)b|c)", "group 2, which is not there"),
        (r"(?C1)a", "callouts"),
        (r"(?<1n>a)", "`1n` is no name of a group"),
        (r"(?<a.b>x)", "`a.b` is no name of a group"),
        (r"[b-a]", "the range `b-a` runs backwards"),
        ("[a", "a class is not closed"),
        ("a\\", "a backslash stands at its end"),
        (r"(?z)a", "the option `(?z)`"),
        ("(?<n", "the name of a group is not closed"),
    ];
    for (pattern, says) in cases {
        assert!(refused(pattern).contains(says), "{pattern}: {}", refused(pattern));
    }
}

fn piece() -> impl Strategy<Value = String> {
    select(
        &[
            "a",
            "b",
            "1",
            " ",
            "-",
            "é",
            ".",
            "^",
            "$",
            "|",
            "*",
            "+?",
            "{2}",
            "{,2}",
            "{",
            "(",
            ")",
            "(?:",
            "(?<n>",
            "(?=",
            "(?<!",
            "(?i)",
            "(?x)",
            "(?m)",
            "(?-i:",
            "(?>",
            "(?1)",
            "(?R)",
            "(?(1)",
            "[",
            "]",
            "[^",
            "[a-c]",
            "[[:alpha:]]",
            "[a-",
            "&&",
            "\\d",
            "\\W",
            "\\b",
            "\\1",
            "\\12",
            "\\g{-1}",
            "\\k<n>",
            "\\Q",
            "\\E",
            "\\x{41}",
            "\\x",
            "\\c",
            "\\p{L}",
            "\\",
            "\\K",
            "\\R",
            "#",
        ][..],
    )
    .prop_map(str::to_string)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Nothing panics or hangs, and on texts where the quick form is said to be right both forms agree.
    #[test]
    fn both_forms_agree(pieces in prop::collection::vec(piece(), 0..9), text in "[ab1 .\\-]{0,8}") {
        let pattern = pieces.concat();
        if let (Ok(regex), Ok(exact)) = (compile(&pattern), translate(&pattern, true)) {
            let quick = regex.find(&text).ok().map(|found| found.map(|found| found.range()));
            if let Ok(exact) = fancy_regex::RegexBuilder::new(&exact.text).backtrack_limit(100_000).build() {
                let careful = exact.find(&text).ok().map(|found| found.map(|found| found.range()));
                prop_assert!(quick == careful || quick.is_none() || careful.is_none(), "{pattern}: {quick:?} {careful:?}");
            }
        }
    }
}

#[test]
fn no_pattern_hangs_or_panics() {
    let long = "a".repeat(20_000);
    for pattern in [r"(a+)+\1z", r"(?=(x+x+)+y)\1", r"(a|a)*\1b"] {
        let _ = compile(pattern).unwrap().is_match(&long);
    }
    for pattern in [
        "(a{1000}){1000}",
        &"(".repeat(50_000),
        r"(?R)",
        r"((?R)|a)(?R)(?R)(?R)",
        "[",
        r"[\",
        "(?",
        r"\g",
        r"\x{",
        "(?<",
        "{",
    ] {
        let _ = compile(pattern);
    }
}
