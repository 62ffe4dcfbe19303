//! Reads the settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Config;
use crate::kernel::secret::Secret;
use crate::kernel::text;

/// Every mistake in the settings.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Mistakes(pub Vec<String>);

/// The settings that are lists: in the file they may be arrays of texts.
const LISTS: [&str; 2] = ["HAI_DANG_ORIGINS", "HAI_DANG_TRUSTED_PROXIES"];

/// A value of the file as the environment would have it, where it can be one.
fn written(name: &str, value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) if LISTS.contains(&name) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// Where values come from: the environment over the file.
struct Source<'a> {
    variables: &'a BTreeMap<String, String>,
    file: toml::Table,
    mistakes: Vec<String>,
    asked: Vec<&'static str>,
}

impl Source<'_> {
    fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        if let Some(value) = self.variables.get(name) {
            return Some(value.clone());
        }
        let written = written(name, self.file.get(name)?);
        if written.is_none() {
            let wanted = if LISTS.contains(&name) {
                "a text, or an array of texts,"
            } else {
                "a text, a whole number, true or false"
            };
            self.wants(name, false, wanted);
        }
        written
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, wanted: &str) -> Option<T> {
        let value = self.text(name)?;
        let parsed = value.trim().parse().ok();
        if parsed.is_none() {
            self.mistakes.push(format!("{name}: {wanted} is wanted"));
        }
        parsed
    }

    /// Refuses a value that is there and is not what is wanted.
    fn wants(&mut self, name: &str, is_right: bool, wanted: &str) {
        if !is_right {
            self.mistakes.push(format!("{name}: {wanted} is wanted"));
        }
    }

    fn list<T: FromStr>(&mut self, name: &'static str, wanted: &str) -> Vec<T> {
        let text = self.text(name).unwrap_or_default();
        let mut values = Vec::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            match part.parse() {
                Ok(value) => values.push(value),
                Err(_) => self.mistakes.push(format!("{name}: {wanted} is wanted")),
            }
        }
        values
    }

    fn url(&mut self, name: &'static str) -> Option<String> {
        let value = self.text(name)?;
        let is_url = value.starts_with("https://") || value.starts_with("http://");
        if !is_url || value.contains(['#', ' ', '"', '<', '>']) {
            self.mistakes.push(format!(
                "{name}: an http(s) URL without a fragment is wanted"
            ));
        }
        Some(value)
    }

    /// Variables named like ours that nothing asked for.
    fn strays(&self) -> Vec<String> {
        let names = self.variables.keys();
        names
            .filter(|name| name.starts_with("HAI_DANG_") && *name != FILE)
            .filter(|name| !self.asked.contains(&name.as_str()))
            .cloned()
            .collect()
    }

    fn number(&mut self, name: &'static str, default: u32) -> u32 {
        let value = self
            .parsed(name, "a whole number above 0")
            .unwrap_or(default);
        if value == 0 {
            self.mistakes
                .push(format!("{name}: a whole number above 0 is wanted"));
        }
        value.max(1)
    }
}

/// The variable that names the file.
const FILE: &str = "HAI_DANG_CONFIG";

/// Reads the settings from `variables` and the file they may name by `HAI_DANG_CONFIG`.
///
/// # Errors
/// Every mistake at once.
pub fn load(variables: &BTreeMap<String, String>) -> Result<Config, Mistakes> {
    let (config, mistakes) = look(variables);
    if mistakes.is_empty() {
        Ok(config)
    } else {
        Err(Mistakes(mistakes))
    }
}

/// The settings as far as they can be read, defaults in place of what is wrong, and every mistake.
pub fn look(variables: &BTreeMap<String, String>) -> (Config, Vec<String>) {
    let mut mistakes = Vec::new();
    let file = match variables.get(FILE) {
        Some(path) => read_file(Path::new(path), &mut mistakes),
        None => toml::Table::new(),
    };
    let mut source = Source {
        variables,
        file,
        mistakes,
        asked: Vec::new(),
    };
    let mut config = read(&mut source);
    judge(&mut source, &config);
    config.strays = source.strays();
    let unknown: Vec<String> = source
        .file
        .keys()
        .filter(|key| !source.asked.contains(&key.as_str()))
        .map(|key| format!("{key}: no such setting"))
        .collect();
    source.mistakes.extend(unknown);
    (config, source.mistakes)
}

