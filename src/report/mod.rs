//! The reports the ward owes: what was done for each task of the plan, and the yearly and the summary
//! report, frozen when they are issued.
//!
//! It reads across the slices through what each of them offers, and nobody imports it.

pub mod routes;
