//! Hải Đăng carries a ward's plan against illicit practices in intercountry adoption.
//!
//! ```text
//!             cli  (the words of the command line)
//!              |
//!             app  (composition root: route table, background jobs, pages)
//!              |
//!           report            (the reports of the plan; reads across the slices)
//!              |
//!  training counselling legal_aid plan  (the slices; they never import one another)
//!              |
//!           office            (the tenant, rooms, calendar, tasks, duties, work items)
//!              |
//!          identity           (users, roles, the doors every handler goes through)
//!           /  |  \
//!       http  mail  audit     (problems, extractors | outbox, templates | the log)
//!           \  |  /
//!         db     sealed       (connection, doors, dialect | keys, sealing, erasing)
//!             \ /
//!           kernel            (ids, clock, time, text, error classes, paging)
//! ```
//!
//! Arrows point at what may be imported; `tests/house` keeps them.

pub mod app;
pub mod audit;
pub mod backup;
pub mod cli;
pub mod config;
pub mod counselling;
pub mod db;
pub mod http;
pub mod identity;
pub mod kernel;
pub mod legal_aid;
pub mod mail;
pub mod office;
pub mod paper;
pub mod plan;
pub mod report;
pub mod sealed;
pub mod training;
