//! Routes of what is printed.

use actix_web::HttpResponse;

use crate::http::request::IdPath;
use crate::http::{Api, ApiQuery, Problem, Reply};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::office::work::Work;
use crate::paper;
use crate::training::model::{Audience, Registration, Session, TrainingSession};
use crate::training::print::{self, Facts};
use crate::training::service::report::{Dimension, SessionCounts};
use crate::training::status::{RegistrationStatus, SessionAction, SessionStatus};
use crate::training::store::attendee::is_family;
use crate::training::store::registration::{self, WithAttendee};
use crate::training::view::session::{InvitationQuery, file_name};
use crate::training::{Error, policy};

type Path = IdPath<TrainingSession>;
type Answer = Result<HttpResponse, Problem>;

/// Who is printed on the list to sign.
const EXPECTED: [RegistrationStatus; 2] =
    [RegistrationStatus::Invited, RegistrationStatus::Confirmed];
/// What the report counts by, and what it calls it.
const PARTS: [(&str, Dimension); 3] = [
    ("Theo giới tính", Dimension::Sex),
    ("Theo thành phần", Dimension::Audience),
    ("Theo cơ quan, đơn vị", Dimension::Agency),
];

async fn sign_in_sheet(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let mut work = policy::organise(cx)?;
        let facts = Facts::load(&mut work, path.0)?;
        let mut people = registration::all(work.conn, facts.session.id, &EXPECTED)?;
        hide_families(&mut work, &mut people)?;
        let what = ("sign-in-sheet", people.len());
        super::export::taken(&mut work, facts.session.id, what)?;
        let file = print::sign_in_sheet(&facts, people);
        answer(&facts, "danh sách điểm danh", file)
    })
    .await
}

/// Everybody who signs reads the whole list, so a family's number is not on it.
fn hide_families(work: &mut Work<'_>, people: &mut [WithAttendee]) -> Result<(), Error> {
    for (_, attendee) in people {
        if attendee.phone.is_some() && is_family(work.conn, attendee)? {
            attendee.phone = None;
        }
    }
    Ok(())
}

/// Whoever turned out to be of a family is written to as one.
fn know_families(work: &mut Work<'_>, people: &mut [WithAttendee]) -> Result<(), Error> {
    for (_, attendee) in people {
        if is_family(work.conn, attendee)? {
            attendee.audience = Audience::Family;
        }
    }
    Ok(())
}

async fn invitation(call: Call, path: Path, mut query: ApiQuery<InvitationQuery>) -> Answer {
    call.write_secret(move |cx| {
        let mut work = policy::organise(cx)?;
        let query = query.parse()?;
        let facts = Facts::load(&mut work, path.0)?;
        require_before(&facts.session)?;
        let file = match query.registration_id {
            Some(_) if query.everybody => {
                return Err(Fault::rule("everybody", "one-of").into());
            }
            Some(id) => {
                let found = registration::find(work.conn, facts.session.id, id, None)?;
                let mut found = found.ok_or(Fault::NotFound)?;
                require_live(&found.0)?;
                know_families(&mut work, std::slice::from_mut(&mut found))?;
                print::invitation(&facts, Some(&found))
            }
            None if query.everybody => to_everybody(&mut work, &facts)?,
            None => print::invitation(&facts, None),
        };
        answer(&facts, "giấy mời", file)
    })
    .await
}

/// A letter to each on the list; to a line while nobody is.
fn to_everybody(
    work: &mut Work<'_>,
    facts: &Facts,
) -> Result<Result<Vec<u8>, paper::Error>, Error> {
    let mut people = registration::all(work.conn, facts.session.id, &EXPECTED)?;
    if people.is_empty() {
        return Ok(print::invitation(facts, None));
    }
    know_families(work, &mut people)?;
    super::export::taken(work, facts.session.id, ("invitations", people.len()))?;
    Ok(print::invitations(facts, &people))
}

async fn report(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let mut work = policy::organise(cx)?;
        let facts = Facts::load(&mut work, path.0)?;
        require_completed(&facts.session)?;
        let mut counts = SessionCounts::load(&mut work, path.0)?;
        let came = [RegistrationStatus::Confirmed];
        counts.tell_apart(&registration::all(work.conn, path.0, &came)?);
        let parts = PARTS.map(|(name, dimension)| (name, counts.by(Some(dimension))));
        let file = print::report(&facts, &counts.total(), &parts);
        answer(&facts, "báo cáo", file)
    })
    .await
}

fn answer(
    facts: &Facts,
    what: &str,
    file: Result<Vec<u8>, paper::Error>,
) -> Result<Reply, Problem> {
    let file = file.map_err(|error| Fault::Internal(error.to_string()))?;
    let name = file_name(&facts.session, what, "docx");
    Ok(Reply::file(paper::DOCX, &name, file))
}

/// Nobody is invited to what is over or off.
fn require_before(session: &Session) -> Result<(), Error> {
    match session.status {
        SessionStatus::Draft | SessionStatus::Published => Ok(()),
        SessionStatus::Completed | SessionStatus::Cancelled => Err(refused(session, "invite")),
    }
}

/// Whoever said no or was taken back gets no letter.
fn require_live(registration: &Registration) -> Result<(), Error> {
    if registration.status.is_live() {
        return Ok(());
    }
    Err(Error::Fault(Fault::Transition {
        current: registration.status.as_str(),
        action: "invite",
        allowed: Vec::new(),
    }))
}

/// Only what was held is reported.
fn require_completed(session: &Session) -> Result<(), Error> {
    match session.status {
        SessionStatus::Completed => Ok(()),
        SessionStatus::Draft | SessionStatus::Published | SessionStatus::Cancelled => {
            Err(refused(session, "report"))
        }
    }
}

fn refused(session: &Session, action: &'static str) -> Error {
    let mut allowed = session.status.allowed();
    // What it owes was not looked at.
    allowed.retain(|action| *action != SessionAction::WaiveProduct.as_str());
    Error::Fault(Fault::Transition {
        current: session.status.as_str(),
        action,
        allowed,
    })
}

/// Mounts the routes of what is printed.
pub(super) fn mount(api: &mut Api) {
    let file = |name: &str| format!("/training-sessions/{{id}}/{name}.docx");
    api.get(&file("sign-in-sheet"), "print_sign_in_sheet", sign_in_sheet)
        .summary("The list to sign, as the ward prints it")
        .answers_file(&[paper::DOCX]);
    api.get(&file("invitation"), "print_invitation", invitation)
        .summary("The letter of invitation: to one person, to each on the list, or with a line for the name")
        .query::<InvitationQuery>()
        .answers_file(&[paper::DOCX])
        .errors(&["action-not-allowed"]);
    api.get(&file("report"), "print_session_report", report)
        .summary("The report of a completed session: facts and figures filled in")
        .answers_file(&[paper::DOCX])
        .errors(&["action-not-allowed"]);
}
