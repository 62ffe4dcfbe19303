//! Answers by the links of mails, on the wire.

use serde::{Deserialize, Serialize};

use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::training::model::Session;
use crate::training::service::respond::Answer;
use crate::training::status::RegistrationStatus;

/// An answer from a mail.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct RespondBody {
    /// The token of the link.
    pub(in crate::training) token: String,
    /// What the bearer says.
    pub(in crate::training) answer: Answer,
}

/// How a registration stands after an answer: no name, for a link is all there was.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct RespondedView {
    /// `waitlisted` where whoever comes has no seat yet.
    status: RegistrationStatus,
    /// The session's.
    title: String,
    starts_at: Shown,
    ends_at: Shown,
}

impl RespondedView {
    /// The answer, in the office's zone.
    pub(in crate::training) fn of(
        zone: Zone,
        status: RegistrationStatus,
        session: &Session,
    ) -> Self {
        Self {
            status,
            title: session.title.clone(),
            starts_at: zone.show(session.first_starts_at()),
            ends_at: zone.show(session.last_ends_at()),
        }
    }
}
