//! Sealed things through the life of their keys: rotation beside a service (P-04), key files of
//! before, wrong keys, and erasure that outlives a restore (P-14).

mod documents;
mod erasures;
mod planted;
mod rotation;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hai_dang::db::{self, Conn};
use hai_dang::kernel::OfficeId;
use hai_dang::sealed::{self, DataKey, DataKeyId, Keys, Place, Subject, erasure, vault};

use crate::support::TestApp;

/// A service whose keys are in a file, as `serve` has them.
struct Deployment {
    app: TestApp,
    keys: Keys,
    path: PathBuf,
    folder: tempfile::TempDir,
}

impl Deployment {
    fn new() -> Self {
        let app = TestApp::new();
        let folder = tempfile::tempdir().unwrap();
        let close = |path: &Path, mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(path, mode).unwrap();
        };
        close(folder.path(), 0o700);
        if let Some(file) = app.database_url().strip_prefix("sqlite://") {
            close(Path::new(file), 0o600);
        }
        let path = folder.path().join("keys.toml");
        app.platform.keys.write_new(&path).unwrap();
        let keys = Keys::read(&path).unwrap();
        Self {
            app,
            keys,
            path,
            folder,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hai-dang"));
        command
            .args(words)
            .env_clear()
            .env("DATABASE_URL", self.app.database_url())
            .env("HAI_DANG_DATA", self.folder.path())
            .env("HAI_DANG_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What starts as `serve` does, and ends: it holds the keys against the database.
    fn start(&self) -> Output {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let email = format!("start{number}@example.vn");
        self.run(&[
            "admin",
            "create",
            "--email",
            &email,
            "--name",
            "Nguyễn Văn Khởi",
        ])
    }

    fn seal(&self, count: usize) -> Vec<Sealed> {
        let (keys, now, office) = (self.keys.clone(), self.app.now(), self.app.office);
        self.app.change(move |conn| {
            let one = |_| Sealed::make(conn, &keys, now, office);
            Ok((0..count).map(one).collect())
        })
    }

    fn open(&self, sealed: &Sealed, keys: &Keys) -> Result<Vec<u8>, vault::Error> {
        let found = self.app.platform.db.read_now(|conn| {
            let key = DataKey::load(conn, keys, sealed.id);
            Ok::<_, db::Error>(key.and_then(|key| key.open(place(sealed.id), &sealed.bytes)))
        });
        found.unwrap()
    }

    fn settle(&self) {
        let now = self.app.now();
        erasure::settle(&self.app.platform.db, &self.keys, now).unwrap();
    }

    fn list(&self) -> PathBuf {
        self.folder.path().join("keys.toml.erased")
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.list()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn erase(&self, id: DataKeyId) {
        let (keys, now) = (self.keys.clone(), self.app.now());
        self.app.change(move |conn| {
            sealed::erase(conn, &keys, now, id).unwrap();
            Ok(())
        });
    }
}

#[derive(Clone)]
struct Sealed {
    id: DataKeyId,
    bytes: Vec<u8>,
}

fn place(id: DataKeyId) -> Place {
    Place {
        table: "tests",
        column: "note_sealed",
        row: id.uuid(),
    }
}

const NOTE: &[u8] = b"what nobody else may read";

impl Sealed {
    fn make(
        conn: &mut Conn,
        keys: &Keys,
        now: hai_dang::kernel::Timestamp,
        office: OfficeId,
    ) -> Self {
        let key = DataKey::create(conn, keys, now, office, Subject::CounsellingCase).unwrap();
        let bytes = key.seal(place(key.id()), NOTE).unwrap();
        Self {
            id: key.id(),
            bytes,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is waited for is time itself, on the test's own thread"
)]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}
