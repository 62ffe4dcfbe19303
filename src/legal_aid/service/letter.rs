//! What the letter to the Centre says: frozen when it is sent, so that it can be printed again.

use super::step;
use crate::legal_aid::error::Error;
use crate::legal_aid::model::{Letter, PaperKind, Request, Requester};
use crate::legal_aid::store::document;
use crate::office::work::Work;

/// The papers that are there, with their numbers of pages, in the order they came.
pub(in crate::legal_aid) fn papers(
    work: &mut Work<'_>,
    request: &Request,
) -> Result<Vec<(PaperKind, usize)>, Error> {
    let mut papers: Vec<(_, PaperKind, usize)> = Vec::new();
    for page in document::live(work, request)? {
        let mut known = papers.iter_mut();
        match known.find(|(paper, ..)| *paper == page.paper_id) {
            Some((.., pages)) => *pages += 1,
            None => papers.push((page.paper_id, page.kind, 1)),
        }
    }
    let papers = papers.into_iter().map(|(_, kind, pages)| (kind, pages));
    Ok(papers.collect())
}

/// What it says now.
pub(super) fn of(work: &mut Work<'_>, request: &Request) -> Result<Letter, Error> {
    Ok(Letter {
        requester: request.secret.requester.clone(),
        child: request.secret.child.clone(),
        child_sex: request.child_sex,
        category: request.category.clone(),
        field: request.field.clone(),
        form_wanted: request.form_wanted.clone(),
        summary: request.secret.summary.clone(),
        urgency: request.clock.urgency,
        papers: papers(work, request)?,
        missing: step::missing(work, request)?,
    })
}

/// The request as its letter told it; how the family is reached safely, and where, is told as it is now.
pub(in crate::legal_aid) fn as_sent(mut request: Request, letter: Letter) -> Request {
    let now = std::mem::take(&mut request.secret.requester);
    request.secret.requester = Requester {
        phone: now.phone,
        email: now.email,
        safe_contact: now.safe_contact,
        ..letter.requester
    };
    request.secret.child = letter.child;
    request.secret.summary = letter.summary;
    request.child_sex = letter.child_sex;
    request.category = letter.category;
    request.field = letter.field;
    request.form_wanted = letter.form_wanted;
    request.clock.urgency = letter.urgency;
    request
}
