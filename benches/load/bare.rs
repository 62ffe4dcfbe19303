//! The service's statements on SQLite without the service: one thread, each statement prepared
//! once, every row read to its end, sixty-four writes to a durable commit.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::fill::Person;
use super::record::{Recorded, Statement, Value};
use super::report::Ceiling;

const BATCH: usize = 64;

/// A copy of what the service holds, and the statements to run on it. It is measured beside the
/// service, part for part, so that whatever else the machine does slows both.
pub(crate) struct Bare<'a> {
    conn: Connection,
    recorded: &'a Recorded,
    people: &'a [Person],
    booked: i64,
}

impl<'a> Bare<'a> {
    /// Copies the database at `place`, which nobody has open. Each check-in is of another of
    /// `people`, each booking at another time: those of the recording are the first, and that time.
    pub(crate) fn copy(
        place: &Path,
        recorded: &'a Recorded,
        (people, booked): (&'a [Person], i64),
    ) -> Self {
        let (of, to) = (place.join("hai-dang.db"), place.join("bare.db"));
        let whole = Connection::open(&of).unwrap();
        let merged = whole.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        assert_eq!(merged, Ok(0), "the database is open elsewhere");
        drop(whole);
        std::fs::copy(of, &to).unwrap();
        let conn = Connection::open(to).unwrap();
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA wal_autocheckpoint = 4000;
             PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;",
        )
        .unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        Self {
            conn,
            recorded,
            people,
            booked,
        }
    }

    /// Runs the statements of an operation for so long, if they were recorded.
    pub(crate) fn part(&self, name: &str, seconds: u64) -> Option<Ceiling> {
        let (_, statements) = self.recorded.iter().find(|(known, _)| *known == name)?;
        let is_read = ["session", "counts", "page of 50", "free times of a month"];
        let (begin, length) = (Instant::now(), Duration::from_secs(seconds));
        let mut done = 0.0;
        while begin.elapsed() < length {
            done += if is_read.contains(&name) {
                self.read(statements)
            } else {
                self.write(statements)
            };
        }
        Some(Ceiling {
            done,
            seconds: begin.elapsed().as_secs_f64(),
            what: "bare",
        })
    }

    fn read(&self, statements: &[Statement]) -> f64 {
        self.conn.execute_batch("BEGIN").unwrap();
        run(&self.conn, statements, &Fresh::default());
        self.conn.execute_batch("COMMIT").unwrap();
        1.0
    }

    fn write(&self, statements: &[Statement]) -> f64 {
        self.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..BATCH {
            self.conn.execute_batch("SAVEPOINT one").unwrap();
            let fresh = Fresh::of(statements, (self.people, self.booked));
            run(&self.conn, statements, &fresh);
            self.conn.execute_batch("RELEASE one").unwrap();
        }
        self.conn.execute_batch("COMMIT").unwrap();
        BATCH as f64
    }
}

fn run(conn: &Connection, statements: &[Statement], fresh: &Fresh) {
    for statement in statements {
        let mut prepared = conn.prepare_cached(&statement.sql).unwrap();
        let values = statement.values.iter().map(|value| fresh.stored(value));
        let columns = prepared.column_count();
        let mut rows = prepared.query(params_from_iter(values)).unwrap();
        while let Some(row) = rows
            .next()
            .unwrap_or_else(|error| panic!("{error}: {statement:?}"))
        {
            for column in 0..columns {
                std::hint::black_box(row.get::<_, Stored>(column).unwrap());
            }
        }
    }
}

/// New ids and digests in place of those that were recorded, so that a row can be written again.
#[derive(Default)]
pub(crate) struct Fresh {
    ids: HashMap<uuid::Uuid, uuid::Uuid>,
    seed: u128,
    /// Times of these microseconds move on, so that a booking is of another hour.
    moved: std::ops::Range<i64>,
}

const HOUR: i64 = 3_600_000_000;

impl Fresh {
    /// The ids a run makes are the first value of each insertion.
    fn of(statements: &[Statement], (people, booked): (&[Person], i64)) -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let seed = u128::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let made = made(statements).into_iter();
        // The time of the ids stays, so that they go to the end of the index as new ones do.
        let ids = made.map(|id| (id, uuid::Uuid::from_u128(id.as_u128() + (seed << 1))));
        let mut ids: HashMap<_, _> = ids.collect();
        let next = usize::try_from(seed).unwrap() % people.len();
        ids.insert(people[0].0, people[next].0);
        ids.insert(people[0].1, people[next].1);
        let moved = booked - 48 * HOUR..booked + 48 * HOUR;
        Self { ids, seed, moved }
    }

    fn stored(&self, value: &Value) -> Stored {
        match value {
            Value::Null => Stored::Null,
            Value::Bool(is) => Stored::Integer(i64::from(*is)),
            Value::Whole(number) | Value::Time(number) if self.moved.contains(number) => {
                Stored::Integer(number + i64::try_from(self.seed).unwrap() * HOUR)
            }
            Value::Whole(number) | Value::Time(number) => Stored::Integer(*number),
            Value::Id(id) => Stored::Blob(self.ids.get(id).unwrap_or(id).as_bytes().to_vec()),
            Value::Bytes(bytes) if self.seed > 0 => Stored::Blob(scatter(bytes, self.seed)),
            Value::Bytes(bytes) => Stored::Blob(bytes.clone()),
            Value::Text(text) => Stored::Text(self.text(text)),
            Value::List(_) => panic!("SQLite takes no arrays"),
            Value::Once(text) => Stored::Text(format!("{text}{}", self.seed)),
        }
    }

    /// A text with a made id in it gets the new one.
    fn text(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (old, new)| {
            text.replace(&old.to_string(), &new.to_string())
        })
    }
}

/// Ids that the statements insert.
pub(crate) fn made(statements: &[Statement]) -> Vec<uuid::Uuid> {
    let inserts = statements
        .iter()
        .filter(|one| one.sql.starts_with("INSERT"));
    let first = inserts.filter_map(|one| match one.values.first() {
        Some(Value::Id(id)) if !one.sql.contains("attendance_marks") => Some(*id),
        _ => None,
    });
    first.collect()
}

fn scatter(bytes: &[u8], seed: u128) -> Vec<u8> {
    let mut mixed = bytes.to_vec();
    let odd = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
        .to_le_bytes();
    for (byte, salt) in mixed.iter_mut().zip(odd) {
        *byte ^= salt;
    }
    mixed
}
