//! Attendees.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rows::{AttendeeKeys, AttendeeRow};
use crate::db::Backend;
use crate::db::schema::attendees;
use crate::db::{Conn, Error, Result};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp, text, title};
use crate::training::model::{Attendee, AttendeeId, Audience};

/// What a list may be narrowed to.
#[derive(Debug, Clone, Default)]
pub(in crate::training) struct Filter {
    pub(in crate::training) q: Option<String>,
    pub(in crate::training) audience: Option<Audience>,
    pub(in crate::training) agency: Option<AgencyId>,
    pub(in crate::training) updated_since: Option<Timestamp>,
}

fn filtered<'a>(office: OfficeId, filter: &Filter) -> attendees::BoxedQuery<'a, Backend> {
    let mut query = attendees::table
        .filter(attendees::office_id.eq(office))
        .filter(attendees::merged_into.is_null())
        .into_boxed();
    if let Some(q) = &filter.q {
        query = query.filter(
            attendees::name_key
                .like(title::name_pattern(q))
                .escape('\\')
                .or(attendees::organisation_key
                    .like(text::like_pattern(q))
                    .escape('\\')
                    .assume_not_null())
                .or(attendees::phone
                    .like(text::phone_pattern(q))
                    .escape('\\')
                    .assume_not_null())
                .or(attendees::email
                    .like(text::address_pattern(q))
                    .escape('\\')
                    .assume_not_null()),
        );
    }
    if let Some(audience) = filter.audience {
        query = query.filter(attendees::audience.eq(audience));
    }
    if let Some(agency) = filter.agency {
        query = query.filter(attendees::agency_id.eq(agency));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(attendees::updated_at.ge(since));
    }
    query
}

/// One page by the order of Vietnamese lists, and one row more. Merged ones are left out.
pub(in crate::training) fn page(
    conn: &mut Conn,
    office: OfficeId,
    filter: &Filter,
    after: Option<(String, AttendeeId)>,
    limit: i64,
) -> Result<Vec<Attendee>> {
    let mut query = filtered(office, filter);
    if let Some((key, id)) = after {
        query = query.filter(
            attendees::sort_key
                .gt(key.clone())
                .or(attendees::sort_key.eq(key).and(attendees::id.gt(id))),
        );
    }
    let rows: Vec<AttendeeRow> = query
        .order((attendees::sort_key, attendees::id))
        .limit(limit + 1)
        .select(AttendeeRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Attendee::from).collect())
}

/// How many there are in all.
pub(in crate::training) fn count(
    conn: &mut Conn,
    office: OfficeId,
    filter: &Filter,
) -> Result<i64> {
    Ok(filtered(office, filter).count().get_result(conn)?)
}

/// One attendee of the office.
pub(in crate::training) fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: AttendeeId,
) -> Result<Option<Attendee>> {
    let row: Option<AttendeeRow> = attendees::table
        .filter(attendees::id.eq(id))
        .filter(attendees::office_id.eq(office))
        .select(AttendeeRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Attendee::from))
}

/// How many pointers are followed before the data is taken for broken.
const HOPS: usize = 16;

/// Who an attendee turned out to be, after every merge; an entry that is none's asks for nothing more.
pub(in crate::training) fn survivor(conn: &mut Conn, attendee: Attendee) -> Result<Attendee> {
    let (id, mut person) = (attendee.id, attendee);
    for _hop in 0..HOPS {
        let Some(into) = person.merged_into else {
            return Ok(person);
        };
        let next = find(conn, person.office_id, into)?;
        person =
            next.ok_or_else(|| Error::Corrupt(format!("attendee {id} is merged into nobody")))?;
    }
    Err(Error::Corrupt(format!(
        "attendee {id} is merged in a circle"
    )))
}

/// Every entry of each of these people, themselves included, with who it turned out to be.
pub(in crate::training) fn names_of(
    conn: &mut Conn,
    people: &[AttendeeId],
) -> Result<HashMap<AttendeeId, AttendeeId>> {
    let mut found: HashMap<AttendeeId, AttendeeId> = people.iter().map(|id| (*id, *id)).collect();
    let mut wave: Vec<AttendeeId> = people.to_vec();
    while !wave.is_empty() {
        let rows: Vec<(AttendeeId, Option<AttendeeId>)> = attendees::table
            .filter(attendees::merged_into.eq_any(&wave))
            .select((attendees::id, attendees::merged_into))
            .load(conn)?;
        wave.clear();
        for (id, into) in rows {
            let person = into.and_then(|into| found.get(&into).copied());
            if let Some(person) = person.filter(|_| !found.contains_key(&id)) {
                found.insert(id, person);
                wave.push(id);
            }
        }
    }
    Ok(found)
}

