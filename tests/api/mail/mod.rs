//! Mail through a real mail server, `tests/smtp/sink.py`.

mod consent;
mod delivery;
mod faults;
mod workers;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{messages, unreachable_addresses as unreachable};
use hai_dang::identity::Role;
use hai_dang::mail::compose::From;
use hai_dang::mail::message::MessageId;
use hai_dang::mail::transport::smtp;
use hai_dang::mail::worker::Mailroom;
use serde_json::{Value, json};

use super::support::{PASSWORD, TestApp};
use super::training::World;

/// A mail server that ends with its test.
struct Sink {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

/// Where a message stands.
#[derive(Debug)]
struct Standing {
    id: MessageId,
    kind: String,
    address: String,
    state: String,
    attempts: i32,
    last_error: Option<String>,
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
    std::env::var(name).ok()
}

/// Whether what takes minutes is wanted at its full size.
fn is_full() -> bool {
    variable("HAI_DANG_TEST_FULL").is_some()
}

/// A port nobody listens on.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Sink {
    /// One on a port of its own.
    fn new(mode: &str) -> Self {
        Self::at(0, mode)
    }

    /// One on this port.
    fn at(port: u16, mode: &str) -> Self {
        let python = variable("HAI_DANG_TEST_PYTHON").unwrap_or_else(|| "python3".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(&python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp/sink.py"))
            .args(["--port", &port.to_string(), "--mode", mode, "--dir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python}: {error}"));
        let mut line = String::new();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        lines.read_line(&mut line).unwrap();
        let Ok(port) = line.trim().parse() else {
            // Without a port there is no server; this only reaps what has ended.
            let _ended = process.wait();
            panic!(
                "{python} could not run tests/smtp/sink.py: it needs aiosmtpd; run tests/run, or \
                 name in HAI_DANG_TEST_PYTHON a Python with what tests/requirements.txt lists"
            );
        };
        Self {
            process,
            port,
            folder,
        }
    }

    /// Answers like this from now on.
    fn turn(&self, mode: &str) {
        std::fs::write(self.folder.path().join("mode"), mode).unwrap();
    }

    fn url(&self) -> String {
        url(self.port)
    }

    /// What happened, in order.
    fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("log.jsonl"));
        let text = text.unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The Message-IDs of an event, sorted.
    fn ids(&self, event: &str) -> Vec<String> {
        let log = self.log();
        let lines = log.iter().filter(|line| line["event"] == event);
        let mut ids: Vec<String> = lines
            .map(|line| line["message_id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    }

    /// The mails taken for an address, as they came.
    fn mails(&self, address: &str) -> Vec<String> {
        let log = self.log();
        let lines = log.iter().filter(|line| line["event"] == "accepted");
        lines
            .filter(|line| line["rcpt"] == json!([address]))
            .map(|line| {
                let path = self.folder.path().join(format!("{}.eml", line["n"]));
                std::fs::read_to_string(path).unwrap()
            })
            .collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn url(port: u16) -> String {
    format!("smtp://127.0.0.1:{port}")
}

/// A worker that hands its mails to this relay.
fn mailroom(app: &TestApp, url: &str) -> Mailroom {
    Mailroom {
        db: app.platform.db.clone(),
        clock: Arc::clone(&app.clock),
        keys: Arc::clone(&app.platform.keys),
        links: app.platform.links.clone(),
        transport: smtp(url, None).unwrap(),
        from: From {
            address: "moc@phuong.example".to_owned(),
        },
    }
}

/// Steps until nothing is due, and says how many messages were dealt with.
fn drain(room: &Mailroom) -> usize {
    std::iter::repeat_with(|| room.step().unwrap())
        .take_while(|count| *count > 0)
        .sum()
}

/// Every message as it stands, oldest first.
fn standings(app: &TestApp) -> Vec<Standing> {
    let rows: Vec<(MessageId, String, String, String, i32, Option<String>)> = app.query(|conn| {
        messages::table
            .select((
                messages::id,
                messages::kind,
                messages::address,
                messages::state,
                messages::attempts,
                messages::last_error,
            ))
            .order(messages::id)
            .load(conn)
    });
    let standing = |(id, kind, address, state, attempts, last_error)| Standing {
        id,
        kind,
        address,
        state,
        attempts,
        last_error,
    };
    rows.into_iter().map(standing).collect()
}

/// The states of a kind's messages to an address, oldest first.
fn states(app: &TestApp, kind: &str, address: &str) -> Vec<String> {
    let mut all = standings(app);
    all.retain(|one| one.kind == kind && one.address == address);
    all.into_iter().map(|one| one.state).collect()
}

/// Fails unless every message was sent.
#[track_caller]
fn assert_all_sent(app: &TestApp) {
    for one in standings(app) {
        assert_eq!(one.state, "sent", "{one:?}");
    }
}

/// The Message-IDs all messages must have, sorted.
fn message_ids(app: &TestApp) -> Vec<String> {
    let all = standings(app).into_iter();
    let mut ids: Vec<String> = all
        .map(|one| format!("<{}@phuong.example>", one.id))
        .collect();
    ids.sort();
    ids
}

/// Why an address is not written to.
fn mark(app: &TestApp, address: &str) -> Option<String> {
    let office = app.office;
    app.query(|conn| {
        unreachable::table
            .find((office, address))
            .select(unreachable::reason)
            .first(conn)
            .optional()
    })
}

/// Asks for an account, which queues one mail.
#[track_caller]
fn join(app: &TestApp, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "full_name": "Nguyễn Văn An"});
    app.anonymous().post("/auth/register", &body).assert(202);
}

/// A world at half past eight, with an organiser whose login is fresh.
fn morning() -> World {
    let mut world = World::new();
    pass(&mut world, 8);
    world
}

/// Lets hours pass; the organiser logs in anew.
fn pass(world: &mut World, hours: i64) {
    world.app.clock.advance(TimeDelta::hours(hours));
    world.organiser = world.app.persona(Role::Organiser);
}

/// Long enough for any of the first waits.
fn wait_for_retry(app: &TestApp) {
    app.clock.advance(TimeDelta::minutes(2));
}
