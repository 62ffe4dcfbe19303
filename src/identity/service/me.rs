//! What people see and change of themselves without their password.

use serde_json::json;

use super::password::caller;
use crate::identity::call::Cx;
use crate::identity::error::Error;
use crate::identity::preferences::PreferencesPatch;
use crate::identity::store::user::{self, UserChange, UserRow};
use crate::kernel::{Fault, Language, Patch, text};

/// What changes; `None` and `Keep` keep.
#[derive(Debug, Clone)]
pub struct Change {
    /// The name.
    pub full_name: Option<String>,
    /// The phone.
    pub phone: Patch<String>,
    /// The language mails are in.
    pub language: Option<Language>,
    /// Which mails are wanted.
    pub preferences: Option<PreferencesPatch>,
}

/// The caller's account.
pub(in crate::identity) fn show(cx: &mut Cx<'_>) -> Result<UserRow, Error> {
    caller(cx)
}

/// Changes the caller's account.
pub(in crate::identity) fn update(cx: &mut Cx<'_>, change: &Change) -> Result<UserRow, Error> {
    let row = caller(cx)?;
    cx.expected.require(row.version)?;
    let columns = UserChange {
        full_name: change.full_name.clone(),
        name_key: change.full_name.as_deref().map(text::sort_key),
        phone: change.phone.clone().changed(),
        language: change.language,
        preferences: change.preferences.map(|patch| patch.over(&row.preferences)),
        ..UserChange::default()
    };
    if !columns.is_news(&row) {
        return Ok(row);
    }
    if !user::update(cx.conn, cx.now, &row, &columns)? {
        return Err(Fault::Stale.into());
    }
    let named = [
        ("full_name", change.full_name.is_some()),
        ("phone", change.phone != Patch::Keep),
        ("language", change.language.is_some()),
        ("preferences", change.preferences.is_some()),
    ];
    let set = named.into_iter().filter(|(_, is_set)| *is_set);
    let fields: Vec<&str> = set.map(|(name, _)| name).collect();
    cx.audit(
        "user.update",
        "user",
        row.id.uuid(),
        json!({"fields": fields}),
    )?;
    caller(cx)
}
