//! Where a concern stands and what may be done then. A new state breaks the build where thought is
//! needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a concern stands.
    pub enum ConcernStatus {
        /// It is written down, and nobody who may look into it knows of it yet.
        Recorded = "recorded",
        /// It was handed to whoever may look into it.
        Referred = "referred",
        /// They answered.
        Answered = "answered",
        /// Nothing is left to do.
        Closed = "closed",
    }
}

text_enum! {
    /// What may be done with a concern.
    pub enum ConcernAction {
        /// Hand it to whoever may look into it.
        Refer = "refer",
        /// Keep what they answered.
        RecordAnswer = "record-answer",
        /// Say why nothing is left to do.
        Close = "close",
    }
}

impl ConcernStatus {
    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: ConcernAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = ConcernAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: ConcernAction) -> Option<Self> {
        use ConcernAction as A;
        match self {
            Self::Recorded => match action {
                A::Refer => Some(Self::Referred),
                A::Close => Some(Self::Closed),
                A::RecordAnswer => None,
            },
            Self::Referred => match action {
                A::RecordAnswer => Some(Self::Answered),
                A::Close => Some(Self::Closed),
                A::Refer => None,
            },
            Self::Answered => match action {
                A::Close => Some(Self::Closed),
                A::Refer | A::RecordAnswer => None,
            },
            Self::Closed => match action {
                A::Refer | A::RecordAnswer | A::Close => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_concerns_is_that_of_the_contract() {
        let table: Vec<String> = ConcernStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.allowed().join(" ")))
            .collect();
        assert_eq!(
            table,
            [
                "recorded: refer close",
                "referred: record-answer close",
                "answered: close",
                "closed: "
            ]
        );
        let end = ConcernStatus::Recorded
            .apply(ConcernAction::Refer)
            .and_then(|status| status.apply(ConcernAction::RecordAnswer))
            .and_then(|status| status.apply(ConcernAction::Close));
        assert_eq!(end.ok(), Some(ConcernStatus::Closed));
    }
}
