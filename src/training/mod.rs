//! Training sessions, attendees and attendance: the template slice.

pub mod routes;
