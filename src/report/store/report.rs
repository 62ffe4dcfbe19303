//! Rows of reports: an edition each.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::plan_reports as reports;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{OfficeId, Timestamp};
use crate::report::model::{FiledWay, Report, ReportId, ReportKind};
use crate::report::status::ReportStatus;
use crate::sealed::DataKeyId;

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reports, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: ReportId,
    kind: ReportKind,
    year: i32,
    edition: i32,
    edition_reason: Option<String>,
    from_on: NaiveDate,
    to_on: NaiveDate,
    status: ReportStatus,
    texts: String,
    contributions_due_on: Option<NaiveDate>,
    returned_reason: Option<String>,
    consolidated_at: Option<Timestamp>,
    consolidated_by_id: Option<UserId>,
    approved_at: Option<Timestamp>,
    approved_by_id: Option<UserId>,
    number: Option<String>,
    dated_on: Option<NaiveDate>,
    signer: Option<String>,
    recipients: String,
    issued_at: Option<Timestamp>,
    issued_by_id: Option<UserId>,
    filed_at: Option<Timestamp>,
    filed_by_id: Option<UserId>,
    filed_way: Option<FiledWay>,
    data_key_id: Option<DataKeyId>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> db::Result<T> {
    serde_json::from_str(text).map_err(|e| db::Error::Corrupt(format!("a report: {e}")))
}

fn text<T: serde::Serialize>(value: &T) -> db::Result<String> {
    serde_json::to_string(value).map_err(|e| db::Error::Corrupt(format!("a report: {e}")))
}

impl Row {
    fn read(self) -> db::Result<Report> {
        Ok(Report {
            id: self.id,
            kind: self.kind,
            year: self.year,
            edition: self.edition,
            edition_reason: self.edition_reason,
            period: (self.from_on, self.to_on),
            status: self.status,
            texts: json(&self.texts)?,
            contributions_due_on: self.contributions_due_on,
            returned_reason: self.returned_reason,
            consolidated: self.consolidated_at.map(|at| (at, self.consolidated_by_id)),
            approved: self.approved_at.map(|at| (at, self.approved_by_id)),
            number: self.number,
            dated_on: self.dated_on,
            signer: self.signer,
            recipients: json(&self.recipients)?,
            issued: self.issued_at.map(|at| (at, self.issued_by_id)),
            filed: self.filed_at.map(|at| (at, self.filed_by_id)),
            filed_way: self.filed_way,
            data_key_id: self.data_key_id,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }

    fn of(report: &Report) -> db::Result<Self> {
        let at = |step: crate::report::model::Step| step.map(|(at, _)| at);
        let by = |step: crate::report::model::Step| step.and_then(|(_, by)| by);
        Ok(Self {
            id: report.id,
            kind: report.kind,
            year: report.year,
            edition: report.edition,
            edition_reason: report.edition_reason.clone(),
            from_on: report.period.0,
            to_on: report.period.1,
            status: report.status,
            texts: text(&report.texts)?,
            contributions_due_on: report.contributions_due_on,
            returned_reason: report.returned_reason.clone(),
            consolidated_at: at(report.consolidated),
            consolidated_by_id: by(report.consolidated),
            approved_at: at(report.approved),
            approved_by_id: by(report.approved),
            number: report.number.clone(),
            dated_on: report.dated_on,
            signer: report.signer.clone(),
            recipients: text(&report.recipients)?,
            issued_at: at(report.issued),
            issued_by_id: by(report.issued),
            filed_at: at(report.filed),
            filed_by_id: by(report.filed),
            filed_way: report.filed_way,
            data_key_id: report.data_key_id,
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
        })
    }
}

/// Which report: of an office, a kind and a year.
pub(in crate::report) type Which = (OfficeId, ReportKind, i32);

/// An edition of a report; without a number the latest.
pub(in crate::report) fn find(
    conn: &mut Conn,
    (office, kind, year): Which,
    edition: Option<i32>,
) -> db::Result<Option<Report>> {
    let mut query = reports::table
        .filter(reports::office_id.eq(office))
        .filter(reports::kind.eq(kind))
        .filter(reports::year.eq(year))
        .into_boxed::<db::Backend>();
    if let Some(edition) = edition {
        query = query.filter(reports::edition.eq(edition));
    }
    let row: Option<Row> = query
        .order(reports::edition.desc())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Takes the row locks of a report's editions.
pub(in crate::report) fn lock(conn: &mut Conn, (office, kind, year): Which) -> db::Result<()> {
    let rows = reports::table
        .filter(reports::office_id.eq(office))
        .filter(reports::kind.eq(kind))
        .filter(reports::year.eq(year));
    diesel::update(rows)
        .set(reports::version.eq(reports::version))
        .execute(conn)?;
    Ok(())
}

/// Which reports are wanted.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Wanted {
    pub(in crate::report) kind: ReportKind,
    pub(in crate::report) status: Option<ReportStatus>,
    pub(in crate::report) updated_since: Option<Timestamp>,
}

type Query<'a> = reports::BoxedQuery<'a, db::Backend>;

/// The latest editions.
fn latest<'a>(office: OfficeId, wanted: &Wanted) -> Query<'a> {
    let later = diesel::alias!(reports as later);
    let newest = later
        .filter(later.field(reports::office_id).eq(reports::office_id))
        .filter(later.field(reports::kind).eq(reports::kind))
        .filter(later.field(reports::year).eq(reports::year))
        .select(diesel::dsl::max(later.field(reports::edition)))
        .single_value();
    let mut query = reports::table
        .filter(reports::office_id.eq(office))
        .filter(reports::kind.eq(wanted.kind))
        .filter(reports::edition.nullable().eq(newest))
        .into_boxed::<db::Backend>();
    if let Some(status) = wanted.status {
        query = query.filter(reports::status.eq(status));
    }
    if let Some(since) = wanted.updated_since {
        query = query.filter(reports::updated_at.ge(since));
    }
    query
}

/// The latest editions before a year, the newest year first.
pub(in crate::report) fn page(
    conn: &mut Conn,
    (office, wanted): (OfficeId, &Wanted),
    before: Option<i32>,
    limit: i64,
) -> db::Result<Vec<Report>> {
    let mut query = latest(office, wanted);
    if let Some(before) = before {
        query = query.filter(reports::year.lt(before));
    }
    let rows: Vec<Row> = query
        .order(reports::year.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// How many there are in all.
pub(in crate::report) fn count(
    conn: &mut Conn,
    (office, wanted): (OfficeId, &Wanted),
) -> db::Result<i64> {
    Ok(latest(office, wanted).count().get_result(conn)?)
}

/// Writes a new edition.
pub(in crate::report) fn insert(
    conn: &mut Conn,
    office: OfficeId,
    report: &Report,
    by: UserId,
) -> db::Result<()> {
    diesel::insert_into(reports::table)
        .values((
            Row::of(report)?,
            reports::office_id.eq(office),
            reports::created_by_id.eq(by),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a report as it stands now, a version further.
pub(in crate::report) fn update(
    conn: &mut Conn,
    now: Timestamp,
    report: &mut Report,
) -> db::Result<()> {
    report.version += 1;
    report.updated_at = now;
    diesel::update(reports::table.find(report.id))
        .set(Row::of(report)?)
        .execute(conn)?;
    Ok(())
}

/// Notes what the files of a report are sealed by.
pub(in crate::report) fn set_key(
    conn: &mut Conn,
    report: ReportId,
    key: DataKeyId,
) -> db::Result<()> {
    diesel::update(reports::table.find(report))
        .set(reports::data_key_id.eq(key))
        .execute(conn)?;
    Ok(())
}
