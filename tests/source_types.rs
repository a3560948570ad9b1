//! The built-in source types: everything in them compiles.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::world::World;
use serde_json::json;
use speleo::diagnostic::{Sources, render};

#[test]
fn every_setting_of_every_source_type_is_read_and_compiles() {
    let world = World::of_events(&[json!({"a": "b"})]);
    let mut sources = Sources::new();
    let knowledge = world.app.knowledge(&mut sources);
    let ignored: Vec<String> = knowledge.ignored().iter().map(|it| render(it, &sources, false)).collect();
    assert_eq!(ignored, [] as [String; 0]);
    let names: Vec<String> = knowledge.source_type_names().into_iter().map(String::from).collect();
    assert!(names.len() >= 20, "{names:?}");
    for name in names {
        let source_type = knowledge.source_type(&name);
        assert_eq!(source_type.problems, [], "{name}");
        let mut settings = world.settings();
        if let Some(events) = &mut settings.events {
            events.source_type = Some(name.as_str().into());
        }
        let mut sources = Sources::new();
        let knowledge = std::sync::Arc::new(world.app.knowledge(&mut sources));
        let compiled = speleo::compile::compile("search", "search *", &settings, &knowledge, &mut sources);
        if let Err(mistakes) = compiled {
            panic!("{name}: {}", render(&mistakes[0], &sources, false));
        }
    }
}
