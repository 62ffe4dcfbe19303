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
mod fill;
mod pgbench;
mod record;
mod report;
mod server;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use client::{Call, drive};
use report::Row;
use server::{Engine, Server};

/// How long each operation is driven, in seconds.
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
            small = rows.into_iter().map(|row| (row.name, row.cpu)).collect();
        } else {
            for row in rows.iter().filter(|row| small.contains_key(row.name)) {
                println!(
                    "{}: {:.2} of the CPU at the small size",
                    row.name,
                    row.cpu / small[row.name]
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
    let server = Server::start(engine, place);
    println!(
        "ready in {} ms, {} MiB at rest",
        server.ready_ms,
        server.memory("VmRSS") / 1024
    );
    let clients = engine.clients();
    let mut rows = vec![bare_handler(clients)];
    let token = server.login();
    let number = AtomicU64::new(0);
    let next = || number.fetch_add(1, Ordering::Relaxed);
    let run = |name: &'static str, call: &(dyn Fn() -> Option<Call> + Sync)| {
        let before = server.cpu();
        let driven = drive(&server.address, &token, clients, SECONDS, call);
        Row::of(name, &driven, server.cpu() - before)
    };
    rows.push(run("register", &|| {
        let n = next();
        let session = &filled.sessions[(n as usize * 7) % filled.sessions.len()];
        let body = format!("{{\"attendee\": {{\"full_name\": \"Người Mới {n}\", \"email\": \"moi{n}@example.vn\"}}}}");
        Some(Call::post(&format!("/training-sessions/{session}/registrations"), body))
    }));
    // The first was scanned when the statements were recorded.
    let scans = AtomicU64::new(1);
    rows.push(run("check-in", &|| {
        let n = scans.fetch_add(1, Ordering::Relaxed);
        let ticket = filled.tickets.get(usize::try_from(n).ok()?)?;
        let body = format!("{{\"ticket\": \"{ticket}\", \"nonce\": \"n{n}\"}}");
        Some(Call::post("/check-ins", body))
    }));
    let some = || &filled.sessions[(next() as usize * 13) % filled.sessions.len()];
    rows.push(run("session", &|| {
        Some(Call::get(&format!("/training-sessions/{}", some())))
    }));
    rows.push(run("counts", &|| {
        Some(Call::get(&format!(
            "/training-sessions/{}/attendance-counts",
            some()
        )))
    }));
    rows.push(run("page of 50", &|| {
        Some(Call::get(&format!(
            "/training-sessions/{}/registrations?limit=50",
            some()
        )))
    }));
    let crowd = &filled.crowd;
    let crowded = Call::get(&format!("/training-sessions/{crowd}/attendance-counts"));
    rows.push(run("counts of a crowd", &|| Some(crowded.clone())));
    rows.extend(counsel(&server, &desk, clients));
    println!("{} MiB at the peak", server.memory("VmHWM") / 1024);
    server.stop();
    casework::compare(engine, place, &desk);
    rows.extend(aid::measure(engine, place));
    // The last: what pgbench writes is no key that opens anything.
    take_ceilings(engine, place, (&recorded, &filled), &mut rows);
    rows
}

/// What an intake officer does.
fn ask_for_aid(server: &Server, clients: usize) -> Row {
    let token = server.login_as("legal-aid-intake");
    let (before, number) = (server.cpu(), AtomicU64::new(1_000_000));
    let driven = drive(&server.address, &token, clients, SECONDS, &|| {
        Some(aid::draft(number.fetch_add(1, Ordering::Relaxed)))
    });
    Row::of("request for aid", &driven, server.cpu() - before)
}

/// What a counsellor does, and an intake officer.
fn counsel(server: &Server, desk: &casework::Desk, clients: usize) -> [Row; 5] {
    let token = server.login_as("counsellor");
    let run = |name: &'static str, call: &(dyn Fn() -> Option<Call> + Sync)| {
        let before = server.cpu();
        let driven = drive(&server.address, &token, clients, SECONDS, call);
        Row::of(name, &driven, server.cpu() - before)
    };
    [
        run("free times of a month", &|| Some(desk.free())),
        run("note read", &|| Some(desk.read())),
        run("request created", &|| Some(desk.ask())),
        run("slot booked", &|| Some(desk.book())),
        ask_for_aid(server, clients),
    ]
}

fn take_ceilings(
    engine: &Engine,
    place: &std::path::Path,
    (recorded, filled): (&record::Recorded, &fill::Filled),
    rows: &mut [Row],
) {
    match engine {
        Engine::Sqlite => {
            bare::ceilings(
                place,
                recorded,
                (&filled.people, casework::recorded()),
                rows,
            );
        }
        Engine::Postgres(url) => pgbench::ceilings(url, recorded, &filled.sessions, rows),
    }
}

fn bare_handler(clients: usize) -> Row {
    let bare = server::BareHandler::start();
    let before = bare.cpu();
    let driven = drive(&bare.address, "", clients, SECONDS, &|| {
        Some(Call::get("/"))
    });
    Row::of("bare handler", &driven, bare.cpu() - before)
}
