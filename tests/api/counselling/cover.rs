//! Drafts of whoever stood in for a counsellor.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Story, go_to};
use crate::support::{Client, Reply, TestApp};

/// A colleague who stands in for the counsellor of a story today and tomorrow.
#[track_caller]
fn cover(app: &TestApp, story: &Story) -> Client {
    let cover = app.persona(Role::Counsellor);
    let body = json!({
        "from_user": story.counsellor.id(), "to_user": cover.id(), "duty": "counsel",
        "starts_on": "2026-03-01", "ends_on": "2026-03-02",
    });
    story.supervisor.post("/delegations", &body).assert(201);
    cover
}

/// The path of a draft that somebody began.
#[track_caller]
fn begin(by: &Client, story: &Story) -> String {
    let body = json!({"body": "Canary người trực ghi.", "held_on": "2026-03-01"});
    let made = by.post(&story.path("/notes"), &body).assert(201);
    story.path(&format!("/notes/{}", made.id()))
}

fn actions(reply: &Reply) -> Value {
    reply.json()["allowed_actions"].clone()
}

fn over(who: &Client, note: &str) -> Reply {
    who.act(&format!("{note}/take-over"))
}

#[test]
fn a_draft_of_who_stood_in_is_taken_over_and_says_who_began_it() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let mut cover = cover(&app, &story);
    let note = begin(&cover, &story);
    // While they stand in, it is theirs alone.
    for who in [&story.counsellor, &story.supervisor] {
        let seen = who.get(&note).assert(200);
        assert_eq!(actions(&seen), json!([]));
        over(who, &note).assert(403);
        who.having_seen(&seen).delete(&note).assert(403);
    }
    over(&cover, &note).assert(403);
    go_to(&app, app.now().plus(TimeDelta::days(2)), &mut story);
    cover = app.again(&cover);
    // What they no longer counsel they no longer read.
    cover.get(&note).assert(404);
    cover.act(&format!("{note}/sign")).assert(404);
    let stranger = app.persona(Role::Counsellor);
    over(&stranger, &note).assert(404);
    let seen = story.counsellor.get(&note).assert(200);
    assert_eq!(actions(&seen), json!(["discard", "take-over"]));
    assert_eq!(seen.json()["begun_by"], json!(null));
    story.counsellor.act(&format!("{note}/sign")).assert(403);
    let mine = over(&story.counsellor, &note).assert(200);
    assert_eq!(actions(&mine), json!(["edit", "sign", "discard"]));
    assert_eq!(mine.json()["author_id"], json!(story.counsellor.id()));
    assert!(!mine.json().to_string().contains("Canary"));
    over(&story.supervisor, &note).assert(403);
    let change = json!({"agreed": "Gặp lại sau hai tuần."});
    let author = story.counsellor.having_seen(&mine);
    author.patch(&note, &change).assert(200);
    story.counsellor.act(&format!("{note}/sign")).assert(200);
    let read = story.supervisor.get(&note).assert(200).json();
    assert_eq!(read["begun_by"], json!(cover.id()));
    assert_eq!(read["body"], "Canary người trực ghi.");
    let paper = story.counsellor.get(&format!("{note}/record.docx")).docx();
    assert!(paper.contains("Người ghi ban đầu"));
    let timeline = story.supervisor.get(&story.path("/timeline?limit=100"));
    let timeline = timeline.assert(200).json();
    let mut entries = timeline["items"].as_array().unwrap().iter();
    let taken = entries.find(|one| one["kind"] == "note-take-over").unwrap();
    assert_eq!(taken["facts"]["from"], json!(cover.id()));
    over(&story.counsellor, &note)
        .assert(409)
        .problem("action-not-allowed");
}

#[test]
fn what_waits_to_be_signed_waits_for_who_took_it_over() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let cover = cover(&app, &story);
    let note = begin(&cover, &story);
    let kind = "/work-items?kind=note-unsigned&done=false";
    let remind = || {
        let platform = app.platform.clone().into_inner();
        hai_dang::counselling::background::remind(&platform).unwrap();
    };
    go_to(&app, app.now().plus(TimeDelta::days(8)), &mut story);
    remind();
    let owner = |story: &Story| {
        let list = story.supervisor.get(kind).assert(200).json();
        list["items"][0]["owner_id"].clone()
    };
    assert_eq!(owner(&story), json!(story.counsellor.id()));
    over(&story.supervisor, &note).assert(200);
    assert_eq!(owner(&story), json!(story.supervisor.id()));
    let offer = json!({"to": cover.id(), "reason": "Nghỉ dài ngày."});
    let transfer = story.path("/transfer");
    let held = story.counsellor.post(&transfer, &offer).assert(409);
    held.problem("drafts-open");
    story.supervisor.act(&format!("{note}/sign")).assert(200);
    story.counsellor.post(&transfer, &offer).assert(200);
}
