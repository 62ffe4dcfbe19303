//! Routes of cases.

use actix_web::HttpResponse;

use super::reading;
use crate::counselling::model::{Case, CaseId, CounsellingCase};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::{case as service, closing, hindrance, phase, supervision};
use crate::counselling::status::CaseAction;
use crate::counselling::store::case::{self as store, Filter};
use crate::counselling::store::event::{self, Entry, EventId};
use crate::counselling::view::case::{
    CounsellingCaseBody, CounsellingCasePatch, CounsellingCaseView, CounsellingCasesQuery,
};
use crate::counselling::view::case_step::{
    AdvancePhaseBody, AskClosingBody, AssignSupervisorBody, CorrectPhaseBody, TransferBody,
};
use crate::counselling::view::timeline::{TimelineEntryView, TimelineQuery};
use crate::counselling::view::words::CaseReasonBody;
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::{Call, Cx};
use crate::kernel::code;
use crate::office::work::Work;

type Path = IdPath<CounsellingCase>;
type Answer = Result<HttpResponse, Problem>;

async fn list(call: Call, mut query: ApiQuery<CounsellingCasesQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let query = query.parse()?;
        let unsupervised = match query.unsupervised {
            Some(is_wanted) => Some((is_wanted, supervision::at_work(&mut work)?)),
            None => None,
        };
        let filter = Filter {
            status: query.status,
            phase: query.phase,
            counsellor: query.counsellor,
            supervisor: query.supervisor,
            unsupervised,
            code: query.code.as_deref().map(code::sought),
            updated_since: query.updated_since,
        };
        let after = query.after_time::<CaseId>()?;
        let found = store::page(&mut work, &eyes, &filter, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(&mut work, &eyes, &filter)?)
        } else {
            None
        };
        let page = query.cut(found, total, CounsellingCaseView::key);
        let zone = work.zone();
        // What holds a step back is looked up for one case; a list promises no phase it may hold.
        let next = [CaseAction::AdvancePhase.as_str()];
        Ok(Reply::ok(&page.map(|one| {
            let held: &[&str] = if phase::may_be_held(&one) { &next } else { &[] };
            CounsellingCaseView::of(zone, &one, &eyes).without(held)
        }))?)
    })
    .await
}

/// A case with what these eyes may do to it now; what is held back is looked up.
fn answer(work: &mut Work<'_>, eyes: &Eyes, case: &Case) -> Result<Reply, Problem> {
    let held = hindrance::of(work, eyes, case)?;
    let view = CounsellingCaseView::of(work.zone(), case, eyes).without(&held);
    Ok(Reply::ok(&view)?.versioned(case.version))
}

async fn create(call: Call, body: ApiJson<CounsellingCaseBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let new = body.parse()?.read(&eyes)?;
        let case = service::open(&mut work, new)?;
        let view = CounsellingCaseView::of(work.zone(), &case, &eyes);
        let location = format!("/counselling-cases/{}", case.id);
        Ok(Reply::created(&location, &view)?.versioned(case.version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    reading::read(call, path.0, "case", answer).await
}

async fn edit(call: Call, path: Path, body: ApiJson<CounsellingCasePatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, eyes) = policy::casework(cx)?;
        let changes = body.parse()?;
        let case = service::edit(&mut work, &eyes, path.0, expected, |old| changes.over(old))?;
        answer(&mut work, &eyes, &case)
    })
    .await
}

/// Runs an action on a case and answers with it.
pub(super) async fn act<F>(call: Call, mut action: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Eyes) -> Result<Case, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, eyes) = policy::casework(cx)?;
        let mut work = work.expecting(expected);
        let case = action(&mut work, &eyes)?;
        answer(&mut work, &eyes, &case)
    })
    .await
}

/// An action whose only word is a reason.
pub(super) type Reasoned =
    fn(&mut Work<'_>, &Eyes, CaseId, &str) -> Result<Case, crate::counselling::Error>;

/// The same, for an action that wants a reason.
pub(super) async fn act_for(
    call: Call,
    path: Path,
    body: ApiJson<CaseReasonBody>,
    action: Reasoned,
) -> Answer {
    act(call, move |work, eyes| {
        let reason = body.parse()?.read()?;
        Ok(action(work, eyes, path.0, &reason)?)
    })
    .await
}

async fn hold(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, service::hold).await
}

