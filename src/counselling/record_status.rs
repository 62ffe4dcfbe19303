//! States of what is recorded in a case, and what may be done in each.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a note stands.
    pub enum NoteStatus {
        /// Its author still writes it.
        Draft = "draft",
        /// It is the record; what is missing is added below it.
        Signed = "signed",
    }
}

text_enum! {
    /// What may be done to a note.
    pub enum NoteAction {
        /// Change what it says.
        Edit = "edit",
        /// Make it the record.
        Sign = "sign",
        /// Throw it away.
        Discard = "discard",
        /// Finish and sign what another began.
        TakeOver = "take-over",
        /// Add something below it.
        Add = "add",
        /// Show its summary to families.
        Share = "share",
        /// Take its summary back.
        Unshare = "unshare",
        /// Hand in the record as it was signed on paper.
        Scan = "scan",
    }
}

impl NoteStatus {
    /// The status after an action; actions that only need a state keep it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: NoteAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = NoteAction::ALL.iter();
        let possible = possible.filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: NoteAction) -> Option<Self> {
        match self {
            Self::Draft => match action {
                NoteAction::Edit | NoteAction::Discard | NoteAction::TakeOver => Some(self),
                NoteAction::Sign => Some(Self::Signed),
                NoteAction::Add | NoteAction::Share | NoteAction::Unshare | NoteAction::Scan => {
                    None
                }
            },
            Self::Signed => match action {
                NoteAction::Add | NoteAction::Share | NoteAction::Unshare | NoteAction::Scan => {
                    Some(self)
                }
                NoteAction::Edit
                | NoteAction::Sign
                | NoteAction::Discard
                | NoteAction::TakeOver => None,
            },
        }
    }
}

text_enum! {
    /// What someone whose consent is asked decided.
    pub enum ConsentDecision {
        /// They consent.
        Given = "given",
        /// They do not.
        Refused = "refused",
        /// They took it back.
        Withdrawn = "withdrawn",
        /// Nobody needs it of them: dead, unknown, incapable.
        NotRequired = "not_required",
    }
}

text_enum! {
    /// What may be done to a consent.
    pub enum ConsentAction {
        /// Take it back.
        Withdraw = "withdraw",
        /// Say that it was entered by mistake.
        Strike = "strike",
    }
}

impl ConsentDecision {
    /// The decision after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: ConsentAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = ConsentAction::ALL.iter();
        let possible = possible.filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: ConsentAction) -> Option<Self> {
        match (self, action) {
            // What was entered stays readable.
            (_, ConsentAction::Strike) => Some(self),
            (Self::Given, ConsentAction::Withdraw) => Some(Self::Withdrawn),
            (Self::Refused | Self::Withdrawn | Self::NotRequired, ConsentAction::Withdraw) => None,
        }
    }
}

text_enum! {
    /// What was done about a follow-up; how it stands today is a matter of dates.
    pub enum FollowUpStatus {
        /// Nothing yet.
        Open = "open",
        /// It was done.
        Done = "done",
        /// Nobody needs it any more.
        Waived = "waived",
    }
}

text_enum! {
    /// What may be done to a follow-up.
    pub enum FollowUpAction {
        /// Change what it is about.
        Edit = "edit",
        /// Say that it was done.
        Complete = "complete",
        /// Say that nobody needs it.
        Waive = "waive",
        /// Put it on another day.
        Move = "move",
    }
}

impl FollowUpStatus {
    /// The status after an action; actions that only need a state keep it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: FollowUpAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = FollowUpAction::ALL.iter();
        let possible = possible.filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: FollowUpAction) -> Option<Self> {
        match self {
            Self::Open => match action {
                FollowUpAction::Edit | FollowUpAction::Move => Some(self),
                FollowUpAction::Complete => Some(Self::Done),
                FollowUpAction::Waive => Some(Self::Waived),
            },
            // What was written of it can still be put right.
            Self::Done | Self::Waived => match action {
                FollowUpAction::Edit => Some(self),
                FollowUpAction::Complete | FollowUpAction::Waive | FollowUpAction::Move => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_contract() {
        let notes = NoteStatus::ALL
            .iter()
            .map(|one| (one.as_str(), one.allowed()));
        let consents = ConsentDecision::ALL
            .iter()
            .map(|one| (one.as_str(), one.allowed()));
        let follow_ups = FollowUpStatus::ALL
            .iter()
            .map(|one| (one.as_str(), one.allowed()));
        let table: Vec<String> = notes
            .chain(consents)
            .chain(follow_ups)
            .map(|(word, actions)| format!("{word}: {}", actions.join(" ")))
            .collect();
        assert_eq!(
            table,
            [
                "draft: edit sign discard take-over",
                "signed: add share unshare scan",
                "given: withdraw strike",
                "refused: strike",
                "withdrawn: strike",
                "not_required: strike",
                "open: edit complete waive move",
                "done: edit",
                "waived: edit",
            ]
        );
    }
}
