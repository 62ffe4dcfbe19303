//! The program as an operator starts it.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, ChildStderr, Command};

use diesel::connection::SimpleConnection as _;
use hai_dang::db::{self, Conn, snapshot};
use hai_dang::sealed::Keys;
use serde_json::{Value, json};

use super::support::TestApp;
use super::support::database::is_postgres;
use super::support::process::{Process, alone, command, private_folder};

/// What a program under way logs.
struct Log(Lines<BufReader<ChildStderr>>);

impl Log {
    fn of(child: &mut Child) -> Self {
        Self(BufReader::new(child.stderr.take().unwrap()).lines())
    }

    /// The fields of the next line that says this.
    fn heard(&mut self, message: &str) -> Value {
        for line in self.0.by_ref() {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            if line["fields"]["message"] == message {
                return line["fields"].clone();
            }
        }
        panic!("it ended and never said {message}");
    }
}

/// What `/metrics` answers, wherever it listens.
fn metrics(app: &TestApp, address: &Value) -> String {
    let origin = format!("http://{}", address.as_str().unwrap());
    let client = app.anonymous().at_root(&origin);
    let reply = client.get("/metrics").assert(200);
    String::from_utf8(reply.body).unwrap()
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_written() {
    let parent = private_folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for setting in ["HAI_DANG_LISTEN", "HAI_DANG_METRICS_LISTEN"] {
        let folder = parent.path().join("data");
        let mut demo = alone(&folder, &["serve", "--demo"]);
        let ended = demo.env(setting, &address).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success(), "{setting}");
        assert!(said.contains(&format!("{setting} {address}: ")), "{said}");
        assert!(!folder.exists(), "{setting}");
    }
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let folder = private_folder();
    let file = folder.path().join("other.db");
    let url = format!("sqlite://{}", file.display());
    let mut other = snapshot::open(&url).unwrap();
    let table = "CREATE TABLE foreign_thing (id INTEGER)";
    other.batch_execute(table).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    for words in [["serve"], ["migrate"]] {
        let data = folder.path().join("data");
        let mut program = alone(&data, &words);
        let ended = program.env("DATABASE_URL", &url).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success(), "{words:?}");
        assert!(said.contains("tables of another program"), "{said}");
    }
    let tables = snapshot::row_counts(&mut other).unwrap();
    assert_eq!(tables.into_keys().collect::<Vec<_>>(), ["foreign_thing"]);
}

/// What a program says that ends with an error.
fn refused(mut program: Command) -> String {
    let ended = program.output().unwrap();
    assert!(!ended.status.success(), "{program:?}");
    String::from_utf8(ended.stderr).unwrap()
}

/// The test's database, below the program.
fn below(app: &TestApp) -> Conn {
    if let Some(file) = db::file_of(app.database_url()) {
        std::fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }
    snapshot::open(app.database_url()).unwrap()
}

/// Forgets the last migration.
const BEHIND: &str = "DELETE FROM __diesel_schema_migrations \
    WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";

