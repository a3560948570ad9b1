//! Builds text from a format and values.
//!
//! ## Syntax
//! `printf(<format>[, <value>, ...])`
//!
//! ## Description
//! What C's `sprintf` does: each `%[flags][width][.precision]<conversion>` of the format takes the next value.
//! Values beyond those that the format asks for are not used.
//!
//! | Conversion | Prints |
//! | --- | --- |
//! | `%d` `%i` | a whole number; decimals are cut off |
//! | `%u` | an unsigned whole number |
//! | `%o` `%x` `%X` `%p` | octal; hexadecimal, small or capital letters (`%p` too) |
//! | `%f` `%F` | decimals, 6 unless the precision says otherwise |
//! | `%e` `%E` | with an exponent |
//! | `%g` `%G` | as `%f` or `%e`, whichever suits the magnitude |
//! | `%a` `%A` | a hexadecimal floating point number |
//! | `%c` | the character of that code point, or the first character of text |
//! | `%s` `%z` | text; a missing field prints `Null` |
//! | `%%` | a percent sign |
//!
//! Flags are `'` (commas between thousands), `-` (to the left), `0` (leading zeros), `+` (always a sign),
//! blank (room for a sign) and `#` (C's alternate form). Width and precision are numbers up to 4096, or `*`
//! for the next value. A conversion of numbers whose value is no number makes the result null.
//!
//! ## Examples
//!
//! ```spl
//! eval line = printf("%-6s|%04d|%.2f|%x", user, count, share, 255)
//! ```
//! ```json in
//! {"user": "ann", "count": "7", "share": "0.126"}
//! ```
//! ```json out
//! {"user": "ann", "count": "7", "share": "0.126", "line": "ann   |0007|0.13|ff"}
//! ```
//!
//! ```spl
//! eval sum = printf("%'d", 1234567), sign = printf("%+d%%", 5), nothing = printf("%s", missing)
//! ```
//! ```json out
//! {"sum": "1,234,567", "sign": "+5%", "nothing": "Null"}
//! ```
//!
//! ```spl
//! eval line = printf("%d of %d", count)
//! ```
//! ```error
//! error[E0302]: the format takes 2 values, not 1
//! ```

mod spec;
mod write;

use super::super::{Arity, Evaluator, Function, Misuse, Type};
use crate::parse::expr::Expr;
use crate::value::Value;
use spec::{Count, Piece, Spec, pieces};
use write::Layout;

/// `printf(<format>[, <value>, ...])`
pub const FUNCTION: Function = Function::lazy(Arity::at_least(1), Type::Text, printf).checked(check);

/// A value to print, and whether it is text by its type: `%c` of `"6"` is not code point 6.
struct Argument {
    value: Value,
    is_text: bool,
}

fn printf(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let mut values = arguments.iter().map(|argument| Argument {
        value: row.eval(argument),
        is_text: argument.static_type() == Type::Text,
    });
    let Some(Argument { value: Value::Text(format), .. }) = values.next() else { return Value::Null };
    print(&format, values).map_or(Value::Null, Value::from)
}

fn print(format: &str, mut values: impl Iterator<Item = Argument>) -> Option<String> {
    let mut out = String::new();
    for piece in pieces(format).ok()? {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Spec(spec) => {
                let layout = layout(&spec, &mut values)?;
                out.push_str(&layout.print(&values.next()?)?);
            }
        }
    }
    Some(out)
}

/// Fills in a width and a precision that are values; C's rules for negative ones.
fn layout(spec: &Spec, values: &mut impl Iterator<Item = Argument>) -> Option<Layout> {
    let mut flags = spec.flags;
    let width = match spec.width {
        Count::None => 0,
        Count::Given(width) => width,
        Count::Value => {
            let width = whole(&values.next()?)?;
            flags.left |= width < 0;
            limited(width.unsigned_abs())?
        }
    };
    let precision = match spec.precision {
        Count::None => None,
        Count::Given(precision) => Some(precision),
        Count::Value => match whole(&values.next()?)? {
            precision if precision < 0 => None,
            precision => Some(limited(precision.unsigned_abs())?),
        },
    };
    Some(Layout { flags, width, precision, conversion: spec.conversion })
}

fn whole(argument: &Argument) -> Option<i64> {
    argument.value.as_number().map(|number| number as i64)
}

