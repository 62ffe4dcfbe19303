//! What comes in about sessions.

use serde::{Deserialize, Serialize};

use crate::kernel::error::{Check, Fault};
use crate::kernel::{AgencyId, Language, Patch, Timestamp};
use crate::mail::plain::is_link;
use crate::training::command::{SessionDraft, SlotDraft};
use crate::training::model::{RoomId, Session, SessionKind, SlotId, Venue, Visibility};
use crate::training::service::session::draft_of;
use crate::training::status::SessionStatus;

/// The most seats a session has.
const CAPACITY_MAX: i32 = 100_000;

/// A slot as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SlotBody {
    /// The slot it was, in a reschedule.
    pub(in crate::training) id: Option<SlotId>,
    /// When it starts, with an offset.
    pub(in crate::training) starts_at: Timestamp,
    /// When it ends, with an offset.
    pub(in crate::training) ends_at: Timestamp,
    /// What it is called.
    #[schema(max_length = 200)]
    pub(in crate::training) title: Option<String>,
    /// Whether being there is part of the result.
    #[serde(default = "yes")]
    pub(in crate::training) mandatory: bool,
}

const fn yes() -> bool {
    true
}

pub(super) fn read_slots(check: &mut Check, slots: &[SlotBody]) -> Vec<SlotDraft> {
    let read = |(index, slot): (usize, &SlotBody)| SlotDraft {
        id: slot.id,
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        title: check.line_opt(&format!("/slots/{index}/title"), slot.title.as_deref(), 200),
        mandatory: slot.mandatory,
    };
    slots.iter().enumerate().map(read).collect()
}

/// A new session.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::training) struct SessionBody {
    /// What kind it is.
    kind: SessionKind,
    /// Its title.
    #[schema(example = "Tập huấn pháp luật về nuôi con nuôi", max_length = 300)]
    title: String,
    /// The neutral title toward families.
    #[schema(max_length = 200)]
    mail_title: Option<String>,
    /// What it is about.
    #[schema(max_length = 5000)]
    description: Option<String>,
    /// The first task of the plan it serves.
    #[schema(example = "2b")]
    plan_task: String,
    /// Further tasks.
    #[serde(default)]
    also_plan_tasks: Vec<String>,
    /// Parts of the toolkit it covers.
    #[serde(default)]
    #[schema(max_length = 200)]
    toolkit_topics: Vec<String>,
    /// The agency that leads.
    lead_agency: AgencyId,
    /// Agencies that help.
    #[serde(default)]
    coordinating_agencies: Vec<AgencyId>,
    /// Who chairs.
    #[schema(max_length = 200)]
    chair: Option<String>,
    /// Who speaks.
    #[serde(default)]
    #[schema(max_length = 200)]
    speakers: Vec<String>,
    /// The language it is held in.
    #[serde(default)]
    language: Language,
    /// A room of the office; instead of `venue`.
    room: Option<RoomId>,
    /// Another place; instead of `room`.
    venue: Option<Venue>,
    /// Where it is held online.
    #[schema(example = "https://example.vn/hop", max_length = 500)]
    online_url: Option<String>,
    /// One slot or more.
    slots: Vec<SlotBody>,
    /// Seats; `null` has no bound.
    #[schema(minimum = 1, maximum = 100_000)]
    capacity: Option<i32>,
    /// Whether a full session keeps a line.
    #[serde(default = "yes")]
    waitlist: bool,
    /// From when families may register.
    registration_opens_at: Option<Timestamp>,
    /// Until when families may register.
    registration_closes_at: Option<Timestamp>,
    /// Who may find it.
    #[serde(default = "internal")]
    visibility: Visibility,
    /// Minutes after the start from which someone is late; else the office's policy.
    #[schema(minimum = 0, maximum = 1440)]
    late_after_minutes: Option<i32>,
    /// Share of the time from which someone counts as present.
    #[schema(minimum = 0, maximum = 100)]
    minimum_presence_percent: Option<i32>,
    /// Minutes before the start from which tickets are taken.
    #[schema(minimum = 0, maximum = 1440)]
    check_in_opens_minutes: Option<i32>,
}

const fn internal() -> Visibility {
    Visibility::Internal
}

