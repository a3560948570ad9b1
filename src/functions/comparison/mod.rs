//! Choosing and comparing.

pub mod case;
pub mod cidrmatch;
pub mod coalesce;
pub mod r#if;
pub mod r#in;
pub mod like;
pub mod lookup;
pub mod r#match;
pub mod null;
pub mod nullif;
pub mod searchmatch;
pub mod validate;

use super::Misuse;
use crate::value::Value;

/// Refuses a number or a text that stands where a condition does: every so many arguments, from the first on.
fn conditions(arguments: &[Option<Value>], every: usize) -> Result<(), Misuse> {
    match arguments.iter().step_by(every).position(Option::is_some) {
        None => Ok(()),
        Some(at) => {
            let message = "a condition is true or false, not a number or a text".to_string();
            Err(Misuse { message, argument: at * every, regex: false })
        }
    }
}
