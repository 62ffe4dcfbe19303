//! A thousand things that families and children told, searched for wherever they might lie: the
//! database and its journal, mails, the log, lists, counts and exports of those who may not know,
//! and a backup (P-02).

mod aid;
mod concern;
mod tale;

use std::io::Read;
use std::process::Command;

use diesel::prelude::*;
use diesel::sql_types::Text;
use hai_dang::config::env;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use self::tale::{Cast, Told, tell_all, text};
use super::{Deployment, said};
use crate::counselling::at;
use crate::support::database::is_postgres;
use crate::support::search::Search;
use crate::support::{Client, TestApp};
use crate::training::{furnish, registrations};
use crate::trust::mails::sent;
use crate::trust::operations;
use crate::trust::secrets::{listen, logged};

/// What those may read who counsel and supervise: it was told, and comes back.
fn entitled(cast: &Cast, cases: &[String], requests: &[String]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut read = |by: &Client, path: &str| -> Value {
        let reply = by.get(path).assert(200);
        all.extend_from_slice(&reply.body);
        reply.json()
    };
    for case in cases {
        for rest in [
            "",
            "/parties",
            "/timeline?limit=100",
            "/adoption-consents",
            "/follow-ups",
        ] {
            read(&cast.counsellor, &format!("{case}{rest}"));
        }
        let notes = read(&cast.counsellor, &format!("{case}/notes"));
        for note in notes["items"].as_array().unwrap() {
            read(
                &cast.counsellor,
                &format!("{case}/notes/{}", text(&note["id"])),
            );
        }
    }
    for (list, by) in [
        ("/counselling-requests", &cast.counsellor),
        ("/counselling-appointments", &cast.counsellor),
        ("/risk-alerts", &cast.supervisor),
        ("/concerns", &cast.supervisor),
    ] {
        let items = read(by, &format!("{list}?limit=100"));
        for one in items["items"].as_array().unwrap() {
            read(by, &format!("{list}/{}", text(&one["id"])));
        }
    }
    read(&cast.family, "/me/counselling/summaries?limit=100");
    for request in requests {
        all.extend(aid::read_all(cast, request));
    }
    all
}

/// What every list, count and export answers to those who may not know.
fn others(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let other = app.add_office("khac");
    let mut people: Vec<Client> = Role::ALL
        .iter()
        .filter(|role| **role != Role::Supervisor)
        .map(|role| app.persona(*role))
        .collect();
    people.push(app.persona_of(other, &[Role::Supervisor]));
    for person in &people {
        for operation in operations() {
            if operation.method != "GET" || operation.template.contains('{') {
                continue;
            }
            let mut path = operation.path.trim_start_matches("/api/v1").to_owned();
            if operation.query.iter().any(|name| name == "limit") {
                path += "?limit=100";
            }
            if operation.query.iter().any(|name| name == "group_by") {
                path += "?from=2026-01-01&to=2026-12-31";
            }
            // Requests for legal aid are an intake officer's own to read, cases are not.
            let is_own = person.email.contains("legal-aid-intake");
            if is_own && path.starts_with(crate::legal_aid::ALL) {
                continue;
            }
            let reply = person.get(&path);
            all.push((format!("{path} of {}", person.email), reply.body));
        }
    }
    all
}

