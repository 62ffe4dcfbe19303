//! Side doors (V-02), answers that tell too much (V-04), and two sessions that must not mix (V-05).

use hai_dang::identity::Role;
use serde_json::{Value, json};

use crate::support::{Client, Reply};
use crate::training::{World, furnish, id, one, person, registrations};

/// What each office's people are named after.
const CANARY: &str = "Canary";

#[track_caller]
fn untold(reply: &Reply) {
    let text = String::from_utf8_lossy(&reply.body).to_lowercase();
    assert!(!text.contains(&CANARY.to_lowercase()), "{text}");
}

/// A session of another office with one registration, both named after the canary.
fn elsewhere(world: &World) -> (Value, Value) {
    let office = world.app.add_office("khac");
    let (agency, _, _) = furnish(&world.app, office);
    let organiser = world.app.persona_of(office, &[Role::Organiser]);
    let mut body = world.body(48);
    body["lead_agency"] = json!(agency);
    body["title"] = json!("Canary họp kín");
    let made = organiser
        .post("/training-sessions", &body)
        .assert(201)
        .json();
    let path = format!("/training-sessions/{}/publish", id(&made));
    let session = organiser.post(&path, &json!({})).assert(200).json();
    let attendee = json!({"attendee": person("Canary Thị Ngoài")});
    let registration = organiser.post(&registrations(&session), &attendee);
    (session, registration.assert(201).json())
}

#[test]
fn ids_of_others_open_no_side_door() {
    let world = World::new();
    let (foreign, theirs) = elsewhere(&world);
    let (attendee, agency) = (&theirs["attendee"]["id"], &foreign["lead_agency"]);
    let session = world.publish(&world.body(48));
    let mine = world.register(&session, "An");
    let own = format!("/attendees/{}", id(&mine["attendee"]));
    let organiser = &world.organiser;
    let base = format!("/training-sessions/{}", id(&session));
    let with = |key: &str, value: &Value| {
        let mut body = world.body(60);
        body[key] = value.clone();
        organiser.post("/training-sessions", &body)
    };
    let crossed = format!("{base}/registrations/{}", id(&theirs));
    let seen = organiser.get(&own).assert(200);
    let replies = [
        organiser.post(&registrations(&session), &json!({"attendee_id": attendee})),
        organiser.post(
            &format!("{}/substitute", one(&mine)),
            &json!({"attendee_id": attendee}),
        ),
        organiser.post(&format!("{own}/merge"), &json!({"into": attendee})),
        organiser.post(
            &format!("{own}/merge"),
            &json!({"into": mine["attendee"]["id"], "keep": [theirs["id"]]}),
        ),
        organiser.post(
            &format!("{base}/walk-ins"),
            &json!({"attendee_id": attendee}),
        ),
        organiser
            .having_seen(&seen)
            .patch(&own, &json!({"agency": agency})),
        organiser.post("/attendees", &json!({"full_name": "B", "agency": agency})),
        organiser.get(&format!("/attendees/{}", attendee.as_str().unwrap())),
        organiser.get(&format!(
            "/attendees/{}/history",
            attendee.as_str().unwrap()
        )),
        organiser.get(&crossed),
        organiser.get(&format!("{crossed}/ticket")),
        organiser.act(&format!("{crossed}/resend")),
        organiser.post(&format!("{crossed}/cancel"), &json!({})),
        with("lead_agency", agency),
        with("coordinating_agencies", &json!([agency])),
        organiser.post(
            &format!("/training-sessions/{}/duplicate", id(&foreign)),
            &json!({}),
        ),
    ];
    for (index, reply) in replies.iter().enumerate() {
        let refused = [404, 409, 422].contains(&reply.status);
        assert!(refused, "{index}: {} {reply:?}", reply.status);
        untold(reply);
    }
}

