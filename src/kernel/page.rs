//! Keyset paging: a cursor is the sort key and the id of the last row seen.

use serde::{Deserialize, Serialize};

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
    pub fn cut<K: Serialize>(
        mut items: Vec<T>,
        limit: i64,
        total: Option<i64>,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more {
            items.last().map(|last| encode(&key(last)))
        } else {
            None
        };
        Self {
            items,
            next_cursor,
            total,
        }
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

/// The text of a cursor.
pub fn encode<K: Serialize>(key: &K) -> String {
    token::encode(&serde_json::to_vec(key).unwrap_or_default())
}

/// The sort key behind a cursor's text; `None` when it is not one of ours.
pub fn decode<K: for<'de> Deserialize<'de>>(text: &str) -> Option<K> {
    if text.len() > 1024 {
        return None;
    }
    serde_json::from_slice(&token::decode(text)?).ok()
}