#[test]
fn nothing_is_restored_beside_a_service_whose_file_was_moved_away() {
    let folder = private_folder();
    let path = |name: &str| folder.path().join(name);
    let mut child = alone(folder.path(), &["serve"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _running = Process::of(child);
    lines.next().unwrap().unwrap();
    let key = path("backup-key");
    let key = key.to_str().unwrap();
    let mut maker = alone(folder.path(), &["keys", "backup", "--out", key]);
    assert!(maker.output().unwrap().status.success());
    for end in ["", "-wal", "-shm"] {
        let file = path(&format!("hai-dang.db{end}"));
        std::fs::rename(file, path(&format!("moved.db{end}"))).unwrap();
    }
    let words = ["restore", "--from", "absent.age", "--key", key];
    let said = refused(alone(folder.path(), &words));
    assert!(said.contains("another process serves from"), "{said}");
}

/// What a program says that ends well.
fn said(mut program: Command) -> String {
    let ended = program.output().unwrap();
    let why = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{program:?}: {why}");
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn a_backup_takes_the_place_of_an_unfinished_one_and_a_wrong_key_is_named() {
    let (folder, other) = (private_folder(), private_folder());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (saved, part) = (path("b.age"), path("b.age.part"));
    said(alone(folder.path(), &["migrate"]));
    said(alone(folder.path(), &["keys", "create"]));
    let key = ["keys", "backup", "--out", &path("key")];
    let recipient = said(alone(folder.path(), &key));
    let recipient = recipient.trim().rsplit('=').next().unwrap();
    said(alone(
        folder.path(),
        &["keys", "backup", "--out", &path("wrong")],
    ));
    std::fs::write(&part, "half").unwrap();
    let words = ["backup", "--to", &saved, "--recipient", recipient];
    said(alone(folder.path(), &words));
    assert!(!std::fs::exists(part).unwrap());
    for (key, why) in [
        (
            path("wrong"),
            "cannot be opened by this key: it is sealed to another",
        ),
        (saved.clone(), "holds no AGE-SECRET-KEY"),
    ] {
        let words = ["restore", "--from", &saved, "--key", &key];
        let mut restore = alone(other.path(), &words);
        restore.env("HAI_DANG_KEYS", path("keys.toml"));
        let said = refused(restore);
        assert!(said.contains(why) && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn every_mistake_of_the_settings_is_told_at_once() {
    let folder = private_folder();
    let mut check = alone(folder.path(), &["check-config"]);
    check
        .env("HAI_DANG_LOG", "chatty")
        .env("HAI_DANG_BOGUS", "1")
        .env("HAI_DANG_BACKUP_RECIPIENT", "nobody")
        .env("HAI_DANG_DEMO_PASSWORD", "short")
        .env("HAI_DANG_TRUSTED_PROXIES", "0.0.0.0/0");
    let said = refused(check);
    for name in [
        "LOG",
        "BOGUS",
        "BACKUP_RECIPIENT",
        "DEMO_PASSWORD",
        "TRUSTED_PROXIES",
    ] {
        assert!(
            said.contains(&format!("HAI_DANG_{name}: ")),
            "{name}: {said}"
        );
    }
}

#[test]
fn nothing_works_on_a_database_whose_restore_did_not_end() {
    let (app, folder) = (TestApp::new(), private_folder());
    let mark = "CREATE TABLE restore_unfinished (id INTEGER)";
    below(&app).batch_execute(mark).unwrap();
    let mut all = vec![vec!["serve"], vec!["migrate"], vec!["keys", "rotate"]];
    if is_postgres() {
        all.push(vec!["worker"]);
    }
    for words in all {
        let said = refused(command(&app, folder.path(), &words));
        assert!(said.contains("did not end: drop it"), "{words:?}: {said}");
    }
}

#[test]
fn a_database_of_another_version_is_named_and_left_as_it_is() {
    let (app, folder) = (TestApp::new(), private_folder());
    let mut conn = below(&app);
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000001')";
    conn.batch_execute(newer).unwrap();
    let all = [
        vec!["serve"],
        vec!["migrate"],
        vec!["keys", "rotate"],
        vec!["audit", "verify"],
        vec!["import-plan"],
    ];
    for words in &all {
        let said = refused(command(&app, folder.path(), words));
        assert!(
            said.contains("which this program does not know"),
            "{words:?}: {said}"
        );
    }
    conn.batch_execute(BEHIND).unwrap();
    conn.batch_execute(BEHIND).unwrap();
    for words in &all[2..] {
        let said = refused(command(&app, folder.path(), words));
        assert!(said.contains("run `hai-dang migrate`"), "{words:?}: {said}");
    }
}

#[test]
fn keys_are_looked_at_before_anything_is_migrated() {
    let (app, folder) = (TestApp::new(), private_folder());
    let mut conn = below(&app);
    conn.batch_execute(BEHIND).unwrap();
    let before = snapshot::row_counts(&mut conn).unwrap();
    let others = Keys::fresh();
    others.write_new(&folder.path().join("keys.toml")).unwrap();
    let said = refused(command(&app, folder.path(), &["serve"]));
    assert!(said.contains("the database needs the key"), "{said}");
    assert_eq!(snapshot::row_counts(&mut conn).unwrap(), before);
}

#[test]
fn a_variable_that_is_no_setting_is_warned_of_and_what_is_counted_is_explained() {
    let app = TestApp::new();
    let folder = private_folder();
    let mut serve = alone(folder.path(), &["serve"]);
    serve.env("HAI_DANG_METRICS_LISTEN", "127.0.0.1:0");
    serve.env("HAI_DANG_LISTN", "127.0.0.1:1");
    let mut child = serve.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut served = Log::of(&mut child);
    let _running = Process::of(child);
    let stray = served.heard("no such setting, it is ignored");
    assert_eq!(stray["setting"], "HAI_DANG_LISTN");
    let counted = served.heard("metrics are served");
    let first = lines.next().unwrap().unwrap();
    let client = app.anonymous().at(first.rsplit(' ').next().unwrap());
    client.get("/me").assert(401);
    client.send("M123-NAME", "/me", None).assert(405);
    let text = metrics(&app, &counted["address"]);
    assert!(!text.contains("M123"), "{text}");
    for line in [
        "# HELP http_requests_total ",
        "# HELP http_request_seconds ",
        "panics_total 0",
        "http_requests_total{method=\"GET\",route=\"/api/v1/me\",status=\"401\"} 1",
        "http_requests_total{method=\"other\",route=\"/api/v1/me\",status=\"405\"} 1",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
}

#[test]
fn a_page_reads_that_it_calls_too_often_and_its_browser_is_counted() {
    let app = TestApp::new();
    let folder = private_folder();
    let mut serve = alone(folder.path(), &["serve"]);
    serve.env("HAI_DANG_CALLS_PER_MINUTE", "1");
    serve.env("HAI_DANG_ORIGINS", "https://app.example");
    let mut child = serve.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _running = Process::of(child);
    let first = lines.next().unwrap().unwrap();
    let page = app.anonymous().at(first.rsplit(' ').next().unwrap());
    let page = page.with("Origin", "https://app.example");
    page.get("/me").assert(401);
    let refused = page.get("/me").assert(429);
    refused.problem("too-many-requests");
    assert!(!refused.header("retry-after").is_empty());
    let allowed = refused.header("access-control-allow-origin");
    assert_eq!(allowed, "https://app.example");
    let asking = page.with("Access-Control-Request-Method", "GET");
    let asked = asking.send("OPTIONS", "/me", None).assert(429);
    asked.problem("too-many-requests");
}

#[test]
fn a_worker_beside_a_service_sends_its_mails_and_counts_them() {
    let app = TestApp::new();
    let (folder, other) = (private_folder(), private_folder());
    if !is_postgres() {
        let ended = alone(folder.path(), &["worker"]).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && said.contains("one process per SQLite file"));
        return;
    }
    let served = Process::start(&app, folder.path());
    let stranger = json!({
        "email": "an@example.vn",
        "password": "mat khau cua nguoi la",
        "full_name": "Nguyễn Văn An",
    });
    let client = app.anonymous().at(&served.base);
    client.post("/auth/register", &stranger).assert(202);
    let mut worker = command(&app, other.path(), &["worker"]);
    worker.env("HAI_DANG_METRICS_LISTEN", "127.0.0.1:0");
    worker.env("HAI_DANG_LOG", "info");
    let mut child = worker.spawn().unwrap();
    let mut worker = Log::of(&mut child);
    let _running = Process::of(child);
    assert_eq!(worker.heard("begins")["worker"], true);
    let counted = worker.heard("metrics are served");
    let mail = worker.heard("mail");
    assert_eq!(mail["outcome"], "sent");
    let text = metrics(&app, &counted["address"]);
    let sent = "mail_attempts_total{outcome=\"sent\"} 1";
    assert!(text.contains(sent), "{text}");
    let mails = std::fs::read_dir(other.path().join("mail")).unwrap();
    assert_eq!(mails.count(), 1);
}