impl SessionBody {
    /// The draft and its slots.
    pub(in crate::training) fn read(self) -> Result<(SessionDraft, Vec<SlotDraft>), Fault> {
        let mut check = Check::new();
        let slots = read_slots(&mut check, &self.slots);
        let draft = SessionDraft {
            kind: self.kind,
            title: self.title,
            mail_title: self.mail_title,
            description: self.description,
            plan_task: self.plan_task,
            also_plan_tasks: self.also_plan_tasks,
            toolkit_topics: self.toolkit_topics,
            lead_agency: self.lead_agency,
            coordinating_agencies: self.coordinating_agencies,
            chair: self.chair,
            speakers: self.speakers,
            language: self.language,
            room: self.room,
            venue: self.venue,
            online_url: self.online_url,
            capacity: self.capacity,
            waitlist: self.waitlist,
            registration_opens_at: self.registration_opens_at,
            registration_closes_at: self.registration_closes_at,
            visibility: self.visibility,
            late_after_minutes: self.late_after_minutes,
            minimum_presence_percent: self.minimum_presence_percent,
            check_in_opens_minutes: self.check_in_opens_minutes,
        };
        let draft = checked(&mut check, draft);
        check.done()?;
        Ok((draft, slots))
    }
}

/// The draft with its texts normalised and every rule it breaks noted.
fn checked(check: &mut Check, draft: SessionDraft) -> SessionDraft {
    let range = |check: &mut Check, name: &str, value: Option<i32>, max: i32| {
        let is_fit = value.is_none_or(|value| (0..=max).contains(&value));
        check.rule(is_fit, name, "out-of-range");
    };
    range(check, "/late_after_minutes", draft.late_after_minutes, 1440);
    range(
        check,
        "/minimum_presence_percent",
        draft.minimum_presence_percent,
        100,
    );
    range(
        check,
        "/check_in_opens_minutes",
        draft.check_in_opens_minutes,
        1440,
    );
    let is_fit = draft
        .capacity
        .is_none_or(|seats| (1..=CAPACITY_MAX).contains(&seats));
    check.rule(is_fit, "/capacity", "out-of-range");
    check.rule(
        draft.room.is_none() || draft.venue.is_none(),
        "/venue",
        "room-or-venue",
    );
    let window = draft
        .registration_opens_at
        .zip(draft.registration_closes_at);
    let is_ordered = window.is_none_or(|(opens, closes)| opens < closes);
    check.rule(is_ordered, "/registration_closes_at", "before-start");
    check.rule(
        draft.also_plan_tasks.len() <= 20,
        "/also_plan_tasks",
        "out-of-range",
    );
    helpers(check, draft.lead_agency, &draft.coordinating_agencies);
    SessionDraft {
        title: check.line("/title", &draft.title, 300),
        mail_title: check.line_opt("/mail_title", draft.mail_title.as_deref(), 200),
        description: check.block_opt("/description", draft.description.as_deref(), 5000),
        chair: check.line_opt("/chair", draft.chair.as_deref(), 200),
        speakers: lines(check, "/speakers", &draft.speakers),
        toolkit_topics: lines(check, "/toolkit_topics", &draft.toolkit_topics),
        venue: draft.venue.clone().map(|venue| Venue {
            name: check.line("/venue/name", &venue.name, 200),
            address: check.line_opt("/venue/address", venue.address.as_deref(), 300),
        }),
        online_url: url(check, draft.online_url.as_deref()),
        ..draft
    }
}

/// Those that help are not the lead, and each stands once.
fn helpers(check: &mut Check, lead: AgencyId, agencies: &[AgencyId]) {
    let at = "/coordinating_agencies";
    check.rule(agencies.len() <= 50, at, "out-of-range");
    for (index, agency) in agencies.iter().enumerate().take(50) {
        let mut named = agencies.iter().take(index);
        let is_new = *agency != lead && named.all(|one| one != agency);
        check.rule(is_new, format!("{at}/{index}"), "repeated");
    }
}

fn lines(check: &mut Check, pointer: &str, raw: &[String]) -> Vec<String> {
    check.rule(raw.len() <= 50, pointer, "out-of-range");
    let read =
        |(index, text): (usize, &String)| check.line(&format!("{pointer}/{index}"), text, 200);
    raw.iter().enumerate().map(read).collect()
}

fn url(check: &mut Check, raw: Option<&str>) -> Option<String> {
    let url = check.line_opt("/online_url", raw, 500)?;
    check.rule(is_link(&url), "/online_url", "url-invalid");
    Some(url)
}

