//! Legal aid for children: families ask, the ward helps, refers and follows, the State Legal Aid
//! Centre decides, and the ward records what it decided. The ward refuses nobody.
//!
//! The shape is that of `training`. Who asks, for which child and about what is sealed by the data
//! key of the request; only states, days, ids and what is counted lie open.

pub mod background;
pub mod clock;
pub mod counts;
pub mod demo;
mod errand;
pub mod error;
#[cfg(fuzzing)]
pub mod fuzz;
mod messages;
pub mod model;
mod notice;
mod policy;
mod print;
mod report_rows;
pub mod routes;
mod service;
pub mod status;
mod store;
mod view;
pub mod words;

pub use error::Error;
pub use report_rows::report_rows;

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::db::{self, Conn};
use crate::identity::Cx;
use crate::kernel::{Fault, Id};
use crate::sealed::StoredId;

/// Which of some stored files its papers name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, ids: &[StoredId]) -> db::Result<BTreeSet<StoredId>> {
    store::document::named(conn, ids)
}

/// Whether a caller sees a request: what a risk alert may be about.
///
/// # Errors
/// When storage fails.
pub fn sees(cx: &mut Cx<'_>, id: Uuid) -> Result<bool, Error> {
    match policy::anyone(cx) {
        Err(Error::Fault(Fault::Forbidden)) => Ok(false),
        Err(error) => Err(error),
        Ok((mut work, scope)) => {
            Ok(store::request::find(&mut work, &scope, Id::from_uuid(id))?.is_some())
        }
    }
}
