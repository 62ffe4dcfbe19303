//! Both engines hold the same, and every migration can be undone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, RunQueryDsl};

use crate::source::root;

fn migrations(engine: &str) -> Vec<PathBuf> {
    let folder = root().join("migrations").join(engine);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn read(folder: &std::path::Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// A migration's tables, indexes and new columns by name, in the words of neither engine.
fn normal(sql: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let said = sql.lines().filter(|line| !line.starts_with("--"));
    let sql = said.collect::<Vec<_>>().join("\n");
    for statement in sql.split(";\n") {
        let statement = statement.trim().trim_end_matches(';');
        let is_column = statement.starts_with("ALTER TABLE") && statement.contains("ADD COLUMN");
        if let Some((_, check)) = statement.split_once(" ADD CONSTRAINT ck_") {
            let text = check.split_whitespace().collect::<Vec<_>>().join(" ");
            let (name, text) = text.split_once(' ').unwrap();
            found.insert(format!("ck_{name}"), text.to_owned());
            continue;
        }
        let is_told = statement.starts_with("CREATE TABLE")
            || statement.starts_with("CREATE UNIQUE")
            || statement.starts_with("CREATE INDEX")
            || is_column;
        if !is_told {
            continue;
        }
        let mut text = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        for (from, to) in [
            (" uuid", " guid"),
            (" BLOB", " guid"),
            (" bytea", " guid"),
            (" timestamptz", " number"),
            (" INTEGER", " number"),
            (" integer", " number"),
            (" bigint", " number"),
            (" boolean", " number"),
            (" smallint", " number"),
            (" TEXT", " text"),
            (" date ", " text "),
            (" date,", " text,"),
            (") STRICT", ")"),
        ] {
            text = text.replace(from, to);
        }
        if let Some(day) = text.strip_suffix(" date") {
            text = format!("{day} text");
        }
        let place = match text.split(' ').next() {
            Some("ALTER") => 5,
            _ if text.starts_with("CREATE UNIQUE") => 3,
            _ => 2,
        };
        let name = text.split(['(', ' ']).nth(place);
        let name = name.unwrap_or_default().to_owned();
        found.insert(name, text);
    }
    found
}

/// The checks of a table that have a name, in the words of neither engine.
fn checks(table: &str) -> BTreeMap<String, String> {
    let named = table.split("CONSTRAINT ck_").skip(1);
    let checks = named.map(|part| {
        let (name, text) = part.split_once(' ').unwrap();
        let mut depth = 0;
        let end = text.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            letter == ')' && depth == 0
        });
        let text = text.split_at(end.unwrap() + 1).0;
        (format!("ck_{name}"), text.to_owned())
    });
    checks.collect()
}

/// SQLite changes no check, so a table is made anew as `new_…`: nothing of it is another but checks,
/// which are told as PostgreSQL tells them, and its indexes are those it had.
fn remade(stands: &mut BTreeMap<String, String>, left: &mut BTreeMap<String, String>) {
    let made = left.keys().filter(|name| name.starts_with("new_"));
    for made in made.cloned().collect::<Vec<_>>() {
        let name = made.strip_prefix("new_").unwrap().to_owned();
        let text = left.remove(&made).unwrap().replacen("new_", "", 1);
        let old = stands.get(&name).unwrap();
        let (mut again, before) = (old.clone(), checks(old));
        for (check, rule) in checks(&text) {
            if before[&check] != rule {
                again = again.replace(&before[&check], &rule);
                left.insert(check, rule);
            }
        }
        assert_eq!(again, text);
        let place = format!(" ON {name} (");
        let indexes = stands.iter().filter(|(_, text)| text.contains(&place));
        for (index, text) in indexes {
            assert_eq!(left.remove(index).as_ref(), Some(text));
        }
        stands.insert(name, text);
    }
}

/// What fences rows off one another: by its name, its table, the columns that are the same in
/// both rows, and which rows count. PostgreSQL excludes by a constraint, SQLite by two triggers,
/// before a row is written and before it is changed.
type Fence = (String, Vec<String>, String);
type Fences = BTreeMap<String, Fence>;

