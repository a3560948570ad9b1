//! A JSON object without some of its keys.
//!
//! ## Syntax
//! `json_delete(<object>, <key>, …)`
//!
//! ## Description
//! A dot leads into an object within the object. Keys may also come as a JSON array of strings, or as a multivalue field.
//! A key that is not there changes nothing. Null if there is no object. Keys with a dot in their name, and elements of
//! arrays, cannot be deleted.
//!
//! ## Examples
//!
//! ```spl
//! eval rest = json_delete(account, "SSN", "address.email", "missing")
//! ```
//! ```json in
//! {"account": "{\"name\": \"Wei\", \"SSN\": \"123\", \"address\": {\"email\": \"w@x.org\", \"city\": \"Rome\"}}"}
//! {"account": "[1]"}
//! ```
//! ```json out
//! {"account": "{\"name\": \"Wei\", \"SSN\": \"123\", \"address\": {\"email\": \"w@x.org\", \"city\": \"Rome\"}}", "rest": "{\"name\":\"Wei\",\"address\":{\"city\":\"Rome\"}}"}
//! {"account": "[1]"}
//! ```
//!
//! ```spl
//! eval rest = json_delete(json_object("a", 1, "b", 2, "c", 3), json_array("a", "c"))
//! ```
//! ```json out
//! {"rest": "{\"b\":2}"}
//! ```
//!
//! ```spl
//! eval rest = json_delete(account)
//! ```
//! ```error
//! error[E0302]: the function `json_delete` takes at least 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, as_text, document};
use crate::value::Value;

/// `json_delete(<object>, <key>, …)`
pub const FUNCTION: Function = Function::strict(Arity::at_least(2), Type::Text, delete);

fn delete(arguments: &[Value], _: &EvalContext) -> Value {
    let Some((object, keys)) = arguments.split_first() else { return Value::Null };
    let Some(mut object @ Json::Object(_)) = document(object) else { return Value::Null };
    for key in keys.iter().flat_map(Value::values) {
        match document(key) {
            Some(Json::Array(keys)) => keys.iter().for_each(|key| {
                if let Json::String(key) = key {
                    remove(&mut object, key);
                }
            }),
            _ => remove(&mut object, &key.to_text()),
        }
    }
    as_text(&object)
}

fn remove(object: &mut Json, key: &str) {
    let mut names = key.split('.').peekable();
    let mut place = object;
    while let (Some(name), Json::Object(members)) = (names.next(), place) {
        if names.peek().is_none() {
            members.shift_remove(name);
            return;
        }
        let Some(member) = members.get_mut(name) else { return };
        place = member;
    }
}