/// Changes of a session: absent keeps, `null` clears what may be empty.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(in crate::training) struct SessionPatch {
    #[schema(value_type = SessionKind)]
    kind: Patch<SessionKind>,
    #[schema(value_type = String, max_length = 300)]
    title: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 200)]
    mail_title: Patch<String>,
    #[schema(value_type = Option<String>, max_length = 5000)]
    description: Patch<String>,
    #[schema(value_type = String)]
    plan_task: Patch<String>,
    #[schema(value_type = Vec<String>)]
    also_plan_tasks: Patch<Vec<String>>,
    #[schema(value_type = Vec<String>, max_length = 200)]
    toolkit_topics: Patch<Vec<String>>,
    #[schema(value_type = AgencyId)]
    lead_agency: Patch<AgencyId>,
    #[schema(value_type = Vec<AgencyId>)]
    coordinating_agencies: Patch<Vec<AgencyId>>,
    #[schema(value_type = Option<String>, max_length = 200)]
    chair: Patch<String>,
    #[schema(value_type = Vec<String>, max_length = 200)]
    speakers: Patch<Vec<String>>,
    #[schema(value_type = Language)]
    language: Patch<Language>,
    #[schema(value_type = Option<RoomId>)]
    room: Patch<RoomId>,
    #[schema(value_type = Option<Venue>)]
    venue: Patch<Venue>,
    #[schema(value_type = Option<String>, max_length = 500)]
    online_url: Patch<String>,
    /// Of a draft only; a published session is moved by `reschedule`.
    #[schema(value_type = Vec<SlotBody>)]
    slots: Patch<Vec<SlotBody>>,
    #[schema(value_type = Option<i32>)]
    capacity: Patch<i32>,
    #[schema(value_type = bool)]
    waitlist: Patch<bool>,
    #[schema(value_type = Option<Timestamp>)]
    registration_opens_at: Patch<Timestamp>,
    #[schema(value_type = Option<Timestamp>)]
    registration_closes_at: Patch<Timestamp>,
    #[schema(value_type = Visibility)]
    visibility: Patch<Visibility>,
    /// `null` brings the office's policy back.
    #[schema(value_type = Option<i32>)]
    late_after_minutes: Patch<i32>,
    /// `null` brings the office's policy back.
    #[schema(value_type = Option<i32>)]
    minimum_presence_percent: Patch<i32>,
    /// `null` brings the office's policy back.
    #[schema(value_type = Option<i32>)]
    check_in_opens_minutes: Patch<i32>,
}

impl SessionPatch {
    /// The session's draft with the changes laid over it.
    pub(in crate::training) fn over(
        self,
        session: &Session,
    ) -> Result<(SessionDraft, Option<Vec<SlotDraft>>), Fault> {
        let mut check = Check::new();
        let is_draft = session.status == SessionStatus::Draft;
        let slots = check.kept("/slots", self.slots);
        check.rule(is_draft || slots.is_none(), "/slots", "use-reschedule");
        let slots = slots.map(|slots| read_slots(&mut check, &slots));
        let old = draft_of(session);
        let draft = SessionDraft {
            kind: check.kept("/kind", self.kind).unwrap_or(old.kind),
            title: check.kept("/title", self.title).unwrap_or(old.title),
            mail_title: self.mail_title.over(old.mail_title),
            description: self.description.over(old.description),
            plan_task: check
                .kept("/plan_task", self.plan_task)
                .unwrap_or(old.plan_task),
            also_plan_tasks: check
                .kept("/also_plan_tasks", self.also_plan_tasks)
                .unwrap_or(old.also_plan_tasks),
            toolkit_topics: check
                .kept("/toolkit_topics", self.toolkit_topics)
                .unwrap_or(old.toolkit_topics),
            lead_agency: check
                .kept("/lead_agency", self.lead_agency)
                .unwrap_or(old.lead_agency),
            coordinating_agencies: check
                .kept("/coordinating_agencies", self.coordinating_agencies)
                .unwrap_or(old.coordinating_agencies),
            chair: self.chair.over(old.chair),
            speakers: check
                .kept("/speakers", self.speakers)
                .unwrap_or(old.speakers),
            language: check
                .kept("/language", self.language)
                .unwrap_or(old.language),
            room: self.room.over(old.room),
            venue: self.venue.over(old.venue),
            online_url: self.online_url.over(old.online_url),
            capacity: self.capacity.over(old.capacity),
            waitlist: check
                .kept("/waitlist", self.waitlist)
                .unwrap_or(old.waitlist),
            registration_opens_at: self.registration_opens_at.over(old.registration_opens_at),
            registration_closes_at: self.registration_closes_at.over(old.registration_closes_at),
            visibility: check
                .kept("/visibility", self.visibility)
                .unwrap_or(old.visibility),
            late_after_minutes: self.late_after_minutes.over(old.late_after_minutes),
            minimum_presence_percent: self
                .minimum_presence_percent
                .over(old.minimum_presence_percent),
            check_in_opens_minutes: self.check_in_opens_minutes.over(old.check_in_opens_minutes),
        };
        let draft = checked(&mut check, draft);
        check.done()?;
        Ok((draft, slots))
    }
}
