//! What a use case of training works with: its transaction, the office, and who acts.
//!
//! A `Work` is only made by `policy`, so having one proves that the caller may do what the
//! function it was made by says.

use crate::db::Conn;
use crate::http::envelope::Origin;
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{OfficeId, Timestamp, Zone};
use crate::office::settings::{self, OfficeSettings};

/// A use case at work.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) platform: &'a Platform,
    pub(super) now: Timestamp,
    pub(super) office: &'a OfficeBrief,
    /// Who acts; `None` for the service itself and for links in mails.
    pub(super) actor: Option<UserId>,
    /// The request; none for the service itself.
    pub(super) origin: Option<&'a Origin>,
    settings: Option<OfficeSettings>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        conn: &'a mut Conn,
        platform: &'a Platform,
        now: Timestamp,
        office: &'a OfficeBrief,
        actor: Option<UserId>,
    ) -> Self {
        Self {
            conn,
            platform,
            now,
            office,
            actor,
            origin: None,
            settings: None,
        }
    }

    /// The same work, for a request.
    pub(super) fn asked_by(mut self, origin: Option<&'a Origin>) -> Self {
        self.origin = origin;
        self
    }

    pub(super) fn office_id(&self) -> OfficeId {
        self.office.id
    }

    pub(super) fn zone(&self) -> Zone {
        self.office.zone
    }

    /// The office's settings, read once.
    pub(super) fn settings(&mut self) -> Result<&OfficeSettings, super::error::Error> {
        if self.settings.is_none() {
            self.settings = Some(settings::load(self.conn, self.office.id)?);
        }
        self.settings
            .as_ref()
            .ok_or_else(|| crate::kernel::Fault::Internal("settings vanished".into()).into())
    }

    /// Writes an audit event.
    pub(super) fn audit(
        &mut self,
        action: &str,
        object_kind: &str,
        object: uuid::Uuid,
        facts: serde_json::Value,
    ) -> crate::db::Result<()> {
        crate::audit::record(
            self.conn,
            self.now,
            &crate::audit::Event {
                office: Some(self.office.id),
                actor: self.actor.map(crate::kernel::Id::uuid),
                action,
                object_kind,
                object: Some(object),
                request_id: self.origin.map(|origin| origin.request_id.as_str()),
                client: self.origin.map(|origin| origin.address),
                facts,
            },
        )
    }
}
