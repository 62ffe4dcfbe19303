//! Who is not of a case learns nothing of it: the other side, another counsellor, organisers,
//! administrators, auditors, reporters, strangers, another office; by no route, list, filter,
//! count or refusal (P-07). Whoever ceases to be of it, at the next call (P-08).

use diesel::prelude::*;
use hai_dang::db::schema::{counselling_case_events, counselling_requests};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{NOTHING, Operation, operations};
use crate::counselling::{Story, at};
use crate::legal_aid::papers::{PDF, send};
use crate::support::{Client, Reply, TestApp};

/// What is told of the case, each with the word nobody else says.
const TOLD: &str = "Canary";

/// A case with everything in it, and the ids of it all.
struct Secret {
    story: Story,
    other: String,
    note: String,
    scan: String,
    consent: String,
    follow_up: String,
    appointment: String,
    alert: String,
    work_item: String,
    delegation: String,
    concern: String,
}

impl Secret {
    fn told(app: &TestApp) -> Self {
        let story = Story::begin(app);
        let other = story.add_party("prospective_adoptive_parent", "Bên Nhận");
        let record = |path: &str, body: &Value| {
            let made = story.counsellor.post(&story.path(path), body);
            made.assert(201).id()
        };
        let said = json!({"body": "Canary đã nói", "shared_summary": "Canary tóm tắt"});
        let note = record("/notes", &said);
        let sign = story.path(&format!("/notes/{note}/sign"));
        story.counsellor.act(&sign).assert(200);
        let scans = story.path(&format!("/notes/{note}/scans"));
        let scan = send(&story.counsellor, &scans, &[], ("Canary.pdf", PDF));
        let scan = scan.assert(201).id();
        let share = json!({"parties": [story.party]});
        let path = story.path(&format!("/notes/{note}/share"));
        story.counsellor.post(&path, &share).assert(200);
        let consent = json!({
            "party_id": story.party, "decision": "given", "taken_on": "2026-02-20",
            "taken_by": "Canary Công Chức",
        });
        let consent = record("/adoption-consents", &consent);
        let plan = json!({"due_on": "2026-04-01", "what": "Canary gọi lại"});
        let follow_up = record("/follow-ups", &plan);
        let mut booking = story.booking(&[&story.party], 10 * 60, 60);
        booking["location"] = json!("Canary nơi gặp");
        let all = "/counselling-appointments";
        let appointment = story.counsellor.post(all, &booking).assert(201).id();
        let alert = json!({"source": "desk", "text": "Canary nghe khóc"});
        let alert = story
            .counsellor
            .post("/risk-alerts", &alert)
            .assert(201)
            .id();
        let items = story.supervisor.get("/work-items").assert(200).json();
        let delegation = json!({
            "from_user": story.supervisor.id(), "to_user": story.counsellor.id(),
            "duty": "supervise_counselling", "starts_on": "2026-03-09", "ends_on": "2026-03-09",
        });
        let made = story.supervisor.post("/delegations", &delegation);
        let concern = json!({
            "topic": "forged_documents", "source": "counselling", "text": "Canary giấy tờ giả",
        });
        let concern = story.counsellor.post("/concerns", &concern);
        Self {
            concern: concern.assert(201).id(),
            other,
            note,
            scan,
            consent,
            follow_up,
            appointment,
            alert,
            work_item: items["items"][0]["id"].as_str().unwrap().to_owned(),
            delegation: made.assert(201).id(),
            story,
        }
    }

    /// A path of the document with the ids of the case.
    fn fill(&self, template: &str) -> String {
        let story = &self.story;
        let counsellor = story.counsellor.id().to_string();
        let id = [
            ("/me/counselling/appointments/", &self.appointment),
            ("/counselling-appointments/", &self.appointment),
            ("/me/counselling/parties/", &story.party),
            ("/counselling-cases/", &story.case),
            ("/counselling-requests/", &story.request),
            ("/counsellors/", &counsellor),
            ("/risk-alerts/", &self.alert),
            ("/work-items/", &self.work_item),
            ("/delegations/", &self.delegation),
            ("/concerns/", &self.concern),
        ];
        let id = id.iter().find(|(part, _)| template.contains(part));
        template
            .trim_start_matches("/api/v1")
            .replace("{id}", id.map_or(NOTHING, |(_, id)| id))
            .replace("{pid}", &story.party)
            .replace("{nid}", &self.note)
            .replace("{sid}", &self.scan)
            .replace("{cid}", &self.consent)
            .replace("{fid}", &self.follow_up)
    }

