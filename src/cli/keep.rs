//! Commands that do one thing and end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::terminal::say;
use super::{NewOffice, files, store};
use crate::app::{App, Error};
use crate::audit::verify;
use crate::config::{self, Config};
use crate::db::{Conn, migrate as migrations};
use crate::http::{Problem, catalogue};
use crate::identity::service::admin;
use crate::kernel::{Clock, Language, Zone, text};
use crate::mail::mime::{self, Envelope};
use crate::mail::render::Rendered;
use crate::mail::transport::{self, Outcome, Transport};
use crate::office::import;
use crate::office::service::office::{OfficeNames, create};
use crate::sealed::{self, Keys};

/// Brings the database up to date.
pub(super) fn migrate(config: &Config) -> Result<(), Error> {
    files::data_folder(config)?;
    files::prepare_database(config)?;
    let _place = files::take_place(config)?;
    for name in migrations::migrate_at(config.database_url.expose())? {
        say(&format!("ran {name}"));
    }
    say("the database is up to date");
    Ok(())
}

/// Makes an office.
pub(super) fn create_office(config: &Config, new: &NewOffice) -> Result<(), Error> {
    let is_made_of = |text: &str, max: usize, is_fit: fn(char) -> bool| {
        (1..=max).contains(&text.len()) && text.chars().all(is_fit)
    };
    let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_prefix = |c: char| c.is_ascii_uppercase();
    let mut asked = Asked::default();
    asked.wants(
        is_made_of(&new.code, 32, is_code),
        "--code: 1 to 32 lower-case letters, digits, hyphens",
    );
    asked.wants(
        is_made_of(&new.prefix, 8, is_prefix),
        "--prefix: 1 to 8 capital letters",
    );
    asked.wants(
        Zone::parse(&new.zone).is_some(),
        "--zone: there is no such time zone",
    );
    let name = asked.name(&new.name);
    asked.done()?;
    let db = store::open_or_make(config)?;
    let (code, prefix, zone) = (new.code.clone(), new.prefix.clone(), new.zone.clone());
    let now = store::now();
    db.write_now(move |conn| {
        let names = OfficeNames {
            code: &code,
            name: &name,
            zone: &zone,
            prefix: &prefix,
        };
        create(conn, now, names).map_err(Problem::from)
    })
    .map_err(|problem| store::told(&problem))?;
    say(&format!("the office {} is made", new.code));
    Ok(())
}

/// What was asked for on the command line; all that is wrong with it is told at once.
#[derive(Default)]
struct Asked {
    wrong: Vec<String>,
}

impl Asked {
    fn wants(&mut self, is_right: bool, wanted: &str) {
        if !is_right {
            self.wrong.push(wanted.to_owned());
        }
    }

    fn text(&mut self, option: &str, read: Result<String, text::Fault>) -> String {
        read.unwrap_or_else(|fault| {
            let (title, _) = catalogue::text(fault.code(), Language::En);
            self.wrong.push(format!("{option}: {title}"));
            String::new()
        })
    }

    fn name(&mut self, raw: &str) -> String {
        let empty = |name: String| {
            Some(name)
                .filter(|n| !n.is_empty())
                .ok_or(text::Fault::Empty)
        };
        self.text("--name", text::line(raw, 200).and_then(empty))
    }

    fn done(self) -> Result<(), Error> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Told(self.wrong.join("\n")))
        }
    }
}

/// Invites an administrator.
pub(super) fn create_admin(
    config: Config,
    office: Option<&str>,
    email: &str,
    name: &str,
) -> Result<(), Error> {
    let mut asked = Asked::default();
    let email = asked.text("--email", text::email(email));
    let name = asked.name(name);
    asked.done()?;
    let db = store::open_or_make(&config)?;
    let office = store::office(&db, office)?.id;
    let keys = store::keys(&config, &db, store::is_demo(&db)?)?;
    drop(db);
    let platform = App::build(config, Arc::new(Clock::System), keys)?.platform;
    let (db, now) = (platform.db.clone(), platform.clock.now());
    let link = db
        .write_now(move |conn| {
            admin::create(conn, &platform, now, office, &email, &name).map_err(Problem::from)
        })
        .map_err(|problem| store::told(&problem))?;
    say("The invitation is in the mail; this link sets the password, too:");
    say(&link);
    Ok(())
}

/// Brings the plan into an office.
pub(super) fn import_plan(config: &Config, office: Option<&str>) -> Result<(), Error> {
    let db = store::open_or_make(config)?;
    let (office, now) = (store::office(&db, office)?.id, store::now());
    let done = db.write_now(move |conn: &mut Conn| import::import_plan(conn, office, now))?;
    say(&format!(
        "new: {} agencies, {} days; the plan has {} tasks",
        done.agencies, done.days, done.tasks
    ));
    Ok(())
}

/// Tells every mistake of the settings, in what is written and in what it names, or that they can
/// be used.
pub(super) fn check() -> Result<(), Error> {
    let (config, mut mistakes) = config::look(&config::env::variables());
    let config = &config;
    let found = [
        check_folders(config),
        files::check_demo_password(config),
        check_proxies(config),
        check_keys(config),
        transport(config).map(drop),
        check_recipient(config),
    ];
    let found = found.into_iter().filter_map(Result::err);
    mistakes.extend(found.map(|error| error.to_string()));
    let strays = config.strays.iter();
    mistakes.extend(strays.map(|name| format!("{name}: no such setting")));
    if !mistakes.is_empty() {
        return Err(Error::Told(mistakes.join("\n")));
    }
    say("the settings are in order; nothing was connected to");
    Ok(())
}