fn read_file(path: &Path, mistakes: &mut Vec<String>) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| {
        mistakes.push(format!("HAI_DANG_CONFIG: {error}"));
        String::new()
    });
    // The parser quotes the line it fails on, which may hold a secret: its number is enough.
    text.parse().unwrap_or_else(|quotes: toml::de::Error| {
        let before = quotes.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        mistakes.push(format!("HAI_DANG_CONFIG: line {line} is not TOML"));
        toml::Table::new()
    })
}

/// What a database's URL starts with.
const DATABASES: [&str; 3] = ["sqlite://", "postgres://", "postgresql://"];

/// A scheme and a host, as browsers send it.
fn is_origin(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty() && !host.contains('/'))
}

/// A lone word that is no level would be taken for a module, and everything else be silent.
fn names_a_level(directive: &str) -> bool {
    let level = directive.rsplit('=').next().unwrap_or_default().trim();
    let is_level = level.parse::<tracing::level_filters::LevelFilter>().is_ok();
    is_level && !level.is_empty()
}

/// Refuses what can be read and cannot be meant.
fn judge(source: &mut Source<'_>, config: &Config) {
    let url = config.database_url.expose();
    let is_database = DATABASES.iter().any(|scheme| {
        let rest = url.strip_prefix(scheme);
        rest.is_some_and(|rest| !rest.is_empty())
    });
    source.wants("DATABASE_URL", is_database, "sqlite://PATH or postgres://…");
    source.wants(
        "HAI_DANG_METRICS_LISTEN",
        config.metrics_listen != Some(config.listen) || config.listen.port() == 0,
        "another address than HAI_DANG_LISTEN's",
    );
    source.wants(
        "HAI_DANG_PUBLIC_URL",
        !config.public_url.contains(['?', '@']),
        "a URL without user, password and query",
    );
    source.wants(
        "HAI_DANG_ORIGINS",
        config.origins.iter().all(|origin| is_origin(origin)),
        "an origin such as https://app.example, without a path,",
    );
    source.wants(
        "HAI_DANG_LOG",
        config.log.split(',').all(names_a_level),
        "a level or module=level,…",
    );
}

