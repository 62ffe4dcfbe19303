//! The route of reading what is another's. Whoever asks in vain leaves a row in the log as well.

use actix_web::HttpResponse;

use crate::counselling::model::CounsellingCase;
use crate::counselling::policy;
use crate::counselling::service::break_glass as service;
use crate::counselling::view::note::{BreakGlassBody, BreakGlassView};
use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, Problem, Reply};
use crate::identity::Call;

async fn open(
    call: Call,
    path: IdPath<CounsellingCase>,
    body: ApiJson<BreakGlassBody>,
) -> Result<HttpResponse, Problem> {
    let (id, again) = (path.0, call.clone());
    let opened = call.write(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reason = body.parse()?.read()?;
        let window = service::open(&mut work, &eyes, id, &reason)?;
        let view = BreakGlassView::of(work.zone(), id, &window);
        Ok(Reply::json(201, &view)?)
    });
    let refused = match opened.await {
        Err(problem) if problem.status().is_client_error() => problem,
        other => return other,
    };
    let because = refused.code();
    let noted = again.part(move |cx| {
        Ok(policy::refuse(cx, |work| {
            service::note_refused(work, id, because)
        })?)
    });
    // A caller who is nobody any more is told so, and leaves no row.
    match noted.await {
        Err(problem) if !problem.status().is_client_error() => Err(problem),
        _ => Err(refused),
    }
}

/// Mounts the route.
pub(super) fn mount(api: &mut Api) {
    let path = "/counselling-cases/{id}/break-glass";
    api.post(path, "break_glass", open)
        .summary("Read a case that is not one's own, for an hour; its supervisor is told at once")
        .body::<BreakGlassBody>()
        .answers::<BreakGlassView>(201)
        .errors(&["already-visible"]);
}
