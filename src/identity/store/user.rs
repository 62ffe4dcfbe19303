//! The rows of users.

use diesel::prelude::*;

use crate::db::schema::users;
use crate::db::{self, Conn};
use crate::identity::actor::UserId;
use crate::identity::preferences::Preferences;
use crate::identity::role::{Role, Roles};
use crate::identity::status::UserStatus;
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp, text};

/// A user as stored.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct UserRow {
    pub(crate) id: UserId,
    pub(crate) office_id: OfficeId,
    pub(crate) email: String,
    pub(crate) email_verified_at: Option<Timestamp>,
    pub(crate) password_hash: Option<String>,
    pub(crate) full_name: String,
    pub(crate) name_key: String,
    pub(crate) phone: Option<String>,
    pub(crate) language: Language,
    roles: String,
    pub(crate) agency_id: Option<AgencyId>,
    pub(crate) status: UserStatus,
    pub(crate) generation: i32,
    pub(crate) preferences: String,
    pub(crate) locked_until: Option<Timestamp>,
    pub(crate) version: i32,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl UserRow {
    /// What the user may be.
    pub(crate) fn roles(&self) -> Roles {
        Roles::from_column(&self.roles)
    }

    /// Whether the user is of the office's staff.
    pub(crate) fn is_staff(&self) -> bool {
        !self.roles().has(Role::Family)
    }

    /// Whether the user may log in.
    pub(crate) fn may_log_in(&self) -> bool {
        self.status == UserStatus::Active && self.email_verified_at.is_some()
    }
}

/// The columns of [`UserRow`], in its order.
pub(super) type Columns = (
    users::id,
    users::office_id,
    users::email,
    users::email_verified_at,
    users::password_hash,
    users::full_name,
    users::name_key,
    users::phone,
    users::language,
    users::roles,
    users::agency_id,
    users::status,
    users::generation,
    users::preferences,
    users::locked_until,
    users::version,
    users::created_at,
    users::updated_at,
);

pub(super) const COLUMNS: Columns = (
    users::id,
    users::office_id,
    users::email,
    users::email_verified_at,
    users::password_hash,
    users::full_name,
    users::name_key,
    users::phone,
    users::language,
    users::roles,
    users::agency_id,
    users::status,
    users::generation,
    users::preferences,
    users::locked_until,
    users::version,
    users::created_at,
    users::updated_at,
);

/// A user to be stored.
#[derive(Debug)]
pub(crate) struct NewUser<'a> {
    pub(crate) office_id: OfficeId,
    pub(crate) email: &'a str,
    pub(crate) is_verified: bool,
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) full_name: &'a str,
    pub(crate) phone: Option<&'a str>,
    pub(crate) language: Language,
    pub(crate) roles: &'a Roles,
    pub(crate) agency_id: Option<AgencyId>,
    pub(crate) status: UserStatus,
}

/// Stores a user.
pub(crate) fn insert(conn: &mut Conn, now: Timestamp, new: &NewUser<'_>) -> db::Result<UserId> {
    let id = UserId::new(now);
    diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::office_id.eq(new.office_id),
            users::email.eq(new.email),
            users::email_verified_at.eq(new.is_verified.then_some(now)),
            users::password_hash.eq(new.password_hash),
            users::full_name.eq(new.full_name),
            users::name_key.eq(text::sort_key(new.full_name)),
            users::phone.eq(new.phone),
            users::language.eq(new.language),
            users::roles.eq(new.roles.to_column()),
            users::agency_id.eq(new.agency_id),
            users::status.eq(new.status),
            users::generation.eq(1),
            users::preferences.eq("{}"),
            users::version.eq(1),
            users::created_at.eq(now),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Stores a user unless the address is taken; then `None`, and the transaction goes on.
pub(crate) fn try_insert(
    conn: &mut Conn,
    now: Timestamp,
    new: &NewUser<'_>,
) -> db::Result<Option<UserId>> {
    match conn.transaction(|conn| insert(conn, now, new)) {
        Ok(id) => Ok(Some(id)),
        Err(error) if is_email_taken(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether storage refused a second user of one address.
pub(crate) fn is_email_taken(error: &db::Error) -> bool {
    let db::Error::Statement(error) = error else {
        return false;
    };
    db::dialect::violated_unique(error).as_deref() == Some("uq_users_email")
}

/// The user with an id, of whatever office.
pub(crate) fn find(conn: &mut Conn, id: UserId) -> db::Result<Option<UserRow>> {
    let mine = users::table.filter(users::id.eq(id));
    Ok(mine.select(COLUMNS).first(conn).optional()?)
}

/// The user with an address.
pub(crate) fn find_by_email(conn: &mut Conn, email: &str) -> db::Result<Option<UserRow>> {
    let mine = users::table.filter(users::email.eq(email));
    Ok(mine.select(COLUMNS).first(conn).optional()?)
}

/// Takes the row lock of a user, so that what is read of it next stays so until the end.
pub(crate) fn touch(conn: &mut Conn, id: UserId) -> db::Result<()> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::generation.eq(users::generation))
        .execute(conn)?;
    Ok(())
}

/// What changes of a user; `None` keeps.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = users)]
#[expect(
    clippy::option_option,
    reason = "of a column that may be empty: keep, clear, set"
)]
pub(crate) struct UserChange {
    pub(crate) email: Option<String>,
    pub(crate) email_verified_at: Option<Option<Timestamp>>,
    pub(crate) password_hash: Option<String>,
    pub(crate) full_name: Option<String>,
    pub(crate) name_key: Option<String>,
    pub(crate) phone: Option<Option<String>>,
    pub(crate) language: Option<Language>,
    pub(crate) roles: Option<String>,
    pub(crate) agency_id: Option<Option<AgencyId>>,
    pub(crate) status: Option<UserStatus>,
    pub(crate) preferences: Option<String>,
    pub(crate) locked_until: Option<Option<Timestamp>>,
}

