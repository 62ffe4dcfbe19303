//! Rows of what sessions owe. One for each session and kind, which an index keeps.

use diesel::prelude::*;

use super::{HeldSessionId, Owed, OwedStatus, PlanProduct, ProductId, ProductKind};
use crate::db::schema::{owed_products as owed, products, training_sessions as sessions};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{Id, OfficeId, Timestamp};

/// What is owed by which session of which office.
type What = (OfficeId, HeldSessionId, ProductKind);

#[derive(Queryable, Selectable)]
#[diesel(table_name = owed)]
struct Row {
    session_id: HeldSessionId,
    kind: ProductKind,
    status: OwedStatus,
    product_id: Option<ProductId>,
    waived_reason: Option<String>,
}

impl From<Row> for Owed {
    fn from(row: Row) -> Self {
        Self {
            session_id: row.session_id,
            kind: row.kind,
            status: row.status,
            product_id: row.product_id,
            waived_reason: row.waived_reason,
        }
    }
}

pub(super) fn of(
    conn: &mut Conn,
    office: OfficeId,
    ids: &[HeldSessionId],
) -> db::Result<Vec<Owed>> {
    let rows: Vec<Row> = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::session_id.eq_any(ids))
        .order((owed::session_id, owed::kind))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Owed::from).collect())
}

pub(super) fn open_of(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<Owed>> {
    let rows: Vec<Row> = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::status.eq(OwedStatus::Owed))
        .order(owed::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Owed::from).collect())
}

pub(super) fn find(conn: &mut Conn, (office, session, kind): What) -> db::Result<Option<Owed>> {
    let row: Option<Row> = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::session_id.eq(session))
        .filter(owed::kind.eq(kind))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Owed::from))
}

/// The first product of a session and kind that is issued and was not superseded.
pub(super) fn issued(
    conn: &mut Conn,
    (office, session, kind): What,
) -> db::Result<Option<ProductId>> {
    Ok(products::table
        .filter(products::office_id.eq(office))
        .filter(products::session_id.eq(session))
        .filter(products::kind.eq(kind))
        .filter(products::status.eq("issued"))
        .order(products::id)
        .select(products::id)
        .first(conn)
        .optional()?)
}

pub(super) fn insert(
    conn: &mut Conn,
    now: Timestamp,
    (office, session, kind): What,
    product: Option<ProductId>,
) -> db::Result<()> {
    let status = match product {
        Some(_) => OwedStatus::Delivered,
        None => OwedStatus::Owed,
    };
    diesel::insert_into(owed::table)
        .values((
            owed::id.eq(Id::<PlanProduct>::new(now)),
            owed::office_id.eq(office),
            owed::session_id.eq(session),
            owed::kind.eq(kind),
            owed::status.eq(status),
            owed::product_id.eq(product),
            owed::created_at.eq(now),
            owed::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Drops what is still owed; gives the number.
pub(super) fn drop_owed(
    conn: &mut Conn,
    (office, session): (OfficeId, HeldSessionId),
) -> db::Result<usize> {
    let still = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::session_id.eq(session))
        .filter(owed::status.eq(OwedStatus::Owed));
    Ok(diesel::delete(still).execute(conn)?)
}

/// Takes the row lock of a session.
pub(super) fn lock_session(
    conn: &mut Conn,
    office: OfficeId,
    session: HeldSessionId,
) -> db::Result<()> {
    let row = sessions::table
        .filter(sessions::office_id.eq(office))
        .filter(sessions::id.eq(session));
    diesel::update(row)
        .set(sessions::version.eq(sessions::version))
        .execute(conn)?;
    Ok(())
}

/// Notes the product that is there; `false` where none is owed, or one is there already.
pub(super) fn deliver(
    conn: &mut Conn,
    now: Timestamp,
    (office, session, kind): What,
    product: ProductId,
) -> db::Result<bool> {
    let missing = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::session_id.eq(session))
        .filter(owed::kind.eq(kind))
        .filter(owed::status.ne(OwedStatus::Delivered));
    let changed = diesel::update(missing)
        .set((
            owed::status.eq(OwedStatus::Delivered),
            owed::product_id.eq(Some(product)),
            owed::waived_reason.eq(None::<String>),
            owed::waived_by_id.eq(None::<UserId>),
            owed::waived_at.eq(None::<Timestamp>),
            owed::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed > 0)
}

/// What one product delivered, another does.
pub(super) fn pass_on(
    conn: &mut Conn,
    now: Timestamp,
    office: OfficeId,
    (old, new): (ProductId, ProductId),
) -> db::Result<()> {
    let delivered = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::status.eq(OwedStatus::Delivered))
        .filter(owed::product_id.eq(old));
    diesel::update(delivered)
        .set((owed::product_id.eq(Some(new)), owed::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Notes why there is none; `false` where none is owed.
pub(super) fn waive(
    conn: &mut Conn,
    now: Timestamp,
    (office, session, kind): What,
    (reason, by): (&str, Option<UserId>),
) -> db::Result<bool> {
    let still = owed::table
        .filter(owed::office_id.eq(office))
        .filter(owed::session_id.eq(session))
        .filter(owed::kind.eq(kind))
        .filter(owed::status.eq(OwedStatus::Owed));
    let changed = diesel::update(still)
        .set((
            owed::status.eq(OwedStatus::Waived),
            owed::waived_reason.eq(Some(reason)),
            owed::waived_by_id.eq(by),
            owed::waived_at.eq(Some(now)),
            owed::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed > 0)
}

pub(super) fn held_at(
    conn: &mut Conn,
    office: OfficeId,
    session: HeldSessionId,
) -> db::Result<Option<Timestamp>> {
    Ok(sessions::table
        .filter(sessions::office_id.eq(office))
        .filter(sessions::id.eq(session))
        .filter(sessions::status.ne("draft"))
        .select(sessions::first_starts_at)
        .first(conn)
        .optional()?)
}
