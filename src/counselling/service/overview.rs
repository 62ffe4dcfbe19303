//! What a family sees of its counselling at once: its own, and of nobody else.

use crate::counselling::appointment::Appointment;
use crate::counselling::error::Error;
use crate::counselling::model::{CaseId, Party, PartyId, PartyRole, Request};
use crate::counselling::record::FollowUpKind;
use crate::counselling::record_status::FollowUpStatus;
use crate::counselling::service::follow_up::{self, Standing};
use crate::counselling::service::party;
use crate::counselling::status::CaseStatus;
use crate::counselling::store::appointment::{self as appointments, Filter, Scope};
use crate::counselling::store::code::OwnCodes;
use crate::counselling::store::note::{self as notes, Summary};
use crate::counselling::store::{case as cases, party as parties, request as requests};
use crate::identity::UserId;
use crate::kernel::Fault;
use crate::office::work::Work;

/// The most summaries that are shown at once.
const SUMMARIES: i64 = 10;
/// The most appointments that are looked through.
const APPOINTMENTS: i64 = 500;

/// What a family sees at once.
#[derive(Debug)]
pub(in crate::counselling) struct Overview {
    /// Its requests that are not over.
    pub(in crate::counselling) requests: Vec<Request>,
    /// The parties its account stands for, and where the case of each stands.
    pub(in crate::counselling) matters: Vec<(Party, CaseStatus)>,
    /// What its matters are called.
    pub(in crate::counselling) codes: OwnCodes,
    /// Its appointments to come.
    pub(in crate::counselling) appointments: Vec<Appointment>,
    /// The reports that are its to give, each with the party that gives it.
    pub(in crate::counselling) due: Vec<(Party, Standing)>,
    /// The summaries shown to it, newest first.
    pub(in crate::counselling) summaries: Vec<Summary>,
}

/// What a family sees at once.
pub(in crate::counselling) fn of(work: &mut Work<'_>, user: UserId) -> Result<Overview, Error> {
    let mut asked = requests::of_user(work, user)?;
    asked.retain(|one| !one.status.is_over());
    let mut matters = Vec::new();
    let mut due = Vec::new();
    let office = work.office_id();
    for (party, case) in parties::of_user(work.conn, office, user)? {
        let Some((party, status, open)) = matter(work, party, case)? else {
            continue;
        };
        let party = party::shown(work, party)?;
        due.extend(open.into_iter().map(|one| (party.clone(), one)));
        matters.push((party, status));
    }
    let filter = Filter {
        from: Some(work.now),
        ..Filter::default()
    };
    let scope = Scope::Own(user);
    let mut coming = appointments::page(work, &scope, &filter, None, APPOINTMENTS)?;
    coming.retain(|one| one.status.is_live());
    let mut summaries = notes::summaries(work, user, None, SUMMARIES)?;
    summaries.truncate(usize::try_from(SUMMARIES).unwrap_or(usize::MAX));
    Ok(Overview {
        requests: asked,
        matters,
        codes: OwnCodes::of(work.conn, office, user)?,
        appointments: coming,
        due,
        summaries,
    })
}

/// A party of an account, where its case stands, and the reports it still has to give: those after an
/// adoption are the adoptive parents' alone, and what else follows in a case is the office's to do.
fn matter(
    work: &mut Work<'_>,
    party: PartyId,
    case: CaseId,
) -> Result<Option<(Party, CaseStatus, Vec<Standing>)>, Error> {
    let found = cases::load(work, case).and_then(|case| {
        let party = parties::load(work, &case, party)?;
        Ok((case, party))
    });
    let (case, party) = match found {
        Err(Error::Fault(Fault::NotFound)) => return Ok(None),
        other => other?,
    };
    let gives_reports = party.role == PartyRole::AdoptiveParent;
    if !gives_reports || case.status == CaseStatus::Closed || case.is_restricted {
        return Ok(Some((party, case.status, Vec::new())));
    }
    let mut open = follow_up::list(work, &case)?;
    open.retain(|standing| {
        let one = &standing.one;
        one.kind == FollowUpKind::PostAdoptionReport && one.status == FollowUpStatus::Open
    });
    Ok(Some((party, case.status, open)))
}
