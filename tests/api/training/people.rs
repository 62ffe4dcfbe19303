//! Attendees, families, substitutes, merges and answers from mails.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, person, registrations};

#[test]
fn a_family_registers_itself_for_a_public_session_and_sees_nothing_else() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    body["mail_title"] = json!("Buổi gặp mặt");
    let session = world.publish(&body);
    let hidden = world.publish(&world.body(50));
    let family = world.app.persona(Role::Family);
    let path = format!("/training-sessions/{}", id(&session));
    let seen = family.get(&path).assert(200).json();
    assert_eq!(seen["allowed_actions"], json!(["register"]));
    let open = family.get("/public/training-sessions").assert(200).json();
    assert_eq!(open["items"][0]["allowed_actions"], json!([]));
    let mine = family
        .post(&registrations(&session), &json!({}))
        .assert(201)
        .json();
    assert_eq!(mine["status"], "confirmed");
    assert_eq!(mine["attendee"]["allowed_actions"], json!([]));
    let mail = world.app.mails("session_confirmation", &family.email);
    assert_eq!(mail[0].content.values["title"], "Buổi gặp mặt");
    family.post(&registrations(&hidden), &json!({})).assert(404);
    family
        .get(&format!("/training-sessions/{}", id(&hidden)))
        .assert(404);
    family
        .post(&registrations(&session), &json!({"attendee": person("Ai")}))
        .assert(422);
    let own = family.get("/me/registrations").assert(200).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let other = world.app.persona(Role::Family);
    other.get(&one(&mine)).assert(404);
    other.act(&format!("{}/cancel", one(&mine))).assert(404);
    family.get(&format!("{}/ticket", one(&mine))).assert(200);
    family.act(&format!("{}/cancel", one(&mine))).assert(200);
    let public = world
        .app
        .anonymous()
        .get("/public/training-sessions")
        .assert(200)
        .json();
    assert_eq!(public["items"].as_array().unwrap().len(), 1);
    let text = public.to_string();
    assert!(
        !text.contains("reference") && !text.contains("chair"),
        "{text}"
    );
}

#[test]
fn the_window_binds_families_alone() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    body["registration_closes_at"] = world.at(-1);
    body["registration_opens_at"] = world.at(-9);
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    let refused = family
        .post(&registrations(&session), &json!({}))
        .assert(409);
    refused.problem("registration-not-open");
    world.register(&session, "An");
}

#[test]
fn a_room_that_is_no_longer_used_stays_where_it_is_named_and_is_named_nowhere_else() {
    let world = World::new();
    let room = json!({"name": "Phòng cũ", "places": 40});
    let room = world.organiser.post("/rooms", &room).assert(201);
    let mut body = world.body(48);
    body["venue"] = json!(null);
    body["room"] = json!(room.id());
    let session = world.publish(&body);
    let path = format!("/rooms/{}", room.id());
    let closed = world.organiser.having_seen(&room);
    closed.patch(&path, &json!({"active": false})).assert(200);
    let refused = world.organiser.post("/training-sessions", &body);
    refused.assert(422).violates("/room", "unknown-reference");
    let path = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&path).assert(200);
    let organiser = world.organiser.having_seen(&seen);
    let renamed = organiser.patch(&path, &json!({"title": "Tên khác"}));
    assert_eq!(renamed.assert(200).json()["room"], json!(room.id()));
    // Another like it is still drafted; where it is held is the organiser's to look at.
    let again = format!("{path}/duplicate");
    let again = world
        .organiser
        .post(&again, &json!({"starts_at": world.at(96)}));
    assert_eq!(again.assert(201).json()["room"], json!(room.id()));
}

#[test]
fn whoever_is_on_the_list_sees_the_session_whatever_becomes_of_its_visibility() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    let stranger = world.app.persona(Role::Family);
    let own = family.post(&registrations(&session), &json!({}));
    own.assert(201);
    let path = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&path).assert(200);
    let hidden = json!({"visibility": "invitation"});
    let organiser = world.organiser.having_seen(&seen);
    organiser.patch(&path, &hidden).assert(200);
    for path in [path.clone(), format!("{path}/session.ics")] {
        family.get(&path).assert(200);
        stranger.get(&path).assert(404);
    }
}

