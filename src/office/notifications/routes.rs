//! Routes.

use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse};

use super::store::{self, Notification, Wanted};
use super::view::{
    LinkBody, LinkView, NotificationView, OwnNotificationView, PreferencesBody, State,
    UnsubscribeView, is_retryable,
};
use crate::http::request::{ApiQuery, Asked, IdPath, Paging};
use crate::http::{Api, ApiJson, Problem, Reply, list_query};
use crate::identity::preferences::{Preferences, PreferencesPatch};
use crate::identity::{Call, Cx, Role, Visit};
use crate::kernel::page::Page;
use crate::kernel::{Fault, token};
use crate::mail::message::{Message, MessageClass, MessageId, opened};

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// Which notifications.
    pub(super) struct NotificationsQuery {
        /// In this state.
        state: State,
        /// Of this class.
        class: MessageClass,
    }
}

list_query! {
    /// Which of one's own.
    pub(super) struct OwnNotificationsQuery {
        /// In this state.
        state: State,
        /// Of this class.
        class: MessageClass,
    }
}

fn page(
    cx: &mut Cx<'_>,
    wanted: &Wanted,
    query: &Asked<'_, impl Paging>,
) -> Result<Page<Notification>, Problem> {
    let after = query.after::<MessageId>()?;
    let found = store::page(cx.conn, wanted, after, query.limit())?;
    let total = if query.wants_total() {
        Some(store::count(cx.conn, wanted)?)
    } else {
        None
    };
    Ok(query.cut(found, total, |row| row.id))
}

fn wanted(cx: &Cx<'_>, state: Option<State>, class: Option<MessageClass>) -> Wanted {
    Wanted {
        office: cx.office(),
        user: None,
        state: state.map(|state| state.as_str().to_owned()),
        class,
    }
}

async fn list(call: Call, mut query: ApiQuery<NotificationsQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(&[Role::Auditor, Role::Administrator])?;
        let query = query.parse()?;
        let wanted = wanted(cx, query.state, query.class);
        let (zone, may_retry) = (cx.zone(), cx.actor.is(Role::Administrator));
        let found = page(cx, &wanted, &query)?;
        Ok(Reply::ok(
            &found.map(|row| NotificationView::of(zone, row, may_retry)),
        )?)
    })
    .await
}

async fn list_own(call: Call, mut query: ApiQuery<OwnNotificationsQuery>) -> Answer {
    call.read(move |cx| {
        let query = query.parse()?;
        let wanted = Wanted {
            user: Some(cx.actor.id),
            ..wanted(cx, query.state, query.class)
        };
        let zone = cx.zone();
        let found = page(cx, &wanted, &query)?;
        Ok(Reply::ok(
            &found.map(|row| OwnNotificationView::of(zone, &row)),
        )?)
    })
    .await
}

async fn retry(call: Call, path: IdPath<Message>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let (office, zone) = (cx.office(), cx.zone());
        let found = store::find(cx.conn, office, path.0)?.ok_or(Fault::NotFound)?;
        let state = State::parse(&found.state).unwrap_or(State::Failed);
        let is_queued = is_retryable(state)
            && store::requeue(cx.conn, cx.now, (office, path.0), &found.address)?;
        if !is_queued {
            let now = store::find(cx.conn, office, path.0)?.ok_or(Fault::NotFound)?;
            return Err(Fault::Transition {
                current: State::parse(&now.state).unwrap_or(state).as_str(),
                action: "retry",
                allowed: vec![],
            }
            .into());
        }
        let facts = serde_json::json!({"from": state});
        cx.audit("notification.retry", "notification", path.0.uuid(), facts)?;
        let after = store::find(cx.conn, office, path.0)?.ok_or(Fault::NotFound)?;
        Ok(Reply::ok(&NotificationView::of(zone, after, true))?)
    })
    .await
}

async fn show_preferences(call: Call) -> Answer {
    call.read(move |cx| {
        let (column, version) = store::preferences(cx.conn, cx.actor.id)?;
        Ok(Reply::ok(&Preferences::from_column(&column))?.versioned(version))
    })
    .await
}

async fn put_preferences(call: Call, body: ApiJson<PreferencesBody>) -> Answer {
    call.write(move |cx| {
        let (column, version) = store::preferences(cx.conn, cx.actor.id)?;
        cx.expected.require(version)?;
        let body = body.parse()?;
        let patch = PreferencesPatch {
            session: Some(body.session),
            plan: Some(body.plan),
        };
        let (old, column) = (Preferences::from_column(&column), patch.over(&column));
        if Preferences::from_column(&column) == old {
            return Ok(Reply::ok(&old)?.versioned(version));
        }
        if !store::prefer(cx.conn, cx.now, (cx.actor.id, version), &column)? {
            return Err(Fault::Stale.into());
        }
        Ok(Reply::ok(&Preferences::from_column(&column))?.versioned(version + 1))
    })
    .await
}

