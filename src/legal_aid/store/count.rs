//! What of the requests of a period is counted: no name and no story.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{legal_aid_clocks as clocks, legal_aid_requests as requests};
use crate::db::{self, Conn};
use crate::kernel::OfficeId;
use crate::legal_aid::counts::{Counted, Passed};
use crate::legal_aid::model::{RefusalReason, Sex, UrgencyLevel};
use crate::legal_aid::status::Status;

type Row = (
    Status,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i32>,
    Sex,
    UrgencyLevel,
    Option<RefusalReason>,
);

/// The requests an office was handed in a period, mistakes left out.
pub(in crate::legal_aid) fn of_period(
    conn: &mut Conn,
    office: OfficeId,
    (from, to): (NaiveDate, NaiveDate),
) -> db::Result<Vec<Counted>> {
    let rows: Vec<Row> = requests::table
        .inner_join(clocks::table.on(clocks::request_id.eq(requests::id)))
        .filter(requests::office_id.eq(office))
        .filter(requests::submitted_on.between(from, to))
        .filter(requests::status.ne(Status::Void))
        .select((
            requests::status,
            requests::submitted_on,
            requests::first_referred_on,
            requests::form_wanted,
            requests::field,
            requests::category,
            requests::child_age,
            requests::child_sex,
            clocks::urgency,
            requests::refusal_reason,
        ))
        .load(conn)?;
    let counted = rows.into_iter().filter_map(|row| {
        let (status, submitted_on, first_referred_on, form, field, category, ..) = row;
        Some(Counted {
            status,
            submitted_on: submitted_on?,
            first_referred_on,
            form,
            field,
            category,
            age: row.6,
            sex: row.7,
            urgency: row.8,
            refusal: row.9,
        })
    });
    Ok(counted.collect())
}

/// The requests that were there at some time of a period, mistakes left out.
pub(in crate::legal_aid) fn passed(
    conn: &mut Conn,
    office: OfficeId,
    (from, to): (NaiveDate, NaiveDate),
) -> db::Result<Vec<Passed>> {
    type Row = (
        Status,
        Option<NaiveDate>,
        Option<NaiveDate>,
        Option<NaiveDate>,
    );
    let is_left = requests::ended_on.is_null();
    let ended_since = requests::ended_on.ge(from).assume_not_null();
    let rows: Vec<Row> = requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::submitted_on.le(to))
        .filter(requests::status.ne(Status::Void))
        .filter(is_left.or(ended_since))
        .select((
            requests::status,
            requests::submitted_on,
            requests::first_referred_on,
            requests::ended_on,
        ))
        .load(conn)?;
    let passed = |(status, submitted_on, first_referred_on, ended_on): Row| {
        Some(Passed {
            status,
            submitted_on: submitted_on?,
            first_referred_on,
            ended_on,
        })
    };
    Ok(rows.into_iter().filter_map(passed).collect())
}
