//! Input that comes only once, and searches that read it several times.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

const EVENTS: &[u8] = br#"{"time":"2026-03-16T08:00:00Z","user":"ada"}
{"time":"2026-03-16T09:00:00Z","user":"bob"}
"#;

#[test]
fn searches_in_each_other_read_the_same_standard_input() {
    let folder = Folder::new(&[]);
    let search =
        "user=[search user=a* | head 1 | return $user] | append [search user=bob] | stats count by user";
    let ran = folder.run_with(EVENTS, &["search", search, "--events", "-"]);
    ran.gives(0, &[r#"{"user":"ada","count":1}"#, r#"{"user":"bob","count":1}"#]).quietly();
}
