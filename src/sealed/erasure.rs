//! Erasing for good: a data key is destroyed, and a mark of it stays, by which a backup of before
//! is made to forget it, too.
//!
//! Marks are rows of `erasures`, and lines of a file beside the key file, which no backup holds:
//! a restored database knows only the erasures of its time. A mark is an HMAC of the data key's
//! id, so that the file tells nobody what was erased.
//!
//! A line `?MARK` is durable before the transaction that erases commits; `MARK` follows once it
//! has. Whoever restores takes both for erased: no crash loses an erasure that was acknowledged.
//! `-MARK` follows where the transaction was rolled back, which only the database it ran in can
//! tell: the data key is there and was not destroyed. The last line of a mark counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;

use diesel::prelude::*;

use super::key_file::with_end;
use super::keys::{Error, Keys, Purpose};
use super::vault::{self, DataKeyId, bound};
use crate::db::schema::{data_keys, erasures};
use crate::db::{self, Conn, Db};
use crate::kernel::{Timestamp, private, token};

/// Letters of a mark.
const LENGTH: usize = 64;
/// No transaction goes on for so long: one that was announced before is over.
const OVER: Duration = Duration::from_mins(10);

/// What the last line of a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is about to be erased.
    Meant,
    /// It is erased.
    Done,
    /// It was not erased after all.
    Dropped,
}

impl State {
    fn sign(self) -> &'static str {
        match self {
            Self::Meant => "?",
            Self::Done => "",
            Self::Dropped => "-",
        }
    }
}

type Marks = BTreeMap<String, State>;

/// The file of marks.
struct List(PathBuf);

impl List {
    /// The one beside a key file; keys that are in no file have none.
    fn of(keys: &Keys) -> Option<Self> {
        keys.file().map(|path| Self(with_end(path, ".erased")))
    }

    fn fault(&self, why: &impl ToString) -> Error {
        Error::Erasures {
            path: self.0.clone(),
            why: why.to_string(),
        }
    }

    /// Makes it where there is none.
    fn make(&self) -> Result<(), Error> {
        match private::new_file(&self.0) {
            Ok(file) => file.sync_all().map_err(|error| self.fault(&error)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn read(&self) -> Result<Marks, Error> {
        let text = std::fs::read_to_string(&self.0).map_err(|error| self.fault(&error))?;
        let mut marks = Marks::new();
        for (index, line) in text.lines().enumerate() {
            let (state, mark) = match line.split_at_checked(1) {
                Some(("?", mark)) => (State::Meant, mark),
                Some(("-", mark)) => (State::Dropped, mark),
                _ => (State::Done, line),
            };
            let is_hex = mark.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_hex || mark.len() > LENGTH {
                return Err(self.fault(&format!("line {} is not a mark", index + 1)));
            }
            // A shorter one was cut by a crash, before anything was committed that needed it.
            if mark.len() == LENGTH {
                marks.insert(mark.to_ascii_lowercase(), state);
            }
        }
        Ok(marks)
    }

    /// [`Self::read`] of a copy. The file of a running service may end in half a line, which
    /// nothing was committed with; a copy that does lacks whatever came after.
    fn read_copy(&self) -> Result<Marks, Error> {
        let file = File::open(&self.0);
        let is_whole = file.and_then(|mut file| ends_a_line(&mut file));
        if !is_whole.map_err(|error| self.fault(&error))? {
            let why = "its last line is not finished, it was cut: put a whole copy there; to go on \
                with what it has, end that line by a line break";
            return Err(self.fault(&why));
        }
        self.read()
    }

    /// Adds lines, durable when this returns.
    fn add(&self, lines: &[(String, State)]) -> Result<(), Error> {
        self.write(lines).map_err(|error| self.fault(&error))
    }

    fn write(&self, lines: &[(String, State)]) -> std::io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let mut file = options.open(&self.0)?;
        let mut text = String::new();
        if !ends_a_line(&mut file)? {
            text.push('\n');
        }
        for (mark, state) in lines {
            text.push_str(state.sign());
            text.push_str(mark);
            text.push('\n');
        }
        // One call, so that the lines of two processes do not mix.
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match self.0.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }

    /// Whether it was left alone for longer than a transaction goes on.
    fn is_at_rest(&self) -> bool {
        let changed = std::fs::metadata(&self.0).and_then(|file| file.modified());
        // A time to come is none to trust.
        changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OVER))
    }
}

