//! Reports of the plan as files, for whoever has the machine and no client.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::store;
use super::terminal::say;
use crate::app::{App, Error};
use crate::config::Config;
use crate::http::Problem;
use crate::kernel::Clock;
use crate::office::work::Work;
use crate::report;

/// Writes the document of a year's report: as it was issued, or the draft of what it would say now.
/// It holds exact figures of families, so nobody else may read the file.
pub(super) fn annual(
    config: Config,
    office: Option<&str>,
    year: i32,
    to: &Path,
) -> Result<(), Error> {
    let db = store::open_migrated(&config)?;
    let office = store::office(&db, office)?.brief();
    let keys = store::keys(&config, &db, store::is_demo(&db)?)?;
    drop(db);
    let platform = App::build(config, Arc::new(Clock::System), keys)?.platform;
    let (db, now) = (platform.db.clone(), platform.clock.now());
    let written = db
        .read_now(move |conn| {
            let mut work = Work::new(conn, &platform, now, &office, None);
            report::annual_document(&mut work, year).map_err(Problem::from)
        })
        .map_err(|problem| store::told(&problem))?;
    let mut file =
        private(to).map_err(|error| Error::Told(format!("--docx {}: {error}", to.display())))?;
    file.write_all(&written.document)
        .and_then(|()| file.sync_all())
        .map_err(|error| Error::Told(format!("--docx {}: {error}", to.display())))?;
    say(&match written.number {
        Some(number) => format!("the report {number} is written"),
        None => "the draft is written: no report of this year was issued".to_owned(),
    });
    Ok(())
}

/// A new file that nobody else reads.
fn private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}
