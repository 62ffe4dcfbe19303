//! States and what may be done in each. A new state breaks the build where thought is needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a request stands.
    pub enum RequestStatus {
        /// It came; nobody has reached the family yet.
        Received = "received",
        /// The family was reached.
        Contacted = "contacted",
        /// A case came of it.
        CaseOpened = "case_opened",
        /// The family was shown another way.
        Redirected = "redirected",
        /// The family took it back.
        Withdrawn = "withdrawn",
        /// Three tries on different days reached nobody.
        Unreachable = "unreachable",
    }
}

text_enum! {
    /// What may be done to a request.
    pub enum RequestAction {
        /// Give it to someone.
        Assign = "assign",
        /// Change who asks and how they are reached.
        Edit = "edit",
        /// Note a try to reach the family.
        RecordTry = "record-try",
        /// Make a case of it.
        OpenCase = "open-case",
        /// Show another way.
        Redirect = "redirect",
        /// Take it back.
        Withdraw = "withdraw",
        /// Give up after three tries.
        MarkUnreachable = "mark-unreachable",
    }
}

impl RequestStatus {
    /// The status after an action; actions that only need a state keep it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: RequestAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = RequestAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    /// Whether nothing more happens to it.
    pub fn is_over(self) -> bool {
        match self {
            Self::Received | Self::Contacted | Self::Unreachable => false,
            Self::CaseOpened | Self::Redirected | Self::Withdrawn => true,
        }
    }

    fn after(self, action: RequestAction) -> Option<Self> {
        use RequestAction as A;
        match self {
            Self::Received | Self::Contacted => match action {
                A::Assign | A::Edit | A::RecordTry => Some(self),
                A::OpenCase => Some(Self::CaseOpened),
                A::Redirect => Some(Self::Redirected),
                A::Withdraw => Some(Self::Withdrawn),
                A::MarkUnreachable => Some(Self::Unreachable),
            },
            Self::Unreachable => match action {
                A::Assign | A::Edit | A::RecordTry => Some(self),
                A::OpenCase | A::Redirect | A::Withdraw | A::MarkUnreachable => None,
            },
            Self::CaseOpened | Self::Redirected | Self::Withdrawn => match action {
                A::Assign
                | A::Edit
                | A::RecordTry
                | A::OpenCase
                | A::Redirect
                | A::Withdraw
                | A::MarkUnreachable => None,
            },
        }
    }

    /// The status once the family was reached.
    #[must_use]
    pub fn reached(self) -> Self {
        match self {
            Self::Received | Self::Unreachable | Self::Contacted => Self::Contacted,
            Self::CaseOpened | Self::Redirected | Self::Withdrawn => self,
        }
    }
}

text_enum! {
    /// Where a case stands.
    pub enum CaseStatus {
        /// Worked on.
        Open = "open",
        /// Resting.
        OnHold = "on_hold",
        /// Ended.
        Closed = "closed",
    }
}

text_enum! {
    /// What may be done to a case.
    pub enum CaseAction {
        /// Change its fields, parties, checklist.
        Edit = "edit",
        /// Make appointments.
        Book = "book",
        /// Enter consents and follow-ups.
        Record = "record",
        /// Write notes, which fewer people read.
        WriteNote = "write-note",
        /// Let it rest.
        Hold = "hold",
        /// Go on.
        Resume = "resume",
        /// To the next phase.
        AdvancePhase = "advance-phase",
        /// To the phase it really is in.
        CorrectPhase = "correct-phase",
        /// Offer it to another counsellor.
        Transfer = "transfer",
        /// Take it over.
        AcceptTransfer = "accept-transfer",
        /// Not take it over.
        DeclineTransfer = "decline-transfer",
        /// No longer offer it.
        WithdrawTransfer = "withdraw-transfer",
        /// Give it to another supervisor.
        AssignSupervisor = "assign-supervisor",
        /// Say that adopter and child are of one family.
        ConfirmInFamily = "confirm-in-family",
        /// Ask for its end.
        AskClosing = "ask-closing",
        /// End it.
        ApproveClosing = "approve-closing",
        /// Not end it.
        RejectClosing = "reject-closing",
        /// No longer ask for its end.
        WithdrawClosing = "withdraw-closing",
        /// Take it up again.
        Reopen = "reopen",
        /// Ask that it be forgotten.
        AskErasure = "ask-erasure",
        /// No longer ask for that.
        WithdrawErasure = "withdraw-erasure",
        /// Forget it, or keep it from use.
        Erase = "erase",
        /// Keep its data for a proceeding, whatever else lets them go.
        SetLegalHold = "set-legal-hold",
        /// No longer keep them for it.
        LiftLegalHold = "lift-legal-hold",
    }
}

