use std::sync::Arc;

use super::super::conf::Conf;
use super::super::located::KnowledgeFile;
use super::*;
use crate::diagnostic::{Code, Sources};

fn conf(name: &str, text: &str) -> Conf {
    let source = Sources::new().add(name, text);
    let file = Arc::new(KnowledgeFile { path: name.into(), app: "test".into(), source });
    Conf::parse(&file, text, &mut Vec::new())
}

fn read(props: &str, transforms: &str) -> SourceType {
    SourceType::read("s", ["s"], None, &conf("props.conf", props), &conf("transforms.conf", transforms))
}

#[test]
fn splunks_defaults_where_nothing_is_said() {
    let source_type = read("[other]\nKV_MODE = json\n", "");
    assert_eq!(source_type.place, None);
    assert_eq!(source_type.kv_mode, KvMode::Auto);
    assert!(source_type.auto_kv_json);
    assert_eq!((source_type.max_timestamp_lookahead, source_type.breaking.truncate), (Some(128), None));
}

#[test]
fn settings_and_defaults_for_all() {
    let props = "[default]\nTZ = UTC\nTRUNCATE = 5\n[s]\nKV_MODE = JSON\nTRUNCATE = 0\nTIMESTAMP_FIELDS = a, \"b c\"\n\
        TIME_PREFIX = \"t\":\\s*\nTIME_FORMAT = %s\nMAX_TIMESTAMP_LOOKAHEAD = 20\nrename = other\nINDEXED_EXTRACTIONS = JSON";
    let source_type = read(props, "");
    assert_eq!(source_type.kv_mode, KvMode::Json);
    assert_eq!((source_type.max_timestamp_lookahead, source_type.breaking.truncate), (Some(20), None));
    assert_eq!(source_type.timestamp_fields, ["a", "b c"]);
    assert_eq!(source_type.time_prefix.unwrap().text(), "\"t\":\\s*");
    assert_eq!(source_type.time_zone.unwrap().text(), "UTC");
    assert_eq!(source_type.rename.as_deref(), Some("other"));
    assert_eq!(source_type.structure, Some(Structure::Json));
    assert_eq!(source_type.place.as_deref(), Some("props.conf:4"));
    // The defaults hold for a source type without a stanza, too.
    assert_eq!(read("TZ = UTC", "").time_zone.unwrap().text(), "UTC");
    for bad in
        ["KV_MODE = yaml", "TRUNCATE = many", "AUTO_KV_JSON = 7", "FIELD_DELIMITER = ab", "MAX_DAYS_AGO = x"]
    {
        let source_type = read(&format!("[s]\n{bad}"), "");
        let problems: Vec<_> = source_type.problems.iter().map(|it| (it.code, it.place.as_deref())).collect();
        assert_eq!(problems, [(Code::KnowledgeIgnored, Some("props.conf:2"))], "{bad}");
        assert_eq!((source_type.kv_mode, source_type.auto_kv_json), (KvMode::Auto, true));
    }
}

#[test]
fn extractions_come_before_transforms_each_by_class() {
    let props = "[s]\nREPORT-b = t2, t1\nREPORT-a = missing\nEXTRACT-z = user=(?<user>\\w+) in message\n\
        EXTRACT-B = begin (?<x>in x)\nEXTRACT-off =\nEXTRACT-y = plugin_name";
    let transforms = "[t1]\nREGEX = (\\w+)=(\\w+)\nFORMAT = $1::$2\nMV_ADD = true\nSOURCE_KEY = field:message\n\
        CLEAN_KEYS = false\n[t2]\nDELIMS = \"|\", \"=\"\nFIELDS = a, \"b c\"\nKEEP_EMPTY_VALS = 1";
    let source_type = read(props, transforms);
    let classes: Vec<&str> = source_type.extractions.iter().map(|it| it.class.as_str()).collect();
    assert_eq!(classes, ["B", "y", "z", "b", "b"]);
    let inline = |at: usize| match &source_type.extractions[at].kind {
        ExtractionKind::Inline { pattern, source } => (pattern.text(), source.as_str()),
        other => panic!("{other:?}"),
    };
    assert_eq!(inline(0), ("begin (?<x>in x)", "_raw"));
    assert_eq!(inline(1), ("plugin_name", "_raw"));
    assert_eq!(inline(2), ("user=(?<user>\\w+)", "message"));
    let transform = |at: usize| match &source_type.extractions[at].kind {
        ExtractionKind::Transform(transform) => transform,
        other => panic!("{other:?}"),
    };
    let by_delimiter = transform(3);
    assert_eq!(
        (&by_delimiter.delims[..], &by_delimiter.fields[..]),
        (&["|".into(), "=".into()][..], &["a".into(), "b_c".into()][..])
    );
    assert!(by_delimiter.keep_empty && by_delimiter.clean_keys && !by_delimiter.mv_add);
    assert_eq!(by_delimiter.source_key, "_raw");
    let by_regex = transform(4);
    assert_eq!(by_regex.regex.as_ref().unwrap().text(), "(\\w+)=(\\w+)");
    assert_eq!(by_regex.format, [("$1".into(), "$2".into())]);
    assert!(by_regex.mv_add && !by_regex.clean_keys);
    assert_eq!(by_regex.source_key, "message");
    assert_eq!(source_type.problems.len(), 1);
    assert_eq!(source_type.problems[0].message, "no app defines the field transform `missing`");
    assert_eq!(source_type.problems[0].place.as_deref(), Some("props.conf:3"));
}