#[test]
fn ids_of_others_open_no_sheet_and_no_search() {
    let world = World::new();
    let (_, theirs) = elsewhere(&world);
    let attendee = &theirs["attendee"]["id"];
    let session = world.publish(&world.body(48));
    let organiser = &world.organiser;
    let base = format!("/training-sessions/{}", id(&session));
    let marks = json!([{"slot": session["slots"][0]["id"], "mark": "present"}]);
    for row in [
        json!({"row": "1", "attendee_id": attendee, "marks": marks}),
        json!({"row": "1", "registration_id": theirs["id"], "marks": marks}),
    ] {
        let reply = organiser.put(&format!("{base}/attendance"), &json!({"rows": [row]}));
        untold(&reply);
        let refused = reply.status != 200 || reply.json()["rows"][0]["result"] == "refused";
        assert!(refused, "{reply:?}");
    }
    let q = organiser
        .get("/attendees?q=canary&include=total")
        .assert(200);
    assert_eq!(q.json()["total"], 0);
    untold(&organiser.get("/training-sessions?q=canary").assert(200));
}

#[test]
fn one_session_tells_nothing_of_another() {
    let world = World::new();
    let first = world.publish(&world.body(48));
    let mut body = world.body(72);
    body["title"] = json!("Canary buổi hai");
    let second = world.publish(&body);
    world.register(&first, "An");
    world.register(&first, "Bình");
    let other = world.register(&second, "Canary Thị Hai");
    let base = format!("/training-sessions/{}", id(&first));
    let mut paths: Vec<String> = [
        "",
        "/roster",
        "/attendance.csv",
        "/attendance-counts",
        "/session.ics",
        "/registrations?include=total",
        "/registrations?limit=1",
        "/registrations?q=canary",
        "/registrations?status=confirmed",
    ]
    .iter()
    .map(|tail| format!("{base}{tail}"))
    .collect();
    for group in ["agency", "audience", "sex", "age_band"] {
        paths.push(format!("{base}/attendance-counts?group_by={group}"));
    }
    let list = world
        .organiser
        .get(&format!("{base}/registrations"))
        .assert(200)
        .json();
    for row in list["items"].as_array().unwrap() {
        paths.push(format!("/attendees/{}/history", id(&row["attendee"])));
        paths.push(one(row));
    }
    for path in &paths {
        let reply = world.organiser.get(path);
        let is_fit = [200, 422].contains(&reply.status);
        assert!(is_fit, "{path}: {}", reply.status);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        for told in [CANARY, id(&second), id(&other), id(&other["attendee"])] {
            assert!(!text.contains(told), "{path}: {text}");
        }
    }
    assert_eq!(world.total(&first)["confirmed"], 2);
    crossed_over(&world, (&first, &second), &other);
}

/// Ids and cursors of one session under the path of the other.
fn crossed_over(world: &World, (first, second): (&Value, &Value), other: &Value) {
    let base = format!("/training-sessions/{}", id(first));
    let crossed = format!("{base}/registrations/{}", id(other));
    world.organiser.get(&crossed).assert(404);
    let marks = format!(
        "{crossed}/marks/{}",
        second["slots"][0]["id"].as_str().unwrap()
    );
    let mark = json!({"mark": "present", "reason": "x"});
    world.organiser.put(&marks, &mark).assert(404);
    // A cursor of one list is no way into another.
    let page = world.organiser.get(&format!(
        "/training-sessions/{}/registrations?limit=1",
        id(first)
    ));
    let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
    let path = format!(
        "/training-sessions/{}/registrations?cursor={cursor}",
        id(second)
    );
    let reply = world.organiser.get(&path);
    for name in ["\"An\"", "Bình"] {
        assert!(!String::from_utf8_lossy(&reply.body).contains(name));
    }
}

fn keys(value: &Value) -> String {
    let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys.join(" ")
}

fn first(caller: &Client, path: &str) -> Value {
    caller.get(path).assert(200).json()["items"][0].clone()
}

