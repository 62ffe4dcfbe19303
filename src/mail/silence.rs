//! Why nothing is sent to an address: it is known to take none, or its owner said so.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::message::{Message, MessageClass, MessageId};
use crate::db::schema::{unreachable_addresses as unreachable, users};
use crate::db::{Conn, Result};
use crate::kernel::OfficeId;

/// Kinds whose recipients may say that they want no more of them.
const OUTREACH: [&str; 3] = ["session_invitation", "session_reminder", "session_thanks"];

/// The mark of an address whose owner wants no more outreach.
const OPTED_OUT: &str = "opted-out";

/// What is known of some addresses and accounts that mails may not go to.
#[derive(Debug, Default)]
pub struct Silence {
    marks: BTreeMap<String, String>,
    unwilling: BTreeSet<MessageId>,
}

impl Silence {
    /// Looks up addresses, and the accounts behind them, of a whole page at once.
    ///
    /// # Errors
    /// When storage fails.
    pub fn load(
        conn: &mut Conn,
        office: OfficeId,
        addresses: &[&str],
        accounts: &[uuid::Uuid],
    ) -> Result<Self> {
        let mut found = Self::default();
        for chunk in addresses.chunks(500) {
            let marks: Vec<(String, String)> = unreachable::table
                .filter(unreachable::office_id.eq(office))
                .filter(unreachable::address.eq_any(chunk))
                .select((unreachable::address, unreachable::reason))
                .load(conn)?;
            found.marks.extend(marks);
        }
        for chunk in accounts.chunks(500) {
            let ids = chunk.iter().copied().map(MessageId::from_uuid);
            let ids = ids.map(MessageId::cast::<Message>);
            let rows: Vec<(MessageId, String)> = users::table
                .filter(users::id.eq_any(ids))
                .select((users::id, users::preferences))
                .load(conn)?;
            let unwilling = rows.into_iter().filter(|(_, column)| is_unwilling(column));
            found.unwilling.extend(unwilling.map(|(id, _)| id));
        }
        Ok(found)
    }

    /// Why a mail of a session would not be sent: `no-address` where the address takes none, `opted-out`
    /// where its owner said so and the mail is outreach.
    pub fn keeps(
        &self,
        kind: &str,
        account: Option<uuid::Uuid>,
        address: &str,
    ) -> Option<&'static str> {
        let mark = self.marks.get(address).map(String::as_str);
        let account = account.map(MessageId::from_uuid);
        let is_unwilling = account.is_some_and(|id| self.unwilling.contains(&id));
        reason(kind, mark, is_unwilling)
    }

    /// Why outreach would not be sent.
    pub fn keeps_outreach(
        &self,
        account: Option<uuid::Uuid>,
        address: &str,
    ) -> Option<&'static str> {
        let [first, ..] = OUTREACH;
        self.keeps(first, account, address)
    }
}

/// Why nothing may be sent to an address.
pub(super) fn of(
    conn: &mut Conn,
    (office, kind, class): (OfficeId, &str, MessageClass),
    user: Option<MessageId>,
    address: &str,
) -> Result<Option<&'static str>> {
    if class == MessageClass::Account {
        return Ok(None);
    }
    let mark: Option<String> = unreachable::table
        .find((office, address))
        .select(unreachable::reason)
        .first(conn)
        .optional()?;
    let is_open = reason(kind, mark.as_deref(), false).is_none();
    let user = user.filter(|_| is_open && OUTREACH.contains(&kind));
    let is_unwilling = match user {
        None => false,
        Some(user) => {
            let preferences: Option<String> = users::table
                .find(user.cast::<Message>())
                .select(users::preferences)
                .first(conn)
                .optional()?;
            preferences.is_some_and(|column| is_unwilling(&column))
        }
    };
    Ok(reason(kind, mark.as_deref(), is_unwilling))
}

fn reason(kind: &str, mark: Option<&str>, is_unwilling: bool) -> Option<&'static str> {
    let wants_none = is_unwilling || mark == Some(OPTED_OUT);
    match mark {
        Some(mark) if mark != OPTED_OUT => Some("no-address"),
        _ if wants_none && OUTREACH.contains(&kind) => Some(OPTED_OUT),
        _ => None,
    }
}

/// Whether an account's preferences say that it wants no mails of sessions.
fn is_unwilling(preferences: &str) -> bool {
    let read = serde_json::from_str::<serde_json::Value>(preferences);
    let wants = read.ok().and_then(|value| value.get("session")?.as_bool());
    wants == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounce_keeps_everything_and_a_word_outreach_alone() {
        for (kind, mark, is_unwilling, why) in [
            ("session_invitation", None, false, None),
            (
                "session_invitation",
                Some("opted-out"),
                false,
                Some("opted-out"),
            ),
            ("session_invitation", None, true, Some("opted-out")),
            ("session_confirmation", Some("opted-out"), true, None),
            (
                "session_confirmation",
                Some("5.1.1"),
                true,
                Some("no-address"),
            ),
        ] {
            assert_eq!(reason(kind, mark, is_unwilling), why, "{kind} {mark:?}");
        }
    }
}
