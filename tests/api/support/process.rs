//! The program itself, as a process beside the test.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hai_dang::identity::claims::{self, AccessClaims};
use hai_dang::identity::service::staff;
use hai_dang::kernel::Clock;

use super::{Client, TestApp};

/// A running `serve`; killed when the test ends.
pub(crate) struct Process {
    child: Child,
    pub(crate) base: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Process {
    /// One over the test's database.
    pub(crate) fn start(app: &TestApp, folder: &Path) -> Self {
        let mut child = command(app, folder, &["serve", "--no-worker"])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().and_then(Result::ok).unwrap_or_else(|| {
            let mut said = String::new();
            std::io::Read::read_to_string(child.stderr.as_mut().unwrap(), &mut said).unwrap();
            panic!("serve ended: {said}")
        });
        // The pipe stays open, or the program would fail at its next line.
        std::thread::spawn(move || lines.for_each(drop));
        let base = line.rsplit(' ').next().unwrap().to_owned();
        Self { child, base }
    }

    /// One that a test started by itself.
    pub(crate) fn of(child: Child) -> Self {
        let base = String::new();
        Self { child, base }
    }
}

/// The program over a file of its own.
pub(crate) fn alone(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hai-dang"));
    command
        .args(words)
        .env_clear()
        .env("HAI_DANG_DATA", folder)
        .env("HAI_DANG_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The program over the test's database.
pub(crate) fn command(app: &TestApp, folder: &Path, words: &[&str]) -> Command {
    let keys = folder.join("keys.toml");
    if !keys.exists() {
        app.platform.keys.write_new(&keys).unwrap();
    }
    let mut command = alone(folder, words);
    command
        .env("DATABASE_URL", app.database_url())
        .env("HAI_DANG_KEYS", keys)
        .env("HAI_DANG_LOG", "warn")
        .env("HAI_DANG_CALLS_PER_MINUTE", "6000000");
    command
}

/// The program refuses a data folder that others may read.
pub(crate) fn private_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder.path(), mode).unwrap();
    folder
}

/// A login that counts by the machine's clock, which processes go by.
#[derive(Clone, Copy)]
pub(crate) struct Login(AccessClaims);

impl Login {
    /// Of a persona.
    pub(crate) fn open(app: &TestApp, client: &Client) -> Self {
        let (now, user) = (Clock::System.now(), client.id());
        let device = app.change(move |conn| staff::open_device(conn, now, user, "process"));
        Self(AccessClaims {
            user,
            device,
            generation: 1,
        })
    }

    /// The caller with a fresh token.
    pub(crate) fn fresh(self, app: &TestApp, client: &Client) -> Client {
        let token = claims::sign(&app.platform.keys, self.0, Clock::System.now());
        client.with_token(&token.unwrap())
    }
}
