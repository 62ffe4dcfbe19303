//! What an operator can set: by environment or by one TOML file of the same names, all mistakes
//! told at once.

pub mod env;
mod load;

pub use load::{Mistakes, load, look};

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

use crate::kernel::secret::Secret;

/// The settings of a process.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`: `sqlite://PATH` or `postgres://…`; default `sqlite://` in the data folder.
    pub database_url: Secret<String>,
    /// `HAI_DANG_DATA` (`./data`): database, keys, documents, mail; mode 0700.
    pub data: PathBuf,
    /// `HAI_DANG_KEYS`: the key file; default `keys.toml` in the data folder.
    pub keys: PathBuf,
    /// `HAI_DANG_LISTEN` (`127.0.0.1:8080`).
    pub listen: SocketAddr,
    /// `HAI_DANG_METRICS_LISTEN`: where `/metrics` is served; unset, nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// `HAI_DANG_APP_URL`: the application links in mails open.
    pub app_url: Option<String>,
    /// `HAI_DANG_PUBLIC_URL`: where this service is reached from outside; default the listen
    /// address; required once `SMTP_URL` is set.
    pub public_url: String,
    /// `HAI_DANG_TRUSTED_PROXIES`: networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// `HAI_DANG_ORIGINS`: origins browsers may call from.
    pub origins: Vec<String>,
    /// `SMTP_URL`; unset, mail goes to files.
    pub smtp_url: Option<Secret<String>>,
    /// `HAI_DANG_SMTP_CA`: a PEM file with a private CA.
    pub smtp_ca: Option<PathBuf>,
    /// `HAI_DANG_MAIL_FROM` (`no-reply@localhost`): the sender's address.
    pub mail_from: String,
    /// `HAI_DANG_POOL_SIZE` (4 on SQLite, 12 on PostgreSQL): connections.
    pub pool_size: u32,
    /// `HAI_DANG_WORKERS` (the cores): threads that answer requests.
    pub workers: usize,
    /// `HAI_DANG_CALLS_PER_MINUTE` (6000): calls one address may make.
    pub calls_per_minute: u32,
    /// `HAI_DANG_AUTH_CALLS_PER_MINUTE` (120): calls below `/auth` one address may make.
    pub auth_calls_per_minute: u32,
    /// `HAI_DANG_LOG` (`info`): what is logged, as `level` or `module=level,…`.
    pub log: String,
    /// `HAI_DANG_BACKUP_RECIPIENT`: the public key backups are sealed to, `age1…`.
    pub backup_recipient: Option<String>,
    /// `HAI_DANG_DEMO_PASSWORD`: the password of the accounts of `serve --demo`.
    pub demo_password: Option<Secret<String>>,
    /// Variables named `HAI_DANG_…` that are no settings: slips of the pen, or another's, as an
    /// orchestrator makes them of a service's name. They stop nothing, and are told.
    pub strays: Vec<String>,
}

impl Config {
    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.database_url.expose().starts_with("postgres")
    }

    /// What links in mails start with.
    pub fn link_base(&self) -> String {
        match &self.app_url {
            Some(url) => url.clone(),
            None => format!("{}/go", self.public_url.trim_end_matches('/')),
        }
    }
}
