//! Routes without an account, and the caller's own.

use actix_web::HttpResponse;

use crate::http::request::ApiQuery;
use crate::http::{Api, ApiJson, Paging, Problem, Reply};
use crate::identity::{Call, Visit};
use crate::kernel::Timestamp;
use crate::office::work::Work;
use crate::training::model::SessionId;
use crate::training::policy::{self, Reach};
use crate::training::service::attendee::with_sessions;
use crate::training::service::{own, respond};
use crate::training::status::SessionStatus;
use crate::training::store::session::{self as store, Eyes, Filter};
use crate::training::view::registration::{OwnRegistrationView, OwnRegistrationsView};
use crate::training::view::respond::{RespondBody, RespondedView};
use crate::training::view::session::{PublicSessionView, PublicSessionsQuery, SessionView};

type Answer = Result<HttpResponse, Problem>;

/// Public sessions that are not over, without names and without an account.
async fn list(visit: Visit, mut query: ApiQuery<PublicSessionsQuery>) -> Answer {
    visit
        .read(move |open| {
            let query = query.parse()?;
            let office = respond::office_named(open, query.office.as_deref())?;
            let after = query.after::<(i64, SessionId)>()?;
            let after = after.and_then(|(at, id)| Some((Timestamp::from_micros(at)?, id)));
            let filter = Filter {
                status: Some(SessionStatus::Published),
                ends_after: Some(open.now),
                ..Filter::default()
            };
            let scope = (office.id, Eyes::Public);
            let mut work = Work::new(open.conn, open.platform, open.now, &office, None);
            let found = store::page(work.conn, scope, &filter, after, query.limit())?;
            let total = if query.wants_total() {
                Some(store::count(work.conn, scope, &filter)?)
            } else {
                None
            };
            let page = query.cut(found, total, SessionView::key);
            Ok(Reply::ok(&super::session::public_page(&mut work, page)?)?)
        })
        .await
}

async fn answer(visit: Visit, body: ApiJson<RespondBody>) -> Answer {
    let body = body.parse()?;
    let reply = visit
        .write(move |open| {
            let (zone, session, status) = respond::respond(open, &body.token, body.answer)?;
            Ok(Reply::ok(&RespondedView::of(zone, status, &session))?)
        })
        .await?;
    Ok(reply.answer(None))
}

/// The caller's own registrations: by its account, following no merge of people.
async fn list_own(call: Call) -> Answer {
    call.read(move |cx| {
        let (mut work, user) = policy::own(cx);
        let mine = own::registrations(&mut work, user)?;
        let found = with_sessions(&mut work, mine)?;
        let outlook = own::Outlook::of(&mut work, user, &found)?;
        let (when, reach) = ((work.zone(), work.now), Reach::Own(user));
        let view =
            |entry| OwnRegistrationView::of(when, reach, entry, outlook.circumstances(entry));
        Ok(Reply::ok(&OwnRegistrationsView {
            items: found.iter().map(view).collect(),
        })?)
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.get(
        "/public/training-sessions",
        "list_public_training_sessions",
        list,
    )
    .summary("Public sessions to come; no names, no account")
    .query::<PublicSessionsQuery>()
    .public()
    .pages::<PublicSessionView>()
    .errors(&["not-found"]);
    api.post(
        "/public/registrations/respond",
        "respond_to_registration",
        answer,
    )
    .summary("Answer by the token of a mail: accept, decline or leave")
    .public()
    .body::<RespondBody>()
    .answers::<RespondedView>(200)
    .errors(&[
        "token-invalid",
        "session-full",
        "already-registered",
        "registration-cancelled",
        "registration-not-open",
        "action-not-allowed",
        "has-attendance",
    ]);
    api.get("/me/registrations", "list_own_registrations", list_own)
        .summary("The caller's own registrations, newest first")
        .answers::<OwnRegistrationsView>(200);
}
