//! Legal aid on the wire: bodies, queries and answers.

pub(super) mod body;
pub(super) mod centre;
pub(super) mod document;
pub(super) mod list;
pub(super) mod own;
pub(super) mod parts;
pub(super) mod request;
pub(super) mod step;
pub(super) mod timeline;
