//! The list of an office's accounts.

use diesel::prelude::*;

use super::user::{COLUMNS, UserRow, holding};
use crate::db::Backend;
use crate::db::schema::users;
use crate::db::{self, Conn};
use crate::identity::actor::UserId;
use crate::identity::role::Role;
use crate::identity::status::UserStatus;
use crate::kernel::{OfficeId, Timestamp, text};

/// Whose list it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Whom {
    /// Every account's, for who keeps them.
    #[default]
    Everybody,
    /// That of the staff, for their colleagues: nobody is found by an address.
    Staff,
}

/// Which accounts of an office are wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) whom: Whom,
    pub(crate) q: Option<&'a str>,
    pub(crate) role: Option<Role>,
    pub(crate) status: Option<UserStatus>,
    /// Whether they can log in.
    pub(crate) active: Option<bool>,
    pub(crate) updated_since: Option<Timestamp>,
}

fn query<'a>(office: OfficeId, wanted: &Wanted<'_>) -> users::BoxedQuery<'a, Backend> {
    let mut query = users::table
        .filter(users::office_id.eq(office))
        .into_boxed::<Backend>();
    // Each word on its own: the key has the given name first.
    for word in wanted.q.unwrap_or_default().split_whitespace().take(16) {
        let pattern = text::like_pattern(word);
        let in_name = users::name_key.like(pattern.clone()).escape('\\');
        let in_email = users::email.like(pattern).escape('\\');
        query = match wanted.whom {
            Whom::Everybody => query.filter(in_name.or(in_email)),
            Whom::Staff => query.filter(in_name),
        };
    }
    if wanted.whom == Whom::Staff {
        query = query.filter(users::roles.not_like(holding(Role::Family)));
    }
    let can_log_in = users::status
        .eq(UserStatus::Active)
        .and(users::email_verified_at.is_not_null());
    query = match wanted.active {
        None => query,
        Some(true) => query.filter(can_log_in),
        Some(false) => query.filter(diesel::dsl::not(can_log_in)),
    };
    if let Some(role) = wanted.role {
        query = query.filter(users::roles.like(holding(role)));
    }
    if let Some(status) = wanted.status {
        query = query.filter(users::status.eq(status));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(users::updated_at.ge(since));
    }
    query
}

/// The accounts behind a sort key, by name.
pub(crate) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
    after: Option<(String, UserId)>,
    limit: i64,
) -> db::Result<Vec<UserRow>> {
    let mut query = query(office, wanted);
    if let Some((key, id)) = after {
        let behind = users::name_key
            .gt(key.clone())
            .or(users::name_key.eq(key).and(users::id.gt(id)));
        query = query.filter(behind);
    }
    Ok(query
        .select(COLUMNS)
        .order((users::name_key, users::id))
        .limit(limit)
        .load(conn)?)
}

/// How many accounts are wanted in all.
pub(crate) fn count(conn: &mut Conn, office: OfficeId, wanted: &Wanted<'_>) -> db::Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}
