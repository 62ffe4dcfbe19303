//! What a duty keeps, and what a change wrote over.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use super::cases::close;
use crate::support::TestApp;

#[test]
fn a_case_held_for_a_proceeding_is_not_erased_while_it_is() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let why = json!({"reason": "Canary: Tòa án yêu cầu giữ hồ sơ."});
    let (set, lift) = (
        story.path("/set-legal-hold"),
        story.path("/lift-legal-hold"),
    );
    story.counsellor.post(&set, &why).assert(403);
    story.supervisor.post(&set, &json!({})).assert(422);
    let held = story.supervisor.post(&set, &why).assert(200).json();
    assert_eq!(
        held["legal_hold"],
        json!({
            "reason": "Canary: Tòa án yêu cầu giữ hồ sơ.",
            "set_by": story.supervisor.id(), "set_on": "2026-03-01",
        })
    );
    let again = story.supervisor.post(&set, &why).assert(409);
    again.problem("action-not-allowed");
    // A change of the case does not touch it.
    let counsellor = story
        .counsellor
        .having_seen(&story.counsellor.get(&story.path("")).assert(200));
    let change = json!({"child": {"name": "Canary Bé"}});
    let changed = counsellor.patch(&story.path(""), &change).assert(200);
    assert!(changed.json()["legal_hold"].is_object());
    close(&story, "family_preserved");
    story
        .counsellor
        .post(&story.path("/ask-erasure"), &why)
        .assert(200);
    let erase = || story.supervisor.post(&story.path("/erase"), &json!({}));
    assert_eq!(erase().assert(200).json()["is_erased"], false);
    story.counsellor.get(&story.path("")).assert(404);
    let kept = story.supervisor.get(&story.path("")).assert(200).json();
    assert_eq!(kept["allowed_actions"], json!(["lift-legal-hold"]));
    story.counsellor.post(&lift, &why).assert(404);
    // Nothing else keeps it: it stands where it stood, and is erased by who may.
    let lifted = story.supervisor.post(&lift, &why).assert(200).json();
    assert_eq!(
        (&lifted["legal_hold"], &lifted["is_restricted"]),
        (&json!(null), &json!(false))
    );
    assert_eq!(erase().assert(200).json()["is_erased"], true);
    story.supervisor.get(&story.path("")).assert(404);
}

#[test]
fn what_a_change_wrote_over_stays_on_the_timeline() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let edit = |change: Value| {
        let seen = story.counsellor.get(&story.path("")).assert(200);
        let counsellor = story.counsellor.having_seen(&seen);
        counsellor.patch(&story.path(""), &change).assert(200);
    };
    edit(json!({"child": {"name": "Canary An"}, "legal_basis": ["statutory_task"]}));
    edit(json!({"child": {"name": "Canary Ân"}}));
    let party = story.path(&format!("/parties/{}", story.party));
    let seen = story.counsellor.get(&party).assert(200);
    let old = seen.json()["name"].clone();
    story
        .counsellor
        .having_seen(&seen)
        .patch(&party, &json!({"name": "Canary Tên Khác"}))
        .assert(200);
    let timeline = story.counsellor.get(&story.path("/timeline?limit=100"));
    let timeline = timeline.assert(200).json();
    let entries = timeline["items"].as_array().unwrap();
    let before = |kind: &str| {
        let of_kind = entries.iter().filter(|entry| entry["kind"] == kind);
        of_kind.map(|entry| entry["before"].clone()).next_back()
    };
    assert_eq!(before("edit"), Some(json!({"/child/name": "Canary An"})));
    assert_eq!(before("party-edit"), Some(json!({"/name": old})));
    assert_eq!(before("open"), Some(json!(null)));
}

#[test]
fn one_account_stands_on_one_side_of_a_case() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let adopter = story.add_party("prospective_adoptive_parent", "Canary Nhận");
    let code = story.path(&format!("/parties/{adopter}/claim-code"));
    let code = story.counsellor.act(&code).assert(201).json();
    let typed = json!({"claim_code": code["claim_code"]});
    // The family of the story is tied to the birth parent.
    let refused = story.family.post("/me/counselling/claims", &typed);
    refused.assert(409).problem("sides-apart");
    let other = app.persona(Role::Family);
    other.post("/me/counselling/claims", &typed).assert(201);
}

#[test]
fn whoever_decided_stays_on_its_side() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let decided = json!({
        "party_id": story.party, "decision": "refused", "taken_on": "2026-03-01",
    });
    story
        .counsellor
        .post(&story.path("/adoption-consents"), &decided)
        .assert(201);
    let path = story.path(&format!("/parties/{}", story.party));
    let seen = story.counsellor.get(&path).assert(200);
    let moved = story
        .counsellor
        .having_seen(&seen)
        .patch(&path, &json!({"role": "prospective_adoptive_parent"}));
    moved.assert(409).problem("party-in-use");
}

