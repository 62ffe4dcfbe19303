//! Rows of reports, of agencies' parts, of frozen contents and of files.

pub(super) mod contribution;
pub(super) mod file;
pub(super) mod report;
pub(super) mod snapshot;
