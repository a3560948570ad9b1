use super::*;
use crate::diagnostic::Sources;
use crate::parse::cursor::Cursor;
use crate::parse::{expression, search_expression};

fn search(text: &str) -> Condition {
    let id = Sources::new().add("", text);
    let expr = search_expression(&mut Cursor::new(text, id, 0, text.len()), |_| false).unwrap();
    Condition::of_search(&expr)
}

fn value(text: &str, wanted: &str) -> Condition {
    let id = Sources::new().add("", text);
    let expr = expression(&mut Cursor::new(text, id, 0, text.len())).unwrap();
    of_value(&expr, &ValueTest::exactly([wanted.into()]))
}

fn needles(condition: &Condition) -> Option<Vec<String>> {
    let prefilter = condition.prefilter(&Sample::default())?;
    Some(prefilter.needles().iter().map(|needle| String::from_utf8(needle.text.clone()).unwrap()).collect())
}

#[test]
fn a_fill_with_a_literal_is_seen_through() {
    let fill = "if(isnull(action) OR action=\"\", \"unknown\", action)";
    assert_eq!(needles(&value(fill, "created")), Some(vec!["created".into()]));
    assert_eq!(value(fill, "unknown"), Condition::True);
}

#[test]
fn a_case_over_literals_asks_for_its_conditions() {
    let case = "case(eventName==\"RunInstances\", \"instance\", like(eventName, \"%Bucket\"), \"bucket\", true(), null())";
    assert_eq!(needles(&value(case, "instance")), Some(vec!["RunInstances".into()]));
    assert_eq!(needles(&value(case, "bucket")), Some(vec!["Bucket".into()]));
    assert_eq!(value(case, "volume"), Condition::False);
}

#[test]
fn the_narrowest_part_is_looked_for() {
    assert_eq!(
        needles(&search("eventName IN (RunInstances, CreateUser) user=ada*smithson")),
        Some(vec!["smithson".into()])
    );
    assert_eq!(needles(&search("a=xyz OR b=uvw")), Some(vec!["xyz".into(), "uvw".into()]));
    // One part that asks for nothing makes the whole ask for nothing; so does NOT.
    assert_eq!(needles(&search("a=xyz OR *")), None);
    assert_eq!(needles(&search("NOT a=xyz")), None);
    assert_eq!(needles(&search("DeleteTrail")), Some(vec!["DeleteTrail".into()]));
}

#[test]
fn what_json_may_escape_is_not_looked_for() {
    assert_eq!(needles(&search(r#"path="C:\\temp\\secrets/x""#)), Some(vec!["secrets".into()]));
    // No literal of use in the value: the field's key.
    assert_eq!(needles(&search("requestParameters.items{}.imageId=*")), Some(vec!["imageId\"".into()]));
}
