//! Routes of requests.

use actix_web::HttpResponse;

use crate::counselling::model::{CounsellingRequest, Request, RequestId};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::request::{self as service, Asked};
use crate::counselling::service::request_fields;
use crate::counselling::store::contact_try;
use crate::counselling::store::request::{self as store, Filter, Scope};
use crate::counselling::view::case::CounsellingCaseView;
use crate::counselling::view::request::{
    AssignBody, CounsellingRequestBody, CounsellingRequestPatch, CounsellingRequestView,
    CounsellingRequestsQuery, OpenCaseBody, OwnCounsellingRequestView, RedirectBody, TryBody,
};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::{Call, Cx, Role};
use crate::kernel::code;
use crate::office::work::Work;

type Path = IdPath<CounsellingRequest>;
type Answer = Result<HttpResponse, Problem>;

/// Staff with the requests they see, or a family with its own.
fn look<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Scope), Problem> {
    if cx.actor.is(Role::Family) {
        let (work, user) = policy::family(cx)?;
        return Ok((work, Scope::Own(user)));
    }
    let (work, eyes) = policy::casework(cx)?;
    Ok((work, Scope::Staff(eyes)))
}

async fn list(call: Call, mut query: ApiQuery<CounsellingRequestsQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, scope) = look(cx)?;
        let query = query.parse()?;
        let filter = Filter {
            status: query.status,
            assignee: query.assignee,
            code: query.code.as_deref().map(code::sought),
            updated_since: query.updated_since,
        };
        let after = query.after_time::<RequestId>()?;
        let found = store::page(&mut work, &scope, &filter, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(&mut work, &scope, &filter)?)
        } else {
            None
        };
        let ids: Vec<RequestId> = found.iter().map(|one| one.id).collect();
        let tries = contact_try::of_all(work.conn, &ids)?;
        let page = query.cut(found, total, CounsellingRequestView::key);
        let zone = work.zone();
        Ok(match scope {
            Scope::Own(_) => Reply::ok(&page.map(|one| OwnCounsellingRequestView::of(zone, &one)))?,
            Scope::Staff(eyes) => Reply::ok(&page.map(|one| {
                let theirs = tries.get(&one.id).map_or(&[][..], Vec::as_slice);
                CounsellingRequestView::of(zone, &one, theirs, &eyes)
            }))?,
        })
    })
    .await
}

fn answer(work: &mut Work<'_>, scope: &Scope, request: &Request) -> Result<Reply, Problem> {
    let reply = match scope {
        Scope::Own(_) => Reply::ok(&OwnCounsellingRequestView::of(work.zone(), request))?,
        Scope::Staff(eyes) => Reply::ok(&staff_view(work, eyes, request)?)?,
    };
    Ok(reply.versioned(request.version))
}

fn staff_view(
    work: &mut Work<'_>,
    eyes: &Eyes,
    request: &Request,
) -> Result<CounsellingRequestView, Problem> {
    let tries = contact_try::of(work.conn, request.id)?;
    Ok(CounsellingRequestView::of(
        work.zone(),
        request,
        &tries,
        eyes,
    ))
}

async fn create(call: Call, body: ApiJson<CounsellingRequestBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, scope) = look(cx)?;
        let body = body.parse()?;
        let (request, reply) = match &scope {
            Scope::Own(user) => {
                let language = body.language();
                let (asked, _) = body.read(true)?;
                let request = service::ask(&mut work, *user, (asked, language))?;
                let view = OwnCounsellingRequestView::of(work.zone(), &request);
                let reply = Reply::created(&location(&request), &view)?;
                (request, reply)
            }
            Scope::Staff(eyes) => {
                let (asked, channel) = body.read(false)?;
                let request = service::enter(&mut work, channel, asked, eyes)?;
                let view = staff_view(&mut work, eyes, &request)?;
                let reply = Reply::created(&location(&request), &view)?;
                (request, reply)
            }
        };
        Ok(reply.versioned(request.version))
    })
    .await
}

fn location(request: &Request) -> String {
    format!("/counselling-requests/{}", request.id)
}

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, scope) = look(cx)?;
        let request = service::load(&mut work, &scope, path.0)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<CounsellingRequestPatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, scope) = look(cx)?;
        let changes = body.parse()?;
        let laid = |old: &Asked| changes.over(old);
        let request = request_fields::edit(&mut work, &scope, path.0, expected, laid)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

/// Runs an action of staff on a request and answers with it.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes) -> Result<Request, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, eyes) = policy::casework(cx)?;
        let mut work = work.expecting(expected);
        let request = action(&mut work, &eyes)?;
        answer(&mut work, &Scope::Staff(eyes), &request)
    })
    .await
}