impl UserChange {
    /// Whether a person's own words would change anything of it.
    pub(crate) fn is_news(&self, row: &UserRow) -> bool {
        fn is<T: PartialEq>(new: Option<&T>, old: &T) -> bool {
            new.is_some_and(|new| new != old)
        }
        let wanted = |column: &str| Preferences::from_column(column);
        let preferences = self.preferences.as_deref();
        is(self.email.as_ref(), &row.email)
            || is(self.full_name.as_ref(), &row.full_name)
            || is(self.phone.as_ref(), &row.phone)
            || is(self.language.as_ref(), &row.language)
            || is(self.roles.as_ref(), &row.roles)
            || is(self.agency_id.as_ref(), &row.agency_id)
            || preferences.is_some_and(|new| wanted(new) != wanted(&row.preferences))
    }
}

/// Changes a user and moves its version; no row is changed when another version is current.
pub(crate) fn update(
    conn: &mut Conn,
    now: Timestamp,
    row: &UserRow,
    change: &UserChange,
) -> db::Result<bool> {
    let same = users::table
        .filter(users::id.eq(row.id))
        .filter(users::version.eq(row.version));
    let changed = diesel::update(same)
        .set((
            change,
            users::version.eq(row.version + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Replaces a hash by a stronger one of the same password.
pub(crate) fn rehash(conn: &mut Conn, id: UserId, hash: &str) -> db::Result<()> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::password_hash.eq(hash))
        .execute(conn)?;
    Ok(())
}

/// Notes until when an account takes no password, or that it does again.
pub(crate) fn lock(conn: &mut Conn, id: UserId, until: Option<Timestamp>) -> db::Result<()> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::locked_until.eq(until))
        .execute(conn)?;
    Ok(())
}

/// Moves the generation: every access token made before ends.
pub(crate) fn advance_generation(conn: &mut Conn, id: UserId) -> db::Result<()> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set(users::generation.eq(users::generation + 1))
        .execute(conn)?;
    Ok(())
}

/// The active supervisors and auditors of an office.
pub(crate) fn watchers(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<UserRow>> {
    let watching = users::table
        .filter(users::office_id.eq(office))
        .filter(users::status.eq(UserStatus::Active))
        .filter(
            users::roles
                .like(holding(Role::Supervisor))
                .or(users::roles.like(holding(Role::Auditor))),
        );
    Ok(watching.select(COLUMNS).order(users::id).load(conn)?)
}

/// How many other administrators of an office may log in.
pub(crate) fn other_administrators(
    conn: &mut Conn,
    office: OfficeId,
    but: UserId,
) -> db::Result<i64> {
    let others = users::table
        .filter(users::office_id.eq(office))
        .filter(users::id.ne(but))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::email_verified_at.is_not_null())
        .filter(users::roles.like(holding(Role::Administrator)));
    Ok(others.count().get_result(conn)?)
}

/// The sets of roles of an office's active accounts, each once.
pub(crate) fn active_roles(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<String>> {
    Ok(users::table
        .filter(users::office_id.eq(office))
        .filter(users::status.eq(UserStatus::Active))
        .filter(users::email_verified_at.is_not_null())
        .select(users::roles)
        .distinct()
        .load(conn)?)
}

/// The pattern of the column of those who have a role.
pub(crate) fn holding(role: Role) -> String {
    // `_` would be a wildcard: `legal_aid_intake` must match itself alone, and no role differs
    // from it by one letter.
    format!("%,{},%", role.as_str())
}
