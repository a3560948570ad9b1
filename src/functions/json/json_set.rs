//! A JSON document with some of its values set.
//!
//! ## Syntax
//! `json_set(<document>, <path>, <value>, …)`
//! `json_set_exact(<document>, <key>, <value>, …)`
//!
//! ## Description
//! Paths are those of `json_extract`; with `{}` every element is set. Members of objects that a path names and that are not there are made. A
//! path that does not fit the document, such as `a.c` where `a` is a string, changes nothing. Pairs are worked off from left
//! to right. Values are taken as `json_object` takes them. Null if there is no document.
//!
//! `json_set_exact` sets keys of the document's own object, and takes them literally, dots and braces included.
//!
//! ## Examples
//!
//! ```spl
//! eval games = json_set(games, "board{0}.name", "Pandemic", "card.party", json_array("Dixit"), "board{}.sold", true())
//! ```
//! ```json in
//! {"games": "{\"board\": [{\"name\": \"?\"}, {\"name\": \"Azul\"}]}"}
//! {"games": "none"}
//! ```
//! ```json out
//! {"games": "{\"board\":[{\"name\":\"Pandemic\",\"sold\":true},{\"name\":\"Azul\",\"sold\":true}],\"card\":{\"party\":[\"Dixit\"]}}"}
//! {}
//! ```
//!
//! ```spl
//! eval exact = json_set_exact(json_object(), "system.path", "/opt"), nested = json_set(json_object(), "system.path", "/opt"), misfit = json_set(json_object("a", "b"), "a.c", "d")
//! ```
//! ```json out
//! {"exact": "{\"system.path\":\"/opt\"}", "nested": "{\"system\":{\"path\":\"/opt\"}}", "misfit": "{\"a\":\"b\"}"}
//! ```
//!
//! ```spl
//! eval games = json_set(games, "a", 1, "b")
//! ```
//! ```error
//! error[E0302]: after the document come pairs of a path and a value
//! ```
//!
//! ```spl
//! eval games = json_set(games)
//! ```
//! ```error
//! error[E0302]: the function `json_set` takes at least 3 arguments, not 1
//! ```
//!
//! ## Differences from Splunk
//! The Search Reference says that `json_set_exact` with several pairs gives an array; it sets all of them in one object.

use super::super::{Arity, Evaluator, Function, Type};
use super::{Json, Path, change_by_pairs, pairs_after_document};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `json_set(<document>, <path>, <value>, …)`
pub const SET: Function = Function::lazy(Arity::at_least(3), Type::Text, set).shaped(pairs_after_document);

/// `json_set_exact(<document>, <key>, <value>, …)`
pub const SET_EXACT: Function =
    Function::lazy(Arity::at_least(3), Type::Text, set_exact).shaped(pairs_after_document);

fn set(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    change_by_pairs(arguments, row, |document, path, value| {
        if let Some(path) = Path::parse(path) {
            path.make(document, &mut |place| *place = value.clone());
        }
    })
}

fn set_exact(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    change_by_pairs(arguments, row, |document, key, value| {
        if let Json::Object(members) = document {
            members.insert(key.into(), value);
        }
    })
}
