//! Who may say yes to what: nobody to their own work, while somebody else could.

use super::work::Work;
use crate::db;
use crate::identity::{Role, UserId, colleague};

/// A reporter who says yes or no.
#[derive(Debug, Clone, Copy)]
pub struct Approver {
    user: Option<UserId>,
    /// Whether nobody else could say it in their place.
    is_alone: bool,
}

impl Approver {
    /// Whoever acts, who is a reporter.
    ///
    /// # Errors
    /// When storage fails.
    pub fn of(work: &mut Work<'_>) -> db::Result<Self> {
        let reporters = colleague::holders(work.conn, work.office.id, Role::Reporter)?;
        Ok(Self {
            user: work.actor,
            is_alone: reporters.iter().all(|one| Some(*one) == work.actor),
        })
    }

    /// Whether they may approve what somebody handed in. Where one person alone reports, nothing is
    /// late for want of a second.
    pub fn may_approve(self, by: Option<UserId>) -> bool {
        self.is_alone || by.is_none() || by != self.user
    }
}
