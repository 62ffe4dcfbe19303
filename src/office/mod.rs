//! The tenant: its settings and policy values, agencies, rooms, working-day calendar and the rows
//! of the plan that other slices refer to.
//!
//! What counselling and legal aid both need lives here, too: work items, risk alerts, the duty list,
//! delegations and safe contact. So does what ties sessions and the plan's products: [`owed`].
//!
//! It knows no session and no case. Slices above read it through the functions of [`settings`],
//! [`agency`], [`room`], [`plan`], [`calendar`] and [`mod@reference`], and write through those of
//! [`work_item`] and [`risk_alert`]; all else goes through routes.

pub mod agency;
pub mod approval;
mod body;
pub mod calendar;
pub mod circumstance;
pub mod claim;
pub mod delegation;
pub mod duty;
pub mod error;
#[cfg(fuzzing)]
pub mod fuzz;
pub mod import;
pub mod notifications;
pub mod owed;
pub mod period;
pub mod plan;
pub mod policy;
pub mod printed;
mod quiet;
pub mod reference;
pub mod report_row;
pub mod reporting_window;
pub mod risk_alert;
pub mod room;
pub mod routes;
pub mod safe_contact;
pub mod service;
pub mod settings;
mod store;
pub mod view;
pub mod work;
pub mod work_item;
pub mod year_day;

pub use error::Error;

use crate::identity::Role;

/// Whoever works for the office: everybody but families.
pub const STAFF: &[Role] = &[
    Role::Administrator,
    Role::Organiser,
    Role::Counsellor,
    Role::Supervisor,
    Role::LegalAidIntake,
    Role::Reporter,
    Role::Contributor,
    Role::Auditor,
];

/// Those who keep agencies and rooms.
pub const KEEPERS: &[Role] = &[Role::Administrator, Role::Organiser];
