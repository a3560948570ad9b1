//! Arrays and objects, which are JSON text: `toarray`, `toobject`, and `tomv` from an array to a multivalue.
//!
//! ## Syntax
//! `toarray(<value>)`
//!
//! `toobject(<value>)`
//!
//! `tomv(<value>)`
//!
//! ## Description
//! - `toarray`: text that is a JSON array, printed without blanks and with `1.00` as `1`; a multivalue field
//!   as an array of its values, numbers and other JSON among them as what they are. Otherwise null.
//! - `toobject`: text that is a JSON object, printed likewise. Otherwise null.
//! - `tomv`: the elements of a JSON array as values, strings without their quotation marks; a multivalue field
//!   is itself. Otherwise null.
//!
//! JSON nested more than 127 deep is not recognised.
//!
//! ## Examples
//!
//! ```spl
//! eval list = toarray("[\"x\", 1.00, 2.5]"), nothing = toarray("x")
//! ```
//! ```json out
//! {"list": "[\"x\",1,2.5]"}
//! ```
//!
//! ```spl
//! eval names = tomv("[\"ann\", {\"name\": \"bob\"}]")
//! ```
//! ```json out
//! {"names": ["ann", "{\"name\":\"bob\"}"]}
//! ```
//!
//! ```spl
//! stats values(port) as port | eval list = toarray(port)
//! ```
//! ```json in
//! {"port": "22"}
//! {"port": "any"}
//! ```
//! ```json out
//! {"port": ["22", "any"], "list": "[22,\"any\"]"}
//! ```
//!
//! ```spl
//! eval record = toobject("{\"name\": \"ann\", \"age\": 25}")
//! ```
//! ```json out
//! {"record": "{\"name\":\"ann\",\"age\":25}"}
//! ```
//!
//! ```spl
//! eval list = toarray("[1]", "[2]")
//! ```
//! ```error
//! error[E0302]: the function `toarray` takes 1 argument, not 2
//! ```

use serde_json::Value as Json;

use super::super::support::json_text::{array, compact, infer, object};
use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `toarray(<value>)`
pub const TOARRAY: Function = Function::strict(Arity::exactly(1), Type::Text, toarray);

/// `toobject(<value>)`
pub const TOOBJECT: Function = Function::strict(Arity::exactly(1), Type::Text, toobject);

/// `tomv(<value>)`
pub const TOMV: Function = Function::strict(Arity::exactly(1), Type::Any, tomv);

fn toarray(arguments: &[Value], _: &EvalContext) -> Value {
    let elements = match arguments {
        [Value::Text(text)] => array(text),
        [Value::Multi(values)] => Some(values.iter().map(|value| infer(&value.to_text())).collect()),
        _ => None,
    };
    elements.map_or(Value::Null, |elements| Value::from(compact(Json::Array(elements))))
}

fn toobject(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments {
        [Value::Text(text)] => object(text).map_or(Value::Null, |object| Value::from(compact(object))),
        _ => Value::Null,
    }
}

fn tomv(arguments: &[Value], _: &EvalContext) -> Value {
    let element = |element| match element {
        Json::String(text) => Value::from(text),
        other => Value::from(compact(other)),
    };
    match arguments {
        [Value::Text(text)] => {
            array(text).map_or(Value::Null, |elements| Value::from_values(elements.into_iter().map(element)))
        }
        [values @ Value::Multi(_)] => values.clone(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal, many};
    use crate::value::Value;

    #[test]
    fn arrays() {
        assert_eq!(call("toarray", &[field(many(&["1", " 2", " 3"]))]), "[1,2,3]".into());
        let text = field(r#"["carrots", 1.00, "potatoes", 1.75]"#);
        assert_eq!(call("toarray", &[text]), r#"["carrots",1,"potatoes",1.75]"#.into());
        assert_eq!(call("toarray", &[literal("somefield")]), Value::Null);
        assert_eq!(call("toarray", &[field(1.0)]), Value::Null);
    }

    #[test]
    fn objects_and_multivalues() {
        let object = r#"{"name": "maria", "age":25}"#;
        assert_eq!(call("toobject", &[field(object)]), r#"{"name":"maria","age":25}"#.into());
        assert_eq!(call("toobject", &[field("[1]")]), Value::Null);
        assert_eq!(call("tomv", &[field(r#"["a", 2.50, null]"#)]), many(&["a", "2.5", "null"]));
        assert_eq!(call("tomv", &[field(many(&["a", "b"]))]), many(&["a", "b"]));
        assert_eq!(call("tomv", &[field("a")]), Value::Null);
        assert_eq!(call("tomv", &[field("[]")]), Value::Null);
    }
}
