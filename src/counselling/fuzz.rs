//! What counselling reads of a stranger, for the fuzz targets alone: no build has it that is not
//! made with `--cfg fuzzing`.

use uuid::Uuid;

use super::policy::Eyes;
use super::record::FollowUpSecret;
use super::view::appointment::{
    AppointmentBody, CancelAppointmentBody, CompleteAppointmentBody, CounsellingAppointmentsQuery,
    DeclineAppointmentBody, MoveAppointmentBody, NoShowBody,
};
use super::view::availability::{AvailabilityBody, SlotsQuery};
use super::view::case::{CounsellingCaseBody, CounsellingCasePatch, CounsellingCasesQuery};
use super::view::case_step::{
    AdvancePhaseBody, AskClosingBody, AssignSupervisorBody, CorrectPhaseBody, TransferBody,
};
use super::view::consent::{AdoptionConsentBody, WithdrawConsentBody};
use super::view::counts::CounsellingReportQuery;
use super::view::follow_up::{CompleteFollowUpBody, FollowUpBody, FollowUpPatch, MoveFollowUpBody};
use super::view::note::{
    AddendumBody, BreakGlassBody, CounsellingNoteBody, CounsellingNotePatch, NotesQuery, ShareBody,
    SummariesQuery,
};
use super::view::own_appointment::{OwnAppointmentBody, OwnCancelBody};
use super::view::party::{ClaimBody, OwnContactBody, PartyBody, PartyPatch, SafeContactBody};
use super::view::request::{
    AssignBody, CounsellingRequestBody, CounsellingRequestsQuery, OpenCaseBody, RedirectBody,
    TryBody,
};
use super::view::timeline::TimelineQuery;
use super::view::words::CaseReasonBody;
use crate::http::fuzz::{Read, body, query};
use crate::identity::UserId;
use crate::kernel::{Timestamp, code};

/// A counsellor.
static COUNSELLOR: Eyes = Eyes {
    user: UserId::from_uuid(Uuid::nil()),
    is_supervisor: false,
    is_counsellor: true,
    supervisors: Vec::new(),
    counsels_for: Vec::new(),
    supervises_for: Vec::new(),
};

/// The bodies.
pub const BODIES: &[Read] = &[
    |bytes| body::<AddendumBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AdoptionConsentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AdvancePhaseBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AppointmentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AskClosingBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AssignBody>(bytes).is_some(),
    |bytes| body::<AssignSupervisorBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<AvailabilityBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<BreakGlassBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<CancelAppointmentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<CaseReasonBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| {
        let code = body::<ClaimBody>(bytes).map(|body| body.claim_code);
        code.is_some_and(|code| code::read(&code, 8).is_some())
    },
    |bytes| body::<CompleteAppointmentBody>(bytes).is_some_and(|body| body.topics().is_ok()),
    |bytes| body::<CompleteFollowUpBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<CorrectPhaseBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<CounsellingCaseBody>(bytes).is_some_and(|b| b.read(&COUNSELLOR).is_ok()),
    |bytes| body::<CounsellingCasePatch>(bytes).is_some(),
    |bytes| body::<CounsellingNoteBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<CounsellingNotePatch>(bytes).is_some(),
    |bytes| body::<CounsellingRequestBody>(bytes).is_some_and(|body| body.read(true).is_ok()),
    |bytes| body::<CounsellingRequestBody>(bytes).is_some_and(|body| body.read(false).is_ok()),
    |bytes| body::<DeclineAppointmentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<FollowUpBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| {
        let patch = body::<FollowUpPatch>(bytes);
        patch.is_some_and(|patch| patch.over(&FollowUpSecret::default()).is_ok())
    },
    |bytes| body::<MoveAppointmentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<MoveFollowUpBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<NoShowBody>(bytes).is_some(),
    |bytes| body::<OpenCaseBody>(bytes).is_some_and(|body| body.read(&COUNSELLOR).is_ok()),
    |bytes| body::<OwnAppointmentBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<OwnCancelBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<OwnContactBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<PartyBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<PartyPatch>(bytes).is_some(),
    |bytes| body::<RedirectBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<SafeContactBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<ShareBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<TransferBody>(bytes).is_some_and(|body| body.read().is_ok()),
    |bytes| body::<TryBody>(bytes).is_some(),
    |bytes| body::<WithdrawConsentBody>(bytes).is_some_and(|body| body.read().is_ok()),
];

/// The queries.
pub const QUERIES: &[Read] = &[
    |bytes| query::<CounsellingAppointmentsQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<CounsellingCasesQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<CounsellingReportQuery>(bytes, |_| true),
    |bytes| query::<CounsellingRequestsQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<NotesQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| {
        let now = Timestamp::from_micros(1_772_300_000_000_000);
        query::<SlotsQuery>(bytes, |q| now.is_some_and(|now| q.read(now).is_ok()))
    },
    |bytes| query::<SummariesQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
    |bytes| query::<TimelineQuery>(bytes, |q| q.after_time::<UserId>().is_ok()),
];
