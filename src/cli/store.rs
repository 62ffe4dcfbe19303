//! How commands come to the database, the keys and what a database is for.

use crate::app::{Error, demo};
use crate::config::Config;
use crate::db::{Db, DbConfig, migrate};
use crate::http::Problem;
use crate::kernel::{Clock, Language, Timestamp};
use crate::office::settings::{self, OfficeSettings};
use crate::sealed::Keys;

use super::files;

/// The present.
pub(super) fn now() -> Timestamp {
    Clock::System.now()
}

/// The database, as it is.
pub(super) fn open(config: &Config) -> Result<Db, Error> {
    Ok(Db::open(&DbConfig {
        url: config.database_url.expose().clone(),
        pool_size: 1,
    })?)
}

/// The database, made and brought up to date first.
pub(super) fn open_current(config: &Config) -> Result<Db, Error> {
    files::data_folder(config)?;
    files::prepare_database(config)?;
    migrate::migrate_at(config.database_url.expose())?;
    open(config)
}

/// The keys: those of the key file. On SQLite, and for a demonstration, a key of a purpose is
/// made in it while the database names none of that purpose.
pub(super) fn keys(config: &Config, db: &Db, demo: bool) -> Result<Keys, Error> {
    let may_make = demo || !config.is_postgres();
    let path = config.keys.display();
    if !config.keys.exists() {
        let is_named = db.read_now(Keys::are_named)?;
        if is_named || !may_make {
            let why = if is_named {
                "the database needs keys, and there is no key file"
            } else {
                "keys are wanted: run `hai-dang keys create`; there is no key file"
            };
            return Err(Error::Told(format!("{why} {path} (HAI_DANG_KEYS)")));
        }
        Keys::fresh()
            .write_new(&config.keys)
            .map_err(files::of_keys(config))?;
    }
    let keys = Keys::read(&config.keys).map_err(files::of_keys(config))?;
    if !may_make || keys.lacking().is_empty() {
        // What is lacking still is told when the keys are held against the database.
        return Ok(keys);
    }
    let named = db.read_now(Keys::named_purposes)?;
    Keys::add_lacking(&config.keys, &named).map_err(files::of_keys(config))?;
    Keys::read(&config.keys).map_err(files::of_keys(config))
}

/// Whether the database is the demonstration's.
pub(super) fn is_demo(db: &Db) -> Result<bool, Error> {
    Ok(db.read_now(demo::kind)? == demo::Kind::Demo)
}

/// The office of a code, or the only one.
pub(super) fn office(db: &Db, code: Option<&str>) -> Result<OfficeSettings, Error> {
    let found = db.read_now(|conn| settings::find_public(conn, code))?;
    found.ok_or_else(|| {
        let why = match code {
            Some(_) => "there is no office of this code",
            None => {
                "there is no office yet (office create), or there are several: name one by --office"
            }
        };
        Error::Told(why.into())
    })
}

/// A refusal in words.
pub(super) fn told(problem: &Problem) -> Error {
    let body = problem.body(Language::En, "");
    let detail = body.get("detail").and_then(serde_json::Value::as_str);
    // A fault of the service has no detail, and its cause belongs to whoever runs it.
    let words = detail.unwrap_or_else(|| problem.cause());
    Error::Told(format!("{words} ({})", problem.code()))
}
