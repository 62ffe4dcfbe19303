//! Rows of agencies.

use diesel::prelude::*;

use crate::db::Backend;
use crate::db::schema::agencies;
use crate::db::{self, Conn};
use crate::kernel::{AgencyId, OfficeId, Timestamp, text};
use crate::office::agency::{Agency, AgencyFields, AgencyKind, Wanted};

type Columns = (
    agencies::id,
    agencies::code,
    agencies::name_vi,
    agencies::name_en,
    agencies::name_key,
    agencies::kind,
    agencies::active,
    agencies::version,
    agencies::created_at,
    agencies::updated_at,
);
const COLUMNS: Columns = (
    agencies::id,
    agencies::code,
    agencies::name_vi,
    agencies::name_en,
    agencies::name_key,
    agencies::kind,
    agencies::active,
    agencies::version,
    agencies::created_at,
    agencies::updated_at,
);

/// What `q` looks in.
pub(in crate::office) fn key(fields: &AgencyFields) -> String {
    text::fold(&format!(
        "{} {} {}",
        fields.name_vi, fields.name_en, fields.code
    ))
}

pub(in crate::office) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    fields: &AgencyFields,
) -> db::Result<AgencyId> {
    let id = AgencyId::new(now);
    diesel::insert_into(agencies::table)
        .values((
            agencies::id.eq(id),
            agencies::office_id.eq(office),
            agencies::code.eq(&fields.code),
            agencies::name_vi.eq(&fields.name_vi),
            agencies::name_en.eq(&fields.name_en),
            agencies::name_key.eq(key(fields)),
            agencies::kind.eq(fields.kind),
            agencies::active.eq(fields.active),
            agencies::version.eq(1),
            agencies::created_at.eq(now),
            agencies::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

pub(in crate::office) fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: AgencyId,
) -> db::Result<Option<Agency>> {
    Ok(agencies::table
        .filter(agencies::office_id.eq(office))
        .filter(agencies::id.eq(id))
        .select(COLUMNS)
        .first(conn)
        .optional()?)
}

pub(in crate::office) fn all(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<Agency>> {
    Ok(agencies::table
        .filter(agencies::office_id.eq(office))
        .select(COLUMNS)
        .order(agencies::id)
        .load(conn)?)
}

/// Writes the next version; `false` when another is current by now.
pub(in crate::office) fn update(
    conn: &mut Conn,
    now: Timestamp,
    (id, version): (AgencyId, i32),
    fields: &AgencyFields,
) -> db::Result<bool> {
    let same = agencies::table
        .filter(agencies::id.eq(id))
        .filter(agencies::version.eq(version));
    let changed = diesel::update(same)
        .set((
            agencies::code.eq(&fields.code),
            agencies::name_vi.eq(&fields.name_vi),
            agencies::name_en.eq(&fields.name_en),
            agencies::name_key.eq(key(fields)),
            agencies::kind.eq(fields.kind),
            agencies::active.eq(fields.active),
            agencies::version.eq(version + 1),
            agencies::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

fn query<'a>(office: OfficeId, wanted: &Wanted<'_>) -> agencies::BoxedQuery<'a, Backend> {
    let mut query = agencies::table
        .filter(agencies::office_id.eq(office))
        .into_boxed::<Backend>();
    for word in wanted.q.unwrap_or_default().split_whitespace().take(16) {
        let pattern = text::like_pattern(word);
        query = query.filter(agencies::name_key.like(pattern).escape('\\'));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(agencies::kind.eq::<AgencyKind>(kind));
    }
    if let Some(active) = wanted.active {
        query = query.filter(agencies::active.eq(active));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(agencies::updated_at.ge(since));
    }
    query
}

pub(in crate::office) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
    after: Option<(String, AgencyId)>,
    limit: i64,
) -> db::Result<Vec<Agency>> {
    let mut query = query(office, wanted);
    if let Some((key, id)) = after {
        let behind = agencies::name_key
            .gt(key.clone())
            .or(agencies::name_key.eq(key).and(agencies::id.gt(id)));
        query = query.filter(behind);
    }
    Ok(query
        .select(COLUMNS)
        .order((agencies::name_key, agencies::id))
        .limit(limit)
        .load(conn)?)
}

pub(in crate::office) fn count(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
) -> db::Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}
