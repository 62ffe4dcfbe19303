//! Notes, the window in which another reads them, and what families see.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, messages};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use crate::support::{Client, TestApp};

/// What no list, mail or log may hold.
const BODY: &str = "Canary nội dung buổi gặp";

impl Story {
    /// A draft of the counsellor, by its id.
    #[track_caller]
    fn draft(&self, summary: &str) -> String {
        let body = json!({
            "held_on": "2026-02-27", "present": [self.party],
            "topics": ["alternatives", "free_consent"], "body": BODY,
            "agreed": "Gặp lại sau hai tuần.", "shared_summary": summary,
        });
        let made = self.counsellor.post(&self.path("/notes"), &body);
        let view = made.assert(201).json();
        assert!(!view.to_string().contains("Canary"), "{view}");
        view["id"].as_str().unwrap().to_owned()
    }

    /// The same draft, signed; the path of the note.
    #[track_caller]
    pub(super) fn signed(&self, summary: &str) -> String {
        let path = self.path(&format!("/notes/{}", self.draft(summary)));
        self.counsellor.act(&format!("{path}/sign")).assert(200);
        path
    }

    /// Another party of the case, tied to a family's account.
    #[track_caller]
    pub(super) fn join(&self, family: &Client, role: &str, name: &str) -> String {
        let body = json!({"role": role, "name": name});
        let made = self.counsellor.post(&self.path("/parties"), &body);
        let id = made.assert(201).id();
        let path = self.path(&format!("/parties/{id}/claim-code"));
        let code = self.counsellor.post(&path, &json!({})).assert(201).json();
        let claim = json!({"claim_code": code["claim_code"]});
        family.post("/me/counselling/claims", &claim).assert(201);
        id
    }
}

/// The audit rows of an action.
fn rows(app: &TestApp, action: &str) -> Vec<Value> {
    let action = action.to_owned();
    let facts: Vec<String> = app.query(move |conn| {
        audit_events::table
            .filter(audit_events::action.eq(action))
            .order(audit_events::id)
            .select(audit_events::facts)
            .load(conn)
    });
    facts
        .iter()
        .map(|facts| serde_json::from_str(facts).unwrap())
        .collect()
}

#[test]
fn a_note_is_written_signed_and_only_added_to() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let empty = story
        .counsellor
        .post(&story.path("/notes"), &json!({"agreed": "Chưa có gì."}))
        .assert(201)
        .id();
    let refused = story
        .counsellor
        .act(&story.path(&format!("/notes/{empty}/sign")));
    refused.assert(422).violates("/body", "required");
    let path = story.path(&format!("/notes/{}", story.draft("Tóm tắt")));
    let seen = story.counsellor.get(&path).assert(200);
    assert_eq!(seen.json()["body"], BODY);
    assert_eq!(seen.json()["phase"], "before");
    let change = json!({"child_view": "Con muốn ở với bà."});
    let author = story.counsellor.having_seen(&seen);
    author.patch(&path, &change).assert(200);
    author.patch(&path, &change).assert(412);
    let seen = story.supervisor.get(&path).assert(200);
    assert_eq!(seen.json()["child_view"], "Con muốn ở với bà.");
    assert_eq!(seen.json()["agreed"], "Gặp lại sau hai tuần.");
    // The supervisor reads, but only its author writes a draft.
    let other = story.supervisor.having_seen(&seen);
    assert_eq!(seen.json()["allowed_actions"], json!([]));
    other.patch(&path, &change).assert(403);
    story.supervisor.act(&format!("{path}/sign")).assert(403);
    let early = json!({"text": "x"});
    let early = story.counsellor.post(&format!("{path}/addenda"), &early);
    early.assert(409).problem("action-not-allowed");
    let signed = story.counsellor.act(&format!("{path}/sign")).assert(200);
    assert_eq!(signed.json()["status"], "signed");
    let further = json!(["add", "share", "scan"]);
    assert_eq!(signed.json()["allowed_actions"], further);
    let late = story.counsellor.having_seen(&signed);
    late.patch(&path, &change).assert(409);
    story.counsellor.act(&format!("{path}/sign")).assert(409);
    let more = json!({"text": "Bổ sung: đã gọi lại."});
    story
        .supervisor
        .post(&format!("{path}/addenda"), &more)
        .assert(200);
    let read = story.counsellor.get(&path).assert(200).json();
    assert_eq!(read["addenda"][0]["text"], "Bổ sung: đã gọi lại.");
    assert_eq!(
        read["addenda"][0]["author_id"],
        json!(story.supervisor.id())
    );
}

