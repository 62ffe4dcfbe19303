//! Appointments of staff: made, moved, held, missed, apart from one another.

use diesel::prelude::*;
use hai_dang::db::schema::{counselling_appointment_parties, counselling_appointments};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{ALL, OWN, Story, act, at, go_to, instant, one};
use crate::support::TestApp;

#[test]
fn staff_make_an_appointment_that_the_family_sees_without_what_is_internal() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let aunt = story.add_party("relative", "Canary Thị Dì");
    let mut body = story.booking(&[&story.party, &aunt], 9 * 60, 60);
    body["location"] = json!("Canary phòng 2");
    body["interpreter"] = json!("Canary Phiên Dịch");
    let made = story.counsellor.post(ALL, &body).assert(201);
    let id = made.id();
    assert!(made.header("location").ends_with(&one(&id)));
    let made = made.json();
    assert_eq!(made["status"], "confirmed");
    assert_eq!(made["phase"], "before");
    assert_eq!(made["parties"].as_array().unwrap().len(), 2);
    assert_eq!(made["location"], "Canary phòng 2");
    let own = story.family.get(OWN).assert(200);
    let text = String::from_utf8_lossy(&own.body).into_owned();
    for hidden in ["Canary", &aunt, &story.case, "phase", "interpreter"] {
        assert!(!text.contains(hidden), "{hidden} is not the family's");
    }
    let own = own.json();
    assert_eq!(own["items"][0]["id"], id.as_str());
    assert_eq!(own["items"][0]["allowed_actions"], json!(["cancel"]));
    assert_eq!(own["bookable"][0]["party_id"], story.party.as_str());
    assert_eq!(
        own["bookable"][0]["counsellor_id"],
        json!(story.counsellor.id())
    );
    let stranger = app.persona(Role::Family).get(OWN).assert(200).json();
    assert_eq!(stranger, json!({"items": [], "bookable": []}));
    let colleague = app.persona(Role::Counsellor);
    colleague.get(&one(&id)).assert(404);
    assert_eq!(colleague.get(ALL).assert(200).json()["items"], json!([]));
    act(
        &colleague,
        &id,
        "cancel",
        &json!({"by": "office", "reason": "x"}),
    )
    .assert(404);
    colleague.post(ALL, &body).assert(404);
    let day = format!("{ALL}?from=2026-03-02&to=2026-03-02&include=total");
    assert_eq!(story.supervisor.get(&day).assert(200).json()["total"], 1);
    let next = format!("{ALL}?from=2026-03-03&include=total");
    assert_eq!(story.supervisor.get(&next).assert(200).json()["total"], 0);
}

#[test]
fn what_cannot_be_an_appointment_is_refused() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let refuse = |change: &dyn Fn(&mut Value), pointer: &str, code: &str| {
        let mut body = story.booking(&[&story.party], 9 * 60, 60);
        change(&mut body);
        let reply = story.counsellor.post(ALL, &body).assert(422);
        reply.violates(pointer, code);
    };
    refuse(
        &|body| body["ends_at"] = json!(at(9 * 60 + 10)),
        "/ends_at",
        "appointment-length",
    );
    refuse(
        &|body| body["ends_at"] = json!(at(14 * 60)),
        "/ends_at",
        "appointment-length",
    );
    refuse(
        &|body| body["parties"] = json!([]),
        "/parties",
        "out-of-range",
    );
    refuse(
        &|body| body["parties"] = json!([story.case]),
        "/parties/0",
        "unknown-reference",
    );
    refuse(
        &|body| body["parties"] = json!([story.party, story.party]),
        "/parties/1",
        "repeated",
    );
    refuse(
        &|body| body["request_id"] = json!(story.request),
        "/case_id",
        "one-of",
    );
    refuse(
        &|body| body["topics"] = json!(["grief", "grief"]),
        "/topics",
        "repeated",
    );
    refuse(
        &|body| {
            body["starts_at"] = json!(at(-2 * 24 * 60));
            body["ends_at"] = json!(at(-2 * 24 * 60 + 60));
        },
        "/starts_at",
        "in-the-past",
    );
}

