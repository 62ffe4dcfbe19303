//! What is owed and how it stands; what is filed, and what was not after all.

use chrono::Datelike;
use serde_json::json;

use super::catalogue::{self, Catalogue};
use super::messages;
use super::status::{Deadline, May, ObligationAction, ObligationStatus};
use super::store::{self, NewFiling};
use super::{Filing, ObligationKind, Owed, Standing, id_of};
use crate::kernel::{AgencyId, Fault, Timestamp};
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::Hand;

/// Which obligations are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// Of one year; else of every year up to the next.
    pub(super) year: Option<i32>,
    pub(super) status: Option<ObligationStatus>,
    pub(super) kind: Option<ObligationKind>,
    pub(super) agency: Option<AgencyId>,
}

impl Wanted {
    fn holds(&self, one: &Standing) -> bool {
        self.status.is_none_or(|status| one.status == status)
            && self.kind.is_none_or(|kind| one.owed.kind == kind)
            && self.agency.is_none_or(|agency| one.owed.is_of(agency))
    }
}

/// How each stands.
fn stand(work: &mut Work<'_>, owed: Vec<Owed>) -> Result<Vec<Standing>, Error> {
    let (office, zone, now) = (work.office_id(), work.zone(), work.now);
    let soon_days = work.settings()?.policies.obligation_soon_days.value;
    let keys: Vec<&str> = owed.iter().map(|one| one.key.as_str()).collect();
    let mut filings = store::living(work.conn, office, &keys)?;
    let mut filing_of = |key: &str| -> Option<Filing> {
        let at = filings.iter().position(|filing| filing.obligation == key)?;
        Some(filings.swap_remove(at))
    };
    let standing = owed.into_iter().map(|owed| {
        let filing = filing_of(&owed.key);
        let deadline = Deadline {
            last_day: owed.last_day,
            file_by: owed.file_by.day,
            soon_days,
        };
        let filed_at = filing.as_ref().map(|filing| filing.filed_at);
        Standing {
            status: ObligationStatus::of(zone, deadline, filed_at, now),
            owed,
            filing,
        }
    });
    Ok(standing
        .filter(|one| one.filing.is_some() || one.owed.is_owed())
        .collect())
}

/// Everything that is wanted, what is due first before the rest.
pub(super) fn list(work: &mut Work<'_>, wanted: &Wanted) -> Result<Vec<Standing>, Error> {
    let catalogue = Catalogue::load(work)?;
    let this_year = work.zone().day(work.now).year();
    let years = match wanted.year {
        Some(year) => year..=year,
        None => catalogue.first_year..=this_year + 1,
    };
    let mut owed = Vec::new();
    for year in years {
        owed.extend(catalogue.owed(year)?);
    }
    owed.sort_by(|a, b| (a.last_day, &a.key).cmp(&(b.last_day, &b.key)));
    let mut found = stand(work, owed)?;
    found.retain(|one| wanted.holds(one));
    Ok(found)
}

fn find(work: &mut Work<'_>, key: &str) -> Result<Option<Standing>, Error> {
    let Some(year) = catalogue::year_of(key) else {
        return Ok(None);
    };
    let mut owed = Catalogue::load(work)?.owed(year)?;
    owed.retain(|one| one.key == key);
    Ok(stand(work, owed)?.pop())
}

/// One obligation.
pub(super) fn load(work: &mut Work<'_>, key: &str) -> Result<Standing, Error> {
    Ok(find(work, key)?.ok_or(Fault::NotFound)?)
}

/// What whoever files for `hand` may do with an obligation: a contributor says that their own agency's
/// part is filed, and leaves it to reporters to take that back.
pub(super) fn may(hand: Hand, owed: &Owed) -> May {
    let is_reporter = hand == Hand::Everybody;
    May {
        file: is_reporter
            || owed
                .contributor()
                .is_some_and(|agency| hand.reaches(agency)),
        withdraw: is_reporter,
    }
}

