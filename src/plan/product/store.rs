//! Rows of products and of their files.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::status::ProductStatus;
use super::{Content, Product, ProductFile, ProductFileId, ProductLine};
use crate::db::schema::{data_keys, product_files as files, products};
use crate::db::{self, Backend, Conn};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp, text};
use crate::office::owed::{HeldSessionId, ProductId, ProductKind};
use crate::paper::incoming::FileKind;
use crate::sealed::{DataKeyId, StoredId};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: ProductId,
    office_id: OfficeId,
    kind: ProductKind,
    title: String,
    search_key: String,
    plan_task: String,
    report_year: i32,
    session_id: Option<HeldSessionId>,
    agency_id: AgencyId,
    number: Option<String>,
    dated_on: Option<NaiveDate>,
    signer: Option<String>,
    recipients: String,
    note: Option<String>,
    status: ProductStatus,
    submitted_at: Option<Timestamp>,
    submitted_by_id: Option<UserId>,
    returned_reason: Option<String>,
    approved_at: Option<Timestamp>,
    approved_by_id: Option<UserId>,
    issued_at: Option<Timestamp>,
    issued_by_id: Option<UserId>,
    superseded_by_id: Option<ProductId>,
    superseded_at: Option<Timestamp>,
    data_key_id: Option<DataKeyId>,
    created_by_id: UserId,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn of(office_id: OfficeId, product: &Product) -> db::Result<Self> {
        let content = product.content.clone();
        let number = product.number.clone();
        let searched = format!(
            "{} {}",
            content.title,
            number.as_deref().unwrap_or_default()
        );
        let recipients = serde_json::to_string(&content.recipients)
            .map_err(|e| db::Error::Corrupt(format!("recipients: {e}")))?;
        Ok(Self {
            id: product.id,
            office_id,
            kind: content.kind,
            search_key: text::fold(&searched),
            title: content.title,
            plan_task: content.plan_task,
            report_year: content.report_year,
            session_id: content.session_id,
            agency_id: content.agency_id,
            number,
            dated_on: product.dated_on,
            signer: product.signer.clone(),
            recipients,
            note: content.note,
            status: product.status,
            submitted_at: product.submitted.map(|(at, _)| at),
            submitted_by_id: product.submitted.and_then(|(_, by)| by),
            returned_reason: product.returned_reason.clone(),
            approved_at: product.approved.map(|(at, _)| at),
            approved_by_id: product.approved.and_then(|(_, by)| by),
            issued_at: product.issued.map(|(at, _)| at),
            issued_by_id: product.issued.and_then(|(_, by)| by),
            superseded_by_id: product.superseded.and_then(|(_, by)| by),
            superseded_at: product.superseded.map(|(at, _)| at),
            data_key_id: product.data_key_id,
            created_by_id: product.created_by,
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        })
    }

    fn into_product(self, file: Option<ProductFile>) -> db::Result<Product> {
        let recipients = serde_json::from_str(&self.recipients)
            .map_err(|e| db::Error::Corrupt(format!("recipients of a product: {e}")))?;
        Ok(Product {
            id: self.id,
            content: Content {
                kind: self.kind,
                title: self.title,
                plan_task: self.plan_task,
                report_year: self.report_year,
                session_id: self.session_id,
                agency_id: self.agency_id,
                recipients,
                note: self.note,
            },
            number: self.number,
            dated_on: self.dated_on,
            signer: self.signer,
            status: self.status,
            submitted: self.submitted_at.map(|at| (at, self.submitted_by_id)),
            returned_reason: self.returned_reason,
            approved: self.approved_at.map(|at| (at, self.approved_by_id)),
            issued: self.issued_at.map(|at| (at, self.issued_by_id)),
            superseded: self.superseded_at.map(|at| (at, self.superseded_by_id)),
            data_key_id: self.data_key_id,
            created_by: self.created_by_id,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            file,
        })
    }
}

