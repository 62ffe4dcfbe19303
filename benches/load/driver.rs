//! Drives one operation, and its ceiling beside it.

use super::bare::Bare;
use super::client::{Call, drive};
use super::report::Row;
use super::server::Server;

/// In how many parts: between them the ceiling has its own, so that a neighbour who takes the
/// machine for a while takes it from both.
const PARTS: u64 = 3;
/// How long each is, in seconds.
const SECONDS: u64 = 2;

/// A service that is driven by so many clients.
pub(crate) struct Driver<'a> {
    server: &'a Server,
    clients: usize,
    bare: Option<&'a Bare<'a>>,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(server: &'a Server, clients: usize) -> Self {
        Self {
            server,
            clients,
            bare: None,
        }
    }

    pub(crate) fn beside(self, bare: Option<&'a Bare<'a>>) -> Self {
        Self { bare, ..self }
    }

    /// Measures one operation, by a caller's token.
    pub(crate) fn run(
        &self,
        token: &str,
        name: &'static str,
        call: &(dyn Fn() -> Option<Call> + Sync),
    ) -> Row {
        let mut row = Row::new(name);
        for _ in 0..PARTS {
            let before = self.server.cpu();
            let driven = drive(&self.server.address, token, self.clients, SECONDS, call);
            row.add(driven, self.server.cpu() - before);
            let part = self.bare.and_then(|bare| bare.part(name, SECONDS));
            if let Some(part) = part {
                row.add_ceiling(part);
            }
        }
        row
    }
}