async fn resume(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, service::resume).await
}

async fn reject_closing(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, closing::reject_closing).await
}

async fn reopen(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, closing::reopen).await
}

async fn confirm_in_family(call: Call, path: Path, body: ApiJson<CaseReasonBody>) -> Answer {
    act_for(call, path, body, service::confirm_in_family).await
}

/// A counsellor who gives a reason to go on with an open checklist is refused as before, and the
/// supervisor, who may, is asked.
async fn advance(call: Call, path: Path, body: ApiJson<AdvancePhaseBody>) -> Answer {
    let again = call.clone();
    let wish = body
        .parse()
        .and_then(|body| Ok(body.read()?))
        .ok()
        .flatten();
    let done = act(call, move |work, eyes| {
        let reason = body.parse()?.read()?;
        Ok(phase::advance(work, eyes, path.0, reason.as_deref())?)
    });
    match (done.await, wish) {
        (Err(problem), Some(reason)) if problem.code() == "checklist-open" => {
            let asked = again.part(move |cx| {
                let (mut work, eyes) = policy::casework(cx)?;
                Ok(phase::want_override(&mut work, &eyes, path.0, &reason)?)
            });
            asked.await?;
            Err(problem)
        }
        (other, _) => other,
    }
}

async fn correct(call: Call, path: Path, body: ApiJson<CorrectPhaseBody>) -> Answer {
    act(call, move |work, eyes| {
        let (phase, reason) = body.parse()?.read()?;
        Ok(phase::correct(work, eyes, path.0, (phase, &reason))?)
    })
    .await
}

async fn transfer(call: Call, path: Path, body: ApiJson<TransferBody>) -> Answer {
    act(call, move |work, eyes| {
        let (to, reason) = body.parse()?.read()?;
        Ok(service::transfer(work, eyes, path.0, (to, &reason))?)
    })
    .await
}

async fn assign_supervisor(call: Call, path: Path, body: ApiJson<AssignSupervisorBody>) -> Answer {
    act(call, move |work, eyes| {
        let (to, reason) = body.parse()?.read()?;
        Ok(supervision::assign(work, eyes, path.0, (to, &reason))?)
    })
    .await
}

async fn accept_transfer(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes| {
        let action = CaseAction::AcceptTransfer;
        Ok(service::answer_transfer(work, eyes, path.0, action)?)
    })
    .await
}

/// Whoever does not take a case over no longer sees it, so nothing of it is answered.
async fn decline_transfer(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        service::answer_transfer(&mut work, &eyes, path.0, CaseAction::DeclineTransfer)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn ask_closing(call: Call, path: Path, body: ApiJson<AskClosingBody>) -> Answer {
    act(call, move |work, eyes| {
        let (outcome, reason) = body.parse()?.read()?;
        Ok(closing::ask_closing(
            work,
            eyes,
            path.0,
            (outcome, &reason),
        )?)
    })
    .await
}

async fn approve_closing(call: Call, path: Path) -> Answer {
    act(call, move |work, eyes| {
        Ok(closing::approve_closing(work, eyes, path.0)?)
    })
    .await
}

async fn timeline(call: Call, path: Path, mut query: ApiQuery<TimelineQuery>) -> Answer {
    reading::read(call, path.0, "timeline", move |work, _, case| {
        let query = query.parse()?;
        let after = query.after_time::<EventId>()?;
        let found = event::page(work, case, after, query.limit())?;
        let total = if query.wants_total() {
            Some(event::count(work.conn, case.id)?)
        } else {
            None
        };
        let key = |entry: &Entry| (entry.at.micros(), entry.id);
        let page = query.cut(found, total, key);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|entry| TimelineEntryView::of(zone, entry)),
        )?)
    })
    .await
}

const ALL: &str = "/counselling-cases";
const ONE: &str = "/counselling-cases/{id}";

