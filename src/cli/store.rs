//! How commands come to the database, the keys and what a database is for.

use std::collections::BTreeMap;

use crate::app::{Error, demo};
use crate::config::Config;
use crate::db::migrate::{self, Standing};
use crate::db::{Db, DbConfig};
use crate::http::Problem;
use crate::kernel::{Clock, Language, Timestamp};
use crate::office::settings::{self, OfficeSettings};
use crate::sealed::Keys;

use super::files;

/// The present.
pub(super) fn now() -> Timestamp {
    Clock::System.now()
}

/// The database, which must be up to date.
pub(super) fn open(config: &Config) -> Result<Db, Error> {
    files::require_database(config)?;
    match migrate::standing(config.database_url.expose())? {
        Standing::Current => connect(config),
        Standing::Behind => Err(behind("the database is not up to date")),
        Standing::Empty => Err(behind("the database is empty")),
    }
}

fn behind(why: &str) -> Error {
    Error::Told(format!("{why}: run `hai-dang migrate`"))
}

/// Refuses a database that nothing is in.
pub(super) fn refuse_empty(config: &Config) -> Result<(), Error> {
    match migrate::standing(config.database_url.expose())? {
        Standing::Empty => Err(behind("the database is empty")),
        Standing::Behind | Standing::Current => Ok(()),
    }
}

fn connect(config: &Config) -> Result<Db, Error> {
    Ok(Db::open(&DbConfig {
        url: config.database_url.expose().clone(),
        pool_size: 1,
    })?)
}

/// The database, made first where there is none. One that is in use is brought up to date by
/// `migrate` and `serve` alone.
pub(super) fn open_or_make(config: &Config) -> Result<Db, Error> {
    files::data_folder(config)?;
    files::prepare_database(config)?;
    if migrate::standing(config.database_url.expose())? == Standing::Empty {
        migrate::migrate_at(config.database_url.expose())?;
    }
    open(config)
}

/// The database, brought up to date first.
pub(super) fn open_migrated(config: &Config) -> Result<Db, Error> {
    migrate::migrate_at(config.database_url.expose())?;
    connect(config)
}

/// Refuses keys that do not fit the database before it is migrated: afterwards the program of
/// before could not be started again.
pub(super) fn look_at_keys(config: &Config, demo: bool) -> Result<(), Error> {
    if migrate::standing(config.database_url.expose())? != Standing::Empty {
        let db = connect(config)?;
        let named = db.read_now(Keys::named_ids)?;
        return Ok(keys(config, &db, demo)?.require(&named)?);
    }
    if demo || !config.is_postgres() {
        return Ok(());
    }
    if !config.keys.exists() {
        return Err(no_file(config, WANTED));
    }
    let keys = Keys::read(&config.keys).map_err(files::of_keys(config))?;
    Ok(keys.require(&BTreeMap::new())?)
}

/// What is said where keys are to be given and are not.
const WANTED: &str = "keys are wanted: run `hai-dang keys create`; there is no key file";

fn no_file(config: &Config, why: &str) -> Error {
    let path = config.keys.display();
    Error::Told(format!("{why} {path} (HAI_DANG_KEYS)"))
}

/// The keys: those of the key file. On SQLite, and for a demonstration, a key of a purpose is
/// made in it while the database names none of that purpose.
pub(super) fn keys(config: &Config, db: &Db, demo: bool) -> Result<Keys, Error> {
    let may_make = demo || !config.is_postgres();
    if !config.keys.exists() {
        let is_named = db.read_now(Keys::are_named)?;
        if is_named || !may_make {
            let why = if is_named {
                "the database needs keys, and there is no key file"
            } else {
                WANTED
            };
            return Err(no_file(config, why));
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

/// Whether the database is the demonstration's, whatever is to be run on it; an empty one is not.
pub(super) fn is_demo_at(config: &Config) -> Result<bool, Error> {
    match migrate::standing(config.database_url.expose())? {
        Standing::Empty => Ok(false),
        Standing::Behind | Standing::Current => is_demo(&connect(config)?),
    }
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
    let broken = body.get("errors").and_then(serde_json::Value::as_array);
    let broken = broken.into_iter().flatten().map(|rule| {
        let text = |name: &str| rule.get(name).and_then(serde_json::Value::as_str);
        let at = text("pointer").unwrap_or_default().trim_start_matches('/');
        format!("\n{at}: {}", text("detail").unwrap_or_default())
    });
    let broken: String = broken.collect();
    Error::Told(format!("{words} ({}){broken}", problem.code()))
}
