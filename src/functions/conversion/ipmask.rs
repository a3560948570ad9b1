//! Keeps the bits of an IPv4 address that a mask has.
//!
//! ## Syntax
//! `ipmask(<mask>, <address>)`
//!
//! ## Description
//! Mask and address are four decimal numbers from 0 to 255 with dots between. The result is their bitwise
//! AND, or null if one of them is no IPv4 address. Each value of a multivalue address is masked.
//!
//! ## Examples
//!
//! ```spl
//! eval net = ipmask("255.255.0.0", src)
//! ```
//! ```json in
//! {"src": "10.20.30.40"}
//! {"src": "::1"}
//! ```
//! ```json out
//! {"src": "10.20.30.40", "net": "10.20.0.0"}
//! {"src": "::1"}
//! ```
//!
//! ```spl
//! eval bits = ipmask("0.255.0.224", "10.20.30.120")
//! ```
//! ```json out
//! {"bits": "0.20.0.96"}
//! ```
//!
//! ```spl
//! eval net = ipmask("255.255.0", src)
//! ```
//! ```error
//! error[E0302]: `255.255.0` is not an IPv4 address
//! ```

use std::net::Ipv4Addr;

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::value::Value;

/// `ipmask(<mask>, <address>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Text, ipmask).checked(check);

fn ipmask(arguments: &[Value], _: &EvalContext) -> Value {
    let [mask, addresses] = arguments else { return Value::Null };
    let Some(mask) = ipv4(mask) else { return Value::Null };
    addresses.map_each(|one| match ipv4(one) {
        Some(address) => Value::from((mask & address).to_string()),
        None => Value::Null,
    })
}

fn ipv4(value: &Value) -> Option<Ipv4Addr> {
    value.to_text().parse().ok()
}

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    for (argument, value) in arguments.iter().enumerate() {
        if let Some(value) = value
            && ipv4(value).is_none()
        {
            let message = format!("`{}` is not an IPv4 address", value.to_text());
            return Err(Misuse { message, argument, regex: false });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, check, field, literal};
    use crate::value::Value;

    #[test]
    fn masks() {
        let masked = |mask: &str, address: &str| call("ipmask", &[literal(mask), field(address)]);
        assert_eq!(masked("255.255.255.0", "10.20.30.120"), "10.20.30.0".into());
        assert_eq!(masked("255.255.255.0", "10.20.30.256"), Value::Null);
        assert_eq!(masked("255.255.255", "10.20.30.1"), Value::Null);
        assert!(check("ipmask", &[None, Some("localhost".into())]).is_err());
    }
}
