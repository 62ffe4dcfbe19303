//! Days at the edges of months and years: the office's, not UTC's.

use serde_json::{Value, json};

use super::{World, id, registrations};

/// A published session that begins at a time of the office and lasts an hour.
fn at(world: &World, day: &str, from: &str, to: &str) -> Value {
    let mut body = world.body(48);
    body["slots"] = json!([{
        "starts_at": format!("{day}T{from}:00+07:00"),
        "ends_at": format!("{day}T{to}:00+07:00"),
    }]);
    world.publish(&body)
}

fn counted(world: &World, from: &str, to: &str, group_by: &str) -> Value {
    let path = format!("/reports/attendance?from={from}&to={to}&group_by={group_by}");
    world.organiser.get(&path).assert(200).json()
}

#[test]
fn the_year_ends_at_the_offices_midnight() {
    let world = World::new();
    // Both lie in 2026 by UTC.
    at(&world, "2026-12-31", "22:30", "23:30");
    let new_year = at(&world, "2027-01-01", "00:30", "01:30");
    world.register(&new_year, "Năm Mới");
    let old = counted(&world, "2026-12-31", "2026-12-31", "month");
    assert_eq!(old["total"]["sessions"], 1);
    assert_eq!(old["rows"][0]["key"], "2026-12");
    let new = counted(&world, "2027-01-01", "2027-12-31", "month");
    assert_eq!(new["rows"][0]["key"], "2027-01");
    assert_eq!(new["total"]["confirmed"], 1);
    let listed = world
        .organiser
        .get("/training-sessions?from=2027-01-01&to=2027-01-01")
        .assert(200)
        .json();
    assert_eq!(listed["items"][0]["id"], new_year["id"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_announced_keeps_a_place() {
    let world = World::new();
    let session = world.with_capacity(3);
    let path = format!("/training-sessions/{}", id(&session));
    let seen = world
        .organiser
        .having_seen(&world.organiser.get(&path).assert(200));
    seen.patch(&path, &json!({"venue": null}))
        .assert(422)
        .violates("/room", "place-required");
    let online = json!({"venue": null, "online_url": "https://example.vn/hop"});
    let moved = seen.patch(&path, &online).assert(200);
    let seen = world.organiser.having_seen(&moved);
    seen.patch(&path, &json!({"online_url": null}))
        .assert(422)
        .violates("/room", "place-required");
    // An action needs no word about a version, and heeds one.
    let late = world.organiser.with("If-Match", "\"1\", \"2\"");
    let cancel = format!("{path}/cancel");
    late.post(&cancel, &json!({"reason": "Bão"})).assert(412);
    seen.post(&cancel, &json!({"reason": "Bão"})).assert(200);
}

#[test]
fn a_cursor_holds_for_its_own_list_alone() {
    let world = World::new();
    let (one, other) = (world.with_capacity(5), world.with_capacity(5));
    for name in ["Một", "Hai", "Ba"] {
        world.register(&one, name);
        world.register(&other, name);
    }
    let organiser = &world.organiser;
    let (list, foreign) = (registrations(&one), registrations(&other));
    let page = organiser.get(&format!("{list}?limit=1&status=confirmed"));
    let page = page.assert(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = format!("{list}?cursor={cursor}&status=confirmed&limit=2&include=total");
    let next = organiser.get(&next).assert(200).json();
    assert_eq!(next["items"].as_array().unwrap().len(), 2);
    let colleague = world.app.persona(hai_dang::identity::Role::Organiser);
    for (who, query) in [
        (
            organiser,
            format!("{foreign}?cursor={cursor}&status=confirmed"),
        ),
        (organiser, format!("{list}?cursor={cursor}")),
        (organiser, format!("{list}?cursor={cursor}&status=invited")),
        (
            &colleague,
            format!("{list}?cursor={cursor}&status=confirmed"),
        ),
    ] {
        let refused = who.get(&query).assert(422);
        refused.violates("cursor", "cursor-invalid");
    }
}

#[test]
fn a_leap_day_is_a_day() {
    let world = World::new();
    let leap = at(&world, "2028-02-29", "00:30", "01:30");
    assert_eq!(leap["slots"][0]["starts_at"], "2028-02-29T00:30:00+07:00");
    let day = counted(&world, "2028-02-29", "2028-02-29", "month");
    assert_eq!(day["rows"][0]["key"], "2028-02");
    for other in ["2028-02-28", "2028-03-01"] {
        let none = counted(&world, other, other, "month");
        assert_eq!(none["total"]["sessions"], 0, "{other}");
    }
    let text = world
        .organiser
        .get(&format!("/training-sessions/{}/session.ics", id(&leap)))
        .assert(200);
    let text = String::from_utf8(text.body).unwrap();
    assert!(text.contains("DTSTART:20280228T173000Z"), "{text}");
    let never = "/reports/attendance?from=2027-02-29&to=2027-03-01";
    world.organiser.get(never).assert(422);
}