#[test]
fn each_reading_is_one_row_and_a_list_is_none() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Tóm tắt");
    let list = story.counsellor.get(&story.path("/notes?include=total"));
    let list = list.assert(200).json();
    assert_eq!(list["total"], 1);
    assert!(!list.to_string().contains("Canary"));
    story.supervisor.get(&story.path("/notes")).assert(200);
    assert!(rows(&app, "counselling-note.read").is_empty());
    for _again in 0..3 {
        story.counsellor.get(&path).assert(200);
    }
    let paper = story.supervisor.get(&format!("{path}/record.docx"));
    let paper = paper.assert(200);
    assert!(paper.header("content-disposition").contains("bien-ban-"));
    assert!(paper.body.starts_with(b"PK"));
    let read = rows(&app, "counselling-note.read");
    assert_eq!(read.len(), 4);
    for row in &read {
        assert_eq!(row["case"], json!(story.case));
        assert_eq!(row["purpose"], "casework");
    }
    assert_eq!(read[3]["form"], "docx");
    // A reading that is refused is none, and a repeat with a key is a reading of its own.
    app.persona(Role::Counsellor).get(&path).assert(404);
    assert_eq!(rows(&app, "counselling-note.read").len(), 4);
}

#[test]
fn readings_at_once_are_as_many_rows() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Tóm tắt");
    std::thread::scope(|scope| {
        for _reader in 0..8 {
            scope.spawn(|| {
                for _again in 0..4 {
                    story.counsellor.get(&path).assert(200);
                }
            });
        }
    });
    assert_eq!(rows(&app, "counselling-note.read").len(), 32);
}

#[test]
fn nobody_beyond_the_case_reads_or_writes_its_notes() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Tóm tắt");
    let colleague = app.persona(Role::Counsellor);
    let beyond = app.persona(Role::Supervisor);
    let missing = story.path("/notes/019ca000-0000-7000-8000-000000000000");
    for reader in [&colleague, &beyond] {
        let reply = reader.get(&path).assert(404);
        assert_eq!(reply.json()["code"], reader.get(&missing).json()["code"]);
        reader.get(&format!("{path}/record.docx")).assert(404);
        let note = json!({"body": "x"});
        reader.post(&story.path("/notes"), &note).assert(404);
        let more = json!({"text": "x"});
        reader.post(&format!("{path}/addenda"), &more).assert(404);
        let to = json!({"parties": [story.party]});
        reader.post(&format!("{path}/share"), &to).assert(404);
    }
    colleague.get(&story.path("/notes")).assert(404);
    for role in [Role::Auditor, Role::Administrator, Role::Family] {
        app.persona(role).get(&path).assert(403);
    }
    // A case that went to another counsellor takes its notes along, at once.
    let offer = json!({"to": colleague.id(), "reason": "Nghỉ phép."});
    story
        .counsellor
        .post(&story.path("/transfer"), &offer)
        .assert(200);
    colleague.get(&path).assert(404);
    colleague
        .post(&story.path("/accept-transfer"), &json!({}))
        .assert(200);
    colleague.get(&path).assert(200);
    story.counsellor.get(&path).assert(404);
}

