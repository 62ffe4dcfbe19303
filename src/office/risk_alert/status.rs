//! Where an alert stands and what may be done then. A new state breaks the build where thought is
//! needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where an alert stands.
    pub enum AlertStatus {
        /// Nobody has said that they see to it.
        Open = "open",
        /// Someone sees to it.
        Acknowledged = "acknowledged",
        /// It was acted on, or was none.
        Closed = "closed",
    }
}

text_enum! {
    /// What may be done with an alert.
    pub enum AlertAction {
        /// Say that one sees to it.
        Acknowledge = "acknowledge",
        /// Say what came of it.
        Close = "close",
    }
}

impl AlertStatus {
    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: AlertAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = AlertAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: AlertAction) -> Option<Self> {
        use AlertAction as A;
        match self {
            Self::Open => match action {
                A::Acknowledge => Some(Self::Acknowledged),
                A::Close => None,
            },
            Self::Acknowledged => match action {
                A::Close => Some(Self::Closed),
                A::Acknowledge => None,
            },
            Self::Closed => match action {
                A::Acknowledge | A::Close => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_alerts_is_that_of_the_contract() {
        let table: Vec<String> = AlertStatus::ALL
            .iter()
            .map(|status| format!("{status}: {}", status.allowed().join(" ")))
            .collect();
        assert_eq!(
            table,
            ["open: acknowledge", "acknowledged: close", "closed: "]
        );
        let end = AlertStatus::Open
            .apply(AlertAction::Acknowledge)
            .and_then(|status| status.apply(AlertAction::Close));
        assert_eq!(end.ok(), Some(AlertStatus::Closed));
    }
}
