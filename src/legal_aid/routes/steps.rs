//! Routes of the steps of a request.

use actix_web::HttpResponse;

use super::requests::{ONE, answer};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::{Call, Cx};
use crate::legal_aid::model::{LegalAidRequest, Request};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::{conflict, step as service, submit as submission, withdrawal};
use crate::legal_aid::status::Action;
use crate::legal_aid::view::centre::{
    CentreAssignmentBody, CentreDecisionBody, CentreReceiptBody, ReferBody,
};
use crate::legal_aid::view::own::OwnLegalAidRequestView;
use crate::legal_aid::view::request::LegalAidRequestView;
use crate::legal_aid::view::step::{
    ConfirmWithdrawalBody, DeclareConflictBody, LegalAidKeepBody, LegalAidNoteBody,
    LegalAidOutcomeBody, LegalAidReasonBody, LegalAidRedirectBody, LegalAidWithdrawBody,
    RequestSupplementBody, SupplementBody,
};
use crate::office::work::Work;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

/// Takes a step of staff and answers with the request.
async fn act_as_staff<F>(call: Call, mut step: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Scope) -> Result<Request, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, eyes) = policy::intake(cx)?;
        let (mut work, scope) = (work.expecting(expected), Scope::Staff(eyes));
        let request = step(&mut work, &scope)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

/// Takes a step of a family, or of staff on its word.
async fn act<F>(call: Call, mut step: F) -> Answer
where
    F: FnMut(&mut Work<'_>, &Scope) -> Result<Request, Problem> + Send + 'static,
{
    call.write(move |cx: &mut Cx<'_>| {
        let expected = cx.expected;
        let (work, scope) = policy::anyone(cx)?;
        let mut work = work.expecting(expected);
        let request = step(&mut work, &scope)?;
        answer(&mut work, &scope, &request)
    })
    .await
}

async fn submit(call: Call, path: Path) -> Answer {
    act(call, move |work, scope| {
        Ok(submission::submit(work, scope, path.0)?)
    })
    .await
}

async fn request_supplement(
    call: Call,
    path: Path,
    body: ApiJson<RequestSupplementBody>,
) -> Answer {
    act_as_staff(call, move |work, scope| {
        let wanted = body.parse()?.read()?;
        Ok(service::request_supplement(work, scope, path.0, wanted)?)
    })
    .await
}

async fn supplement(call: Call, path: Path, body: ApiJson<SupplementBody>) -> Answer {
    act(call, move |work, scope| {
        let more = body.parse()?.read()?;
        Ok(service::supplement(work, scope, path.0, more)?)
    })
    .await
}

async fn refer(call: Call, path: Path, body: ApiJson<ReferBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let sending = body.parse()?.read(work.zone().day(work.now))?;
        Ok(service::refer(work, scope, path.0, sending)?)
    })
    .await
}

async fn record_receipt(call: Call, path: Path, body: ApiJson<CentreReceiptBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let receipt = body.parse()?.read(work.zone().day(work.now))?;
        Ok(service::record_receipt(work, scope, path.0, receipt)?)
    })
    .await
}

async fn record_decision(call: Call, path: Path, body: ApiJson<CentreDecisionBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let body = body.parse()?;
        let (decision, is_correction) = (body.read(work.zone().day(work.now))?, body.correct);
        Ok(service::record_decision(
            work,
            scope,
            path.0,
            (decision, is_correction),
        )?)
    })
    .await
}

async fn send_back(call: Call, path: Path, body: ApiJson<LegalAidReasonBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let recorded = body.parse()?.read()?;
        Ok(service::send_back(work, scope, path.0, recorded)?)
    })
    .await
}

async fn assign(call: Call, path: Path, body: ApiJson<CentreAssignmentBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let assignment = body.parse()?.read(work.zone().day(work.now))?;
        Ok(service::assign(work, scope, path.0, assignment)?)
    })
    .await
}