fn limited(count: u64) -> Option<usize> {
    usize::try_from(count).ok().filter(|&count| count <= spec::LARGEST_COUNT)
}

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let Some(Some(format)) = arguments.first() else { return Ok(()) };
    let misuse = |message| Misuse { message, argument: 0, regex: false };
    let wanted: usize = pieces(&format.to_text()).map_err(misuse)?.iter().map(Piece::values).sum();
    let given = arguments.len() - 1;
    if wanted > given {
        let noun = if wanted == 1 { "value" } else { "values" };
        return Err(misuse(format!("the format takes {wanted} {noun}, not {given}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{Argument, call, check, field, literal};
    use crate::value::Value;

    fn printed(format: &str, values: impl IntoIterator<Item = Argument>) -> Value {
        let arguments: Vec<Argument> = [literal(format)].into_iter().chain(values).collect();
        call("printf", &arguments)
    }

    #[test]
    fn documented_examples() {
        // Search Reference, printf.
        let pi = || literal(std::f64::consts::PI);
        assert_eq!(printed("%.3A", [pi()]), "0X1.922P+1".into());
        assert_eq!(printed("%c,%c", [literal(65.0), literal("Foo")]), "A,F".into());
        assert_eq!(printed("%d,%i,%d", [literal(-2.0), literal(4.0), literal(30.0)]), "-2,4,30".into());
        assert_eq!(printed("%.2e", [literal(5139.0)]), "5.14e+03".into());
        assert_eq!(printed("%.2f", [pi()]), "3.14".into());
        assert_eq!(printed("%.2g,%.2g", [pi(), literal(123.0)]), "3.1,1.2e+02".into());
        assert_eq!(printed("%o", [literal(255.0)]), "377".into());
        assert_eq!(printed("%s%z", [literal("foo"), literal("bar")]), "foobar".into());
        assert_eq!(printed("%x,%X,%p", [literal(10.0), literal(10.0), literal(10.0)]), "a,A,A".into());
        assert_eq!(printed("100%%", []), "100%".into());
        assert_eq!(printed("%'d", [literal(12345.0)]), "12,345".into());
        assert_eq!(printed("%-4d", [literal(1.0)]), "1   ".into());
        assert_eq!(printed("%04d", [literal(1.0)]), "0001".into());
        assert_eq!(printed("%+4d", [literal(1.0)]), "  +1".into());
        assert_eq!(printed("% -4d", [literal(1.0)]), " 1  ".into());
        assert_eq!(printed("%#x", [literal(1.0)]), "0x1".into());
        assert_eq!(printed("%*d", [literal(5.0), literal(123.0)]), "  123".into());
        assert_eq!(printed("%.*f", [literal(1.0), literal(1.23)]), "1.2".into());
        assert_eq!(printed("%*.*e", [literal(9.0), literal(2.0), pi()]), " 3.14e+00".into());
    }

    #[test]
    fn values_that_do_not_fit() {
        assert_eq!(printed("%s", [field(Value::Null)]), "Null".into());
        assert_eq!(printed("%d", [field(Value::Null)]), Value::Null);
        assert_eq!(printed("%d", [field("x")]), Value::Null);
        assert_eq!(printed("%*d", [field(1e12), field(1.0)]), Value::Null);
        assert_eq!(call("printf", &[field(Value::Null)]), Value::Null);
        assert_eq!(call("printf", &[field("%d %d"), field(1.0)]), Value::Null);
    }

    #[test]
    fn misuse() {
        let message = |format: &str, values: usize| {
            let mut arguments = vec![Some(Value::from(format))];
            arguments.resize(values + 1, None);
            check("printf", &arguments).map_err(|misuse| misuse.message)
        };
        assert_eq!(message("%*.*f", 3), Ok(()));
        assert_eq!(message("%d", 2), Ok(()));
        assert_eq!(message("%d", 0).unwrap_err(), "the format takes 1 value, not 0");
        assert_eq!(message("%S", 1).unwrap_err(), "printf has no conversion `%S`");
        assert_eq!(message("%1$d", 1).unwrap_err(), "printf has no conversion `%1$`");
        assert_eq!(message("%", 0).unwrap_err(), "the format ends in the middle of a conversion");
        assert!(message("%5000d", 1).unwrap_err().contains("4096"));
    }
}
