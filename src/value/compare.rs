//! The orders of SPL: an expression's comparison, and the order of groups. The `sort` command has its own.

use std::cmp::Ordering;

use super::Value;

/// `=` of an expression on two single values, or any pair of a multivalue's values; none when either is
/// null. Numbers compare as numbers when both sides look like one, unless `as_text` says that one side
/// is a string by its type (a quoted literal, a string function): then their text is compared, byte by
/// byte.
pub fn eval_equal(left: &Value, right: &Value, as_text: bool) -> Option<bool> {
    if left.is_null() || right.is_null() {
        return None;
    }
    Some(any_pair(left, right, |a, b| single_equal(a, b, as_text)))
}

/// `<` and its kin on two single values; none when either side is null or a multivalue.
pub fn eval_order(left: &Value, right: &Value, as_text: bool) -> Option<Ordering> {
    match (left, right) {
        (Value::Null | Value::Multi(_), _) | (_, Value::Null | Value::Multi(_)) => None,
        (a, b) if as_text && !(matches!(a, Value::Number(_)) || matches!(b, Value::Number(_))) => {
            Some(a.to_text().as_bytes().cmp(b.to_text().as_bytes()))
        }
        (a, b) => Some(compare_numbers_first(a, b)),
    }
}

fn any_pair(left: &Value, right: &Value, equal: impl Fn(&Value, &Value) -> bool) -> bool {
    left.values().iter().any(|a| right.values().iter().any(|b| equal(a, b)))
}

fn single_equal(left: &Value, right: &Value, as_text: bool) -> bool {
    if let (Value::Bool(a), Value::Bool(b)) = (left, right) {
        return a == b;
    }
    if !as_text && let (Some(a), Some(b)) = (left.as_number(), right.as_number()) {
        return a == b;
    }
    left.to_text() == right.to_text()
}

/// Numbers by value, before all text; text byte by byte.
fn compare_numbers_first(left: &Value, right: &Value) -> Ordering {
    match (left.as_number(), right.as_number()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.to_text().as_bytes().cmp(right.to_text().as_bytes()),
    }
}

/// The order in which `stats` prints its groups: numbers by value before text by bytes, equal numbers by
/// their text, so that the order is total (limits.conf, `natural_sort_output`).
pub fn compare_group_key(left: &Value, right: &Value) -> Ordering {
    compare_numbers_first(left, right).then_with(|| left.to_text().as_bytes().cmp(right.to_text().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_by_look_and_by_type() {
        assert_eq!(eval_equal(&"1".into(), &1.0.into(), false), Some(true));
        assert_eq!(eval_equal(&"1.0".into(), &"01".into(), false), Some(true));
        assert_eq!(eval_equal(&"1.0".into(), &"1".into(), true), Some(false));
        assert_eq!(eval_equal(&"a".into(), &"A".into(), false), Some(false));
        assert_eq!(eval_equal(&Value::Null, &"a".into(), false), None);
        let many = Value::from_values(["a".into(), "b".into()]);
        assert_eq!(eval_equal(&many, &"b".into(), false), Some(true));
    }

    #[test]
    fn text_stands_above_numbers() {
        assert_eq!(eval_order(&"a".into(), &"10".into(), false), Some(Ordering::Greater));
        assert_eq!(eval_order(&"9".into(), &"10".into(), false), Some(Ordering::Less));
    }
}
