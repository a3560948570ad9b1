//! Several values in one cell of a table: the form `splunk_mv_csv` of `outputlookup`.
//!
//! Beside the column `x`, which has the values on lines of their own, a column `__mv_x` has each value between
//! dollar signs, with semicolons between them; a dollar sign of a value is doubled. Its cell is empty where the
//! field has one value (Search Reference, `outputlookup`, `output_format`).

use crate::value::Text;

/// What the name of a column of several values begins with.
pub const PREFIX: &str = "__mv_";

/// The cell of some values.
pub fn encode<'v>(values: impl IntoIterator<Item = &'v str>) -> Text {
    let one = |value: &str| format!("${}$", value.replace('$', "$$"));
    values.into_iter().map(one).collect::<Vec<String>>().join(";").into()
}

/// The values of a cell; none where it is not such a cell.
pub fn decode(cell: &str) -> Option<Vec<Text>> {
    let mut values = Vec::new();
    let mut rest = cell.strip_prefix('$')?;
    loop {
        let mut value = String::new();
        loop {
            let (plain, after) = rest.split_once('$')?;
            value.push_str(plain);
            rest = after;
            match rest.strip_prefix('$') {
                Some(after) => {
                    value.push('$');
                    rest = after;
                }
                None => break,
            }
        }
        values.push(value.into());
        match rest.strip_prefix(";$") {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        for values in [vec!["a", "b"], vec!["", "$", "a;$b$"], vec!["one"], vec!["a$", ";", "$$"]] {
            let cell = encode(values.iter().copied());
            assert_eq!(decode(&cell).unwrap(), values, "{cell}");
        }
        assert_eq!(encode(["a", "b$"]), "$a$;$b$$$");
        for other in ["", "a", "$a", "$a$b", "$a$;", "$a$;b"] {
            assert_eq!(decode(other), None, "{other}");
        }
    }
}
