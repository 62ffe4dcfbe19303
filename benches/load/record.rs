//! The statements of an operation, taken from the service as it runs them.

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use hai_dang::app::App;
use hai_dang::config;
use hai_dang::kernel::Clock;
use hai_dang::mail::message::{TicketOf, derive_ticket};
use hai_dang::sealed::Keys;

use super::casework::Desk;
use super::client::{Call, Client};
use super::fill::Filled;
use super::server::{Engine, PASSWORD};

static HEARD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// A value a statement was given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Whole(i64),
    Text(String),
    /// A text no two rows share.
    Once(String),
    Bytes(Vec<u8>),
    /// An array, which only a server takes.
    List(Vec<Value>),
    Id(uuid::Uuid),
    /// Microseconds since 1970, UTC.
    Time(i64),
}

/// A statement and what it was given.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// The statements of each operation, in order, without the borders of transactions.
pub(crate) type Recorded = Vec<(&'static str, Vec<Statement>)>;

/// Runs each operation once in this process and listens.
pub(crate) fn record(engine: &Engine, place: &Path, filled: &Filled, desk: &Desk) -> Recorded {
    set_default_instrumentation(|| {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event
                && let Some(heard) = HEARD.lock().unwrap().as_mut()
            {
                heard.push(query.to_string());
            }
        }))
    })
    .unwrap();
    let (app, ticket) = service(engine, place, filled);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = app.serve(listener).unwrap();
            send.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    let handle = receive.recv().unwrap();
    let recorded = listen(&address, filled, (desk, &ticket));
    actix_web::rt::System::new().block_on(handle.stop(false));
    thread.join().unwrap();
    recorded
}

/// The service in this process, and its keys.
pub(crate) fn app(engine: &Engine, place: &Path) -> (App, Keys) {
    let mut settings = engine.settings(place);
    // One connection, opened before anything is listened to.
    settings.retain(|(name, _)| *name != "HAI_DANG_POOL_SIZE");
    settings.push(("HAI_DANG_POOL_SIZE", "1".to_owned()));
    let settings = settings.into_iter();
    let settings = settings.map(|(name, value)| (name.to_owned(), value));
    let config = config::load(&settings.collect()).unwrap();
    let keys = Keys::read(&config.keys).unwrap();
    let app = App::build(config, Arc::new(Clock::System), keys.clone()).unwrap();
    (app, keys)
}

/// The service in this process, and the ticket that is scanned.
fn service(engine: &Engine, place: &Path, filled: &Filled) -> (App, String) {
    let (app, keys) = app(engine, place);
    let registration = filled.people[0].0;
    let generation = 1;
    let ticket = TicketOf {
        registration,
        generation,
    };
    (app, derive_ticket(&keys, &ticket))
}

