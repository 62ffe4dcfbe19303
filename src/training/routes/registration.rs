//! Routes of registrations.

use actix_web::{HttpRequest, HttpResponse};

use crate::http::body::Upload;
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::{Call, Cx};
use crate::kernel::{Fault, token};
use crate::mail::qr;
use crate::office::work::Work;
use crate::training::model::{RegistrationId, Session, SessionId, TrainingSession};
use crate::training::policy::{self, Reach};
use crate::training::service::import::{self, Imported};
use crate::training::service::outlook::Outlook;
use crate::training::service::registration::{self as service, Done};
use crate::training::service::{pace, rehearsal, resend};
use crate::training::sheet::{self, Sheet};
use crate::training::store::registration::{self as store, Filter};
use crate::training::store::{session as sessions, undelivered};
use crate::training::ticket;
use crate::training::view::registration::{
    ImportQuery, ImportView, RegisterBody, RegistrationPatch, RegistrationView, RegistrationsQuery,
    SubstituteBody, TicketFormat, TicketQuery, TicketView, UndeliveredListView,
};

type Path = IdPath<TrainingSession>;
type Answer = Result<HttpResponse, Problem>;
type Ids = (SessionId, RegistrationId);

fn ids(request: &HttpRequest) -> Result<Ids, Fault> {
    Ok((path_id(request, "id")?, path_id(request, "rid")?))
}

async fn list(call: Call, path: Path, query: ApiQuery<RegistrationsQuery>) -> Answer {
    // A page of all is read along an index; what is looked for may be far behind.
    let is_short = query.is(RegistrationsQuery::is_plain);
    let f = move |cx: &mut Cx<'_>| page(cx, path.0, query);
    if is_short {
        call.glance(f).await
    } else {
        call.read(f).await
    }
}

fn page(
    cx: &mut Cx<'_>,
    id: SessionId,
    mut query: ApiQuery<RegistrationsQuery>,
) -> Result<Reply, Problem> {
    let mut work = policy::organise(cx)?;
    let query = query.parse()?;
    let scope = (work.office_id(), Reach::Everybody.eyes());
    let session = sessions::find(work.conn, scope, id)?.ok_or(Fault::NotFound)?;
    let filter = Filter {
        status: query.status,
        q: query.q.clone(),
        updated_since: query.updated_since,
    };
    let after = query.after::<(i64, RegistrationId)>()?;
    let found = store::page(work.conn, id, &filter, after, query.limit())?;
    let is_counted = query.wants_total();
    let total = is_counted.then(|| store::count(work.conn, id, &filter));
    let total = total.transpose()?;
    let page = query.cut(found, total, |(one, _)| (one.place, one.id));
    let outlook = Outlook::of(&mut work, &session, &page.items)?;
    let (when, everybody) = ((work.zone(), work.now), Reach::Everybody);
    let view = |found| RegistrationView::of(when, everybody, &session, (found, &outlook));
    Ok(Reply::ok(&page.map(view))?)
}

async fn show(call: Call) -> Answer {
    let ids = ids(call.request());
    call.read(move |cx| {
        let (mut work, reach) = policy::registrations(cx)?;
        let (session, id) = ids?;
        let found = find(&work.office_id(), work.conn, reach, (session, id))?;
        let (session, (registration, attendee)) = found;
        answer(&mut work, reach, (session, registration, attendee))
    })
    .await
}

/// A registration the caller reaches, in a session of the office.
fn find(
    office: &crate::kernel::OfficeId,
    conn: &mut crate::db::Conn,
    reach: Reach,
    (session, id): Ids,
) -> Result<(Session, store::WithAttendee), Problem> {
    // Its own registrations a family finds whatever became of the session's visibility.
    let eyes = crate::training::store::session::Eyes::Staff;
    let session = sessions::find(conn, (*office, eyes), session)?.ok_or(Fault::NotFound)?;
    let found = store::find(conn, session.id, id, reach.only_of())?;
    Ok((session, found.ok_or(Fault::NotFound)?))
}

/// The most people of whom it is told.
const UNDELIVERED: i64 = 500;

async fn undelivered(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let work = policy::organise(cx)?;
        let scope = (work.office_id(), Reach::Everybody.eyes());
        let session = sessions::find(work.conn, scope, path.0)?.ok_or(Fault::NotFound)?;
        let found = undelivered::undelivered(work.conn, (scope.0, session.id), UNDELIVERED)?;
        Ok(Reply::ok(&UndeliveredListView::of(found))?)
    })
    .await
}