#[test]
fn a_window_is_told_at_once_reads_one_case_and_ends() {
    let app = TestApp::new();
    let auditor = app.persona(Role::Auditor);
    let story = Story::begin(&app);
    let path = story.signed("Tóm tắt");
    let elsewhere = Story::begin(&app);
    let other = elsewhere.signed("Tóm tắt");
    let colleague = app.persona(Role::Counsellor);
    let glass = story.path("/break-glass");
    let short = colleague.post(&glass, &json!({"reason": "Cần xem."}));
    short.assert(422).violates("/reason", "too-short");
    let why = json!({"reason": "Canary lý do: người phụ trách vắng, cần xem ngay."});
    let own = story.counsellor.post(&glass, &why);
    own.assert(409).problem("already-visible");
    let opened = colleague.post(&glass, &why).assert(201).json();
    assert!(opened["ends_at"].as_str().unwrap().contains("01:30"));
    for told in [&story.supervisor.email, &auditor.email] {
        let mails = app.mails("break_glass_used", told);
        assert_eq!(mails.len(), 1, "{told}");
        let said = serde_json::to_string(&mails[0].content).unwrap();
        assert!(
            !said.contains("Canary") && !said.contains("LC-TV"),
            "{said}"
        );
    }
    assert!(
        app.mails("break_glass_used", &elsewhere.supervisor.email)
            .is_empty()
    );
    assert_eq!(rows(&app, "counselling-case.break-glass").len(), 1);
    // This case, read only.
    colleague.get(&story.path("")).assert(200);
    colleague.get(&story.path("/notes")).assert(200);
    let seen = colleague.get(&path).assert(200);
    let read = rows(&app, "counselling-note.read");
    assert_eq!(read[0]["purpose"], "break-glass");
    assert_eq!(read[0]["break_glass"], opened["id"]);
    let writer = colleague.having_seen(&seen);
    writer.patch(&path, &json!({"body": "x"})).assert(404);
    for (rest, body) in [
        ("/notes", json!({"body": "x"})),
        ("/hold", json!({"reason": "x"})),
        ("/follow-ups", json!({"due_on": "2026-04-01", "what": "x"})),
    ] {
        colleague.post(&story.path(rest), &body).assert(404);
    }
    colleague.get(&other).assert(404);
    colleague.get(&elsewhere.path("")).assert(404);
    app.clock.advance(TimeDelta::minutes(60));
    let colleague = app.again(&colleague);
    colleague.get(&path).assert(404);
    colleague.get(&story.path("")).assert(404);
    colleague.get(&story.path("/notes")).assert(404);
}

#[test]
fn a_supervisor_of_other_cases_needs_a_window_too() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Tóm tắt");
    let beyond = app.persona(Role::Supervisor);
    beyond.get(&path).assert(404);
    let why = json!({"reason": "Người giám sát vụ việc đang nghỉ ốm dài ngày."});
    beyond.post(&story.path("/break-glass"), &why).assert(201);
    let seen = beyond.get(&path).assert(200);
    let writer = beyond.having_seen(&seen);
    let more = json!({"text": "x"});
    writer.post(&format!("{path}/addenda"), &more).assert(404);
    let foreign = app.add_office("khac");
    let stranger = app.persona_of(foreign, &[Role::Supervisor]);
    stranger.post(&story.path("/break-glass"), &why).assert(404);
}