/// Which products are wanted.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub(super) kind: Option<ProductKind>,
    pub(super) status: Option<ProductStatus>,
    pub(super) plan_task: Option<&'a str>,
    pub(super) agency: Option<AgencyId>,
    pub(super) year: Option<i32>,
    pub(super) session: Option<HeldSessionId>,
    pub(super) q: Option<&'a str>,
    pub(super) updated_since: Option<Timestamp>,
}

fn query<'a>(office: OfficeId, wanted: &Wanted<'_>) -> products::BoxedQuery<'a, Backend> {
    let mut query = products::table
        .filter(products::office_id.eq(office))
        .into_boxed::<Backend>();
    for word in wanted.q.unwrap_or_default().split_whitespace().take(16) {
        let pattern = text::like_pattern(word);
        query = query.filter(products::search_key.like(pattern).escape('\\'));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(products::kind.eq(kind));
    }
    if let Some(status) = wanted.status {
        query = query.filter(products::status.eq(status));
    }
    if let Some(task) = wanted.plan_task {
        query = query.filter(products::plan_task.eq(task.to_owned()));
    }
    if let Some(agency) = wanted.agency {
        query = query.filter(products::agency_id.eq(agency));
    }
    if let Some(year) = wanted.year {
        query = query.filter(products::report_year.eq(year));
    }
    if let Some(session) = wanted.session {
        query = query.filter(products::session_id.eq(session));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(products::updated_at.ge(since));
    }
    query
}

/// One page, newest first.
pub(super) fn page(
    conn: &mut Conn,
    office: OfficeId,
    wanted: &Wanted<'_>,
    before: Option<ProductId>,
    limit: i64,
) -> db::Result<Vec<Product>> {
    let mut query = query(office, wanted);
    if let Some(before) = before {
        query = query.filter(products::id.lt(before));
    }
    let rows: Vec<Row> = query
        .select(Row::as_select())
        .order(products::id.desc())
        .limit(limit)
        .load(conn)?;
    let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
    let mut files = files_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let file = files.remove(&row.id);
            row.into_product(file)
        })
        .collect()
}

/// How many there are in all.
pub(super) fn count(conn: &mut Conn, office: OfficeId, wanted: &Wanted<'_>) -> db::Result<i64> {
    Ok(query(office, wanted).count().get_result(conn)?)
}

/// A product of an office.
pub(super) fn find(
    conn: &mut Conn,
    office: OfficeId,
    id: ProductId,
) -> db::Result<Option<Product>> {
    let row: Option<Row> = products::table
        .filter(products::office_id.eq(office))
        .filter(products::id.eq(id))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let file = files_of(conn, &[id])?.remove(&id);
    row.into_product(file).map(Some)
}

/// Takes the row lock of a product.
pub(super) fn lock(conn: &mut Conn, office: OfficeId, id: ProductId) -> db::Result<()> {
    let row = products::table
        .filter(products::office_id.eq(office))
        .filter(products::id.eq(id));
    diesel::update(row)
        .set(products::version.eq(products::version))
        .execute(conn)?;
    Ok(())
}

pub(super) fn insert(conn: &mut Conn, office: OfficeId, product: &Product) -> db::Result<()> {
    diesel::insert_into(products::table)
        .values(Row::of(office, product)?)
        .execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, office: OfficeId, product: &Product) -> db::Result<()> {
    diesel::update(products::table.find(product.id))
        .set(Row::of(office, product)?)
        .execute(conn)?;
    Ok(())
}

/// Notes the key that a product's files are sealed by.
pub(super) fn set_key(conn: &mut Conn, id: ProductId, key: DataKeyId) -> db::Result<()> {
    diesel::update(products::table.find(id))
        .set(products::data_key_id.eq(Some(key)))
        .execute(conn)?;
    Ok(())
}

