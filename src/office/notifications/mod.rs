//! What became of mails, for those who watch over them and for those they went to; and how a
//! person says which mails they want.
//!
//! The outbox lies below accounts and cannot know who may read it, hence its routes here.

mod routes;
mod store;
mod view;

pub use routes::mount;
