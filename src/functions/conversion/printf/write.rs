//! Printing a value as a conversion of `printf` wants it: the rules of C.

use super::super::super::support::digits::group_thousands;
use super::Argument;
use super::spec::Flags;
use crate::value::Value;

/// A conversion with its width and precision known.
pub struct Layout {
    pub flags: Flags,
    pub width: usize,
    pub precision: Option<usize>,
    pub conversion: char,
}

impl Layout {
    /// None when a number is wanted and the value is none.
    pub fn print(&self, argument: &Argument) -> Option<String> {
        let number = || argument.value.as_number();
        match self.conversion {
            's' => Some(self.pad("", &self.text(&argument.value)?, false)),
            'c' => Some(self.pad("", &character(argument)?, false)),
            'd' => {
                let whole = number()? as i64;
                let body = self.integer(whole == 0, whole.unsigned_abs().to_string());
                Some(self.pad(self.sign(whole < 0), &self.grouped(body), self.precision.is_none()))
            }
            'u' | 'o' | 'x' | 'X' => Some(self.unsigned(number()?)),
            _ => Some(self.float(number()?)),
        }
    }

    fn text(&self, value: &Value) -> Option<String> {
        let text = match value {
            Value::Null => "Null".into(),
            Value::Multi(_) => return None,
            one => one.to_text(),
        };
        Some(text.chars().take(self.precision.unwrap_or(usize::MAX)).collect())
    }

    /// C turns a negative number into an unsigned one by its two's complement.
    fn unsigned(&self, number: f64) -> String {
        let value = if number < 0.0 { number as i64 as u64 } else { number as u64 };
        let digits = match self.conversion {
            'o' => format!("{value:o}"),
            'x' => format!("{value:x}"),
            'X' => format!("{value:X}"),
            _ => value.to_string(),
        };
        let mut body = self.integer(value == 0, digits);
        let prefix = match self.conversion {
            'x' if self.flags.alternate && value != 0 => "0x",
            'X' if self.flags.alternate && value != 0 => "0X",
            _ => "",
        };
        if self.conversion == 'o' && self.flags.alternate && !body.starts_with('0') {
            body.insert(0, '0');
        }
        if self.conversion == 'u' {
            body = self.grouped(body);
        }
        self.pad(prefix, &body, self.precision.is_none())
    }

    /// The precision of an integer is its fewest digits; 0 with precision 0 has none.
    fn integer(&self, is_zero: bool, digits: String) -> String {
        match self.precision {
            Some(0) if is_zero => String::new(),
            Some(fewest) => format!("{digits:0>fewest$}"),
            None => digits,
        }
    }

    fn float(&self, number: f64) -> String {
        let size = number.abs();
        let precision = self.precision.unwrap_or(6);
        let body = match self.conversion.to_ascii_lowercase() {
            'f' => self.fixed(size, precision),
            'e' => self.exponential(size, precision),
            'g' => self.shortest(size, precision.max(1)),
            _ => hexadecimal(size, precision, self.flags.alternate),
        };
        let sign = self.sign(number < 0.0);
        let (prefix, body) = match body.strip_prefix("0x") {
            Some(body) => (format!("{sign}0x"), body.to_string()),
            None => (sign.to_string(), self.grouped(body)),
        };
        if self.conversion.is_ascii_uppercase() {
            return self.pad(&prefix.to_ascii_uppercase(), &body.to_ascii_uppercase(), true);
        }
        self.pad(&prefix, &body, true)
    }

    fn fixed(&self, size: f64, decimals: usize) -> String {
        let point = if decimals == 0 && self.flags.alternate { "." } else { "" };
        format!("{size:.decimals$}{point}")
    }

    fn exponential(&self, size: f64, decimals: usize) -> String {
        let (mantissa, exponent) = scientific(size, decimals);
        let point = if decimals == 0 && self.flags.alternate { "." } else { "" };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}{point}e{sign}{:02}", exponent.abs())
    }

    /// `%g`: so many significant digits, and no zeros at the end unless `#` asks for them.
    fn shortest(&self, size: f64, digits: usize) -> String {
        let (_, exponent) = scientific(size, digits - 1);
        let after_first = i64::try_from(digits).unwrap_or(i64::MAX) - 1;
        let text = match usize::try_from(after_first - exponent) {
            Ok(decimals) if exponent >= -4 => self.fixed(size, decimals),
            _ => self.exponential(size, digits - 1),
        };
        if self.flags.alternate || !text.contains('.') {
            return text;
        }
        let (mantissa, exponent) = text.split_at(text.find('e').unwrap_or(text.len()));
        format!("{}{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
    }

    fn grouped(&self, digits: String) -> String {
        // A number with an exponent has one digit before the point.
        if self.flags.thousands && !digits.contains('e') { group_thousands(&digits) } else { digits }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.flags.plus, self.flags.blank) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    /// Fills up to the width, with zeros after the prefix where these are wanted and allowed.
    fn pad(&self, prefix: &str, body: &str, zeros: bool) -> String {
        let length = prefix.chars().count() + body.chars().count();
        let missing = self.width.saturating_sub(length);
        match (self.flags.left, self.flags.zero && zeros) {
            (true, _) => format!("{prefix}{body}{}", " ".repeat(missing)),
            (_, true) => format!("{prefix}{}{body}", "0".repeat(missing)),
            _ => format!("{}{prefix}{body}", " ".repeat(missing)),
        }
    }
}

