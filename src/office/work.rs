//! What a use case of a slice works with: its transaction, the office, and who acts.
//!
//! In a slice only its `policy` (and its background steps) makes a `Work`, so having one proves
//! that the caller may do what the function it was made by says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settings::{self, OfficeSettings};
use crate::db::Conn;
use crate::http::envelope::Origin;
use crate::http::request::Expected;
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId, idempotency};
use crate::kernel::{Fault, OfficeId, Timestamp, Zone};
use crate::sealed::{self, DataKey, DataKeyId, vault};

/// A use case at work.
#[derive(Debug)]
pub struct Work<'a> {
    /// The transaction.
    pub conn: &'a mut Conn,
    /// Keys and links.
    pub platform: &'a Platform,
    /// The present; the same throughout.
    pub now: Timestamp,
    /// The office everything is looked up in.
    pub office: &'a OfficeBrief,
    /// Who acts; `None` for the service itself and for links in mails.
    pub actor: Option<UserId>,
    /// The request; none for the service itself.
    pub origin: Option<&'a Origin>,
    settings: Option<Arc<OfficeSettings>>,
    expected: Expected,
}

impl<'a> Work<'a> {
    /// Work in an office, for `actor`.
    pub fn new(
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
            expected: Expected::Unsaid,
        }
    }

    /// The same work, for a request.
    #[must_use]
    pub fn asked_by(mut self, origin: Option<&'a Origin>) -> Self {
        self.origin = origin;
        self
    }

    /// The same work for an action, whose caller may say which version of its thing it saw.
    #[must_use]
    pub fn expecting(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }

    /// Refuses an action that was asked of another version. The first thing that is locked is what
    /// the caller spoke of.
    ///
    /// # Errors
    /// `stale-version`, and `wrong-shape` where the header is no tag.
    pub fn require_seen(&mut self, version: i32) -> Result<(), Fault> {
        std::mem::take(&mut self.expected).allow(version)
    }

    /// The office's id.
    pub fn office_id(&self) -> OfficeId {
        self.office.id
    }

    /// The office's zone.
    pub fn zone(&self) -> Zone {
        self.office.zone
    }

    /// The office's settings, read once.
    ///
    /// # Errors
    /// When storage fails.
    pub fn settings(&mut self) -> crate::db::Result<&OfficeSettings> {
        let loaded = match self.settings.take() {
            Some(settings) => settings,
            None => settings::shared(self.conn, self.office.id)?,
        };
        Ok(self.settings.insert(loaded))
    }

    /// Opens a subject's data key.
    ///
    /// # Errors
    /// As [`DataKey::load`].
    pub fn data_key(&mut self, id: DataKeyId) -> Result<DataKey, vault::Error> {
        DataKey::load(self.conn, &self.platform.keys, id)
    }

    /// Opens the data keys of a list at once; erased ones are left out.
    ///
    /// # Errors
    /// As [`DataKey::load`].
    pub fn data_keys(
        &mut self,
        ids: &[DataKeyId],
    ) -> Result<BTreeMap<DataKeyId, DataKey>, vault::Error> {
        DataKey::load_all(self.conn, &self.platform.keys, ids)
    }

    /// Erases a subject: its data key is destroyed, and no kept answer tells of it; `only` is the
    /// account that alone could see it. The last thing in a transaction.
    ///
    /// # Errors
    /// As [`sealed::erase`].
    pub fn forget(&mut self, id: DataKeyId, only: Option<UserId>) -> Result<(), vault::Error> {
        idempotency::forget_answers(self.conn, self.office.id, only)?;
        sealed::erase(self.conn, &self.platform.keys, self.now, id)
    }

    /// When a mail goes out: now, or, where it can wait, after the quiet hours.
    ///
    /// # Errors
    /// When storage fails.
    pub fn send_time(&mut self, can_wait: bool) -> crate::db::Result<Timestamp> {
        let quiet = self.settings()?.quiet_hours();
        Ok(if can_wait {
            super::quiet::after_quiet(self.zone(), self.now, quiet)
        } else {
            self.now
        })
    }

    /// Writes an audit event.
    ///
    /// # Errors
    /// When storage fails.
    pub fn audit(
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
