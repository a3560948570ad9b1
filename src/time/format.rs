//! Time formats: the variables that `strftime` and `strptime` share.
//!
//! Source: Search Reference, "Date and time format variables"; `%l`, `%D`, `%R`, `%n` and `%t` are
//! those of the C library.

/// Full names; the abbreviation is the first three letters.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Full names from Sunday; the abbreviation is the first three letters.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The three-letter form of a month or weekday name.
pub(super) fn abbreviation(name: &'static str) -> &'static str {
    name.get(..3).unwrap_or(name)
}

/// A piece of a time format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// Stands for itself; unknown sequences arrive as text too.
    Text(&'a str),
    /// A variable of one letter without modifiers.
    Plain(char),
    /// `%N` or `%Q`: parts of a second with so many digits.
    Fraction(usize),
    /// An offset from UTC.
    Offset(OffsetStyle),
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OffsetStyle {
    /// `%z`: `-0700`
    HourMinute,
    /// `%:z`: `-07:00`
    HourColonMinute,
    /// `%::z`: `-07:00:00`
    HourMinuteSecond,
    /// `%:::z`: `-07`
    Hour,
    /// `%Ez`: `-420`
    Minutes,
}

/// Letters that are a variable by themselves.
const PLAIN: &str = "YyCGgmbBdejUVwaAHIklMSpTFDRsfZcxX+nt%";

/// What a composite variable stands for.
///
/// `%c` and `%+` are those of the C locale, as in the documentation's examples. For `%x` and `%X` it
/// shows `7/13/2019` and `9:30:00`; we print leading zeros, as `convert ctime` does.
pub(super) fn expansion(letter: char) -> Option<&'static str> {
    Some(match letter {
        'T' | 'X' => "%H:%M:%S",
        'R' => "%H:%M",
        'F' => "%Y-%m-%d",
        'D' => "%m/%d/%y",
        'x' => "%m/%d/%Y",
        'c' => "%a %b %e %H:%M:%S %Y",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        _ => return None,
    })
}

/// Splits a format into its pieces.
pub(super) fn items(format: &str) -> Items<'_> {
    Items { rest: format }
}

/// The pieces of a format, see [`items`].
#[derive(Debug, Clone)]
pub(super) struct Items<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let Some(after) = self.rest.strip_prefix('%') else {
            let end = self.rest.find('%').unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            return (!text.is_empty()).then_some(Item::Text(text));
        };
        if let Some((item, rest)) = variable(after) {
            self.rest = rest;
            return Some(item);
        }
        // Unknown: the `%` is text, and what follows it is read as usual.
        let (percent, rest) = self.rest.split_at_checked(1)?;
        self.rest = rest;
        Some(Item::Text(percent))
    }
}

/// Reads the variable whose `%` has been read.
fn variable(after: &str) -> Option<(Item<'static>, &str)> {
    let mut chars = after.chars();
    let letter = chars.next()?;
    let item = match letter {
        'Q' => Item::Fraction(3),
        'N' => Item::Fraction(9),
        'z' => Item::Offset(OffsetStyle::HourMinute),
        'E' if chars.next()? == 'z' => Item::Offset(OffsetStyle::Minutes),
        ':' => return colons(after),
        '1'..='9' if matches!(chars.next()?, 'Q' | 'N') => {
            Item::Fraction(usize::try_from(letter.to_digit(10)?).ok()?)
        }
        letter if PLAIN.contains(letter) => Item::Plain(letter),
        _ => return None,
    };
    Some((item, chars.as_str()))
}

fn colons(after: &str) -> Option<(Item<'static>, &str)> {
    let rest = after.trim_start_matches(':');
    let style = match after.len() - rest.len() {
        1 => OffsetStyle::HourColonMinute,
        2 => OffsetStyle::HourMinuteSecond,
        3 => OffsetStyle::Hour,
        _ => return None,
    };
    Some((Item::Offset(style), rest.strip_prefix('z')?))
}
