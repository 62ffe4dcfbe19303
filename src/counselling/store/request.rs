//! Requests.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::counselling::error::Error;
use crate::counselling::model::{CaseId, Channel, PartyRole, Request, RequestId, RequestSecret};
use crate::counselling::policy::Eyes;
use crate::counselling::status::RequestStatus;
use crate::db::schema::{counselling_cases as cases, counselling_requests as requests};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{Fault, Language, OfficeId, Timestamp};
use crate::office::work::Work;
use crate::sealed::vault::is_live;
use crate::sealed::{DataKey, DataKeyId, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: RequestId,
    office_id: OfficeId,
    code: String,
    user_id: Option<UserId>,
    data_key_id: DataKeyId,
    status: RequestStatus,
    channel: Channel,
    party_role: PartyRole,
    language: Language,
    sealed: Vec<u8>,
    assignee_id: Option<UserId>,
    contact_due_on: NaiveDate,
    first_contacted_at: Option<Timestamp>,
    case_id: Option<CaseId>,
    ended_at: Option<Timestamp>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn place(id: RequestId) -> Place {
    Place {
        table: "counselling_requests",
        column: "sealed",
        row: id.uuid(),
    }
}

impl Row {
    fn of(key: &DataKey, request: &Request) -> Result<Self, Error> {
        let request = request.clone();
        Ok(Self {
            sealed: key.seal_json(place(request.id), &request.secret)?,
            id: request.id,
            office_id: request.office_id,
            code: request.code,
            user_id: request.user_id,
            data_key_id: request.data_key_id,
            status: request.status,
            channel: request.channel,
            party_role: request.party_role,
            language: request.language,
            assignee_id: request.assignee_id,
            contact_due_on: request.contact_due_on,
            first_contacted_at: request.first_contacted_at,
            case_id: request.case_id,
            ended_at: request.ended_at,
            version: request.version,
            created_at: request.created_at,
            updated_at: request.updated_at,
        })
    }

    fn open(self, key: &DataKey) -> Result<Request, Error> {
        let secret: RequestSecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Request {
            id: self.id,
            office_id: self.office_id,
            code: self.code,
            user_id: self.user_id,
            data_key_id: self.data_key_id,
            status: self.status,
            channel: self.channel,
            party_role: self.party_role,
            language: self.language,
            assignee_id: self.assignee_id,
            contact_due_on: self.contact_due_on,
            first_contacted_at: self.first_contacted_at,
            case_id: self.case_id,
            ended_at: self.ended_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            secret,
        })
    }
}

/// Whose requests are looked at.
#[derive(Debug, Clone)]
pub(in crate::counselling) enum Scope {
    /// Those a member of staff sees.
    Staff(Eyes),
    /// Those an account made.
    Own(UserId),
}

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::counselling) struct Filter {
    pub(in crate::counselling) status: Option<RequestStatus>,
    pub(in crate::counselling) assignee: Option<UserId>,
    pub(in crate::counselling) code: Option<String>,
    pub(in crate::counselling) updated_since: Option<Timestamp>,
}

fn visible<'a>(office: OfficeId, scope: &Scope) -> requests::BoxedQuery<'a, Backend> {
    let query = requests::table
        .filter(requests::office_id.eq(office))
        .filter(is_live!(requests::data_key_id))
        .into_boxed();
    match scope {
        Scope::Own(user) => query.filter(requests::user_id.eq(*user)),
        Scope::Staff(eyes) => match eyes.only_of() {
            Some(users) => {
                // What became a case is seen by whoever sees that, and by nobody from before.
                let counselled = cases::table
                    .filter(cases::counsellor_id.eq_any(users.clone()))
                    .filter(cases::is_restricted.eq(false))
                    .select(cases::id);
                let given = requests::case_id
                    .is_null()
                    .and(requests::assignee_id.assume_not_null().eq_any(users));
                query.filter(given.or(requests::case_id.assume_not_null().eq_any(counselled)))
            }
            None => query,
        },
    }
}

fn filtered<'a>(
    office: OfficeId,
    scope: &Scope,
    filter: &Filter,
) -> requests::BoxedQuery<'a, Backend> {
    let mut query = visible(office, scope);
    if let Some(status) = filter.status {
        query = query.filter(requests::status.eq(status));
    }
    if let Some(assignee) = filter.assignee {
        query = query.filter(requests::assignee_id.eq(assignee));
    }
    if let Some(code) = filter.code.clone() {
        query = query.filter(requests::code.eq(code));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(requests::updated_at.ge(since));
    }
    query
}

fn open_all(work: &mut Work<'_>, rows: Vec<Row>) -> Result<Vec<Request>, Error> {
    let ids: Vec<DataKeyId> = rows.iter().map(|row| row.data_key_id).collect();
    let keys = work.data_keys(&ids)?;
    rows.into_iter()
        .filter_map(|row| keys.get(&row.data_key_id).map(|key| row.open(key)))
        .collect()
}

