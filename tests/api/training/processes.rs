//! The program itself: several processes over one PostgreSQL, one over one SQLite file.

use std::io::{BufRead, BufReader};

use hai_dang::config::env;
use hai_dang::kernel::Clock;
use serde_json::{Value, json};

use super::{World, one, person, registrations};
use crate::support::Client;
use crate::support::process::{Login, Process, alone, private_folder};

/// The organiser with a token that counts by the machine's clock, which the processes go by.
fn organiser_by_the_clock(world: &World) -> Client {
    let login = Login::open(&world.app, &world.organiser);
    login.fresh(&world.app, &world.organiser)
}

fn in_two_days() -> (String, String) {
    let at = |hours| {
        let at = Clock::System.now().plus(chrono::TimeDelta::hours(hours));
        serde_json::to_value(at)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    (at(48), at(50))
}

/// Clients that write at the same time; more than these would wait in line at the door.
const AT_ONCE: usize = 64;

/// That many clients, dealt out over the processes, each register so many people.
fn race(clients: &[Client], session: &Value, each: usize) -> Vec<Value> {
    let path = registrations(session);
    let register = |client: &Client, n: usize| {
        let body = json!({"attendee": person(&format!("Người {n}"))});
        client.post(&path, &body).assert(201).json()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|n| {
                let (client, register) = (clients[n % clients.len()].clone(), &register);
                scope.spawn(move || -> Vec<Value> {
                    (0..each)
                        .map(|round| register(&client, round * AT_ONCE + n))
                        .collect()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn processes_over_one_database_give_exactly_the_seats_there_are() {
    let world = World::new();
    let is_postgres = world.app.database_url().starts_with("postgres");
    if !is_postgres {
        // One process a file; the race of clients within it is in `capacity`.
        return a_second_process_of_one_file_says_so(&world);
    }
    let folders = [private_folder(), private_folder()];
    let processes: Vec<Process> = folders
        .iter()
        .map(|folder| Process::start(&world.app, folder.path()))
        .collect();
    let organiser = organiser_by_the_clock(&world);
    let clients: Vec<Client> = processes
        .iter()
        .map(|process| organiser.at(&process.base))
        .collect();
    let (starts_at, ends_at) = in_two_days();
    let mut body = world.body(0);
    body["capacity"] = json!(5);
    body["slots"] = json!([{"starts_at": starts_at, "ends_at": ends_at}]);
    let made = clients[0].post("/training-sessions", &body).assert(201);
    let path = format!("/training-sessions/{}/publish", made.id());
    let session = clients[1].post(&path, &json!({})).assert(200).json();
    let is_full = env::var("HAI_DANG_TEST_FULL").is_some();
    let each = if is_full { 8 } else { 1 };
    let results = race(&clients, &session, each);
    let with = |status: &str| -> Vec<&Value> {
        let mut found: Vec<&Value> = results
            .iter()
            .filter(|one| one["status"] == status)
            .collect();
        found.sort_by_key(|one| one["place"].as_i64());
        found
    };
    let (seats, line) = (with("confirmed"), with("waitlisted"));
    assert_eq!((seats.len(), line.len()), (5, AT_ONCE * each - 5));
    for (n, (seat, next)) in seats.iter().zip(&line).enumerate() {
        clients[n % 2]
            .act(&format!("{}/cancel", one(seat)))
            .assert(200);
        let promoted = clients[(n + 1) % 2].get(&one(next)).assert(200).json();
        assert_eq!(promoted["status"], "confirmed");
        let after = clients[0].get(&one(line[n + 1])).assert(200).json();
        assert_eq!(after["status"], "waitlisted", "exactly the next");
    }
}

fn a_second_process_of_one_file_says_so(world: &World) {
    let folder = private_folder();
    let serve = || alone(folder.path(), &["serve"]).spawn().unwrap();
    let mut child = serve();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("listening on"), "{line}");
    let _first = Process::of(child);
    let second = serve().wait_with_output().unwrap();
    assert!(!second.status.success());
    assert!(
        String::from_utf8_lossy(&second.stderr).contains("one per SQLite file"),
        "{second:?}"
    );
    assert!(world.app.database_url().starts_with("sqlite"));
}