async fn register(call: Call, path: Path, body: ApiJson<RegisterBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, reach) = policy::registrations(cx)?;
        let body = body.parse()?;
        let done = match reach {
            Reach::Own(user) => {
                body.require_self()?;
                let done = service::register_self(&mut work, path.0, user)?;
                pace::keep(&mut work, &done)?;
                done
            }
            Reach::Everybody | Reach::Bearer => {
                service::register(&mut work, path.0, &body.read()?)?
            }
        };
        let location = format!(
            "/training-sessions/{}/registrations/{}",
            done.0.id, done.1.id
        );
        let version = done.1.version;
        let view = view(&mut work, reach, done)?;
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn edit(call: Call, body: ApiJson<RegistrationPatch>) -> Answer {
    let ids = ids(call.request());
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::organise(cx)?;
        let ids = ids.clone()?;
        let note = body.parse()?.read()?;
        let done = service::edit(&mut work, ids, expected, note)?;
        answer(&mut work, Reach::Everybody, done)
    })
    .await
}

fn view(work: &mut Work<'_>, reach: Reach, done: Done) -> Result<RegistrationView, Problem> {
    let (session, registration, attendee) = done;
    let who = (registration, attendee);
    let outlook = Outlook::of(work, &session, std::slice::from_ref(&who))?;
    let when = (work.zone(), work.now);
    Ok(RegistrationView::of(when, reach, &session, (who, &outlook)))
}

fn answer(work: &mut Work<'_>, reach: Reach, done: Done) -> Result<Reply, Problem> {
    let version = done.1.version;
    let view = view(work, reach, done)?;
    Ok(Reply::ok(&view)?.versioned(version))
}

/// Runs an action of an organiser, or of a family on its own registration.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, Reach, Ids) -> Result<Done, Problem> + Send + 'static,
{
    let ids = ids(call.request());
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, reach) = policy::registrations(cx)?;
        let (mut work, ids) = (work.expecting(expected), ids.clone()?);
        let done = action(&mut work, reach, ids)?;
        if reach != Reach::Everybody {
            pace::keep(&mut work, &done)?;
        }
        answer(&mut work, reach, done)
    })
    .await
}

async fn confirm(call: Call) -> Answer {
    act(call, |work, reach, ids| {
        Ok(service::confirm(work, reach, ids)?)
    })
    .await
}

async fn decline(call: Call) -> Answer {
    act(call, |work, reach, ids| {
        Ok(service::decline(work, reach, ids)?)
    })
    .await
}

async fn cancel(call: Call) -> Answer {
    act(call, |work, reach, ids| {
        Ok(service::cancel(work, reach, ids)?)
    })
    .await
}

/// Runs an action of an organiser alone.
async fn organise<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, Ids) -> Result<Done, Problem> + Send + 'static,
{
    let ids = ids(call.request());
    call.write(move |cx: &mut Cx<'_>| {
        let mut work = policy::organise(cx)?;
        let ids = ids.clone()?;
        let done = action(&mut work, ids)?;
        answer(&mut work, Reach::Everybody, done)
    })
    .await
}

async fn substitute(call: Call, body: ApiJson<SubstituteBody>) -> Answer {
    organise(call, move |work, ids| {
        Ok(service::substitute(work, ids, &body.parse()?.read()?)?)
    })
    .await
}

async fn send_again(call: Call) -> Answer {
    organise(call, |work, ids| Ok(resend::resend(work, ids)?)).await
}

async fn show_ticket(call: Call, mut query: ApiQuery<TicketQuery>) -> Answer {
    let ids = ids(call.request());
    call.read(move |cx| {
        let (work, reach) = policy::registrations(cx)?;
        let (session, id) = ids?;
        let format = query.parse()?.format;
        let (_, (registration, _)) = find(&work.office_id(), work.conn, reach, (session, id))?;
        if !registration.status.is_live() {
            return Err(Fault::NotFound.into());
        }
        let text = ticket::text(&work.platform.keys, &registration);
        draw(format, text, registration.short_code)
    })
    .await
}

fn draw(format: TicketFormat, ticket: String, short_code: String) -> Result<Reply, Problem> {
    let failed = |error: qr::QrError| Fault::Internal(error.to_string());
    Ok(match format {
        TicketFormat::Svg => {
            let drawing = qr::svg(&ticket).map_err(failed)?;
            Reply::file("image/svg+xml", "ma-vao-cua.svg", drawing.into_bytes())
        }
        TicketFormat::Png => Reply::file(
            "image/png",
            "ma-vao-cua.png",
            qr::png(&ticket).map_err(failed)?,
        ),
        TicketFormat::Json => Reply::ok(&TicketView { ticket, short_code })?,
    })
}

