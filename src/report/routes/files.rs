//! Routes of a report's files: the signed copy and the proof that it was filed. Whether this caller
//! may is asked before a byte of a file is read.

use super::reports::EditionQuery;
use super::{Answer, both, named, path};
use crate::http::request::path_id;
use crate::http::{Api, ApiQuery, FileForm, Reply, download};
use crate::identity::Call;
use crate::report::model::ReportFileId;
use crate::report::policy;
use crate::report::service::file as service;
use crate::report::view::report::ReportFileView;
use crate::report::view::step::ReportFileForm;
use crate::sealed::StoredId;
use crate::sealed::stored::Sender;

async fn upload(call: Call, form: FileForm) -> Answer {
    let named = named(call.request())?;
    let (key, sender) = call
        .part(move |cx| {
            let sender = Sender::staff(cx.actor.id.uuid());
            let mut work = policy::report(cx)?;
            Ok((service::key(&mut work, named)?, sender))
        })
        .await?;
    let platform = call.platform();
    let form = form
        .receive::<ReportFileForm>(&platform.depot, sender)
        .await?;
    let id = StoredId::new(platform.clock.now());
    let stored = platform.depot.keep(&key, id, form.file).await?;
    let kind = form.fields.kind;
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        let (report, file) = service::add(&mut work, named, (kind, &stored))?;
        let edition = report.edition;
        let location = format!("{}/files/{}?edition={edition}", path(named), file.id);
        let view = ReportFileView::of(work.zone(), file);
        Ok(Reply::created(&location, &view)?)
    })
    .await
}

async fn give(call: Call, mut query: ApiQuery<EditionQuery>) -> Answer {
    let named = named(call.request())?;
    let id: ReportFileId = path_id(call.request(), "file_id")?;
    let edition = query.parse()?.edition;
    let (file, key) = call
        .look(move |cx| {
            let mut work = policy::count(cx)?;
            Ok(service::read(&mut work, (named, edition), id)?)
        })
        .await?;
    let reader = call.platform().depot.read(&key, file.id.cast()).await?;
    Ok(download(reader, file.media, &file.name))
}

async fn remove(call: Call) -> Answer {
    let named = named(call.request())?;
    let id: ReportFileId = path_id(call.request(), "file_id")?;
    call.write(move |cx| {
        let mut work = policy::report(cx)?;
        service::remove(&mut work, named, id)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    both!(api, post "/{year}/files", "upload" "_file", upload, |route| {
        route
            .summary("Keeps the report as it was signed, or the proof that it was filed.")
            .file_form::<ReportFileForm>()
            .answers::<ReportFileView>(201)
            .errors(&["action-not-allowed", "documents-full"]);
    });
    both!(api, get "/{year}/files/{file_id}", "read" "_file", give, |route| {
        route
            .summary("A file of a report, to be saved.")
            .query::<EditionQuery>()
            .answers_stored_file();
    });
    both!(api, post "/{year}/files/{file_id}/remove", "remove" "_file", remove, |route| {
        route
            .summary("Takes a file out that is another's, or cannot be read.")
            .answers_empty(204)
            .errors(&["action-not-allowed"]);
    });
}
