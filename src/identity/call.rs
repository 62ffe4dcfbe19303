//! The two doors every handler goes through: [`Call`] for those logged in, [`Visit`] for anybody.
//!
//! A door runs one use case in one transaction, in which the caller is looked up again, so that
//! a user disabled a moment ago gets no further.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::actor::{self, Actor};
use super::claims::{self, AccessClaims};
use super::idempotency::{self, Found, Key};
use super::platform::Platform;
use crate::audit;
use crate::db::Conn;
use crate::http::envelope::Origin;
use crate::http::reply::if_none_match;
use crate::http::request::{Expected, Reader};
use crate::http::{Problem, Reply};
use crate::kernel::{Fault, Language, OfficeId, Timestamp, Zone};

/// A use case of someone logged in, inside its transaction.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The transaction.
    pub conn: &'a mut Conn,
    /// Who asks.
    pub actor: &'a Actor,
    /// The present; the same throughout.
    pub now: Timestamp,
    /// The version the caller says it saw.
    pub expected: Expected,
    /// Keys and links.
    pub platform: &'a Platform,
    /// The request.
    pub origin: &'a Origin,
}

impl Cx<'_> {
    /// The office everything is looked up in.
    pub fn office(&self) -> OfficeId {
        self.actor.office.id
    }

    /// The office's zone.
    pub fn zone(&self) -> Zone {
        self.actor.office.zone
    }

    /// The language of the answer.
    pub fn language(&self) -> Language {
        self.origin.language
    }

    /// Writes an audit event of the caller.
    ///
    /// # Errors
    /// When storage fails.
    pub fn audit(
        &mut self,
        action: &str,
        object_kind: &str,
        object: uuid::Uuid,
        facts: Value,
    ) -> crate::db::Result<()> {
        audit::record(
            self.conn,
            self.now,
            &audit::Event {
                office: Some(self.actor.office.id),
                actor: Some(self.actor.id.uuid()),
                action,
                object_kind,
                object: Some(object),
                request_id: Some(&self.origin.request_id),
                client: Some(self.origin.address),
                facts,
            },
        )
    }
}

