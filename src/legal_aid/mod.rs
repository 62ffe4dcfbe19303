//! Legal aid for children: families ask, the ward helps, refers and follows, the State Legal Aid
//! Centre decides, and the ward records what it decided. The ward refuses nobody.
//!
//! The shape is that of `training`. Who asks, for which child and about what is sealed by the data
//! key of the request; only states, days, ids and what is counted lie open.

pub mod clock;
pub mod demo;
mod errand;
pub mod error;
pub mod model;
mod notice;
mod policy;
pub mod routes;
mod service;
pub mod status;
mod store;
mod view;
pub mod words;

pub use error::Error;

use uuid::Uuid;

use crate::identity::Cx;
use crate::kernel::{Fault, Id};

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