/// One page, oldest first, and one row more.
pub(in crate::counselling) fn page(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<(Timestamp, RequestId)>,
    limit: i64,
) -> Result<Vec<Request>, Error> {
    let mut query = filtered(work.office_id(), scope, filter);
    if let Some((at, id)) = after {
        query = query.filter(
            requests::created_at
                .gt(at)
                .or(requests::created_at.eq(at).and(requests::id.gt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((requests::created_at, requests::id))
        .limit(limit + 1)
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)
}

/// How many there are in all.
pub(in crate::counselling) fn count(
    work: &mut Work<'_>,
    scope: &Scope,
    filter: &Filter,
) -> Result<i64, Error> {
    let query = filtered(work.office_id(), scope, filter);
    Ok(query.count().get_result(work.conn)?)
}

/// One request, where the scope reaches it.
pub(in crate::counselling) fn find(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
) -> Result<Option<Request>, Error> {
    let rows: Vec<Row> = visible(work.office_id(), scope)
        .filter(requests::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    Ok(open_all(work, rows)?.pop())
}

/// One request of the office, for what the service does by itself.
pub(in crate::counselling) fn of_office(
    work: &mut Work<'_>,
    id: RequestId,
) -> Result<Request, Error> {
    let rows: Vec<Row> = requests::table
        .filter(requests::office_id.eq(work.office_id()))
        .filter(requests::id.eq(id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)?
        .pop()
        .ok_or_else(|| Fault::NotFound.into())
}

/// The requests that became a case, made by an account, or by none.
pub(in crate::counselling) fn of_case(
    conn: &mut Conn,
    case: CaseId,
    user: Option<UserId>,
) -> db::Result<Vec<RequestId>> {
    let of_case = requests::table
        .filter(requests::case_id.eq(case))
        .into_boxed();
    let of_case = match user {
        Some(user) => of_case.filter(requests::user_id.eq(user)),
        None => of_case.filter(requests::user_id.is_null()),
    };
    Ok(of_case.select(requests::id).load(conn)?)
}

/// What seals the requests a case was made of.
pub(in crate::counselling) fn keys_of_case(
    conn: &mut Conn,
    case: CaseId,
) -> db::Result<Vec<DataKeyId>> {
    let theirs = requests::table.filter(requests::case_id.eq(case));
    Ok(theirs.select(requests::data_key_id).load(conn)?)
}

/// The requests an account made, oldest first.
pub(in crate::counselling) fn of_user(
    work: &mut Work<'_>,
    user: UserId,
) -> Result<Vec<Request>, Error> {
    let rows: Vec<Row> = visible(work.office_id(), &Scope::Own(user))
        .order((requests::created_at, requests::id))
        .select(Row::as_select())
        .load(work.conn)?;
    open_all(work, rows)
}

/// Locks the row of a request: whatever books for it does so one after another.
pub(in crate::counselling) fn touch(
    conn: &mut Conn,
    office: OfficeId,
    id: RequestId,
) -> db::Result<()> {
    let mine = requests::table
        .filter(requests::id.eq(id))
        .filter(requests::office_id.eq(office));
    diesel::update(mine)
        .set(requests::version.eq(requests::version))
        .execute(conn)?;
    Ok(())
}

/// Whether an account has a request that is not over.
pub(in crate::counselling) fn has_open(conn: &mut Conn, user: UserId) -> db::Result<bool> {
    let over = [
        RequestStatus::CaseOpened,
        RequestStatus::Redirected,
        RequestStatus::Withdrawn,
    ];
    let count: i64 = requests::table
        .filter(requests::user_id.eq(user))
        .filter(requests::status.ne_all(over))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// How many requests an account made since.
pub(in crate::counselling) fn made_since(
    conn: &mut Conn,
    user: UserId,
    since: Timestamp,
) -> db::Result<i64> {
    Ok(requests::table
        .filter(requests::user_id.eq(user))
        .filter(requests::created_at.gt(since))
        .count()
        .get_result(conn)?)
}

/// Writes a new request.
pub(in crate::counselling) fn insert(
    conn: &mut Conn,
    key: &DataKey,
    request: &Request,
) -> Result<(), Error> {
    diesel::insert_into(requests::table)
        .values(Row::of(key, request)?)
        .execute(conn)?;
    Ok(())
}

/// Writes a change; the version guards it.
pub(in crate::counselling) fn update(
    work: &mut Work<'_>,
    request: &Request,
    seen: i32,
) -> Result<(), Error> {
    let key = work.data_key(request.data_key_id)?;
    let mine = requests::table
        .filter(requests::id.eq(request.id))
        .filter(requests::version.eq(seen));
    let changed = diesel::update(mine)
        .set(Row::of(&key, request)?)
        .execute(work.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Fault::Stale.into())
    }
}
