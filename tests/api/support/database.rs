//! An empty, migrated database for one test, copied from a template made once a run.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use hai_dang::db::{Conn, Engines, migrate};

/// The template's file.
static FILE: OnceLock<PathBuf> = OnceLock::new();
/// Whether the cluster has the template.
static MADE: OnceLock<()> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(1);

/// A database that goes with its test.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    cluster: Option<(String, String)>,
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
    std::env::var(name).ok()
}

/// Whether the tests run on PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    variable("HAI_DANG_TEST_ENGINE").as_deref() == Some("postgres")
}

impl TestDatabase {
    /// A fresh one; an SQLite file lies in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        if is_postgres() {
            Self::postgres()
        } else {
            Self::sqlite(folder)
        }
    }

    /// One of the embedded engine, whatever engine the tests run on.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        let template = FILE.get_or_init(|| {
            let name = format!("template-{}.db", std::process::id());
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            // A process of an earlier run may have had the same number.
            let _absent = std::fs::remove_file(&path);
            let mut conn = Conn::new(Engines::Sqlite(
                SqliteConnection::establish(path.to_str().unwrap()).unwrap(),
            ));
            migrate::migrate(&mut conn).unwrap();
            path
        });
        let path = folder.join("hai-dang.db");
        std::fs::copy(template, &path).unwrap();
        Self {
            url: format!("sqlite://{}", path.display()),
            cluster: None,
        }
    }

    fn postgres() -> Self {
        let cluster = variable("HAI_DANG_TEST_POSTGRES").expect("HAI_DANG_TEST_POSTGRES is a URL");
        let pid = std::process::id();
        let template = format!("template_{pid}");
        let (base, _) = cluster.rsplit_once('/').unwrap();
        MADE.get_or_init(|| {
            run(&cluster, &format!("CREATE DATABASE {template}"));
            let conn = PgConnection::establish(&format!("{base}/{template}")).unwrap();
            migrate::migrate(&mut Conn::new(Engines::Postgres(conn))).unwrap();
        });
        let name = format!("test_{pid}_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        run(
            &cluster,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        Self {
            url: format!("{base}/{name}"),
            cluster: Some((cluster, name)),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.cluster {
            run(cluster, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// One statement in the cluster's own database.
fn run(cluster: &str, statement: &str) {
    let mut conn = PgConnection::establish(cluster).unwrap();
    conn.batch_execute(statement).unwrap();
}