/// What a link in a mail leads to: for whoever the mail went to alone, and everybody else's token is
/// dead.
async fn open_link(call: Call, body: ApiJson<LinkBody>) -> Answer {
    call.read(move |cx| {
        let body = body.parse()?;
        let message = opened(&cx.platform.keys, &body.token).ok_or(Fault::Token)?;
        let whose = (cx.office(), cx.actor.id);
        let found = store::object(cx.conn, whose, message)?.ok_or(Fault::Token)?;
        // Whoever stands back since then is told of nothing about it any more.
        if store::is_aside(cx.conn, cx.actor.id, &found)? {
            return Err(Fault::Token.into());
        }
        Ok(Reply::ok(&LinkView::of(found))?)
    })
    .await
}

fn token_of(request: &HttpRequest) -> String {
    let token = request.match_info().get("token");
    token.unwrap_or_default().to_owned()
}

/// The same for every token, living or dead: mail scanners open links. A browser is shown the page
/// with the button.
async fn explain_unsubscribe(visit: Visit) -> Answer {
    let request = visit.request();
    let accepted = request.headers().get(ACCEPT);
    let is_browser = accepted
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"));
    let token = token_of(request);
    if is_browser && token::decode(&token).is_some() {
        // Relative, so that a proxy may add a prefix.
        let page = format!("../../../go#s.{token}");
        return Ok(Reply::see_other(&page).answer(None));
    }
    let view = UnsubscribeView { acts_on: "POST" };
    Ok(Reply::ok(&view)?.answer(None))
}

/// Hears whether the holder of an address wants outreach there.
async fn heard(visit: Visit, is_wanted: bool) -> Answer {
    let token = token_of(visit.request());
    visit
        .write(move |open| {
            let found = store::unsubscriber(open.conn, open.now, &token)?;
            let (office, address) = found.ok_or(Fault::Token)?;
            if is_wanted {
                store::opt_in(open.conn, office, &address)?;
            } else {
                store::opt_out(open.conn, open.now, office, &address)?;
            }
            Ok(())
        })
        .await?;
    Ok(Reply::no_content().answer(None))
}

async fn unsubscribe(visit: Visit) -> Answer {
    heard(visit, false).await
}

async fn resubscribe(visit: Visit) -> Answer {
    heard(visit, true).await
}

const MINE: &str = "/me/notification-preferences";
const STOP: &str = "/unsubscribe/{token}";

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("Notifications");
    api.get("/notifications", "list_notifications", list)
        .summary("What became of mails, newest first: never their kind or what they say")
        .query::<NotificationsQuery>()
        .pages::<NotificationView>();
    api.post("/notifications/{id}/retry", "retry_notification", retry)
        .summary("Queue a message that failed or bounced once more")
        .answers::<NotificationView>(200)
        .errors(&["action-not-allowed"]);
    api.get("/me/notifications", "list_own_notifications", list_own)
        .summary("The caller's own messages, newest first")
        .query::<OwnNotificationsQuery>()
        .pages::<OwnNotificationView>();
    api.get(MINE, "show_notification_preferences", show_preferences)
        .summary("Which mails the caller wants")
        .answers::<Preferences>(200);
    api.put(MINE, "put_notification_preferences", put_preferences)
        .summary("Say which mails are wanted")
        .guarded()
        .body::<PreferencesBody>()
        .answers::<Preferences>(200);
    api.post("/me/links/open", "open_link", open_link)
        .summary("What a link in a mail to the caller leads to; the token opens nothing by itself")
        .body::<LinkBody>()
        .answers::<LinkView>(200)
        .errors(&["token-invalid"]);
    api.get(STOP, "explain_unsubscribe", explain_unsubscribe)
        .summary(
            "Tell what a POST would do, a browser by the page of links; the same for every token",
        )
        .public()
        .answers::<UnsubscribeView>(200)
        .answers_empty(303);
    api.post(STOP, "unsubscribe", unsubscribe)
        .summary("One click: end invitations and reminders to an address")
        .public()
        .answers_empty(204)
        .errors(&["token-invalid"]);
    api.delete(STOP, "resubscribe", resubscribe)
        .summary("Take that back, by the same link: invitations and reminders come again")
        .public()
        .answers_empty(204)
        .errors(&["token-invalid"]);
}
