//! A text with its URL escapes resolved.
//!
//! ## Syntax
//! `urldecode(<text>)`
//!
//! ## Description
//! `%` and two hexadecimal digits stand for a byte, and the bytes are read as UTF-8; what is not UTF-8
//! becomes U+FFFD. Any other `%` stays, and so does `+`. A multivalue field gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval url = urldecode("http%3A%2F%2Fwww.splunk.com%2Fdownload%3Fr%3Dheader")
//! ```
//! ```json out
//! {"url": "http://www.splunk.com/download?r=header"}
//! ```
//!
//! ```spl
//! eval query = urldecode(query)
//! ```
//! ```json in
//! {"query": "caf%C3%a9+100%"}
//! {"query": "%zz%4"}
//! ```
//! ```json out
//! {"query": "café+100%"}
//! {"query": "%zz%4"}
//! ```
//!
//! ```spl
//! eval url = urldecode()
//! ```
//! ```error
//! error[E0302]: the function `urldecode` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::single;
use crate::value::Value;

/// `urldecode(<text>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Text, urldecode);

fn urldecode(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments.first().and_then(single) {
        Some(text) => Value::text(String::from_utf8_lossy(&decode(text.as_bytes())).as_ref()),
        None => Value::Null,
    }
}

fn decode(mut rest: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(*first);
        if *first == b'%'
            && let [high, low, after @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            bytes.pop();
            bytes.push((high * 16 + low) as u8);
            rest = after;
        }
    }
    bytes
}