#[test]
fn an_adoption_ends_a_case_that_knows_of_one() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let ask = json!({"outcome": "adopted_domestic", "reason": "Xong."});
    let refused = story.counsellor.post(&story.path("/ask-closing"), &ask);
    let errors = refused.assert(422).problem("invalid")["errors"].clone();
    assert_eq!(errors[0]["pointer"], "/outcome");
}

#[test]
fn a_kept_answer_is_not_given_to_whoever_lost_the_case() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let once = story.counsellor.with("Idempotency-Key", "mot-lan");
    let add = story.path("/parties");
    let party = json!({"role": "relative", "name": "Canary Dì"});
    once.post(&add, &party).assert(201);
    once.post(&add, &party).assert(201);
    let other = app.persona(Role::Counsellor);
    let offer = json!({"to": other.id(), "reason": "Đổi người phụ trách."});
    story
        .counsellor
        .post(&story.path("/transfer"), &offer)
        .assert(200);
    other.act(&story.path("/accept-transfer")).assert(200);
    once.post(&add, &party).assert(404).problem("not-found");
    let list = other.get(&add).assert(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "added once");
}

#[test]
fn a_window_is_one_and_its_reason_is_read_on_the_timeline() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let colleague = app.persona(Role::Counsellor);
    let glass = story.path("/break-glass");
    let why = json!({"reason": "Canary: người phụ trách vắng, trẻ có dấu hiệu bị hại."});
    colleague.post(&glass, &why).assert(201);
    let again = colleague.post(&glass, &why).assert(409);
    again.problem("already-visible");
    let timeline = story.supervisor.get(&story.path("/timeline?limit=100"));
    let timeline = timeline.assert(200).json();
    let mut entries = timeline["items"].as_array().unwrap().iter();
    let opened = entries.find(|one| one["kind"] == "break-glass").unwrap();
    assert_eq!(opened["reason"], why["reason"]);
}

#[test]
fn a_draft_is_signed_or_thrown_away_before_its_case_goes() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let notes = story.path("/notes");
    let draft = json!({"body": "Canary bản nháp."});
    let note = story.counsellor.post(&notes, &draft).assert(201);
    let ask = json!({"outcome": "moved", "reason": "Chuyển đi."});
    let refused = story.counsellor.post(&story.path("/ask-closing"), &ask);
    assert_eq!(
        refused.assert(409).problem("drafts-open")["notes"],
        json!([note.id()])
    );
    let other = app.persona(Role::Counsellor);
    let offer = json!({"to": other.id(), "reason": "Nghỉ phép."});
    let transfer = story.path("/transfer");
    story
        .counsellor
        .post(&transfer, &offer)
        .assert(409)
        .problem("drafts-open");
    // Nobody else throws away what its author can still sign.
    let one = format!("{notes}/{}", note.id());
    let supervisor = story.supervisor.having_seen(&note);
    supervisor.delete(&one).assert(403);
    // Whoever is away signs nothing: a supervisor hands the case on, and the next one decides.
    story.supervisor.post(&transfer, &offer).assert(200);
    other.act(&story.path("/accept-transfer")).assert(200);
    let listed = other.get(&notes).assert(200).json();
    let left = json!(["discard", "take-over"]);
    assert_eq!(listed["items"][0]["allowed_actions"], left);
    other.having_seen(&note).delete(&one).assert(204);
    other.get(&one).assert(404);
    other.post(&story.path("/ask-closing"), &ask).assert(200);
    // What was signed stays.
    let other_case = Story::begin(&app);
    let notes = other_case.path("/notes");
    let note = other_case.counsellor.post(&notes, &draft).assert(201);
    let one = format!("{notes}/{}", note.id());
    let signed = other_case.counsellor.act(&format!("{one}/sign"));
    let author = other_case.counsellor.having_seen(&signed.assert(200));
    author
        .delete(&one)
        .assert(409)
        .problem("action-not-allowed");
}

#[test]
fn what_is_said_twice_or_backwards_is_told() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let twice = json!({"legal_basis": ["consent", "consent"]});
    let refused = story
        .counsellor
        .having_seen(&seen)
        .patch(&story.path(""), &twice);
    let errors = refused.assert(422).problem("invalid")["errors"].clone();
    assert_eq!(
        (&errors[0]["pointer"], &errors[0]["code"]),
        (&json!("/legal_basis/1"), &json!("repeated"))
    );
    let days = "from=2026-03-02&to=2026-03-01";
    let list = format!("/counselling-appointments?{days}");
    story.counsellor.get(&list).assert(422);
    let old = json!({
        "source": "note", "text": "Canary", "informed_at": "1999-01-01T00:00:00+07:00",
    });
    story.counsellor.post("/risk-alerts", &old).assert(422);
}
