//! What a demonstration's ward has filed already.

use chrono::TimeDelta;

use super::service::{self, Wanted};
use super::status::{ObligationStatus, late_from};
use super::{ObligationKind, fulfil};
use crate::office::work::Work;
use crate::plan::error::Error;

/// Files in time what is overdue, but the reports and the part of the last agency: something is left to
/// be seen.
pub(in crate::plan) fn fill(work: &mut Work<'_>) -> Result<(), Error> {
    let wanted = Wanted {
        status: Some(ObligationStatus::Overdue),
        ..Wanted::default()
    };
    let mut late = service::list(work, &wanted)?;
    late.retain(|one| match one.owed.kind {
        ObligationKind::AnnualReport | ObligationKind::SummaryReport => false,
        ObligationKind::AgencyContribution
        | ObligationKind::ChildrenReview
        | ObligationKind::YearlyPlan => true,
    });
    late.pop();
    for one in late {
        let filed_at = late_from(work.zone(), one.owed.last_day).minus(TimeDelta::hours(56));
        fulfil(work, &one.owed.key, filed_at, None)?;
    }
    Ok(())
}
