//! Digits as a person reads them.

/// Commas between the thousands of a number's integer part; what stands after a `.` stays.
pub fn group_thousands(number: &str) -> String {
    let (integer, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut grouped = String::with_capacity(number.len() + number.len() / 3);
    let mut left = integer.bytes().filter(u8::is_ascii_digit).count();
    for character in integer.chars() {
        grouped.push(character);
        if character.is_ascii_digit() {
            left -= 1;
            if left > 0 && left.is_multiple_of(3) {
                grouped.push(',');
            }
        }
    }
    grouped + fraction
}

#[cfg(test)]
mod tests {
    use super::group_thousands;

    #[test]
    fn thousands() {
        assert_eq!(group_thousands("1"), "1");
        assert_eq!(group_thousands("123"), "123");
        assert_eq!(group_thousands("-1234"), "-1,234");
        assert_eq!(group_thousands("-123456.7891"), "-123,456.7891");
        assert_eq!(group_thousands("1000000"), "1,000,000");
    }
}