    /// A body that would do something, if the caller could.
    fn body(&self, operation: &str, by: &Client) -> Value {
        let reason = json!({"reason": "Một lý do dài hơn hai mươi chữ cái."});
        let time = json!({"starts_at": at(900), "ends_at": at(960)});
        match operation {
            "record_contact_try" => json!({"means": "call", "is_reached": true}),
            "redirect_counselling_request" => json!({"to": "Nơi khác"}),
            "assign_counselling_request" => json!({"assignee": by.id()}),
            "transfer_case" => json!({"to": by.id(), "reason": "Nhận thay"}),
            "correct_case_phase" => json!({"phase": "during", "reason": "Nhầm"}),
            "ask_case_closing" => json!({"outcome": "moved", "reason": "Đã chuyển đi"}),
            "add_party" => json!({"role": "relative", "name": "Người Lạ"}),
            "confirm_safe_contact" => json!({"channels": {"may_call": true}, "how": "by_phone"}),
            "edit_party" | "edit_counselling_request" => json!({"name": "Tên Khác"}),
            "reschedule_appointment" => time,
            "cancel_appointment" => json!({"by": "office", "reason": "Hủy"}),
            "complete_appointment" => json!({"attended": [self.story.party]}),
            "miss_appointment" => json!({"by": "party"}),
            "create_appointment" => self.story.booking(&[&self.story.party], 900, 60),
            "request_appointment" => json!({
                "party_id": self.story.party, "mode": "phone",
                "starts_at": at(540), "ends_at": at(600),
            }),
            "create_counselling_note" | "edit_counselling_note" => json!({"body": "Lời khác"}),
            "add_to_counselling_note" => json!({"text": "Thêm"}),
            "share_counselling_note" | "unshare_counselling_note" => {
                json!({"parties": [self.other]})
            }
            "record_adoption_consent" => json!({
                "party_id": self.story.party, "decision": "refused", "taken_on": "2026-02-21",
            }),
            "withdraw_adoption_consent" => json!({"on": "2026-02-25"}),
            "create_follow_up" => json!({"due_on": "2026-04-02", "what": "Việc khác"}),
            "move_follow_up" => json!({"to": "2026-04-09", "reason": "Dời"}),
            "claim_party" => json!({"claim_code": "K7M2-94QX"}),
            "close_risk_alert" => json!({"result": "Đã xem"}),
            "refer_concern" => {
                json!({"to": "Nơi khác", "on": "2026-03-01", "document_number": "1/UBND"})
            }
            "record_concern_answer" => json!({"answer": "Không", "on": "2026-03-01"}),
            "edit_counselling_case" => json!({"checklist": []}),
            "strike_adoption_consent" | "reopen_appointment" | "close_concern" => reason,
            _ if operation.contains("case") || operation == "waive_follow_up" => reason,
            _ => json!({}),
        }
    }

    /// What stands of the case, to see that nobody changed it.
    fn state(&self, app: &TestApp) -> String {
        let story = &self.story;
        let shown = |path: &str| story.counsellor.get(path).assert(200).json().to_string();
        let events: i64 = app.query(|conn| {
            let all = counselling_case_events::table.count();
            all.get_result(conn)
        });
        let requests: i64 = app.query(|conn| counselling_requests::table.count().get_result(conn));
        [
            shown(&story.path("")),
            shown(&story.path("/parties")),
            shown(&story.path("/notes")),
            shown(&format!("/counselling-appointments/{}", self.appointment)),
            shown(&format!("/risk-alerts/{}", self.alert)),
            shown(&format!("/concerns/{}", self.concern)),
            format!("{events} {requests}"),
        ]
        .join("\n")
    }
}

