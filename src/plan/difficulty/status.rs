//! Where a difficulty stands and what may be done then, and by whom. A new state breaks the build where
//! thought is needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a difficulty stands.
    pub enum DifficultyStatus {
        /// The office has to answer or to forward it.
        Raised = "raised",
        /// Somebody else has to answer it.
        Forwarded = "forwarded",
        /// It is answered.
        Answered = "answered",
        /// Nothing is left to do.
        Closed = "closed",
    }
}

text_enum! {
    /// What may be done with a difficulty.
    pub enum DifficultyAction {
        /// Change what it says.
        Edit = "edit",
        /// Forward it to whoever can solve it.
        Forward = "forward",
        /// Keep the answer.
        Answer = "answer",
        /// Say why nothing is left to do.
        Close = "close",
    }
}

/// What of it somebody may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    /// Whether they change what it says.
    pub edit: bool,
    /// Whether they forward, answer and close.
    pub decide: bool,
}

impl Can {
    const fn does(self, action: DifficultyAction) -> bool {
        match action {
            DifficultyAction::Edit => self.edit,
            DifficultyAction::Forward | DifficultyAction::Answer | DifficultyAction::Close => {
                self.decide
            }
        }
    }
}

impl DifficultyStatus {
    /// The status after an action of somebody who may do it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that they could take.
    pub fn apply(self, action: DifficultyAction, can: Can) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(can),
        })
    }

    /// The actions this state allows somebody.
    pub fn allowed(self, can: Can) -> Vec<&'static str> {
        let possible = DifficultyAction::ALL
            .iter()
            .filter(|action| can.does(**action) && self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: DifficultyAction) -> Option<Self> {
        use DifficultyAction as A;
        match self {
            Self::Raised => Some(match action {
                A::Edit => Self::Raised,
                A::Forward => Self::Forwarded,
                A::Answer => Self::Answered,
                A::Close => Self::Closed,
            }),
            Self::Forwarded => match action {
                A::Answer => Some(Self::Answered),
                A::Close => Some(Self::Closed),
                A::Edit | A::Forward => None,
            },
            Self::Answered => match action {
                A::Close => Some(Self::Closed),
                A::Edit | A::Forward | A::Answer => None,
            },
            Self::Closed => match action {
                A::Edit | A::Forward | A::Answer | A::Close => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(edit: bool, decide: bool) -> Vec<String> {
        let line = |status: &DifficultyStatus| {
            let allowed = status.allowed(Can { edit, decide });
            format!("{status}: {}", allowed.join(" "))
        };
        DifficultyStatus::ALL.iter().map(line).collect()
    }

    #[test]
    fn the_table_of_difficulties_is_that_of_the_contract() {
        assert_eq!(
            table(true, true),
            [
                "raised: edit forward answer close",
                "forwarded: answer close",
                "answered: close",
                "closed: "
            ]
        );
        assert_eq!(
            table(true, false),
            ["raised: edit", "forwarded: ", "answered: ", "closed: "]
        );
        let nothing = ["raised: ", "forwarded: ", "answered: ", "closed: "];
        assert_eq!(table(false, false), nothing);
    }

    #[test]
    fn a_refusal_names_what_its_caller_could_do() {
        let (edit, decide) = (true, true);
        let refused =
            DifficultyStatus::Forwarded.apply(DifficultyAction::Forward, Can { edit, decide });
        let Err(Fault::Transition {
            current, allowed, ..
        }) = refused
        else {
            panic!("a forwarded difficulty is forwarded again");
        };
        assert_eq!((current, allowed), ("forwarded", vec!["answer", "close"]));
    }
}
