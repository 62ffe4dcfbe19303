//! What must be in no log and no file (V-12), log lines nobody forges (V-13), weak starts (V-26),
//! and a job that panics.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Mutex, OnceLock};

use hai_dang::config;
use hai_dang::db::schema::offices;
use hai_dang::identity::Role;
use hai_dang::sealed::Keys;
use hai_dang::sealed::keys::Error;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};
use crate::training::{World, person};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static INSTALLED: OnceLock<()> = OnceLock::new();

/// Adds to what was logged.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes all that is traced, in the form the service logs in, to memory.
pub(super) fn listen() {
    INSTALLED.get_or_init(|| {
        tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| Log)
            .init();
    });
}

pub(super) fn logged() -> String {
    String::from_utf8(LOG.lock().unwrap().clone()).unwrap()
}

#[test]
fn no_secret_is_logged_or_stored_in_clear() {
    listen();
    let world = World::new();
    let app = &world.app;
    let password = "Chim hoàng yến 9731";
    let email = "canary.address@example.vn";
    let name = "Hoàng Yến Canary";
    let anyone = app.anonymous();
    let family = json!({"email": email, "password": password, "full_name": name});
    anyone.post("/auth/register", &family).assert(202);
    let link = app.newest_token("verify_email", email);
    anyone
        .post("/auth/verify-email", &json!({"token": link}))
        .assert(204);
    let login = json!({"email": email, "password": password, "device": "Canary \u{2026}"});
    let pair = anyone.post("/auth/login", &login).assert(200).json();
    let (access, refresh) = (
        pair["access_token"].as_str().unwrap().to_owned(),
        pair["refresh_token"].as_str().unwrap().to_owned(),
    );
    let caller = anyone.with_token(&access);
    caller.get("/me").assert(200);
    let next = anyone
        .post("/auth/refresh", &json!({"refresh_token": refresh}))
        .assert(200)
        .json();
    let wrong = json!({"email": email, "password": "Canary sai mất rồi 1"});
    anyone.post("/auth/login", &wrong).assert(401);
    anyone
        .post("/auth/password-resets", &json!({"email": email}))
        .assert(202);
    let reset = app.newest_token("password_reset", email);
    let broken = format!("{{\"email\":\"{email}\",\"password\":\"{password}\"");
    anyone
        .send("POST", "/auth/login", Some(broken.into_bytes()))
        .assert(400);
    let shape = json!({"email": email, "password": [password]});
    anyone.post("/auth/login", &shape).assert(422);
    let session = world.publish(&world.body(48));
    let registration = world.register(&session, "Canary Thị Vé");
    let ticket = world.ticket(&registration);
    world.scan(&ticket, "n");
    let next_refresh = next["refresh_token"].as_str().unwrap();
    let tokens = [
        password,
        &access,
        &refresh,
        next_refresh,
        &link,
        &reset,
        &ticket,
        "Canary sai mất rồi 1",
    ];
    nowhere(&world, &tokens, &[email, name, "Canary Thị Vé", PASSWORD]);
}

/// Fails where a secret was logged or lies on the disk, or a person's data was logged.
fn nowhere(world: &World, secrets: &[&str], personal: &[&str]) {
    let log = logged();
    assert!(log.contains("\"request\""), "nothing was logged");
    for secret in secrets.iter().chain(personal) {
        assert!(!log.contains(secret), "logged: {secret}");
    }
    for (file, bytes) in world.app.files() {
        for secret in secrets {
            let is_there = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} in {file}");
        }
    }
}

#[test]
fn nobody_writes_a_line_of_the_log() {
    listen();
    let world = World::new();
    let forged = "\u{1b}[2J\u{1b}[31m\n{\"level\":\"ERROR\",\"message\":\"forged\"}";
    let anyone = world.app.anonymous().with("User-Agent", "x\t[2Jforged");
    let login = json!({"email": forged, "password": forged, "device": forged});
    anyone.post("/auth/login", &login);
    let organiser = world.organiser.with("X-Request-Id", "forged {}");
    organiser.post("/attendees", &person(forged));
    organiser.get("/%1B%5B2J%0A%7B%22forged%22%7D");
    organiser.get("/attendees?q=%1B%5B2J%0A%7B%22forged%22%7D&forged%0A=1");
    organiser.post("/attendees", &json!({forged: forged}));
    let mut lines = 0;
    for line in logged().lines() {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(read["level"].is_string(), "{line}");
        assert_ne!(read["message"], "forged", "{line}");
        assert!(line.chars().all(|c| !c.is_control()), "{line:?}");
        lines += 1;
    }
    assert!(lines > 5, "{lines} lines");
}

#[test]
fn a_weak_key_file_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    Keys::fresh().write_new(&path).unwrap();
    assert!(Keys::read(&path).is_ok());
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, mode).unwrap();
    };
    for open in [0o644, 0o640, 0o604, 0o601, 0o666] {
        mode(open);
        assert!(matches!(Keys::read(&path), Err(Error::Mode)), "{open:o}");
    }
    mode(0o600);
    let again = Keys::fresh().write_new(&path);
    assert!(matches!(again, Err(Error::File(_))), "overwritten");
    let zeros = "A".repeat(43);
    for secret in ["", "changeme", "c2hvcnQ", zeros.as_str(), "not base64 !!"] {
        let text = format!("[[key]]\npurpose = \"access\"\nid = \"a\"\nsecret = \"{secret}\"\n");
        std::fs::write(&path, text).unwrap();
        assert!(matches!(Keys::read(&path), Err(Error::Weak(_))), "{secret}");
    }
    let secret = "canary-secret-in-a-broken-line";
    std::fs::write(&path, format!("[[key]]\nsecret = {secret}\n")).unwrap();
    let told = Keys::read(&path).unwrap_err().to_string();
    assert!(!told.contains(secret), "{told}");
    assert!(Keys::read(&folder.path().join("none")).is_err());
}

#[test]
fn every_mistake_in_the_settings_is_told_at_once() {
    let settings = [
        ("HAI_DANG_WORKERS", "two"),
        ("HAI_DANG_POOL_SIZE", "many"),
        ("HAI_DANG_APP_URL", "javascript:alert(1)"),
        ("HAI_DANG_LISTEN", "nowhere"),
        ("HAI_DANG_TRUSTED_PROXIES", "10.0.0.0/8, everyone"),
    ];
    let given = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mistakes = config::load(&given.into()).unwrap_err();
    for (name, _) in settings {
        let is_told = mistakes.0.iter().any(|line| line.starts_with(name));
        assert!(is_told, "{name}: {mistakes}");
    }
}

#[test]
fn a_job_that_panics_fails_alone() {
    use diesel::prelude::*;
    let app = TestApp::new();
    let office = app.office;
    let rename = move |conn: &mut hai_dang::db::Conn, name: &str| {
        diesel::update(offices::table.find(office))
            .set(offices::name.eq(name))
            .execute(conn)
    };
    for _ in 0..8 {
        let failed: hai_dang::db::Result<()> = app.platform.db.write_now(move |conn| {
            rename(conn, "half done")?;
            panic!("a job of the test panics");
        });
        assert!(failed.is_err());
        app.change(move |conn| Ok(rename(conn, "whole")?));
    }
    let name: String = app.query(|conn| {
        offices::table
            .find(office)
            .select(offices::name)
            .first(conn)
    });
    assert_eq!(name, "whole");
    let organiser = app.persona(Role::Organiser);
    organiser.get("/office").assert(200);
    let body = json!({"full_name": "Sau cơn mưa"});
    organiser.post("/attendees", &body).assert(201);
}
