//! The program as an operator starts it.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, ChildStderr};

use diesel::connection::SimpleConnection as _;
use hai_dang::db::snapshot;
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
