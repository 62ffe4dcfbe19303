//! Papers of a request: what they say, to whom, and when.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::papers::{PDF, send};
use super::{ALL, Story, complete, referral};
use crate::support::TestApp;

/// The rows of the audit log of an action about a request, their facts.
fn logged(app: &TestApp, action: &str) -> Vec<Value> {
    let auditor = app.persona(Role::Auditor);
    let path = format!("/audit-events?action={action}");
    let rows = auditor.get(&path).assert(200).json()["items"].clone();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["facts"].clone()).collect()
}

#[test]
fn the_letter_tells_the_centre_what_it_needs_and_has_its_number_once_sent() {
    let app = TestApp::new();
    let mut body = complete();
    body["child"]["special_circumstances"] = json!(["abandoned"]);
    body["urgency"] = json!({
        "level": "urgent", "reason": "hearing", "hearing_date": "2026-04-02",
    });
    let story = Story::of(&app, &body);
    let all = story.path("/documents");
    let paper = [("kind", "matter_paper")];
    send(&story.family, &all, &paper, ("đơn.pdf", PDF)).assert(201);
    let path = story.path("/referral-letter.docx");
    let open = story.officer.get(&path).assert(200);
    let named = open.header("content-disposition").to_owned();
    assert!(named.contains("phieu-chuyen-"), "{named}");
    let open = open.docx();
    let reference = story.show()["reference"].as_str().unwrap().to_owned();
    for said in [
        "PHIẾU CHUYỂN",
        "/PC-UBND",
        &reference,
        "Kính gửi: Trung tâm Trợ giúp pháp lý",
        "Canary Thị Yêu Cầu",
        "0912345678",
        "được gọi điện thoại; KHÔNG để lại lời nhắn; được gửi thư điện tử",
        "Canary Gia Hân",
        "04/05/2018",
        "bị bỏ rơi",
        "sắp đến ngày xét xử; ngày xét xử 02/04/2026",
        "Canary xin hướng dẫn đăng ký khai sinh.",
        "Giấy tờ, tài liệu liên quan đến vụ việc",
        "Giấy tờ sẽ bổ sung sau",
        "Giấy khai sinh",
    ] {
        assert!(open.contains(said), "{said}");
    }
    story.step("refer", &referral()).assert(200);
    let letter = [("kind", "referral_letter")];
    send(&story.officer, &all, &letter, ("phiếu.pdf", PDF)).assert(201);
    let sent = story.officer.get(&path).docx();
    assert!(sent.contains("Số: 12/PC-UBND"));
    it_says_what_it_said(&story, &path, &sent);
    // The letter itself is no enclosure of the letter.
    assert_eq!(sent.matches("Phiếu chuyển").count(), 0);
    let read = logged(&app, "legal-aid-request.read");
    let forms: Vec<&Value> = read.iter().map(|facts| &facts["form"]).collect();
    let printed = forms
        .iter()
        .filter(|form| form.as_str() == Some("referral-letter"));
    assert_eq!(printed.count(), 3, "{forms:?}");
    story.family.get(&path).assert(403);
}

/// It says for good what it said then, and how the family is reached safely as it is now.
fn it_says_what_it_said(story: &Story, path: &str, sent: &str) {
    let seen = story.officer.get(&story.path("")).assert(200);
    let later = json!({
        "summary": "Canary viết lại.",
        "requester": {"address": "Canary nơi khác", "safe_contact": {"may_call": false}},
    });
    let officer = story.officer.having_seen(&seen);
    officer.patch(&story.path(""), &later).assert(200);
    let certificate = [("kind", "birth_certificate")];
    send(
        &story.officer,
        &story.path("/documents"),
        &certificate,
        ("khai sinh.pdf", PDF),
    )
    .assert(201);
    let again = story.officer.get(path).docx();
    assert!(!again.contains("Canary viết lại.") && !again.contains("Canary nơi khác"));
    assert!(again.contains("Giấy tờ sẽ bổ sung sau"));
    assert_ne!(again, sent, "the ways to reach the family are those of now");
}

