//! Counselling: what is sealed is written and read, and times are given.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::prelude::*;
use hai_dang::app::App;
use hai_dang::counselling::model::CaseId;
use hai_dang::counselling::record::NoteId;
use hai_dang::db::schema::{counselling_cases as cases, counselling_notes as notes};
use hai_dang::sealed::{DataKey, DataKeyId, Place};
use serde_json::{Value, json};

use super::client::{Call, Client};
use super::record;
use super::server::{self, Engine, Server};

/// Cases there are, each with a note.
const CASES: usize = 50;
/// Days before the first booking that is measured; free times are looked for before it.
const AHEAD: i64 = 60;
/// The day of the booking whose statements are recorded.
const APART: i64 = 700;
/// How often a note is opened in this process.
const TIMES: u32 = 20_000;
/// What reading a note may cost more than the same row unsealed, in microseconds.
const MOST: f64 = 300.0;

/// What counselling has when it is measured.
pub(crate) struct Desk {
    counsellor: String,
    cases: Vec<OfCase>,
    next: AtomicU64,
    /// Times that were booked: two years ahead is the farthest there is.
    booked: AtomicU64,
}

struct OfCase {
    id: String,
    party: String,
    note: String,
}

fn post(client: &mut Client, path: &str, body: &Value) -> Value {
    client.json(&Call::post(path, body.to_string()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A time so many quarters of an hour after midnight, so many days from today.
fn at(days: i64, quarters: i64) -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    let day = now.date_naive() + chrono::Days::new(days.unsigned_abs());
    let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
    (midnight + chrono::TimeDelta::minutes(15 * quarters)).to_rfc3339()
}

/// Opens cases, each with a note, and gives some times of the month to come.
pub(crate) fn fill(server: &Server) -> Desk {
    let mut client = Client::new(&server.address, &server.login_as("counsellor"));
    let counsellor = text(&client.json(&Call::get("/me"))["id"]);
    let of_case = |number: usize| {
        let new = json!({"adoption_kind": "domestic"});
        let id = text(&post(&mut client, "/counselling-cases", &new)["id"]);
        let path = format!("/counselling-cases/{id}");
        let party = json!({
            "role": "birth_parent", "name": format!("Người {number}"),
            "phone": format!("09{:08}", 10_000_000 + number),
        });
        let party = text(&post(&mut client, &format!("{path}/parties"), &party)["id"]);
        let note = json!({
            "body": "Đã giải thích các lựa chọn chăm sóc và hệ quả pháp lý. ".repeat(30),
            "agreed": "Gặp lại sau hai tuần.",
        });
        let note = text(&post(&mut client, &format!("{path}/notes"), &note)["id"]);
        let note = format!("{path}/notes/{note}");
        post(&mut client, &format!("{note}/sign"), &json!({}));
        OfCase { id, party, note }
    };
    let cases: Vec<OfCase> = (0..CASES).map(of_case).collect();
    let desk = Desk {
        counsellor,
        cases,
        next: AtomicU64::new(0),
        booked: AtomicU64::new(0),
    };
    for day in 2..30 {
        for quarter in [8, 16, 32] {
            let call = desk.booking(0, &at(day, quarter), &at(day, quarter + 4));
            client.json(&call);
        }
    }
    desk
}

impl Desk {
    fn next(&self) -> usize {
        usize::try_from(self.next.fetch_add(1, Ordering::Relaxed)).unwrap()
    }

    fn booking(&self, number: usize, starts_at: &str, ends_at: &str) -> Call {
        let case = &self.cases[number % CASES];
        let body = json!({
            "case_id": case.id, "parties": [case.party], "mode": "phone",
            "starts_at": starts_at, "ends_at": ends_at,
        });
        Call::post("/counselling-appointments", body.to_string())
    }

    /// A family's request that staff write down.
    pub(crate) fn ask(&self) -> Call {
        let number = self.next();
        let body = json!({
            "party_role": "relative", "channel": "desk", "name": format!("Người Hỏi {number}"),
            "phone": format!("09{:08}", 20_000_000 + number),
        });
        Call::post("/counselling-requests", body.to_string())
    }

    /// A time that nobody has.
    pub(crate) fn book(&self) -> Call {
        let quarter = i64::try_from(self.booked.fetch_add(1, Ordering::Relaxed)).unwrap();
        let number = usize::try_from(quarter).unwrap();
        self.booking(number, &at(AHEAD, quarter), &at(AHEAD, quarter + 1))
    }

    /// One that is far from those.
    fn book_apart(&self) -> Call {
        self.booking(0, &at(APART, 0), &at(APART, 1))
    }

    /// A note is read, and the log says so.
    pub(crate) fn read(&self) -> Call {
        Call::get(&self.cases[self.next() % CASES].note)
    }

    /// The free times of a month.
    pub(crate) fn free(&self) -> Call {
        let day = |days| at(days, 0)[..10].to_owned();
        let (from, to) = (day(1), day(31));
        Call::get(&format!(
            "/counsellors/{}/slots?from={from}&to={to}&minutes=30",
            self.counsellor
        ))
    }

    /// Each operation once, by the name of its row, for the statements it runs.
    pub(crate) fn each(&self) -> Vec<(&'static str, Call)> {
        vec![
            ("free times of a month", self.free()),
            ("note read", Call::get(&self.cases[0].note)),
            ("request created", self.ask()),
            ("slot booked", self.book_apart()),
        ]
    }
}

/// The time the recorded booking takes: other runs of its statements take others.
pub(crate) fn recorded() -> i64 {
    let at = chrono::DateTime::parse_from_rfc3339(&at(APART, 0));
    at.unwrap().timestamp_micros()
}

/// What opening a note costs in this process, beside the same row if it were not sealed.
pub(crate) fn compare(engine: &Engine, place: &Path, desk: &Desk) {
    let (app, _) = record::app(engine, place);
    let note: uuid::Uuid = desk.cases[0]
        .note
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let case: uuid::Uuid = desk.cases[0].id.parse().unwrap();
    let plain = opened(&app, note, case);
    let body = serde_json::to_vec(&plain).unwrap();
    let sealed = cpu(|| {
        std::hint::black_box(opened(&app, note, case));
    });
    let bare = cpu(|| {
        std::hint::black_box(row(&app, note, case));
        let read: Value = serde_json::from_slice(&body).unwrap();
        std::hint::black_box(read);
    });
    println!(
        "a note of {} bytes: {sealed:.0} µs of CPU sealed, {bare:.0} µs unsealed, {:.0} µs more, \
         of at most {MOST:.0}",
        body.len(),
        sealed - bare
    );
    assert!(sealed - bare <= MOST, "opening a note costs too much");
}

type Row = (DataKeyId, Vec<u8>);

/// The row of a note and what its case is sealed with.
fn row(app: &App, note: uuid::Uuid, case: uuid::Uuid) -> Row {
    let read = app.platform.db.read_now(|conn| {
        let key = cases::table
            .find(CaseId::from_uuid(case))
            .select(cases::data_key_id)
            .first(conn)?;
        let sealed = notes::table
            .find(NoteId::from_uuid(note))
            .select(notes::sealed)
            .first(conn)?;
        Ok::<_, hai_dang::db::Error>((key, sealed))
    });
    read.unwrap()
}

fn opened(app: &App, note: uuid::Uuid, case: uuid::Uuid) -> Value {
    let read = app.platform.db.read_now(|conn| {
        let key: DataKeyId = cases::table
            .find(CaseId::from_uuid(case))
            .select(cases::data_key_id)
            .first(conn)?;
        let sealed: Vec<u8> = notes::table
            .find(NoteId::from_uuid(note))
            .select(notes::sealed)
            .first(conn)?;
        let key = DataKey::load(conn, &app.platform.keys, key).unwrap();
        let place = Place {
            table: "counselling_notes",
            column: "sealed",
            row: note,
        };
        Ok::<_, hai_dang::db::Error>(key.open_json(place, &sealed).unwrap())
    });
    read.unwrap()
}

/// Microseconds of computing, of this process and of a database server's.
fn cpu(one: impl Fn()) -> f64 {
    one();
    let before = server::cpu_with_postgres();
    for _ in 0..TIMES {
        one();
    }
    (server::cpu_with_postgres() - before) * 1e6 / f64::from(TIMES)
}