#[test]
fn answers_have_the_fields_they_had() {
    let world = World::new();
    let mut body = world.body(48);
    body["visibility"] = json!("public");
    let session = world.publish(&body);
    let family = world.app.persona(Role::Family);
    let own = family
        .post(&registrations(&session), &json!({}))
        .assert(201)
        .json();
    let organiser = &world.organiser;
    let administrator = world.app.persona(Role::Administrator);
    let auditor = world.app.persona(Role::Auditor);
    let view = |caller: &Client, path: &str| caller.get(path).assert(200).json();
    let path = format!("/training-sessions/{}", id(&session));
    let registration = view(organiser, &one(&own));
    let found = [
        ("session, organiser", keys(&view(organiser, &path))),
        ("session, auditor", keys(&view(&auditor, &path))),
        ("session, family", keys(&view(&family, &path))),
        (
            "session, public",
            keys(&first(&world.app.anonymous(), "/public/training-sessions")),
        ),
        ("registration, organiser", keys(&registration)),
        ("attendee, organiser", keys(&registration["attendee"])),
        ("registration, family", keys(&view(&family, &one(&own)))),
        (
            "own registration",
            keys(&first(&family, "/me/registrations")),
        ),
        ("user", keys(&first(&administrator, "/users"))),
        ("me", keys(&view(&family, "/me"))),
        (
            "notification, auditor",
            keys(&first(&auditor, "/notifications")),
        ),
        (
            "own notification",
            keys(&first(&family, "/me/notifications")),
        ),
        ("device", keys(&first(&family, "/me/devices"))),
    ];
    let found: Vec<String> = found
        .iter()
        .map(|(who, keys)| format!("{who}: {keys}"))
        .collect();
    assert_eq!(found.join("\n"), FIELDS.trim());
}

/// What each answer holds; whoever adds a field says here that its reader may know it.
const FIELDS: &str = "
session, organiser: allowed_actions also_plan_tasks cancel_reason cancelled_at capacity \
    chair check_in_opens_minutes completed_at coordinating_agencies created_at description id \
    kind language late_after_minutes lead_agency mail_title minimum_presence_percent online_url \
    owed_products plan_task published_at reference registration_closes_at registration_opens_at room \
    room_override_reason seats_taken slots speakers status title toolkit_topics updated_at venue \
    version visibility waitlist
session, auditor: allowed_actions also_plan_tasks cancel_reason cancelled_at capacity chair \
    check_in_opens_minutes completed_at coordinating_agencies created_at description id kind \
    language late_after_minutes lead_agency mail_title minimum_presence_percent online_url \
    owed_products plan_task published_at reference registration_closes_at registration_opens_at room \
    room_override_reason seats_taken slots speakers status title toolkit_topics updated_at venue \
    version visibility waitlist
session, family: allowed_actions description id is_full is_registration_open kind language \
    online registration_closes_at registration_opens_at room_name slots status title venue waitlist
session, public: allowed_actions description id is_full is_registration_open kind language \
    online registration_closes_at registration_opens_at room_name slots status title venue waitlist
registration, organiser: allowed_actions attendee created_at ended_by extra_seat id \
    invited_attendee_id late left_early note place result session_id short_code slots_present \
    source status updated_at version walk_in
attendee, organiser: agency allowed_actions audience birth_year created_at email full_name \
    id language merged_into organisation phone position sex updated_at version
registration, family: allowed_actions attendee created_at ended_by extra_seat id \
    invited_attendee_id late left_early note place result session_id short_code slots_present \
    source status updated_at version walk_in
own registration: allowed_actions ends_at id online_url result session_id starts_at status title
user: agency_id allowed_actions created_at email email_verified full_name id language \
    locked_until phone roles status updated_at version
me: agency_id allowed_actions created_at email full_name id language office phone \
    preferences roles updated_at version
notification, auditor: address allowed_actions attempts class created_at id last_error \
    next_attempt_at not_before settled_at state
own notification: class created_at id settled_at state
device: allowed_actions created_at current id label last_used_at
";
