//! The user behind a request, as the database has it at this moment.

use diesel::prelude::*;

use super::claims::AccessClaims;
use super::role::{Role, Roles};
use crate::db::schema::{devices, offices, users};
use crate::db::{self, Conn};
use crate::kernel::{AgencyId, Fault, Id, Language, OfficeId, Zone};

/// Marks ids of users.
#[derive(Debug)]
pub enum User {}
/// The id of a user.
pub type UserId = Id<User>;

/// Marks ids of devices: one login each.
#[derive(Debug)]
pub enum Device {}
/// The id of a device a user logged in on.
pub type DeviceId = Id<Device>;

/// What a request needs to know of its office.
#[derive(Debug, Clone)]
pub struct OfficeBrief {
    /// Its id.
    pub id: OfficeId,
    /// Its name, as people read it.
    pub name: String,
    /// The zone its days are counted in.
    pub zone: Zone,
    /// The prefix of its references.
    pub prefix: String,
}

impl OfficeBrief {
    /// What a use case needs to know of an office.
    ///
    /// # Errors
    /// When storage fails, or there is no such office.
    pub fn load(conn: &mut Conn, id: OfficeId) -> db::Result<Self> {
        let (name, zone, prefix): (String, String, String) = offices::table
            .find(id)
            .select((offices::name, offices::zone, offices::prefix))
            .first(conn)?;
        Ok(Self {
            id,
            name,
            zone: Zone::parse(&zone).unwrap_or_default(),
            prefix,
        })
    }
}

/// A user who is logged in. Only [`load`] makes one, so having it proves a live login.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// The device the token was given to.
    pub device_id: DeviceId,
    /// The office the user belongs to.
    pub office: OfficeBrief,
    /// What the user may be.
    pub roles: Roles,
    /// The agency of a member of staff.
    pub agency_id: Option<AgencyId>,
    /// The language mails to the user are in.
    pub language: Language,
}

impl Actor {
    /// Whether the user has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.has(role)
    }

    /// Refuses unless the user has one of `roles`.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn require(&self, roles: &[Role]) -> Result<(), Fault> {
        if self.roles.has_any(roles) {
            Ok(())
        } else {
            Err(Fault::Forbidden)
        }
    }
}

#[derive(Queryable)]
struct Row {
    email_is_verified: bool,
    status: String,
    generation: i32,
    roles: String,
    agency_id: Option<AgencyId>,
    language: Language,
    office_id: OfficeId,
    office_name: String,
    zone: String,
    prefix: String,
}

/// The user a token was made for, if it still counts: active, of the same generation, on a
/// device that was not signed out.
///
/// # Errors
/// `Ok(None)` when the token no longer counts; storage failures.
pub fn load(conn: &mut Conn, claims: &AccessClaims) -> db::Result<Option<Actor>> {
    let row: Option<Row> = users::table
        .inner_join(offices::table.on(offices::id.eq(users::office_id)))
        .inner_join(devices::table.on(devices::user_id.eq(users::id)))
        .filter(users::id.eq(claims.user))
        .filter(devices::id.eq(claims.device))
        .filter(devices::revoked_at.is_null())
        .select((
            users::email_verified_at.is_not_null(),
            users::status,
            users::generation,
            users::roles,
            users::agency_id,
            users::language,
            offices::id,
            offices::name,
            offices::zone,
            offices::prefix,
        ))
        .first(conn)
        .optional()?;
    Ok(row.and_then(|row| {
        let counts =
            row.status == "active" && row.email_is_verified && row.generation == claims.generation;
        counts.then(|| Actor {
            id: claims.user,
            device_id: claims.device,
            office: OfficeBrief {
                id: row.office_id,
                name: row.office_name,
                zone: Zone::parse(&row.zone).unwrap_or_default(),
                prefix: row.prefix,
            },
            roles: Roles::from_column(&row.roles),
            agency_id: row.agency_id,
            language: row.language,
        })
    }))
}