/// A sheet is imported in parts, so that nobody waits behind ten thousand rows; each part
/// commits for itself, and a repeat goes on where the first stopped.
async fn import(call: Call, path: Path, mut query: ApiQuery<ImportQuery>, file: Upload) -> Answer {
    let id = path.0;
    let digest = token::sha256(&file.0);
    let Sheet { rows, unread } = read_sheet(&call, id, file).await?;
    let (is_dry, is_asked) = {
        let query = query.parse()?;
        (query.dry_run, query.ask)
    };
    if is_dry {
        return call
            .read(move |cx| {
                let mut work = policy::organise(cx)?;
                let how = (digest.as_slice(), is_asked);
                let done = rehearsal::rehearse(&mut work, id, how, &rows)?;
                Ok(Reply::ok(&ImportView::of(true, done, unread))?)
            })
            .await;
    }
    let mut done: Vec<Imported> = Vec::with_capacity(rows.len());
    for part in rows.chunks(import::PART) {
        let (part, file) = (part.to_vec(), digest.clone());
        let imported = call
            .part(move |cx| {
                let mut work = policy::organise(cx)?;
                Ok(import::part(&mut work, id, (&file, is_asked), &part)?)
            })
            .await?;
        done.extend(imported);
    }
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let scope = (work.office_id(), Reach::Everybody.eyes());
        let session = sessions::find(work.conn, scope, id)?.ok_or(Fault::NotFound)?;
        import::tell_finished(&mut work, &session, &digest, &done)?;
        let view = ImportView::of(false, done.clone(), unread.clone());
        Ok(Reply::ok(&view)?)
    })
    .await
}

/// Reads the file where blocking is allowed, once the caller is known to be an organiser.
async fn read_sheet(call: &Call, id: SessionId, file: Upload) -> Result<Sheet, Problem> {
    call.look(move |cx| {
        let work = policy::organise(cx)?;
        let scope = (work.office_id(), Reach::Everybody.eyes());
        sessions::find(work.conn, scope, id)?.ok_or(Fault::NotFound)?;
        Ok(sheet::open(&file.0).map_err(crate::training::Error::from)?)
    })
    .await
}

/// Media types a sheet comes as.
const SHEETS: [&str; 4] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/tab-separated-values",
    "application/octet-stream",
];

const ALL: &str = "/training-sessions/{id}/registrations";
const ONE: &str = "/training-sessions/{id}/registrations/{rid}";

/// Mounts the routes of registrations.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_registrations", list)
        .summary("Registrations of a session, by place in line")
        .query::<RegistrationsQuery>()
        .pages::<RegistrationView>();
    api.post(ALL, "register_attendee", register)
        .summary("Put someone on the list; a family sends {} and registers itself")
        .body::<RegisterBody>()
        .answers::<RegistrationView>(201)
        .errors(&[
            "already-registered",
            "session-full",
            "registration-not-open",
            "registration-cancelled",
            "action-not-allowed",
        ]);
    let path = "/training-sessions/{id}/undelivered";
    api.get(path, "list_undelivered", undelivered)
        .summary("Who is on the list and gets no mail, and why: call them")
        .answers::<UndeliveredListView>(200);
    api.post(&format!("{ALL}/import"), "import_registrations", import)
        .summary("Import a sheet as the office saved it: CSV or XLSX, a result per row")
        .query::<ImportQuery>()
        .upload(&SHEETS)
        .answers::<ImportView>(200)
        .errors(&[
            "sheet-empty",
            "sheet-format-unknown",
            "sheet-header-missing",
            "sheet-too-many-rows",
            "sheet-too-large",
            "action-not-allowed",
        ]);
    api.get(ONE, "show_registration", show)
        .summary("One registration; a family reaches its own")
        .answers::<RegistrationView>(200);
    api.patch(ONE, "edit_registration", edit)
        .summary("Change the remark")
        .body::<RegistrationPatch>()
        .answers::<RegistrationView>(200);
    mount_actions(api);
}

fn mount_actions(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.get(&action("ticket"), "show_ticket", show_ticket)
        .summary("The QR ticket and its short code")
        .query::<TicketQuery>()
        .answers_file(&["image/svg+xml", "image/png"])
        .answers::<TicketView>(200);
    api.post(&action("confirm"), "confirm_registration", confirm)
        .summary("Say yes: to an invitation, or after a no")
        .answers::<RegistrationView>(200)
        .errors(&["action-not-allowed", "session-full", "already-registered"]);
    api.post(&action("decline"), "decline_registration", decline)
        .summary("Say no to an invitation")
        .answers::<RegistrationView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("cancel"), "cancel_registration", cancel)
        .summary("Take a registration back; its seat goes to the first in line")
        .answers::<RegistrationView>(200)
        .errors(&["action-not-allowed", "has-attendance"]);
    api.post(&action("substitute"), "substitute_registration", substitute)
        .summary("Send someone else (đi thay): state, seat and place stay")
        .body::<SubstituteBody>()
        .answers::<RegistrationView>(200)
        .errors(&["action-not-allowed", "has-attendance", "already-registered"]);
    api.post(&action("resend"), "resend_registration", send_again)
        .summary("Send the mail of the present state again")
        .answers::<RegistrationView>(200)
        .errors(&["action-not-allowed", "mail-unreachable"]);
}