/// Whether an operation is about counselling, what the office does for it or what is found in it.
fn is_casework(operation: &Operation) -> bool {
    let parts = [
        "counsel",
        "/work-items",
        "/risk-alerts",
        "/delegations",
        "/concerns",
    ];
    parts.iter().any(|part| operation.template.contains(part))
}

fn call(by: &Client, operation: &Operation, path: &str, body: &Value) -> Reply {
    let by = by.with("X-Request-Id", "casework").with("If-Match", "*");
    let body = (!["GET", "DELETE"].contains(&operation.method.as_str()))
        .then(|| body.to_string().into_bytes());
    let days = if operation.id == "list_free_times" {
        "?from=2026-03-02&to=2026-03-06"
    } else {
        ""
    };
    by.send(&operation.method, &format!("{path}{days}"), body)
}

/// What a list may be asked besides: each filter with what would find the case.
fn queries(secret: &Secret, operation: &Operation) -> Vec<String> {
    let story = &secret.story;
    let mut all = vec!["?limit=100&include=total".to_owned()];
    let (counsellor, supervisor) = (story.counsellor.id(), story.supervisor.id());
    for name in &operation.query {
        let value = match name.as_str() {
            "counsellor" | "assignee" => counsellor.to_string(),
            "owner" => supervisor.to_string(),
            "case_id" => story.case.clone(),
            "updated_since" => "2026-01-01T00:00:00Z".to_owned(),
            "mine" | "done" => "false".to_owned(),
            "status" if operation.template.contains("appointments") => "confirmed".to_owned(),
            "status" if operation.template.contains("requests") => "case_opened".to_owned(),
            "status" => "open".to_owned(),
            "phase" => "before".to_owned(),
            "q" => "canary".to_owned(),
            _ => continue,
        };
        all.push(format!("?include=total&{name}={value}"));
    }
    all
}

/// Those who are not of the case, by what they are called here.
fn outsiders(app: &TestApp, secret: &Secret) -> Vec<(&'static str, Client)> {
    let abroad = app.add_office("khac");
    let adopter = app.persona(Role::Family);
    let path = secret
        .story
        .path(&format!("/parties/{}/claim-code", secret.other));
    let code = secret.story.counsellor.post(&path, &json!({})).assert(201);
    let claim = json!({"claim_code": code.json()["claim_code"]});
    adopter.post("/me/counselling/claims", &claim).assert(201);
    vec![
        ("the other side", adopter),
        ("another counsellor", app.persona(Role::Counsellor)),
        ("an intake officer", app.persona(Role::LegalAidIntake)),
        ("an organiser", app.persona(Role::Organiser)),
        ("an administrator", app.persona(Role::Administrator)),
        ("an auditor", app.persona(Role::Auditor)),
        ("a reporter", app.persona(Role::Reporter)),
        ("a contributor", app.persona(Role::Contributor)),
        ("another family", app.persona(Role::Family)),
        (
            "a supervisor elsewhere",
            app.persona_of(abroad, &[Role::Supervisor]),
        ),
        (
            "a counsellor elsewhere",
            app.persona_of(abroad, &[Role::Counsellor]),
        ),
    ]
}

