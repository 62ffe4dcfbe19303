//! Routes of files.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde_json::json;

use crate::db::Conn;
use crate::http::request::IdPath;
use crate::http::{Api, Problem, Reply};
use crate::identity::Call;
use crate::kernel::{AgencyId, Fault, Language, OfficeId};
use crate::mail::ics::{self, Event, Method};
use crate::office::agency;
use crate::office::work::Work;
use crate::paper;
use crate::training::export::{Attendance, List};
use crate::training::model::{Session, SessionId, Slot, TrainingSession};
use crate::training::service::report::{Dimension, SessionCounts};
use crate::training::status::{RegistrationStatus, SessionStatus};
use crate::training::store::session::Eyes;
use crate::training::store::{attendance, registration, seen, session as sessions};
use crate::training::view::session::file_name;
use crate::training::{Error, export, policy, wording};

type Path = IdPath<TrainingSession>;
type Answer = Result<HttpResponse, Problem>;

/// Who is on a list that is exported: everybody but whom a merge took out.
const LISTED: [RegistrationStatus; 5] = [
    RegistrationStatus::Invited,
    RegistrationStatus::Confirmed,
    RegistrationStatus::Waitlisted,
    RegistrationStatus::Declined,
    RegistrationStatus::Cancelled,
];
/// The dimensions a workbook counts by.
const COUNTED: [Dimension; 4] = [
    Dimension::Sex,
    Dimension::Audience,
    Dimension::Agency,
    Dimension::AgeBand,
];

/// That a list of names left the service is on record: who took it, of which session, as what.
pub(super) fn taken(
    work: &mut Work<'_>,
    session: SessionId,
    (form, people): (&str, usize),
) -> Result<(), Error> {
    let facts = json!({"form": form, "people": people});
    let action = "attendance.export";
    work.audit(action, "training-session", session.uuid(), facts)?;
    Ok(())
}

async fn attendance_csv(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let language = cx.language();
        let mut work = policy::organise(cx)?;
        let (zone, scope) = (work.zone(), (work.office_id(), Eyes::Staff));
        let session = sessions::find(work.conn, scope, path.0)?.ok_or(Fault::NotFound)?;
        let list = list(&mut work, session, language)?;
        let file =
            export::csv(&list, (zone, language)).map_err(|e| Fault::Internal(e.to_string()))?;
        taken(&mut work, list.session.id, ("csv", list.people.len()))?;
        let name = file_name(&list.session, "điểm danh", "csv");
        Ok(Reply::file("text/csv; charset=utf-8", &name, file))
    })
    .await
}

/// The list of a session, as its files have it.
fn list(work: &mut Work<'_>, session: Session, language: Language) -> Result<List, Error> {
    let office = work.office_id();
    Ok(List {
        people: export::in_order(registration::all(work.conn, session.id, &LISTED)?),
        agencies: agencies(work.conn, office, language)?,
        stays: seen::stays(work.conn, session.id)?,
        session,
    })
}

fn agencies(
    conn: &mut Conn,
    office: OfficeId,
    language: Language,
) -> Result<BTreeMap<AgencyId, String>, Error> {
    let names = agency::names(conn, office)?.into_iter();
    Ok(names
        .map(|(id, (vi, en))| (id, language.pick(vi, en)))
        .collect())
}

async fn attendance_xlsx(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let language = cx.language();
        let mut work = policy::organise(cx)?;
        let (zone, now) = (work.zone(), work.now);
        let mut counts = SessionCounts::load(&mut work, path.0)?;
        let list = list(&mut work, counts.session.clone(), language)?;
        counts.tell_apart(&list.people);
        let id = list.session.id;
        let attendance = Attendance {
            marks: attendance::marks_of_session(work.conn, id)?,
            total: counts.total(),
            counts: COUNTED
                .map(|dimension| (dimension, counts.by(Some(dimension))))
                .into(),
            list,
        };
        taken(&mut work, id, ("xlsx", attendance.list.people.len()))?;
        let file = export::workbook(&attendance, (zone, language), now)
            .map_err(|e| Fault::Internal(e.to_string()))?;
        let name = file_name(&attendance.list.session, "điểm danh", "xlsx");
        Ok(Reply::file(paper::XLSX, &name, file))
    })
    .await
}

async fn session_ics(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::look(cx);
        let session = policy::find(&mut work, eyes, path.0)?.ok_or(Fault::NotFound)?;
        let title = public_title(&mut work, &session, eyes)?;
        let place = wording::place(&mut work, &session)?;
        let url = wording::join_link(&session);
        let uids: Vec<String> = session.slots.iter().map(wording::slot_uid).collect();
        let named = |slot: &Slot| match &slot.title {
            // What a part is called tells a family's household what it is about.
            Some(part) if eyes == Eyes::Staff => format!("{title} – {part}"),
            _ => title.clone(),
        };
        let titles: Vec<String> = session.slots.iter().map(named).collect();
        let events: Vec<Event<'_>> = session
            .slots
            .iter()
            .zip(uids.iter().zip(&titles))
            .map(|(slot, (uid, summary))| Event {
                uid,
                sequence: session.calendar_sequence,
                starts_at: slot.starts_at,
                ends_at: slot.ends_at,
                summary,
                location: &place,
                url: url.filter(|_| eyes != Eyes::Public),
                is_private: false,
                is_tentative: session.status == SessionStatus::Draft,
            })
            .collect();
        let is_off = session.status == SessionStatus::Cancelled;
        let method = if is_off {
            Method::Cancel
        } else {
            Method::Publish
        };
        let text = ics::calendar(&events, method, None, None, session.updated_at);
        let name = file_name(&session, "lịch", "ics");
        let name = if eyes == Eyes::Public {
            "lich.ics".to_owned()
        } else {
            name
        };
        Ok(Reply::file(
            "text/calendar; charset=utf-8",
            &name,
            text.into_bytes(),
        ))
    })
    .await
}

/// Families get the neutral title in their calendar: it syncs to the household.
fn public_title(work: &mut Work<'_>, session: &Session, eyes: Eyes) -> Result<String, Error> {
    match eyes {
        Eyes::Staff => Ok(session.title.clone()),
        Eyes::Public => wording::family_title(work, session, Language::Vi),
    }
}

/// Mounts the routes of files.
pub(super) fn mount(api: &mut Api) {
    api.get(
        "/training-sessions/{id}/attendance.csv",
        "export_attendance_csv",
        attendance_csv,
    )
    .summary("The list with how each stands, as CSV with a BOM")
    .answers_file(&["text/csv"]);
    api.get(
        "/training-sessions/{id}/attendance.xlsx",
        "export_attendance_workbook",
        attendance_xlsx,
    )
    .summary("The list with marks and times, and the counts, as a workbook")
    .answers_file(&[paper::XLSX]);
    api.get(
        "/training-sessions/{id}/session.ics",
        "export_session_calendar",
        session_ics,
    )
    .summary("The session's slots for a calendar")
    .answers_file(&["text/calendar"]);
}
