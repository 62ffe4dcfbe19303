//! A request's row and its clock's, made of a request and back.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{legal_aid_clocks as clocks, legal_aid_requests as requests};
use crate::identity::UserId;
use crate::kernel::{Language, OfficeId, Timestamp};
use crate::legal_aid::clock::{Clock, Urgency};
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{
    IntakeChannel, NextActor, RefusalReason, Request, RequestId, RequestSecret, Sex, UrgencyLevel,
    UrgencyReason,
};
use crate::legal_aid::status::Status;
use crate::sealed::{DataKey, DataKeyId, Place};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: RequestId,
    pub(super) office_id: OfficeId,
    reference: Option<String>,
    code: String,
    user_id: Option<UserId>,
    pub(super) data_key_id: DataKeyId,
    status: Status,
    channel: IntakeChannel,
    language: Language,
    category: Option<String>,
    field: Option<String>,
    form_wanted: Option<String>,
    child_sex: Sex,
    child_age: Option<i32>,
    child_key: Option<Vec<u8>>,
    has_papers_to_follow: bool,
    assignee_id: Option<UserId>,
    submitted_on: Option<NaiveDate>,
    first_referred_on: Option<NaiveDate>,
    referred_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    refusal_reason: Option<RefusalReason>,
    refusal_opened_at: Option<Timestamp>,
    withdrawal_requested_at: Option<Timestamp>,
    duplicates_sought_at: Option<Timestamp>,
    sealed: Vec<u8>,
    created_by_id: Option<UserId>,
    version: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clocks, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false, primary_key(request_id))]
pub(super) struct ClockRow {
    request_id: RequestId,
    office_id: OfficeId,
    next_actor: NextActor,
    queue_rank: i32,
    due_on: Option<NaiveDate>,
    from_on: Option<NaiveDate>,
    working_days: Option<i32>,
    ward_days_left: Option<i32>,
    is_provisional: bool,
    timed_at: Timestamp,
    urgency: UrgencyLevel,
    urgency_reason: Option<UrgencyReason>,
    limitation_on: Option<NaiveDate>,
    hearing_on: Option<NaiveDate>,
}

fn place(id: RequestId) -> Place {
    Place {
        table: "legal_aid_requests",
        column: "sealed",
        row: id.uuid(),
    }
}

impl ClockRow {
    pub(super) fn of(request: &Request, now: Timestamp) -> Self {
        let clock = &request.clock;
        Self {
            request_id: request.id,
            office_id: request.office_id,
            next_actor: clock.next_actor,
            queue_rank: clock.rank(),
            due_on: clock.due_on,
            from_on: clock.from_on,
            working_days: clock.working_days,
            ward_days_left: clock.ward_days_left,
            is_provisional: clock.is_provisional,
            timed_at: now,
            urgency: clock.urgency.level,
            urgency_reason: clock.urgency.reason,
            limitation_on: clock.urgency.limitation_on,
            hearing_on: clock.urgency.hearing_on,
        }
    }

    fn clock(self) -> Clock {
        Clock {
            next_actor: self.next_actor,
            due_on: self.due_on,
            from_on: self.from_on,
            working_days: self.working_days,
            ward_days_left: self.ward_days_left,
            is_provisional: self.is_provisional,
            urgency: Urgency {
                level: self.urgency,
                reason: self.urgency_reason,
                limitation_on: self.limitation_on,
                hearing_on: self.hearing_on,
            },
        }
    }
}

impl Row {
    pub(super) fn of(key: &DataKey, request: &Request) -> Result<Self, Error> {
        let request = request.clone();
        Ok(Self {
            sealed: key.seal_json(place(request.id), &request.secret)?,
            id: request.id,
            office_id: request.office_id,
            reference: request.reference,
            code: request.code,
            user_id: request.user_id,
            data_key_id: request.data_key_id,
            status: request.status,
            channel: request.channel,
            language: request.language,
            category: request.category,
            field: request.field,
            form_wanted: request.form_wanted,
            child_sex: request.child_sex,
            child_age: request.child_age,
            child_key: request.child_key,
            has_papers_to_follow: request.has_papers_to_follow,
            assignee_id: request.assignee_id,
            submitted_on: request.submitted_on,
            first_referred_on: request.first_referred_on,
            referred_on: request.referred_on,
            ended_on: request.ended_on,
            refusal_reason: request.refusal_reason,
            refusal_opened_at: request.refusal_opened_at,
            withdrawal_requested_at: request.withdrawal_requested_at,
            duplicates_sought_at: request.duplicates_sought_at,
            created_by_id: request.created_by_id,
            version: request.version,
            created_at: request.created_at,
            updated_at: request.updated_at,
        })
    }

    pub(super) fn open(self, key: &DataKey, clock: ClockRow) -> Result<Request, Error> {
        let secret: RequestSecret = key.open_json(place(self.id), &self.sealed)?;
        Ok(Request {
            id: self.id,
            office_id: self.office_id,
            reference: self.reference,
            code: self.code,
            user_id: self.user_id,
            data_key_id: self.data_key_id,
            status: self.status,
            channel: self.channel,
            language: self.language,
            category: self.category,
            field: self.field,
            form_wanted: self.form_wanted,
            child_sex: self.child_sex,
            child_age: self.child_age,
            child_key: self.child_key,
            has_papers_to_follow: self.has_papers_to_follow,
            assignee_id: self.assignee_id,
            submitted_on: self.submitted_on,
            first_referred_on: self.first_referred_on,
            referred_on: self.referred_on,
            ended_on: self.ended_on,
            refusal_reason: self.refusal_reason,
            refusal_opened_at: self.refusal_opened_at,
            withdrawal_requested_at: self.withdrawal_requested_at,
            duplicates_sought_at: self.duplicates_sought_at,
            created_by_id: self.created_by_id,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            clock: clock.clock(),
            secret,
        })
    }
}
