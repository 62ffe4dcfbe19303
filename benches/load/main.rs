//! The load benchmark: `cargo bench -- sqlite` or `cargo bench --features postgres -- postgres`.
//!
//! It starts the release build as a process of its own, fills it, drives it over loopback, and
//! takes in the same run what the machine can do at most: a bare actix handler, the service's own
//! statements run without the service, and pgbench with the same statements. Rates mean nothing
//! alone; the ratios do. `--large` adds fifty times the people, and
//! takes long; `--quick` shows in a minute that the benchmark itself works.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for whoever measures: it stops at the first thing that is not as it should be"
)]

mod aid;
mod bare;
mod casework;
mod client;
mod driver;
mod fill;
mod pgbench;
mod record;
mod report;
mod server;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use bare::Bare;
use client::{Call, drive};
use driver::Driver;
use report::Row;
use serde_json::json;
use server::{Engine, Server};

/// How long the bare handler is driven, in seconds.
const SECONDS: u64 = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = words.iter().position(|word| word == "--bare-handler") {
        return server::serve_bare(words[at + 1].parse().unwrap());
    }
    let engine = if words.iter().any(|word| word == "postgres") {
        Engine::Postgres(std::env::var("DATABASE_URL").expect("DATABASE_URL of an empty database"))
    } else {
        Engine::Sqlite
    };
    let has = |word: &str| words.iter().any(|known| known == word);
    let folder = tempfile::tempdir().unwrap();
    let mut small = BTreeMap::new();
    let sizes: &[(usize, usize)] = match (has("--quick"), has("--large")) {
        (true, _) => &[(20, 100)],
        (_, true) => &[(200, 100), (10_000, 100)],
        _ => &[(200, 100)],
    };
    for (sessions, people) in sizes {
        let place = folder.path().join(sessions.to_string());
        let rows = measure(&engine, &place, *sessions, *people);
        println!("\n{sessions} sessions, {} people", sessions * people);
        report::print(&rows);
        if small.is_empty() {
            small = rows.iter().map(|row| (row.name, row.cpu())).collect();
        } else {
            for row in rows.iter().filter(|row| small.contains_key(row.name)) {
                println!(
                    "{}: {:.2} of the CPU at the small size",
                    row.name,
                    row.cpu() / small[row.name]
                );
            }
        }
    }
}

/// Fills a service and drives each operation; the ceilings are taken from a copy of what is filled.
fn measure(engine: &Engine, place: &std::path::Path, sessions: usize, people: usize) -> Vec<Row> {
    let server = Server::start(engine, place);
    let filled = fill::fill(&server, sessions, people);
    let desk = casework::fill(&server);
    server.stop();
    let recorded = record::record(engine, place, &filled, &desk);
    let people = &filled.people;
    let bare = matches!(engine, Engine::Sqlite)
        .then(|| Bare::copy(place, &recorded, (people, casework::recorded())));
    let server = Server::start(engine, place);
    println!(
        "ready in {} ms, {} MiB at rest",
        server.ready_ms,
        server.memory("VmRSS") / 1024
    );
    let clients = engine.clients();
    let mut rows = vec![bare_handler(clients)];
    let driver = Driver::new(&server, clients).beside(bare.as_ref());
    rows.extend(train(&server, &driver, &filled));
    rows.extend(counsel(&server, &driver, &desk));
    println!("{} MiB at the peak", server.memory("VmHWM") / 1024);
    server.stop();
    casework::compare(engine, place, &desk);
    rows.extend(aid::measure(engine, place));
    if let Engine::Postgres(url) = engine {
        // The last: what pgbench writes is no key that opens anything.
        pgbench::ceilings(url, &recorded, &filled.sessions, &mut rows);
    }
    rows
}

/// What an organiser does.
fn train(server: &Server, driver: &Driver<'_>, filled: &fill::Filled) -> [Row; 7] {
    let token = server.login();
    let run = |name, call: &(dyn Fn() -> Option<Call> + Sync)| driver.run(&token, name, call);
    let number = AtomicU64::new(0);
    let next = || number.fetch_add(1, Ordering::Relaxed);
    let of_some = |rest: &str| {
        let some = &filled.sessions[(next() as usize * 13) % filled.sessions.len()];
        Some(Call::get(&format!("/training-sessions/{some}{rest}")))
    };
    // The first was scanned when the statements were recorded.
    let scans = AtomicU64::new(1);
    let crowd = &filled.crowd;
    let crowded = Call::get(&format!("/training-sessions/{crowd}/attendance-counts"));
    let idle = Call::at("/health/live");
    [
        // What a request costs before anybody is asked who calls and anything is read: no rate is
        // higher than this one, whatever the queries cost.
        run("no query", &|| Some(idle.clone())),
        run("register", &|| {
            let n = next();
            let session = &filled.sessions[(n as usize * 7) % filled.sessions.len()];
            let person = json!({
                "full_name": format!("Người Mới {n}"), "email": format!("moi{n}@example.vn"),
            });
            let path = format!("/training-sessions/{session}/registrations");
            Some(Call::post(&path, json!({"attendee": person}).to_string()))
        }),
        run("check-in", &|| {
            let n = scans.fetch_add(1, Ordering::Relaxed);
            let ticket = filled.tickets.get(usize::try_from(n).ok()?)?;
            let scan = json!({"ticket": ticket, "nonce": format!("n{n}")});
            Some(Call::post("/check-ins", scan.to_string()))
        }),
        run("session", &|| of_some("")),
        run("counts", &|| of_some("/attendance-counts")),
        run("page of 50", &|| of_some("/registrations?limit=50")),
        run("counts of a crowd", &|| Some(crowded.clone())),
    ]
}

/// What a counsellor does, and an intake officer.
fn counsel(server: &Server, driver: &Driver<'_>, desk: &casework::Desk) -> [Row; 5] {
    let (counsellor, intake) = (
        server.login_as("counsellor"),
        server.login_as("legal-aid-intake"),
    );
    let number = AtomicU64::new(1_000_000);
    let next = || number.fetch_add(1, Ordering::Relaxed);
    [
        driver.run(&counsellor, "free times of a month", &|| Some(desk.free())),
        driver.run(&counsellor, "note read", &|| Some(desk.read())),
        driver.run(&counsellor, "request created", &|| Some(desk.ask())),
        driver.run(&counsellor, "slot booked", &|| Some(desk.book())),
        driver.run(&intake, "request for aid", &|| Some(aid::draft(next()))),
    ]
}

fn bare_handler(clients: usize) -> Row {
    let bare = server::BareHandler::start();
    let before = bare.cpu();
    let driven = drive(&bare.address, "", clients, SECONDS, &|| {
        Some(Call::get("/"))
    });
    let mut row = Row::new("bare handler");
    row.add(driven, bare.cpu() - before);
    row
}
