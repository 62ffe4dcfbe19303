//! The record as it was signed on paper: handed in, read by those who read the note, taken out.

use hai_dang::identity::Role;
use serde_json::json;

use super::Story;
use super::cases::close;
use crate::legal_aid::papers::{PDF, send};
use crate::support::{Client, TestApp};

/// A note of the counsellor that is signed, by its path.
fn signed(story: &Story) -> String {
    let body = json!({"body": "Đã giải thích các lựa chọn."});
    let made = story.counsellor.post(&story.path("/notes"), &body);
    let note = story.path(&format!("/notes/{}", made.assert(201).id()));
    story.counsellor.act(&format!("{note}/sign")).assert(200);
    note
}

#[test]
fn a_signed_record_gets_its_scan_and_gives_it_back_byte_for_byte() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let note = signed(&story);
    let scans = format!("{note}/scans");
    let page = send(&story.counsellor, &scans, &[], ("biên bản.pdf", PDF)).assert(201);
    assert_eq!(page.json()["media"], "pdf");
    assert_eq!(page.json()["allowed_actions"], json!(["remove"]));
    let one = format!("{scans}/{}", page.id());
    for by in [&story.counsellor, &story.supervisor] {
        assert_eq!(by.get(&one).assert(200).body, PDF);
        let listed = by.get(&scans).assert(200).json();
        assert_eq!(listed["items"][0]["name"], "biên bản.pdf");
        assert_eq!(listed["items"][0]["allowed_actions"], json!(["remove"]));
    }
    let reason = json!({"reason": "Nhầm biên bản."});
    story
        .counsellor
        .post(&format!("{one}/remove"), &reason)
        .assert(204);
    story.counsellor.get(&one).assert(404);
    assert_eq!(
        story.counsellor.get(&scans).assert(200).json()["items"],
        json!([])
    );
    let told = story.counsellor.get(&story.path("/timeline?limit=100"));
    let told = told.assert(200).json().to_string();
    assert!(told.contains("note-scan-remove"), "{told}");
}

#[test]
fn a_draft_has_no_scan_and_what_is_no_paper_is_refused() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let made = story
        .counsellor
        .post(&story.path("/notes"), &json!({"body": "x"}));
    let draft = story.path(&format!("/notes/{}/scans", made.assert(201).id()));
    let early = send(&story.counsellor, &draft, &[], ("x.pdf", PDF)).assert(409);
    early.problem("action-not-allowed");
    let scans = format!("{}/scans", signed(&story));
    let page = send(&story.counsellor, &scans, &[], ("x.pdf", b"<html>")).assert(422);
    page.problem("file-type-refused");
    for _page in 0..20 {
        send(&story.counsellor, &scans, &[], ("x.pdf", PDF)).assert(201);
    }
    let full = send(&story.counsellor, &scans, &[], ("x.pdf", PDF)).assert(409);
    full.problem("documents-full");
}

#[test]
fn nobody_but_those_who_read_the_note_knows_of_its_scans() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let note = signed(&story);
    let scans = format!("{note}/scans");
    let page = send(&story.counsellor, &scans, &[], ("x.pdf", PDF)).assert(201);
    let one = format!("{scans}/{}", page.id());
    let reason = json!({"reason": "x"});
    let knock = |by: &Client| {
        [
            by.get(&scans).status,
            by.get(&one).status,
            send(by, &scans, &[], ("x.pdf", PDF)).status,
            by.post(&format!("{one}/remove"), &reason).status,
        ]
    };
    let colleague = app.persona(Role::Counsellor);
    assert_eq!(knock(&colleague), [404; 4]);
    for role in [Role::LegalAidIntake, Role::Organiser, Role::Administrator] {
        assert_eq!(knock(&app.persona(role)), [403; 4], "{role}");
    }
    assert_eq!(knock(&story.family), [403; 4]);
    // By a window they are read like the note, and not written.
    let why = json!({"reason": "Người phụ trách nghỉ ốm, gia đình cần gấp."});
    colleague
        .post(&story.path("/break-glass"), &why)
        .assert(201);
    assert_eq!(colleague.get(&one).assert(200).body, PDF);
    let listed = colleague.get(&scans).assert(200).json();
    assert_eq!(listed["items"][0]["allowed_actions"], json!([]));
    let more = send(&colleague, &scans, &[], ("x.pdf", PDF)).status;
    assert!([403, 404].contains(&more), "{more}");
    // Of an ended case nothing is taken out.
    close(&story, "family_preserved");
    let listed = story.counsellor.get(&scans).assert(200).json();
    assert_eq!(listed["items"][0]["allowed_actions"], json!([]));
    let late = story.counsellor.post(&format!("{one}/remove"), &reason);
    late.assert(409).problem("action-not-allowed");
}
