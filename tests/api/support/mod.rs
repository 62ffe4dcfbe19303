//! A service of its own for every test: its database, clock, keys, personas and mailbox.

pub(crate) mod app;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod mailbox;
pub(crate) mod process;
pub(crate) mod search;

pub(crate) use app::{PASSWORD, TestApp};
pub(crate) use client::{Client, Reply};
