//! Routes of attendance.

use actix_web::HttpResponse;

use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::kernel::error::Check;
use crate::kernel::{Fault, token};
use crate::office::work::Work;
use crate::training::model::TrainingSession;
use crate::training::service::outlook::Outlook;
use crate::training::service::{attendance as service, mark, sheet};
use crate::training::status::RegistrationStatus;
use crate::training::store::session::Eyes;
use crate::training::store::{attendance as store, registration, session as sessions};
use crate::training::view::attendance::{
    EVERYBODY, ListedScan, MarkBody, MarkView, MarkedView, ResultView, RosterEntry, RosterSlot,
    RosterView, SCANS_MAX, ScanBody, ScannedView, Scans, ScansBody, ScansView, WalkInBody,
};
use crate::training::view::registration::RegistrationView;
use crate::training::view::sheet::{SheetBody, SheetView};
use crate::training::{Error, policy};

type Path = IdPath<TrainingSession>;
type Answer = Result<HttpResponse, Problem>;

async fn check_in(call: Call, body: ApiJson<Scans>) -> Answer {
    call.write(move |cx| {
        let language = cx.language();
        let mut work = policy::organise(cx)?;
        match body.parse()? {
            Scans::One(body) => scan_one(&mut work, &body),
            Scans::Many(bodies) => {
                let mut check = Check::new();
                check.rule((1..=SCANS_MAX).contains(&bodies.len()), "", "out-of-range");
                check.done()?;
                let results = scan_many(&mut work, &bodies, language)?;
                Ok(Reply::ok(&ScansView { results })?)
            }
        }
    })
    .await
}

fn scan_one(work: &mut Work<'_>, body: &ScanBody) -> Result<Reply, Problem> {
    let mut check = Check::new();
    let scan = body.read(&mut check, "");
    check.done()?;
    let mut open = service::Open::new();
    let scanned = service::scan(work, &mut open, &scan)?;
    service::close(work, &open)?;
    let status = if scanned.is_repeat { 200 } else { 201 };
    Ok(Reply::json(
        status,
        &ScannedView::of(work.zone(), &scanned),
    )?)
}

/// Each scan of a list stands for itself.
fn scan_many(
    work: &mut Work<'_>,
    bodies: &[ListedScan],
    language: crate::kernel::Language,
) -> Result<Vec<ResultView<ScannedView>>, Problem> {
    let mut open = service::Open::new();
    let mut results = Vec::with_capacity(bodies.len());
    for body in bodies {
        let read = body.clone().and_then(|body| {
            let mut check = Check::new();
            let scan = body.read(&mut check, "");
            check.done().map(|()| scan)
        });
        let taken = match read {
            Ok(scan) => service::scan(work, &mut open, &scan),
            Err(fault) => Err(fault.into()),
        };
        results.push(match taken {
            Ok(scanned) => {
                let status = if scanned.is_repeat { 200 } else { 201 };
                ResultView::done(status, ScannedView::of(work.zone(), &scanned))
            }
            Err(Error::Db(error)) => return Err(error.into()),
            Err(error) => ResultView::refused(error, language),
        });
    }
    service::close(work, &open)?;
    Ok(results)
}

async fn walk_in(call: Call, path: Path, body: ApiJson<WalkInBody>) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let command = body.parse()?.read()?;
        let scanned = service::walk_in(&mut work, path.0, &command)?;
        let status = if scanned.is_repeat { 200 } else { 201 };
        Ok(Reply::json(
            status,
            &ScannedView::of(work.zone(), &scanned),
        )?)
    })
    .await
}

async fn enter_sheet(call: Call, path: Path, body: ApiJson<SheetBody>) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let entries = body.parse()?.read()?;
        let (_, done) = sheet::enter(&mut work, path.0, &entries)?;
        Ok(Reply::ok(&SheetView::of(done))?)
    })
    .await
}

async fn show_marks(call: Call) -> Answer {
    let ids = ids(&call);
    call.read(move |cx| {
        let mut work = policy::organise(cx)?;
        let (session, id) = ids?;
        marked(&mut work, session, id)
    })
    .await
}

type SessionAndRegistration = (
    crate::training::model::SessionId,
    crate::training::model::RegistrationId,
);

fn ids(call: &Call) -> Result<SessionAndRegistration, Fault> {
    Ok((
        path_id(call.request(), "id")?,
        path_id(call.request(), "rid")?,
    ))
}

async fn override_mark(call: Call, body: ApiJson<MarkBody>) -> Answer {
    let ids = ids(&call);
    let slot = path_id(call.request(), "slot");
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let (session, id) = ids.clone()?;
        let slot = slot.clone()?;
        let said = body.parse()?.read()?;
        mark::override_mark(&mut work, (session, id, slot), said.as_ref())?;
        marked(&mut work, session, id)
    })
    .await
}