impl CaseStatus {
    /// The status after an action; actions that only need a state keep it.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: CaseAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> Vec<&'static str> {
        let possible = CaseAction::ALL
            .iter()
            .filter(|action| self.after(**action).is_some());
        possible.map(|action| action.as_str()).collect()
    }

    fn after(self, action: CaseAction) -> Option<Self> {
        use CaseAction as A;
        let is_closed = match self {
            Self::Open | Self::OnHold => false,
            Self::Closed => true,
        };
        match action {
            A::Edit
            | A::Book
            | A::Record
            | A::WriteNote
            | A::CorrectPhase
            | A::Transfer
            | A::AcceptTransfer
            | A::DeclineTransfer
            | A::WithdrawTransfer
            | A::ConfirmInFamily
            | A::AskClosing
            | A::RejectClosing
            | A::WithdrawClosing => (!is_closed).then_some(self),
            A::ApproveClosing => (!is_closed).then_some(Self::Closed),
            A::AdvancePhase => (self == Self::Open).then_some(self),
            A::Hold => (self == Self::Open).then_some(Self::OnHold),
            A::Resume => (self == Self::OnHold).then_some(Self::Open),
            A::Reopen => is_closed.then_some(Self::Open),
            A::AskErasure | A::WithdrawErasure | A::Erase => is_closed.then_some(self),
            // A court asks for a case whatever state it is in; what an ended one still wants, its
            // reopening or its erasure, is for somebody to decide, too.
            A::SetLegalHold | A::LiftLegalHold | A::AssignSupervisor => Some(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_table_is_that_of_the_contract() {
        let row = |status: &RequestStatus| format!("{status}: {}", status.allowed().join(" "));
        let table: Vec<String> = RequestStatus::ALL.iter().map(row).collect();
        assert_eq!(
            table,
            [
                "received: assign edit record-try open-case redirect withdraw mark-unreachable",
                "contacted: assign edit record-try open-case redirect withdraw mark-unreachable",
                "case_opened: ",
                "redirected: ",
                "withdrawn: ",
                "unreachable: assign edit record-try",
            ]
        );
    }

    #[test]
    fn the_case_table_is_that_of_the_contract() {
        let row = |status: &CaseStatus| format!("{status}: {}", status.allowed().join(" "));
        let table: Vec<String> = CaseStatus::ALL.iter().map(row).collect();
        assert_eq!(
            table,
            [
                "open: edit book record write-note hold advance-phase correct-phase transfer \
                 accept-transfer decline-transfer withdraw-transfer assign-supervisor \
                 confirm-in-family ask-closing approve-closing reject-closing withdraw-closing \
                 set-legal-hold lift-legal-hold",
                "on_hold: edit book record write-note resume correct-phase transfer accept-transfer \
                 decline-transfer withdraw-transfer assign-supervisor confirm-in-family \
                 ask-closing approve-closing reject-closing withdraw-closing set-legal-hold \
                 lift-legal-hold",
                "closed: assign-supervisor reopen ask-erasure withdraw-erasure erase \
                 set-legal-hold lift-legal-hold",
            ]
        );
    }
}