#[test]
fn a_family_sees_what_is_shared_with_it_and_the_other_side_nothing() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Canary tóm tắt cho mẹ");
    let adopters = app.persona(Role::Family);
    let adopter = story.join(&adopters, "prospective_adoptive_parent", "Canary Nhận");
    let own = "/me/counselling/summaries";
    let none = story.family.get(own).assert(200).json();
    assert_eq!(none["items"], json!([]));
    let share = format!("{path}/share");
    let both = json!({"parties": [story.party, adopter]});
    let refused = story.counsellor.post(&share, &both).assert(422);
    refused.violates("/parties", "both-sides");
    let nobody = json!({"parties": ["019ca000-0000-7000-8000-000000000000"]});
    let refused = story.counsellor.post(&share, &nobody).assert(422);
    refused.violates("/parties/0", "unknown-reference");
    let mother = json!({"parties": [story.party]});
    story.counsellor.post(&share, &mother).assert(200);
    story.counsellor.post(&share, &mother).assert(200);
    let later = json!({"parties": [adopter]});
    let refused = story.counsellor.post(&share, &later).assert(422);
    refused.violates("/parties", "both-sides");
    let shown = story.family.get(own).assert(200).json();
    assert_eq!(shown["items"][0]["text"], "Canary tóm tắt cho mẹ");
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    assert!(!shown.to_string().contains(BODY));
    let theirs = adopters.get(own).assert(200).json();
    assert_eq!(theirs["items"], json!([]));
    let plain = story.path(&format!("/notes/{}", story.draft("Bản nháp")));
    let early = story.counsellor.post(&format!("{plain}/share"), &mother);
    early.assert(409).problem("action-not-allowed");
}

#[test]
fn a_summary_that_went_to_the_wrong_side_is_taken_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Canary tóm tắt");
    let adopters = app.persona(Role::Family);
    let adopter = story.join(&adopters, "prospective_adoptive_parent", "Canary Nhận");
    let (wrong, right) = (
        json!({"parties": [adopter]}),
        json!({"parties": [story.party]}),
    );
    let tell = |verb: &str, whom: &Value| story.counsellor.post(&format!("{path}/{verb}"), whom);
    tell("unshare", &wrong)
        .assert(422)
        .violates("/parties", "unchanged");
    let shared = tell("share", &wrong).assert(200).json();
    assert!(
        shared["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("unshare"))
    );
    tell("share", &right).assert(422);
    let back = tell("unshare", &wrong).assert(200).json();
    assert_eq!(
        (&back["shared_at"], &back["shared_with"]),
        (&json!(null), &json!([]))
    );
    assert!(
        !back["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("unshare"))
    );
    let own = "/me/counselling/summaries";
    assert_eq!(adopters.get(own).assert(200).json()["items"], json!([]));
    tell("share", &right).assert(200);
    let seen = story.family.get(own).assert(200).json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    let timeline = story.supervisor.get(&story.path("/timeline?limit=100"));
    let timeline = timeline.assert(200).json()["items"].clone();
    let entries = timeline.as_array().unwrap();
    let parties = |kind: &str| {
        let of_kind = entries.iter().filter(|one| one["kind"] == kind);
        of_kind.map(|one| one["facts"]["parties"].clone()).collect()
    };
    let named = |id: &str, role: &str| json!([{"party": id, "role": role}]);
    let adopter_named = named(&adopter, "prospective_adoptive_parent");
    let (shown, taken): (Vec<Value>, Vec<Value>) = (parties("note-share"), parties("note-unshare"));
    let mother_named = named(&story.party, "birth_parent");
    assert_eq!(shown, [adopter_named.clone(), mother_named]);
    assert_eq!(taken, [adopter_named]);
}

#[test]
fn a_family_hears_once_that_there_is_a_summary_and_of_what_nobody() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Canary tóm tắt");
    let adopters = app.persona(Role::Family);
    let adopter = story.join(&adopters, "prospective_adoptive_parent", "Canary Nhận");
    let aunt = story.add_party("relative", "Canary Dì");
    let tell = |verb: &str, whom: &[&str]| {
        let body = json!({"parties": whom});
        story.counsellor.post(&format!("{path}/{verb}"), &body)
    };
    tell("share", &[&story.party, &aunt]).assert(200);
    tell("share", &[&story.party]).assert(200);
    let kind = "case_answered";
    // The first of that kind told it of its request.
    let mails = app.mails(kind, &story.family.email);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].content.links.len(), 1);
    assert!(!format!("{:?}", mails[1].content).contains("Canary"));
    let states = || {
        app.query(|conn| {
            messages::table
                .filter(messages::object_kind.eq("counselling-note"))
                .order(messages::id)
                .select(messages::state)
                .load::<String>(conn)
        })
    };
    assert_eq!(states().len(), 1, "who has no account could open nothing");
    // What has not left by then never says that there is something.
    tell("unshare", &[&story.party]).assert(200);
    assert_eq!(states(), ["cancelled"]);
    tell("unshare", &[&aunt]).assert(200);
    // The others named no safe way: somebody calls them, as long as it is there.
    let calls = || {
        let list = story
            .counsellor
            .get("/work-items?kind=contact-family&done=false");
        list.assert(200).json()["items"].clone()
    };
    assert_eq!(calls(), json!([]));
    tell("share", &[&adopter]).assert(200);
    assert_eq!(states(), ["cancelled", "suppressed"]);
    assert_eq!(calls()[0]["subject"]["kind"], "counselling-note");
    assert_eq!(calls()[0]["owner_id"], json!(story.counsellor.id()));
    tell("unshare", &[&adopter]).assert(200);
    assert_eq!(calls(), json!([]));
}

