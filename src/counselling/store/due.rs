//! Cases in which a day is near.

use chrono::{Days, NaiveDate, TimeDelta};
use diesel::prelude::*;

use crate::counselling::model::CaseId;
use crate::counselling::record_status::{ConsentDecision, FollowUpStatus, NoteStatus};
use crate::counselling::status::CaseStatus;
use crate::db::schema::{
    counselling_cases as cases, counselling_consents as consents,
    counselling_follow_ups as follow_ups, counselling_notes as notes,
};
use crate::db::{Conn, Result};
use crate::kernel::{OfficeId, Timestamp};

/// The longest time in which a consent can be taken back, in days, with what follows a holiday.
const WINDOW: u64 = 400;
/// The least age of a draft that is looked at.
const UNSIGNED: TimeDelta = TimeDelta::days(1);
/// Days ahead on which a report is looked at.
const AHEAD: u64 = 15;

/// The cases with a consent that may still be taken back, a report that falls due, or a draft of some
/// age.
pub(in crate::counselling) fn cases(
    conn: &mut Conn,
    (today, now): (NaiveDate, Timestamp),
) -> Result<Vec<(OfficeId, CaseId)>> {
    let since = today.checked_sub_days(Days::new(WINDOW)).unwrap_or(today);
    let until = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today);
    let consenting = consents::table
        .filter(consents::decision.eq(ConsentDecision::Given))
        .filter(consents::struck_at.is_null())
        .filter(consents::taken_on.ge(since))
        .select(consents::case_id);
    let reporting = follow_ups::table
        .filter(follow_ups::status.eq(FollowUpStatus::Open))
        .filter(follow_ups::due_on.le(until))
        .select(follow_ups::case_id);
    let writing = notes::table
        .filter(notes::status.eq(NoteStatus::Draft))
        .filter(notes::created_at.le(now.minus(UNSIGNED)))
        .select(notes::case_id);
    Ok(cases::table
        .filter(cases::status.ne(CaseStatus::Closed))
        .filter(
            cases::id
                .eq_any(consenting)
                .or(cases::id.eq_any(reporting))
                .or(cases::id.eq_any(writing)),
        )
        .order(cases::id)
        .select((cases::office_id, cases::id))
        .load(conn)?)
}
