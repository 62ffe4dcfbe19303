//! Legal aid through its HTTP door.

mod aside;
mod claimed;
mod days;
mod desk;
mod doors;
mod flood;
mod kept;
pub(crate) mod papers;
mod path;
mod printed;
mod safe;
mod steps;
mod talk;
mod told;
mod traces;

use std::sync::Arc;

use hai_dang::identity::Role;
use hai_dang::legal_aid::background;
use serde_json::{Value, json};

use super::support::{Client, Reply, TestApp};

/// Every request.
pub(crate) const ALL: &str = "/legal-aid-requests";

/// A request of a family, handed in, and those who see to it.
pub(crate) struct Story {
    pub(crate) family: Client,
    pub(crate) officer: Client,
    pub(crate) supervisor: Client,
    pub(crate) request: String,
}

impl Story {
    /// A family writes a request and hands it in.
    #[track_caller]
    pub(crate) fn begin(app: &TestApp) -> Self {
        Self::of(app, &complete())
    }

    /// The same, saying this.
    #[track_caller]
    pub(crate) fn of(app: &TestApp, body: &Value) -> Self {
        let family = app.persona(Role::Family);
        let request = family.post(ALL, body).assert(201).id();
        let story = Self {
            officer: app.persona(Role::LegalAidIntake),
            supervisor: app.persona(Role::Supervisor),
            family,
            request,
        };
        let submit = story.path("/submit");
        story.family.post(&submit, &json!({})).assert(200);
        story
    }

    /// The path of the request, with what follows it.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("{ALL}/{}{rest}", self.request)
    }

    /// An officer takes a step.
    #[track_caller]
    pub(crate) fn step(&self, verb: &str, body: &Value) -> Reply {
        self.officer.post(&self.path(&format!("/{verb}")), body)
    }

    /// The request, as staff see it.
    #[track_caller]
    pub(crate) fn show(&self) -> Value {
        self.officer.get(&self.path("")).assert(200).json()
    }

    /// The request, as its family sees it.
    #[track_caller]
    pub(crate) fn own(&self) -> Value {
        let path = format!("/me/legal-aid-requests/{}", self.request);
        self.family.get(&path).assert(200).json()
    }

    /// Goes the usual way on to a state.
    #[track_caller]
    pub(crate) fn go_to(&self, status: &str) {
        let way = [
            ("submitted", "", json!({})),
            ("referred", "refer", referral()),
            ("accepted", "record-decision", acceptance()),
            ("assigned", "assign", json!({"person": "Lê Thị Mai"})),
            ("in_progress", "start", json!({})),
            ("completed", "complete", json!({"outcome": "Đã xong."})),
        ];
        for (reached, verb, body) in way {
            if !verb.is_empty() {
                self.step(verb, &body).assert(200);
            }
            if reached == status {
                return;
            }
        }
        panic!("no way to {status}");
    }
}

/// Does what legal aid does by itself.
pub(crate) fn tick(app: &TestApp) {
    let platform = Arc::clone(&app.platform.clone().into_inner());
    background::tick(&platform).unwrap();
}

/// A request with everything the form wants.
pub(crate) fn complete() -> Value {
    json!({
        "requester": {
            "name": "Canary Thị Yêu Cầu",
            "relation": "mother",
            "phone": "0912 345 678",
            "safe_contact": {"may_email": true, "may_call": true},
        },
        "child": {"name": "Canary Gia Hân", "birth_date": "2018-05-04", "sex": "female"},
        "category": "child",
        "field": "birth_registration",
        "form_wanted": "legal_advice",
        "summary": "Canary xin hướng dẫn đăng ký khai sinh.",
    })
}

/// A referral whose papers follow.
pub(crate) fn referral() -> Value {
    json!({"document_number": "12/PC-UBND", "papers_to_follow": true})
}

/// The Centre takes it on.
pub(crate) fn acceptance() -> Value {
    json!({"result": "accepted", "number": "45/TL-TGPL", "date": "2026-03-01"})
}

/// The Centre does not.
pub(crate) fn refusal() -> Value {
    json!({
        "result": "refused", "reason": "not_specific_matter", "number": "46/TB-TGPL",
        "date": "2026-03-01", "words": "Canary: chưa phải vụ việc cụ thể.",
    })
}

/// The codes and pointers of what was refused.
pub(crate) fn broken(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = problem["errors"].as_array().unwrap().iter();
    all.map(|one| (text(&one["pointer"]), text(&one["code"])))
        .collect()
}