fn ends_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Destroys a subject's data key: what it sealed never opens again, nor after a restore. Call it
/// last in its transaction. One that is destroyed already stays so.
///
/// # Errors
/// When there is no such data key, or storage or the list of erasures fails.
pub fn erase(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    id: DataKeyId,
) -> Result<(), vault::Error> {
    let wrapped: Option<Vec<u8>> = data_keys::table
        .find(id)
        .select(data_keys::wrapped)
        .first(conn)?;
    if wrapped.is_none() {
        return Ok(());
    }
    let mark = keys.mac(Purpose::Index, &message(id));
    if let Some(list) = List::of(keys) {
        let line = (token::hex(&mark), State::Meant);
        let added = list.add(&[line]);
        added.map_err(|error| db::Error::Unavailable(error.to_string()))?;
    }
    destroy(conn, now, id)?;
    insert(conn, now, mark)?;
    Ok(())
}

fn message(id: DataKeyId) -> Vec<u8> {
    bound(&[b"erasures", b"mark", id.uuid().as_bytes()])
}

fn destroy(conn: &mut Conn, now: Timestamp, id: DataKeyId) -> Result<(), db::Error> {
    diesel::update(data_keys::table.find(id))
        .filter(data_keys::wrapped.is_not_null())
        .set((
            data_keys::wrapped.eq(None::<Vec<u8>>),
            data_keys::destroyed_at.eq(Some(now)),
        ))
        .execute(conn)?;
    Ok(())
}

fn insert(conn: &mut Conn, now: Timestamp, mark: Vec<u8>) -> Result<(), db::Error> {
    let known: i64 = erasures::table.find(&mark).count().get_result(conn)?;
    if known == 0 {
        diesel::insert_into(erasures::table)
            .values((erasures::mark.eq(mark), erasures::erased_at.eq(now)))
            .execute(conn)?;
    }
    Ok(())
}

/// The marks of the database.
fn stored(conn: &mut Conn) -> Result<BTreeSet<String>, db::Error> {
    let rows: Vec<Vec<u8>> = erasures::table.select(erasures::mark).load(conn)?;
    Ok(rows.iter().map(|mark| token::hex(mark)).collect())
}

/// The data keys that are not destroyed, by the marks they have under any key that was ever used.
fn living(conn: &mut Conn, keys: &Keys) -> Result<BTreeMap<String, DataKeyId>, db::Error> {
    let ids: Vec<DataKeyId> = data_keys::table
        .filter(data_keys::wrapped.is_not_null())
        .select(data_keys::id)
        .load(conn)?;
    let mut found = BTreeMap::new();
    for key in keys.all(Purpose::Index) {
        for id in &ids {
            let mark = token::mac(key.secret.expose(), &message(*id));
            found.insert(token::hex(&mark), *id);
        }
    }
    Ok(found)
}

/// At the start: the list is there, has every mark of the database, and the database has every
/// mark of the list. One that was put in place by hand forgets what was erased since.
///
/// # Errors
/// When storage fails or the list cannot be read and written.
pub fn settle(db: &Db, keys: &Keys, now: Timestamp) -> Result<(), Error> {
    let Some(list) = List::of(keys) else {
        return Ok(());
    };
    list.make()?;
    let done = list.read()?.into_iter();
    let done: BTreeSet<String> = done
        .filter(|(_, state)| *state == State::Done)
        .map(|(mark, _)| mark)
        .collect();
    if done.difference(&db.read_now(stored)?).next().is_some() {
        let keys = keys.clone();
        let count = db.write_now(move |conn| apply(conn, &keys, now, &done))?;
        tracing::warn!(count, "what was erased before is erased again");
    }
    follow(db, keys)
}

