//! Text that holds JSON: SPL has no arrays and objects of its own, only their text.

use serde_json::Value as Json;

/// Reads an array; none for anything else, and for one nested more than 127 deep.
pub fn array(text: &str) -> Option<Vec<Json>> {
    match starts_with(text, '[').then(|| serde_json::from_str(text)) {
        Some(Ok(Json::Array(elements))) => Some(elements),
        _ => None,
    }
}

/// Whether text is an object; one nested more than 127 deep is not.
pub fn object(text: &str) -> Option<Json> {
    match starts_with(text, '{').then(|| serde_json::from_str(text)) {
        Some(Ok(object @ Json::Object(_))) => Some(object),
        _ => None,
    }
}

/// The JSON that text is, or else the text as a JSON string.
pub fn infer(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))
}

/// As Splunk prints it: without blanks, keys in their order, whole numbers without decimals.
pub fn compact(mut json: Json) -> String {
    drop_empty_decimals(&mut json);
    json.to_string()
}

fn starts_with(text: &str, bracket: char) -> bool {
    text.trim_start().starts_with(bracket)
}

fn drop_empty_decimals(json: &mut Json) {
    /// Beyond this a double no longer holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match json {
        Json::Number(number) => {
            if let Some(value) = number.as_f64()
                && number.is_f64()
                && value.fract() == 0.0
                && value.abs() <= EXACT
            {
                *json = Json::from(value as i64);
            }
        }
        Json::Array(elements) => elements.iter_mut().for_each(drop_empty_decimals),
        Json::Object(members) => members.values_mut().for_each(drop_empty_decimals),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_printing() {
        let elements = array(r#" ["a", 1.00, -0.0, 1.75, {"b" : [1.0]}, null] "#).unwrap();
        assert_eq!(compact(Json::from(elements)), r#"["a",1,0,1.75,{"b":[1]},null]"#);
        assert_eq!(object("{\"b\": 1, \"a\": 2}").map(compact).unwrap(), r#"{"b":1,"a":2}"#);
        assert!(array("{}").is_none() && array("[1,").is_none() && array("a").is_none());
        assert!(object("{cities: \"3\"}").is_none() && object("[]").is_none());
    }

    #[test]
    fn depth_is_no_danger() {
        assert!(array(&"[".repeat(1_000_000)).is_none());
    }
}