#[test]
fn nobody_is_in_two_places_and_the_loser_learns_of_free_times() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let aunt = story.add_party("relative", "Thị Dì");
    story.appointment(9, 60);
    // The counsellor is busy.
    let body = story.booking(&[&aunt], 9 * 60 + 30, 60);
    let refused = story.counsellor.post(ALL, &body).assert(409);
    let refused = refused.problem("appointment-slot-taken");
    let free = refused["free"].as_array().unwrap();
    assert_eq!(free.len(), 5);
    assert_eq!(free[0]["starts_at"], "2026-03-02T08:00:00+07:00");
    assert_eq!(free[1]["starts_at"], "2026-03-02T10:00:00+07:00");
    // Times that touch do not overlap.
    let body = story.booking(&[&aunt], 10 * 60, 60);
    story.counsellor.post(ALL, &body).assert(201);
    // The same person in another case, with another counsellor, is busy, too.
    let other = app.persona(Role::Counsellor);
    let case = other
        .post("/counselling-cases", &json!({"adoption_kind": "domestic"}))
        .assert(201)
        .id();
    let same = json!({
        "role": "birth_parent", "name": "Canary Thị Mẹ Đẻ", "phone": "0912345678"
    });
    let party = other
        .post(&format!("/counselling-cases/{case}/parties"), &same)
        .assert(201)
        .id();
    let mut body = story.booking(&[&party], 9 * 60 + 45, 30);
    body["case_id"] = json!(case);
    let refused = other.post(ALL, &body).assert(409);
    let refused = refused.problem("appointment-slot-taken");
    assert_eq!(refused["free"], json!([]), "nobody set this one's hours");
    // Another name behind the shared phone is another person.
    let husband = json!({"role": "birth_parent", "name": "Văn Bố", "phone": "0912345678"});
    let party = other
        .post(&format!("/counselling-cases/{case}/parties"), &husband)
        .assert(201);
    body["parties"] = json!([party.id()]);
    other.post(ALL, &body).assert(201);
    // Who turns out to be the person that is elsewhere at the time cannot be it yet.
    let path = format!("/counselling-cases/{case}/parties/{}", party.id());
    let rename = json!({"name": "Canary Thị Mẹ Đẻ"});
    let refused = other.having_seen(&party).patch(&path, &rename);
    refused.assert(409).problem("appointment-slot-taken");
}

#[test]
fn the_sides_of_an_adoption_do_not_meet_unless_they_are_one_family() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    story.open_hours();
    let adopter = story.add_party("prospective_adoptive_parent", "Người Nhận");
    let child = story.add_party("child", "Trẻ");
    let both = story.booking(&[&story.party, &adopter], 8 * 60, 60);
    let refused = story.counsellor.post(ALL, &both).assert(409);
    refused.problem("sides-apart");
    story.appointment(9, 60);
    for (minute, status) in [(10 * 60, 409), (10 * 60 + 29, 409), (10 * 60 + 30, 201)] {
        let body = story.booking(&[&adopter], minute, 30);
        story.counsellor.post(ALL, &body).assert(status);
    }
    // The child may come right after, and by phone nobody meets at the door.
    let body = story.booking(&[&child], 10 * 60, 30);
    story.counsellor.post(ALL, &body).assert(201);
    let mut body = story.booking(&[&adopter], 8 * 60 + 30, 30);
    let refused = story.counsellor.post(ALL, &body).assert(409);
    let refused = refused.problem("appointment-slot-taken");
    for free in refused["free"].as_array().unwrap() {
        let starts = free["starts_at"].as_str().unwrap().get(..16).unwrap();
        assert!(!["2026-03-02T08:30", "2026-03-02T10:00"].contains(&starts));
    }
    body["mode"] = json!("phone");
    story.counsellor.post(ALL, &body).assert(201);
    // One family, and the supervisor said so.
    let seen = story.supervisor.get(&story.path("")).assert(200);
    story
        .supervisor
        .having_seen(&seen)
        .patch(&story.path(""), &json!({"in_family": "aunt"}))
        .assert(200);
    let meet = story.booking(&[&story.party, &adopter], 14 * 60, 60);
    story
        .counsellor
        .post(ALL, &meet)
        .assert(409)
        .problem("sides-apart");
    let why = json!({"reason": "Dì ruột nhận cháu."});
    story
        .supervisor
        .post(&story.path("/confirm-in-family"), &why)
        .assert(200);
    story.counsellor.post(ALL, &meet).assert(201);
    // A party with an appointment to come does not change sides, nor leave.
    let path = story.path(&format!("/parties/{child}"));
    let seen = story.counsellor.get(&path).assert(200);
    let client = story.counsellor.having_seen(&seen);
    client
        .patch(&path, &json!({"role": "relative"}))
        .assert(409)
        .problem("party-in-use");
    client.delete(&path).assert(409).problem("party-in-use");
}