/// Every entry that turned out to be an attendee, with whom it came as.
pub(in crate::training) fn entries(
    conn: &mut Conn,
    id: AttendeeId,
) -> Result<Vec<(AttendeeId, Audience)>> {
    let mut found: Vec<(AttendeeId, Audience)> = Vec::new();
    let (mut into, mut seen) = (id, 0);
    loop {
        let mut rows: Vec<(AttendeeId, Audience)> = attendees::table
            .filter(attendees::merged_into.eq(into))
            .select((attendees::id, attendees::audience))
            .load(conn)?;
        rows.retain(|row| !found.contains(row));
        found.append(&mut rows);
        let Some((next, _)) = found.get(seen) else {
            return Ok(found);
        };
        (into, seen) = (*next, seen + 1);
    }
}

/// Whether somebody is of a family, as they are known or by an entry that turned out to be them.
pub(in crate::training) fn is_family(conn: &mut Conn, attendee: &Attendee) -> Result<bool> {
    if attendee.audience == Audience::Family {
        return Ok(true);
    }
    let entries = entries(conn, attendee.id)?;
    Ok(entries
        .iter()
        .any(|(_, audience)| *audience == Audience::Family))
}

/// The attendee a family account registers as.
pub(in crate::training) fn of_user(conn: &mut Conn, user: UserId) -> Result<Option<Attendee>> {
    let row: Option<AttendeeRow> = attendees::table
        .filter(attendees::user_id.eq(user))
        .select(AttendeeRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Attendee::from))
}

/// Everybody of a folded name, those that were merged last.
pub(in crate::training) fn named(
    conn: &mut Conn,
    office: OfficeId,
    name_key: &str,
) -> Result<Vec<Attendee>> {
    let rows: Vec<AttendeeRow> = attendees::table
        .filter(attendees::office_id.eq(office))
        .filter(attendees::name_key.eq(name_key))
        .order((attendees::merged_into.is_not_null(), attendees::id))
        .limit(50)
        .select(AttendeeRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Attendee::from).collect())
}

/// Everybody whose folded name is borne by more than one, merged ones left out.
pub(in crate::training) fn sharing_names(
    conn: &mut Conn,
    office: OfficeId,
) -> Result<Vec<Attendee>> {
    let others = diesel::alias!(attendees as others);
    let rows: Vec<AttendeeRow> = attendees::table
        .filter(attendees::office_id.eq(office))
        .filter(attendees::merged_into.is_null())
        .filter(diesel::dsl::exists(
            others
                .filter(others.field(attendees::office_id).eq(office))
                .filter(others.field(attendees::name_key).eq(attendees::name_key))
                .filter(others.field(attendees::merged_into).is_null())
                .filter(others.field(attendees::id).ne(attendees::id)),
        ))
        .order((attendees::name_key, attendees::id))
        .limit(2000)
        .select(AttendeeRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Attendee::from).collect())
}

/// Every pointer from a merged attendee to its survivor.
pub(in crate::training) fn pointers(
    conn: &mut Conn,
    office: OfficeId,
) -> Result<std::collections::BTreeMap<AttendeeId, AttendeeId>> {
    let rows: Vec<(AttendeeId, Option<AttendeeId>)> = attendees::table
        .filter(attendees::office_id.eq(office))
        .filter(attendees::merged_into.is_not_null())
        .select((attendees::id, attendees::merged_into))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, into)| into.map(|into| (id, into)))
        .collect())
}

/// Those merged straight into an attendee.
pub(in crate::training) fn merged_into(conn: &mut Conn, id: AttendeeId) -> Result<Vec<AttendeeId>> {
    Ok(attendees::table
        .filter(attendees::merged_into.eq(id))
        .select(attendees::id)
        .load(conn)?)
}

/// Locks an attendee's row.
pub(in crate::training) fn touch(conn: &mut Conn, id: AttendeeId) -> Result<()> {
    diesel::update(attendees::table.find(id))
        .set(attendees::version.eq(attendees::version))
        .execute(conn)?;
    Ok(())
}

/// Writes a new attendee.
pub(in crate::training) fn insert(conn: &mut Conn, attendee: &Attendee) -> Result<()> {
    diesel::insert_into(attendees::table)
        .values((AttendeeRow::from(attendee), AttendeeKeys::from(attendee)))
        .execute(conn)?;
    Ok(())
}

/// Writes a changed attendee.
pub(in crate::training) fn update(conn: &mut Conn, attendee: &Attendee) -> Result<()> {
    diesel::update(attendees::table.find(attendee.id))
        .set((AttendeeRow::from(attendee), AttendeeKeys::from(attendee)))
        .execute(conn)?;
    Ok(())
}