/// Mounts the routes of cases.
pub(super) fn mount(api: &mut Api) {
    api.get(ALL, "list_counselling_cases", list)
        .summary("Cases by age: a supervisor's office, a counsellor's own")
        .query::<CounsellingCasesQuery>()
        .pages::<CounsellingCaseView>();
    api.post(ALL, "create_counselling_case", create)
        .summary("Open a case that no request came before")
        .body::<CounsellingCaseBody>()
        .answers::<CounsellingCaseView>(201);
    api.get(ONE, "show_counselling_case", show)
        .summary("One case")
        .answers::<CounsellingCaseView>(200);
    api.patch(ONE, "edit_counselling_case", edit)
        .summary("Change what a case is about, and what of its phase is done")
        .body::<CounsellingCasePatch>()
        .answers::<CounsellingCaseView>(200)
        .errors(&[
            "action-not-allowed",
            "consent-window-open",
            "consent-lacking",
        ]);
    api.get(&format!("{ONE}/timeline"), "show_case_timeline", timeline)
        .summary("What happened to a case, in order")
        .query::<TimelineQuery>()
        .pages::<TimelineEntryView>();
    mount_phases(api);
    mount_hands(api);
}

fn mount_phases(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.post(&action("advance-phase"), "advance_case_phase", advance)
        .summary("To the next phase; a supervisor overrides an open checklist, others ask for that")
        .body::<AdvancePhaseBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&[
            "action-not-allowed",
            "checklist-open",
            "consent-window-open",
            "consent-lacking",
        ]);
    api.post(&action("correct-phase"), "correct_case_phase", correct)
        .summary("To the phase a case really is in; past counts do not move")
        .body::<CorrectPhaseBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&[
            "action-not-allowed",
            "own-act",
            "consent-window-open",
            "consent-lacking",
        ]);
    api.post(
        &action("confirm-in-family"),
        "confirm_in_family_adoption",
        confirm_in_family,
    )
    .summary("A supervisor says that adopter and child are of one family, and why")
    .body::<CaseReasonBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed", "own-act"]);
    api.post(&action("hold"), "hold_case", hold)
        .summary("Let a case rest")
        .body::<CaseReasonBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed"]);
    api.post(&action("resume"), "resume_case", resume)
        .summary("Go on; after a consent's withdrawal the supervisor alone")
        .body::<CaseReasonBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed", "own-act"]);
}

fn mount_hands(api: &mut Api) {
    let action = |verb: &str| format!("{ONE}/{verb}");
    api.post(&action("transfer"), "transfer_case", transfer)
        .summary("Offer a case to another counsellor, or to yet another; whoever counsels it signs first")
        .body::<TransferBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed", "drafts-open"]);
    api.post(&action("accept-transfer"), "accept_case", accept_transfer)
        .summary("Take a case over")
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed"]);
    api.post(
        &action("decline-transfer"),
        "decline_case",
        decline_transfer,
    )
    .summary("Not take it over")
    .answers_empty(204)
    .errors(&["action-not-allowed"]);
    api.post(
        &action("assign-supervisor"),
        "assign_case_supervisor",
        assign_supervisor,
    )
    .summary("Give a case to another supervisor: whoever supervises it, or any where nobody does")
    .body::<AssignSupervisorBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed", "own-act"]);
    api.post(&action("ask-closing"), "ask_case_closing", ask_closing)
        .summary("Ask for the end of a case; another person approves")
        .body::<AskClosingBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed", "drafts-open"]);
    api.post(
        &action("approve-closing"),
        "approve_case_closing",
        approve_closing,
    )
    .summary("End a case: a supervisor who neither counsels it nor asked")
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed", "own-act", "drafts-open"]);
    api.post(
        &action("reject-closing"),
        "reject_case_closing",
        reject_closing,
    )
    .summary("Not end it")
    .body::<CaseReasonBody>()
    .answers::<CounsellingCaseView>(200)
    .errors(&["action-not-allowed", "own-act"]);
    api.post(&action("reopen"), "reopen_case", reopen)
        .summary("Take an ended case up again")
        .body::<CaseReasonBody>()
        .answers::<CounsellingCaseView>(200)
        .errors(&["action-not-allowed", "own-act"]);
}