/// Brings the list up to the database: what is committed, and what was rolled back.
///
/// # Errors
/// When storage fails or the list cannot be read and written.
pub fn follow(db: &Db, keys: &Keys) -> Result<(), Error> {
    let Some(list) = List::of(keys) else {
        return Ok(());
    };
    let marks = list.read()?;
    // After it was read: what was added meanwhile is not judged.
    let is_at_rest = list.is_at_rest();
    let stored = db.read_now(stored)?;
    let mut lines = unlisted(&marks, &stored);
    let is_open = |(mark, state): &(&String, &State)| {
        **state == State::Meant && !stored.contains(mark.as_str())
    };
    let open: Vec<&String> = marks.iter().filter(is_open).map(|(mark, _)| mark).collect();
    if is_at_rest && !open.is_empty() {
        let living = db.read_now(|conn| living(conn, keys))?;
        let dropped = open.into_iter().filter(|mark| living.contains_key(*mark));
        lines.extend(dropped.map(|mark| (mark.clone(), State::Dropped)));
    }
    list.add(&lines)?;
    if lines.iter().any(|(_, state)| *state == State::Done) {
        // What was overwritten lies there still.
        db.empty_journal()?;
    }
    Ok(())
}

/// The lines a list lacks of what the database has erased.
fn unlisted(marks: &Marks, stored: &BTreeSet<String>) -> Vec<(String, State)> {
    let is_unlisted = |mark: &&String| marks.get(*mark) != Some(&State::Done);
    let lacking = stored.iter().filter(is_unlisted);
    lacking.map(|mark| (mark.clone(), State::Done)).collect()
}

/// Destroys what has one of the marks, and keeps all of them. Gives back how many it destroyed.
fn apply(
    conn: &mut Conn,
    keys: &Keys,
    now: Timestamp,
    marks: &BTreeSet<String>,
) -> Result<usize, db::Error> {
    let mut count = 0;
    for (mark, id) in living(conn, keys)? {
        if marks.contains(&mark) {
            destroy(conn, now, id)?;
            count += 1;
        }
    }
    let stored = stored(conn)?;
    for mark in marks.difference(&stored) {
        insert(conn, now, bytes(mark))?;
    }
    Ok(count)
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let byte = |pair: &[u32]| {
        let value = pair.iter().fold(0, |value, digit| value * 16 + digit);
        u8::try_from(value).unwrap_or_default()
    };
    digits.chunks(2).map(byte).collect()
}

/// Refuses to put back data keys without the list of what was erased.
///
/// # Errors
/// When there is no list, or it cannot be read.
pub fn require(keys: &Keys) -> Result<(), Error> {
    let Some(list) = List::of(keys) else {
        return Ok(());
    };
    if !list.0.exists() {
        let why = "it is not there, and the backup has data keys: put it beside the key file, \
            or what was erased would come back";
        return Err(list.fault(&why));
    }
    list.read_copy().map(|_marks| ())
}

/// What a restore did to keep erased what was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Again {
    /// Data keys that were destroyed again.
    pub destroyed: usize,
    /// Marks of the backup that the list did not have: it is older than the backup.
    pub unlisted: usize,
    /// Marks of the list.
    pub listed: usize,
}

/// Destroys in a restored database what the list says was erased, or was about to be.
///
/// # Errors
/// When there is no list and the database has data keys; when storage fails.
pub fn reapply(conn: &mut Conn, keys: &Keys, now: Timestamp) -> Result<Again, Error> {
    let Some(list) = List::of(keys) else {
        return Ok(Again::default());
    };
    let sealed: i64 = data_keys::table
        .count()
        .get_result(conn)
        .map_err(db::Error::from)?;
    if sealed > 0 {
        require(keys)?;
    }
    list.make()?;
    let marks = list.read_copy()?;
    let before = stored(conn)?;
    let is_erased = |(_, state): &(&String, &State)| **state != State::Dropped;
    let erased = marks.iter().filter(is_erased).map(|(mark, _)| mark.clone());
    let erased = erased.collect();
    let destroyed = conn.transaction(|conn| apply(conn, keys, now, &erased))?;
    let is_unknown = |mark: &&String| !erased.contains(*mark);
    let unlisted_before = before.iter().filter(is_unknown).count();
    list.add(&unlisted(&marks, &stored(conn)?))?;
    Ok(Again {
        destroyed,
        unlisted: unlisted_before,
        listed: marks.len(),
    })
}