async fn assign(call: Call, path: Path, body: ApiJson<AssignBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::supervise(cx)?;
        let request = service::assign(&mut work, &eyes, path.0, body.parse()?.assignee)?;
        answer(&mut work, &Scope::Staff(eyes), &request)
    })
    .await
}

async fn record_try(call: Call, path: Path, body: ApiJson<TryBody>) -> Answer {
    act(call, move |work, eyes| {
        let body = body.parse()?;
        let (means, is_reached) = (body.means, body.is_reached);
        Ok(service::record_try(
            work,
            eyes,
            path.0,
            (means, is_reached),
        )?)
    })
    .await
}

async fn redirect(call: Call, path: Path, body: ApiJson<RedirectBody>) -> Answer {
    act(call, move |work, eyes| {
        let to = body.parse()?.read()?;
        Ok(service::redirect(work, eyes, path.0, to)?)
    })
    .await
}

async fn mark_unreachable(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes| {
        Ok(service::mark_unreachable(work, eyes, path.0)?)
    })
    .await
}

async fn withdraw(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, scope) = look(cx)?;
        let request = service::withdraw(&mut work, &scope, path.0)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

async fn open_case(call: Call, path: Path, body: ApiJson<OpenCaseBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let new = body.parse()?.read(&eyes)?;
        let case = service::open_case(&mut work, &eyes, path.0, new)?;
        let view = CounsellingCaseView::of(work.zone(), &case, &eyes);
        let location = format!("/counselling-cases/{}", case.id);
        Ok(Reply::created(&location, &view)?.versioned(case.version))
    })
    .await
}

const ALL: &str = "/counselling-requests";
const ONE: &str = "/counselling-requests/{id}";

/// Mounts the routes of requests.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_counselling_requests", list)
        .summary("Requests by age: a supervisor's office, a counsellor's own, a family's own")
        .query::<CounsellingRequestsQuery>()
        .pages::<CounsellingRequestView>()
        .pages::<OwnCounsellingRequestView>();
    api.post(ALL, "create_counselling_request", create)
        .summary("Ask for counselling: a family for itself, staff for a family at the desk")
        .body::<CounsellingRequestBody>()
        .answers::<CounsellingRequestView>(201)
        .answers::<OwnCounsellingRequestView>(201)
        .errors(&["request-open", "requests-many"]);
    api.get(ONE, "show_counselling_request", show)
        .summary("One request; a family sees its own, without who works on it")
        .answers::<CounsellingRequestView>(200)
        .answers::<OwnCounsellingRequestView>(200);
    api.patch(ONE, "edit_counselling_request", edit)
        .summary("Put right who asks and how they are reached, before the request is over")
        .body::<CounsellingRequestPatch>()
        .answers::<CounsellingRequestView>(200)
        .answers::<OwnCounsellingRequestView>(200)
        .errors(&[
            "action-not-allowed",
            "appointment-slot-taken",
            "party-in-use",
        ]);
    mount_actions(api);
}

fn mount_actions(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.post(&action("assign"), "assign_counselling_request", assign)
        .summary("Give a request to a counsellor or supervisor")
        .body::<AssignBody>()
        .answers::<CounsellingRequestView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("record-try"), "record_contact_try", record_try)
        .summary("Note a try to reach the family; one that did makes it contacted")
        .body::<TryBody>()
        .answers::<CounsellingRequestView>(200)
        .errors(&["action-not-allowed"]);
    api.post(
        &action("redirect"),
        "redirect_counselling_request",
        redirect,
    )
    .summary("Show the family another way")
    .body::<RedirectBody>()
    .answers::<CounsellingRequestView>(200)
    .errors(&["action-not-allowed"]);
    api.post(
        &action("mark-unreachable"),
        "mark_counselling_request_unreachable",
        mark_unreachable,
    )
    .summary("Give up after three tries on different days; a later try takes it up again")
    .answers::<CounsellingRequestView>(200)
    .errors(&["action-not-allowed", "too-few-tries"]);
    api.post(
        &action("withdraw"),
        "withdraw_counselling_request",
        withdraw,
    )
    .summary("Take a request back: the family, or staff on its word")
    .answers::<CounsellingRequestView>(200)
    .answers::<OwnCounsellingRequestView>(200)
    .errors(&["action-not-allowed"]);
    api.post(&action("open-case"), "open_counselling_case", open_case)
        .summary("Make a case of a request; whoever asked is its first party")
        .body::<OpenCaseBody>()
        .answers::<CounsellingCaseView>(201)
        .errors(&["action-not-allowed"]);
}
