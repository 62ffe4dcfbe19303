//! Counselling through its HTTP door.

mod answered;
mod appointments;
mod asked;
mod availability;
mod cases;
mod checked;
mod closing;
mod consents;
mod corrected;
mod counts;
mod cover;
mod errands;
mod follow_ups;
mod glass;
mod handing;
mod held;
mod kept;
mod mails;
mod moving;
mod notes;
mod offered;
mod overview;
mod parties;
mod race;
mod scans;
mod sealed;
mod supervision;
mod taken_back;
mod told;

use hai_dang::identity::Role;
use hai_dang::kernel::Timestamp;
use serde_json::{Value, json};

use super::support::{Client, Reply, TestApp};

/// Appointments, for staff.
pub(crate) const ALL: &str = "/counselling-appointments";
/// A family's own.
pub(crate) const OWN: &str = "/me/counselling/appointments";

/// A case of an office, with what came before it.
pub(crate) struct Story {
    pub(crate) supervisor: Client,
    pub(crate) counsellor: Client,
    pub(crate) family: Client,
    pub(crate) request: String,
    pub(crate) case: String,
    pub(crate) party: String,
}

impl Story {
    /// A family asks, a counsellor reaches it and opens a case.
    #[track_caller]
    pub(crate) fn begin(app: &TestApp) -> Self {
        let supervisor = app.persona(Role::Supervisor);
        let counsellor = app.persona(Role::Counsellor);
        let family = app.persona(Role::Family);
        let asked = json!({
            "party_role": "birth_parent",
            "name": "Canary Thị Mẹ Đẻ",
            "phone": "0912 345 678",
            "safe_contact": {"may_email": true, "may_call": true, "hours": "sau 17:00"},
        });
        let request = family
            .post("/counselling-requests", &asked)
            .assert(201)
            .id();
        let path = format!("/counselling-requests/{request}");
        let to = json!({"assignee": counsellor.id()});
        supervisor.post(&format!("{path}/assign"), &to).assert(200);
        let reached = json!({"means": "call", "is_reached": true});
        counsellor
            .post(&format!("{path}/record-try"), &reached)
            .assert(200);
        let new = json!({"adoption_kind": "domestic", "supervisor": supervisor.id()});
        let case = counsellor
            .post(&format!("{path}/open-case"), &new)
            .assert(201)
            .id();
        let parties = counsellor
            .get(&format!("/counselling-cases/{case}/parties"))
            .assert(200)
            .json();
        let party = parties["items"][0]["id"].as_str().unwrap().to_owned();
        Self {
            supervisor,
            counsellor,
            family,
            request,
            case,
            party,
        }
    }

    /// The path of the case, with what follows it.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/counselling-cases/{}{rest}", self.case)
    }

    /// Another party of the case, of a role.
    #[track_caller]
    pub(crate) fn add_party(&self, role: &str, name: &str) -> String {
        let party = json!({"role": role, "name": name});
        self.counsellor
            .post(&self.path("/parties"), &party)
            .assert(201)
            .id()
    }

    /// What a new appointment says, for parties of the case, so many minutes after the start of
    /// Monday, the second of March.
    pub(crate) fn booking(&self, parties: &[&str], minute: i64, length: i64) -> Value {
        json!({
            "case_id": self.case,
            "parties": parties,
            "mode": "at_office",
            "starts_at": at(minute),
            "ends_at": at(minute + length),
            "topics": ["alternatives"],
        })
    }

    /// The family's appointment, so many hours after that start.
    #[track_caller]
    pub(crate) fn appointment(&self, hour: i64, length: i64) -> Reply {
        let body = self.booking(&[&self.party], hour * 60, length);
        self.counsellor
            .post("/counselling-appointments", &body)
            .assert(201)
    }

    /// The counsellor's hours.
    #[track_caller]
    pub(crate) fn open_hours(&self) {
        open_hours(&self.counsellor);
    }

    /// The case, as its counsellor sees it.
    #[track_caller]
    pub(crate) fn show(&self) -> Value {
        self.counsellor.get(&self.path("")).assert(200).json()
    }
}

/// A counsellor's hours: eight to eleven and half past one to five, Monday to Friday.
#[track_caller]
pub(crate) fn open_hours(counsellor: &Client) {
    let hours = |weekday: i32, starts: &str, ends: &str| {
        json!({
            "weekday": weekday, "starts": starts, "ends": ends, "valid_from": "2026-01-01"
        })
    };
    let morning = (1..=5).map(|weekday| hours(weekday, "08:00:00", "11:00:00"));
    let afternoon = (1..=5).map(|weekday| hours(weekday, "13:30:00", "17:00:00"));
    let body = json!({
        "hours": morning.chain(afternoon).collect::<Vec<_>>(), "exceptions": [], "time_off": [],
    });
    let path = format!("/counsellors/{}/availability", counsellor.id());
    let seen = counsellor.get(&path).assert(200);
    let set = counsellor.having_seen(&seen).put(&path, &body);
    set.assert(200);
}

/// So many minutes after the start of Monday, the second of March, in the office.
pub(crate) fn at(minute: i64) -> String {
    let monday = chrono::DateTime::parse_from_rfc3339("2026-03-02T00:00:00+07:00").unwrap();
    let then = monday + chrono::TimeDelta::minutes(minute);
    then.to_rfc3339()
}

/// The same, as the service counts it.
pub(crate) fn instant(minute: i64) -> Timestamp {
    let then = chrono::DateTime::parse_from_rfc3339(&at(minute)).unwrap();
    Timestamp::new(then.to_utc())
}

/// The path of an appointment.
pub(crate) fn one(id: &str) -> String {
    format!("{ALL}/{id}")
}

/// An action on an appointment.
pub(crate) fn act(client: &Client, id: &str, verb: &str, body: &Value) -> Reply {
    client.post(&format!("{ALL}/{id}/{verb}"), body)
}

/// The clock goes to a time; who is logged in logs in again.
pub(crate) fn go_to(app: &TestApp, then: Timestamp, story: &mut Story) {
    app.clock.advance(then.since(app.now()));
    story.counsellor = app.again(&story.counsellor);
    story.supervisor = app.again(&story.supervisor);
    story.family = app.again(&story.family);
}