#[test]
fn a_corrected_address_gets_the_mail_and_the_old_one_has_no_say() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let mut dao = person("Đào");
    dao["email"] = json!("sai@example.vn");
    let body = json!({ "attendee": dao });
    let made = world.organiser.post(&registrations(&session), &body);
    let made = made.assert(201).json();
    let old = world
        .app
        .newest_token("session_confirmation", "sai@example.vn");
    let path = format!("/attendees/{}", id(&made["attendee"]));
    let seen = world.organiser.get(&path).assert(200);
    let right = json!({"email": "dao@example.vn"});
    world
        .organiser
        .having_seen(&seen)
        .patch(&path, &right)
        .assert(200);
    let leave = |token: &str| {
        let body = json!({"token": token, "answer": "leave"});
        let anyone = world.app.anonymous();
        anyone.post("/public/registrations/respond", &body)
    };
    leave(&old).assert(422).problem("token-invalid");
    assert_eq!(world.total(&session)["confirmed"], 1);
    let new = world
        .app
        .newest_token("session_confirmation", "dao@example.vn");
    // A change of anything else tells nobody anew and leaves the link alone.
    let seen = world.organiser.get(&path).assert(200);
    let post = json!({"position": "Tổ trưởng"});
    world
        .organiser
        .having_seen(&seen)
        .patch(&path, &post)
        .assert(200);
    let told = world.app.mails("session_confirmation", "dao@example.vn");
    assert_eq!(told.len(), 1);
    leave(&new).assert(200);
    assert_eq!(world.total(&session)["confirmed"], 0);
}

