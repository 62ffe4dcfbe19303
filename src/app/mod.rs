//! The composition root: settings become a running service.

pub mod background;
pub mod demo;
pub mod metrics;
pub mod pages;
pub mod panics;
pub mod routes;

use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as Actix, HttpServer, web};

use crate::config::Config;
use crate::db::{Db, DbConfig};
use crate::http::connection::{self, Connection};
use crate::http::cross_origin::cors;
use crate::http::envelope::{Settings, envelope, limited};
use crate::http::limit::Limiter;
use crate::identity::password::Hasher;
use crate::identity::{Platform, claims};
use crate::kernel::Clock;
use crate::mail::compose::From;
use crate::mail::message::Links;
use crate::mail::transport::Transport;
use crate::mail::worker::Mailroom;
use crate::sealed::{Depot, Keys, erasure};

/// A service that is ready to listen.
pub struct App {
    /// What use cases need.
    pub platform: web::Data<Platform>,
    /// Whether it wants requests.
    pub readiness: web::Data<pages::Readiness>,
    settings: web::Data<Settings>,
    config: Config,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Storage.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] crate::sealed::keys::Error),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] crate::backup::Error),
    /// The network or the file system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Anything an operator must read.
    #[error("{0}")]
    Told(String),
}

impl App {
    /// Opens storage, which is up to date, and checks the keys against it.
    ///
    /// # Errors
    /// Whatever an operator must mend first.
    pub fn build(config: Config, clock: Arc<Clock>, keys: Keys) -> Result<Self, Error> {
        claims::install_provider();
        let url = config.database_url.expose().clone();
        let db = Db::open(&DbConfig {
            url,
            pool_size: config.pool_size,
        })?;
        let keys = Arc::new(keys);
        let (enrolled, now) = (Arc::clone(&keys), clock.now());
        db.write_now(move |conn| enrolled.enrol(conn, now))?;
        let settings = Settings {
            proxies: config.trusted_proxies.clone(),
            limiter: limiter(config.calls_per_minute),
            auth_limiter: limiter(config.auth_calls_per_minute),
            clock: Arc::clone(&clock),
        };
        let platform = Platform {
            db,
            clock,
            keys,
            depot: Depot::new(&config.data),
            hasher: Hasher::default(),
            links: Links {
                base: config.link_base(),
                service: config.public_url.clone(),
            },
            sight: routes::sees_at,
        };
        Ok(Self {
            platform: web::Data::new(platform),
            readiness: web::Data::default(),
            settings: web::Data::new(settings),
            config,
        })
    }

    /// Holds the list of erasures against the database, before anything is served from it.
    ///
    /// # Errors
    /// When the list cannot be read and written.
    pub fn settle_erasures(&self) -> Result<(), Error> {
        let platform = &self.platform;
        let now = platform.clock.now();
        Ok(erasure::settle(&platform.db, &platform.keys, now)?)
    }

    /// What sends this service's mail by a transport.
    pub fn mailroom(&self, transport: Transport) -> Mailroom {
        Mailroom {
            db: self.platform.db.clone(),
            clock: Arc::clone(&self.platform.clock),
            keys: Arc::clone(&self.platform.keys),
            links: self.platform.links.clone(),
            transport,
            from: From {
                address: self.config.mail_from.clone(),
            },
        }
    }

    /// Serves on a listener until it is stopped.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn serve(&self, listener: TcpListener) -> Result<Server, Error> {
        let platform = self.platform.clone();
        let readiness = self.readiness.clone();
        let settings = self.settings.clone();
        let origins = self.config.origins.clone();
        let server = HttpServer::new(move || {
            Actix::new()
                .app_data(platform.clone())
                .app_data(readiness.clone())
                .app_data(settings.clone())
                // The last is the outermost: a refused call is answered to a page that may read.
                .wrap(from_fn(limited))
                .wrap(cors(&origins))
                .wrap(from_fn(envelope))
                .configure(|config| routes::all().configure(config))
        })
        .on_connect(Connection::watch)
        .max_connections(connection::room(self.config.workers))
        .workers(self.config.workers)
        .client_request_timeout(std::time::Duration::from_secs(5))
        .client_disconnect_timeout(std::time::Duration::from_secs(2))
        .shutdown_timeout(10)
        .disable_signals()
        .listen(listener)?
        .run();
        Ok(server)
    }
}

fn limiter(per_minute: u32) -> Limiter {
    let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
    // A tenth of the minute's calls at once: a client that opens a page is not a flood.
    let burst = NonZeroU32::new(per_minute.get() / 10).unwrap_or(NonZeroU32::MIN);
    Limiter::new(per_minute, burst)
}
