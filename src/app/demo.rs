//! The demonstration: an office of its own, marked as one for good.

use diesel::prelude::*;

use crate::db::schema::{deployment, offices, users};
use crate::db::{self, Conn};
use crate::identity::service::staff::{self, ReadyAccount};
use crate::identity::{Platform, Role, Roles, UserId};
use crate::kernel::{OfficeId, Timestamp};
use crate::office::error::Error;
use crate::office::import::import_plan;
use crate::office::room::{self, RoomFields};
use crate::office::service::office::{OfficeNames, create};
use crate::{counselling, legal_aid, plan, training};

/// What stands behind the `@` of every account of the demonstration.
const DOMAIN: &str = "demo.example";
/// Who can log in: the role, and what the person is called.
const PEOPLE: &[(Role, &str)] = &[
    (Role::Administrator, "Trần Quản Trị"),
    (Role::Organiser, "Nguyễn Tổ Chức"),
    (Role::Counsellor, "Lê Tư Vấn"),
    (Role::Supervisor, "Phạm Giám Sát"),
    (Role::LegalAidIntake, "Vũ Tiếp Nhận"),
    (Role::Reporter, "Đỗ Báo Cáo"),
    (Role::Auditor, "Hoàng Kiểm Tra"),
    (Role::Family, "Bùi Gia Đình"),
];

/// The rooms, and how many people they hold.
const ROOMS: &[(&str, i32)] = &[("Hội trường tầng 2", 80), ("Phòng họp số 1", 20)];

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The demonstration, for good.
    Demo,
    /// A ward's real work, for good.
    Real,
    /// Nobody has said yet, and nothing is in it.
    Empty,
    /// Nobody has said yet, but it is in use.
    Unmarked,
}

/// What a database is for.
///
/// # Errors
/// When storage fails.
pub fn kind(conn: &mut Conn) -> db::Result<Kind> {
    let mark: Option<bool> = deployment::table
        .select(deployment::is_demo)
        .first(conn)
        .optional()?;
    if let Some(is_demo) = mark {
        return Ok(if is_demo { Kind::Demo } else { Kind::Real });
    }
    let offices: i64 = offices::table.count().get_result(conn)?;
    let users: i64 = users::table.count().get_result(conn)?;
    Ok(if offices + users == 0 {
        Kind::Empty
    } else {
        Kind::Unmarked
    })
}

/// Marks a database for good.
///
/// # Errors
/// When storage fails.
pub fn mark(conn: &mut Conn, now: Timestamp, is_demo: bool) -> db::Result<()> {
    diesel::insert_into(deployment::table)
        .values((
            deployment::id.eq(1),
            deployment::is_demo.eq(is_demo),
            deployment::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The address of the account of a role.
pub fn address(role: Role) -> String {
    format!("{}@{DOMAIN}", role.as_str().replace('_', "-"))
}

/// The addresses of every account.
pub fn addresses() -> impl Iterator<Item = String> {
    PEOPLE.iter().map(|(role, _)| address(*role))
}

/// Fills an empty database with the office, its rooms, the plan and the accounts.
///
/// # Errors
/// When storage fails.
pub fn fill(conn: &mut Conn, now: Timestamp, password_hash: &str) -> Result<OfficeId, Error> {
    let names = OfficeNames {
        code: "le-chan",
        name: "Ủy ban nhân dân phường Lê Chân",
        zone: "Asia/Ho_Chi_Minh",
        prefix: "LC",
    };
    let office = create(conn, now, names)?;
    import_plan(conn, office, now)?;
    for (name, places) in ROOMS {
        let fields = RoomFields {
            name: (*name).to_owned(),
            address: None,
            places: Some(*places),
            active: true,
        };
        room::add(conn, office, now, &fields)?;
    }
    for (role, name) in PEOPLE {
        let account = ReadyAccount {
            office,
            email: &address(*role),
            full_name: name,
            roles: Roles::new([*role]),
            password_hash,
            agency_id: None,
        };
        staff::create_with_password(conn, now, &account)?;
    }
    Ok(office)
}

/// Gives every account of the demonstration the password that its start prints.
///
/// # Errors
/// When storage fails.
pub fn reset_passwords(conn: &mut Conn, password_hash: &str) -> db::Result<()> {
    let addresses: Vec<String> = addresses().collect();
    diesel::update(users::table.filter(users::email.eq_any(addresses)))
        .set(users::password_hash.eq(password_hash))
        .execute(conn)?;
    Ok(())
}

/// Gives the demonstration its year of sessions, its cases, its requests and its part of the plan, once.
///
/// # Errors
/// When storage fails.
pub fn stage(platform: &actix_web::web::Data<Platform>) -> Result<(), super::Error> {
    let person = |role| {
        let email = address(role);
        platform.db.read_now(move |conn| {
            users::table
                .filter(users::email.eq(email))
                .select((users::office_id, users::id))
                .first(conn)
                .map_err(db::Error::from)
        })
    };
    let (office, organiser): (OfficeId, UserId) = person(Role::Organiser)?;
    let cast = counselling::demo::Cast {
        counsellor: person(Role::Counsellor)?.1,
        supervisor: person(Role::Supervisor)?.1,
        family: person(Role::Family)?.1,
    };
    let shared = platform.clone().into_inner();
    training::demo::fill(&shared, office, organiser)
        .map_err(|error| super::Error::Told(format!("the demonstration: {error}")))?;
    counselling::demo::fill(&shared, office, cast)
        .map_err(|error| super::Error::Told(format!("the demonstration: {error}")))?;
    let cast = legal_aid::demo::Cast {
        officer: person(Role::LegalAidIntake)?.1,
        supervisor: cast.supervisor,
        family: cast.family,
    };
    legal_aid::demo::fill(&shared, office, cast)
        .map_err(|error| super::Error::Told(format!("the demonstration: {error}")))?;
    let cast = plan::demo::Cast {
        organiser,
        supervisor: cast.supervisor,
        reporter: person(Role::Reporter)?.1,
    };
    plan::demo::fill(&shared, office, cast)
        .map_err(|error| super::Error::Told(format!("the demonstration: {error}")))
}
