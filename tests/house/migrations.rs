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

/// A migration's tables and indexes by name, in the words of neither engine.
fn normal(sql: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for statement in sql.split(";\n") {
        let statement = statement.trim();
        if !statement.starts_with("CREATE TABLE") && !statement.starts_with("CREATE UNIQUE") {
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
        let name = text
            .split(['(', ' '])
            .nth(if text.starts_with("CREATE UNIQUE") {
                3
            } else {
                2
            });
        let name = name.unwrap_or_default().to_owned();
        found.insert(name, text);
    }
    found
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
    for (left, right) in sqlite.iter().zip(&postgres) {
        let (left, right) = (
            normal(&read(left, "up.sql")),
            normal(&read(right, "up.sql")),
        );
        assert!(!left.is_empty());
        assert_eq!(left, right);
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
