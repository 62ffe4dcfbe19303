//! How long a connection may keep its place without asking anything.
//!
//! The framework waits five seconds for the head of a connection's first request, and as long for
//! the first byte of each later one. Whoever then sends a second head byte by byte, or never takes
//! an answer, would be kept for ever; hence a watch beside every connection.

use std::any::Any;
use std::cell::Cell;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use actix_web::dev::{Extensions, ServiceRequest};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How long it may take from an answer to the whole head of the next request.
const HEAD: Duration = Duration::from_secs(5);
/// How long an answer may take to be taken.
const ANSWER: Duration = Duration::from_mins(3);

/// Files that are not left to connections: storage, documents and mail open some.
const OTHER_FILES: usize = 256;
/// The most connections of a worker, however many files there may be.
const MOST: usize = 25_000;

/// How many connections each worker may have, so that storage never lacks a file. Whoever comes
/// then waits to be let in.
pub fn room(workers: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    // Most systems let a program open a thousand files, and more when it asks.
    let more = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let is_more = setrlimit(Resource::Nofile, more).is_ok();
    let files = if is_more {
        limit.maximum
    } else {
        limit.current
    };
    let files = files.map_or(usize::MAX, |files| {
        usize::try_from(files).unwrap_or(usize::MAX)
    });
    // A connection and its watch have one each.
    (files.saturating_sub(OTHER_FILES) / 2 / workers.max(1)).clamp(1, MOST)
}

/// What is known of a connection; it lives in the worker that has it, and as long as it does.
#[derive(Debug)]
pub struct Connection {
    /// Requests that are being answered.
    running: Cell<u32>,
    /// When the last answer was given. The first head has the framework's own five seconds, and an
    /// answer that says so: until then it is a second after the connection was made.
    since: Cell<Instant>,
    /// The same socket once more, to end it by.
    socket: TcpStream,
}

/// What a connection has come to.
#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// It may go on for so long before anybody looks again.
    Goes(Duration),
    /// Nothing more is read from it; what it was answered may still be taken.
    Deaf,
    /// It ends.
    Over,
}

impl Connection {
    /// Watches a connection that was just made.
    pub fn watch(io: &dyn Any, data: &mut Extensions) {
        let stream = io.downcast_ref::<actix_web::rt::net::TcpStream>();
        let twin = stream.and_then(|stream| stream.as_fd().try_clone_to_owned().ok());
        let Some(socket) = twin.map(TcpStream::from) else {
            return;
        };
        let connection = Rc::new(Self {
            running: Cell::new(0),
            since: Cell::new(Instant::now() + Duration::from_secs(1)),
            socket,
        });
        actix_web::rt::spawn(look(Rc::downgrade(&connection)));
        data.insert(connection);
    }

    /// The connection a request came by. Nothing is cut while what is returned lives.
    pub(super) fn begin(request: &ServiceRequest) -> Option<Running> {
        let connection = request.conn_data::<Rc<Self>>()?;
        connection.running.set(connection.running.get() + 1);
        Some(Running(Rc::downgrade(connection)))
    }

    fn stage(&self, now: Instant) -> Stage {
        let idle = now.saturating_duration_since(self.since.get());
        if self.running.get() > 0 {
            Stage::Goes(HEAD)
        } else if idle < HEAD {
            Stage::Goes(HEAD.saturating_sub(idle))
        } else if idle < ANSWER {
            Stage::Deaf
        } else {
            Stage::Over
        }
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Running(Weak<Connection>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(connection) = self.0.upgrade() {
            connection.running.set(connection.running.get() - 1);
            connection.since.set(Instant::now());
        }
    }
}

/// Looks after a connection until it is gone.
async fn look(connection: Weak<Connection>) {
    let mut wait = HEAD;
    loop {
        tokio::time::sleep(wait).await;
        let Some(connection) = connection.upgrade() else {
            return;
        };
        // A socket that is closed already cannot be shut, and need not.
        wait = match connection.stage(Instant::now()) {
            Stage::Goes(left) => left,
            Stage::Deaf => {
                let _closed = connection.socket.shutdown(Shutdown::Read);
                ANSWER
            }
            Stage::Over => {
                let _closed = connection.socket.shutdown(Shutdown::Both);
                return;
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(now: Instant) -> Connection {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Connection {
            running: Cell::new(0),
            since: Cell::new(now),
            socket: TcpStream::connect(listener.local_addr().unwrap()).unwrap(),
        }
    }

    #[test]
    fn a_connection_that_asks_nothing_is_first_deaf_and_then_over() {
        let now = Instant::now();
        let connection = made(now);
        let after = |seconds| connection.stage(now + Duration::from_secs(seconds));
        assert_eq!(after(0), Stage::Goes(HEAD));
        assert_eq!(after(4), Stage::Goes(Duration::from_secs(1)));
        assert_eq!(after(5), Stage::Deaf);
        assert_eq!(after(179), Stage::Deaf);
        assert_eq!(after(180), Stage::Over);
    }

    #[test]
    fn a_request_that_is_answered_keeps_its_connection() {
        let now = Instant::now();
        let connection = Rc::new(made(now));
        connection.running.set(1);
        let running = Running(Rc::downgrade(&connection));
        let later = now + Duration::from_mins(10);
        assert_eq!(connection.stage(later), Stage::Goes(HEAD));
        drop(running);
        assert_eq!(connection.running.get(), 0);
        assert_eq!(connection.stage(later), Stage::Over);
    }
}
