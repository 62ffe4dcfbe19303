//! Routes of what is owed.

use actix_web::HttpResponse;
use chrono::NaiveDate;

use super::catalogue::YEARS;
use super::service::{self, Wanted};
use super::status::ObligationStatus;
use super::view::{FileObligationBody, ObligationView, WithdrawFilingBody};
use super::{ObligationKind, Standing};
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, Paging};
use crate::http::{Api, Problem, Reply, list_query};
use crate::identity::Call;
use crate::kernel::error::Check;
use crate::kernel::{AgencyId, Language};
use crate::office::work::Work;
use crate::plan::policy::{self, Hand};

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /obligations`.
    pub(super) struct ObligationsQuery {
        /// Of this year; without it, of every year up to the next.
        year: i32,
        /// Standing so now.
        status: ObligationStatus,
        /// Of a kind.
        kind: ObligationKind,
        /// Owed by this agency.
        #[param(value_type = Option<String>, format = Uuid)]
        agency: AgencyId,
    }
}

/// What a list goes on behind: the last day and the key.
type Place = (NaiveDate, String);

fn place(one: &Standing) -> Place {
    (one.owed.last_day, one.owed.key.clone())
}

async fn list(call: Call, mut query: ApiQuery<ObligationsQuery>) -> Answer {
    call.read(move |cx| {
        let (language, hand) = (cx.language(), policy::filing(cx));
        let (mut work, _) = policy::look(cx)?;
        let query = query.parse()?;
        let after = query.after::<Place>()?;
        let mut check = Check::new();
        let is_fit = query.year.is_none_or(|year| YEARS.contains(&year));
        check.rule(is_fit, "year", "out-of-range");
        check.done()?;
        let wanted = Wanted {
            year: query.year,
            status: query.status,
            kind: query.kind,
            agency: query.agency,
        };
        let mut found = service::list(&mut work, &wanted)?;
        let total = query
            .wants_total()
            .then(|| i64::try_from(found.len()).unwrap_or(i64::MAX));
        if let Some(after) = after {
            found.retain(|one| place(one) > after);
        }
        let page = query.cut(found, total, place);
        Ok(Reply::ok(&page.map(|one| {
            ObligationView::of(&work, language, hand, one)
        }))?)
    })
    .await
}

fn key_of(call: &Call) -> String {
    let key = call.request().match_info().get("key");
    key.unwrap_or_default().to_owned()
}

fn answer(
    work: &Work<'_>,
    language: Language,
    hand: Hand,
    one: Standing,
) -> Result<Reply, Problem> {
    Ok(Reply::ok(&ObligationView::of(work, language, hand, one))?)
}

async fn show(call: Call) -> Answer {
    let key = key_of(&call);
    call.read(move |cx| {
        let (language, hand) = (cx.language(), policy::filing(cx));
        let (mut work, _) = policy::look(cx)?;
        let found = service::load(&mut work, &key)?;
        answer(&work, language, hand, found)
    })
    .await
}

async fn file(call: Call, body: ApiJson<FileObligationBody>) -> Answer {
    let key = key_of(&call);
    call.write(move |cx| {
        let language = cx.language();
        let (mut work, hand) = policy::file(cx)?;
        let filing = body.parse()?.check(work.now)?;
        let filed = service::file(&mut work, hand, &key, &filing)?;
        answer(&work, language, hand, filed)
    })
    .await
}

async fn withdraw(call: Call, body: ApiJson<WithdrawFilingBody>) -> Answer {
    let key = key_of(&call);
    call.write(move |cx| {
        let language = cx.language();
        let mut work = policy::decide(cx)?;
        let reason = body.parse()?.check()?;
        let owed = service::withdraw(&mut work, &key, &reason)?;
        answer(&work, language, Hand::Everybody, owed)
    })
    .await
}

/// Mounts the routes.
pub(in crate::plan) fn mount(api: &mut Api) {
    api.get("/obligations", "list_obligations", list)
        .summary(
            "What the ward owes by a day and how it stands, what is due first before the rest.",
        )
        .query::<ObligationsQuery>()
        .pages::<ObligationView>();
    api.get("/obligations/{key}", "show_obligation", show)
        .summary("One thing the ward owes; its key is its kind, year and part.")
        .answers::<ObligationView>(200);
    api.post("/obligations/{key}/file", "file_obligation", file)
        .summary(
            "Says that it was sent: a reporter, or a contributor of the agency whose part it is.",
        )
        .body::<FileObligationBody>()
        .answers::<ObligationView>(200)
        .errors(&["action-not-allowed"]);
    let path = "/obligations/{key}/withdraw-filing";
    api.post(path, "withdraw_obligation_filing", withdraw)
        .summary("Says that it was not sent after all; a reporter's.")
        .body::<WithdrawFilingBody>()
        .answers::<ObligationView>(200)
        .errors(&["action-not-allowed"]);
}