/// Says that something was filed.
pub(super) fn file(
    work: &mut Work<'_>,
    hand: Hand,
    key: &str,
    new: &NewFiling,
) -> Result<Standing, Error> {
    let before = load(work, key)?;
    let may = may(hand, &before.owed);
    if !may.file {
        return Err(Fault::Forbidden.into());
    }
    before.status.require(ObligationAction::File, may)?;
    // Nothing is sent long before it is owed: such a year is a slip of the hand.
    let year = work.zone().day(new.filed_at).year();
    if year < before.owed.year - 1 {
        return Err(Fault::rule("/filed_at", "out-of-range").into());
    }
    keep(work, key, may, new)?;
    load(work, key)
}

/// Keeps a filing, and takes back what was to remind of it.
fn keep(work: &mut Work<'_>, key: &str, may: May, new: &NewFiling) -> Result<(), Error> {
    let (office, id) = (work.office_id(), id_of(work.office_id(), key));
    if !store::insert(work.conn, work.now, (office, key), work.actor, new)? {
        // Somebody was quicker. This transaction is over, and cannot look how it stands.
        ObligationStatus::Filed.require(ObligationAction::File, may)?;
    }
    messages::withdraw(work.conn, work.now, id)?;
    let status = load(work, key)?.status;
    let facts = json!({"obligation": key, "status": status});
    Ok(work.audit("obligation.file", "obligation", id, facts)?)
}

/// Says that something was not filed, after all.
pub(super) fn withdraw(work: &mut Work<'_>, key: &str, reason: &str) -> Result<Standing, Error> {
    let before = load(work, key)?;
    let may = may(Hand::Everybody, &before.owed);
    before
        .status
        .require(ObligationAction::WithdrawFiling, may)?;
    let is_done = match &before.filing {
        Some(filing) => take_back(work, filing, reason)?,
        None => false,
    };
    let after = load(work, key)?;
    if !is_done {
        after
            .status
            .require(ObligationAction::WithdrawFiling, may)?;
    }
    Ok(after)
}

fn take_back(work: &mut Work<'_>, filing: &Filing, reason: &str) -> Result<bool, Error> {
    let by = (work.actor, reason);
    if !store::withdraw(work.conn, work.now, filing.id, by)? {
        return Ok(false);
    }
    let (key, id) = (
        &filing.obligation,
        id_of(work.office_id(), &filing.obligation),
    );
    let facts = json!({"obligation": key, "filing": filing.id});
    work.audit("obligation.withdraw-filing", "obligation", id, facts)?;
    Ok(true)
}

/// A report that settles an obligation was filed. What is filed already, on paper, stays as it is.
///
/// # Errors
/// `not-found` where nothing is owed by that key, `action-not-allowed` where somebody files it at the
/// same moment; storage failures.
pub fn fulfil(
    work: &mut Work<'_>,
    key: &str,
    filed_at: Timestamp,
    number: Option<&str>,
) -> Result<(), Error> {
    let before = load(work, key)?;
    if before.status.is_filed() {
        return Ok(());
    }
    let new = NewFiling {
        filed_at,
        number: number.map(str::to_owned),
        note: None,
    };
    keep(work, key, may(Hand::Everybody, &before.owed), &new)
}

/// The report that settled an obligation counts as not filed any more.
///
/// # Errors
/// `not-found` where nothing is owed by that key; storage failures.
pub fn unfulfil(work: &mut Work<'_>, key: &str, reason: &str) -> Result<(), Error> {
    if let Some(filing) = load(work, key)?.filing {
        take_back(work, &filing, reason)?;
    }
    Ok(())
}

/// How an obligation stands; nothing where nothing is owed by that key.
///
/// # Errors
/// When storage fails.
pub fn status_of(work: &mut Work<'_>, key: &str) -> Result<Option<ObligationStatus>, Error> {
    Ok(find(work, key)?.map(|standing| standing.status))
}
