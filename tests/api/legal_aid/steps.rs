//! From every state every step that is not possible is 409, with those that are.

use serde_json::{Value, json};

use super::papers::{PDF, send};
use super::{Story, acceptance, referral, refusal};
use crate::support::TestApp;

const STEPS: [&str; 17] = [
    "request-supplement",
    "supplement",
    "refer",
    "record-receipt",
    "record-decision",
    "return",
    "assign",
    "start",
    "complete",
    "discontinue",
    "redirect",
    "insist",
    "void",
    "withdraw",
    "keep",
    "confirm-withdrawal",
    "submit",
];

fn body(step: &str) -> Value {
    match step {
        "request-supplement" => json!({"wanted": [{"kind": "identity_paper"}]}),
        "refer" => referral(),
        "record-receipt" => json!({"receipt_number": "TN-1"}),
        // Where it was refused this puts it right.
        "record-decision" => {
            let mut decided = acceptance();
            decided["correct"] = json!(true);
            decided
        }
        "assign" => json!({"person": "Lê Thị Mai"}),
        "complete" | "discontinue" => json!({"outcome": "Xong."}),
        "redirect" => json!({"to": "Nơi khác"}),
        "return" | "void" => json!({"reason": "Nhầm."}),
        "supplement" => json!({"papers_to_follow": true}),
        "keep" => json!({"how": "in_person"}),
        "confirm-withdrawal" => json!({"how": "by_phone", "centre_told": "Công văn"}),
        _ => json!({}),
    }
}

/// A request in a state, by the steps that lead there.
fn in_state(app: &TestApp, state: &str) -> Story {
    let story = Story::begin(app);
    let step = |verb: &str, body: &Value| {
        let path = story.path(&format!("/{verb}"));
        story.supervisor.post(&path, body).assert(200);
    };
    match state {
        "needs_supplement" => step("request-supplement", &body("request-supplement")),
        "refused" => {
            story.go_to("referred");
            step("record-decision", &refusal());
        }
        "discontinued" => {
            story.go_to("accepted");
            step("discontinue", &body("discontinue"));
        }
        "redirected" => step("redirect", &body("redirect")),
        "void" => step("void", &body("void")),
        "withdrawn" => {
            step("withdraw", &json!({}));
            step("confirm-withdrawal", &body("confirm-withdrawal"));
        }
        reached => story.go_to(reached),
    }
    story
}

#[test]
fn what_a_state_does_not_allow_is_a_conflict_that_names_what_it_does() {
    let app = TestApp::new();
    for state in [
        "submitted",
        "needs_supplement",
        "referred",
        "accepted",
        "refused",
        "assigned",
        "in_progress",
        "completed",
        "discontinued",
        "redirected",
        "withdrawn",
        "void",
    ] {
        let story = in_state(&app, state);
        let path = story.path("");
        let shown = story.supervisor.get(&path).assert(200).json();
        assert_eq!(shown["status"], json!(state));
        let allowed = shown["allowed_actions"].clone();
        let is_allowed = |step: &str| {
            let mut all = allowed.as_array().unwrap().iter();
            all.any(|one| one == step)
        };
        for step in STEPS.iter().filter(|step| !is_allowed(step)) {
            let path = story.path(&format!("/{step}"));
            let reply = story.supervisor.post(&path, &body(step)).assert(409);
            let problem = reply.problem("action-not-allowed");
            assert_eq!(problem["current"], json!(state), "{state} {step}");
            assert_eq!(problem["action"], json!(step));
            assert_eq!(problem["allowed_actions"], allowed, "{state} {step}");
        }
        // Nothing was half done.
        let after = story.supervisor.get(&path).assert(200).json();
        assert_eq!(after["version"], shown["version"]);
    }
}

#[test]
fn what_is_promised_can_be_done() {
    let app = TestApp::new();
    for state in [
        "submitted",
        "referred",
        "accepted",
        "assigned",
        "in_progress",
        "refused",
    ] {
        let promised = in_state(&app, state);
        let shown = promised
            .supervisor
            .get(&promised.path(""))
            .assert(200)
            .json();
        for step in shown["allowed_actions"].as_array().unwrap() {
            let step = step.as_str().unwrap();
            let story = in_state(&app, state);
            let by = &story.supervisor;
            let words = json!({"text": "Canary"});
            match step {
                "edit" | "declare-conflict" => continue,
                "upload" => {
                    let (all, kind) = (story.path("/documents"), [("kind", "other")]);
                    send(by, &all, &kind, ("x.pdf", PDF)).assert(201)
                }
                "ask" => by.post(&story.path("/questions"), &words).assert(201),
                "note" => by.post(&story.path("/notes"), &words).assert(201),
                "make-receipt" => by.act(&story.path("/receipt")).assert(201),
                "print-referral-letter" => by.get(&story.path("/referral-letter.docx")).assert(200),
                step => {
                    let path = story.path(&format!("/{step}"));
                    by.post(&path, &body(step)).assert(200)
                }
            };
        }
    }
}

#[test]
fn days_do_not_run_backwards_and_papers_are_the_requests_own() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let early = json!({"document_number": "1", "papers_to_follow": true, "sent_on": "2026-02-27"});
    story.step("refer", &early).assert(422).problem("invalid");
    let late = json!({"document_number": "1", "papers_to_follow": true, "sent_on": "2026-03-02"});
    story.step("refer", &late).assert(422).problem("invalid");
    let foreign = json!({
        "document_number": "1", "papers_to_follow": true,
        "document": "019ca000-0000-7000-8000-000000000000",
    });
    let foreign = story.step("refer", &foreign).assert(422);
    assert_eq!(
        super::broken(&foreign.problem("invalid")),
        [("/document".to_owned(), "unknown-reference".to_owned())]
    );
    assert_eq!(story.show()["status"], "submitted");
}

#[test]
fn a_step_taken_twice_with_one_key_is_taken_once() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let officer = story.officer.with("Idempotency-Key", "mot-lan");
    let path = story.path("/refer");
    let first = officer.post(&path, &referral()).assert(200);
    let again = officer.post(&path, &referral()).assert(200);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.header("Idempotency-Replayed"), "true");
}

#[test]
fn whatever_tells_of_harm_wants_a_supervisor_for_a_withdrawal() {
    let app = TestApp::new();
    let told = [
        ("category", json!("trafficking_victim")),
        ("field", json!("trafficking")),
        (
            "urgency",
            json!({"level": "urgent", "reason": "avoid_harm"}),
        ),
    ];
    for (part, value) in told {
        let mut body = super::complete();
        body[part] = value;
        let story = Story::of(&app, &body);
        story
            .family
            .post(&story.path("/withdraw"), &json!({}))
            .assert(200);
        let how = json!({"how": "by_phone"});
        let half = story.step("confirm-withdrawal", &how).assert(200).json();
        assert_eq!(half["status"], "submitted", "{part}");
        let path = story.path("/confirm-withdrawal");
        let done = story.supervisor.post(&path, &how).assert(200).json();
        assert_eq!(done["status"], "withdrawn", "{part}");
    }
}
