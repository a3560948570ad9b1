//! A JSON document with values added to its arrays.
//!
//! ## Syntax
//! `json_append(<document>, <path>, <value>, …)`
//! `json_extend(<document>, <path>, <value>, …)`
//!
//! ## Description
//! The value is added at the end of the array that the path leads to. What is not an array is put into one first. A path that
//! leads nowhere changes nothing. Pairs are worked off from left to right. Paths are those of `json_extract`, values are taken as
//! `json_object` takes them. Null if there is no document.
//!
//! To `json_append` an array is one element; `json_extend` adds the elements of the array instead.
//!
//! ## Examples
//!
//! ```spl
//! eval added = json_append(ponies, "list", json_array("d", "e")), extended = json_extend(ponies, "list", json_array("d", "e"))
//! ```
//! ```json in
//! {"ponies": "{\"list\": [\"a\", \"b\"]}"}
//! {"ponies": "none"}
//! ```
//! ```json out
//! {"ponies": "{\"list\": [\"a\", \"b\"]}", "added": "{\"list\":[\"a\",\"b\",[\"d\",\"e\"]]}", "extended": "{\"list\":[\"a\",\"b\",\"d\",\"e\"]}"}
//! {"ponies": "none"}
//! ```
//!
//! ```spl
//! eval wrapped = json_append(json_object("n", 1, "o", json_object("p", 2)), "n", 2, "o", "x", "missing", 3)
//! ```
//! ```json out
//! {"wrapped": "{\"n\":[1,2],\"o\":[{\"p\":2},\"x\"]}"}
//! ```
//!
//! The path of nothing, `""`, is the document as a whole.
//!
//! ```spl
//! eval more = json_append(json_array(1), "", 2, "", "x"), flat = json_extend(json_array(), "", json_array(1, 2)), set = json_set(json_array(), "", 3)
//! ```
//! ```json out
//! {"more": "[1,2,\"x\"]", "flat": "[1,2]", "set": "3"}
//! ```
//!
//! ```spl
//! eval ponies = json_append(ponies, "list", "a", "list")
//! ```
//! ```error
//! error[E0302]: after the document come pairs of a path and a value
//! ```
//!
//! ```spl
//! eval ponies = json_append(ponies, "list")
//! ```
//! ```error
//! error[E0302]: the function `json_append` takes at least 3 arguments, not 2
//! ```
//!
//! ## Differences from Splunk
//! The Search Reference wants an array as value of `json_extend`; another value is added as one element.

use super::super::{Arity, Evaluator, Function, Type};
use super::{Json, Path, change_by_pairs, pairs_after_document};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `json_append(<document>, <path>, <value>, …)`
pub const APPEND: Function =
    Function::lazy(Arity::at_least(3), Type::Text, append).shaped(pairs_after_document);

/// `json_extend(<document>, <path>, <value>, …)`
pub const EXTEND: Function =
    Function::lazy(Arity::at_least(3), Type::Text, extend).shaped(pairs_after_document);

fn append(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    change_by_pairs(arguments, row, |document, path, value| add(document, path, &[value]))
}

fn extend(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    change_by_pairs(arguments, row, |document, path, value| match value {
        Json::Array(items) => add(document, path, &items),
        one => add(document, path, &[one]),
    })
}

fn add(document: &mut Json, path: &str, values: &[Json]) {
    let Some(path) = Path::parse(path) else { return };
    path.change(document, &mut |place| {
        if !matches!(place, Json::Array(_)) {
            *place = Json::Array(vec![std::mem::replace(place, Json::Null)]);
        }
        if let Json::Array(items) = place {
            items.extend_from_slice(values);
        }
    });
}
