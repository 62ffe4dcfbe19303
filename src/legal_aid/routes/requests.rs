//! Routes of requests: begun, listed, read, changed.

use actix_web::HttpResponse;

use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Asked, Paging, Problem, Reply};
use crate::identity::Call;
use crate::kernel::error::Check;
use crate::kernel::{Fault, civil, code};
use crate::legal_aid::model::{LegalAidRequest, Request, RequestId};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::{draft, reading, receipt, step};
use crate::legal_aid::store::event::{self, Entry, EventId};
use crate::legal_aid::store::request::{self as store, Filter, Place};
use crate::legal_aid::store::terms::{self, List};
use crate::legal_aid::view::body::LegalAidRequestBody;
use crate::legal_aid::view::own::OwnLegalAidRequestView;
use crate::legal_aid::view::request::{
    Beside, LegalAidRequestView, LegalAidRequestsQuery, RequestOrder,
};
use crate::legal_aid::view::timeline::{LegalAidTimelineEntryView, LegalAidTimelineQuery};
use crate::office::work::Work;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

fn filter(work: &mut Work<'_>, query: &LegalAidRequestsQuery) -> Result<Filter, Problem> {
    let mut check = Check::new();
    check.day("due_by", query.due_by);
    if let Some(field) = &query.field {
        let is_known = terms::load(work.conn)?.find(List::Field, field).is_some();
        check.rule(is_known, "field", "unknown-reference");
    }
    check.done()?;
    Ok(Filter {
        status: query.status,
        assignee: query.assignee,
        next_actor: query.next_actor,
        urgency: query.urgency,
        field: query.field.clone(),
        reference: query.reference.as_deref().map(as_written),
        code: query.code.as_deref().map(code::sought),
        due_by: query.due_by,
        updated_since: query.updated_since,
    })
}

/// A reference as it is written: a prefix has capitals alone.
fn as_written(reference: &str) -> String {
    reference.trim().to_uppercase()
}

/// The place to go on behind in the queue.
fn after(query: &Asked<'_, LegalAidRequestsQuery>) -> Result<Option<Place>, Fault> {
    match query.after::<Place>()? {
        Some((_, day, _)) if !civil::is_kept(day) => Err(Fault::rule("cursor", "cursor-invalid")),
        after => Ok(after),
    }
}

/// A list shows what each request says, so it is read like one: a row in the log names them all.
async fn list(call: Call, mut query: ApiQuery<LegalAidRequestsQuery>) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let (scope, query) = (Scope::Staff(eyes), query.parse()?);
        let (filter, limit) = (filter(&mut work, &query)?, query.limit());
        let is_queue = query.order == Some(RequestOrder::Due);
        let total = if query.wants_total() {
            Some(store::count(&mut work, &scope, &filter, is_queue)?)
        } else {
            None
        };
        let page = if is_queue {
            let found = store::queue(&mut work, &scope, &filter, after(&query)?, limit)?;
            query.cut(found, total, LegalAidRequestView::place)
        } else {
            let after = query.after_time::<RequestId>()?;
            let found = store::page(&mut work, &scope, &filter, after, limit)?;
            query.cut(found, total, LegalAidRequestView::key)
        };
        reading::listed(&mut work, &page.items)?;
        let zone = work.zone();
        Ok(Reply::ok(&page.map(|one| {
            LegalAidRequestView::of(zone, &one, &scope, Beside::default())
        }))?)
    })
    .await
}

/// A request as this caller sees it.
pub(super) fn answer(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
) -> Result<Reply, Problem> {
    let reply = match scope {
        Scope::Own(_) => Reply::ok(&own_view(work, scope, request)?)?,
        Scope::Staff(_) => Reply::ok(&staff_view(work, scope, request)?)?,
    };
    Ok(reply.versioned(request.version))
}

fn staff_view(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
) -> Result<LegalAidRequestView, Problem> {
    let beside = Beside {
        missing: step::missing(work, request)?,
        duplicates: store::duplicates(work, scope, request)?,
        has_receipt: receipt::is_there(work, request)?,
    };
    Ok(LegalAidRequestView::of(work.zone(), request, scope, beside))
}

