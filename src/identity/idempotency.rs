//! `Idempotency-Key`: the record of an answer, written in the transaction of its effect. The answer
//! is kept sealed: it may hold what lies sealed in its own table.

use actix_web::{HttpMessage, HttpRequest};
use chrono::TimeDelta;
use diesel::Connection;
use diesel::prelude::*;

use super::actor::{Actor, UserId};
use crate::db::schema::idempotency_records as records;
use crate::db::{self, Conn, dialect};
use crate::http::body::BodyDigest;
use crate::http::{Problem, Reply};
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Class, OfficeId, Timestamp, token};
use crate::sealed::{Keys, Place, vault};

/// How long a record is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
/// Milliseconds a second call waits for the first.
const WAIT: u32 = 2_000;

/// The key of one call.
#[derive(Debug, Clone)]
pub struct Key {
    text: String,
    path: String,
    route: String,
    body_digest: Vec<u8>,
}

impl Key {
    /// The key a request carries, if it carries one.
    ///
    /// # Errors
    /// `invalid`, when it is not 1 to 128 visible characters.
    pub fn of(request: &HttpRequest) -> Result<Option<Self>, Fault> {
        if request.method() != actix_web::http::Method::POST {
            return Ok(None);
        }
        let Some(value) = request.headers().get("Idempotency-Key") else {
            return Ok(None);
        };
        let key = value.to_str().unwrap_or_default().trim();
        let mut check = Check::new();
        let is_fit = (1..=128).contains(&key.len());
        check.rule(is_fit, "Idempotency-Key", "idempotency-key-invalid");
        check.done()?;
        let digest = request.extensions().get::<BodyDigest>().cloned();
        // The path with its ids and the query: the same key elsewhere is another call.
        let route = format!("{} {}", request.path(), request.query_string());
        Ok(Some(Self {
            text: key.to_owned(),
            path: request.path().to_owned(),
            route: token::sha256_hex(route.as_bytes()),
            body_digest: digest.map(|digest| digest.0).unwrap_or_default(),
        }))
    }
}

impl Key {
    /// The paths of what an answer tells of; none, where it tells of nobody.
    pub fn paths<'a>(&'a self, reply: &'a Reply) -> impl Iterator<Item = &'a str> {
        let own = Some(self.path.as_str());
        let both = [own, reply.location()].into_iter().flatten();
        both.filter(|_| reply.tells())
    }
}

/// What the record of a key says.
pub enum Found {
    /// The first call: a place is held for its answer.
    First,
    /// A repeat: the answer of the first.
    Again(Box<Reply>),
}

/// Takes the place of a key, or finds the answer kept there.
///
/// # Errors
/// `idempotency-key-reused`, `idempotency-in-flight`, and `forbidden` when the caller's roles
/// are no longer those of the first call.
pub fn take(
    conn: &mut Conn,
    keys: &Keys,
    (actor, key): (&Actor, &Key),
    now: Timestamp,
) -> Result<Found, Problem> {
    if let Some(found) = find(conn, keys, (actor, key), now)? {
        return found;
    }
    dialect::wait_for_locks(conn, WAIT)?;
    // In a savepoint: on PostgreSQL the first call may commit while this one waits, and its
    // answer is to be read after the refused insert.
    let placed = conn.transaction(|conn| place(conn, actor, key, now));
    match placed {
        Ok(_) => Ok(Found::First),
        Err(error) if is_taken(&error) => {
            find(conn, keys, (actor, key), now)?.unwrap_or_else(in_flight)
        }
        Err(error) if dialect::is_lock_timeout(&error) => in_flight(),
        Err(error) => Err(error.into()),
    }
}

fn in_flight() -> Result<Found, Problem> {
    Err(Problem::wire(Class::Conflict, "idempotency-in-flight"))
}

fn place(conn: &mut Conn, actor: &Actor, key: &Key, now: Timestamp) -> db::Result<usize> {
    Ok(diesel::insert_into(records::table)
        .values((
            records::user_id.eq(actor.id),
            records::office_id.eq(actor.office.id),
            records::route.eq(&key.route),
            records::key.eq(&key.text),
            records::body_digest.eq(&key.body_digest),
            records::roles.eq(actor.roles.to_column()),
            records::created_at.eq(now),
        ))
        .execute(conn)?)
}

