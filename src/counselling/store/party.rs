//! Parties of cases.

use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{Case, CaseId, Party, PartyId, PartyRole, PartySecret};
use crate::db::schema::counselling_parties as parties;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, Language, OfficeId, Timestamp};
use crate::office::work::Work;
use crate::sealed::{DataKey, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = parties, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: PartyId,
    office_id: OfficeId,
    case_id: CaseId,
    code: String,
    role: PartyRole,
    language: Language,
    user_id: Option<UserId>,
    person_key: Vec<u8>,
    sealed: Vec<u8>,
    removed_at: Option<Timestamp>,
    version: i32,
    updated_at: Timestamp,
}

fn place(id: PartyId) -> Place {
    Place {
        table: "counselling_parties",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn of(key: &DataKey, party: &Party) -> Result<Self, Error> {
        let party = party.clone();
        Ok(Self {
            sealed: key.seal_json(place(party.id), &party.secret)?,
            id: party.id,
            office_id: party.office_id,
            case_id: party.case_id,
            code: party.code,
            role: party.role,
            language: party.language,
            user_id: party.user_id,
            person_key: party.person_key,
            removed_at: party.removed_at,
            version: party.version,
            updated_at: party.updated_at,
        })
    }

    fn open(self, key: &DataKey) -> Result<Party, Error> {
        let secret: PartySecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Party {
            id: self.id,
            office_id: self.office_id,
            case_id: self.case_id,
            code: self.code,
            role: self.role,
            language: self.language,
            user_id: self.user_id,
            person_key: self.person_key,
            removed_at: self.removed_at,
            version: self.version,
            updated_at: self.updated_at,
            secret,
        })
    }
}

/// The parties of a case, those taken out left out, in the order they came.
pub(in crate::counselling) fn of_case(
    work: &mut Work<'_>,
    case: &Case,
) -> Result<Vec<Party>, Error> {
    let rows: Vec<Row> = parties::table
        .filter(parties::case_id.eq(case.id))
        .filter(parties::removed_at.is_null())
        .order((parties::created_at, parties::id))
        .select(Row::as_select())
        .load(work.conn)?;
    let key = work.data_key(case.data_key_id)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// The parties of a case and whom each is; nothing of it is sealed.
pub(in crate::counselling) fn roles_of(
    conn: &mut Conn,
    case: CaseId,
) -> db::Result<Vec<(PartyId, PartyRole)>> {
    Ok(parties::table
        .filter(parties::case_id.eq(case))
        .filter(parties::removed_at.is_null())
        .order((parties::created_at, parties::id))
        .select((parties::id, parties::role))
        .load(conn)?)
}

/// Whoever was ever a party of a case, those taken out among them, and whom each was.
pub(in crate::counselling) fn once_of(
    conn: &mut Conn,
    case: CaseId,
) -> db::Result<Vec<(PartyId, PartyRole)>> {
    Ok(parties::table
        .filter(parties::case_id.eq(case))
        .order((parties::created_at, parties::id))
        .select((parties::id, parties::role))
        .load(conn)?)
}

/// One party of a case.
pub(in crate::counselling) fn load(
    work: &mut Work<'_>,
    case: &Case,
    id: PartyId,
) -> Result<Party, Error> {
    let row: Option<Row> = parties::table
        .filter(parties::case_id.eq(case.id))
        .filter(parties::id.eq(id))
        .filter(parties::removed_at.is_null())
        .select(Row::as_select())
        .first(work.conn)
        .optional()?;
    let row = row.ok_or(Fault::NotFound)?;
    let key = work.data_key(case.data_key_id)?;
    row.open(&key)
}

/// The parties an account stands for, with their cases.
pub(in crate::counselling) fn of_user(
    conn: &mut Conn,
    office: OfficeId,
    user: UserId,
) -> db::Result<Vec<(PartyId, CaseId)>> {
    Ok(parties::table
        .filter(parties::office_id.eq(office))
        .filter(parties::user_id.eq(user))
        .filter(parties::removed_at.is_null())
        .order((parties::created_at, parties::id))
        .select((parties::id, parties::case_id))
        .load(conn)?)
}

/// Writes a new party.
pub(in crate::counselling) fn insert(
    conn: &mut Conn,
    key: &DataKey,
    party: &Party,
) -> Result<(), Error> {
    diesel::insert_into(parties::table)
        .values((
            Row::of(key, party)?,
            parties::claim_tries.eq(0),
            parties::created_at.eq(party.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    case: &Case,
    party: &Party,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let mine = parties::table
        .filter(parties::id.eq(party.id))
        .filter(parties::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, party)?)
        .execute(work.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}

/// Sets, or with nothing ends, the one-time code by which an account is tied to a party.
pub(in crate::counselling) fn set_claim(
    conn: &mut Conn,
    id: PartyId,
    claim: Option<(&[u8], Timestamp)>,
) -> db::Result<()> {
    diesel::update(parties::table.find(id))
        .set((
            parties::claim_digest.eq(claim.map(|(digest, _)| digest)),
            parties::claim_expires_at.eq(claim.map(|(_, expires_at)| expires_at)),
            parties::claim_tries.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The party a one-time code that still works is for.
pub(in crate::counselling) fn claimed(
    conn: &mut Conn,
    office: OfficeId,
    digest: &[u8],
    now: Timestamp,
) -> db::Result<Option<(PartyId, CaseId)>> {
    Ok(parties::table
        .filter(parties::office_id.eq(office))
        .filter(parties::claim_digest.eq(digest))
        .filter(parties::claim_expires_at.gt(now))
        .filter(parties::removed_at.is_null())
        .select((parties::id, parties::case_id))
        .first(conn)
        .optional()?)
}
