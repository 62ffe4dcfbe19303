//! What may be done with a figure.

#![warn(clippy::wildcard_enum_match_arm)]

use super::Figure;
use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Whether a figure counts.
    pub(super) enum FigureStatus {
        /// It counts.
        Entered = "entered",
        /// It was taken back, and counts no more.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What may be done with a figure.
    pub(super) enum FigureAction {
        /// Change it.
        Edit = "edit",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

impl FigureStatus {
    /// How a figure stands.
    pub(super) fn of(figure: &Figure) -> Self {
        if figure.withdrawn_at.is_some() {
            Self::Withdrawn
        } else {
            Self::Entered
        }
    }

    /// The actions this state allows whoever enters figures of its agency.
    pub(super) fn allowed(self) -> Vec<&'static str> {
        match self {
            Self::Entered => FigureAction::ALL.iter().map(|one| one.as_str()).collect(),
            Self::Withdrawn => Vec::new(),
        }
    }

    /// Refuses an action this state does not allow.
    pub(super) fn require(self, action: FigureAction) -> Result<(), Fault> {
        let allowed = self.allowed();
        if allowed.contains(&action.as_str()) {
            return Ok(());
        }
        Err(Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_stays_as_it_is() {
        let table: Vec<String> = FigureStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.allowed().join(" ")))
            .collect();
        assert_eq!(table, ["entered: edit withdraw", "withdrawn: "]);
        for action in FigureAction::ALL {
            assert!(FigureStatus::Entered.require(*action).is_ok());
            assert!(FigureStatus::Withdrawn.require(*action).is_err());
        }
    }
}
