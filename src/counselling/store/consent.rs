//! Consents.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{AdoptionKind, Case, CaseId, PartyId};
use crate::counselling::record::{Consent, ConsentId, ConsentSecret, Terms, ToldWindow};
use crate::counselling::record_status::ConsentDecision;
use crate::db::schema::{counselling_consents as consents, counselling_told_windows as told};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, Id, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKey, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consents, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: ConsentId,
    case_id: CaseId,
    party_id: PartyId,
    decision: ConsentDecision,
    taken_on: NaiveDate,
    is_in_person: bool,
    domestic_days: i32,
    intercountry_days: i32,
    withdrawn_on: Option<NaiveDate>,
    is_late: bool,
    is_flagged: bool,
    sealed: Vec<u8>,
    entered_by_id: Option<UserId>,
    struck_at: Option<Timestamp>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn place(id: ConsentId) -> Place {
    Place {
        table: "counselling_consents",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn of(key: &DataKey, consent: &Consent) -> Result<Self, Error> {
        let consent = consent.clone();
        Ok(Self {
            sealed: key.seal_json(place(consent.id), &consent.secret)?,
            id: consent.id,
            case_id: consent.case_id,
            party_id: consent.party_id,
            decision: consent.decision,
            taken_on: consent.taken_on,
            is_in_person: consent.is_in_person,
            domestic_days: consent.terms.domestic,
            intercountry_days: consent.terms.intercountry,
            withdrawn_on: consent.withdrawn_on,
            is_late: consent.is_late,
            is_flagged: consent.is_flagged,
            entered_by_id: consent.entered_by_id,
            struck_at: consent.struck_at,
            version: consent.version,
            created_at: consent.created_at,
            updated_at: consent.updated_at,
        })
    }

    fn open(self, key: &DataKey) -> Result<Consent, Error> {
        let secret: ConsentSecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Consent {
            id: self.id,
            case_id: self.case_id,
            party_id: self.party_id,
            decision: self.decision,
            taken_on: self.taken_on,
            is_in_person: self.is_in_person,
            terms: Terms {
                domestic: self.domestic_days,
                intercountry: self.intercountry_days,
            },
            told: None,
            withdrawn_on: self.withdrawn_on,
            is_late: self.is_late,
            is_flagged: self.is_flagged,
            entered_by_id: self.entered_by_id,
            struck_at: self.struck_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            secret,
        })
    }
}

/// The consents of a case that count, oldest first.
pub(in crate::counselling) fn of_case(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<Consent>, Error> {
    let mut all = all_of_case(work, case)?;
    all.retain(|one| one.struck_at.is_none());
    Ok(all)
}

/// The ids of every consent of a case, of those that were struck, too: something may wait for each.
pub(in crate::counselling) fn ids_of(conn: &mut Conn, case: CaseId) -> db::Result<Vec<uuid::Uuid>> {
    let ids: Vec<ConsentId> = consents::table
        .filter(consents::case_id.eq(case))
        .order(consents::id)
        .select(consents::id)
        .load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

/// Every consent of a case, oldest first: those that were struck, too.
pub(in crate::counselling) fn all_of_case(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<Consent>, Error> {
    let rows: Vec<Row> = consents::table
        .filter(consents::case_id.eq(case.id))
        .order((consents::created_at, consents::id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, case, rows)
}

/// Marks ids of what was told.
#[derive(Debug)]
enum Told {}

/// Opens rows, with the longest time that was told of each.
fn open_all(work: &mut Work<'_>, case: &Case, rows: Vec<Row>) -> Result<Vec<Consent>, Error> {
    let ids: Vec<ConsentId> = rows.iter().map(|row| row.id).collect();
    let all: Vec<(ConsentId, AdoptionKind, i32, NaiveDate)> = told::table
        .filter(told::consent_id.eq_any(ids))
        .order((told::ends_on, told::id))
        .select((told::consent_id, told::kind, told::days, told::ends_on))
        .load(work.conn)?;
    let key = work.data_key(case.data_key_id)?;
    let open = |row: Row| {
        let mut consent = row.open(&key)?;
        let last = all.iter().rfind(|one| one.0 == consent.id);
        consent.told = last.map(|(_, kind, days, ends_on)| ToldWindow {
            kind: *kind,
            days: *days,
            ends_on: *ends_on,
        });
        Ok(consent)
    };
    rows.into_iter().map(open).collect()
}

/// Keeps what was told of a consent.
pub(in crate::counselling) fn tell(
    conn: &mut Conn,
    consent: ConsentId,
    window: ToldWindow,
    now: Timestamp,
) -> db::Result<()> {
    diesel::insert_into(told::table)
        .values((
            told::id.eq(Id::<Told>::new(now)),
            told::consent_id.eq(consent),
            told::kind.eq(window.kind),
            told::days.eq(window.days),
            told::ends_on.eq(window.ends_on),
            told::told_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// One consent of a case.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    case: &Case,
    id: ConsentId,
) -> Result<Consent, Error> {
    let rows: Vec<Row> = consents::table
        .filter(consents::case_id.eq(case.id))
        .filter(consents::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    let found = open_all(work, case, rows)?.pop();
    found.ok_or_else(|| Fault::NotFound.into())
}

/// Whether a party has decided anything that is on record.
pub(in crate::counselling) fn has_any(conn: &mut Conn, party: PartyId) -> db::Result<bool> {
    let theirs = consents::table.filter(consents::party_id.eq(party));
    Ok(diesel::select(diesel::dsl::exists(theirs)).get_result(conn)?)
}

/// Writes a new consent.
pub(in crate::counselling) fn insert(
    work: &mut Work<'_>,
    case: &Case,
    consent: &Consent,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    diesel::insert_into(consents::table)
        .values(Row::of(&key, consent)?)
        .execute(work.conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    case: &Case,
    consent: &Consent,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let mine = consents::table
        .filter(consents::id.eq(consent.id))
        .filter(consents::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, consent)?)
        .execute(work.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}
