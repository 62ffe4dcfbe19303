//! The wire: problems, strict bodies and queries, replies, the route table and its document.
//!
//! It knows no users and no feature.

pub mod api;
pub mod body;
pub mod catalogue;
pub mod connection;
mod contain;
pub mod cross_origin;
pub mod document;
pub mod download;
pub mod envelope;
pub mod example;
mod files;
#[cfg(fuzzing)]
pub mod fuzz;
mod guard;
pub mod limit;
mod pace;
pub mod problem;
pub mod reply;
pub mod request;
mod shape;
mod tree;
pub mod upload;
mod wording;

pub use api::Api;
pub use body::ApiJson;
pub use download::download;
pub use problem::Problem;
pub use reply::Reply;
pub(crate) use request::list_query;
pub use request::{ApiQuery, Asked, IdPath, Paging};
pub use upload::FileForm;
