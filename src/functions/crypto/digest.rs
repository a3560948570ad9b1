//! The hash of a text.
//!
//! ## Syntax
//! `md5(<text>)`
//! `sha1(<text>)`
//! `sha256(<text>)`
//! `sha512(<text>)`
//!
//! ## Description
//! The hash of the text's UTF-8 bytes in small hexadecimal digits. A multivalue field gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval md5 = md5("abc"), sha1 = sha1("abc")
//! ```
//! ```json out
//! {"md5": "900150983cd24fb0d6963f7d28e17f72", "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d"}
//! ```
//!
//! ```spl
//! eval id = sha256(name)
//! ```
//! ```json in
//! {"name": "abc"}
//! {}
//! ```
//! ```json out
//! {"name": "abc", "id": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
//! {}
//! ```
//!
//! ```spl
//! eval id = sha512()
//! ```
//! ```error
//! error[E0302]: the function `sha512` takes 1 argument, not 0
//! ```

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Text, Value};

/// `md5(<text>)`
pub const MD5: Function = Function::strict(Arity::exactly(1), Type::Text, hash::<Md5>);

/// `sha1(<text>)`
pub const SHA1: Function = Function::strict(Arity::exactly(1), Type::Text, hash::<Sha1>);

/// `sha256(<text>)`
pub const SHA256: Function = Function::strict(Arity::exactly(1), Type::Text, hash::<Sha256>);

/// `sha512(<text>)`
pub const SHA512: Function = Function::strict(Arity::exactly(1), Type::Text, hash::<Sha512>);

fn hash<D: Digest>(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments.first() {
        None | Some(Value::Null | Value::Multi(_)) => Value::Null,
        Some(value) => {
            let mut text = Text::new();
            for byte in D::digest(value.to_text().as_bytes()) {
                for digit in [byte >> 4, byte & 15] {
                    text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
                }
            }
            Value::Text(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<D: Digest>(text: &str) -> String {
        let warnings = crate::eval::Warnings::new();
        let context = EvalContext::new(0.0, jiff::tz::TimeZone::UTC, warnings);
        hash::<D>(&[text.into()], &context).to_text().into_owned()
    }

    #[test]
    fn published_vectors() {
        // RFC 1321; FIPS 180-2, appendices A to C.
        assert_eq!(of::<Md5>(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(of::<Md5>("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of::<Sha1>("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(of::<Sha256>("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            of::<Sha512>("abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
    }
}