#[test]
fn a_moved_appointment_keeps_its_id_and_a_missed_one_gets_another() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let id = story.appointment(9, 60).id();
    story.appointment(11, 60);
    let to = |minute| json!({"starts_at": at(minute), "ends_at": at(minute + 60), "reason": "Kẹt"});
    // Into itself it may, into another not.
    let moved = act(&story.counsellor, &id, "reschedule", &to(9 * 60 + 30))
        .assert(200)
        .json();
    assert_eq!(moved["id"], id.as_str());
    assert_eq!(moved["calendar_sequence"], 1);
    act(&story.counsellor, &id, "reschedule", &to(10 * 60 + 30)).assert(409);
    let early = act(&story.counsellor, &id, "no-show", &json!({"by": "party"}));
    early.assert(409).problem("too-early");
    go_to(&app, instant(10 * 60), &mut story);
    let missed = act(&story.counsellor, &id, "no-show", &json!({"by": "party"}));
    let missed = missed.assert(200).json();
    assert_eq!(missed["allowed_actions"], json!(["reschedule", "reopen"]));
    assert_eq!(missed["parties"][0]["has_attended"], false);
    let next = act(&story.counsellor, &id, "reschedule", &to(14 * 60)).assert(201);
    let next = next.json();
    assert_eq!(next["follows_id"], id.as_str());
    assert_eq!(next["status"], "confirmed");
    assert_eq!(next["parties"][0]["has_attended"], Value::Null);
    act(&story.counsellor, &id, "reschedule", &to(16 * 60)).assert(409);
    let kept = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(kept["status"], "no_show");
    assert_eq!(kept["no_show_by"], "party");
    let kinds = kept["history"].as_array().unwrap().iter();
    let kinds: Vec<&str> = kinds.map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["create", "reschedule", "no-show", "reschedule"]);
}

#[test]
fn what_was_held_keeps_its_phase_and_who_came() {
    let app = TestApp::new();
    let mut story = Story::begin(&app);
    let aunt = story.add_party("relative", "Thị Dì");
    let body = story.booking(&[&story.party, &aunt], 9 * 60, 60);
    let id = story.counsellor.post(ALL, &body).assert(201).id();
    let later = story.appointment(34, 60).id();
    go_to(&app, instant(9 * 60), &mut story);
    let nobody = act(&story.counsellor, &id, "complete", &json!({"attended": []}));
    nobody.assert(422).violates("/attended", "required");
    let held = json!({"attended": [story.party], "topics": ["purpose", "legal_effects"]});
    let held = act(&story.counsellor, &id, "complete", &held)
        .assert(200)
        .json();
    assert_eq!(held["phase"], "before");
    assert_eq!(held["topics"], json!(["purpose", "legal_effects"]));
    assert_eq!(held["parties"][0]["has_attended"], true);
    assert_eq!(held["parties"][1]["has_attended"], false);
    assert_eq!(held["allowed_actions"], json!(["reopen"]));
    let why = json!({"override_reason": "Đủ giấy."});
    story
        .supervisor
        .post(&story.path("/advance-phase"), &why)
        .assert(200);
    // The next one is held in the phase the case is in by then; the first keeps its own.
    go_to(&app, instant(34 * 60), &mut story);
    let next = json!({"attended": [story.party]});
    let next = act(&story.counsellor, &later, "complete", &next)
        .assert(200)
        .json();
    assert_eq!(next["phase"], "during");
    let first = story.counsellor.get(&one(&id)).assert(200).json();
    assert_eq!(first["phase"], "before");
}

/// The fences of the database, behind what the program decides.
#[test]
fn the_database_itself_holds_overlaps_back() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let first = story.appointment(9, 60).id();
    let second = story.appointment(14, 60).id();
    let id = uuid::Uuid::parse_str(&second).unwrap();
    let (from, to) = (instant(9 * 60 + 30), instant(10 * 60 + 30));
    let moved = app.platform.db.write_now(move |conn| {
        let row = counselling_appointments::table.find(hai_dang::kernel::Id::<
            hai_dang::counselling::model::CounsellingAppointment,
        >::from_uuid(id));
        diesel::update(row)
            .set((
                counselling_appointments::starts_at.eq(from),
                counselling_appointments::ends_at.eq(to),
            ))
            .execute(conn)
            .map_err(hai_dang::db::Error::from)
    });
    let is_fenced = |error: &hai_dang::db::Error| {
        matches!(error, hai_dang::db::Error::Statement(error)
            if hai_dang::db::dialect::violated_exclusion(error))
    };
    assert!(moved.is_err_and(|error| is_fenced(&error)));
    let moved = app.platform.db.write_now(move |conn| {
        use counselling_appointment_parties as seats;
        diesel::update(seats::table)
            .set((seats::starts_at.eq(from), seats::ends_at.eq(to)))
            .execute(conn)
            .map_err(hai_dang::db::Error::from)
    });
    assert!(moved.is_err_and(|error| is_fenced(&error)));
    assert_ne!(first, second);
}