#[test]
fn whoever_is_not_of_a_case_learns_nothing_of_it_by_any_door() {
    let app = TestApp::new();
    let secret = Secret::told(&app);
    let outsiders = outsiders(&app, &secret);
    let before = secret.state(&app);
    let mut calls = 0;
    for (who, by) in &outsiders {
        for operation in operations().iter().filter(|one| is_casework(one)) {
            if is_meant(who, &operation.id) {
                continue;
            }
            let body = secret.body(&operation.id, by);
            let path = secret.fill(&operation.template);
            let is_of_one = operation.template.contains('{');
            let mut replies = Vec::new();
            if is_of_one {
                let reply = call(by, operation, &path, &body);
                let cell = format!("{} as {who}", operation.id);
                if is_open(who, &operation.id) {
                    assert!(reply.status < 400, "{cell}: {reply:?}");
                } else {
                    unlearnt(&cell, by, operation, (&reply, &body));
                }
                replies.push(reply);
            } else if operation.method == "GET" {
                let asked = queries(&secret, operation);
                replies.extend(asked.iter().map(|query| by.get(&format!("{path}{query}"))));
            } else if by_id(&operation.id) {
                // The ids of the case are in the body.
                let reply = call(by, operation, &path, &body);
                assert!(reply.status >= 400, "{} as {who}: {reply:?}", operation.id);
                replies.push(reply);
            }
            for reply in replies {
                calls += 1;
                let told = String::from_utf8_lossy(&reply.body).into_owned();
                assert!(!told.contains(TOLD), "{} told {who}: {told}", operation.id);
                assert!(
                    !told.contains("LC-TV-"),
                    "{} told {who}: {told}",
                    operation.id
                );
                empty(&operation.id, who, &reply);
            }
        }
        let audit = by.get("/audit-events?limit=100");
        let told = String::from_utf8_lossy(&audit.body).into_owned();
        assert!(!told.contains(TOLD), "the log told {who}: {told}");
    }
    assert!(calls > 800, "{calls} calls");
    assert_eq!(secret.state(&app), before);
}

/// What may be seen that tells of no family: free times, and who stands in for whom.
fn is_open(who: &str, operation: &str) -> bool {
    match operation {
        "list_free_times" => ["the other side", "another counsellor"].contains(&who),
        "show_delegation" => who == "an administrator",
        _ => false,
    }
}

/// What others may do on purpose, which other tests show: a counsellor opens a window on a case,
/// which is told at once, and an administrator takes a delegation back.
fn is_meant(who: &str, operation: &str) -> bool {
    [
        ("another counsellor", "break_glass"),
        ("an administrator", "revoke_delegation"),
    ]
    .contains(&(who, operation))
}

/// Operations that name in their body what they are about.
fn by_id(operation: &str) -> bool {
    ["create_appointment", "request_appointment", "claim_party"].contains(&operation)
}

/// Refused, and as if the thing did not exist.
fn unlearnt(cell: &str, by: &Client, operation: &Operation, (reply, body): (&Reply, &Value)) {
    assert!([403, 404, 422].contains(&reply.status), "{cell}: {reply:?}");
    let nothing = operation.template.trim_start_matches("/api/v1");
    let parts = nothing.split('/').map(|part| {
        let is_id = part.starts_with('{');
        if is_id { NOTHING } else { part }
    });
    let nothing: Vec<&str> = parts.collect();
    let missing = call(by, operation, &nothing.join("/"), body);
    assert_eq!(reply.status, missing.status, "{cell}: it is not missing");
    assert_eq!(reply.body, missing.body, "{cell}: it is not missing");
}

/// Lists of cases, requests and appointments have nothing for them, and count nothing.
fn empty(operation: &str, who: &str, reply: &Reply) {
    let lists = [
        "list_counselling_cases",
        "list_counselling_requests",
        "list_appointments",
        "list_risk_alerts",
        "list_concerns",
        "list_own_summaries",
        "list_own_appointments",
    ];
    if !lists.contains(&operation) || reply.status != 200 {
        return;
    }
    let list = reply.json();
    assert_eq!(list["items"], json!([]), "{operation} for {who}");
    let total = list.get("total").cloned().unwrap_or(json!(0));
    assert_eq!(total, json!(0), "{operation} for {who}");
}

/// Every read of a case and of what belongs to it.
fn reads(secret: &Secret) -> Vec<String> {
    let own = ["/counselling-cases/{id}", "/counselling-appointments/{id}"];
    let is_read =
        |one: &Operation| one.method == "GET" && own.iter().any(|part| one.template.contains(part));
    let all = operations().into_iter().filter(is_read);
    all.map(|one| secret.fill(&one.template)).collect()
}

