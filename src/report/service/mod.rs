//! Use cases of reports.

pub(super) mod contribution;
pub(super) mod file;
pub(super) mod report;
pub(super) mod step;
