//! What families and children told lies nowhere in clear: not in the database's files, not in
//! mails, not in the log (P-02).

use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, counselling_case_events, idempotency_records, messages};
use hai_dang::identity::Role;
use serde_json::json;

use super::Story;
use crate::support::TestApp;
use crate::support::database::is_postgres;
use crate::support::search::Search;

/// What is planted, each in another field.
const PLANTED: [&str; 16] = [
    "Hoàng Yến Tên Trẻ",
    "Hoàng Yến Cơ Quan",
    "Hoàng Yến Tên Người Nhận",
    "Hoàng Yến Địa Chỉ",
    "Hoàng Yến Việc Cần Làm",
    "Hoàng Yến Yêu Cầu",
    "Hoàng Yến Nội Dung",
    "Hoàng Yến Ý Trẻ",
    "Hoàng Yến Thống Nhất",
    "Hoàng Yến Tóm Tắt",
    "Hoàng Yến Bổ Sung",
    "Hoàng Yến Lý Do Mở Khẩn",
    "Hoàng Yến Lý Do Giữ",
    "Hoàng Yến Người Lấy Ý Kiến",
    "Hoàng Yến Ghi Chú Ý Kiến",
    "Hoàng Yến Rút Lại",
];

/// Tells all of it in every way there is, where it can with a key by which the answer is kept.
fn tell(app: &TestApp) {
    let story = Story::begin(app);
    tell_of_the_case(&story);
    tell_in_a_note(app, &story);
    tell_in_consents(&story);
}

fn tell_of_the_case(story: &Story) {
    let [child, authority, adopter, address, what, asked, ..] = PLANTED;
    let desk = json!({"party_role": "relative", "channel": "desk", "name": asked});
    let keyed = story.counsellor.with("Idempotency-Key", "mot-lan");
    keyed.post("/counselling-requests", &desk).assert(201);
    let seen = story.counsellor.get(&story.path("")).assert(200);
    let fields = json!({
        "child": {"name": child, "born_on": "2025-01-01"},
        "decision": {"number": "1/QĐ", "date": "2026-02-01", "authority": authority},
        "already_happened": true,
    });
    let counsellor = story.counsellor.having_seen(&seen);
    counsellor.patch(&story.path(""), &fields).assert(200);
    let party = json!({
        "role": "prospective_adoptive_parent", "name": adopter, "address": address,
    });
    let keyed = story.counsellor.with("Idempotency-Key", "hai-lan");
    keyed.post(&story.path("/parties"), &party).assert(201);
    let follow_up = json!({"due_on": "2026-04-01", "what": what});
    let keyed = story.counsellor.with("Idempotency-Key", "ba-lan");
    keyed
        .post(&story.path("/follow-ups"), &follow_up)
        .assert(201);
}

fn tell_in_a_note(app: &TestApp, story: &Story) {
    let [
        _,
        _,
        _,
        _,
        _,
        _,
        body,
        view,
        agreed,
        summary,
        more,
        glass,
        ..,
    ] = PLANTED;
    let note = json!({
        "body": body, "child_view": view, "agreed": agreed, "shared_summary": summary,
    });
    let keyed = story.counsellor.with("Idempotency-Key", "bon-lan");
    let note = keyed.post(&story.path("/notes"), &note).assert(201).id();
    let note = story.path(&format!("/notes/{note}"));
    let counsellor = &story.counsellor;
    counsellor.act(&format!("{note}/sign")).assert(200);
    let addendum = json!({"text": more});
    counsellor
        .post(&format!("{note}/addenda"), &addendum)
        .assert(200);
    let share = json!({"parties": [story.party]});
    counsellor
        .post(&format!("{note}/share"), &share)
        .assert(200);
    assert_eq!(counsellor.get(&note).assert(200).json()["body"], body);
    story.family.get("/me/counselling/summaries").assert(200);
    let colleague = app.persona(Role::Counsellor);
    let reason = json!({"reason": glass});
    colleague
        .post(&story.path("/break-glass"), &reason)
        .assert(201);
    colleague.get(&format!("{note}/record.docx")).assert(200);
}

fn tell_in_consents(story: &Story) {
    let [.., held, taker, remark, back] = PLANTED;
    let consent = json!({
        "party_id": story.party, "decision": "given", "taken_on": "2026-02-20",
        "taken_by": taker, "note": remark,
    });
    let path = story.path("/adoption-consents");
    let keyed = story.counsellor.with("Idempotency-Key", "nam-lan");
    let consent = keyed.post(&path, &consent).assert(201).id();
    let withdrawal = json!({"on": "2026-02-25", "note": back});
    story
        .counsellor
        .post(&format!("{path}/{consent}/withdraw"), &withdrawal)
        .assert(200);
    let reason = json!({"reason": held});
    story
        .supervisor
        .post(&story.path("/resume"), &reason)
        .assert(200);
}

#[test]
fn nothing_that_was_told_lies_in_clear() {
    let app = TestApp::new();
    tell(&app);
    let mut places: Vec<(String, Vec<u8>)> = app.files();
    let columns: [(&str, Vec<String>); 4] = [
        (
            "mails",
            app.query(|conn| messages::table.select(messages::payload).load(conn)),
        ),
        (
            "the log",
            app.query(|conn| audit_events::table.select(audit_events::facts).load(conn)),
        ),
        (
            "the timeline",
            app.query(|conn| {
                let events = counselling_case_events::table;
                events.select(counselling_case_events::facts).load(conn)
            }),
        ),
        (
            "kept answers",
            app.query(|conn| {
                let kept = idempotency_records::table;
                let kept = kept.filter(idempotency_records::answer.is_not_null());
                kept.select(idempotency_records::answer.assume_not_null())
                    .load(conn)
            }),
        ),
    ];
    for (name, rows) in columns {
        places.push((name.to_owned(), rows.join("\n").into_bytes()));
    }
    let search = Search::new(PLANTED);
    for (name, bytes) in &places {
        assert!(search.found(bytes).is_empty(), "{name}");
    }
    // The search finds what does lie there, in the files too where there are any.
    let known = Search::new(["\"alert_code\":"]);
    let known = |place: &(String, Vec<u8>)| !known.found(&place.1).is_empty();
    assert!(places.iter().any(known));
    assert!(is_postgres() || app.files().iter().any(known));
}
