//! States and what may be done in each. A new state breaks the build where thought is needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a session stands.
    pub enum SessionStatus {
        /// Being prepared; only staff see it.
        Draft = "draft",
        /// Announced.
        Published = "published",
        /// Held, with its attendance settled.
        Completed = "completed",
        /// Called off.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What may be done to a session.
    pub enum SessionAction {
        /// Change its fields.
        Edit = "edit",
        /// Remove it.
        Delete = "delete",
        /// Announce it.
        Publish = "publish",
        /// Move its slots.
        Reschedule = "reschedule",
        /// Call it off.
        Cancel = "cancel",
        /// Settle its attendance.
        Complete = "complete",
        /// Unsettle its attendance.
        Reopen = "reopen",
        /// Make another like it.
        Duplicate = "duplicate",
        /// Put people on its list.
        Register = "register",
        /// Take attendance.
        TakeAttendance = "take-attendance",
        /// Say why there is no product that it owes.
        WaiveProduct = "waive-product",
    }
}

impl SessionStatus {
    /// The status after an action; actions that only need a state keep it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: SessionAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = SessionAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: SessionAction) -> Option<Self> {
        use SessionAction as A;
        match self {
            Self::Draft => match action {
                A::Edit | A::Delete | A::Reschedule | A::Duplicate => Some(self),
                A::Publish => Some(Self::Published),
                A::Cancel => Some(Self::Cancelled),
                A::Complete | A::Reopen | A::Register | A::TakeAttendance | A::WaiveProduct => None,
            },
            Self::Published => match action {
                A::Edit | A::Reschedule | A::Duplicate | A::Register | A::TakeAttendance => {
                    Some(self)
                }
                A::Cancel => Some(Self::Cancelled),
                A::Complete => Some(Self::Completed),
                A::Delete | A::Publish | A::Reopen | A::WaiveProduct => None,
            },
            Self::Completed => match action {
                A::Duplicate | A::TakeAttendance | A::WaiveProduct => Some(self),
                A::Reopen => Some(Self::Published),
                A::Edit
                | A::Delete
                | A::Publish
                | A::Reschedule
                | A::Cancel
                | A::Complete
                | A::Register => None,
            },
            Self::Cancelled => match action {
                A::Duplicate => Some(self),
                A::Edit
                | A::Delete
                | A::Publish
                | A::Reschedule
                | A::Cancel
                | A::Complete
                | A::Reopen
                | A::Register
                | A::TakeAttendance
                | A::WaiveProduct => None,
            },
        }
    }
}

text_enum! {
    /// Where a registration stands.
    pub enum RegistrationStatus {
        /// Asked, and has not answered.
        Invited = "invited",
        /// Comes.
        Confirmed = "confirmed",
        /// Waits for a seat.
        Waitlisted = "waitlisted",
        /// Said no.
        Declined = "declined",
        /// Was taken back.
        Cancelled = "cancelled",
        /// Turned out to be someone registered already.
        Merged = "merged",
    }
}

text_enum! {
    /// What may be done to a registration.
    pub enum RegistrationAction {
        /// Say yes.
        Confirm = "confirm",
        /// Say no.
        Decline = "decline",
        /// Take it back.
        Cancel = "cancel",
        /// Send someone else.
        Substitute = "substitute",
        /// Send its mail again.
        Resend = "resend",
        /// Change its remark.
        Edit = "edit",
    }
}

impl RegistrationStatus {
    /// Whether it is live: an attendee has at most one live registration in a session.
    pub fn is_live(self) -> bool {
        match self {
            Self::Invited | Self::Confirmed | Self::Waitlisted => true,
            Self::Declined | Self::Cancelled | Self::Merged => false,
        }
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = RegistrationAction::ALL
            .iter()
            .filter(|action| self.allows(**action));
        possible.map(|action| action.as_str()).collect()
    }

    fn allows(self, action: RegistrationAction) -> bool {
        use RegistrationAction as A;
        match self {
            Self::Invited => true,
            Self::Confirmed | Self::Waitlisted => match action {
                A::Cancel | A::Substitute | A::Resend | A::Edit => true,
                A::Confirm | A::Decline => false,
            },
            Self::Declined => match action {
                A::Confirm | A::Edit => true,
                A::Decline | A::Cancel | A::Substitute | A::Resend => false,
            },
            Self::Cancelled | Self::Merged => match action {
                A::Edit => true,
                A::Confirm | A::Decline | A::Cancel | A::Substitute | A::Resend => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_table_is_that_of_the_contract() {
        let table: Vec<String> = SessionStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.allowed().join(" ")))
            .collect();
        assert_eq!(
            table,
            [
                "draft: edit delete publish reschedule cancel duplicate",
                "published: edit reschedule cancel complete duplicate register take-attendance",
                "completed: reopen duplicate take-attendance waive-product",
                "cancelled: duplicate",
            ]
        );
    }

    #[test]
    fn the_registration_table_is_that_of_the_contract() {
        let table: Vec<String> = RegistrationStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.allowed().join(" ")))
            .collect();
        assert_eq!(
            table,
            [
                "invited: confirm decline cancel substitute resend edit",
                "confirmed: cancel substitute resend edit",
                "waitlisted: cancel substitute resend edit",
                "declined: confirm edit",
                "cancelled: edit",
                "merged: edit",
            ]
        );
    }
}
