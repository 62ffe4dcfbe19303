//! A thousand things that families and children told, searched for wherever they might lie: the
//! database and its journal, mails, the log, lists, counts and exports of those who may not know,
//! and a backup (P-02).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::process::Command;

use diesel::prelude::*;
use diesel::sql_types::Text;
use hai_dang::config::env;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Deployment, said};
use crate::counselling::at;
use crate::support::database::is_postgres;
use crate::support::search::Search;
use crate::support::{Client, TestApp};
use crate::training::{furnish, registrations};
use crate::trust::mails::sent;
use crate::trust::operations;
use crate::trust::secrets::{listen, logged};

/// Cases that tell all of it, each with other words.
const CASES: usize = 17;
const SYLLABLES: [&str; 16] = [
    "Hoàng",
    "Yến",
    "Trầm",
    "Lắng",
    "Ngưỡng",
    "Đượm",
    "Quạnh",
    "Sững",
    "Khẽ",
    "Vọng",
    "Ruộm",
    "Chững",
    "Ngoằn",
    "Tuệch",
    "Mướt",
    "Giễu",
];

/// Everything that was told.
#[derive(Default)]
struct Told(Vec<String>);

impl Told {
    fn keep(&mut self, text: String) -> String {
        self.0.push(text.clone());
        text
    }

    /// Words that nobody said before.
    fn words(&mut self) -> String {
        let mixed = (self.0.len() * 0x9_E373) % (1 << 20);
        let syllable = |n: usize| SYLLABLES[(mixed >> (4 * n)) % 16];
        let words: Vec<&str> = (0..5).map(syllable).collect();
        self.keep(words.join(" "))
    }

    fn phone(&mut self) -> String {
        let number = 100_000_000 + self.0.len() * 7919;
        // As it is kept: with the country before it.
        self.keep(format!("+849{}", &number.to_string()[1..]))
    }

    fn email(&mut self) -> String {
        let number = self.0.len();
        self.keep(format!("hoang.yen.{number}@kin-dao.example"))
    }

    fn contact(&mut self) -> Value {
        json!({"may_email": true, "may_call": true, "hours": self.words()})
    }

    fn person(&mut self, role: &str) -> Value {
        json!({
            "role": role, "name": self.words(), "address": self.words(), "phone": self.phone(),
            "email": self.email(), "safe_contact": self.contact(),
        })
    }
}

struct Cast {
    counsellor: Client,
    supervisor: Client,
    colleague: Client,
    family: Client,
}

/// A case under way, and who tells what of it.
struct Tale<'a> {
    cast: &'a Cast,
    told: &'a mut Told,
    number: usize,
    path: String,
    party: String,
}

