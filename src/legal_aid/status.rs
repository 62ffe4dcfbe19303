//! The states of a request and what may be done in each. A new state breaks the build where thought
//! is needed.

#![warn(clippy::wildcard_enum_match_arm)]

use super::words::{DecisionResult, PublicStage, Stage};
use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a request stands.
    pub enum Status {
        /// Being written; nobody but its writer sees it.
        Draft = "draft",
        /// The ward has it.
        Submitted = "submitted",
        /// The ward waits for papers.
        NeedsSupplement = "needs_supplement",
        /// The Centre has it.
        Referred = "referred",
        /// The Centre took it on.
        Accepted = "accepted",
        /// The Centre did not.
        Refused = "refused",
        /// The Centre named someone.
        Assigned = "assigned",
        /// That person works on it.
        InProgress = "in_progress",
        /// It is done.
        Completed = "completed",
        /// It ended before it was done.
        Discontinued = "discontinued",
        /// The ward showed another way.
        Redirected = "redirected",
        /// The family took it back.
        Withdrawn = "withdrawn",
        /// It was a mistake, or spam.
        Void = "void",
    }
}

text_enum! {
    /// What may be done to a request.
    pub enum Action {
        /// Change what it says.
        Edit = "edit",
        /// Throw a draft away.
        Delete = "delete",
        /// Hand it in.
        Submit = "submit",
        /// Say which papers are wanted.
        RequestSupplement = "request-supplement",
        /// Hand in more.
        Supplement = "supplement",
        /// Send it to the Centre.
        Refer = "refer",
        /// Note the Centre's receipt.
        RecordReceipt = "record-receipt",
        /// Note what the Centre decided.
        RecordDecision = "record-decision",
        /// Note that the Centre sent it back.
        Return = "return",
        /// Note whom the Centre named.
        Assign = "assign",
        /// Note that the work began.
        Start = "start",
        /// Note that it is done.
        Complete = "complete",
        /// Note that it ended before it was done.
        Discontinue = "discontinue",
        /// Show another way.
        Redirect = "redirect",
        /// Want it sent to the Centre all the same.
        Insist = "insist",
        /// Strike out a mistake.
        Void = "void",
        /// Ask to take it back.
        Withdraw = "withdraw",
        /// Leave it as it is after all.
        Keep = "keep",
        /// Take it back: the family was asked by a safe way.
        ConfirmWithdrawal = "confirm-withdrawal",
        /// Stand back for a conflict of interest.
        DeclareConflict = "declare-conflict",
        /// Hand in a page of a paper.
        Upload = "upload",
        /// Ask something.
        Ask = "ask",
        /// Keep a note among staff.
        Note = "note",
        /// Make a receipt to take home.
        MakeReceipt = "make-receipt",
        /// Make the code by which its family's account is tied to it.
        ClaimCode = "claim-code",
        /// Take that account from it.
        UntieAccount = "untie-account",
        /// Print the letter to the Centre.
        PrintLetter = "print-referral-letter",
    }
}

