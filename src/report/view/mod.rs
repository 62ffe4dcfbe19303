//! Reports on the wire.

pub(super) mod contribution;
pub(super) mod report;
pub(super) mod step;