fn is_taken(error: &db::Error) -> bool {
    let db::Error::Statement(error) = error else {
        return false;
    };
    dialect::violated_unique(error).is_some()
}

/// Where an answer lies sealed.
fn kept_at(actor: &Actor) -> Place {
    Place {
        table: "idempotency_records",
        column: "answer",
        row: actor.id.uuid(),
    }
}

fn find(
    conn: &mut Conn,
    keys: &Keys,
    (actor, key): (&Actor, &Key),
    now: Timestamp,
) -> Result<Option<Result<Found, Problem>>, Problem> {
    let mine = records::table
        .filter(records::user_id.eq(actor.id))
        .filter(records::route.eq(&key.route))
        .filter(records::key.eq(&key.text));
    let row: Option<(Vec<u8>, String, Option<String>, Timestamp)> = mine
        .select((
            records::body_digest,
            records::roles,
            records::answer,
            records::created_at,
        ))
        .first(conn)
        .optional()
        .map_err(db::Error::from)?;
    let Some((digest, roles, answer, created_at)) = row else {
        return Ok(None);
    };
    if created_at.plus(KEPT) <= now {
        diesel::delete(
            records::table
                .filter(records::user_id.eq(actor.id))
                .filter(records::route.eq(&key.route))
                .filter(records::key.eq(&key.text)),
        )
        .execute(conn)
        .map_err(db::Error::from)?;
        return Ok(None);
    }
    if digest != key.body_digest {
        let reused = Problem::wire(Class::Invalid, "idempotency-key-reused");
        return Ok(Some(Err(reused)));
    }
    if roles != actor.roles.to_column() {
        return Ok(Some(Err(Fault::Forbidden.into())));
    }
    let kept = answer.and_then(|text| vault::open_brief(keys, kept_at(actor), &text).ok());
    let reply = kept.and_then(|json| serde_json::from_slice::<Reply>(&json).ok());
    Ok(Some(reply.map_or_else(
        || Err(Problem::wire(Class::Conflict, "idempotency-forgotten")),
        |reply| Ok(Found::Again(Box::new(reply.replayed()))),
    )))
}

/// Forgets every answer an office keeps, or keeps for one account, where nobody else could see the
/// thing: something is erased, and is to be nowhere. That the calls were made is still known, so
/// that none is made twice.
///
/// # Errors
/// When storage fails.
pub fn forget_answers(
    conn: &mut Conn,
    office: OfficeId,
    only: Option<UserId>,
) -> db::Result<usize> {
    let kept = records::table
        .filter(records::office_id.eq(office))
        .filter(records::answer.is_not_null());
    let nothing = records::answer.eq(None::<String>);
    Ok(match only {
        None => diesel::update(kept).set(nothing).execute(conn)?,
        Some(user) => {
            let theirs = kept.filter(records::user_id.eq(user));
            diesel::update(theirs).set(nothing).execute(conn)?
        }
    })
}

/// Keeps the answer of the first call.
///
/// # Errors
/// When storage fails.
pub fn keep(
    conn: &mut Conn,
    keys: &Keys,
    (actor, key): (&Actor, &Key),
    reply: &Reply,
) -> Result<(), Problem> {
    let json = serde_json::to_vec(reply).map_err(|e| Fault::Internal(e.to_string()))?;
    let answer = vault::seal_brief(keys, kept_at(actor), &json)
        .map_err(|e| Fault::Internal(e.to_string()))?;
    diesel::update(
        records::table
            .filter(records::user_id.eq(actor.id))
            .filter(records::route.eq(&key.route))
            .filter(records::key.eq(&key.text)),
    )
    .set(records::answer.eq(answer))
    .execute(conn)
    .map_err(db::Error::from)?;
    Ok(())
}

/// Forgets records older than a day.
///
/// # Errors
/// When storage fails.
pub fn sweep(conn: &mut Conn, now: Timestamp) -> db::Result<usize> {
    let old = records::table.filter(records::created_at.le(now.minus(KEPT)));
    Ok(diesel::delete(old).execute(conn)?)
}
