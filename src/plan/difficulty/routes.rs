//! Routes of difficulties.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::service;
use super::status::DifficultyStatus;
use super::store::{Row, Wanted};
use super::view::{
    DifficultyAnswerBody, DifficultyBody, DifficultyCloseBody, DifficultyForwardBody,
    DifficultyPatch, DifficultyView,
};
use super::{Difficulty, DifficultyId};
use crate::http::request::{IdPath, Paging};
use crate::http::{Api, ApiJson, ApiQuery, Problem, Reply, list_query};
use crate::identity::Call;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Timestamp};
use crate::office::plan;
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::{self, Standing};

type Answer = Result<HttpResponse, Problem>;
type Path = IdPath<Difficulty>;

list_query! {
    /// `GET /difficulties`.
    pub(super) struct DifficultiesQuery {
        /// Of this agency.
        agency: AgencyId,
        /// About this task of the plan.
        plan_task: String,
        /// In this state.
        status: DifficultyStatus,
        /// The first day they were raised on.
        from: NaiveDate,
        /// The last one.
        to: NaiveDate,
        /// Words of the title.
        q: String,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

fn wanted(work: &mut Work<'_>, query: &DifficultiesQuery) -> Result<Wanted, Error> {
    let mut check = Check::new();
    check.window(query.from, query.to);
    if let Some(task) = &query.plan_task {
        let office = work.office_id();
        let is_known = plan::task_exists(work.conn, office, task)?;
        check.rule(is_known, "plan_task", "unknown-reference");
    }
    check.done()?;
    Ok(Wanted {
        agency: query.agency,
        plan_task: query.plan_task.clone(),
        status: query.status,
        from: query.from,
        to: query.to,
        q: query.q.clone(),
        updated_since: query.updated_since,
    })
}

async fn list(call: Call, mut query: ApiQuery<DifficultiesQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, standing) = policy::difficulties(cx)?;
        let query = query.parse()?;
        let place = (query.after::<DifficultyId>()?, query.limit());
        let wanted = wanted(&mut work, &query)?;
        let asked = query.wants_total();
        let (rows, total) = service::list(&mut work, standing, &wanted, place, asked)?;
        let page = query.cut(rows, total, |row| row.id);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|row| DifficultyView::of(zone, row, standing)),
        )?)
    })
    .await
}

fn answer(work: &Work<'_>, standing: Standing, row: Row) -> Result<Reply, Problem> {
    let version = row.version;
    Ok(Reply::ok(&DifficultyView::of(work.zone(), row, standing))?.versioned(version))
}

async fn raise(call: Call, body: ApiJson<DifficultyBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = policy::edit_difficulties(cx)?;
        let (agency, words) = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::raise(&mut work, standing, (agency, &words))?;
        let (location, version) = (format!("/difficulties/{}", row.id), row.version);
        let view = DifficultyView::of(work.zone(), row, standing);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, standing) = policy::difficulties(cx)?;
        let row = service::load(&mut work, standing, path.0)?;
        answer(&work, standing, row)
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<DifficultyPatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, standing) = policy::edit_difficulties(cx)?;
        let (change, today) = (body.parse()?, work.zone().day(work.now));
        let which = (path.0, expected);
        let row = service::edit(&mut work, standing, which, |old| change.over(old, today))?;
        answer(&work, standing, row)
    })
    .await
}

async fn forward(call: Call, path: Path, body: ApiJson<DifficultyForwardBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = policy::decide_difficulties(cx)?;
        let to = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::forward(&mut work, standing, path.0, &to)?;
        answer(&work, standing, row)
    })
    .await
}

async fn answer_it(call: Call, path: Path, body: ApiJson<DifficultyAnswerBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = policy::decide_difficulties(cx)?;
        let said = body.parse()?.check(work.zone().day(work.now))?;
        let row = service::answer(&mut work, standing, path.0, &said)?;
        answer(&work, standing, row)
    })
    .await
}

async fn close(call: Call, path: Path, body: ApiJson<DifficultyCloseBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = policy::decide_difficulties(cx)?;
        let reason = body.parse()?.check()?;
        let row = service::close(&mut work, standing, path.0, &reason)?;
        answer(&work, standing, row)
    })
    .await
}

/// Mounts the routes.
pub(in crate::plan) fn mount(api: &mut Api) {
    let (all, one) = ("/difficulties", "/difficulties/{id}");
    api.get(all, "list_difficulties", list)
        .summary("What agencies cannot solve, a contributor's own agency's, newest first.")
        .query::<DifficultiesQuery>()
        .pages::<DifficultyView>();
    api.post(all, "raise_difficulty", raise)
        .summary("Raises what an agency cannot solve, for a reporter to answer or to forward.")
        .body::<DifficultyBody>()
        .answers::<DifficultyView>(201);
    api.get(one, "show_difficulty", show)
        .summary("One difficulty.")
        .answers::<DifficultyView>(200);
    api.patch(one, "edit_difficulty", edit)
        .summary("Changes what a difficulty says, until it is forwarded or answered.")
        .body::<DifficultyPatch>()
        .answers::<DifficultyView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/difficulties/{id}/forward", "forward_difficulty", forward)
        .summary("Notes to whom it was forwarded, who can solve it.")
        .body::<DifficultyForwardBody>()
        .answers::<DifficultyView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/difficulties/{id}/answer", "answer_difficulty", answer_it)
        .summary("Keeps the answer, and tells whoever raised it.")
        .body::<DifficultyAnswerBody>()
        .answers::<DifficultyView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/difficulties/{id}/close", "close_difficulty", close)
        .summary("Says why nothing is left to do.")
        .body::<DifficultyCloseBody>()
        .answers::<DifficultyView>(200)
        .errors(&["action-not-allowed"]);
}