/// A connection of an account of the demonstration.
fn log_in(address: &str, role: &str) -> Client {
    let login = format!(r#"{{"email": "{role}@demo.example", "password": "{PASSWORD}"}}"#);
    let token = Client::new(address, "").json(&Call::post("/auth/login", login));
    Client::new(address, token["access_token"].as_str().unwrap())
}

fn listen(address: &str, filled: &Filled, (desk, ticket): (&Desk, &str)) -> Recorded {
    let mut client = log_in(address, "organiser");
    let session = format!("/training-sessions/{}", filled.sessions[0]);
    let registrations = format!("{session}/registrations");
    let person = r#"{"attendee": {"full_name": "Người Được Ghi", "email": "ghi@example.vn"}}"#;
    let scan = format!(r#"{{"ticket": "{ticket}", "nonce": "recorded"}}"#);
    let reads = [
        ("session", Call::get(&session)),
        ("counts", Call::get(&format!("{session}/attendance-counts"))),
        (
            "page of 50",
            Call::get(&format!("{registrations}?limit=50")),
        ),
    ];
    for (_, call) in &reads {
        // Once unheard: what is kept for later calls is not part of each.
        client.json(call);
    }
    let writes = [
        ("register", Call::post(&registrations, person.to_owned())),
        ("check-in", Call::post("/check-ins", scan)),
    ];
    let training = reads.into_iter().chain(writes);
    let mut recorded: Recorded = training.map(|one| hear(&mut client, one)).collect();
    let mut counsellor = log_in(address, "counsellor");
    counsellor.json(&desk.free());
    let counselling = desk.each().into_iter();
    recorded.extend(counselling.map(|one| hear(&mut counsellor, one)));
    recorded
}

/// The statements of one call.
fn hear(client: &mut Client, (name, call): (&'static str, Call)) -> (&'static str, Vec<Statement>) {
    *HEARD.lock().unwrap() = Some(Vec::new());
    client.json(&call);
    let heard = HEARD.lock().unwrap().take().unwrap();
    (name, first_transaction(&heard))
}

/// The statements of the first transaction: a write answers from a second one that only reads, and
/// that is what the service does on top.
fn first_transaction(heard: &[String]) -> Vec<Statement> {
    let is_border = |text: &&String| {
        ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA", "SET "]
            .iter()
            .any(|word| text.starts_with(word))
    };
    let end = heard.iter().position(|text| text.starts_with("COMMIT"));
    let heard = &heard[..end.unwrap_or(heard.len())];
    heard
        .iter()
        .filter(|text| !is_border(text))
        .map(|text| parse(text))
        .collect()
}

fn parse(text: &str) -> Statement {
    let (sql, binds) = text.split_once(" -- binds: ").unwrap_or((text, "[]"));
    let inner = binds
        .trim()
        .strip_prefix('[')
        .unwrap()
        .strip_suffix(']')
        .unwrap();
    let sql = sql.trim().to_owned();
    let columns = columns(&sql);
    let values = split(inner).into_iter().enumerate().map(|(index, text)| {
        let is_once = columns
            .get(index)
            .is_some_and(|column| ["short_code", "nonce", "code"].contains(&column.as_str()));
        // These words are stored with hyphens.
        let is_hyphened = columns.get(index).is_some_and(|column| {
            column == "subject" || (column == "kind" && sql.contains("work_items"))
        });
        match value(&text) {
            Value::Text(text) if is_once => Value::Once(text),
            Value::Text(text) if is_hyphened => Value::Text(text.replace('_', "-")),
            other => other,
        }
    });
    Statement {
        values: values.collect(),
        sql,
    }
}

/// The columns an insertion or a change gives values to, in order.
fn columns(sql: &str) -> Vec<String> {
    let list = if sql.starts_with("INSERT") {
        sql.split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'))
    } else {
        sql.split_once(" SET ")
            .and_then(|(_, rest)| rest.split_once(" WHERE "))
    };
    let names = list.map_or("", |(names, _)| names).split(',');
    let bare = |name: &str| {
        let name = name.split('=').next().unwrap_or_default();
        name.trim().trim_matches(['`', '"']).to_owned()
    };
    names.map(bare).collect()
}

/// Splits at the commas that stand in no list and no text.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut is_text, mut is_escaped) =
        (vec![String::new()], 0, false, false);
    for letter in text.chars() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            '[' | '(' if !is_text => depth += 1,
            ']' | ')' if !is_text => depth -= 1,
            ',' if depth == 0 && !is_text => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(letter);
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

fn value(text: &str) -> Value {
    if let Some(inner) = text.strip_prefix("Some(") {
        return value(inner.strip_suffix(')').unwrap());
    }
    if let Some(list) = text.strip_prefix('[') {
        let parts = split(list.strip_suffix(']').unwrap());
        let bytes: Option<Vec<u8>> = parts.iter().map(|part| part.parse().ok()).collect();
        let list = || Value::List(parts.iter().map(|part| value(part)).collect());
        return bytes.map_or_else(list, Value::Bytes);
    }
    if text.starts_with('"') {
        return Value::Text(serde_json::from_str(text).unwrap());
    }
    match text {
        "None" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            if let Ok(id) = uuid::Uuid::parse_str(text) {
                Value::Id(id)
            } else if let Ok(number) = text.parse() {
                Value::Whole(number)
            } else if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
                Value::Time(at.timestamp_micros())
            } else {
                Value::Text(snake(text))
            }
        }
    }
}

/// A state as it is stored: `SessionConfirmation` is `session_confirmation`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
