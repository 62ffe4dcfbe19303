//! Scans, walk-ins, sheets, marks and the roster on the wire.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::attendee::{AttendeeBody, who};
use super::registration::RegistrationView;
use crate::http::body::entry;
use crate::kernel::civil::Shown;
use crate::kernel::error::{Check, Coded as _, Fault};
use crate::kernel::{Language, Timestamp, Zone};
use crate::training::command::{Scan, WalkIn};
use crate::training::error::Error;
use crate::training::model::{
    AttendeeId, Basis, Direction, Mark, Method, RegistrationId, SessionId, Slot, SlotId,
};
use crate::training::policy::Reach;
use crate::training::service::attendance::Scanned;
use crate::training::status::RegistrationStatus;
use crate::training::store::attendance::StoredMark;

/// The most scans of one call.
pub(in crate::training) const SCANS_MAX: usize = 500;

/// One scan.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct ScanBody {
    /// The ticket's text, or its short code together with `session_id`.
    ticket: String,
    /// The session this desk serves.
    session_id: Option<SessionId>,
    /// `in` or `out`.
    #[serde(default = "came")]
    kind: Direction,
    /// The slot; else the one that is open.
    slot: Option<SlotId>,
    /// `qr`, or `desk` where a person vouches: that lets a cancelled registration in.
    #[serde(default = "qr")]
    method: ScanMethod,
    /// When the phone saw it; else now.
    at: Option<Timestamp>,
    /// The phone's own key of this scan.
    nonce: String,
}

crate::kernel::text_enum::text_enum! {
    /// How somebody is taken in.
    pub(in crate::training) enum ScanMethod {
        /// A ticket was scanned.
        Qr = "qr",
        /// The desk took it.
        Desk = "desk",
    }
}

const fn came() -> Direction {
    Direction::In
}

const fn qr() -> ScanMethod {
    ScanMethod::Qr
}

/// One scan, or a list of up to 500.
#[expect(dead_code, reason = "the document of `Scans`")]
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(in crate::training) enum ScansBody {
    /// A list; what cannot be read of one is told of that one.
    Many(Vec<ScanBody>),
    /// One.
    One(ScanBody),
}

/// The same as it comes.
#[derive(Debug, Clone)]
pub(in crate::training) enum Scans {
    Many(Vec<ListedScan>),
    One(ScanBody),
}

impl utoipa::PartialSchema for Scans {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ScansBody::schema()
    }
}

impl utoipa::ToSchema for Scans {
    fn name() -> std::borrow::Cow<'static, str> {
        ScansBody::name()
    }

    fn schemas(
        schemas: &mut Vec<(
            String,
            utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>,
        )>,
    ) {
        ScansBody::schemas(schemas);
    }
}

/// A scan of a list, or why it cannot be read.
pub(in crate::training) type ListedScan = Result<ScanBody, Fault>;

/// Told apart by their first character, so that what is wrong in one keeps its pointer.
impl<'de> Deserialize<'de> for Scans {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Scans;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a scan or a list of scans")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scans, A::Error> {
                Vec::<serde_json::Value>::deserialize(SeqAccessDeserializer::new(list))
                    .map(|list| Scans::Many(list.into_iter().map(entry).collect()))
            }

            fn visit_map<A: MapAccess<'de>>(self, scan: A) -> Result<Scans, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(scan)).map(Scans::One)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl ScanBody {
    pub(in crate::training) fn read(&self, check: &mut Check, at: &str) -> Scan {
        let is_fit =
            (1..=128).contains(&self.nonce.len()) && !self.nonce.contains(char::is_control);
        check.rule(is_fit, format!("{at}/nonce"), "out-of-range");
        check.rule(self.ticket.len() <= 256, format!("{at}/ticket"), "too-long");
        Scan {
            ticket: self.ticket.trim().to_owned(),
            session: self.session_id,
            slot: self.slot,
            direction: self.kind,
            method: match self.method {
                ScanMethod::Qr => Method::Qr,
                ScanMethod::Desk => Method::Desk,
            },
            at: self.at,
            nonce: self.nonce.clone(),
        }
    }
}

/// What a scan came to.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct ScannedView {
    registration_id: RegistrationId,
    session_id: SessionId,
    slot: SlotId,
    full_name: String,
    kind: Direction,
    at: Shown,
    status: RegistrationStatus,
    extra_seat: bool,
}

impl ScannedView {
    pub(in crate::training) fn of(zone: Zone, scanned: &Scanned) -> Self {
        Self {
            registration_id: scanned.registration.id,
            session_id: scanned.registration.session_id,
            slot: scanned.slot,
            full_name: scanned.attendee.full_name.clone(),
            kind: scanned.seen.direction,
            at: zone.show(scanned.seen.at),
            status: scanned.registration.status,
            extra_seat: scanned.registration.extra_seat,
        }
    }
}

