//! Reading a format of `printf`.

/// The widest field and the longest fraction: far beyond use, and no way to fill the memory.
pub const LARGEST_COUNT: usize = 4096;

/// A part of a format.
pub enum Piece<'f> {
    /// Printed as it stands.
    Text(&'f str),
    /// Replaced by a value.
    Spec(Spec),
}

/// A conversion as it is written.
pub struct Spec {
    pub flags: Flags,
    pub width: Count,
    pub precision: Count,
    /// One of `a A c d e E f F g G o s u x X`.
    pub conversion: char,
}

/// A width or a precision.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Count {
    None,
    Given(usize),
    /// `*`: the next value.
    Value,
}

#[derive(Clone, Copy, Default)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `0`
    pub zero: bool,
    /// `+`
    pub plus: bool,
    /// a blank
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `'`
    pub thousands: bool,
}

/// Takes a format apart; the error says what is wrong with it.
pub fn pieces(format: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((text, after)) = rest.split_once('%') {
        pieces.push(Piece::Text(text));
        if let Some(after) = after.strip_prefix('%') {
            pieces.push(Piece::Text("%"));
            rest = after;
        } else {
            let (spec, after) = read_spec(after)?;
            pieces.push(Piece::Spec(spec));
            rest = after;
        }
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

impl Piece<'_> {
    /// How many values it takes.
    pub fn values(&self) -> usize {
        match self {
            Piece::Text(_) => 0,
            Piece::Spec(spec) => {
                1 + [spec.width, spec.precision].into_iter().filter(|count| *count == Count::Value).count()
            }
        }
    }
}

/// Reads what follows a `%`.
fn read_spec(text: &str) -> Result<(Spec, &str), String> {
    let (flags, rest) = read_flags(text);
    let (width, rest) = read_count(rest, Count::None)?;
    let (precision, rest) = match rest.strip_prefix('.') {
        Some(rest) => read_count(rest, Count::Given(0))?,
        None => (Count::None, rest),
    };
    let mut characters = rest.chars();
    let letter = characters.next().ok_or("the format ends in the middle of a conversion")?;
    let conversion = match letter {
        'i' => 'd',
        'p' => 'X',
        'z' => 's',
        'a' | 'A' | 'c' | 'd' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'o' | 's' | 'u' | 'x' | 'X' => letter,
        _ => {
            let length = text.len() - characters.as_str().len();
            let written = text.get(..length).unwrap_or(text);
            return Err(format!("printf has no conversion `%{written}`"));
        }
    };
    Ok((Spec { flags, width, precision, conversion }, characters.as_str()))
}

fn read_flags(text: &str) -> (Flags, &str) {
    let mut flags = Flags::default();
    let mut characters = text.chars();
    loop {
        let rest = characters.as_str();
        match characters.next() {
            Some('-') => flags.left = true,
            Some('0') => flags.zero = true,
            Some('+') => flags.plus = true,
            Some(' ') => flags.blank = true,
            Some('#') => flags.alternate = true,
            Some('\'') => flags.thousands = true,
            _ => return (flags, rest),
        }
    }
}

fn read_count(text: &str, missing: Count) -> Result<(Count, &str), String> {
    if let Some(rest) = text.strip_prefix('*') {
        return Ok((Count::Value, rest));
    }
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return Ok((missing, rest));
    }
    match digits.parse::<usize>() {
        Ok(count) if count <= LARGEST_COUNT => Ok((Count::Given(count), rest)),
        _ => Err(format!("a width or precision is at most {LARGEST_COUNT}, not {digits}")),
    }
}
