//! Counselling through its HTTP door.

mod cases;
mod consents;
mod follow_ups;
mod notes;
mod sealed;

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::support::{Client, TestApp};

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

    /// The case, as its counsellor sees it.
    #[track_caller]
    pub(crate) fn show(&self) -> Value {
        self.counsellor.get(&self.path("")).assert(200).json()
    }
}
