//! What comes in, and how it becomes what a use case accepts: every broken rule at once.

mod agency;
mod day;
mod office;
mod room;

pub(super) use agency::{AgencyBody, AgencyPatch};
pub(super) use day::DayBody;
pub(super) use office::OfficePatch;
pub(super) use room::{RoomBody, RoomPatch};

/// The most characters of a name.
const NAME_MAX: usize = 200;
/// The most characters of a line of free text.
const LINE_MAX: usize = 300;

fn replace<T>(slot: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *slot = new;
    }
}
