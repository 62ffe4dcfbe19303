//! What is owed is called to mind: some days before the day to file by, and once it is overdue.

use chrono::TimeDelta;

use super::messages::{self, Occasion};
use super::service::{self, Wanted};
use super::status::ObligationStatus;
use super::{Standing, store};
use crate::identity::{Role, UserId, colleague};
use crate::office::work::Work;
use crate::plan::error::Error;

/// Days before the day to file by at which it is told, the nearest first.
const LEADS: [i64; 5] = [1, 3, 7, 14, 30];
/// What was overdue longer when the service first looked is in the list, and in no mail.
const MENTIONED: TimeDelta = TimeDelta::days(366);

/// Tells of everything owed whose time has come; each occasion once, whoever looks how often.
pub(in crate::plan) fn remind(work: &mut Work<'_>) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    for standing in service::list(work, &Wanted::default())? {
        let owed = &standing.owed;
        let days_left = owed.file_by.day.signed_duration_since(today);
        let days_late = today.signed_duration_since(owed.last_day);
        let Some(occasion) = occasion(standing.status, days_left.num_days()) else {
            continue;
        };
        if days_late <= MENTIONED {
            tell_all(work, &standing, occasion)?;
        }
    }
    Ok(())
}

/// What is to be told with so many days left; of several that were slept through the last alone.
fn occasion(status: ObligationStatus, days_left: i64) -> Option<Occasion> {
    match status {
        ObligationStatus::Overdue => Some(Occasion::Overdue),
        ObligationStatus::OnTrack | ObligationStatus::DueSoon => {
            let lead = LEADS.into_iter().find(|lead| days_left <= *lead);
            lead.map(Occasion::Before)
        }
        ObligationStatus::Filed | ObligationStatus::FiledLate => None,
    }
}

/// Whoever files it: reporters, and those of the agency whose part it is.
fn owners(work: &mut Work<'_>, standing: &Standing) -> Result<Vec<UserId>, Error> {
    let office = work.office_id();
    let mut owners = colleague::holders(work.conn, office, Role::Reporter)?;
    if let Some(agency) = standing.owed.contributor() {
        for user in colleague::holders_of(work.conn, office, Role::Contributor, agency)? {
            if !owners.contains(&user) {
                owners.push(user);
            }
        }
    }
    Ok(owners)
}

fn tell_all(work: &mut Work<'_>, standing: &Standing, occasion: Occasion) -> Result<(), Error> {
    let owed = &standing.owed;
    let round = store::withdrawn(work.conn, work.office_id(), &owed.key)?;
    for user in owners(work, standing)? {
        messages::tell(work, owed, (occasion, round), user)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lead_has_its_days_and_what_is_filed_none() {
        let at = |days| occasion(ObligationStatus::DueSoon, days);
        assert_eq!(at(31), None);
        for (days, lead) in [
            (30, 30),
            (15, 30),
            (14, 14),
            (7, 7),
            (4, 7),
            (2, 3),
            (1, 1),
            (-1, 1),
        ] {
            assert_eq!(at(days), Some(Occasion::Before(lead)), "{days}");
        }
        let late = occasion(ObligationStatus::Overdue, -3);
        assert_eq!(late, Some(Occasion::Overdue));
        assert_eq!(occasion(ObligationStatus::Filed, 3), None);
        assert_eq!(occasion(ObligationStatus::FiledLate, -3), None);
    }
}
