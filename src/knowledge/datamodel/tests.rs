use std::sync::Arc;

use super::super::located::KnowledgeFile;
use super::*;
use crate::diagnostic::{Sources, Span};

fn parse(text: &str) -> (Result<DataModel>, Sources) {
    let mut sources = Sources::new();
    let source = sources.add("M.json", text);
    let file = Arc::new(KnowledgeFile { path: "M.json".into(), app: "test".into(), source });
    (DataModel::parse("M", &file, text), sources)
}

/// A small model whose child stands before its root, and repeats what it inherits as an export does.
const MODEL: &str = r#"{
  "modelName": "M",
  "objects": [
    {"objectName": "Child", "parentName": "Root_1",
     "constraints": [{"search": "tag=root", "owner": "Root_1"}, {"search": " tag=child ", "owner": "Root_1.Child"}],
     "fields": [
       {"fieldName": "_time", "owner": "BaseEvent", "type": "timestamp"},
       {"fieldName": "user", "owner": "Root_1", "type": "string"},
       {"fieldName": "mitre.id", "owner": "Root_1.Child", "type": "string", "multivalue": true}],
     "calculations": [
       {"calculationID": "l", "calculationType": "Lookup", "lookupName": "t", "owner": "Root_1.Child",
        "lookupInputs": [{"inputField": "ev", "lookupField": "col"}],
        "outputFields": [{"fieldName": "answer", "lookupOutputFieldName": "out"}]},
       {"calculationID": "g", "calculationType": "GeoIP", "inputField": "ip",
        "outputFields": [{"fieldName": "City"}]}]},
    {"objectName": "Root_1", "parentName": "BaseEvent",
     "constraints": [{"search": "tag=root"}],
     "fields": [{"fieldName": "user", "type": "string", "required": true}],
     "calculations": [
       {"calculationID": "e", "calculationType": "Eval",
        "expression": "if(dest=\"\", \"unknown\", dest)", "outputFields": [{"fieldName": "dest"}]},
       {"calculationID": "r", "calculationType": "Rex", "inputField": "dest", "expression": "(?<host_name>\\w+)",
        "outputFields": [{"fieldName": "host_name", "type": "number"}]}]},
    {"objectName": "Other", "parentName": "BaseSearch", "baseSearch": "tag=other | eval a=1"}
  ]
}"#;

#[test]
fn objects_are_a_tree_with_their_own_things_only() {
    let model = parse(MODEL).0.unwrap();
    let names: Vec<&str> = model.objects().iter().map(|it| it.lineage.as_str()).collect();
    assert_eq!(names, ["Root_1", "Other", "Root_1.Child"]);
    let child = model.object("Child").unwrap();
    assert_eq!(model.object("Root_1.Child").unwrap(), child);
    assert_eq!(child.constraints.iter().map(Located::text).collect::<Vec<_>>(), ["tag=child"]);
    assert_eq!(
        child.declared().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["mitre.id", "answer", "City"]
    );
    assert!(child.declares("mitre.id").unwrap().multivalue);
    assert_eq!(
        model.ancestry(child).iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["Root_1", "Child"]
    );
    let root = model.object("Root_1").unwrap();
    assert_eq!(model.children(root).collect::<Vec<_>>(), [child]);
    assert!(root.declares("user").unwrap().required);
    let other = model.object("Other").unwrap();
    assert_eq!(
        (other.root, other.base_search.as_ref().unwrap().text()),
        (Root::Search, "tag=other | eval a=1")
    );
    assert_eq!((child.root, child.place.as_str()), (Root::Event, "M.json:4"));
}

#[test]
fn calculations_of_every_kind_in_order() {
    let (model, mut sources) = parse(MODEL);
    let model = model.unwrap();
    let root = &model.object("Root_1").unwrap().calculations;
    let CalculationKind::Eval { expression } = &root[0].kind else { panic!("{:?}", root[0]) };
    assert_eq!(expression.text(), "if(dest=\"\", \"unknown\", dest)");
    let own = expression.register(&mut sources);
    let at = expression.text().rfind("dest").unwrap();
    assert_eq!(sources.slice(sources.written(Span::new(own, at, at + 4)).span), "dest");
    let CalculationKind::Rex { input, pattern } = &root[1].kind else { panic!("{:?}", root[1]) };
    assert_eq!((input.as_str(), pattern.text()), ("dest", "(?<host_name>\\w+)"));
    assert_eq!(root[1].outputs[0].field.data_type, DataType::Number);
    let child = &model.object("Child").unwrap().calculations;
    let inputs = vec![("col".into(), "ev".into())];
    assert_eq!(child[0].kind, CalculationKind::Lookup { lookup: "t".into(), inputs });
    assert_eq!(
        (child[0].outputs[0].field.name.as_str(), child[0].outputs[0].source.as_str()),
        ("answer", "out")
    );
    assert_eq!(child[1].kind, CalculationKind::GeoIp { input: "ip".into() });
    assert_eq!(child[1].outputs[0].source, "City");
}

