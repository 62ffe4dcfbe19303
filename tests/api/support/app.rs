//! The service of one test.

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use diesel::prelude::*;
use hai_dang::app::App;
use hai_dang::config;
use hai_dang::db::schema::offices;
use hai_dang::db::{self, Conn};
use hai_dang::identity::claims::{self, AccessClaims};
use hai_dang::identity::password::hash_now;
use hai_dang::identity::service::staff::{self, ReadyAccount};
use hai_dang::identity::{Platform, Role, Roles};
use hai_dang::kernel::secret::Secret;
use hai_dang::kernel::{Clock, OfficeId, Timestamp};
use hai_dang::sealed::Keys;

use super::client::Client;
use super::database::TestDatabase;

/// Every persona's password.
pub(crate) const PASSWORD: &str = "mat khau rat dai 1";
/// Its hash, made once a run.
static HASH: OnceLock<String> = OnceLock::new();
/// Half past midnight in the office, still the month before in UTC.
const START: &str = "2026-03-01T00:30:00+07:00";

/// A service with a database, a clock and keys of its own.
pub(crate) struct TestApp {
    pub(crate) platform: Data<Platform>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) office: OfficeId,
    base: String,
    agent: ureq::Agent,
    failures: Arc<AtomicU32>,
    may_fail: bool,
    number: AtomicU32,
    server: Option<(ServerHandle, JoinHandle<()>)>,
    // Dropped after the server, in this order.
    pub(crate) database: TestDatabase,
    folder: tempfile::TempDir,
}