/// The exports of a session, unpacked.
fn exports(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let (agency, _, _) = furnish(app, app.office);
    let organiser = app.persona(Role::Organiser);
    let session = json!({
        "kind": "training", "title": "Buổi tập huấn", "plan_task": "2b", "lead_agency": agency,
        "venue": {"name": "Hội trường"},
        "slots": [{"starts_at": at(600), "ends_at": at(720)}],
    });
    let session = organiser
        .post("/training-sessions", &session)
        .assert(201)
        .json();
    let path = format!("/training-sessions/{}", text(&session["id"]));
    organiser
        .post(&format!("{path}/publish"), &json!({}))
        .assert(200);
    let person = json!({"attendee": {"full_name": "Người Dự Thường"}});
    organiser
        .post(&registrations(&session), &person)
        .assert(201);
    let mut all = Vec::new();
    for file in ["attendance.csv", "attendance.xlsx", "sign-in-sheet.docx"] {
        let bytes = organiser.get(&format!("{path}/{file}")).assert(200).body;
        if !bytes.starts_with(b"PK") {
            all.push((file.to_owned(), bytes));
            continue;
        }
        let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for at in 0..package.len() {
            let mut part = package.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            all.push((format!("{file}: {}", part.name()), bytes));
        }
    }
    all
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table as PostgreSQL prints it, and what its own dump says.
fn dump(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    if !is_postgres() {
        return Vec::new();
    }
    let lines = |sql: String| -> Vec<String> {
        let rows: Vec<Row> = app.query(|conn| diesel::sql_query(sql).load(conn));
        rows.into_iter().map(|row| row.line).collect()
    };
    let tables = lines(
        "SELECT tablename::text AS line FROM pg_tables \
                        WHERE schemaname = 'public'"
            .to_owned(),
    );
    assert!(tables.len() > 30);
    let of_table = |table: String| {
        let rows = lines(format!("SELECT t::text AS line FROM {table} t"));
        (table, rows.join("\n").into_bytes())
    };
    let mut all: Vec<_> = tables.into_iter().map(of_table).collect();
    if let Ok(done) = Command::new("pg_dump").arg(app.database_url()).output() {
        assert!(done.status.success(), "{}", said(&done));
        all.push(("pg_dump".to_owned(), done.stdout));
    }
    all
}

/// A backup as it is kept; on PostgreSQL where its own commands are at hand.
fn backup(place: &Deployment) -> Vec<(String, Vec<u8>)> {
    let (key, saved) = (
        place.folder.path().join("apart"),
        place.folder.path().join("saved"),
    );
    let run = |words: &[&str]| {
        let path = env::var("PATH").unwrap_or_default();
        place.command(words).env("PATH", path).output().unwrap()
    };
    let made = run(&["keys", "backup", "--out", key.to_str().unwrap()]);
    let recipient = said(&made);
    let recipient = recipient.trim().rsplit('=').next().unwrap().to_owned();
    let to = saved.to_str().unwrap();
    let done = run(&["backup", "--to", to, "--recipient", &recipient]);
    if is_postgres() && Command::new("pg_dump").arg("--version").output().is_err() {
        return Vec::new();
    }
    assert!(done.status.success(), "{}", said(&done));
    vec![("the backup".to_owned(), std::fs::read(saved).unwrap())]
}

#[test]
fn a_thousand_planted_texts_lie_nowhere_in_clear() {
    listen();
    let silent = logged().len();
    let place = Deployment::new();
    let app = &place.app;
    let cast = Cast {
        supervisor: app.persona(Role::Supervisor),
        counsellor: app.persona(Role::Counsellor),
        colleague: app.persona(Role::Counsellor),
        officer: app.persona(Role::LegalAidIntake),
        family: app.persona(Role::Family),
    };
    app.set_policy("account_requests", 1000);
    let mut told = Told::default();
    let requests = aid::tell_all(&cast, &mut told);
    concern::tell_all(&cast, &mut told);
    let cases = tell_all(&cast, &mut told);
    let texts = told.0;
    assert!(texts.len() >= 1000, "{} texts", texts.len());
    let word = "sexually_abused".to_owned();
    let search = Search::new(texts.iter().chain([&word]));
    let known = search.found(&entitled(&cast, &cases, &requests));
    assert_eq!(known.len(), texts.len() + 1);
    let mut places = dump(app);
    places.extend(exports(app));
    places.extend(others(app));
    places.extend(backup(&place));
    for mail in sent(app) {
        places.push(("a mail".to_owned(), mail.into_bytes()));
    }
    // As it was written, too: the lines of a mail are folded and its words encoded.
    for mail in app.messages() {
        let content = serde_json::to_vec(&mail.content).unwrap();
        places.push((mail.kind, content));
    }
    places.push(("the log".to_owned(), logged().as_bytes()[silent..].to_vec()));
    // The last: closing a file lets go of every lock this process has on it, and a command beside
    // it would take the database for one that nobody uses.
    places.extend(app.files());
    assert!(places.iter().any(|(name, _)| name.contains("/documents/")));
    // What does lie there is found: that a note was signed, in what the auditor reads.
    let signed = Search::new(["counselling-case.note-sign"]);
    let is_known = |(name, bytes): &(String, Vec<u8>)| {
        name.starts_with("/audit-events") && !signed.found(bytes).is_empty()
    };
    assert!(places.iter().any(is_known));
    assert!(places.len() > 200, "{} places", places.len());
    for (name, bytes) in &places {
        let found = search.found(bytes);
        assert!(found.is_empty(), "{found:?} in {name}");
    }
}