#[test]
fn fields_are_addressed_by_the_object_that_declares_them() {
    let model = parse(MODEL).0.unwrap();
    let (root, child) = (model.object("Root_1").unwrap(), model.object("Child").unwrap());
    let declared = |path: &str| match model.resolve_field(path).unwrap() {
        FieldPath::Declared { object, field } => (object.name.clone(), field.name.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(declared("Root_1.user"), ("Root_1".into(), "user".into()));
    assert_eq!(declared("Root_1.dest"), ("Root_1".into(), "dest".into()));
    assert_eq!(declared("Root_1.Child.mitre.id"), ("Child".into(), "mitre.id".into()));
    assert_eq!(model.resolve_field("_time").unwrap(), FieldPath::OfEvent("_time".into()));
    let inherited = model.resolve_field("Root_1.Child.user").unwrap();
    let field = root.declares("user").unwrap();
    assert_eq!(inherited, FieldPath::Inherited { object: child, declared_by: root, field });
    for (path, help) in [
        ("Root_1.usr", "did you mean `Root_1.user`?"),
        ("Child.mitre.id", "the model has it as `Root_1.Child.mitre.id`"),
        ("Root_1.answer", "the model has it as `Root_1.Child.answer`"),
    ] {
        let error = model.resolve_field(path).unwrap_err();
        assert_eq!((error.code, error.help), (Code::DataModelField, vec![help.to_string()]), "{path}");
    }
    let error = model.object("Chidl").unwrap_err();
    assert_eq!((error.code, error.help), (Code::UnknownDataset, vec!["did you mean `Child`?".to_string()]));
}

#[test]
fn what_is_no_tree_is_refused() {
    for (objects, message, place) in [
        (
            r#"{"objectName": "A", "parentName": "Bass"}"#,
            "the parent of `A`, `Bass`, does not exist",
            "M.json:2",
        ),
        (
            "{\"objectName\": \"A\", \"parentName\": \"B\"},\n{\"objectName\": \"B\", \"parentName\": \"A\"}",
            "the object `A` is an ancestor of itself",
            "M.json:2",
        ),
        ("{\"objectName\": \"A\"},\n{\"objectName\": \"A\"}", "two objects have the name `A`", "M.json:3"),
    ] {
        let error = parse(&format!("{{\"objects\": [\n{objects}]}}")).0.unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (Code::DataModelTree, message));
        assert_eq!(error.place.as_deref(), Some(place));
    }
}

#[test]
fn a_cycle_is_named_by_one_of_it_and_depth_has_a_limit() {
    let object =
        |name: &str, parent: &str| format!("{{\"objectName\": \"{name}\", \"parentName\": \"{parent}\"}}");
    let model = |objects: &[String]| parse(&format!("{{\"objects\": [{}]}}", objects.join(","))).0;
    let error = model(&[object("below", "a"), object("a", "b"), object("b", "a")]).unwrap_err();
    assert!(
        error.message.starts_with("the object `a`") || error.message.starts_with("the object `b`"),
        "{error:?}"
    );
    // Children before their parents, far too deep: refused at once.
    let chain: Vec<String> =
        (0..2_000).rev().map(|at| object(&format!("o{}", at + 1), &format!("o{at}"))).collect();
    let chain = [chain, vec![object("o0", "BaseEvent")]].concat();
    assert_eq!(model(&chain).unwrap_err().message, "`o64` has more than 64 ancestors");
}

#[test]
fn what_is_no_model_is_located() {
    for (text, place) in [
        ("", "M.json:1:0"),
        ("{\"objects\": [\n{\"objectName\": 1}]}", "M.json:2"),
        (
            "{\"objects\": [\n{\"objectName\": \"A\", \"calculations\": [\n{\"calculationType\": \"Sum\"}]}]}",
            "M.json:3",
        ),
        (
            "{\"objects\": [\n{\"objectName\": \"A\", \"calculations\": [\n{\"calculationType\": \"Eval\"}]}]}",
            "M.json:3",
        ),
    ] {
        let error = parse(text).0.unwrap_err();
        assert_eq!((error.code, error.place.as_deref()), (Code::Knowledge, Some(place)), "{text}");
    }
    let missing = parse("{}").0.unwrap_err();
    assert_eq!(missing.message, "the data model cannot be read: missing field `objects`");
}