#[test]
fn aliases() {
    let props = "[s]\nFIELDALIAS-b = \"a b\" as c, d ASNEW \"as\"\nFIELDALIAS-a = x{}.y AS z\nFIELDALIAS-c = a AS\nFIELDALIAS-d = a = b";
    let source_type = read(props, "");
    let aliases: Vec<_> =
        source_type.aliases.iter().map(|it| (it.field.as_str(), it.alias.as_str(), it.overwrite)).collect();
    assert_eq!(aliases, [("x{}.y", "z", true), ("a b", "c", true), ("d", "as", false)]);
    let places: Vec<_> = source_type.problems.iter().filter_map(|it| it.place.as_deref()).collect();
    assert_eq!(places, ["props.conf:4", "props.conf:5"]);
}

#[test]
fn calculated_fields_by_name() {
    let source_type = read("[s]\nEVAL-user = a.b\nEVAL-src = \"x\"\nEVAL-gone =", "");
    let fields: Vec<_> =
        source_type.calculated.iter().map(|it| (it.field.as_str(), it.expression.text())).collect();
    assert_eq!(fields, [("src", "\"x\""), ("user", "a.b")]);
}

#[test]
fn automatic_lookups() {
    let props = "[s]\nLOOKUP-b = t a AS x, b OUTPUT c AS y d\nLOOKUP-a = t a outputnew c\nLOOKUP-c = t a\n\
        LOOKUP-d = t a OUTPUTNEW\nLOOKUP-e = t\nLOOKUP-f = t OUTPUT a";
    let source_type = read(props, "");
    let pair = |a: &str, b: &str| (Text::from(a), Text::from(b));
    let lookups = &source_type.lookups;
    assert_eq!(lookups.iter().map(|it| it.class.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert_eq!((&lookups[0].outputs, lookups[0].overwrite), (&Some(vec![pair("c", "c")]), false));
    assert_eq!(lookups[1].inputs, [pair("a", "x"), pair("b", "b")]);
    assert_eq!(
        (&lookups[1].outputs, lookups[1].overwrite),
        (&Some(vec![pair("c", "y"), pair("d", "d")]), true)
    );
    assert_eq!((&lookups[2].outputs, lookups[2].overwrite), (&None, true));
    assert_eq!((&lookups[3].outputs, lookups[3].overwrite), (&None, false));
    let places: Vec<_> = source_type.problems.iter().filter_map(|it| it.place.as_deref()).collect();
    assert_eq!(places, ["props.conf:6", "props.conf:7"]);
}

#[test]
fn names_of_source_types() {
    let props = conf("props.conf", "[b]\na=1\n[a:x]\n[source::...log]\n[host::x]\n[(?::){0}a*]\n[default]");
    assert_eq!(names(&props), ["a:x", "b"]);
}

#[test]
fn event_types_that_are_on() {
    let text = "[b]\nsearch = x=1\n[a]\nsearch = y=1 \\\n  OR z=1\n[off]\nsearch = x\ndisabled = 1\n[t-%host%]\nsearch = x\n[none]\ncolor = red";
    let (found, problems) = event_types(&conf("eventtypes.conf", text));
    assert!(problems.is_empty());
    let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.search.text())).collect();
    assert_eq!(found, [("a", "y=1 \n  OR z=1"), ("b", "x=1"), ("t-%host%", "x")]);
}

#[test]
fn names_that_are_made_for_each_event() {
    let parts = |name: &str| {
        let text = format!("[{name}]\nsearch = x");
        let of = event_types(&conf("eventtypes.conf", &text)).0.into_iter().next().unwrap();
        let shown = |part: &NamePart| match part {
            NamePart::Text(text) => text.to_string(),
            NamePart::Field(field) => format!("<{field}>"),
        };
        of.name_parts().map(|parts| parts.iter().map(shown).collect::<String>())
    };
    assert_eq!(parts("cisco-%code%").as_deref(), Some("cisco-<code>"));
    assert_eq!(parts("%a%-%b%-100%").as_deref(), Some("<a>-<b>-100%"));
    assert_eq!((parts("100%"), parts("plain"), parts("%%")), (None, None, None));
}

#[test]
fn tags_that_are_on() {
    let mut of_tags = conf(
        "tags.conf",
        "[eventtype=a]\nchange = enabled\ncloud = enabled\n[sourcetype=aws%3Acloudtrail]\nx%20y = enabled\n[user=100%]\nall = enabled",
    );
    of_tags.merge(conf("local.conf", "[eventtype=a]\ncloud = disabled\n[user=b]\nx = disabled"));
    let types = conf("eventtypes.conf", "[a]\nsearch = x\ntags = old change");
    let (rules, _) = tags(&of_tags, &types);
    let rules: Vec<_> = rules
        .iter()
        .map(|it| {
            (it.field.as_str(), it.value.as_str(), it.tags.iter().map(Text::as_str).collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("eventtype", "a", vec!["change", "old"]),
            ("sourcetype", "aws:cloudtrail", vec!["x y"]),
            ("user", "100%", vec!["all"]),
        ]
    );
    let none = conf("eventtypes.conf", "");
    for (text, line) in [("[user]\nx = enabled", 1), ("[a=b]\nx = on", 2)] {
        let (rules, problems) = tags(&conf("tags.conf", text), &none);
        let places: Vec<_> = problems.iter().map(|it| (it.code, it.place.clone())).collect();
        assert_eq!(places, [(Code::KnowledgeIgnored, Some(format!("tags.conf:{line}")))]);
        assert!(rules.is_empty());
    }
}