async fn start(call: Call, path: Path, body: ApiJson<LegalAidNoteBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let recorded = body.parse()?.read()?;
        Ok(service::start(work, scope, path.0, recorded)?)
    })
    .await
}

async fn complete(call: Call, path: Path, body: ApiJson<LegalAidOutcomeBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let (what, outcome) = ((path.0, Action::Complete), body.parse()?.read()?);
        Ok(service::end(work, scope, what, outcome)?)
    })
    .await
}

async fn discontinue(call: Call, path: Path, body: ApiJson<LegalAidOutcomeBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let (what, outcome) = ((path.0, Action::Discontinue), body.parse()?.read()?);
        Ok(service::end(work, scope, what, outcome)?)
    })
    .await
}

async fn redirect(call: Call, path: Path, body: ApiJson<LegalAidRedirectBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        let way = body.parse()?.read()?;
        Ok(service::redirect(work, scope, path.0, way)?)
    })
    .await
}

async fn insist(call: Call, path: Path, body: ApiJson<LegalAidNoteBody>) -> Answer {
    act(call, move |work, scope| {
        let recorded = body.parse()?.read()?;
        Ok(service::insist(work, scope, path.0, recorded)?)
    })
    .await
}

async fn void(call: Call, path: Path, body: ApiJson<LegalAidReasonBody>) -> Answer {
    act_as_staff(call, move |work, scope| {
        policy::require_supervisor(scope)?;
        let recorded = body.parse()?.read()?;
        Ok(service::void(work, scope, path.0, recorded)?)
    })
    .await
}

async fn withdraw(call: Call, path: Path, body: ApiJson<LegalAidWithdrawBody>) -> Answer {
    act(call, move |work, scope| {
        let reason = body.parse()?.read()?;
        Ok(withdrawal::ask(work, scope, path.0, reason)?)
    })
    .await
}

async fn keep(call: Call, path: Path, body: ApiJson<LegalAidKeepBody>) -> Answer {
    act(call, move |work, scope| {
        let how = body.parse()?.read()?;
        Ok(withdrawal::keep(work, scope, path.0, how)?)
    })
    .await
}

async fn confirm_withdrawal(
    call: Call,
    path: Path,
    body: ApiJson<ConfirmWithdrawalBody>,
) -> Answer {
    act_as_staff(call, move |work, scope| {
        let how = body.parse()?.read()?;
        Ok(withdrawal::confirm(work, scope, path.0, how)?)
    })
    .await
}

/// Whoever stands back no longer sees the request, so nothing of it is answered.
async fn declare_conflict(call: Call, path: Path, body: ApiJson<DeclareConflictBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, eyes) = policy::intake(cx)?;
        let what = body.parse()?.read(eyes.user)?;
        conflict::declare(&mut work, eyes, path.0, what)?;
        Ok(Reply::no_content())
    })
    .await
}

const BOTH: &[&str] = &["action-not-allowed"];

/// Mounts the routes of steps.
pub(super) fn mount(api: &mut Api) {
    mount_families(api);
    mount_referral(api);
    mount_ends(api);
}

fn verb(verb: &str) -> String {
    format!("{ONE}/{verb}")
}

fn mount_families(api: &mut Api) {
    api.post(&verb("submit"), "submit_legal_aid_request", submit)
        .summary("Hand a draft in; whatever form 02-TP-TGPL lacks is told at once")
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200)
        .errors(BOTH);
    api.post(
        &verb("supplement"),
        "supplement_legal_aid_request",
        supplement,
    )
    .summary("Say that papers were handed in, that the rest will follow, or why it cannot")
    .body::<SupplementBody>()
    .answers::<LegalAidRequestView>(200)
    .answers::<OwnLegalAidRequestView>(200)
    .errors(&["action-not-allowed", "nothing-new"]);
    api.post(&verb("insist"), "insist_on_legal_aid_referral", insist)
        .summary("Want it sent to the Centre all the same, after another way was shown")
        .body::<LegalAidNoteBody>()
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200)
        .errors(BOTH);
    api.post(&verb("withdraw"), "withdraw_legal_aid_request", withdraw)
        .summary("Ask to take a request back; it goes on until an officer has asked by a safe way")
        .body::<LegalAidWithdrawBody>()
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200)
        .errors(BOTH);
    api.post(&verb("keep"), "keep_legal_aid_request", keep)
        .summary("Leave a request as it is after all; staff say how the family was asked")
        .body::<LegalAidKeepBody>()
        .answers::<LegalAidRequestView>(200)
        .answers::<OwnLegalAidRequestView>(200)
        .errors(BOTH);
}

