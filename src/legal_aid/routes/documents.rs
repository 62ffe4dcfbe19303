//! Routes of the papers of a request. Whether this caller may is asked before a byte of a file is
//! read.

use actix_web::HttpResponse;

use crate::http::request::{IdPath, path_id};
use crate::http::{Api, ApiJson, FileForm, Problem, Reply, download};
use crate::identity::Call;
use crate::legal_aid::model::{DocumentId, LegalAidRequest};
use crate::legal_aid::policy::{self, Scope};
use crate::legal_aid::service::document as service;
use crate::legal_aid::view::document::{
    LegalAidDocumentForm, LegalAidDocumentView, LegalAidDocumentsView, LegalAidReplacementForm,
};
use crate::legal_aid::view::step::LegalAidReasonBody;
use crate::sealed::StoredId;
use crate::sealed::stored::Sender;

type Path = IdPath<LegalAidRequest>;
type Answer = Result<HttpResponse, Problem>;

fn page_id(call: &Call) -> Result<DocumentId, Problem> {
    Ok(path_id(call.request(), "did")?)
}

fn sender(scope: &Scope) -> Sender {
    let who = scope.user().uuid();
    if scope.is_own() {
        Sender::family(who)
    } else {
        Sender::staff(who)
    }
}

async fn upload(call: Call, path: Path, form: FileForm) -> Answer {
    let id = path.0;
    let (key, sender) = call
        .look(move |cx| {
            let (mut work, scope) = policy::anyone(cx)?;
            Ok((service::key(&mut work, &scope, id)?, sender(&scope)))
        })
        .await?;
    let platform = call.platform();
    let form = form
        .receive::<LegalAidDocumentForm>(&platform.depot, sender)
        .await?;
    let file = StoredId::new(platform.clock.now());
    let stored = platform.depot.keep(&key, file, form.file).await?;
    let said = form.fields.page();
    call.write(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let page = service::add(&mut work, &scope, id, (said, &stored))?;
        let location = format!("/legal-aid-requests/{id}/documents/{}", page.id);
        let view = LegalAidDocumentView::of(work.zone(), &page, &scope);
        Ok(Reply::created(&location, &view)?)
    })
    .await
}

async fn list(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let pages = service::list(&mut work, &scope, path.0)?;
        let zone = work.zone();
        let items = pages
            .iter()
            .map(|page| LegalAidDocumentView::of(zone, page, &scope));
        Ok(Reply::ok(&LegalAidDocumentsView {
            items: items.collect(),
        })?)
    })
    .await
}

async fn give(call: Call, path: Path) -> Answer {
    let what = (path.0, page_id(&call)?);
    let (page, key) = call
        .part(move |cx| {
            let (mut work, scope) = policy::anyone(cx)?;
            Ok(service::read(&mut work, &scope, what)?)
        })
        .await?;
    let reader = call.platform().depot.read(&key, page.id.cast()).await?;
    Ok(download(reader, page.media, &page.secret.name))
}

async fn replace(call: Call, path: Path, form: FileForm) -> Answer {
    let what = (path.0, page_id(&call)?);
    let (key, sender) = call
        .look(move |cx| {
            let (mut work, scope) = policy::anyone(cx)?;
            Ok((service::key(&mut work, &scope, what.0)?, sender(&scope)))
        })
        .await?;
    let platform = call.platform();
    let form = form
        .receive::<LegalAidReplacementForm>(&platform.depot, sender)
        .await?;
    let file = StoredId::new(platform.clock.now());
    let stored = platform.depot.keep(&key, file, form.file).await?;
    call.write(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let page = service::replace(&mut work, &scope, what, &stored)?;
        let location = format!("/legal-aid-requests/{}/documents/{}", what.0, page.id);
        let view = LegalAidDocumentView::of(work.zone(), &page, &scope);
        Ok(Reply::created(&location, &view)?)
    })
    .await
}

async fn remove(call: Call, path: Path, body: ApiJson<LegalAidReasonBody>) -> Answer {
    let what = (path.0, page_id(&call)?);
    call.write(move |cx| {
        let (mut work, scope) = policy::anyone(cx)?;
        let reason = body.parse()?.read()?.note.unwrap_or_default();
        service::remove(&mut work, &scope, what, reason)?;
        Ok(Reply::no_content())
    })
    .await
}

const ALL: &str = "/legal-aid-requests/{id}/documents";
const ONE: &str = "/legal-aid-requests/{id}/documents/{did}";

/// Mounts the routes of papers.
pub(super) fn mount(api: &mut Api) {
    api.post(ALL, "upload_legal_aid_document", upload)
        .summary("Hand in a page of a paper; its type is told by its content")
        .file_form::<LegalAidDocumentForm>()
        .answers::<LegalAidDocumentView>(201)
        .errors(&["action-not-allowed", "documents-full", "account-full"]);
    api.get(ALL, "list_legal_aid_documents", list)
        .summary("The papers of a request; a family sees its own and what the Centre wrote")
        .answers::<LegalAidDocumentsView>(200);
    api.get(ONE, "read_legal_aid_document", give)
        .summary("A paper, to be saved")
        .answers_stored_file();
    api.post(
        "/legal-aid-requests/{id}/documents/{did}/replace",
        "replace_legal_aid_document",
        replace,
    )
    .summary("Put another file in a page's place; the old one is kept out of sight")
    .file_form::<LegalAidReplacementForm>()
    .answers::<LegalAidDocumentView>(201)
    .errors(&["action-not-allowed", "documents-full", "account-full"]);
    api.post(
        "/legal-aid-requests/{id}/documents/{did}/remove",
        "remove_legal_aid_document",
        remove,
    )
    .summary("Take a page out: a family of its own draft, staff of any request, with a reason")
    .body::<LegalAidReasonBody>()
    .answers_empty(204)
    .errors(&["action-not-allowed"]);
}