/// With every address trusted, the caller's own word is taken for its address.
fn check_proxies(config: &Config) -> Result<(), Error> {
    if config
        .trusted_proxies
        .iter()
        .any(|net| net.prefix_len() == 0)
    {
        let line = "HAI_DANG_TRUSTED_PROXIES: everybody is trusted, and chooses an address freely";
        return Err(Error::Told(line.into()));
    }
    Ok(())
}

/// A folder that is not there yet is made at the start; one that others may enter is refused.
fn check_folders(config: &Config) -> Result<(), Error> {
    if config.data.exists() {
        files::data_folder(config)?;
    }
    let file = files::database_file(config);
    let folder = file.as_deref().and_then(Path::parent);
    match folder {
        Some(folder) if folder != config.data && !folder.is_dir() && folder != Path::new("") => {
            Err(Error::Told(format!(
                "DATABASE_URL: there is no folder {}",
                folder.display()
            )))
        }
        _ => Ok(()),
    }
}

fn check_keys(config: &Config) -> Result<(), Error> {
    if !config.keys.exists() {
        return Ok(());
    }
    let keys = Keys::read(&config.keys).map_err(files::of_keys(config))?;
    match keys.lacking().first() {
        // On SQLite the start adds what is lacking.
        Some(purpose) if config.is_postgres() => Err(sealed::keys::Error::None(*purpose).into()),
        _ => Ok(()),
    }
}

fn check_recipient(config: &Config) -> Result<(), Error> {
    let Some(recipient) = &config.backup_recipient else {
        return Ok(());
    };
    crate::backup::recipient(recipient)
        .map(drop)
        .map_err(|error| Error::Told(format!("HAI_DANG_BACKUP_RECIPIENT: {error}")))
}

pub(super) fn transport(config: &Config) -> Result<Transport, Error> {
    let Some(url) = &config.smtp_url else {
        return Ok(Transport::File(config.data.join("mail")));
    };
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .map_err(|error| Error::Told(format!("HAI_DANG_SMTP_CA: {}: {error}", path.display())))
    };
    let authority = config.smtp_ca.as_ref().map(read).transpose()?;
    transport::smtp(url.expose(), authority.as_deref())
        .map_err(|error| Error::Told(format!("SMTP_URL: {error}")))
}

/// Sends one mail.
pub(super) fn test_mail(config: &Config, to: &str) -> Result<(), Error> {
    let mut asked = Asked::default();
    let to = asked.text("--to", text::email(to));
    asked.done()?;
    files::data_folder(config)?;
    let transport = if files::database_file(config).is_none_or(|file| file.exists())
        && store::is_demo_at(config)?
    {
        Transport::File(config.data.join("mail"))
    } else {
        transport(config)?
    };
    let id = format!(
        "test-{}",
        crate::kernel::token::hex(&crate::kernel::token::random::<8>())
    );
    let language = Language::Vi;
    let line = language.pick(
        "Thư thử: máy chủ gửi được thư.",
        "A test: mail can be sent.",
    );
    let rendered = Rendered {
        subject: "Thư thử / Test".to_owned(),
        text: format!("{line}\n"),
        html: format!("<p>{line}</p>"),
    };
    let message = mime::build(&Envelope {
        from_name: "",
        from_address: &config.mail_from,
        to: &to,
        message_id: &format!("<{id}@localhost>"),
        date: store::now(),
        list_unsubscribe: None,
        rendered: &rendered,
        attachments: Vec::new(),
    })
    .map_err(|error| Error::Told(error.to_string()))?;
    match transport.send(&message, &id) {
        Outcome::Sent => {
            say("sent");
            Ok(())
        }
        Outcome::Retry(code) => Err(Error::Told(format!("not now: {code}"))),
        Outcome::Permanent(code) => Err(Error::Told(format!("refused: {code}"))),
    }
}

/// Recomputes the chain of the log.
pub(super) fn verify(config: &Config, head: Option<String>) -> Result<(), Error> {
    let noted = head.map(|text| read_head(&text)).transpose()?;
    let db = store::open(config)?;
    let now = store::now();
    let report = db.read_now(|conn| verify::verify(conn, now, noted.as_ref()))?;
    let (number, chain) = &report.head;
    say(&format!(
        "{} rows hold; head {number}:{chain}",
        report.sealed
    ));
    if let Some((number, why)) = report.bad {
        return Err(Error::Told(format!("audit row {number}: {why}")));
    }
    if report.unsealed > 0 {
        let count = report.unsealed;
        return Err(Error::Told(format!(
            "{count} rows older than a minute are unsealed"
        )));
    }
    Ok(())
}

fn read_head(text: &str) -> Result<(i64, String), Error> {
    let wanted =
        || Error::Told("--head: NUMBER:CHAIN is wanted, the chain of 64 hexadecimal digits".into());
    let (number, chain) = text.split_once(':').ok_or_else(wanted)?;
    let number = number.parse().map_err(|_none| wanted())?;
    // A slip of the pen must not look like a log that was changed.
    if chain.len() != 64 || !chain.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return Err(wanted());
    }
    Ok((number, chain.to_ascii_lowercase()))
}
