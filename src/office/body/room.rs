//! Rooms as they come in.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{LINE_MAX, NAME_MAX, replace};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Patch};
use crate::office::room::RoomFields;

/// The most places of a room.
const PLACES_MAX: i32 = 100_000;

fn places(check: &mut Check, places: i32) -> i32 {
    check.rule(
        (1..=PLACES_MAX).contains(&places),
        "/places",
        "out-of-range",
    );
    places
}

/// `POST /rooms`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct RoomBody {
    /// Its name.
    #[schema(max_length = 200)]
    name: String,
    /// Where it is, where it is not at the office.
    #[schema(max_length = 300)]
    address: Option<String>,
    /// How many people it holds.
    #[schema(minimum = 1)]
    places: Option<i32>,
    /// Whether new sessions can use it; default `true`.
    active: Option<bool>,
}

impl RoomBody {
    pub(in crate::office) fn check(self) -> Result<RoomFields, Fault> {
        let mut check = Check::new();
        let fields = RoomFields {
            name: check.line("/name", &self.name, NAME_MAX),
            address: check.line_opt("/address", self.address.as_deref(), LINE_MAX),
            places: self.places.map(|count| places(&mut check, count)),
            active: self.active.unwrap_or(true),
        };
        check.done().map(|()| fields)
    }
}

/// `PATCH /rooms/{id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct RoomPatch {
    /// Its name.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    name: Patch<String>,
    /// Where it is.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    address: Patch<String>,
    /// How many people it holds.
    #[schema(value_type = Option<i32>, minimum = 1)]
    #[serde(default)]
    places: Patch<i32>,
    /// Whether new sessions can use it.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    active: Patch<bool>,
}

impl RoomPatch {
    pub(in crate::office) fn check(self) -> Result<impl FnOnce(&mut RoomFields), Fault> {
        let mut check = Check::new();
        let name = check.kept("/name", self.name);
        let name = name.map(|raw| check.line("/name", &raw, NAME_MAX));
        let address = self.address.changed();
        let address = address.map(|new| check.line_opt("/address", new.as_deref(), LINE_MAX));
        let new_places = self.places.changed();
        let new_places = new_places.map(|new| new.map(|count| places(&mut check, count)));
        let active = check.kept("/active", self.active);
        check.done().map(|()| {
            move |fields: &mut RoomFields| {
                replace(&mut fields.name, name);
                replace(&mut fields.address, address);
                replace(&mut fields.places, new_places);
                replace(&mut fields.active, active);
            }
        })
    }
}
