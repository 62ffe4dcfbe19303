//! Papers: what is taken, what is refused, and who reads them.

use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, Story, complete};
use crate::support::{Client, Reply, TestApp};

pub(super) const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";

/// Sends a form with a file.
pub(super) fn send(
    by: &Client,
    path: &str,
    texts: &[(&str, &str)],
    (name, bytes): (&str, &[u8]),
) -> Reply {
    let mut body = Vec::new();
    for (field, text) in texts {
        let part =
            format!("--ranh\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend(part.bytes());
    }
    let head = format!(
        "--ranh\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--ranh--\r\n");
    by.with("Content-Type", "multipart/form-data; boundary=ranh")
        .send("POST", path, Some(body))
}

#[test]
fn a_paper_is_handed_in_read_replaced_and_taken_out() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let texts = [("kind", "birth_certificate")];
    let page = send(&story.family, &all, &texts, ("giấy khai sinh.pdf", PDF)).assert(201);
    assert_eq!(page.json()["media"], "pdf");
    assert_eq!(page.json()["is_from_family"], true);
    let one = format!("{all}/{}", page.id());
    for by in [&story.family, &story.officer] {
        let read = by.get(&one).assert(200);
        assert_eq!(read.body, PDF, "byte for byte");
        assert_eq!(read.header("Content-Type"), "application/pdf");
    }
    // The set of its category is whole now.
    assert_eq!(story.show()["missing_papers"], json!([]));
    // A second page, of the same paper.
    let paper = page.id();
    let texts = [("kind", "birth_certificate"), ("paper", &paper)];
    let second = send(&story.family, &all, &texts, ("2.pdf", PDF)).assert(201);
    assert_eq!(
        (&second.json()["page"], &second.json()["paper"]),
        (&json!(2), &json!(paper))
    );
    let other = [("kind", "matter_paper"), ("paper", &paper)];
    send(&story.family, &all, &other, ("2.pdf", PDF)).assert(422);
    let new = send(
        &story.family,
        &format!("{one}/replace"),
        &[],
        ("mới.pdf", PDF),
    )
    .assert(201);
    assert_eq!(new.json()["page"], 1);
    story.family.get(&one).assert(404);
    let listed = story.officer.get(&all).assert(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    // What was handed in stays until staff take it out.
    let out = format!("{all}/{}/remove", new.id());
    let reason = json!({"reason": "Nhầm hồ sơ."});
    story.family.post(&out, &reason).assert(403);
    story.officer.post(&out, &reason).assert(204);
    let timeline = story
        .officer
        .get(&story.path("/timeline"))
        .assert(200)
        .json();
    assert!(timeline.to_string().contains("document-remove"));
}

#[test]
fn a_family_hands_in_what_is_a_familys_and_sees_no_letter_of_the_ward() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let letter = [("kind", "referral_letter")];
    send(&story.family, &all, &letter, ("x.pdf", PDF)).assert(422);
    let letter = send(&story.officer, &all, &letter, ("x.pdf", PDF)).assert(201);
    let letter = format!("{all}/{}", letter.id());
    story.family.get(&letter).assert(404);
    let decision = [("kind", "centre_decision")];
    let decision = send(&story.officer, &all, &decision, ("x.pdf", PDF)).assert(201);
    story
        .family
        .get(&format!("{all}/{}", decision.id()))
        .assert(200);
    story.step("void", &json!({"reason": "x"})).assert(403);
    story
        .supervisor
        .post(&story.path("/void"), &json!({"reason": "x"}))
        .assert(200);
    let late = [("kind", "other")];
    let late = send(&story.family, &all, &late, ("x.pdf", PDF)).assert(409);
    late.problem("action-not-allowed");
}

#[test]
fn what_is_no_paper_is_refused_and_nothing_is_kept() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let kind = [("kind", "other")];
    let cases: [(&str, &[u8], &str); 4] = [
        ("trống.pdf", b"", "file-empty"),
        ("ảnh.jpg", PDF, "file-type-mismatch"),
        (
            "trang.pdf",
            b"<html><script>alert(1)</script>",
            "file-type-refused",
        ),
        ("máy.exe", b"MZ\x90\x00", "file-type-refused"),
    ];
    for (name, bytes, code) in cases {
        let refused = send(&story.family, &all, &kind, (name, bytes));
        assert_eq!(refused.json()["code"], code, "{name}");
    }
    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    let large = send(&story.family, &all, &kind, ("lớn.pdf", &large));
    assert_eq!(large.assert(413).json()["code"], "file-too-large");
    send(&story.family, &all, &[], ("x.pdf", PDF)).assert(422);
    send(&story.family, &all, &[("kind", "x")], ("x.pdf", PDF)).assert(422);
    let listed = story.officer.get(&all).assert(200).json();
    assert_eq!(listed["items"], json!([]));
    let named = "../../\u{202E}etc/giấy.pdf";
    let page = send(&story.family, &all, &kind, (named, PDF))
        .assert(201)
        .json();
    let name = page["name"].as_str().unwrap();
    assert!(!name.contains(['/', '\\', '\u{202E}']), "{name:?}");
}

#[test]
fn nobody_else_hands_in_or_reads() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let kind = [("kind", "other")];
    let page = send(&story.family, &all, &kind, ("x.pdf", PDF))
        .assert(201)
        .id();
    let one = format!("{all}/{page}");
    let stranger = app.persona(Role::Family);
    let refused = [
        send(&stranger, &all, &kind, ("x.pdf", PDF)),
        stranger.get(&all),
        stranger.get(&one),
        stranger.post(&format!("{one}/remove"), &json!({"reason": "x"})),
        send(&stranger, &format!("{one}/replace"), &[], ("x.pdf", PDF)),
    ];
    for reply in refused {
        reply.assert(404);
    }
    for role in [Role::Organiser, Role::Counsellor, Role::Administrator] {
        let other = app.persona(role);
        other.get(&one).assert(403);
        send(&other, &all, &kind, ("x.pdf", PDF)).assert(403);
    }
    let reason = json!({"reason": "Họ hàng"});
    story
        .officer
        .post(&story.path("/declare-conflict"), &reason)
        .assert(204);
    story.officer.get(&one).assert(404);
    send(&story.officer, &all, &kind, ("x.pdf", PDF)).assert(404);
    // A page opens in its own request alone.
    let other = Story::of(&app, &complete());
    let there = format!("{ALL}/{}/documents/{page}", other.request);
    other.family.get(&there).assert(404);
}