#[test]
fn an_invitation_is_answered_from_the_mail_without_an_account() {
    let world = World::new();
    let session = world.with_capacity(1);
    let body = json!({"attendee": person("An"), "ask": true});
    let asked = world
        .organiser
        .post(&registrations(&session), &body)
        .assert(201)
        .json();
    assert_eq!(asked["status"], "invited");
    let token = world
        .app
        .newest_token("session_invitation", "an@example.vn");
    let answer = |token: &str, answer: &str| {
        let body = json!({"token": token, "answer": answer});
        world
            .app
            .anonymous()
            .post("/public/registrations/respond", &body)
    };
    assert_eq!(
        answer(&token, "accept").assert(200).json()["status"],
        "confirmed"
    );
    assert_eq!(
        answer(&token, "accept").assert(200).json()["status"],
        "confirmed"
    );
    assert_eq!(
        answer(&token, "leave").assert(200).json()["status"],
        "cancelled"
    );
    // Whoever changes their mind is on the list anew, and the same link speaks for that.
    let said = answer(&token, "accept").assert(200).json();
    assert_eq!(said["status"], "confirmed");
    assert_eq!(said["title"], session["title"]);
    assert_eq!(said["starts_at"], session["slots"][0]["starts_at"]);
    assert_eq!(world.total(&session)["confirmed"], json!(1));
    answer(&token, "decline").assert(200);
    assert_eq!(world.total(&session)["confirmed"], json!(0));
    world.register(&session, "Bình");
    let waits = answer(&token, "accept").assert(200).json();
    assert_eq!(waits["status"], "waitlisted");
    // What the office ends then stays so, whichever link is used.
    let list = registrations(&session);
    let listed = world.organiser.get(&list).assert(200).json();
    let newest = listed["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest["attendee"]["full_name"], "An");
    let cancel = format!("{}/cancel", one(&newest));
    world.organiser.act(&cancel).assert(200);
    let ended = answer(&token, "accept").assert(409);
    ended.problem("registration-cancelled");
    answer("khong", "accept")
        .assert(422)
        .problem("token-invalid");
    world.app.clock.advance(chrono::TimeDelta::days(9));
    answer(&token, "accept")
        .assert(422)
        .problem("token-invalid");
}

#[test]
fn the_link_of_somebody_merged_speaks_for_what_was_kept() {
    let world = World::new();
    let session = world.with_capacity(5);
    let path = registrations(&session);
    let mut both = Vec::new();
    for name in ["An", "Ân"] {
        let body = json!({"attendee": person(name), "ask": true});
        both.push(world.organiser.post(&path, &body).assert(201).json());
    }
    let token = world
        .app
        .newest_token("session_invitation", "an@example.vn");
    let attendee = both[1]["attendee"]["id"].as_str().unwrap();
    let into = json!({"into": both[0]["attendee"]["id"], "keep": [both[0]["id"]]});
    let merge = format!("/attendees/{attendee}/merge");
    world.organiser.post(&merge, &into).assert(200);
    let answer = |said: &str| {
        let body = json!({"token": token, "answer": said});
        let sent = world.app.anonymous();
        let sent = sent.post("/public/registrations/respond", &body);
        sent.assert(200).json()["status"].clone()
    };
    assert_eq!(answer("accept"), "confirmed");
    let kept = world.organiser.get(&one(&both[0])).assert(200).json();
    assert_eq!(kept["status"], "confirmed");
    assert_eq!(answer("leave"), "cancelled");
    assert_eq!(world.total(&session)["confirmed"], 0);
}

#[test]
fn what_the_office_ended_no_link_takes_up_again() {
    let world = World::new();
    let session = world.with_capacity(2);
    let body = json!({"attendee": person("An"), "ask": true});
    let path = registrations(&session);
    world.organiser.post(&path, &body).assert(201);
    let token = world
        .app
        .newest_token("session_invitation", "an@example.vn");
    let cancel = format!("/training-sessions/{}/cancel", id(&session));
    let why = json!({"reason": "Canary bão"});
    world.organiser.post(&cancel, &why).assert(200);
    let body = json!({"token": token, "answer": "accept"});
    let said = world.app.anonymous();
    let said = said.post("/public/registrations/respond", &body);
    said.assert(409).problem("registration-cancelled");
}

#[test]
fn a_substitute_keeps_seat_and_place_and_ends_the_old_ticket() {
    let world = World::new();
    let session = world.with_capacity(1);
    let first = world.register(&session, "An");
    world.register(&session, "Bình");
    let old = world.ticket(&first);
    let path = format!("{}/substitute", one(&first));
    let after = world
        .organiser
        .post(&path, &json!({"attendee": person("Chi")}))
        .assert(200)
        .json();
    assert_eq!(
        (&after["status"], &after["place"]),
        (&json!("confirmed"), &first["place"])
    );
    assert_eq!(after["attendee"]["full_name"], "Chi");
    assert_eq!(after["invited_attendee_id"], first["attendee"]["id"]);
    assert_ne!(world.ticket(&after), old);
    world.scan(&old, "n").assert(404).problem("unknown-ticket");
    let total = world.total(&session);
    assert_eq!(
        (&total["confirmed"], &total["cancelled"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        world
            .app
            .mails("registration_replaced", "an@example.vn")
            .len(),
        1
    );
    assert_eq!(
        world
            .app
            .mails("registration_taken_over", "chi@example.vn")
            .len(),
        1
    );
}

fn attendee(world: &World, body: &Value) -> Value {
    world.organiser.post("/attendees", body).assert(201).json()
}

#[test]
fn likely_duplicates_are_reported_merged_and_unmerged_by_a_person() {
    let world = World::new();
    let first = attendee(
        &world,
        &json!({"full_name": "Lê Anh Sơn", "phone": "0912345678"}),
    );
    let second = attendee(
        &world,
        &json!({"full_name": "LÊ ANH SƠN", "phone": "+84 912 345 678"}),
    );
    let pairs = world
        .organiser
        .get("/attendees/duplicates")
        .assert(200)
        .json();
    assert_eq!(pairs["items"][0]["reason"], "contact");
    let session = world.with_capacity(1);
    let register = |who: &Value| {
        world
            .organiser
            .post(&registrations(&session), &json!({"attendee_id": who["id"]}))
    };
    let kept = register(&first).assert(201).json();
    let other = register(&second).assert(201).json();
    assert_eq!(other["status"], "waitlisted");
    let path = format!("/attendees/{}/merge", id(&second));
    let refused = world
        .organiser
        .post(&path, &json!({"into": first["id"]}))
        .assert(409);
    refused.problem("both-registered");
    let body = json!({"into": first["id"], "keep": [kept["id"]]});
    let merged = world.organiser.post(&path, &body).assert(200).json();
    assert_eq!(merged["merged_into"], first["id"]);
    let total = world.total(&session);
    assert_eq!(
        (&total["confirmed"], &total["waitlisted"]),
        (&json!(1), &json!(0))
    );
    let refused = register(&second).assert(409).problem("already-registered");
    assert_eq!(refused["registration_id"], kept["id"]);
    only_the_survivor_is_listed(&world, &first);
    world
        .organiser
        .act(&format!("/attendees/{}/unmerge", id(&second)))
        .assert(200);
    let total = world.total(&session);
    assert_eq!(
        (&total["confirmed"], &total["waitlisted"]),
        (&json!(1), &json!(1))
    );
}

fn only_the_survivor_is_listed(world: &World, survivor: &Value) {
    let list = world
        .organiser
        .get("/attendees?q=le%20anh")
        .assert(200)
        .json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let history = world
        .organiser
        .get(&format!("/attendees/{}/history", id(survivor)));
    assert_eq!(
        history.assert(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn at_the_desk_somebody_is_found_by_what_they_say() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    world.register(&session, "Lê Anh");
    let mut dao = person("Nguyễn Thị Đào");
    dao["phone"] = json!("0932 879 217");
    let body = json!({ "attendee": dao });
    let path = registrations(&session);
    world.organiser.post(&path, &body).assert(201);
    let found = |query: &str| {
        let list = |path: &str| {
            let path = format!("{path}?q={query}&include=total");
            let list = world.organiser.get(&path).assert(200).json();
            let items = list["items"].as_array().unwrap().clone();
            assert_eq!(list["total"], items.len());
            items
        };
        let of_session = list(&path);
        let known = list("/attendees");
        assert_eq!(of_session.len(), known.len(), "{query}");
        let names = known.iter().map(|one| one["full_name"].clone());
        names.collect::<Vec<_>>()
    };
    for query in [
        "thi%20dao",
        "0932879217",
        "0932%20879",
        "%2B84932879217",
        "9217",
        "thi.dao@",
        "DAO@example.vn",
    ] {
        assert_eq!(found(query), ["Nguyễn Thị Đào"], "{query}");
    }
    assert_eq!(found("example.vn%40").len(), 0);
    assert_eq!(found("@example.vn").len(), 2);
    assert_eq!(found("217").len(), 0, "three digits are anybody's");
    assert_eq!(found("%25%25%25%25").len(), 0);
}

#[test]
fn a_correction_moves_open_counts_and_leaves_completed_ones() {
    let mut world = World::new();
    let open = world.publish(&world.body(48));
    let held = world.publish(&world.body(1));
    let an = world.register(&open, "An");
    let attendee = an["attendee"]["id"].as_str().unwrap().to_owned();
    let body = json!({"attendee_id": attendee});
    world
        .organiser
        .post(&registrations(&held), &body)
        .assert(201);
    world.app.clock.advance(chrono::TimeDelta::hours(2));
    world.organiser = world.app.persona(Role::Organiser);
    world.act(&held, "complete", &json!({"acknowledge_missing": true}));
    let path = format!("/attendees/{attendee}");
    let seen = world.organiser.get(&path).assert(200);
    let change = json!({"sex": "male", "birth_year": 1980, "agency": world.police});
    world
        .organiser
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(200);
    let by_sex = |session: &Value| {
        let path = format!(
            "/training-sessions/{}/attendance-counts?group_by=sex",
            id(session)
        );
        world.organiser.get(&path).assert(200).json()["rows"][0]["key"].clone()
    };
    assert_eq!(
        (by_sex(&open), by_sex(&held)),
        (json!("male"), json!("female"))
    );
}

#[test]
fn nothing_depends_on_an_address() {
    let world = World::new();
    let session = world.with_capacity(3);
    let body = json!({"attendee": {"full_name": "H'Bia"}});
    let made = world
        .organiser
        .post(&registrations(&session), &body)
        .assert(201)
        .json();
    assert_eq!(made["attendee"]["full_name"], "H'Bia");
    let bad = json!({"attendee": {"full_name": "A\u{202E}b", "email": "x", "phone": "12345"}});
    let refused = world
        .organiser
        .post(&registrations(&session), &bad)
        .assert(422);
    refused.violates("/attendee/full_name", "forbidden-character");
    refused.violates("/attendee/email", "email-invalid");
    refused.violates("/attendee/phone", "phone-invalid");
}

#[test]
fn mails_of_a_session_of_several_days_tell_each() {
    let world = World::new();
    let mut body = world.body(48);
    body["slots"] = json!([world.slot(48, 2), world.slot(72, 3)]);
    let session = world.publish(&body);
    for (ask, kind) in [
        (false, "session_confirmation"),
        (true, "session_invitation"),
    ] {
        let address = format!("{ask}@example.vn");
        let who = json!({"full_name": "An", "email": address});
        let body = json!({"attendee": who, "ask": ask});
        let path = registrations(&session);
        world.organiser.post(&path, &body).assert(201);
        let mail = world.app.mails(kind, &address).remove(0);
        let told = mail.content.values["slots"].as_array().unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
    }
}

#[test]
fn a_merge_fills_what_is_lacking_and_taking_it_back_empties_that_again() {
    let world = World::new();
    let kept = attendee(
        &world,
        &json!({"full_name": "Lê Anh Sơn", "organisation": "Trường A"}),
    );
    let full = json!({
        "full_name": "Ông Lê Anh Sơn", "organisation": "Trường B", "phone": "0912345678",
        "email": "canary.son@example.vn", "birth_year": 1980, "position": "Giáo viên",
    });
    let other = attendee(&world, &full);
    let path = format!("/attendees/{}", id(&kept));
    let show = || world.organiser.get(&path).assert(200).json();
    let merge = format!("/attendees/{}/merge", id(&other));
    let into = json!({"into": kept["id"]});
    world.organiser.post(&merge, &into).assert(200);
    let filled = show();
    assert_eq!(filled["phone"], "+84912345678");
    assert_eq!(filled["email"], "canary.son@example.vn");
    assert_eq!(filled["birth_year"], 1980);
    assert_eq!(filled["organisation"], "Trường A", "what was there stays");
    assert_eq!(filled["version"], 2);
    // What somebody sets afterwards is theirs.
    let seen = world.organiser.get(&path).assert(200);
    let organiser = world.organiser.having_seen(&seen);
    let set = json!({"phone": "0987654321"});
    organiser.patch(&path, &set).assert(200);
    let back = format!("/attendees/{}/unmerge", id(&other));
    world.organiser.act(&back).assert(200);
    let emptied = show();
    assert_eq!(emptied["phone"], "+84987654321");
    for gone in ["email", "birth_year", "position"] {
        assert!(emptied[gone].is_null(), "{gone}");
    }
    assert_eq!(emptied["organisation"], "Trường A");
}

#[test]
fn who_turned_out_to_be_another_is_reached_and_let_in_as_them() {
    let mut world = World::new();
    let session = world.publish(&world.body(2));
    let path = registrations(&session);
    let enter = |world: &World, who: &Value| {
        let made = world.organiser.post(&path, &json!({ "attendee": who }));
        made.assert(201).json()
    };
    let plain = enter(&world, &json!({"full_name": "Vũ Đơn"}));
    let known = json!({
        "full_name": "Vũ Văn Đơn", "email": "don@example.vn", "phone": "0912345670",
    });
    let survivor = world.organiser.post("/attendees", &known).assert(201).id();
    let merge = format!("/attendees/{}/merge", id(&plain["attendee"]));
    let into = json!({ "into": survivor });
    world.organiser.post(&merge, &into).assert(200);
    // The list speaks of who it is, and so do mails.
    let list = world.organiser.get(&path).assert(200).json();
    assert_eq!(list["items"][0]["attendee"]["email"], "don@example.vn");
    let moved = json!({"venue": {"name": "Hội trường mới"}});
    let shown = format!("/training-sessions/{}", id(&session));
    let seen = world.organiser.get(&shown).assert(200);
    world
        .organiser
        .having_seen(&seen)
        .patch(&shown, &moved)
        .assert(200);
    assert_eq!(
        world.app.mails("session_changed", "don@example.vn").len(),
        1
    );
    // The ticket of an entry that a merge took out lets in by the one that was kept.
    let other = enter(&world, &json!({"full_name": "Đơn"}));
    let ticket = world.ticket(&other);
    let code = other["short_code"].as_str().unwrap();
    let found = world.organiser.get(&format!("{path}?q={code}")).assert(200);
    assert_eq!(found.json()["items"][0]["id"], other["id"]);
    let merge = format!("/attendees/{}/merge", id(&other["attendee"]));
    let into = json!({"into": survivor, "keep": [plain["id"]]});
    world.organiser.post(&merge, &into).assert(200);
    world.app.clock.advance(chrono::TimeDelta::minutes(150));
    world.organiser = world.app.persona(Role::Organiser);
    let let_in = world.scan(&ticket, "cửa").assert(201).json();
    assert_eq!(let_in["registration_id"], plain["id"]);
    let kept = world.ticket(&plain);
    let twice = world.scan(&kept, "cửa, lần nữa").assert(409);
    twice.problem("already-checked-in");
    assert_eq!(world.total(&session)["slot_attendances"], 1);
}
