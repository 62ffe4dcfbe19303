//! Rows of users, devices and their tokens; private to the slice.

pub(super) mod device;
pub(super) mod directory;
pub(super) mod office;
pub(super) mod one_time;
pub(super) mod throttle;
pub(super) mod user;