/// Removes a draft with the rows of its files, which are swept away.
pub(super) fn delete(conn: &mut Conn, id: ProductId) -> db::Result<()> {
    diesel::delete(files::table.filter(files::product_id.eq(id))).execute(conn)?;
    diesel::delete(products::table.find(id)).execute(conn)?;
    Ok(())
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = files)]
struct FileRow {
    id: ProductFileId,
    product_id: ProductId,
    media: FileKind,
    name: String,
    size: i32,
    sha256: String,
    uploaded_by_id: UserId,
    created_at: Timestamp,
}

/// The files of some products that are there.
fn files_of(conn: &mut Conn, ids: &[ProductId]) -> db::Result<BTreeMap<ProductId, ProductFile>> {
    let rows: Vec<FileRow> = files::table
        .filter(files::product_id.eq_any(ids))
        .filter(files::removed_at.is_null())
        .order(files::id)
        .select(FileRow::as_select())
        .load(conn)?;
    let file = |row: FileRow| {
        let file = ProductFile {
            id: row.id,
            media: row.media,
            name: row.name,
            size: row.size,
            sha256: row.sha256,
            uploaded_by: row.uploaded_by_id,
            created_at: row.created_at,
        };
        (row.product_id, file)
    };
    Ok(rows.into_iter().map(file).collect())
}

/// Puts a file to a product, in the place of the one before, which is swept away.
pub(super) fn put_file(
    conn: &mut Conn,
    now: Timestamp,
    (office, product): (OfficeId, ProductId),
    file: &ProductFile,
) -> db::Result<()> {
    let before = files::table
        .filter(files::product_id.eq(product))
        .filter(files::removed_at.is_null());
    diesel::update(before)
        .set(files::removed_at.eq(Some(now)))
        .execute(conn)?;
    diesel::insert_into(files::table)
        .values((
            files::id.eq(file.id),
            files::office_id.eq(office),
            files::product_id.eq(product),
            files::media.eq(file.media),
            files::name.eq(&file.name),
            files::size.eq(file.size),
            files::sha256.eq(&file.sha256),
            files::uploaded_by_id.eq(file.uploaded_by),
            files::created_at.eq(file.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Which of some stored files are named. What was replaced, or lost its key, is not.
pub(in crate::plan) fn named(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    let ids: Vec<ProductFileId> = ids.iter().copied().map(StoredId::cast).collect();
    let erased = data_keys::table
        .filter(data_keys::wrapped.is_null())
        .select(data_keys::id.nullable());
    let forgotten = products::table
        .filter(products::data_key_id.eq_any(erased))
        .select(products::id);
    let found: Vec<ProductFileId> = files::table
        .filter(files::id.eq_any(ids))
        .filter(files::removed_at.is_null())
        .filter(files::product_id.ne_all(forgotten))
        .select(files::id)
        .load(conn)?;
    Ok(found.into_iter().map(ProductFileId::cast).collect())
}

type Line = (
    (ProductId, ProductKind, String, String, i32),
    (Option<String>, Option<NaiveDate>, Option<String>),
    (ProductStatus, AgencyId, Option<HeldSessionId>),
);

/// What reports say of products.
pub(super) fn lines(
    conn: &mut Conn,
    office: OfficeId,
    (year, plan_task): (Option<i32>, Option<&str>),
) -> db::Result<Vec<ProductLine>> {
    let wanted = Wanted {
        plan_task,
        year,
        ..Wanted::default()
    };
    let rows: Vec<Line> = query(office, &wanted)
        .select((
            (
                products::id,
                products::kind,
                products::title,
                products::plan_task,
                products::report_year,
            ),
            (products::number, products::dated_on, products::signer),
            (products::status, products::agency_id, products::session_id),
        ))
        .order(products::id)
        .load(conn)?;
    let line = |(what, issued, stands): Line| ProductLine {
        id: what.0,
        kind: what.1,
        title: what.2,
        plan_task: what.3,
        report_year: what.4,
        number: issued.0,
        dated_on: issued.1,
        signer: issued.2,
        status: stands.0,
        agency_id: stands.1,
        session_id: stands.2,
    };
    Ok(rows.into_iter().map(line).collect())
}