/// The character of a code point, or the first one of text.
fn character(argument: &Argument) -> Option<String> {
    match argument.value.as_number() {
        Some(code) if !argument.is_text => {
            let code = (code.fract() == 0.0 && (0.0..=1_114_111.0).contains(&code)).then_some(code as u32)?;
            char::from_u32(code).map(String::from)
        }
        _ => match &argument.value {
            Value::Text(text) => Some(text.chars().take(1).collect()),
            _ => None,
        },
    }
}

/// Mantissa and exponent of base 10.
fn scientific(size: f64, decimals: usize) -> (String, i64) {
    let text = format!("{size:.decimals$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_string(), exponent.parse().unwrap_or(0))
}

/// `0x1.922p+1`: so many hexadecimal digits after the point, rounded to even.
fn hexadecimal(size: f64, digits: usize, alternate: bool) -> String {
    const MANTISSA_BITS: u32 = 52;
    const MANTISSA_DIGITS: usize = 13;
    let bits = size.to_bits();
    let stored = (bits >> MANTISSA_BITS) as i64;
    let fraction = bits & ((1 << MANTISSA_BITS) - 1);
    // A stored exponent of 0 marks zero and the numbers too small for a leading 1.
    let (mut mantissa, exponent) = match (stored, fraction) {
        (0, 0) => (0, 0),
        (0, fraction) => (fraction, -1022),
        (stored, fraction) => (fraction | (1 << MANTISSA_BITS), stored - 1023),
    };
    let kept = digits.min(MANTISSA_DIGITS);
    let dropped = 4 * (MANTISSA_DIGITS - kept) as u32;
    if dropped > 0 {
        let half = 1_u64 << (dropped - 1);
        let rest = mantissa & ((1 << dropped) - 1);
        mantissa >>= dropped;
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
    }
    let kept_bits = MANTISSA_BITS - dropped;
    let first = mantissa >> kept_bits;
    let after = mantissa & ((1 << kept_bits) - 1);
    let point = if digits > 0 || alternate { "." } else { "" };
    let after = if kept > 0 { format!("{after:0kept$x}") } else { String::new() };
    format!("0x{first}{point}{after:0<digits$}p{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(conversion: char, precision: Option<usize>, flags: &str, number: f64) -> String {
        let flags = Flags {
            left: false,
            zero: flags.contains('0'),
            plus: flags.contains('+'),
            blank: flags.contains(' '),
            alternate: flags.contains('#'),
            thousands: flags.contains('\''),
        };
        let layout = Layout { flags, width: 8, precision, conversion };
        layout.print(&Argument { value: Value::number(number), is_text: false }).unwrap()
    }

    #[test]
    fn integers() {
        assert_eq!(printed('d', None, "", -3.9), "      -3");
        assert_eq!(printed('d', None, "0", -3.0), "-0000003");
        assert_eq!(printed('d', Some(3), "0", 7.0), "     007");
        assert_eq!(printed('d', Some(0), "", 0.0), "        ");
        assert_eq!(printed('u', None, "", -1.0), "18446744073709551615");
        assert_eq!(printed('o', None, "#", 8.0), "     010");
        assert_eq!(printed('x', None, "#0", 255.0), "0x0000ff");
        assert_eq!(printed('u', None, "'", 12345.0), "  12,345");
    }

    #[test]
    fn floats() {
        assert_eq!(printed('f', Some(1), "'", 12345.67), "12,345.7");
        assert_eq!(printed('f', Some(0), "#", 2.5), "      2.");
        assert_eq!(printed('e', Some(0), "", 0.00123), "   1e-03");
        assert_eq!(printed('g', None, "", 100_000.0), "  100000");
        assert_eq!(printed('g', None, "", 1_000_000.0), "   1e+06");
        assert_eq!(printed('g', None, "", 0.0001), "  0.0001");
        assert_eq!(printed('G', None, "", 0.00001), "   1E-05");
        assert_eq!(printed('g', Some(3), "#", 1.0), "    1.00");
        assert_eq!(printed('f', Some(2), "0+", 3.0), "+0003.00");
    }

    #[test]
    fn hexadecimal_floats() {
        assert_eq!(printed('a', Some(0), "", 1.0), "  0x1p+0");
        assert_eq!(printed('a', Some(2), "", 0.0), "0x0.00p+0");
        assert_eq!(printed('a', Some(1), "", 0.15625), "0x1.4p-3");
        assert_eq!(printed('a', Some(14), "", 1.5), "0x1.80000000000000p+0");
        assert_eq!(printed('a', Some(1), "", f64::from_bits(1 << 51)), "0x0.8p-1022");
    }
}
