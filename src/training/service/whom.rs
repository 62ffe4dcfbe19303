//! Whom a row of an imported sheet is about, and what it adds to what is known of them.

use std::collections::BTreeSet;

use super::filling::Filled;
use super::import_row::{Prepared, Traits};
use super::{attendee as attendees, people};
use crate::kernel::{text, title};
use crate::office::work::Work;
use crate::training::command::AttendeeDraft;
use crate::training::error::Error;
use crate::training::model::{Attendee, Audience, RegistrationId, SessionId, Sex, Source};
use crate::training::store::attendee as store;
use crate::training::store::ledger::Locked;

/// An entry of the name a row has.
#[derive(Debug, Clone)]
pub(super) struct Namesake {
    /// What the entry is known by; it may have been merged since.
    pub(super) traits: Traits,
    /// Who it turned out to be.
    pub(super) person: Attendee,
}

impl Namesake {
    /// An entry that is who it says.
    pub(super) fn of(person: Attendee) -> Self {
        Self {
            traits: Traits::from(&person),
            person,
        }
    }
}

/// Everybody of the name a row has.
pub(super) fn namesakes(work: &mut Work<'_>, prepared: &Prepared) -> Result<Vec<Namesake>, Error> {
    let office = work.office_id();
    let name = title::name_key(&prepared.draft.full_name);
    let mut found = Vec::new();
    for one in store::named(work.conn, office, &name)? {
        // What a merged entry was known by tells of who they are now.
        found.push(Namesake {
            traits: Traits::from(&one),
            person: store::survivor(work.conn, one)?,
        });
    }
    Ok(found)
}

/// Which of them a row of a file is about. Where it is none for sure and may be some, the row names them.
/// `told` are the registrations that earlier rows were about.
pub(super) fn choose(
    work: &mut Work<'_>,
    session: SessionId,
    prepared: &mut Prepared,
    namesakes: &[Namesake],
    told: &BTreeSet<RegistrationId>,
) -> Result<Option<Attendee>, Error> {
    let own = Traits::from(&prepared.draft);
    if let Some(same) = namesakes.iter().find(|one| one.traits.is_same(&own)) {
        return Ok(Some(same.person.clone()));
    }
    let mut alike = Vec::new();
    let mut corrected = Vec::new();
    for one in namesakes.iter().filter(|one| one.traits.is_like(&own)) {
        if alike.contains(&one.person.id) {
            continue;
        }
        alike.push(one.person.id);
        // Another file put them on this list, and this one has not told of them yet: it may be that file
        // with its mistakes mended.
        if one.traits.may_be_corrected(&own)
            && let Some(live) = people::live(work, session, one.person.id)?
            && live.source == Source::Import
            && !told.contains(&live.id)
        {
            corrected.push(one.person.clone());
        }
    }
    if corrected.len() == 1 {
        prepared.warn("full_name:taken-for-listed");
        return Ok(corrected.pop());
    }
    if !alike.is_empty() {
        prepared.warn("full_name:namesake");
        prepared.alike = alike;
    }
    Ok(None)
}

/// Somebody known with what a row adds to them, and what it fills in or says otherwise, by column. What
/// is known stays.
pub(super) fn completed(
    work: &Work<'_>,
    known: &Attendee,
    draft: &AttendeeDraft,
) -> (Attendee, Vec<String>) {
    let mut after = known.clone();
    let row = people::unsaved(work, draft);
    Filled::fill(&mut after, &row);
    if known.sex == Sex::Unknown {
        after.sex = row.sex;
    }
    let was_nowhere = known.agency_id.is_none() && known.organisation.is_none();
    if was_nowhere && known.audience == Audience::Other {
        after.audience = row.audience;
    }
    let sex = |sex: Sex| Some(sex).filter(|sex| *sex != Sex::Unknown);
    let folded = |text: &Option<String>| text.as_deref().map(text::fold);
    let said = [
        ("sex", said(sex(known.sex), sex(row.sex))),
        ("birth_year", said(known.birth_year, row.birth_year)),
        ("organisation", said_of_body(known, &row)),
        (
            "position",
            said(folded(&known.position), folded(&row.position)),
        ),
        ("phone", said(known.phone.as_ref(), row.phone.as_ref())),
        ("email", said(known.email.as_ref(), row.email.as_ref())),
    ];
    let notes = said
        .into_iter()
        .filter_map(|(column, said)| Some(format!("{column}:{}", said?)));
    (after, notes.collect())
}

fn said<T: PartialEq>(known: Option<T>, row: Option<T>) -> Option<&'static str> {
    match (known, row) {
        (None, Some(_)) => Some("filled-in"),
        (Some(known), Some(row)) if known != row => Some("differs"),
        _ => None,
    }
}

/// The same of the body, which is an agency, a text, or both.
fn said_of_body(known: &Attendee, row: &Attendee) -> Option<&'static str> {
    let body = |one: &Attendee| {
        let text = one.organisation.as_deref().map(text::fold);
        (one.agency_id.is_some() || text.is_some()).then_some((one.agency_id, text))
    };
    let (known, row) = (body(known), body(row));
    if let (Some((agency, text)), Some((other_agency, other_text))) = (&known, &row)
        && ((agency.is_some() && agency == other_agency) || (text.is_some() && text == other_text))
    {
        return None;
    }
    said(known, row)
}

/// Writes what a row adds to somebody known, under the session's lock; gives what there is to say of it.
pub(super) fn complete(
    work: &mut Work<'_>,
    locked: &mut Locked,
    known: &mut Attendee,
    draft: &AttendeeDraft,
) -> Result<Vec<String>, Error> {
    let (after, notes) = completed(work, known, draft);
    if after == *known {
        return Ok(notes);
    }
    // What was filled in meanwhile stays.
    store::touch(work.conn, known.id)?;
    *known = attendees::load(work, known.id)?;
    let (mut after, notes) = completed(work, known, draft);
    if after != *known {
        attendees::save_under(work, &mut after, Some(locked))?;
        *known = after;
    }
    Ok(notes)
}