pub(super) fn own_view(
    work: &mut Work<'_>,
    scope: &Scope,
    request: &Request,
) -> Result<OwnLegalAidRequestView, Problem> {
    let beside = reading::beside_own(work, request)?;
    Ok(OwnLegalAidRequestView::of(
        work.zone(),
        request,
        scope,
        beside,
    ))
}

async fn create(call: Call, body: ApiJson<LegalAidRequestBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let body = body.parse()?;
        draft::require_room(&mut work, &scope)?;
        let request = draft::begin(&mut work, &scope, |old, terms, by| {
            body.over(old, terms, by)
        })?;
        let location = format!("/legal-aid-requests/{}", request.id);
        let reply = match &scope {
            Scope::Own(_) => {
                let view = own_view(&mut work, &scope, &request)?;
                Reply::created(&location, &view)?
            }
            Scope::Staff(_) => {
                let view = staff_view(&mut work, &scope, &request)?;
                Reply::created(&location, &view)?
            }
        };
        Ok(reply.versioned(request.version))
    })
    .await
}

/// Reading writes: its row in the log and what is read are one transaction.
async fn show(call: Call, path: Path) -> Answer {
    call.write_secret(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let request = reading::read(&mut work, &scope, path.0)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<LegalAidRequestBody>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, scope) = policy::anyone(cx)?;
        let body = body.parse()?;
        let request = draft::edit(&mut work, &scope, path.0, expected, |old, terms, by| {
            body.over(old, terms, by)
        })?;
        answer(&mut work, &scope, &request)
    })
    .await
}

async fn delete(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, scope) = policy::anyone(cx)?;
        draft::delete(&mut work, &scope, path.0, expected)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn timeline(call: Call, path: Path, mut query: ApiQuery<LegalAidTimelineQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let query = query.parse()?;
        let request = store::load(&mut work, &Scope::Staff(eyes), path.0)?;
        let after = query.after_time::<EventId>()?;
        let found = event::page(&mut work, &request, after, query.limit())?;
        let total = if query.wants_total() {
            Some(event::count(work.conn, request.id)?)
        } else {
            None
        };
        let key = |entry: &Entry| (entry.at.micros(), entry.id);
        let page = query.cut(found, total, key);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|entry| LegalAidTimelineEntryView::of(zone, entry)),
        )?)
    })
    .await
}

pub(super) const ALL: &str = "/legal-aid-requests";
pub(super) const ONE: &str = "/legal-aid-requests/{id}";

/// Mounts the routes of requests.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_legal_aid_requests", list)
        .summary("The office's requests by age, or as a queue of what is to be done")
        .query::<LegalAidRequestsQuery>()
        .pages::<LegalAidRequestView>();
    api.post(ALL, "create_legal_aid_request", create)
        .summary("Begin a request: a family for itself, staff for a family; it may be incomplete")
        .body::<LegalAidRequestBody>()
        .answers::<LegalAidRequestView>(201)
        .answers::<OwnLegalAidRequestView>(201)
        .errors(&["requests-many"]);
    api.get(ONE, "show_legal_aid_request", show)
        .summary("One request; a family sees its own, in plain words")
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200);
    api.patch(ONE, "edit_legal_aid_request", edit)
        .summary("Change what a request says; a family, once it was sent, only how it is reached")
        .body::<LegalAidRequestBody>()
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200)
        .errors(&["action-not-allowed"]);
    api.delete(ONE, "delete_legal_aid_request", delete)
        .summary("Throw a draft away for good; what was sent is withdrawn instead")
        .guarded()
        .answers_empty(204)
        .errors(&["action-not-allowed"]);
    api.get(
        "/legal-aid-requests/{id}/timeline",
        "list_legal_aid_timeline",
        timeline,
    )
    .summary("What happened to a request, in order")
    .query::<LegalAidTimelineQuery>()
    .pages::<LegalAidTimelineEntryView>();
}
