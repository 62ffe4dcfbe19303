//! Cases.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{
    AdoptionKind, Case, CaseId, CaseSecret, HoldReason, InFamily, Outcome, Phase,
};
use crate::counselling::policy::Eyes;
use crate::counselling::status::CaseStatus;
use crate::db::schema::{counselling_cases as cases, counselling_parties as parties};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, OfficeId, Timestamp};
use crate::office::work::Work;
use crate::sealed::vault::is_live;
use crate::sealed::{DataKey, DataKeyId, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: CaseId,
    office_id: OfficeId,
    reference: String,
    data_key_id: DataKeyId,
    adoption_kind: AdoptionKind,
    in_family: InFamily,
    in_family_confirmed_by: Option<UserId>,
    phase: Phase,
    checklist: String,
    status: CaseStatus,
    hold_reason: Option<HoldReason>,
    counsellor_id: UserId,
    supervisor_id: Option<UserId>,
    transfer_to_id: Option<UserId>,
    closing_asked_by: Option<UserId>,
    erasure_asked_by: Option<UserId>,
    outcome: Option<Outcome>,
    hand_over_on: Option<NaiveDate>,
    sealed: Vec<u8>,
    is_restricted: bool,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    version: i32,
    updated_at: Timestamp,
}

/// The place of a case's sealed fields.
fn place(id: CaseId) -> Place {
    Place {
        table: "counselling_cases",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn of(key: &DataKey, case: &Case) -> Result<Self, Error> {
        let case = case.clone();
        Ok(Self {
            sealed: key.seal_json(place(case.id), &case.secret)?,
            id: case.id,
            office_id: case.office_id,
            reference: case.reference,
            data_key_id: case.data_key_id,
            adoption_kind: case.adoption_kind,
            in_family: case.in_family,
            in_family_confirmed_by: case.in_family_confirmed_by,
            phase: case.phase,
            checklist: case.checklist.join(","),
            status: case.status,
            hold_reason: case.hold_reason,
            counsellor_id: case.counsellor_id,
            supervisor_id: case.supervisor_id,
            transfer_to_id: case.transfer_to_id,
            closing_asked_by: case.closing_asked_by,
            erasure_asked_by: case.erasure_asked_by,
            outcome: case.outcome,
            hand_over_on: case.hand_over_on,
            is_restricted: case.is_restricted,
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            version: case.version,
            updated_at: case.updated_at,
        })
    }

    fn open(self, key: &DataKey) -> Result<Case, Error> {
        let secret: CaseSecret = key.open_json(place(self.id), &self.sealed)?;
        let items = self.checklist.split(',').filter(|item| !item.is_empty());
        Ok(Case {
            checklist: items.map(str::to_owned).collect(),
            id: self.id,
            office_id: self.office_id,
            reference: self.reference,
            data_key_id: self.data_key_id,
            adoption_kind: self.adoption_kind,
            in_family: self.in_family,
            in_family_confirmed_by: self.in_family_confirmed_by,
            phase: self.phase,
            status: self.status,
            hold_reason: self.hold_reason,
            counsellor_id: self.counsellor_id,
            supervisor_id: self.supervisor_id,
            transfer_to_id: self.transfer_to_id,
            closing_asked_by: self.closing_asked_by,
            erasure_asked_by: self.erasure_asked_by,
            outcome: self.outcome,
            hand_over_on: self.hand_over_on,
            is_restricted: self.is_restricted,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            version: self.version,
            updated_at: self.updated_at,
            secret,
        })
    }
}

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::counselling) struct Filter {
    pub(in crate::counselling) status: Option<CaseStatus>,
    pub(in crate::counselling) phase: Option<Phase>,
    pub(in crate::counselling) counsellor: Option<UserId>,
    pub(in crate::counselling) supervisor: Option<UserId>,
    /// Whether nobody at work is to supervise it, with who is at work.
    pub(in crate::counselling) unsupervised: Option<(bool, Vec<UserId>)>,
    /// In which somebody is called by this code.
    pub(in crate::counselling) code: Option<String>,
    pub(in crate::counselling) updated_since: Option<Timestamp>,
}

/// The cases these eyes see: a counsellor's own and those offered to them.
fn visible<'a>(office: OfficeId, eyes: &Eyes) -> cases::BoxedQuery<'a, Backend> {
    let query = cases::table
        .filter(cases::office_id.eq(office))
        .filter(is_live!(cases::data_key_id))
        .into_boxed();
    match eyes.only_of() {
        // What is kept from use is seen by supervisors alone.
        Some(users) => query.filter(cases::is_restricted.eq(false)).filter(
            cases::counsellor_id
                .eq_any(users)
                .or(cases::transfer_to_id.eq(eyes.user).assume_not_null()),
        ),
        None => query,
    }
}