#[test]
fn the_form_is_printed_from_a_draft_on_and_leaves_lines_for_what_is_not_known() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let draft = family.post(ALL, &json!({})).assert(201).id();
    let path = format!("{ALL}/{draft}/request-form.docx");
    let empty = family.get(&path).docx();
    for said in [
        "ĐƠN YÊU CẦU TRỢ GIÚP PHÁP LÝ",
        "02-TP-TGPL",
        "Họ và tên: ",
        "Dân tộc: ",
    ] {
        assert!(empty.contains(said), "{said}");
    }
    assert!(empty.matches("<w:tab />").count() + empty.matches("<w:tab/>").count() >= 8);
    // A family's draft is its own.
    app.persona(Role::LegalAidIntake).get(&path).assert(404);
    // What the desk wrote down for whoever cannot write says so.
    let desk = app.persona(Role::LegalAidIntake);
    let mut body = complete();
    body["channel"] = json!("in_person");
    body["assisted_entry"] = json!({"read_back": true, "signed_by": "fingerprint"});
    let written = desk.post(ALL, &body).assert(201).id();
    let form = desk
        .get(&format!("{ALL}/{written}/request-form.docx"))
        .docx();
    for said in [
        "NGƯỜI YÊU CẦU (ĐIỂM CHỈ)",
        "Người ghi hộ",
        "đã được đọc lại",
        "Đăng ký khai sinh".to_lowercase().as_str(),
        "Tư vấn pháp luật",
        "Trẻ em (dưới 16 tuổi)",
        "Giấy khai sinh (bổ sung sau)",
    ] {
        assert!(form.contains(said), "{said}");
    }
    // There is nothing to send yet.
    let letter = desk.get(&format!("{ALL}/{written}/referral-letter.docx"));
    let refused = letter.assert(409).problem("action-not-allowed");
    assert!(
        refused["allowed_actions"].to_string().contains("submit"),
        "{refused}"
    );
}

#[test]
fn the_receipt_names_nobody_and_what_it_says_opens_the_status() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.path("/receipt.docx");
    let none = story.officer.get(&path).assert(409);
    none.problem("action-not-allowed");
    let made = story
        .officer
        .act(&story.path("/receipt"))
        .assert(201)
        .json();
    let (code, pin) = (&made["code"], &made["pin"]);
    let offered = story.show()["allowed_actions"].to_string();
    assert!(offered.contains("print-receipt"), "{offered}");
    let paper = story.officer.get(&path).docx();
    for said in [
        "GIẤY TIẾP NHẬN",
        code.as_str().unwrap(),
        pin.as_str().unwrap(),
    ] {
        assert!(paper.contains(said), "{said}");
    }
    for hidden in ["Canary", "pháp lý", "trẻ em", "111", "0912"] {
        assert!(!paper.contains(hidden), "{hidden}");
    }
    let with_line = story.officer.get(&format!("{path}?hotline=true")).docx();
    assert!(with_line.contains("111"));
    let ask = |pin: &Value| {
        let asked = json!({"code": code, "pin": pin});
        app.anonymous().post("/public/status", &asked)
    };
    ask(pin).assert(200);
    story.family.get(&path).assert(403);
    // Locked, there is nothing to print; the log tells when and that it was guessed at.
    for _wrong in 0..5 {
        ask(&json!("khong")).assert(422);
    }
    story.officer.get(&path).assert(409);
    assert_eq!(logged(&app, "legal-aid-request.receipt-locked").len(), 1);
    story.officer.act(&story.path("/receipt")).assert(201);
    story.officer.get(&path).assert(200);
}

#[test]
fn a_list_is_read_like_each_request_on_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.officer.get(ALL).assert(200);
    story
        .officer
        .get(&format!("{ALL}?status=refused"))
        .assert(200);
    story.family.get("/me/legal-aid-requests").assert(200);
    let read = logged(&app, "legal-aid-request.list");
    assert_eq!(read, [json!({"requests": [story.request]})]);
}
