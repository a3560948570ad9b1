//! Tells whether an address lies in a network.
//!
//! ## Syntax
//! `cidrmatch(<network>, <address>)`
//!
//! ## Description
//! The network is in CIDR notation, IPv4 or IPv6; bits beyond its prefix are ignored. A network without a
//! prefix is the one address. What is not an address lies in no network. A multivalue field matches when one
//! of its values does; null gives null.
//!
//! ## Examples
//!
//! ```spl
//! where cidrmatch("10.0.0.0/8", src)
//! ```
//! ```json in
//! {"src": "10.1.2.3"}
//! {"src": "192.168.0.1"}
//! {"src": "gateway"}
//! ```
//! ```json out
//! {"src": "10.1.2.3"}
//! ```
//!
//! ```spl
//! eval inside = if(cidrmatch(net, ip), "yes", "no")
//! ```
//! ```json in
//! {"net": "2001:db8::/32", "ip": "2001:db8:0:1::5"}
//! {"net": "192.0.2.77/24", "ip": "192.0.2.1"}
//! {"net": "192.0.2.0/24", "ip": "2001:db8::1"}
//! ```
//! ```json out
//! {"net": "2001:db8::/32", "ip": "2001:db8:0:1::5", "inside": "yes"}
//! {"net": "192.0.2.77/24", "ip": "192.0.2.1", "inside": "yes"}
//! {"net": "192.0.2.0/24", "ip": "2001:db8::1", "inside": "no"}
//! ```
//!
//! ```spl
//! where cidrmatch("10.0.0.0/40", src)
//! ```
//! ```error
//! error[E0302]: `10.0.0.0/40` is not a network in CIDR notation
//! ```

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::value::Value;

/// `cidrmatch(<network>, <address>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Bool, contains).checked(check);

fn contains(arguments: &[Value], _: &EvalContext) -> Value {
    let [networks, addresses] = arguments else { return Value::Null };
    let networks: Vec<IpNet> = networks.values().iter().filter_map(network).collect();
    let lies_inside = |address: &Value| match address.to_text().parse::<IpAddr>() {
        Ok(address) => networks.iter().any(|network| network.contains(&address)),
        Err(_) => false,
    };
    Value::Bool(addresses.values().iter().any(lies_inside))
}

fn network(text: &Value) -> Option<IpNet> {
    let text = text.to_text();
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    match arguments.first() {
        Some(Some(text)) if network(text).is_none() => {
            let message = format!("`{}` is not a network in CIDR notation", text.to_text());
            Err(Misuse { message, argument: 0, regex: false })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, check, field, literal, many};
    use crate::value::Value;

    #[test]
    fn networks_of_both_kinds() {
        let inside = |network: &str, address: &str| call("cidrmatch", &[literal(network), field(address)]);
        assert_eq!(inside("192.0.2.0/24", "192.0.2.255"), true.into());
        assert_eq!(inside("192.0.2.0/24", "192.0.3.0"), false.into());
        assert_eq!(inside("192.0.2.7", "192.0.2.7"), true.into());
        assert_eq!(inside("0.0.0.0/0", "8.8.8.8"), true.into());
        assert_eq!(inside("fe80::/10", "fe80::1"), true.into());
        assert_eq!(inside("0.0.0.0/0", "::1"), false.into());
        assert_eq!(inside("10.0.0.0/8", "10.0.0"), false.into());
        assert_eq!(inside("nothing", "10.0.0.1"), false.into());
    }

    #[test]
    fn multivalues_nulls_and_misuse() {
        let addresses = field(many(&["192.0.2.1", "10.0.0.1"]));
        assert_eq!(call("cidrmatch", &[literal("10.0.0.0/8"), addresses]), true.into());
        assert_eq!(call("cidrmatch", &[literal("10.0.0.0/8"), field(Value::Null)]), Value::Null);
        assert!(check("cidrmatch", &[Some("10.0.0.0/40".into()), None]).is_err());
        assert!(check("cidrmatch", &[Some("10.9.0.0/8".into()), None]).is_ok());
    }
}
