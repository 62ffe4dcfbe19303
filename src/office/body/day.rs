//! Days of the calendar as they come in.

use serde::Deserialize;
use utoipa::ToSchema;

use super::NAME_MAX;
use crate::kernel::Fault;
use crate::kernel::error::Check;
use crate::office::calendar::{DayFields, DayKind};

/// `PUT /calendar/{date}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct DayBody {
    /// What the day is called.
    #[schema(max_length = 200)]
    name: String,
    /// Why it is off, or worked; `make_up_workday` on a weekday makes it an ordinary one again.
    kind: DayKind,
    /// Whether it was announced.
    confirmed: bool,
}

impl DayBody {
    pub(in crate::office) fn check(self) -> Result<DayFields, Fault> {
        let mut check = Check::new();
        let fields = DayFields {
            name: check.line("/name", &self.name, NAME_MAX),
            kind: self.kind,
            confirmed: self.confirmed,
        };
        check.done().map(|()| fields)
    }
}
