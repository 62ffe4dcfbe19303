//! Rows of agencies' parts.

use diesel::prelude::*;

use crate::db::schema::report_contributions as parts;
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::{AgencyId, OfficeId, Timestamp};
use crate::report::model::{
    AgencyTexts, Contribution, ContributionId, ContributionStatus, ReportId, Step,
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = parts, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: ContributionId,
    report_id: ReportId,
    agency_id: AgencyId,
    status: ContributionStatus,
    texts: String,
    returned_reason: Option<String>,
    submitted_at: Option<Timestamp>,
    submitted_by_id: Option<UserId>,
    accepted_at: Option<Timestamp>,
    accepted_by_id: Option<UserId>,
    version: i32,
    updated_at: Timestamp,
}

impl Row {
    fn read(self) -> db::Result<Contribution> {
        let texts: AgencyTexts = serde_json::from_str(&self.texts)
            .map_err(|e| db::Error::Corrupt(format!("an agency's part: {e}")))?;
        Ok(Contribution {
            id: self.id,
            report_id: self.report_id,
            agency_id: self.agency_id,
            status: self.status,
            texts,
            returned_reason: self.returned_reason,
            submitted: self.submitted_at.map(|at| (at, self.submitted_by_id)),
            accepted: self.accepted_at.map(|at| (at, self.accepted_by_id)),
            version: self.version,
            updated_at: self.updated_at,
        })
    }

    fn of(part: &Contribution) -> db::Result<Self> {
        let at = |step: Step| step.map(|(at, _)| at);
        let by = |step: Step| step.and_then(|(_, by)| by);
        Ok(Self {
            id: part.id,
            report_id: part.report_id,
            agency_id: part.agency_id,
            status: part.status,
            texts: serde_json::to_string(&part.texts)
                .map_err(|e| db::Error::Corrupt(format!("an agency's part: {e}")))?,
            returned_reason: part.returned_reason.clone(),
            submitted_at: at(part.submitted),
            submitted_by_id: by(part.submitted),
            accepted_at: at(part.accepted),
            accepted_by_id: by(part.accepted),
            version: part.version,
            updated_at: part.updated_at,
        })
    }
}

/// The parts of a report, in the order agencies were asked.
pub(in crate::report) fn of(conn: &mut Conn, report: ReportId) -> db::Result<Vec<Contribution>> {
    let rows: Vec<Row> = parts::table
        .filter(parts::report_id.eq(report))
        .order(parts::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// An agency's part of a report.
pub(in crate::report) fn find(
    conn: &mut Conn,
    report: ReportId,
    agency: AgencyId,
) -> db::Result<Option<Contribution>> {
    let row: Option<Row> = parts::table
        .filter(parts::report_id.eq(report))
        .filter(parts::agency_id.eq(agency))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Writes a new part.
pub(in crate::report) fn insert(
    conn: &mut Conn,
    office: OfficeId,
    part: &Contribution,
) -> db::Result<()> {
    diesel::insert_into(parts::table)
        .values((
            Row::of(part)?,
            parts::office_id.eq(office),
            parts::created_at.eq(part.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a part as it stands now, a version further.
pub(in crate::report) fn update(
    conn: &mut Conn,
    now: Timestamp,
    part: &mut Contribution,
) -> db::Result<()> {
    part.version += 1;
    part.updated_at = now;
    diesel::update(parts::table.find(part.id))
        .set(Row::of(part)?)
        .execute(conn)?;
    Ok(())
}