fn read(source: &mut Source<'_>) -> Config {
    let data = PathBuf::from(
        source
            .text("HAI_DANG_DATA")
            .unwrap_or_else(|| "data".into()),
    );
    let default_url = format!("sqlite://{}", data.join("hai-dang.db").display());
    let database_url = source.text("DATABASE_URL").unwrap_or(default_url);
    let is_postgres = database_url.starts_with("postgres");
    let listen = source
        .parsed("HAI_DANG_LISTEN", "an address such as 127.0.0.1:8080")
        .unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8080)));
    let app_url = source.url("HAI_DANG_APP_URL");
    let public_url = source.url("HAI_DANG_PUBLIC_URL");
    let smtp_url = source.text("SMTP_URL").map(Secret::new);
    if smtp_url.is_some() && public_url.is_none() {
        let line = "HAI_DANG_PUBLIC_URL: required with SMTP_URL, links in mails start with it";
        source.mistakes.push(line.to_owned());
    }
    let mail_from = source
        .text("HAI_DANG_MAIL_FROM")
        .unwrap_or("no-reply@localhost".into());
    if mail_from != "no-reply@localhost" && text::email(&mail_from).is_err() {
        source
            .mistakes
            .push("HAI_DANG_MAIL_FROM: an e-mail address is wanted".to_owned());
    }
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let workers = source.number("HAI_DANG_WORKERS", u32::try_from(cores).unwrap_or(2));
    Config {
        database_url: Secret::new(database_url),
        keys: source
            .text("HAI_DANG_KEYS")
            .map_or_else(|| data.join("keys.toml"), PathBuf::from),
        data,
        listen,
        metrics_listen: source.parsed("HAI_DANG_METRICS_LISTEN", "an address and a port"),
        public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
        app_url,
        trusted_proxies: source.list("HAI_DANG_TRUSTED_PROXIES", "a network such as 10.0.0.0/8"),
        origins: source.list("HAI_DANG_ORIGINS", "an origin"),
        smtp_url,
        smtp_ca: source.text("HAI_DANG_SMTP_CA").map(PathBuf::from),
        mail_from,
        pool_size: source.number("HAI_DANG_POOL_SIZE", if is_postgres { 12 } else { 4 }),
        workers: usize::try_from(workers).unwrap_or(1),
        calls_per_minute: source.number("HAI_DANG_CALLS_PER_MINUTE", 6000),
        log: source.text("HAI_DANG_LOG").unwrap_or("info".into()),
        backup_recipient: source.text("HAI_DANG_BACKUP_RECIPIENT"),
        demo_password: source.text("HAI_DANG_DEMO_PASSWORD").map(Secret::new),
        auth_calls_per_minute: source.number("HAI_DANG_AUTH_CALLS_PER_MINUTE", 120),
        strays: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(settings: &[(&str, &str)]) -> Result<Config, Mistakes> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        load(&settings.iter().map(owned).collect())
    }

    fn mistakes(settings: &[(&str, &str)]) -> Vec<String> {
        loaded(settings).map_or_else(|told| told.0, |_config| Vec::new())
    }

    #[test]
    fn a_variable_that_is_no_setting_is_noticed_and_stops_nothing() {
        let config = loaded(&[
            ("HAI_DANG_LISTN", "127.0.0.1:9"),
            ("HAI_DANG_LISTEN", "127.0.0.1:9"),
            ("HAI_DANG_DEMO_PASSWORD", "mat khau cua nguoi la"),
            ("HOME", "/root"),
        ]);
        assert_eq!(config.unwrap().strays, ["HAI_DANG_LISTN"]);
    }

    #[test]
    fn every_mistake_names_its_setting_and_all_are_told() {
        let wrong = [
            ("DATABASE_URL", "mysql://x"),
            ("HAI_DANG_LISTEN", "foo"),
            ("HAI_DANG_LOG", "chatty"),
            ("HAI_DANG_ORIGINS", "https://a.example, exa"),
            ("HAI_DANG_POOL_SIZE", "many"),
            ("HAI_DANG_TRUSTED_PROXIES", "ten"),
        ];
        let told = mistakes(&wrong);
        assert_eq!(told.len(), wrong.len(), "{told:#?}");
        for (name, value) in wrong {
            let about = |line: &&String| line.starts_with(&format!("{name}: "));
            let line = told.iter().find(about).expect(name);
            assert!(!line.contains(value), "a value may be a secret: {line}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_told_by_the_line_and_quotes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "HAI_DANG_LOG = \"info\"\nSMTP_URL = geheim\n").unwrap();
        let told = mistakes(&[("HAI_DANG_CONFIG", path.to_str().unwrap())]);
        assert_eq!(told, ["HAI_DANG_CONFIG: line 2 is not TOML"]);
    }

    fn of_file(text: &str) -> Result<Config, Mistakes> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, text).unwrap();
        loaded(&[("HAI_DANG_CONFIG", path.to_str().unwrap())])
    }

    #[test]
    fn a_value_of_a_wrong_type_is_told_and_a_list_may_be_an_array() {
        let told = of_file(
            "HAI_DANG_MAIL_FROM = [\"a@example.vn\"]\nHAI_DANG_POOL_SIZE = 2.5\n\
             HAI_DANG_LOG = 2026-01-01\nHAI_DANG_ORIGINS = [1]\n",
        );
        let told = told.unwrap_err().0;
        assert_eq!(told.len(), 4, "{told:#?}");
        let config = of_file(
            "HAI_DANG_TRUSTED_PROXIES = [\"10.0.0.0/8\", \"127.0.0.1/32\"]\n\
             HAI_DANG_ORIGINS = []\n",
        );
        let config = config.unwrap();
        assert_eq!(config.trusted_proxies.len(), 2);
        assert!(config.origins.is_empty());
    }

    #[test]
    fn what_is_right_is_taken() {
        for (name, value) in [
            ("DATABASE_URL", "sqlite:///srv/hai-dang.db"),
            ("DATABASE_URL", "postgresql://hd@db/hd"),
            ("HAI_DANG_LOG", "warn,hai_dang::mail=debug"),
            ("HAI_DANG_LOG", "off"),
            (
                "HAI_DANG_ORIGINS",
                "https://a.example,capacitor://localhost",
            ),
            ("HAI_DANG_METRICS_LISTEN", "127.0.0.1:9100"),
        ] {
            assert_eq!(mistakes(&[(name, value)]), [""; 0], "{name}={value}");
        }
    }

    #[test]
    fn what_would_silence_the_log_or_take_an_address_twice_is_refused() {
        for (name, value) in [
            ("DATABASE_URL", "sqlite://"),
            ("HAI_DANG_LOG", "hai_dang=loud"),
            ("HAI_DANG_LOG", "info,"),
            ("HAI_DANG_ORIGINS", "https://a.example/app"),
            ("HAI_DANG_METRICS_LISTEN", "127.0.0.1:8080"),
            ("HAI_DANG_PUBLIC_URL", "https://a.example/?ward=1"),
            ("HAI_DANG_PUBLIC_URL", "https://user@a.example"),
        ] {
            assert_eq!(mistakes(&[(name, value)]).len(), 1, "{name}={value}");
        }
    }
}