/// What one row of a batch came to: a status like an answer of its own, and what it holds.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct ResultView<T> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
    /// Where in the scan, where a field of it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
}

impl<T> ResultView<T> {
    pub(in crate::training) fn done(status: u16, result: T) -> Self {
        Self {
            status,
            result: Some(result),
            code: None,
            detail: None,
            pointer: None,
        }
    }

    pub(in crate::training) fn refused(error: Error, language: Language) -> Self {
        let code = error.reason();
        let pointer = error.violations().first().map(|one| one.pointer.clone());
        let problem = crate::http::Problem::from(error);
        let (title, detail) = crate::http::catalogue::text(code, language);
        let detail = if detail.is_empty() { title } else { detail };
        let status = problem.status().as_u16();
        Self {
            status,
            result: None,
            code: Some(code),
            detail: Some(detail),
            pointer,
        }
    }
}

/// A result for each scan of a list, in its order.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct ScansView {
    pub(in crate::training) results: Vec<ResultView<ScannedView>>,
}

/// Someone just came.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct WalkInBody {
    /// Someone known.
    attendee_id: Option<AttendeeId>,
    /// Someone new.
    attendee: Option<AttendeeBody>,
    /// The slot; else the one that is open.
    slot: Option<SlotId>,
    /// When; else now.
    at: Option<Timestamp>,
    /// The client's own key, so that a repeat is known.
    nonce: Option<String>,
    /// A remark.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl WalkInBody {
    pub(in crate::training) fn read(&self) -> Result<WalkIn, Fault> {
        let mut check = Check::new();
        let who = who(&mut check, self.attendee_id, self.attendee.as_ref(), "");
        let note = check.line_opt("/note", self.note.as_deref(), 500);
        let is_fit = self
            .nonce
            .as_ref()
            .is_none_or(|nonce| (1..=128).contains(&nonce.len()));
        check.rule(is_fit, "/nonce", "out-of-range");
        check.done()?;
        let who = who.ok_or_else(|| Fault::Internal("nobody was named".into()))?;
        Ok(WalkIn {
            who,
            slot: self.slot,
            at: self.at,
            nonce: self.nonce.clone(),
            note,
        })
    }
}

/// An organiser's word over a mark; without `mark` the word is taken back.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct MarkBody {
    /// How the person stands; `null` takes the word back.
    mark: Option<Mark>,
    /// Why; needed with a mark.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

impl MarkBody {
    pub(in crate::training) fn read(&self) -> Result<Option<(Mark, String)>, Fault> {
        let mut check = Check::new();
        let reason = check.line_opt("/reason", self.reason.as_deref(), 500);
        check.rule(
            self.mark.is_none() || reason.is_some(),
            "/reason",
            "required",
        );
        check.done()?;
        Ok(self.mark.zip(reason))
    }
}

/// How someone stands at one slot.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct MarkView {
    slot: SlotId,
    mark: Mark,
    /// What it rests on.
    basis: Basis,
    late: bool,
    left_early: bool,
    minutes: i64,
    percent: i64,
    reason: Option<String>,
}

impl MarkView {
    pub(in crate::training) fn of(slot: &Slot, stored: &StoredMark) -> Self {
        Self {
            slot: slot.id,
            mark: stored.mark.mark,
            basis: stored.mark.basis,
            late: stored.mark.late,
            left_early: stored.mark.left_early,
            minutes: stored.mark.minutes,
            percent: stored.mark.minutes * 100 / slot.minutes(),
            reason: stored.reason.clone(),
        }
    }
}

/// A registration with its marks.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct MarkedView {
    pub(in crate::training) registration: RegistrationView,
    pub(in crate::training) marks: Vec<MarkView>,
}

/// Whoever a phone may meet at the door.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct RosterEntry {
    pub(in crate::training) registration_id: RegistrationId,
    pub(in crate::training) full_name: String,
    pub(in crate::training) status: RegistrationStatus,
    /// SHA-256 of the ticket's text, hex.
    pub(in crate::training) ticket_sha256: String,
    pub(in crate::training) short_code: String,
}

/// A slot a phone may scan for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct RosterSlot {
    pub(in crate::training) id: SlotId,
    pub(in crate::training) title: Option<String>,
    pub(in crate::training) opens_at: Shown,
    pub(in crate::training) starts_at: Shown,
    pub(in crate::training) ends_at: Shown,
}

/// What a phone needs to check in offline.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct RosterView {
    pub(in crate::training) session_id: SessionId,
    pub(in crate::training) made_at: Shown,
    pub(in crate::training) slots: Vec<RosterSlot>,
    pub(in crate::training) entries: Vec<RosterEntry>,
}

/// The reach registrations are shown with to an organiser.
pub(in crate::training) const EVERYBODY: Reach = Reach::Everybody;
