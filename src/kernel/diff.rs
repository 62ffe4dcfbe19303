//! What a change wrote over.

use serde_json::{Map, Value};

/// What stood where a change wrote something else, by pointer (RFC 6901), so that nothing is
/// written over without a trace. Objects are looked into; everything else is compared whole.
pub fn overwritten(old: &Value, new: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    walk("", old, new, &mut found);
    found
}

fn walk(pointer: &str, old: &Value, new: &Value, found: &mut Map<String, Value>) {
    match (old, new) {
        (Value::Object(olds), Value::Object(news)) => {
            for (name, old) in olds {
                let new = news.get(name).unwrap_or(&Value::Null);
                walk(&format!("{pointer}/{name}"), old, new, found);
            }
        }
        _ if old == new => {}
        _ => {
            found.insert(pointer.to_owned(), old.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_over_is_told_and_nothing_else() {
        let old = json!({"child": {"name": "An", "born_on": null}, "list": ["a"], "same": 1});
        let new = json!({"child": {"name": "Ân", "born_on": null}, "list": [], "same": 1});
        assert_eq!(
            Value::Object(overwritten(&old, &new)),
            json!({"/child/name": "An", "/list": ["a"]})
        );
        assert!(overwritten(&old, &old).is_empty());
        // What was cleared was there.
        let cleared = json!({"child": null, "list": ["a"], "same": 1});
        assert_eq!(
            Value::Object(overwritten(&old, &cleared)),
            json!({"/child": {"name": "An", "born_on": null}})
        );
    }
}
