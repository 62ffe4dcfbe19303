//! The service's statements on PostgreSQL by pgbench: sixteen clients, prepared, each a
//! transaction of its own over the same sessions.

use std::process::Command;

use super::bare::made;
use super::record::{Recorded, Statement, Value};
use super::report::{Ceiling, Row};

const SECONDS: u64 = 5;
/// The most scripts pgbench takes.
const SCRIPTS: usize = 100;

pub(crate) fn ceilings(url: &str, recorded: &Recorded, sessions: &[String], rows: &mut [Row]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, statements) in recorded {
        // A check-in changes its own registration, a booking takes a time: pgbench would fight
        // over one row.
        let Some(row) = rows
            .iter_mut()
            .find(|row| row.name == *name && !["check-in", "slot booked"].contains(&row.name))
        else {
            continue;
        };
        let mut command = Command::new("pgbench");
        command.args([
            "-n",
            "-M",
            "prepared",
            "-c",
            "16",
            "-j",
            "2",
            "-T",
            &SECONDS.to_string(),
        ]);
        for (number, session) in sessions.iter().take(SCRIPTS).enumerate() {
            let path = folder
                .path()
                .join(format!("{}-{number}.sql", name.replace(' ', "-")));
            std::fs::write(&path, script(statements, &sessions[0], session)).unwrap();
            command.arg("-f").arg(path);
        }
        let output = command.arg(url).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let tps = tps.unwrap_or_else(|| {
            let complaint = String::from_utf8_lossy(&output.stderr);
            panic!(
                "{complaint}{}",
                script(statements, &sessions[0], &sessions[0])
            )
        });
        assert!(!said.contains("failed transactions: 1"), "{said}");
        row.add_ceiling(Ceiling {
            done: tps.split(' ').next().unwrap().parse().unwrap(),
            seconds: 1.0,
            what: "pgbench",
        });
    }
}

fn script(statements: &[Statement], recorded: &str, session: &str) -> String {
    let made = made(statements);
    let mut text = String::from("\\set n random(1, 9000000000000000000)\nBEGIN;\n");
    for statement in statements {
        let mut sql = statement.sql.clone();
        for (index, value) in statement.values.iter().enumerate().rev() {
            sql = sql.replace(&format!("${}", index + 1), &literal(value, &made));
        }
        text.push_str(&sql.replace(recorded, session).replace('\n', " "));
        text.push_str(";\n");
    }
    text + "COMMIT;\n"
}

fn literal(value: &Value, made: &[uuid::Uuid]) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Time(micros) => {
            let at = chrono::DateTime::from_timestamp_micros(*micros).unwrap();
            format!("{}::timestamptz", quoted(&at.to_rfc3339()))
        }
        // Nothing is written as an empty value: this is a list of none.
        Value::Bytes(bytes) if bytes.is_empty() => "'{}'".to_owned(),
        Value::Bytes(_) => {
            "decode(md5('d' || (:n)::text) || md5('e' || (:n)::text), 'hex')".to_owned()
        }
        Value::Id(id) => match made.iter().position(|known| known == id) {
            Some(at) => format!("md5('{at}-' || (:n)::text)::uuid"),
            None => format!("'{id}'::uuid"),
        },
        Value::List(all) => {
            let all: Vec<String> = all.iter().map(|one| literal(one, made)).collect();
            format!("ARRAY[{}]", all.join(", "))
        }
        Value::Once(_) => "substr(md5('s' || (:n)::text), 1, 12)".to_owned(),
        Value::Text(text) => {
            let found = made
                .iter()
                .enumerate()
                .find(|(_, id)| text.contains(&id.to_string()));
            match found {
                Some((at, id)) => {
                    let (before, after) = text.split_once(&id.to_string()).unwrap();
                    format!(
                        "({} || md5('{at}-' || (:n)::text)::uuid || {})",
                        quoted(before),
                        quoted(after)
                    )
                }
                None => quoted(text),
            }
        }
    }
}

/// A text pgbench leaves alone: it takes a colon for the start of a variable, even here.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "''");
    format!("E'{}'", text.replace(':', "\\x3A"))
}