/// A registration with its marks, in the order of the slots.
fn marked(
    work: &mut Work<'_>,
    session: crate::training::model::SessionId,
    id: crate::training::model::RegistrationId,
) -> Result<Reply, Problem> {
    let scope = (work.office_id(), Eyes::Staff);
    let session = sessions::find(work.conn, scope, session)?.ok_or(Fault::NotFound)?;
    let found = registration::find(work.conn, session.id, id, None)?;
    let who = found.ok_or(Fault::NotFound)?;
    let marks = store::marks_of(work.conn, id)?;
    let views = session
        .slots
        .iter()
        .filter_map(|slot| marks.get(&slot.id).map(|stored| MarkView::of(slot, stored)));
    let outlook = Outlook::of(work, &session, std::slice::from_ref(&who))?;
    let when = (work.zone(), work.now);
    let view = MarkedView {
        marks: views.collect(),
        registration: RegistrationView::of(when, EVERYBODY, &session, (who, &outlook)),
    };
    Ok(Reply::ok(&view)?)
}

/// A write: that the whole list of names was read is on record.
async fn roster(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let view = roster_of(&mut work, path.0)?;
        let facts = serde_json::json!({"entries": view.entries.len()});
        work.audit("roster.read", "training-session", path.0.uuid(), facts)?;
        Ok(Reply::ok(&view)?)
    })
    .await
}

fn roster_of(
    work: &mut Work<'_>,
    id: crate::training::model::SessionId,
) -> Result<RosterView, Problem> {
    let scope = (work.office_id(), Eyes::Staff);
    let session = sessions::find(work.conn, scope, id)?.ok_or(Fault::NotFound)?;
    let statuses = [
        RegistrationStatus::Invited,
        RegistrationStatus::Confirmed,
        RegistrationStatus::Waitlisted,
        RegistrationStatus::Declined,
    ];
    let people = registration::all(work.conn, id, &statuses)?;
    let zone = work.zone();
    let slot = |slot: &crate::training::model::Slot| RosterSlot {
        id: slot.id,
        title: slot.title.clone(),
        opens_at: zone.show(session.opens_at(slot)),
        starts_at: zone.show(slot.starts_at),
        ends_at: zone.show(slot.ends_at),
    };
    Ok(RosterView {
        session_id: id,
        made_at: zone.show(work.now),
        slots: session.slots.iter().map(slot).collect(),
        entries: people
            .into_iter()
            .map(|(registration, attendee)| RosterEntry {
                registration_id: registration.id,
                full_name: attendee.full_name,
                status: registration.status,
                ticket_sha256: token::hex(&registration.ticket_digest),
                short_code: registration.short_code,
            })
            .collect(),
    })
}

/// Mounts the routes of attendance.
pub(super) fn mount(api: &mut Api) {
    const SESSION: &str = "/training-sessions/{id}";
    const MARKS: &str = "/training-sessions/{id}/registrations/{rid}/marks";
    api.post("/check-ins", "check_in", check_in)
        .summary("Take one scan, or a list of up to 500 with a result each")
        .body::<ScansBody>()
        .answers::<ScannedView>(201)
        .answers::<ScannedView>(200)
        .answers::<ScansView>(200)
        .errors(&[
            "unknown-ticket",
            "already-checked-in",
            "not-checked-in",
            "other-session",
            "registration-cancelled",
            "already-registered",
            "too-early",
            "too-late",
            "nonce-reused",
            "action-not-allowed",
        ]);
    api.get(&format!("{SESSION}/roster"), "show_roster", roster)
        .summary("What a phone needs to check in offline: hashed tickets, names")
        .answers::<RosterView>(200);
    api.post(&format!("{SESSION}/walk-ins"), "walk_in", walk_in)
        .summary("Someone just came: confirmed, over capacity if need be")
        .body::<WalkInBody>()
        .answers::<ScannedView>(201)
        .answers::<ScannedView>(200)
        .errors(&[
            "already-checked-in",
            "too-early",
            "too-late",
            "nonce-reused",
            "action-not-allowed",
        ]);
    api.put(&format!("{SESSION}/attendance"), "enter_sheet", enter_sheet)
        .summary("A whole paper sheet in one call, keyed by client row, a result per row")
        .body::<SheetBody>()
        .answers::<SheetView>(200)
        .errors(&["action-not-allowed"]);
    api.get(MARKS, "show_marks", show_marks)
        .summary("A registration with its mark at each slot")
        .answers::<MarkedView>(200);
    api.put(&format!("{MARKS}/{{slot}}"), "override_mark", override_mark)
        .summary("Set an organiser's word over a mark, with a reason, or take it back")
        .body::<MarkBody>()
        .answers::<MarkedView>(200)
        .errors(&[
            "action-not-allowed",
            "registration-cancelled",
            "already-registered",
            "too-early",
        ]);
}
