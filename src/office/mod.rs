//! The tenant: its settings, agencies, rooms, working-day calendar and plan tasks.

pub mod routes;
