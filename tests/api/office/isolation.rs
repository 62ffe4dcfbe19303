//! Two offices know nothing of each other.

use hai_dang::identity::Role;
use hai_dang::office::import::import_plan;
use hai_dang::office::service::office::{OfficeNames, create};
use serde_json::{Value, json};

use crate::support::TestApp;

fn len(list: &Value) -> usize {
    list["items"].as_array().unwrap().len()
}

#[test]
fn nothing_of_one_office_is_seen_or_changed_in_another() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let (office, now) = (app.office, app.now());
    app.change(move |conn| import_plan(conn, office, now));
    let here = app.persona_of(office, &[Role::Administrator, Role::Organiser]);
    let there = app.persona_of(other, &[Role::Administrator, Role::Organiser]);
    let room = json!({"name": "Hội trường", "places": 80});
    let agency = json!({"code": "SCHOOLS", "name_vi": "Trường học"});
    for (all, body) in [("/rooms", &room), ("/agencies", &agency)] {
        let made = here.post(all, body).assert(201);
        let path = format!("{all}/{}", made.id());
        there.get(&path).assert(404).problem("not-found");
        let change = json!({"active": false});
        there
            .with("If-Match", "*")
            .patch(&path, &change)
            .assert(404);
        let list = there.get(&format!("{all}?q=truong")).assert(200).json();
        assert_eq!(len(&list), 0, "{all}");
        // A code or a name is taken in its own office alone.
        there.post(all, body).assert(201);
        assert_eq!(here.get(&path).assert(200).json(), made.json());
    }
    assert_eq!(len(&there.get("/plan/tasks").assert(200).json()), 0);
    let year = there.get("/calendar/2026").assert(200).json();
    assert_eq!(year["days"], json!([]));
    assert_eq!(year["has_unconfirmed"], true);
    let day = json!({"name": "Lễ riêng", "kind": "holiday", "confirmed": true});
    there
        .with("If-None-Match", "*")
        .put("/calendar/2026-11-24", &day)
        .assert(201);
    let year = here.get("/calendar/2026").assert(200).json();
    let names = year["days"].as_array().unwrap().iter();
    assert!(!names.into_iter().any(|day| day["name"] == "Lễ riêng"));
}

#[test]
fn an_auditor_reads_its_own_office_by_what_it_looks_for() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let here = app.persona(Role::Organiser);
    let there = app.persona_of(other, &[Role::Organiser]);
    let room = json!({"name": "Hội trường"});
    let made = here.with("X-Request-Id", "yeu-cau-1").post("/rooms", &room);
    let made = made.assert(201);
    there.post("/rooms", &room).assert(201);
    app.clock.advance(chrono::TimeDelta::days(1));
    let here = app.persona(Role::Organiser);
    here.post("/rooms", &json!({"name": "Phòng họp"}))
        .assert(201);
    let auditor = app.persona(Role::Auditor);
    let find = |query: &str| {
        let path = format!("/audit-events?action=room.create{query}");
        auditor.get(&path).assert(200).json()
    };
    let all = find("&include=total");
    assert_eq!(all["total"], 2);
    assert_eq!(all["items"][0]["actor_id"], json!(here.id()));
    let first = find("&limit=1");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = find(&format!("&limit=1&cursor={cursor}"));
    let event = &second["items"][0];
    assert_eq!(event["object_id"], made.json()["id"]);
    assert_eq!(event["object_kind"], "room");
    assert!(event["facts"].is_object());
    assert!(event["at"].as_str().unwrap().ends_with("+07:00"));
    // The office's day: it began before midnight in UTC.
    assert_eq!(len(&find("&from=2026-03-01&to=2026-03-01")), 1);
    assert_eq!(len(&find("&from=2026-03-02")), 1);
    assert_eq!(len(&find("&to=2026-02-28")), 0);
    assert_eq!(len(&find(&format!("&object_id={}", made.id()))), 1);
    assert_eq!(len(&find(&format!("&actor_id={}", here.id()))), 1);
    assert_eq!(len(&find(&format!("&actor_id={}", there.id()))), 0);
    assert_eq!(len(&find("&object_kind=agency")), 0);
    auditor.get("/audit-events?colour=red").assert(422);
    for role in [Role::Supervisor, Role::Administrator, Role::Family] {
        app.persona(role).get("/audit-events").assert(403);
    }
}

#[test]
fn an_office_is_made_once_and_found_by_its_code() {
    let app = TestApp::new();
    let now = app.now();
    let names = OfficeNames {
        code: "an-bien",
        name: "Phường An Biên",
        zone: "Asia/Ho_Chi_Minh",
        prefix: "AB",
    };
    let made = app.change(move |conn| Ok(create(conn, now, names).unwrap()));
    let refused = app.platform.db.write_now(move |conn| {
        let again = create(conn, now, names).unwrap_err();
        Err::<(), _>(hai_dang::db::Error::Corrupt(again.to_string()))
    });
    let told = refused.unwrap_err().to_string();
    assert!(told.contains("an office of this code exists"), "{told}");
    let public = app.anonymous().get("/public/office?office=an-bien");
    let public = public.assert(200).json();
    assert_eq!(public["name"], "Phường An Biên");
    for secret in ["id", "prefix", "policies", "version", "unheld_duties"] {
        assert!(public.get(secret).is_none(), "{secret}");
    }
    app.anonymous().get("/public/office?office=x").assert(404);
    app.anonymous().get("/public/office").assert(404);
    let admin = app.persona_of(made, &[Role::Administrator]);
    let office = admin.get("/office").assert(200).json();
    assert_eq!(
        (&office["code"], &office["version"]),
        (&json!("an-bien"), &json!(1))
    );
    assert_eq!(office["allowed_actions"], json!(["update"]));
}