#[test]
fn a_draft_is_marked_lines_are_paragraphs_and_what_was_added_names_who_and_when() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let body = json!({"body": "Dòng một.\nDòng hai.\nDòng ba.", "present": [story.party]});
    let made = story.counsellor.post(&story.path("/notes"), &body);
    let path = story.path(&format!("/notes/{}", made.assert(201).id()));
    let paper = format!("{path}/record.docx");
    let draft = story.counsellor.get(&paper).docx();
    assert!(draft.contains("BẢN NHÁP"));
    assert!(
        !draft.contains("<w:br"),
        "later lines are indented like the first"
    );
    let line = draft.find("Dòng hai.").unwrap();
    let before = draft.split_at(line).0;
    let paragraph = before.split_at(before.rfind("<w:p ").unwrap()).1;
    assert!(paragraph.contains("w:firstLine="), "{paragraph}");
    story.counsellor.act(&format!("{path}/sign")).assert(200);
    let more = json!({"text": "Đã gọi lại."});
    let add = format!("{path}/addenda");
    story.supervisor.post(&add, &more).assert(200);
    let signed = story.counsellor.get(&paper).docx();
    assert!(!signed.contains("BẢN NHÁP"));
    let me = story.supervisor.get("/me").assert(200).json();
    let name = me["full_name"].as_str().unwrap();
    let added = format!("Bổ sung ngày 01/03/2026, 00:30, {name}");
    assert!(signed.contains(&added), "{added}");
}

#[test]
fn the_paper_says_what_the_note_says_and_its_name_nothing() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let path = story.signed("Canary tóm tắt cho mẹ");
    let more = json!({"text": "Canary đã gọi lại."});
    story
        .counsellor
        .post(&format!("{path}/addenda"), &more)
        .assert(200);
    let reply = story.counsellor.get(&format!("{path}/record.docx"));
    let named = reply.header("content-disposition").to_owned();
    assert!(named.is_ascii() && !named.contains("LC-TV"), "{named}");
    let text = reply.docx();
    for said in [
        "BIÊN BẢN",
        "/BB-UBND",
        "LC-TV-2026-",
        "27/02/2026",
        "Canary Thị Mẹ Đẻ",
        BODY,
        "Gặp lại sau hai tuần.",
        "Bổ sung ngày 01/03/2026",
        "Canary đã gọi lại.",
        "các lựa chọn khác và hỗ trợ gia đình",
    ] {
        assert!(text.contains(said), "{said}");
    }
    // The summary is the family's; the paper is the office's.
    assert!(!text.contains("Canary tóm tắt"));
}
