//! Who stands in for whom, in which duty, from which day to which.
//!
//! A supervisor delegates, or an administrator while no supervisor is active, to a counsellor or an
//! intake officer. Whoever stands in never decides about what they did themselves:
//! [`may_decide`] says so for the slices whose decisions these are.

mod mail;
mod routes;
mod service;
mod store;
mod view;

pub use routes::mount;

use chrono::NaiveDate;

use crate::db::{self, Conn};
use crate::identity::{Role, UserId};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{Id, OfficeId};

/// Marks ids of delegations.
#[derive(Debug)]
pub enum Delegation {}
/// The id of a delegation.
pub type DelegationId = Id<Delegation>;

text_enum! {
    /// What can be done in somebody's place.
    pub enum Duty {
        /// What a supervisor does.
        SuperviseCounselling = "supervise_counselling",
        /// What a counsellor does.
        Counsel = "counsel",
        /// What an intake officer does.
        Intake = "intake",
    }
}

impl Duty {
    /// The role whose duty it is.
    pub const fn role(self) -> Role {
        match self {
            Self::SuperviseCounselling => Role::Supervisor,
            Self::Counsel => Role::Counsellor,
            Self::Intake => Role::LegalAidIntake,
        }
    }
}

/// Those who may stand in.
pub const STAND_INS: &[Role] = &[Role::Counsellor, Role::LegalAidIntake];

/// Who does a person's duty in their place on a day: active, and still of a role that may.
///
/// # Errors
/// When storage fails.
pub fn holders(
    conn: &mut Conn,
    office: OfficeId,
    from: UserId,
    duty: Duty,
    on: NaiveDate,
) -> db::Result<Vec<UserId>> {
    store::holders(conn, office, Some(from), (duty, on))
}

/// Everybody of the office who does a duty in somebody's place on a day, a vacant one's included.
///
/// # Errors
/// When storage fails.
pub fn stand_ins(
    conn: &mut Conn,
    office: OfficeId,
    (duty, on): (Duty, NaiveDate),
) -> db::Result<Vec<UserId>> {
    store::holders(conn, office, None, (duty, on))
}

/// In whose place a user does a duty on a day.
///
/// # Errors
/// When storage fails.
pub fn acts_for(
    conn: &mut Conn,
    user: UserId,
    duty: Duty,
    on: NaiveDate,
) -> db::Result<Vec<UserId>> {
    store::acts_for(conn, user, (duty, on))
}

/// Whether a user does a duty in anybody's place on a day, a vacant one's included.
///
/// # Errors
/// When storage fails.
pub fn stands_in(
    conn: &mut Conn,
    office: OfficeId,
    user: UserId,
    when: (Duty, NaiveDate),
) -> db::Result<bool> {
    Ok(stand_ins(conn, office, when)?.contains(&user))
}

/// Whether someone who stands in may decide about an act of `author`: nobody approves their own.
pub fn may_decide(stand_in: UserId, author: UserId) -> bool {
    stand_in != author
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Timestamp;

    #[test]
    fn nobody_decides_about_their_own() {
        let now = Timestamp::from_micros(1).unwrap();
        let (one, other) = (UserId::new(now), UserId::new(now));
        assert!(may_decide(one, other) && !may_decide(one, one));
    }

    #[test]
    fn every_duty_is_a_role_that_reads_cases() {
        assert!(Duty::ALL.iter().all(|duty| duty.role().reads_cases()));
    }
}