fn mount_referral(api: &mut Api) {
    api.post(
        &verb("request-supplement"),
        "request_legal_aid_supplement",
        request_supplement,
    )
    .summary("Say which papers are wanted; the ward's clock stands while the family's runs")
    .body::<RequestSupplementBody>()
    .answers::<LegalAidRequestView>(200)
    .errors(BOTH);
    api.post(&verb("refer"), "refer_legal_aid_request", refer)
        .summary("Send a request to the Centre; after a refusal, once more")
        .body::<ReferBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(&["action-not-allowed", "papers-missing"]);
    api.post(
        &verb("record-receipt"),
        "record_legal_aid_receipt",
        record_receipt,
    )
    .summary("Note the Centre's receipt")
    .body::<CentreReceiptBody>()
    .answers::<LegalAidRequestView>(200)
    .errors(BOTH);
    api.post(
        &verb("record-decision"),
        "record_legal_aid_decision",
        record_decision,
    )
    .summary("Note what the Centre decided, or put it right; a refusal has reason, number and date")
    .body::<CentreDecisionBody>()
    .answers::<LegalAidRequestView>(200)
    .errors(&["action-not-allowed", "decision-stands"]);
    api.post(&verb("return"), "return_legal_aid_request", send_back)
        .summary("Note that the Centre sent it back")
        .body::<LegalAidReasonBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
    api.post(&verb("assign"), "assign_legal_aid_request", assign)
        .summary("Note whom the Centre named")
        .body::<CentreAssignmentBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
    api.post(&verb("start"), "start_legal_aid_request", start)
        .summary("Note that the work began")
        .body::<LegalAidNoteBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
}

fn mount_ends(api: &mut Api) {
    api.post(&verb("complete"), "complete_legal_aid_request", complete)
        .summary("Note that it is done, and what came of it")
        .body::<LegalAidOutcomeBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
    api.post(
        &verb("discontinue"),
        "discontinue_legal_aid_request",
        discontinue,
    )
    .summary("Note that it ended before it was done")
    .body::<LegalAidOutcomeBody>()
    .answers::<LegalAidRequestView>(200)
    .errors(BOTH);
    api.post(&verb("redirect"), "redirect_legal_aid_request", redirect)
        .summary("Show the family another way; it may insist on being referred")
        .body::<LegalAidRedirectBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
    api.post(&verb("void"), "void_legal_aid_request", void)
        .summary("Strike out a mistake; supervisors only")
        .body::<LegalAidReasonBody>()
        .answers::<LegalAidRequestView>(200)
        .errors(BOTH);
    api.post(
        &verb("confirm-withdrawal"),
        "confirm_legal_aid_withdrawal",
        confirm_withdrawal,
    )
    .summary("The family was asked by a safe way and means it; a supervisor confirms where harm is feared")
    .body::<ConfirmWithdrawalBody>()
    .answers::<LegalAidRequestView>(200)
    .errors(&["action-not-allowed", "own-act"]);
    api.post(
        &verb("declare-conflict"),
        "declare_legal_aid_conflict",
        declare_conflict,
    )
    .summary("Stand back for a conflict of interest; the request is then missing for that person")
    .body::<DeclareConflictBody>()
    .answers_empty(204)
    .errors(&["action-not-allowed", "nobody-left"]);
}
