//! Datasets that are made of a search (`BaseSearch`), calculations, and the fields of the built-in models.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::world::World;
use serde_json::{Value, json};

/// Three events of one kind and one of another.
fn world(model: &str) -> World {
    let event = |time: u64, kind: &str, name: &str, level: &str| json!({"time": 1_773_600_000 + time, "kind": kind, "name": name, "level": level, "who": "ada@example.com"});
    let world = World::of_events(&[
        event(1, "start", "a.exe", "High"),
        event(2, "start", "b.exe", "Low"),
        event(3, "stop", "a.exe", "High"),
        event(4, "start", "a.exe", "HIGH"),
    ]);
    world.app.write("default/data/models/M.json", model);
    world.app.write("lookups/names.csv", "name,owner\na.exe,ada\nb.exe,bob\n");
    world
}

/// A model of one dataset that is made of this search.
fn of_search(search: &str) -> String {
    json!({"modelName": "M", "objects": [
        {"objectName": "Root", "parentName": "BaseSearch", "baseSearch": search,
         "fields": [{"fieldName": "name"}, {"fieldName": "level"}, {"fieldName": "owner"}, {"fieldName": "count"}],
         "calculations": [{"calculationID": "c", "calculationType": "Rex", "inputField": "who",
            "expression": "@(?<domain>.+)$", "outputFields": [{"fieldName": "domain"}]}]},
        {"objectName": "High", "parentName": "Root", "constraints": [{"search": "level=\"high\""}]}
    ]})
    .to_string()
}

#[test]
fn a_search_that_maps_events_runs_before_the_datasets_own_steps() {
    let world = world(&of_search("kind=start | eval level=lower(level)"));
    let counted = "| tstats count from datamodel=M.Root by Root.name Root.level Root.domain";
    assert_eq!(
        world.search(counted).rows(),
        [
            json!({"Root.name": "a.exe", "Root.level": "high", "Root.domain": "example.com", "count": 2}),
            json!({"Root.name": "b.exe", "Root.level": "low", "Root.domain": "example.com", "count": 1}),
        ]
    );
    // A child looks at the rows of the search: `High` is `high` there.
    assert_eq!(world.search("| tstats count from datamodel=M.High").field("count"), [2]);
    // What the search sets is no condition on the event; what it leaves alone is.
    let set = "| tstats count from datamodel=M where Root.level=high Root.name=a.exe";
    assert_eq!(world.search(set).field("count"), [2]);
}

#[test]
fn a_search_that_counts_gives_its_rows() {
    let world = world(&of_search("search kind=start | stats count by name"));
    assert_eq!(
        world.search("| from datamodel M.Root | sort name | table name count").rows(),
        [json!({"name": "a.exe", "count": 2}), json!({"name": "b.exe", "count": 1})]
    );
    let late = "| tstats sum(Root.count) as n from datamodel=M where earliest=1773600002";
    assert_eq!(world.search(late).field("n"), [2]);
}

#[test]
fn a_search_that_makes_rows_gives_them() {
    let mut world = world(&of_search("| inputlookup names.csv"));
    world.events = Vec::new();
    assert_eq!(
        world.search("| from datamodel:M.Root | table name owner").rows(),
        [json!({"name": "a.exe", "owner": "ada"}), json!({"name": "b.exe", "owner": "bob"})]
    );
}

#[test]
fn a_search_that_states_a_time_is_of_that_time() {
    let world = world(&of_search("kind=start latest=1773600003 | eval level=lower(level)"));
    assert_eq!(world.search("| tstats count from datamodel=M").field("count"), [2]);
    assert_eq!(world.search("| tstats count from datamodel=M.High").field("count"), [1]);
}

#[test]
fn a_constraint_and_an_event_type_state_no_time() {
    let refused = "a time bound in an event type or a constraint is not supported";
    let model = of_search("kind=start").replace("level=", "earliest=-1d level=");
    let mut world = world(&model);
    let said = world.try_search("| tstats count from datamodel=M.High").unwrap_err();
    assert!(said.contains(refused) && said.contains("M.json"), "{said}");
    world = World::of_events(&[json!({"a": 1})]);
    world.app.write("default/eventtypes.conf", "[late]\nsearch = a=1 OR (a=2 latest=now)\n");
    let said = world.try_search("* | typer eventtypes=late").unwrap_err();
    assert!(said.contains(refused) && said.contains("eventtypes.conf:2"), "{said}");
}

#[test]
fn a_mistake_in_the_search_of_a_dataset_is_shown_in_the_model() {
    let wrong = world(&of_search("kind=start | evil level=1"));
    let said = wrong.try_search("| tstats count from datamodel=M").unwrap_err();
    assert!(said.contains("unknown command `evil`") && said.contains("M.json"), "{said}");
}

#[test]
fn nodename_names_datasets_of_the_tree_alone() {
    let model = of_search("kind=start | eval level=lower(level)");
    let mut model: Value = serde_json::from_str(&model).unwrap();
    model["objects"].as_array_mut().unwrap().push(json!({"objectName": "Other", "parentName": "BaseEvent"}));
    let world = world(&model.to_string());
    let counted = world.search("| tstats count from datamodel=M.Root by nodename");
    assert_eq!(counted.field("nodename"), ["Root", "Root.High"]);
}

#[test]
fn every_built_in_model_reads_and_every_field_of_it_plans() {
    let mut sources = speleo::diagnostic::Sources::new();
    let world = World::of_events(&[json!({"a": 1})]);
    let knowledge = world.app.knowledge(&mut sources);
    let names: Vec<String> = knowledge.data_model_names().map(String::from).collect();
    assert!(names.len() >= 27, "{names:?}");
    for name in names {
        let model = knowledge.data_model(&name, &mut sources).unwrap();
        for object in model.objects() {
            let fields: Vec<String> = object
                .declared()
                .map(|field| format!("values(\"{}.{}\")", object.lineage, field.name))
                .collect();
            if !fields.is_empty() {
                let search = format!("| tstats {} from datamodel={name}.{}", fields.join(" "), object.name);
                if let Err(mistakes) = world.try_search(&search)
                    && !mistakes.contains("is not supported yet")
                {
                    panic!("{name}.{}: {mistakes}", object.name);
                }
            }
        }
    }
}