fn answers(by: &Client, secret: &Secret, status: u16) {
    for path in reads(secret) {
        assert_eq!(by.get(&path).status, status, "{path}");
    }
}

#[test]
fn whoever_ceases_to_be_of_a_case_is_refused_at_the_next_call() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let colleague = app.persona(Role::Counsellor);
    let secret = Secret::told(&app);
    let story = &secret.story;
    // Given to another, with what is to be done.
    answers(&story.counsellor, &secret, 200);
    story.open_hours();
    let wish = json!({
        "party_id": story.party, "mode": "at_office",
        "starts_at": at(15 * 60), "ends_at": at(16 * 60),
    });
    let asked = story.family.post("/me/counselling/appointments", &wish);
    asked.assert(201);
    let offer = json!({"to": colleague.id(), "reason": "Nghỉ phép."});
    story
        .counsellor
        .post(&story.path("/transfer"), &offer)
        .assert(200);
    colleague.act(&story.path("/accept-transfer")).assert(200);
    answers(&story.counsellor, &secret, 404);
    let all = "/counselling-appointments?include=total";
    let none = story.counsellor.get(all).assert(200).json();
    assert_eq!((&none["items"], &none["total"]), (&json!([]), &json!(0)));
    let off = json!({"by": "office", "reason": "Hủy"});
    let cancel = format!("/counselling-appointments/{}/cancel", secret.appointment);
    story.counsellor.post(&cancel, &off).assert(404);
    answers(&colleague, &secret, 200);
    let items = "/work-items?kind=appointment-unanswered&done=false&include=total";
    assert_eq!(colleague.get(items).assert(200).json()["total"], 1);
    assert_eq!(story.counsellor.get(items).assert(200).json()["total"], 0);
    // What is moved takes the time of who counsels now.
    let to = json!({"starts_at": at(780), "ends_at": at(840)});
    let path = format!(
        "/counselling-appointments/{}/reschedule",
        secret.appointment
    );
    let moved = colleague.post(&path, &to).assert(200).json();
    assert_eq!(moved["counsellor_id"], json!(colleague.id()));
    // Another role.
    let user = format!("/users/{}", colleague.id());
    let seen = admin.get(&user).assert(200);
    let roles = json!({"roles": ["reporter"]});
    admin.having_seen(&seen).patch(&user, &roles).assert(200);
    answers(&colleague, &secret, 401);
    // Disabled.
    answers(&story.supervisor, &secret, 200);
    let user = format!("/users/{}", story.supervisor.id());
    admin.act(&format!("{user}/disable")).assert(200);
    answers(&story.supervisor, &secret, 401);
}

#[test]
fn a_request_or_a_stand_in_ends_at_the_next_call() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let (first, second) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    let asked = json!({"party_role": "relative", "channel": "desk", "name": "Canary Người Hỏi"});
    let request = first.post("/counselling-requests", &asked).assert(201).id();
    let path = format!("/counselling-requests/{request}");
    first.get(&path).assert(200);
    let to = json!({"assignee": second.id()});
    story
        .supervisor
        .post(&format!("{path}/assign"), &to)
        .assert(200);
    first.get(&path).assert(404);
    let tried = json!({"means": "call", "is_reached": true});
    first
        .post(&format!("{path}/record-try"), &tried)
        .assert(404);
    let list = first
        .get("/counselling-requests?include=total")
        .assert(200)
        .json();
    assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)));
    second.get(&path).assert(200);
    // Who stands in, until it is taken back.
    let stand_in = json!({
        "from_user": story.counsellor.id(), "to_user": second.id(), "duty": "counsel",
        "starts_on": "2026-03-01", "ends_on": "2026-03-05",
    });
    second.get(&story.path("")).assert(404);
    let made = story.supervisor.post("/delegations", &stand_in).assert(201);
    second.get(&story.path("/parties")).assert(200);
    let revoke = format!("/delegations/{}/revoke", made.id());
    story.supervisor.act(&revoke).assert(200);
    second.get(&story.path("")).assert(404);
    second.get(&story.path("/parties")).assert(404);
}