fn excluded(sql: &str) -> Fences {
    let parts = sql.split("ALTER TABLE ").skip(1);
    let fences = parts.filter_map(|part| {
        let text = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.split(';').next()?;
        let (head, rule) = text.split_once(" EXCLUDE USING gist (")?;
        let (table, name) = head.split_once(" ADD CONSTRAINT ")?;
        let (keys, rows) = rule.split_once(") WHERE (")?;
        assert!(keys.ends_with(", tstzrange(starts_at, ends_at) WITH &&"));
        let keys = keys
            .split(", ")
            .filter_map(|key| key.strip_suffix(" WITH ="));
        let keys = keys.map(str::to_owned).collect();
        let rows = rows.strip_suffix(')')?.to_owned();
        Some((name.to_owned(), (table.to_owned(), keys, rows)))
    });
    fences.collect()
}

fn triggered(sql: &str) -> Fences {
    let mut found: BTreeMap<String, Vec<(String, Fence)>> = BTreeMap::new();
    let parts = sql.split("CREATE TRIGGER ");
    for part in parts.filter(|part| part.starts_with("ex_")) {
        let text = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.split("END;").next().unwrap();
        let (name, rest) = text.split_once(" BEFORE ").unwrap();
        let (verb, rest) = rest.split_once(" ON ").unwrap();
        let (table, rest) = rest.split_once(" WHEN NEW.").unwrap();
        let (rows, rest) = rest.split_once(" AND EXISTS ( ").unwrap();
        let from = format!("SELECT 1 FROM {table} AS taken WHERE taken.{rows} AND ");
        let keys = rest.strip_prefix(&from).unwrap();
        let (keys, body) = keys.split_once(" AND taken.id <> NEW.id AND ").unwrap();
        assert_eq!(
            body.trim(),
            "taken.starts_at < NEW.ends_at AND NEW.starts_at < taken.ends_at ) BEGIN \
             SELECT RAISE(ABORT, 'appointment-overlap');"
        );
        let keys = keys.split(" AND ").map(|key| {
            let (taken, new) = key.split_once(" = NEW.").unwrap();
            assert_eq!(taken, format!("taken.{new}"));
            new.to_owned()
        });
        let fence = (table.to_owned(), keys.collect(), rows.to_owned());
        let name = name.strip_suffix(&format!("_{}", verb.to_lowercase()));
        let verbs = found.entry(name.unwrap().to_owned()).or_default();
        verbs.push((verb.to_owned(), fence));
    }
    let fences = found.into_iter().map(|(name, verbs)| {
        let [(insert, one), (update, other)] = verbs.as_slice() else {
            panic!("{name} fences both ways, or none");
        };
        assert_eq!((insert.as_str(), update.as_str()), ("INSERT", "UPDATE"));
        assert_eq!(one, other, "{name}");
        (name, one.clone())
    });
    fences.collect()
}

#[test]
fn both_engines_fence_the_same() {
    let mut fences = 0;
    for (left, right) in migrations("sqlite").iter().zip(&migrations("postgres")) {
        let (left, right) = (read(left, "up.sql"), read(right, "up.sql"));
        let (left, right) = (triggered(&left), excluded(&right));
        assert_eq!(left, right);
        fences += left.len();
    }
    assert_eq!(fences, 2);
}

#[test]
fn both_engines_hold_the_same() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    let names = |paths: &[PathBuf]| -> Vec<_> {
        paths
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&sqlite), names(&postgres));
    let mut stands = BTreeMap::new();
    for (left, right) in sqlite.iter().zip(&postgres) {
        let (mut left, right) = (
            normal(&read(left, "up.sql")),
            normal(&read(right, "up.sql")),
        );
        remade(&mut stands, &mut left);
        assert!(!left.is_empty());
        assert_eq!(left, right);
        stands.extend(left);
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

#[test]
fn every_migration_undoes_itself() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    let all = migrations("sqlite");
    for round in 0..2 {
        for folder in &all {
            conn.batch_execute(&read(folder, "up.sql")).unwrap();
        }
        for folder in all.iter().rev() {
            conn.batch_execute(&read(folder, "down.sql")).unwrap();
        }
        let left: Count = diesel::sql_query("SELECT count(*) AS count FROM sqlite_schema")
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(left.count, 0, "round {round}");
    }
}
