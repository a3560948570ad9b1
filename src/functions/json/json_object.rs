//! A JSON object of keys and values.
//!
//! ## Syntax
//! `json_object(<key>, <value>, …)` | `{"<key>": <value>, …}`
//!
//! ## Description
//! A quoted string is a string. A field that holds a JSON object or array is embedded as such; one that looks like a number
//! is a number, in its own spelling; a missing one is null; a multivalue field is an array. Of equal keys the last value counts. A value in braces is any expression.
//!
//! ## Examples
//!
//! ```spl
//! eval user = json_object("name", name, "id", id, "roles", roles, "home", home)
//! ```
//! ```json in
//! {"name": "maria", "id": "7", "roles": ["admin", "dev"], "home": "{\"city\": \"Rio\"}"}
//! {"name": "arun"}
//! ```
//! ```json out
//! {"name": "maria", "id": "7", "roles": ["admin", "dev"], "home": "{\"city\": \"Rio\"}", "user": "{\"name\":\"maria\",\"id\":7,\"roles\":[\"admin\",\"dev\"],\"home\":{\"city\":\"Rio\"}}"}
//! {"name": "arun", "user": "{\"name\":\"arun\",\"id\":null,\"roles\":null,\"home\":null}"}
//! ```
//!
//! ```spl
//! eval nested = json_object("a", json_object("b", json_array(1, "2"))), empty = json_object()
//! ```
//! ```json out
//! {"nested": "{\"a\":{\"b\":[1,\"2\"]}}", "empty": "{}"}
//! ```
//!
//! The same in braces.
//!
//! ```spl
//! eval user = {"name": lower(name), "age": 25, "home": {"city": "Rio", "rooms": [1, "two", true, null]}}
//! ```
//! ```json in
//! {"name": "Maria"}
//! ```
//! ```json out
//! {"name": "Maria", "user": "{\"name\":\"maria\",\"age\":25,\"home\":{\"city\":\"Rio\",\"rooms\":[1,\"two\",true,null]}}"}
//! ```
//!
//! ```spl
//! eval user = {"name" "maria"}
//! ```
//! ```error
//! error[E0002]: expected `:` after the key, found `"maria"}`
//! ```
//!
//! ```spl
//! eval user = json_object("name")
//! ```
//! ```error
//! error[E0302]: the function `json_object` takes pairs of arguments, not 1
//! ```
//!
//! ```spl
//! eval user = json_object(1, "maria")
//! ```
//! ```error
//! error[E0302]: a key of a JSON object is a string
//! ```

use super::super::{Arity, Evaluator, Function, Misuse, Type};
use super::{Json, Object, argument, as_text};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `json_object(<key>, <value>, …)`
pub const FUNCTION: Function =
    Function::lazy(Arity { min: 0, max: None, pairs: true }, Type::Text, object).checked(check);

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let number = |literal: &Option<Value>| matches!(literal, Some(Value::Number(_)));
    match arguments.iter().step_by(2).position(number) {
        None => Ok(()),
        Some(pair) => {
            let message = "a key of a JSON object is a string".to_string();
            Err(Misuse { message, argument: pair * 2, regex: false })
        }
    }
}

fn object(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let mut members = Object::default();
    for pair in arguments.chunks(2) {
        let [key, value] = pair else { continue };
        let key = row.eval(key);
        if matches!(key, Value::Null | Value::Multi(_)) {
            return Value::Null;
        }
        members.insert(key.into_text(), argument(value, row));
    }
    as_text(&Json::Object(members))
}
