//! Reading what belongs to a case: one's own is only read; what an open window alone shows leaves one
//! row in the log for each reading, and so does whoever tries once the window is over.

use actix_web::HttpResponse;

use crate::counselling::model::{Case, CaseId};
use crate::counselling::policy::{self, Eyes};
use crate::counselling::service::break_glass;
use crate::counselling::store::case as cases;
use crate::http::reply::if_none_match;
use crate::http::{Problem, Reply};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::office::work::Work;

/// Answers with a part of a case to whoever sees it, by themselves or by a window.
pub(super) async fn read<F>(
    call: Call,
    id: CaseId,
    part: &'static str,
    mut answer: F,
) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Work<'_>, &Eyes, &Case) -> Result<Reply, Problem> + Send + 'static,
{
    let own = call.look(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        let reply = match cases::find(&mut work, &eyes, id)? {
            Some(case) => Some(answer(&mut work, &eyes, &case)?),
            None => None,
        };
        Ok((answer, reply))
    });
    let (mut answer, reply) = own.await?;
    if let Some(reply) = reply {
        return Ok(reply.answer(if_none_match(call.request())));
    }
    let seen = call.part(move |cx| {
        let (mut work, eyes) = policy::casework(cx)?;
        Ok(match break_glass::enter(&mut work, &eyes, id, part)? {
            Some(case) => Some(answer(&mut work, &eyes, &case)?),
            None => None,
        })
    });
    match seen.await? {
        Some(reply) => Ok(reply.answer(None)),
        None => Err(Fault::NotFound.into()),
    }
}
