//! Routes of the follow-ups of a case.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::model::CounsellingCase;
use crate::counselling::policy::{self, Eyes};
use crate::counselling::record::FollowUpId;
use crate::counselling::service::follow_up::{self as service, Standing};
use crate::counselling::view::follow_up::{
    CompleteFollowUpBody, FollowUpBody, FollowUpPatch, FollowUpView, FollowUpsView,
    MoveFollowUpBody,
};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

fn follow_up_id(call: &Call) -> Result<FollowUpId, Problem> {
    Ok(path_id(call.request(), "fid")?)
}

/// A follow-up; what may be done to it only for who writes in its case.
fn answer(work: &Work<'_>, standing: Standing, records: bool) -> Result<Reply, Problem> {
    let version = standing.one.version;
    let view = FollowUpView::of(work.zone(), standing, records);
    Ok(Reply::ok(&view)?.versioned(version))
}

async fn list(call: Call, path: Path) -> Answer {
    reading::read(call, path.0, "follow-ups", |work, eyes, case| {
        let all = service::list(work, case)?.into_iter();
        let (zone, records) = (work.zone(), policy::records(case, eyes));
        let items = all.map(|one| FollowUpView::of(zone, one, records));
        let items = items.collect();
        Ok(Reply::ok(&FollowUpsView { items })?)
    })
    .await
}

async fn create(call: Call, path: Path, body: ApiJson<FollowUpBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let draft = body.parse()?.read()?;
        let standing = service::create(&mut work, &eyes, path.0, draft)?;
        let (id, version) = (standing.one.id, standing.one.version);
        let location = format!("/counselling-cases/{}/follow-ups/{id}", path.0);
        let view = FollowUpView::of(work.zone(), standing, true);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    let id = follow_up_id(&call)?;
    reading::read(call, path.0, "follow-up", move |work, eyes, case| {
        let standing = service::load(work, case, id)?;
        answer(work, standing, policy::records(case, eyes))
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<FollowUpPatch>) -> Answer {
    let id = follow_up_id(&call)?;
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let changes = body.parse()?;
        let place = (path.0, id);
        let standing = service::edit(&mut work, &eyes, place, expected, |old| changes.over(old))?;
        answer(&work, standing, true)
    })
    .await
}

/// Runs an action on a follow-up and answers with it.
async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes, FollowUpId) -> Result<Standing, Problem> + Send + 'static,
{
    let id = follow_up_id(&call)?;
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let standing = action(&mut work, &eyes, id)?;
        answer(&work, standing, true)
    })
    .await
}

async fn complete(call: Call, path: Path, body: ApiJson<CompleteFollowUpBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let said = body.parse()?.read()?;
        Ok(service::complete(work, eyes, (path.0, id), said)?)
    })
    .await
}

async fn waive(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let reason = body.parse()?.read()?;
        Ok(service::waive(work, eyes, (path.0, id), reason)?)
    })
    .await
}

async fn put_off(call: Call, path: Path, body: ApiJson<MoveFollowUpBody>) -> Answer {
    act(call, move |work, eyes, id| {
        let to = body.parse()?.read()?;
        Ok(service::put_off(work, eyes, (path.0, id), to)?)
    })
    .await
}

const ALL: &str = "/counselling-cases/{id}/follow-ups";
const ONE: &str = "/counselling-cases/{id}/follow-ups/{fid}";

/// Mounts the routes of follow-ups.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_follow_ups", list)
        .summary("What follows in a case, reports after an adoption among it, the next due first")
        .answers::<FollowUpsView>(200);
    api.post(ALL, "create_follow_up", create)
        .summary("Enter something that is to follow")
        .body::<FollowUpBody>()
        .answers::<FollowUpView>(201)
        .errors(&["action-not-allowed"]);
    api.get(ONE, "show_follow_up", show)
        .summary("One follow-up")
        .answers::<FollowUpView>(200);
    api.patch(ONE, "edit_follow_up", edit)
        .summary("Change what is written of it")
        .body::<FollowUpPatch>()
        .answers::<FollowUpView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/complete"), "complete_follow_up", complete)
        .summary("It was done")
        .body::<CompleteFollowUpBody>()
        .answers::<FollowUpView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/waive"), "waive_follow_up", waive)
        .summary("Nobody needs it any more")
        .body::<CaseReasonBody>()
        .answers::<FollowUpView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&format!("{ONE}/move"), "move_follow_up", put_off)
        .summary("Put it on another day")
        .body::<MoveFollowUpBody>()
        .answers::<FollowUpView>(200)
        .errors(&["action-not-allowed"]);
}
