//! The words of the command line (`api.md` §8): each reads the settings, does one thing, and
//! tells what an operator must mend.

mod backup;
mod files;
mod keep;
mod keys;
mod memory;
mod report;
mod serve;
mod store;
pub mod terminal;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::app::{Error, pages};
use crate::config::{self, Config};
use terminal::say;

/// Where settings come from, below the help.
const SETTINGS: &str = "Settings come from the environment or from the TOML file that \
    HAI_DANG_CONFIG names; docs/operating.md lists them, check-config looks at them.";

/// Carries a ward's plan: sessions, attendance, people and their mails.
#[derive(Debug, Parser)]
#[command(name = "hai-dang", version, about, after_help = SETTINGS)]
pub struct Cli {
    #[command(subcommand)]
    word: Word,
}

#[derive(Debug, Subcommand)]
enum Word {
    /// Migrates the database, then serves; one process per SQLite file.
    Serve {
        /// Fills an empty database for a demonstration; on this machine only.
        #[arg(long)]
        demo: bool,
        /// Leaves mail and the seals of the log to `worker`.
        #[arg(long)]
        no_worker: bool,
    },
    /// Sends mail and seals the log, beside `serve --no-worker`.
    Worker,
    /// Brings the database up to date.
    Migrate,
    /// Offices.
    #[command(subcommand)]
    Office(OfficeWord),
    /// Administrators.
    #[command(subcommand)]
    Admin(AdminWord),
    /// Keys.
    #[command(subcommand)]
    Keys(KeysWord),
    /// Saves the database, also while it is served, into a new sealed file.
    Backup {
        /// The file; it must not exist.
        #[arg(long)]
        to: PathBuf,
        /// The public key it is sealed to; default `HAI_DANG_BACKUP_RECIPIENT`.
        #[arg(long)]
        recipient: Option<String>,
    },
    /// Puts a backup back into an empty place and checks it, before anything is served from there.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        /// The file with the key that opens it.
        #[arg(long)]
        key: PathBuf,
    },
    /// Brings the plan's agencies and tasks and the holidays into an office.
    ImportPlan {
        /// The office's code; optional while there is one.
        #[arg(long)]
        office: Option<String>,
    },
    /// Reads the settings, tells every mistake, and changes nothing.
    CheckConfig,
    /// Prints the OpenAPI document.
    Openapi,
    /// Mail.
    #[command(subcommand)]
    Mail(MailWord),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditWord),
    /// Reports on the plan.
    #[command(subcommand)]
    Report(ReportWord),
}

#[derive(Debug, Subcommand)]
enum OfficeWord {
    /// Makes an office.
    Create(NewOffice),
}

/// What names a new office.
#[derive(Debug, Args)]
pub(crate) struct NewOffice {
    /// The word public routes name it by: lower-case letters, digits, hyphens.
    #[arg(long)]
    code: String,
    /// Its name, as people read it.
    #[arg(long)]
    name: String,
    /// The prefix of its references: `LC`.
    #[arg(long)]
    prefix: String,
    /// The zone its days are counted in.
    #[arg(long, default_value = "Asia/Ho_Chi_Minh")]
    zone: String,
}

#[derive(Debug, Subcommand)]
enum AdminWord {
    /// Invites an administrator, and prints the link that sets the password.
    Create {
        /// The office's code; optional while there is one.
        #[arg(long)]
        office: Option<String>,
        /// The address.
        #[arg(long)]
        email: String,
        /// The full name.
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeysWord {
    /// Makes a key file; an existing one is never overwritten.
    Create {
        /// Where; default the file the settings name.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Adds to an existing file a key of each purpose it lacks.
        #[arg(long)]
        add: bool,
    },
    /// Replaces the key that seals data keys, also while it is served; run again, it goes on
    /// where it was stopped.
    Rotate,
    /// Makes the key that opens backups, and prints the recipient they are sealed to.
    Backup {
        /// Where; keep it away from this machine.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum MailWord {
    /// Sends one mail by the transport the settings name.
    Test {
        /// The address.
        #[arg(long)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
enum ReportWord {
    /// Writes the yearly report: as it was issued, or the draft of what it would say now.
    Annual {
        /// The year.
        year: i32,
        /// The Word document; it must not exist.
        #[arg(long)]
        docx: PathBuf,
        /// The office's code; optional while there is one.
        #[arg(long)]
        office: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum AuditWord {
    /// Recomputes the chain, and names the first number that is wrong.
    Verify {
        /// A head printed before, `NUMBER:CHAIN`: finds a tail that was cut off since.
        #[arg(long)]
        head: Option<String>,
    },
}

/// Does what the words say.
///
/// # Errors
/// Whatever an operator must mend.
pub fn run(cli: Cli) -> Result<(), Error> {
    memory::keep_from_dumps()?;
    if let Word::Openapi = cli.word {
        say(pages::document().trim_end());
        return Ok(());
    }
    if let Word::CheckConfig = cli.word {
        return keep::check();
    }
    let config = settings()?;
    match cli.word {
        Word::Serve { demo, no_worker } => serve::serve(config, demo, !no_worker),
        Word::Worker => serve::worker(config),
        Word::Migrate => keep::migrate(&config),
        Word::Office(OfficeWord::Create(new)) => keep::create_office(&config, &new),
        Word::Admin(AdminWord::Create {
            office,
            email,
            name,
        }) => keep::create_admin(config, office.as_deref(), &email, &name),
        Word::Keys(KeysWord::Create { out, add }) => keys::create(&config, out, add),
        Word::Keys(KeysWord::Rotate) => keys::rotate(&config),
        Word::Keys(KeysWord::Backup { out }) => backup::create_key(&out),
        Word::Backup { to, recipient } => backup::save(&config, &to, recipient.as_deref()),
        Word::Restore { from, key } => backup::restore(&config, &from, &key),
        Word::ImportPlan { office } => keep::import_plan(&config, office.as_deref()),
        Word::Mail(MailWord::Test { to }) => keep::test_mail(&config, &to),
        Word::Audit(AuditWord::Verify { head }) => keep::verify(&config, head),
        Word::Report(ReportWord::Annual { year, docx, office }) => {
            report::annual(config, office.as_deref(), year, &docx)
        }
        Word::CheckConfig | Word::Openapi => Ok(()),
    }
}

fn settings() -> Result<Config, Error> {
    config::load(&config::env::variables()).map_err(|mistakes| Error::Told(mistakes.to_string()))
}