impl TestApp {
    /// A service with one office, `le-chan`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::new(folder.path());
        Self::on(folder, database)
    }

    /// The same on the embedded engine, whatever engine the tests run on.
    pub(crate) fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::sqlite(folder.path());
        Self::on(folder, database)
    }

    fn on(folder: tempfile::TempDir, database: TestDatabase) -> Self {
        let config = config(folder.path(), &database.url);
        let start = chrono::DateTime::parse_from_rfc3339(START).unwrap();
        let clock = Arc::new(Clock::fixed(Timestamp::new(start.to_utc())));
        let app = App::build(config, Arc::clone(&clock), Keys::fresh()).unwrap();
        let platform = app.platform.clone();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let (send, receive) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = app.serve(listener).unwrap();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build();
        let mut app = Self {
            platform,
            clock,
            office: OfficeId::from_uuid(uuid::Uuid::nil()),
            base,
            agent: ureq::Agent::new_with_config(agent),
            failures: Arc::default(),
            may_fail: false,
            number: AtomicU32::new(1),
            server: Some((receive.recv().unwrap(), thread)),
            database,
            folder,
        };
        app.office = app.add_office("le-chan");
        app
    }

    /// Another office.
    pub(crate) fn add_office(&self, code: &'static str) -> OfficeId {
        let now = self.now();
        self.change(move |conn| {
            let id = OfficeId::new(now);
            diesel::insert_into(offices::table)
                .values((
                    offices::id.eq(id),
                    offices::code.eq(code),
                    offices::name.eq("Phường Lê Chân"),
                    offices::zone.eq("Asia/Ho_Chi_Minh"),
                    offices::prefix.eq("LC"),
                    offices::settings.eq("{}"),
                    offices::version.eq(1),
                    offices::created_at.eq(now),
                    offices::updated_at.eq(now),
                ))
                .execute(conn)?;
            Ok(id)
        })
    }

    /// Where the test's database is.
    pub(crate) fn database_url(&self) -> &str {
        &self.database.url
    }

    /// This test expects answers of 5xx.
    pub(crate) fn may_fail(&mut self) {
        self.may_fail = true;
    }

    /// The present of the test.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A caller nobody knows.
    pub(crate) fn anonymous(&self) -> Client {
        Client {
            base: self.base.clone(),
            agent: self.agent.clone(),
            failures: Arc::clone(&self.failures),
            token: None,
            id: None,
            email: String::new(),
            headers: Vec::new(),
        }
    }

    /// The caller below another root than `/api/v1`: for `/health`, `/openapi.json`, `/go`.
    pub(crate) fn outside(&self) -> Client {
        self.anonymous()
            .at_root(self.base.trim_end_matches("/api/v1"))
    }

    /// Sets a number of the office's policies.
    #[track_caller]
    pub(crate) fn set_policy(&self, name: &str, value: i32) {
        let change = serde_json::json!({"policies": {name: {"value": value}}});
        let administrator = self.persona(Role::Administrator);
        let seen = administrator.get("/office").assert(200);
        let administrator = administrator.having_seen(&seen);
        administrator.patch("/office", &change).assert(200);
    }

    /// A new person of a role in the test's office, logged in.
    pub(crate) fn persona(&self, role: Role) -> Client {
        self.persona_of(self.office, &[role])
    }

    /// A new person of several roles in an office, logged in for ten minutes of the test's clock.
    pub(crate) fn persona_of(&self, office: OfficeId, roles: &[Role]) -> Client {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let email = format!("{}{number}@example.vn", roles[0].as_str().replace('_', "-"));
        let roles = Roles::new(roles.iter().copied());
        let hash = HASH.get_or_init(|| hash_now(&Secret::new(PASSWORD.to_owned())).unwrap());
        let (now, address) = (self.now(), email.clone());
        let (user, device) = self.change(move |conn| {
            let account = ReadyAccount {
                office,
                email: &address,
                full_name: &format!("Trần Thị Số {number}"),
                agency_id: None,
                roles: roles.clone(),
                password_hash: hash,
            };
            let user = staff::create_with_password(conn, now, &account)?;
            Ok((user, staff::open_device(conn, now, user, "test")?))
        });
        let claims = AccessClaims {
            user,
            device,
            generation: 1,
        };
        let token = claims::sign(&self.platform.keys, claims, now);
        Client {
            token,
            id: Some(user),
            email,
            ..self.anonymous()
        }
    }

    /// Makes a person one of an agency's.
    pub(crate) fn join(&self, client: &Client, agency: &str) {
        use hai_dang::db::schema::users;
        use hai_dang::kernel::AgencyId;
        let (user, agency) = (client.id(), AgencyId::parse(agency).unwrap());
        self.change(move |conn| {
            let row = users::table.find(user);
            let agency = users::agency_id.eq(Some(agency));
            Ok(diesel::update(row).set(agency).execute(conn)?)
        });
    }

    /// The same person logged in again, once the clock went on.
    pub(crate) fn again(&self, client: &Client) -> Client {
        use hai_dang::db::schema::devices;
        let user = client.id();
        let device = self.query(|conn| {
            let of_user = devices::table.filter(devices::user_id.eq(user));
            of_user.select(devices::id).first(conn)
        });
        let claims = AccessClaims {
            user,
            device,
            generation: 1,
        };
        Client {
            token: claims::sign(&self.platform.keys, claims, self.now()),
            ..client.clone()
        }
    }

    /// A change straight in the database.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Conn) -> db::Result<T> + Send + 'static,
    ) -> T {
        self.platform.db.write_now(f).unwrap()
    }

    /// Every file of the service's data, as it lies on the disk.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let (mut folders, mut files) = (vec![self.folder.path().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
                }
            }
        }
        files
    }

    /// A look straight into the database.
    pub(crate) fn query<T>(&self, f: impl FnOnce(&mut Conn) -> QueryResult<T>) -> T {
        self.platform
            .db
            .read_now(|conn| f(conn).map_err(db::Error::from))
            .unwrap()
    }
}

fn config(folder: &Path, url: &str) -> config::Config {
    let folder = folder.display().to_string();
    let settings = [
        ("HAI_DANG_DATA", folder.as_str()),
        ("DATABASE_URL", url),
        ("HAI_DANG_ORIGINS", "https://app.example"),
        ("HAI_DANG_WORKERS", "1"),
        ("HAI_DANG_POOL_SIZE", "6"),
        ("HAI_DANG_CALLS_PER_MINUTE", "6000000"),
        ("HAI_DANG_AUTH_CALLS_PER_MINUTE", "6000000"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    config::load(&settings.into()).unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.server.take() {
            drop(handle.stop(false));
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
        let failures = self.failures.load(Ordering::Relaxed);
        if !std::thread::panicking() && !self.may_fail {
            assert_eq!(failures, 0, "answers of 5xx");
        }
    }
}
