//! What goes out: tokens, accounts, devices.

use serde::Serialize;
use utoipa::ToSchema;

use super::actor::{Actor, DeviceId, UserId};
use super::preferences::Preferences;
use super::role::Role;
use super::service::access;
use super::status::UserStatus;
use super::store::device::DeviceRow;
use super::store::user::UserRow;
use crate::kernel::civil::Shown;
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp, Zone};

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = TokensView)]
pub struct SessionView {
    /// Sent as `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token counts.
    pub expires_in: i64,
    /// Good for one next pair.
    pub refresh_token: String,
}

impl std::fmt::Debug for SessionView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionView(***)")
    }
}

/// Nothing: the answer that tells nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedView {}

/// An account, as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Its id.
    pub id: UserId,
    /// Its address.
    #[schema(format = Email)]
    pub email: String,
    /// Whether a link sent to the address was used.
    pub email_verified: bool,
    /// The holder's name.
    pub full_name: String,
    /// The holder's phone, E.164.
    pub phone: Option<String>,
    /// The language mails are in.
    pub language: Language,
    /// What the holder may be.
    pub roles: Vec<Role>,
    /// The agency a member of staff is of.
    pub agency_id: Option<AgencyId>,
    /// Where the account stands.
    pub status: UserStatus,
    /// Until when it takes no password, after too many wrong ones.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Shown>,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What this caller can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl UserView {
    /// The view of a row; the only administrator at work, where there is but one, stays.
    pub(super) fn of(row: &UserRow, zone: Zone, now: Timestamp, only: Option<UserId>) -> Self {
        let mut actions = access::allowed_actions(row, now);
        actions.retain(|action| *action != "disable" || only != Some(row.id));
        let locked_until = row.locked_until.filter(|_| access::is_locked(row, now));
        Self {
            id: row.id,
            email: row.email.clone(),
            email_verified: row.email_verified_at.is_some(),
            full_name: row.full_name.clone(),
            phone: row.phone.clone(),
            language: row.language,
            roles: row.roles().iter().collect(),
            agency_id: row.agency_id,
            status: row.status,
            locked_until: locked_until.map(|at| zone.show(at)),
            version: row.version,
            created_at: zone.show(row.created_at),
            updated_at: zone.show(row.updated_at),
            allowed_actions: actions,
        }
    }
}

/// A member of staff, as colleagues see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueView {
    /// The account's id: what others answer as `assignee`, `counsellor_id`, `by`.
    pub id: UserId,
    /// The holder's name.
    pub full_name: String,
    /// What the holder may be.
    pub roles: Vec<Role>,
    /// The agency the holder is of.
    pub agency_id: Option<AgencyId>,
    /// Whether the account can log in, so that work can be given to it.
    pub active: bool,
}

impl ColleagueView {
    /// The view of a row.
    pub(super) fn of(row: &UserRow) -> Self {
        Self {
            id: row.id,
            full_name: row.full_name.clone(),
            roles: row.roles().iter().collect(),
            agency_id: row.agency_id,
            active: row.may_log_in(),
        }
    }
}

/// The office of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeBriefView {
    /// Its id.
    pub id: OfficeId,
    /// Its name.
    pub name: String,
}

/// The caller's own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Its id.
    pub id: UserId,
    /// Its office.
    pub office: OfficeBriefView,
    /// Its address.
    #[schema(format = Email)]
    pub email: String,
    /// The holder's name.
    pub full_name: String,
    /// The holder's phone, E.164.
    pub phone: Option<String>,
    /// The language mails are in.
    pub language: Language,
    /// What the holder may be.
    pub roles: Vec<Role>,
    /// The agency a member of staff is of.
    pub agency_id: Option<AgencyId>,
    /// Which mails are wanted.
    pub preferences: Preferences,
    /// Moves with every change.
    pub version: i32,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Shown,
    /// What the holder can do with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl MeView {
    /// The view of the caller's row.
    pub(super) fn of(row: &UserRow, actor: &Actor) -> Self {
        let zone = actor.office.zone;
        Self {
            id: row.id,
            office: OfficeBriefView {
                id: actor.office.id,
                name: actor.office.name.clone(),
            },
            email: row.email.clone(),
            full_name: row.full_name.clone(),
            phone: row.phone.clone(),
            language: row.language,
            roles: row.roles().iter().collect(),
            agency_id: row.agency_id,
            preferences: Preferences::from_column(&row.preferences),
            version: row.version,
            created_at: zone.show(row.created_at),
            updated_at: zone.show(row.updated_at),
            allowed_actions: vec!["update", "change-password", "change-email", "logout-all"],
        }
    }
}

/// A device somebody is logged in on.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    pub label: String,
    /// Whether this very call comes from it.
    pub current: bool,
    /// When it logged in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Shown,
    /// When it last asked for tokens.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Shown,
    /// What can be done with it now.
    pub allowed_actions: Vec<&'static str>,
}

impl DeviceView {
    /// The view of a row.
    pub(super) fn of(row: &DeviceRow, actor: &Actor) -> Self {
        let zone = actor.office.zone;
        Self {
            id: row.id,
            label: row.label.clone(),
            current: row.id == actor.device_id,
            created_at: zone.show(row.created_at),
            last_used_at: zone.show(row.last_used_at),
            allowed_actions: vec!["sign-out"],
        }
    }
}