fn filtered<'a>(office: OfficeId, eyes: &Eyes, filter: &Filter) -> cases::BoxedQuery<'a, Backend> {
    let mut query = visible(office, eyes);
    if let Some(status) = filter.status {
        query = query.filter(cases::status.eq(status));
    }
    if let Some(phase) = filter.phase {
        query = query.filter(cases::phase.eq(phase));
    }
    if let Some(counsellor) = filter.counsellor {
        query = query.filter(cases::counsellor_id.eq(counsellor));
    }
    if let Some(supervisor) = filter.supervisor {
        query = query.filter(cases::supervisor_id.eq(supervisor));
    }
    if let Some((is_wanted, at_work)) = filter.unsupervised.clone() {
        query = if is_wanted {
            let has_left = cases::supervisor_id.ne_all(at_work).assume_not_null();
            query.filter(cases::supervisor_id.is_null().or(has_left))
        } else {
            query.filter(cases::supervisor_id.eq_any(at_work))
        };
    }
    if let Some(code) = filter.code.clone() {
        let called = parties::table
            .filter(parties::office_id.eq(office))
            .filter(parties::code.eq(code))
            .select(parties::case_id);
        query = query.filter(cases::id.eq_any(called));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(cases::updated_at.ge(since));
    }
    query
}

fn open_all(work: &mut Work<'_>, rows: Vec<Row>) -> Result<Vec<Case>, Error> {
    let ids: Vec<DataKeyId> = rows.iter().map(|row| row.data_key_id).collect();
    let keys = work.data_keys(&ids)?;
    rows.into_iter()
        .filter_map(|row| keys.get(&row.data_key_id).map(|key| row.open(key)))
        .collect()
}

/// One page, oldest first, and one row more.
pub(in crate::counselling) fn page(
    work: &mut Work<'_>,
    eyes: &Eyes,
    filter: &Filter,
    after: Option<(Timestamp, CaseId)>,
    limit: i64,
) -> Result<Vec<Case>, Error> {
    let mut query = filtered(work.office_id(), eyes, filter);
    if let Some((at, id)) = after {
        query = query.filter(
            cases::opened_at
                .gt(at)
                .or(cases::opened_at.eq(at).and(cases::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((cases::opened_at, cases::id))
        .limit(limit + 1)
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)
}

/// How many there are in all.
pub(in crate::counselling) fn count(
    work: &mut Work<'_>,
    eyes: &Eyes,
    filter: &Filter,
) -> Result<i64, Error> {
    let query = filtered(work.office_id(), eyes, filter);
    Ok(query.count().get_result(work.conn)?)
}

/// One case, where these eyes see it.
pub(in crate::counselling) fn find(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Option<Case>, Error> {
    let rows: Vec<Row> = visible(work.office_id(), eyes)
        .filter(cases::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    Ok(open_all(work, rows)?.pop())
}

/// One case of the office, for what the service does by itself and for families.
pub(in crate::counselling) fn load(work: &mut Work<'_>, id: CaseId) -> Result<Case, Error> {
    let rows: Vec<Row> = cases::table
        .filter(cases::office_id.eq(work.office_id()))
        .filter(cases::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)?
        .pop()
        .ok_or_else(|| Fault::NotFound.into())
}

/// Whether the office has such a case.
pub(in crate::counselling) fn exists(
    conn: &mut Conn,
    office: OfficeId,
    id: CaseId,
) -> db::Result<bool> {
    let one = cases::table
        .filter(cases::office_id.eq(office))
        .filter(cases::id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(one)).get_result(conn)?)
}

/// One case, its row locked to the end of the transaction: whatever changes a case or what
/// belongs to it does so one after another.
pub(in crate::counselling) fn lock(
    work: &mut Work<'_>,
    eyes: &Eyes,
    id: CaseId,
) -> Result<Case, Error> {
    touch(work.conn, work.office.id, id)?;
    find(work, eyes, id)?.ok_or_else(|| Fault::NotFound.into())
}

/// Takes the row lock of a case.
pub(in crate::counselling) fn touch(
    conn: &mut Conn,
    office: OfficeId,
    id: CaseId,
) -> db::Result<()> {
    let mine = cases::table
        .filter(cases::id.eq(id))
        .filter(cases::office_id.eq(office));
    diesel::update(mine)
        .set(cases::lock_seq.eq(cases::lock_seq + 1))
        .execute(conn)?;
    Ok(())
}

/// Writes a new case.
pub(in crate::counselling) fn insert(
    conn: &mut Conn,
    key: &DataKey,
    case: &Case,
) -> Result<(), Error> {
    diesel::insert_into(cases::table)
        .values((
            Row::of(key, case)?,
            cases::lock_seq.eq(0),
            cases::created_at.eq(case.opened_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    case: &Case,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(case.data_key_id)?;
    let mine = cases::table
        .filter(cases::id.eq(case.id))
        .filter(cases::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, case)?)
        .execute(work.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}