impl Status {
    /// The status after an action; actions that only need a state keep it. What the Centre decided
    /// is told by [`Status::decided`].
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: Action) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = Action::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    /// The status the Centre's decision leads to.
    pub const fn decided(result: DecisionResult) -> Self {
        match result {
            DecisionResult::Accepted => Self::Accepted,
            DecisionResult::Refused => Self::Refused,
        }
    }

    /// Whether something is still to be done: neither a draft nor over.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Submitted
            | Self::NeedsSupplement
            | Self::Referred
            | Self::Accepted
            | Self::Assigned
            | Self::InProgress => true,
            Self::Draft
            | Self::Refused
            | Self::Completed
            | Self::Discontinued
            | Self::Redirected
            | Self::Withdrawn
            | Self::Void => false,
        }
    }

    /// Whether the Centre has it.
    pub const fn is_with_centre(self) -> bool {
        match self {
            Self::Referred | Self::Accepted | Self::Assigned | Self::InProgress => true,
            Self::Draft
            | Self::Submitted
            | Self::NeedsSupplement
            | Self::Refused
            | Self::Completed
            | Self::Discontinued
            | Self::Redirected
            | Self::Withdrawn
            | Self::Void => false,
        }
    }

    fn after(self, action: Action) -> Option<Self> {
        if self.keeps(action) {
            return Some(self);
        }
        match self {
            Self::Draft if action == Action::Submit => Some(Self::Submitted),
            Self::Draft => matches!(action, Action::Edit | Action::Delete).then_some(self),
            Self::Submitted | Self::NeedsSupplement => self.at_ward(action),
            Self::Referred | Self::Accepted | Self::Assigned | Self::InProgress => {
                self.at_centre(action)
            }
            // What was written down wrongly is written down again; the timeline keeps both.
            Self::Refused if action == Action::RecordDecision => Some(Self::Accepted),
            Self::Refused => self.answered(action, (Action::Refer, Self::Referred)),
            Self::Redirected => self.answered(action, (Action::Insist, Self::Submitted)),
            Self::Completed | Self::Discontinued | Self::Withdrawn | Self::Void => None,
        }
    }

    /// Whether papers are taken: supplementing works until it is over, and what was refused or shown
    /// another way may get new ones.
    const fn takes_papers(self) -> bool {
        self.is_open() || matches!(self, Self::Draft | Self::Refused | Self::Redirected)
    }

    /// What is done beside the steps, and leaves it where it stands.
    const fn keeps(self, action: Action) -> bool {
        use Action as A;
        match action {
            A::Upload => self.takes_papers(),
            // Whoever reads how it ended may ask about it.
            A::Ask => !matches!(self, Self::Draft | Self::Void),
            A::Note => true,
            A::MakeReceipt | A::PrintLetter | A::ClaimCode | A::UntieAccount => {
                !matches!(self, Self::Draft | Self::Void)
            }
            A::Edit
            | A::Delete
            | A::Submit
            | A::RequestSupplement
            | A::Supplement
            | A::Refer
            | A::RecordReceipt
            | A::RecordDecision
            | A::Return
            | A::Assign
            | A::Start
            | A::Complete
            | A::Discontinue
            | A::Redirect
            | A::Insist
            | A::Void
            | A::Withdraw
            | A::Keep
            | A::ConfirmWithdrawal
            | A::DeclareConflict => false,
        }
    }

    /// What may be done about an answer that is not the end: one step takes it up again; the family
    /// may say that new papers came, or how else it is reached.
    fn answered(self, action: Action, (again, to): (Action, Self)) -> Option<Self> {
        if action == again {
            return Some(to);
        }
        let stays = [Action::Edit, Action::Supplement, Action::DeclareConflict];
        stays.contains(&action).then_some(self)
    }

    /// What may be done while the ward has it.
    fn at_ward(self, action: Action) -> Option<Self> {
        use Action as A;
        match action {
            A::Edit | A::Withdraw | A::Keep | A::DeclareConflict => Some(self),
            // Whatever was wanted, it is there now, or will follow.
            A::Supplement => Some(Self::Submitted),
            A::RequestSupplement => Some(Self::NeedsSupplement),
            A::Refer => Some(Self::Referred),
            A::Redirect if self == Self::Submitted => Some(Self::Redirected),
            A::Void => Some(Self::Void),
            A::ConfirmWithdrawal => Some(Self::Withdrawn),
            A::Delete
            | A::Submit
            | A::RecordReceipt
            | A::RecordDecision
            | A::Return
            | A::Assign
            | A::Start
            | A::Complete
            | A::Discontinue
            | A::Redirect
            | A::Insist
            | A::Upload
            | A::Ask
            | A::Note
            | A::MakeReceipt
            | A::ClaimCode
            | A::UntieAccount
            | A::PrintLetter => None,
        }
    }

    /// What may be done while the Centre has it.
    fn at_centre(self, action: Action) -> Option<Self> {
        use Action as A;
        let is_referred = self == Self::Referred;
        match action {
            A::Edit | A::Supplement | A::Withdraw | A::Keep | A::DeclareConflict => Some(self),
            A::Void => Some(Self::Void),
            A::ConfirmWithdrawal => Some(Self::Withdrawn),
            A::RecordReceipt => is_referred.then_some(self),
            A::RecordDecision => {
                matches!(self, Self::Referred | Self::Accepted).then_some(Self::Accepted)
            }
            A::Return => is_referred.then_some(Self::Submitted),
            A::Assign if self == Self::Accepted => Some(Self::Assigned),
            // The Centre may name someone else.
            A::Assign => (!is_referred).then_some(self),
            A::Start => (self == Self::Assigned).then_some(Self::InProgress),
            A::Complete => (self == Self::InProgress).then_some(Self::Completed),
            A::Discontinue => (!is_referred).then_some(Self::Discontinued),
            A::Delete
            | A::Submit
            | A::RequestSupplement
            | A::Refer
            | A::Redirect
            | A::Insist
            | A::Upload
            | A::Ask
            | A::Note
            | A::MakeReceipt
            | A::ClaimCode
            | A::UntieAccount
            | A::PrintLetter => None,
        }
    }

    /// What a family is told of it.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Draft => Stage::Draft,
            Self::Submitted => Stage::Received,
            Self::NeedsSupplement => Stage::PapersWanted,
            Self::Referred => Stage::WithCentre,
            Self::Accepted | Self::Assigned => Stage::Accepted,
            Self::InProgress => Stage::InProgress,
            Self::Refused => Stage::NotAccepted,
            Self::Completed => Stage::Completed,
            Self::Discontinued | Self::Void => Stage::Ended,
            Self::Redirected => Stage::ShownAnotherWay,
            Self::Withdrawn => Stage::Withdrawn,
        }
    }

    /// What a receipt tells of it.
    pub const fn public_stage(self) -> PublicStage {
        match self {
            Self::Draft | Self::Submitted => PublicStage::Received,
            Self::NeedsSupplement => PublicStage::SomethingWanted,
            Self::Referred | Self::Accepted | Self::Assigned | Self::InProgress => {
                PublicStage::UnderWay
            }
            Self::Refused
            | Self::Completed
            | Self::Discontinued
            | Self::Redirected
            | Self::Withdrawn
            | Self::Void => PublicStage::Answered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_contract() {
        let row = |status: &Status| {
            let moves = Action::ALL.iter().filter_map(|action| {
                let after = status.after(*action)?;
                Some(if after == *status {
                    action.to_string()
                } else {
                    format!("{action}>{after}")
                })
            });
            format!("{status}: {}", moves.collect::<Vec<_>>().join(" "))
        };
        let table: Vec<String> = Status::ALL.iter().map(row).collect();
        assert_eq!(
            table,
            [
                "draft: edit delete submit>submitted upload note",
                "submitted: edit request-supplement>needs_supplement supplement refer>referred \
                 redirect>redirected void>void withdraw keep confirm-withdrawal>withdrawn \
                 declare-conflict upload ask note make-receipt claim-code untie-account print-referral-letter",
                "needs_supplement: edit request-supplement supplement>submitted refer>referred \
                 void>void withdraw keep confirm-withdrawal>withdrawn declare-conflict \
                 upload ask note make-receipt claim-code untie-account print-referral-letter",
                "referred: edit supplement record-receipt record-decision>accepted \
                 return>submitted void>void withdraw keep confirm-withdrawal>withdrawn \
                 declare-conflict upload ask note make-receipt claim-code untie-account print-referral-letter",
                "accepted: edit supplement record-decision assign>assigned discontinue>discontinued void>void \
                 withdraw keep confirm-withdrawal>withdrawn declare-conflict \
                 upload ask note make-receipt claim-code untie-account print-referral-letter",
                "refused: edit supplement refer>referred record-decision>accepted declare-conflict \
                 upload ask note make-receipt claim-code untie-account print-referral-letter",
                "assigned: edit supplement assign start>in_progress discontinue>discontinued \
                 void>void withdraw keep confirm-withdrawal>withdrawn declare-conflict \
                 upload ask note make-receipt claim-code untie-account print-referral-letter",
                "in_progress: edit supplement assign complete>completed \
                 discontinue>discontinued void>void withdraw keep confirm-withdrawal>withdrawn \
                 declare-conflict upload ask note make-receipt claim-code untie-account print-referral-letter",
                "completed: ask note make-receipt claim-code untie-account print-referral-letter",
                "discontinued: ask note make-receipt claim-code untie-account print-referral-letter",
                "redirected: edit supplement insist>submitted declare-conflict \
                 upload ask note make-receipt claim-code untie-account print-referral-letter",
                "withdrawn: ask note make-receipt claim-code untie-account print-referral-letter",
                "void: note",
            ]
        );
    }

    #[test]
    fn a_receipt_tells_no_outcome() {
        let over = Status::ALL.iter().filter(|status| !status.is_open());
        for status in over.filter(|status| **status != Status::Draft) {
            assert_eq!(status.public_stage(), PublicStage::Answered);
        }
    }
}
