//! Sets a request's clock by where it stands.

use chrono::NaiveDate;

use crate::legal_aid::error::Error;
use crate::legal_aid::model::{NextActor, Request};
use crate::legal_aid::status::Status;
use crate::office::calendar::{self, Calendar};
use crate::office::work::Work;

/// The days of an office that its clocks count.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Days {
    calendar: Calendar,
    today: NaiveDate,
    referral: u32,
    supplement: u32,
    acknowledge: u32,
    decision: u32,
    assignment: u32,
    progress: u32,
    urgent_before: u32,
    unopened: u32,
    near: u32,
}

impl Days {
    /// The office's.
    pub(in crate::legal_aid) fn load(work: &mut Work<'_>) -> Result<Self, Error> {
        let calendar = calendar::load(work.conn, work.office.id)?;
        let today = work.zone().day(work.now);
        let policies = &work.settings()?.policies;
        Ok(Self {
            calendar,
            today,
            referral: policies.referral_days.value.unsigned_abs(),
            supplement: policies.supplement_days.value.unsigned_abs(),
            acknowledge: policies.referral_acknowledge_days.value.unsigned_abs(),
            decision: policies.centre_decision_days.value.unsigned_abs(),
            assignment: policies.assignment_days.value.unsigned_abs(),
            progress: policies.progress_check_days.value.unsigned_abs(),
            urgent_before: policies.urgent_before_days.value.unsigned_abs(),
            unopened: policies.refusal_unopened_days.value.unsigned_abs(),
            near: policies.deadline_near_days.value.unsigned_abs(),
        })
    }

    /// Whether a refusal of a day has waited for too long to be opened.
    pub(in crate::legal_aid) fn is_refusal_stale(&self, refused_on: NaiveDate) -> bool {
        calendar::add_working_days(&self.calendar, refused_on, self.unopened).day < self.today
    }

    /// Whether a day comes soon.
    pub(in crate::legal_aid) fn is_near(&self, day: Option<NaiveDate>) -> bool {
        let last = calendar::add_working_days(&self.calendar, self.today, self.near).day;
        day.is_some_and(|day| self.today <= day && day <= last)
    }

    /// Sees whether a request presses by now.
    pub(in crate::legal_aid) fn press(&self, request: &mut Request) {
        let urgency = request.clock.urgency;
        request.clock.urgency = urgency.seen_on(&self.calendar, self.today, self.urgent_before);
    }

    /// Counts a request's clock anew, by the calendar as it is now. Whether anything moved.
    pub(in crate::legal_aid) fn set_anew(&self, request: &mut Request) -> bool {
        let before = request.clock.clone();
        request.clock.set(&self.calendar);
        if request.status.is_open() {
            self.press(request);
        }
        request.clock != before
    }

    /// Sets the clock of a request that came from another state.
    pub(in crate::legal_aid) fn set(&self, request: &mut Request, from: Status) {
        let days = &self.calendar;
        let clock = &mut request.clock;
        let secret = &request.secret;
        match request.status {
            Status::Submitted if from == Status::NeedsSupplement => {
                clock.go_on(days, self.today, self.referral);
            }
            Status::Submitted => clock.run(days, NextActor::Ward, self.today, self.referral),
            Status::NeedsSupplement => clock.wait_for_family(days, self.today, self.supplement),
            Status::Referred => {
                let referral = secret.referral.as_ref();
                let (start, count) = match referral.and_then(|sent| sent.received_on) {
                    Some(received) => (received, self.decision),
                    None => (
                        referral.map_or(self.today, |sent| sent.sent_on),
                        self.acknowledge,
                    ),
                };
                clock.run(days, NextActor::Centre, start, count);
            }
            Status::Accepted => {
                let decided = secret.decision.as_ref();
                let start = decided.map_or(self.today, |decision| decision.date);
                clock.run(days, NextActor::Centre, start, self.assignment);
            }
            Status::Assigned | Status::InProgress => {
                clock.run(days, NextActor::Centre, self.today, self.progress);
            }
            Status::Draft
            | Status::Refused
            | Status::Completed
            | Status::Discontinued
            | Status::Redirected
            | Status::Withdrawn
            | Status::Void => clock.rest(),
        }
        if request.status.is_open() {
            self.press(request);
            request.ended_on = None;
        } else if request.status != Status::Draft {
            request.ended_on = Some(self.today);
        }
    }
}
