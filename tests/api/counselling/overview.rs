//! What a family sees at once, and where the links in its mails lead.

use hai_dang::identity::Role;
use hai_dang::mail::message::opening_token;
use serde_json::{Value, json};

use super::cases::close;
use super::{Story, act};
use crate::support::TestApp;

#[test]
fn a_family_sees_its_own_at_once_and_of_nobody_else() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let adopters = app.persona(Role::Family);
    let adopter = story.add_party("adoptive_parent", "Canary Nhận");
    let path = story.path(&format!("/parties/{adopter}/claim-code"));
    let code = story.counsellor.post(&path, &json!({})).assert(201).json();
    let claim = json!({"claim_code": code["claim_code"]});
    adopters.post("/me/counselling/claims", &claim).assert(201);
    let id = story.appointment(9, 60).id();
    let note = json!({"body": "Canary kín", "shared_summary": "Tóm tắt cho mẹ"});
    let note = story.counsellor.post(&story.path("/notes"), &note);
    let note = story.path(&format!("/notes/{}", note.assert(201).id()));
    story
        .counsellor
        .post(&format!("{note}/sign"), &json!({}))
        .assert(200);
    let to = json!({"parties": [story.party]});
    story
        .counsellor
        .post(&format!("{note}/share"), &to)
        .assert(200);
    let listed = story
        .counsellor
        .get(&story.path("/notes"))
        .assert(200)
        .json();
    assert_eq!(listed["items"][0]["shared_with"], json!([story.party]));
    let handed = json!({"hand_over_on": "2026-02-20", "already_happened": true});
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), &handed).assert(200);
    let second = json!({"party_role": "birth_parent"});
    let second = story
        .family
        .post("/counselling-requests", &second)
        .assert(201)
        .id();
    let own = story.family.get("/me/counselling").assert(200).json();
    assert_eq!(own["requests"][0]["id"], json!(second));
    assert_eq!(own["requests"].as_array().unwrap().len(), 1);
    assert_eq!(own["matters"][0]["id"], json!(story.party));
    assert_eq!(own["matters"][0]["status"], "open");
    assert_eq!(own["appointments"][0]["id"], json!(id));
    assert_eq!(own["summaries"][0]["text"], "Tóm tắt cho mẹ");
    assert_eq!(own["due"], json!([]), "reports are the adopters' to give");
    assert!(!own.to_string().contains("Canary"), "{own}");
    assert!(!own.to_string().contains(&adopter));
    let theirs = adopters.get("/me/counselling").assert(200).json();
    assert_eq!(theirs["appointments"], json!([]));
    assert_eq!(theirs["summaries"], json!([]));
    assert_eq!(theirs["due"].as_array().unwrap().len(), 6);
    assert_eq!(theirs["due"][0]["due_on"], "2026-08-20");
    assert!(!theirs.to_string().contains(&story.party));
    let off = json!({"by": "counsellor", "reason": "Ốm."});
    act(&story.counsellor, &id, "cancel", &off).assert(200);
    let own = story.family.get("/me/counselling").assert(200).json();
    assert_eq!(own["appointments"], json!([]));
    story.counsellor.get("/me/counselling").assert(403);
}

#[test]
fn a_family_sees_that_a_matter_is_over_and_never_that_it_rests() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let status = || {
        let own = story.family.get("/me/counselling").assert(200).json();
        own["matters"][0]["status"].clone()
    };
    let rest = json!({"reason": "Gia đình đi vắng."});
    let hold = story.path("/hold");
    story.counsellor.post(&hold, &rest).assert(200);
    assert_eq!(status(), "open");
    story
        .counsellor
        .post(&story.path("/resume"), &rest)
        .assert(200);
    close(&story, "family_preserved");
    assert_eq!(status(), "closed");
}

#[test]
fn a_link_leads_whoever_got_it_to_what_it_is_about() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    let mail = app.mails("appointment_confirmed", &story.family.email);
    let token = opening_token(&app.platform.keys, mail[0].id);
    assert!(token.len() >= 16);
    let body = json!({"token": token});
    let found: Value = story
        .family
        .post("/me/links/open", &body)
        .assert(200)
        .json();
    assert_eq!(found, json!({"kind": "counselling-appointment", "id": id}));
    // It opens nothing for anybody else, nor without a login.
    let stranger = app.persona(Role::Family);
    for other in [&stranger, &story.counsellor] {
        let dead = other.post("/me/links/open", &body).assert(422);
        dead.problem("token-invalid");
    }
    app.anonymous().post("/me/links/open", &body).assert(401);
    let swap = |(at, c): (usize, char)| match (at, c) {
        (30, 'A') => 'B',
        (30, _) => 'A',
        _ => c,
    };
    let changed: String = token.chars().enumerate().map(swap).collect();
    let changed = json!({ "token": changed });
    let dead = story.family.post("/me/links/open", &changed).assert(422);
    dead.problem("token-invalid");
}
