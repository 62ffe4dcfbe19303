//! Papers: what is taken, what is refused, and who reads them.

use std::io::{Cursor, Write};

use hai_dang::identity::Role;
use serde_json::json;

use super::{ALL, Story, complete};
use crate::support::{Client, Reply, TestApp};

pub(crate) const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";

/// Sends a form with a file.
pub(crate) fn send(
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
        .assert(404);
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

/// An archive that is a letter by its parts, one of which unfolds without end.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default();
    let types = r#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    archive.start_file("[Content_Types].xml", packed).unwrap();
    archive.write_all(types.as_bytes()).unwrap();
    archive.start_file("word/document.xml", packed).unwrap();
    let much = vec![b' '; 1 << 20];
    for _megabyte in 0..300 {
        archive.write_all(&much).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A photograph that knows where it was taken.
fn photograph() -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], length.as_slice(), content].concat()
    };
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend(segment(
        0xE1,
        b"Exif\0\0MM\0*\0\0\0\x08GPS 20.8561N 106.6822E",
    ));
    bytes.extend(segment(0xDB, &[0; 65]));
    bytes.extend(segment(0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]));
    bytes.extend(segment(0xC4, &[[0].as_slice(), &[0; 16]].concat()));
    bytes.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
    bytes.extend([0x3F, 0xFF, 0xD9]);
    bytes
}

#[test]
fn what_is_dressed_up_is_refused_or_cleaned() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/documents");
    let kind = [("kind", "other")];
    let before = app.files().len();
    let page_in_paper = [PDF, b"<html><script>alert(1)</script></html>"].concat();
    let archive_in_paper = [PDF, b"PK\x03\x04"].concat();
    let script = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";
    let cases: [(&str, &[u8]); 4] = [
        ("hai mặt.pdf", &page_in_paper),
        ("hai mặt.pdf", &archive_in_paper),
        ("tự chạy.pdf", script),
        ("nở ra.docx", &bomb()),
    ];
    for (name, bytes) in cases {
        let refused = send(&story.family, &all, &kind, (name, bytes));
        let problem = refused.assert(422).json();
        let code = problem["code"].as_str().unwrap();
        assert!(code.starts_with("file-"), "{name}: {problem}");
    }
    assert_eq!(app.files().len(), before, "nothing of them is kept");
    // A photograph loses its position and is given back as it is kept.
    let page = send(&story.family, &all, &kind, ("ảnh.jpg", &photograph())).assert(201);
    let kept = story
        .officer
        .get(&format!("{all}/{}", page.id()))
        .assert(200);
    let holds = |part: &[u8]| kept.body.windows(part.len()).any(|window| window == part);
    assert!(!holds(b"GPS") && !holds(b"106.6822"));
    // Line ends in a name would be lines of the answer's head.
    let odd = "a\r\nSet-Cookie: x=1\r\n.pdf";
    let named = send(&story.family, &all, &kind, (odd, PDF));
    if named.status == 201 {
        let read = story
            .officer
            .get(&format!("{all}/{}", named.id()))
            .assert(200);
        assert!(read.headers.get("set-cookie").is_none());
        assert!(
            !named.json()["name"]
                .as_str()
                .unwrap()
                .contains(['\r', '\n'])
        );
    } else {
        assert!([400, 422].contains(&named.status), "{}", named.status);
    }
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