/// A request by someone logged in.
#[derive(Debug, Clone)]
pub struct Call {
    platform: web::Data<Platform>,
    claims: AccessClaims,
    request: HttpRequest,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let platform = platform(request)?;
        let header = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let claims = token
            .and_then(|token| claims::verify(&platform.keys, token, platform.clock.now()))
            .ok_or(Fault::Unauthenticated)?;
        request.extensions_mut().insert(Reader(claims.user.uuid()));
        Ok(Self {
            platform,
            claims,
            request: request.clone(),
        })
    }

    /// The request, for ids in its path.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Keys, clock and hasher, for work outside a transaction.
    pub fn platform(&self) -> web::Data<Platform> {
        self.platform.clone()
    }

    /// Runs a use case that reads.
    ///
    /// # Errors
    /// What the use case refuses, `unauthenticated`, storage failures.
    pub async fn read<F>(self, f: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&mut Cx<'_>) -> Result<Reply, Problem> + Send + 'static,
    {
        let reply = self.look(f).await?;
        Ok(reply.answer(if_none_match(&self.request)))
    }

    /// Runs a use case that reads a few rows by an index, on SQLite without a way to another
    /// thread.
    ///
    /// # Errors
    /// As for [`Call::read`].
    pub async fn glance<F>(self, f: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&mut Cx<'_>) -> Result<Reply, Problem> + Send + 'static,
    {
        let room = Room::new(&self.platform, &self.request);
        let claims = self.claims;
        let reply = self
            .platform
            .db
            .glance(move |conn| room.enter(conn, claims, |cx| f(cx)))
            .await?;
        Ok(reply.answer(if_none_match(&self.request)))
    }

    /// Runs a use case that writes; with an `Idempotency-Key`, at most once.
    ///
    /// # Errors
    /// What the use case refuses, `unauthenticated`, storage failures.
    pub async fn write<F>(self, mut f: F) -> Result<HttpResponse, Problem>
    where
        F: FnMut(&mut Cx<'_>) -> Result<Reply, Problem> + Send + 'static,
    {
        let key = Key::of(&self.request)?;
        let once = move |cx: &mut Cx<'_>| match &key {
            None => f(cx),
            Some(key) => once(cx, key, &mut f),
        };
        let reply = self.part(once).await?;
        Ok(reply.answer(None))
    }

    /// Runs a use case whose answer is never kept to be replayed: it holds a secret that is shown
    /// once, or what lies sealed.
    ///
    /// # Errors
    /// As for [`Call::write`].
    pub async fn write_secret<F>(self, f: F) -> Result<HttpResponse, Problem>
    where
        F: FnMut(&mut Cx<'_>) -> Result<Reply, Problem> + Send + 'static,
    {
        let reply = self.part(f).await?;
        Ok(reply.answer(None))
    }

    /// Runs a use case that reads and gives back a value instead of an answer, for handlers that
    /// go on with it outside the transaction.
    ///
    /// # Errors
    /// As for [`Call::read`].
    pub async fn look<T, F>(&self, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Cx<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let room = Room::new(&self.platform, &self.request);
        let claims = self.claims;
        self.platform
            .db
            .read(move |conn| room.enter(conn, claims, |cx| f(cx)))
            .await
    }

    /// Runs a use case that writes and gives back a value, for work that commits in parts.
    ///
    /// # Errors
    /// As for [`Call::write`].
    pub async fn part<T, F>(&self, mut f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Cx<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let room = Room::new(&self.platform, &self.request);
        let claims = self.claims;
        self.platform
            .db
            .write(move |conn| room.enter(conn, claims, |cx| f(cx)))
            .await
    }
}

fn once<F>(cx: &mut Cx<'_>, key: &Key, f: &mut F) -> Result<Reply, Problem>
where
    F: FnMut(&mut Cx<'_>) -> Result<Reply, Problem>,
{
    match idempotency::take(cx.conn, &cx.platform.keys, (cx.actor, key), cx.now)? {
        Found::Again(reply) => {
            // Roles were looked at; what a caller sees of a thing may have changed, too.
            for path in key.paths(&reply) {
                if !(cx.platform.sight)(cx, path)? {
                    return Err(Fault::NotFound.into());
                }
            }
            Ok(*reply)
        }
        Found::First => {
            let reply = f(cx)?;
            idempotency::keep(cx.conn, &cx.platform.keys, (cx.actor, key), &reply)?;
            Ok(reply)
        }
    }
}

/// What of a request goes with its use case to another thread.
struct Room {
    platform: web::Data<Platform>,
    origin: Origin,
    expected: Expected,
    now: Timestamp,
}

impl Room {
    fn new(platform: &web::Data<Platform>, request: &HttpRequest) -> Self {
        Self {
            platform: platform.clone(),
            origin: Origin::of(request),
            expected: Expected::of(request.headers()),
            now: platform.clock.now(),
        }
    }

    fn enter<T>(
        &self,
        conn: &mut Conn,
        claims: AccessClaims,
        f: impl FnOnce(&mut Cx<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let actor = actor::load(conn, &claims)?.ok_or(Fault::Unauthenticated)?;
        f(&mut Cx {
            conn,
            actor: &actor,
            now: self.now,
            expected: self.expected,
            platform: &self.platform,
            origin: &self.origin,
        })
    }
}

fn platform(request: &HttpRequest) -> Result<web::Data<Platform>, Problem> {
    let found = request.app_data::<web::Data<Platform>>().cloned();
    found.ok_or_else(|| Fault::Internal("no platform".into()).into())
}

/// A request by anybody.
#[derive(Debug)]
pub struct Visit {
    platform: web::Data<Platform>,
    request: HttpRequest,
}

/// A use case of anybody, inside its transaction.
#[derive(Debug)]
pub struct Open<'a> {
    /// The transaction.
    pub conn: &'a mut Conn,
    /// The present; the same throughout.
    pub now: Timestamp,
    /// Keys and links.
    pub platform: &'a Platform,
    /// The request.
    pub origin: &'a Origin,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(platform(request).map(|platform| Self {
            platform,
            request: request.clone(),
        }))
    }
}

impl Visit {
    /// Keys, clock and hasher, for work outside a transaction.
    pub fn platform(&self) -> web::Data<Platform> {
        self.platform.clone()
    }

    /// What is known of the request.
    pub fn origin(&self) -> Origin {
        Origin::of(&self.request)
    }

    /// The request's headers, for the user agent.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Runs a use case that reads and answers with it.
    ///
    /// # Errors
    /// What the use case refuses, storage failures.
    pub async fn read<F>(self, f: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&mut Open<'_>) -> Result<Reply, Problem> + Send + 'static,
    {
        let reply = self.look(f).await?;
        Ok(reply.answer(if_none_match(&self.request)))
    }

    /// Runs a use case that reads and gives back a value.
    ///
    /// # Errors
    /// What the use case refuses, storage failures.
    pub async fn look<T, F>(&self, f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Open<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let room = Room::new(&self.platform, &self.request);
        self.platform
            .db
            .read(move |conn| f(&mut room.open(conn)))
            .await
    }

    /// Runs a use case that writes and gives back a value.
    ///
    /// # Errors
    /// What the use case refuses, storage failures.
    pub async fn write<T, F>(&self, mut f: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Open<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let room = Room::new(&self.platform, &self.request);
        self.platform
            .db
            .write(move |conn| f(&mut room.open(conn)))
            .await
    }
}

impl Room {
    fn open<'a>(&'a self, conn: &'a mut Conn) -> Open<'a> {
        Open {
            conn,
            now: self.now,
            platform: &self.platform,
            origin: &self.origin,
        }
    }
}
