//! Many rows and many scans: exact, nothing twice, others answered meanwhile. Short in the
//! suite; ten thousand of each when `HAI_DANG_TEST_FULL` is set.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chrono::TimeDelta;
use hai_dang::config::env;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::import::assert_is_repeat;
use super::{World, registrations};

fn size() -> usize {
    if env::var("HAI_DANG_TEST_FULL").is_some() {
        10_000
    } else {
        600
    }
}

/// A sheet of this many people, every hundredth of them twice.
fn sheet(people: usize) -> Vec<u8> {
    let mut text = String::from("STT;Họ và tên;Nam/Nữ;Năm sinh;Đơn vị;Số điện thoại\n");
    for n in 0..people {
        let who = if n % 100 == 99 { n - 1 } else { n };
        let sex = if who % 2 == 0 { "Nữ" } else { "Nam" };
        text.push_str(&format!(
            "{};Nguyễn Thị Số {who};{sex};{};Tổ dân phố số {};09{:08}\n",
            n + 1,
            1950 + who % 50,
            who % 30,
            10_000_000 + who,
        ));
    }
    text.into_bytes()
}

fn import(world: &World, session: &Value, file: &[u8]) -> Value {
    let organiser = world.organiser.with("Content-Type", "text/csv");
    let path = format!("{}/import", registrations(session));
    organiser
        .send("POST", &path, Some(file.to_vec()))
        .assert(200)
        .json()
}

/// Runs `f` while another caller keeps asking; says how often it was answered.
fn meanwhile<T>(world: &World, f: impl FnOnce() -> T) -> (T, u32) {
    let is_done = AtomicBool::new(false);
    let answered = AtomicU32::new(0);
    let reader = world.app.persona(Role::Reporter);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                reader.get("/training-sessions").assert(200);
                reader.get("/me").assert(200);
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
        let result = f();
        is_done.store(true, Ordering::Relaxed);
        (result, answered.load(Ordering::Relaxed))
    })
}

/// The text of every ticket of a session, page by page.
fn tickets(world: &World, session: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}?limit=100{cursor}", registrations(session));
        let page = world.organiser.get(&path).assert(200).json();
        for one in page["items"].as_array().unwrap() {
            found.push(world.derived_ticket(one));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

fn scan_all(world: &World, tickets: &[String]) -> Vec<u64> {
    let mut statuses = Vec::with_capacity(tickets.len());
    for (part, batch) in tickets.chunks(500).enumerate() {
        let scan = |(n, ticket): (usize, &String)| json!({"ticket": ticket, "nonce": format!("phone-{part}-{n}")});
        let body: Value = batch.iter().enumerate().map(scan).collect();
        let results = world.organiser.post("/check-ins", &body).assert(200).json();
        let results = results["results"].as_array().unwrap().clone();
        statuses.extend(results.iter().map(|one| one["status"].as_u64().unwrap()));
    }
    statuses
}

#[test]
fn a_large_sheet_and_its_scans_are_exact_and_a_repeat_changes_nothing() {
    let mut world = World::new();
    let session = world.publish(&world.body(1));
    let people = size();
    let doubles = people / 100;
    let file = sheet(people);
    let (first, answered) = meanwhile(&world, || import(&world, &session, &file));
    assert!(answered > 3, "others were answered {answered} times");
    assert_eq!(first["rows"].as_array().unwrap().len(), people);
    assert_eq!(first["duplicate"], doubles);
    assert_eq!(first["created"], people - doubles);
    assert_is_repeat(&first, &import(&world, &session, &file));
    assert_eq!(world.total(&session)["confirmed"], people - doubles);

    world.app.clock.advance(TimeDelta::minutes(65));
    world.organiser = world.app.persona(Role::Organiser);
    let tickets = tickets(&world, &session);
    let (statuses, answered) = meanwhile(&world, || scan_all(&world, &tickets));
    assert!(answered > 3, "others were answered {answered} times");
    assert!(statuses.iter().all(|status| *status == 201));
    let again = scan_all(&world, &tickets);
    assert!(
        again.iter().all(|status| *status == 200),
        "the same scans again"
    );
    let total = world.total(&session);
    assert_eq!(total["slot_attendances"], people - doubles);
    world.act(&session, "complete", &json!({}));
    let total = world.total(&session);
    assert_eq!(
        (&total["present"], &total["absent"]),
        (&json!(people - doubles), &json!(0))
    );
}
