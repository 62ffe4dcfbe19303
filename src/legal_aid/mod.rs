//! Legal aid for children: families ask, the ward helps, refers and follows, the State Legal Aid
//! Centre decides, and the ward records what it decided. The ward refuses nobody.
//!
//! The shape is that of `training`. Who asks, for which child and about what is sealed by the data
//! key of the request; only states, days, ids and what is counted lie open.

pub mod clock;
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
