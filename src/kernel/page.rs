//! Keyset paging: a cursor names its list, and holds the sort key and the id of the last row seen.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::token;

/// The most rows a page may have.
pub const LIMIT_MAX: i64 = 100;
/// The rows of a page whose request names no limit.
pub const LIMIT_DEFAULT: i64 = 50;

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; `null` on the last.
    pub next_cursor: Option<String>,
    /// How many rows there are in all, where `include=total` asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// Cuts the one row too many that tells there is more, and points behind the last kept.
    pub fn cut(
        mut items: Vec<T>,
        limit: i64,
        total: Option<i64>,
        cursor: impl Fn(&T) -> String,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(cursor);
        Self {
            items,
            next_cursor,
            total,
        }
    }

    /// The same page with each row mapped by what may fail.
    ///
    /// # Errors
    /// The first failure.
    pub fn try_map<U, E>(self, f: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items: Result<Vec<U>, E> = self.items.into_iter().map(f).collect();
        Ok(Page {
            items: items?,
            next_cursor: self.next_cursor,
            total: self.total,
        })
    }

    /// The same page with each row mapped.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

/// The text of a list's cursor.
pub fn encode<K: Serialize>(list: &str, key: &K) -> String {
    token::encode(&serde_json::to_vec(&(list, key)).unwrap_or_default())
}

/// The sort key behind a cursor's text; `None` when it is not one of this list.
pub fn decode<K: for<'de> Deserialize<'de>>(list: &str, text: &str) -> Option<K> {
    if text.len() > 1024 {
        return None;
    }
    let (named, key): (String, Value) = serde_json::from_slice(&token::decode(text)?).ok()?;
    // PostgreSQL keeps no NUL, and no key has one.
    if named != list || has_nul(&key) {
        return None;
    }
    serde_json::from_value(key).ok()
}

fn has_nul(key: &Value) -> bool {
    match key {
        Value::String(text) => text.contains('\0'),
        Value::Array(parts) => parts.iter().any(has_nul),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let key = ("dao nguyen".to_owned(), 7_i64, None::<i64>);
        assert_eq!(decode("people", &encode("people", &key)), Some(key));
        assert_eq!(decode::<i64>("people", "7"), None);
        assert_eq!(decode::<i64>("people", &"A".repeat(2000)), None);
    }

    #[test]
    fn a_cursor_of_another_list_is_none_of_this() {
        let text = encode("people", &7_i64);
        assert_eq!(decode::<i64>("people", &text), Some(7));
        assert_eq!(decode::<i64>("rooms", &text), None);
        assert_eq!(decode::<i64>("people", &token::encode(b"7")), None);
    }

    #[test]
    fn a_cursor_with_what_no_key_holds_is_none_of_ours() {
        assert_eq!(
            decode::<(String, i32)>("people", &encode("people", &("a\0", 1))),
            None
        );
        assert_eq!(decode::<String>("people", &encode("people", &"a\0")), None);
    }
}
