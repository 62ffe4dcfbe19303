//! Where a report and an agency's part of it stand, and what may be done then. A new state breaks
//! the build where thought is needed.

#![warn(clippy::wildcard_enum_match_arm)]

use super::model::ContributionStatus;
use crate::kernel::Fault;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a report stands.
    pub enum ReportStatus {
        /// It is being written.
        Building = "building",
        /// The agencies were asked for their part.
        ContributionsRequested = "contributions_requested",
        /// All parts are put together.
        Consolidated = "consolidated",
        /// It may be issued.
        Approved = "approved",
        /// It has a number, and its figures are frozen.
        Issued = "issued",
        /// Whoever it is owed to has it.
        Filed = "filed",
    }
}

text_enum! {
    /// What may be done with a report.
    pub enum ReportAction {
        /// Change what is written.
        Edit = "edit",
        /// Ask agencies for their part.
        RequestContributions = "request-contributions",
        /// Put the parts together.
        Consolidate = "consolidate",
        /// Say that it may be issued.
        Approve = "approve",
        /// Send it back to be changed.
        ReturnForChanges = "return-for-changes",
        /// Give it its number, and freeze its figures.
        Issue = "issue",
        /// Note that it was filed.
        File = "file",
        /// Begin another edition.
        Revise = "revise",
    }
}

impl ReportStatus {
    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: ReportAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed().map(ReportAction::as_str).collect(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> impl Iterator<Item = ReportAction> {
        let all = ReportAction::ALL.iter().copied();
        all.filter(move |action| self.after(*action).is_some())
    }

    /// Refuses what an issued report alone can have: a signed copy, a proof.
    ///
    /// # Errors
    /// `action-not-allowed`.
    pub fn require_frozen(self) -> Result<(), Fault> {
        if self.is_frozen() {
            return Ok(());
        }
        Err(Fault::Transition {
            current: self.as_str(),
            action: "add-file",
            allowed: self.allowed().map(ReportAction::as_str).collect(),
        })
    }

    /// Whether its figures are frozen.
    pub const fn is_frozen(self) -> bool {
        match self {
            Self::Issued | Self::Filed => true,
            Self::Building | Self::ContributionsRequested | Self::Consolidated | Self::Approved => {
                false
            }
        }
    }

    fn after(self, action: ReportAction) -> Option<Self> {
        use ReportAction as A;
        match self {
            Self::Building => match action {
                A::Edit => Some(self),
                A::RequestContributions => Some(Self::ContributionsRequested),
                A::Consolidate
                | A::Approve
                | A::ReturnForChanges
                | A::Issue
                | A::File
                | A::Revise => None,
            },
            Self::ContributionsRequested => match action {
                // Again: more agencies, or another day.
                A::Edit | A::RequestContributions => Some(self),
                A::Consolidate => Some(Self::Consolidated),
                A::Approve | A::ReturnForChanges | A::Issue | A::File | A::Revise => None,
            },
            Self::Consolidated => match action {
                A::Edit => Some(self),
                A::Approve => Some(Self::Approved),
                A::ReturnForChanges => Some(Self::ContributionsRequested),
                A::RequestContributions | A::Consolidate | A::Issue | A::File | A::Revise => None,
            },
            Self::Approved => match action {
                A::Issue => Some(Self::Issued),
                A::ReturnForChanges => Some(Self::ContributionsRequested),
                A::Edit
                | A::RequestContributions
                | A::Consolidate
                | A::Approve
                | A::File
                | A::Revise => None,
            },
            Self::Issued => match action {
                A::File => Some(Self::Filed),
                A::Revise => Some(self),
                A::Edit
                | A::RequestContributions
                | A::Consolidate
                | A::Approve
                | A::ReturnForChanges
                | A::Issue => None,
            },
            Self::Filed => match action {
                A::Revise => Some(self),
                A::Edit
                | A::RequestContributions
                | A::Consolidate
                | A::Approve
                | A::ReturnForChanges
                | A::Issue
                | A::File => None,
            },
        }
    }
}

text_enum! {
    /// What may be done with an agency's part.
    pub enum ContributionAction {
        /// Change what is written.
        Edit = "edit",
        /// Hand it in.
        Submit = "submit",
        /// Send it back.
        Return = "return",
        /// Take it into the report.
        Accept = "accept",
    }
}

impl ContributionStatus {
    /// The status after an action.
    ///
    /// # Errors
    /// `action-not-allowed`, with the actions that are.
    pub fn apply(self, action: ContributionAction) -> Result<Self, Fault> {
        self.after(action).ok_or_else(|| Fault::Transition {
            current: self.as_str(),
            action: action.as_str(),
            allowed: self.allowed().map(ContributionAction::as_str).collect(),
        })
    }

    /// The actions this state allows.
    pub fn allowed(self) -> impl Iterator<Item = ContributionAction> {
        let all = ContributionAction::ALL.iter().copied();
        all.filter(move |action| self.after(*action).is_some())
    }

    /// Whether the office waits for the agency.
    pub const fn is_missing(self) -> bool {
        match self {
            Self::Wanted | Self::Returned => true,
            Self::Submitted | Self::Accepted => false,
        }
    }

    fn after(self, action: ContributionAction) -> Option<Self> {
        use ContributionAction as A;
        match self {
            Self::Wanted | Self::Returned => match action {
                A::Edit => Some(self),
                A::Submit => Some(Self::Submitted),
                A::Return | A::Accept => None,
            },
            Self::Submitted => match action {
                A::Return => Some(Self::Returned),
                A::Accept => Some(Self::Accepted),
                A::Edit | A::Submit => None,
            },
            Self::Accepted => match action {
                A::Return => Some(Self::Returned),
                A::Edit | A::Submit | A::Accept => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_reports_is_that_of_the_contract() {
        let table: Vec<String> = ReportStatus::ALL
            .iter()
            .map(|status| {
                let allowed: Vec<_> = status.allowed().map(ReportAction::as_str).collect();
                format!("{status}: {}", allowed.join(" "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "building: edit request-contributions",
                "contributions_requested: edit request-contributions consolidate",
                "consolidated: edit approve return-for-changes",
                "approved: return-for-changes issue",
                "issued: file revise",
                "filed: revise",
            ]
        );
    }

    #[test]
    fn a_part_goes_back_and_forth_until_it_is_taken() {
        let table: Vec<String> = ContributionStatus::ALL
            .iter()
            .map(|status| {
                let allowed: Vec<_> = status.allowed().map(ContributionAction::as_str).collect();
                format!("{status}: {}", allowed.join(" "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "wanted: edit submit",
                "submitted: return accept",
                "returned: edit submit",
                "accepted: return",
            ]
        );
    }
}