impl Tale<'_> {
    /// Writes with a key by which the answer is kept; the id of what was made.
    #[track_caller]
    fn write(&self, by: &Client, path: &str, body: &Value) -> Value {
        let mut hasher = DefaultHasher::new();
        (path, body.to_string()).hash(&mut hasher);
        let key = format!("{:x}", hasher.finish());
        let reply = by.with("Idempotency-Key", &key).post(path, body);
        assert!([200, 201].contains(&reply.status), "{path}: {reply:?}");
        reply.json()
    }

    #[track_caller]
    fn of_case(&self, rest: &str, body: &Value) -> Value {
        self.write(&self.cast.counsellor, &format!("{}{rest}", self.path), body)
    }

    fn begin(&mut self) {
        let asked = json!({
            "party_role": "birth_parent", "name": self.told.words(), "phone": self.told.phone(),
            "email": self.told.email(), "safe_contact": self.told.contact(),
        });
        let cast = self.cast;
        let request = self.write(&cast.family, "/counselling-requests", &asked);
        let path = format!("/counselling-requests/{}", text(&request["id"]));
        let to = json!({"assignee": cast.counsellor.id()});
        self.write(&cast.supervisor, &format!("{path}/assign"), &to);
        let reached = json!({"means": "call", "is_reached": true});
        self.write(&cast.counsellor, &format!("{path}/record-try"), &reached);
        let new = json!({"adoption_kind": "domestic", "supervisor": cast.supervisor.id()});
        let case = self.write(&cast.counsellor, &format!("{path}/open-case"), &new);
        self.path = format!("/counselling-cases/{}", text(&case["id"]));
        let parties = cast.counsellor.get(&format!("{}/parties", self.path));
        self.party = text(&parties.assert(200).json()["items"][0]["id"]);
        let other = json!({
            "party_role": "relative", "channel": "desk", "name": self.told.words(),
            "phone": self.told.phone(), "email": self.told.email(),
        });
        let other = self.write(&cast.counsellor, "/counselling-requests", &other);
        let path = format!("/counselling-requests/{}/redirect", text(&other["id"]));
        let to = json!({"to": self.told.words()});
        self.write(&cast.counsellor, &path, &to);
    }

    fn who(&mut self) {
        for role in ["prospective_adoptive_parent", "relative", "child"] {
            let person = self.told.person(role);
            self.of_case("/parties", &person);
        }
        let fields = json!({
            "child": {"name": self.told.words(), "born_on": "2025-01-01"},
            "special_circumstances": ["sexually_abused", "trafficked"],
            "decision": {"number": self.told.words(), "date": "2026-02-01",
                "authority": self.told.words()},
            "already_happened": true,
        });
        let counsellor = self.cast.counsellor.with("If-Match", "*");
        counsellor.patch(&self.path, &fields).assert(200);
    }

    fn meet(&mut self) {
        let minute = i64::try_from(self.number).unwrap() * 24 * 60 + 9 * 60;
        let booking = json!({
            "case_id": self.path.rsplit('/').next(), "parties": [self.party],
            "mode": "home", "starts_at": at(minute), "ends_at": at(minute + 60),
            "location": self.told.words(), "interpreter": self.told.words(),
        });
        let cast = self.cast;
        let one = self.write(&cast.counsellor, "/counselling-appointments", &booking);
        let path = format!("/counselling-appointments/{}", text(&one["id"]));
        let to = json!({
            "starts_at": at(minute + 120), "ends_at": at(minute + 180),
            "reason": self.told.words(),
        });
        self.write(&cast.counsellor, &format!("{path}/reschedule"), &to);
        let off = json!({"by": "party", "reason": self.told.words()});
        self.write(&cast.counsellor, &format!("{path}/cancel"), &off);
    }

    fn write_down(&mut self) {
        for _note in 0..2 {
            let told = &mut self.told;
            let note = json!({
                "body": told.words(), "child_view": told.words(), "agreed": told.words(),
                "follow_ups": told.words(), "shared_summary": told.words(),
            });
            let note = self.of_case("/notes", &note);
            let note = format!("/notes/{}", text(&note["id"]));
            self.of_case(&format!("{note}/sign"), &json!({}));
            let more = json!({"text": self.told.words()});
            self.of_case(&format!("{note}/addenda"), &more);
            let to = json!({"parties": [self.party]});
            self.of_case(&format!("{note}/share"), &to);
        }
    }

    fn consent(&mut self) {
        let told = &mut self.told;
        let consent = json!({
            "party_id": self.party, "decision": "given", "taken_on": "2026-02-20",
            "taken_by": told.words(), "present": [told.words(), told.words(), told.words()],
            "interpreter": told.words(), "note": told.words(),
        });
        let consent = self.of_case("/adoption-consents", &consent);
        let path = format!("/adoption-consents/{}/withdraw", text(&consent["id"]));
        let back = json!({"on": "2026-02-25", "note": self.told.words()});
        self.of_case(&path, &back);
        let reason = json!({"reason": self.told.words()});
        let path = format!("{}/resume", self.path);
        self.write(&self.cast.supervisor, &path, &reason);
    }

    fn follow_up(&mut self) {
        let plan = json!({"due_on": "2026-04-01", "what": self.told.words()});
        let plan = self.of_case("/follow-ups", &plan);
        let plan = format!("/follow-ups/{}", text(&plan["id"]));
        let to = json!({"to": "2026-04-08", "reason": self.told.words()});
        self.of_case(&format!("{plan}/move"), &to);
        let done = json!({"note": self.told.words()});
        self.of_case(&format!("{plan}/complete"), &done);
        let glass = json!({"reason": self.told.words()});
        let path = format!("{}/break-glass", self.path);
        self.write(&self.cast.colleague, &path, &glass);
    }

    fn end(&mut self) {
        for (verb, by) in [
            ("hold", &self.cast.counsellor),
            ("resume", &self.cast.supervisor),
        ] {
            let reason = json!({"reason": self.told.words()});
            self.write(by, &format!("{}/{verb}", self.path), &reason);
        }
        let alert = json!({"source": "desk", "text": self.told.words()});
        let alert = self.write(&self.cast.counsellor, "/risk-alerts", &alert);
        let path = format!("/risk-alerts/{}", text(&alert["id"]));
        self.write(
            &self.cast.supervisor,
            &format!("{path}/acknowledge"),
            &json!({}),
        );
        let result = json!({"result": self.told.words()});
        self.write(&self.cast.supervisor, &format!("{path}/close"), &result);
        let ask = json!({"outcome": "family_preserved", "reason": self.told.words()});
        self.of_case("/ask-closing", &ask);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn tell_all(cast: &Cast, told: &mut Told) -> Vec<String> {
    let mut cases = Vec::new();
    for number in 0..CASES {
        let (path, party) = (String::new(), String::new());
        let mut tale = Tale {
            cast,
            told,
            number,
            path,
            party,
        };
        tale.begin();
        tale.who();
        tale.meet();
        tale.write_down();
        tale.consent();
        tale.follow_up();
        tale.end();
        cases.push(tale.path);
    }
    cases
}

/// What those may read who counsel and supervise: it was told, and comes back.
fn entitled(cast: &Cast, cases: &[String]) -> Vec<u8> {
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
    ] {
        let items = read(by, &format!("{list}?limit=100"));
        for one in items["items"].as_array().unwrap() {
            read(by, &format!("{list}/{}", text(&one["id"])));
        }
    }
    read(&cast.family, "/me/counselling/summaries?limit=100");
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
        family: app.persona(Role::Family),
    };
    let mut told = Told::default();
    let cases = tell_all(&cast, &mut told);
    let texts = told.0;
    assert!(texts.len() >= 1000, "{} texts", texts.len());
    let word = "sexually_abused".to_owned();
    let search = Search::new(texts.iter().chain([&word]));
    let known = search.found(&entitled(&cast, &cases));
    // Why a window was opened is shown to nobody.
    assert_eq!(known.len(), texts.len() + 1 - CASES);
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
    places.push(("the log".to_owned(), logged()[silent..].as_bytes().to_vec()));
    // The last: closing a file lets go of every lock this process has on it, and a command beside
    // it would take the database for one that nobody uses.
    places.extend(app.files());
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
