//! Routes of products. Whether this caller may is asked before a byte of a file is read.

use actix_web::HttpResponse;

use super::service::{self, Standing};
use super::status::ProductStatus;
use super::store::Wanted;
use super::view::{
    IssueProductBody, ProductBody, ProductFileForm, ProductPatch, ProductView, ReturnProductBody,
    SupersedeProductBody,
};
use super::{Product, file, step};
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, ApiJson, FileForm, Problem, Reply, download, list_query};
use crate::identity::{Call, Cx, Role};
use crate::kernel::{AgencyId, Timestamp};
use crate::office::owed::{HeldSessionId, PlanProduct, ProductId, ProductKind};
use crate::office::work::Work;
use crate::plan::policy::{self, Hand};
use crate::sealed::StoredId;
use crate::sealed::stored::Sender;

type Path = IdPath<PlanProduct>;
type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /products`.
    pub(super) struct ProductsQuery {
        /// Of this kind.
        kind: ProductKind,
        /// In this status.
        status: ProductStatus,
        /// Of this task.
        plan_task: String,
        /// Of this agency.
        agency: AgencyId,
        /// Counted by the report of this year.
        year: i32,
        /// Of this session.
        session: HeldSessionId,
        /// Words of the title or the number, where marks and case do not matter.
        q: String,
        /// Changed at this time or later.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

/// Anybody of the office, with how they stand to its products.
fn look<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Problem> {
    let is_reporter = cx.actor.is(Role::Reporter);
    let (work, hand) = policy::look(cx)?;
    standing(work, (hand, is_reporter))
}

/// Whoever enters products.
fn edit<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Problem> {
    let is_reporter = cx.actor.is(Role::Reporter);
    let (work, hand) = policy::edit(cx)?;
    standing(work, (hand, is_reporter))
}

/// Whoever says yes or no.
fn decide<'a>(cx: &'a mut Cx<'_>) -> Result<(Work<'a>, Standing), Problem> {
    let work = policy::decide(cx)?;
    standing(work, (Hand::Everybody, true))
}

fn standing(mut work: Work<'_>, who: (Hand, bool)) -> Result<(Work<'_>, Standing), Problem> {
    let standing = Standing::of(&mut work, who)?;
    Ok((work, standing))
}

async fn list(call: Call, mut query: ApiQuery<ProductsQuery>) -> Answer {
    call.read(move |cx| {
        let (mut work, standing) = look(cx)?;
        let query = query.parse()?;
        let before = query.after::<ProductId>()?;
        let wanted = Wanted {
            kind: query.kind,
            status: query.status,
            plan_task: query.plan_task.as_deref(),
            agency: query.agency,
            year: query.year,
            session: query.session,
            q: query.q.as_deref(),
            updated_since: query.updated_since,
        };
        let page = (query.limit(), query.wants_total());
        let (rows, total) = service::list(&mut work, &wanted, before, page)?;
        let page = query.cut(rows, total, |row| row.id);
        let zone = work.zone();
        let view = |row: Product| ProductView::of(zone, row, standing);
        Ok(Reply::ok(&page.map(view))?)
    })
    .await
}

fn answer(work: &Work<'_>, product: Product, standing: Standing) -> Result<Reply, Problem> {
    let version = product.version;
    let view = ProductView::of(work.zone(), product, standing);
    Ok(Reply::ok(&view)?.versioned(version))
}

fn created(
    work: &Work<'_>,
    (location, product): (&str, Product),
    standing: Standing,
) -> Result<Reply, Problem> {
    let version = product.version;
    let view = ProductView::of(work.zone(), product, standing);
    Ok(Reply::created(location, &view)?.versioned(version))
}

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let (mut work, standing) = look(cx)?;
        let product = service::load(&mut work, path.0)?;
        answer(&work, product, standing)
    })
    .await
}

async fn create(call: Call, body: ApiJson<ProductBody>) -> Answer {
    call.write(move |cx| {
        let author = cx.actor.id;
        let (mut work, standing) = edit(cx)?;
        let draft = body.parse()?.read()?;
        let product = service::create(&mut work, standing, (author, draft))?;
        let location = format!("/products/{}", product.id);
        created(&work, (&location, product), standing)
    })
    .await
}

async fn change(call: Call, path: Path, body: ApiJson<ProductPatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, standing) = edit(cx)?;
        let changes = body.parse()?;
        let what = (path.0, expected);
        let product = service::edit(&mut work, standing, what, |old| changes.over(old))?;
        answer(&work, product, standing)
    })
    .await
}

async fn delete(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let (mut work, standing) = edit(cx)?;
        service::delete(&mut work, standing, (path.0, expected))?;
        Ok(Reply::no_content())
    })
    .await
}

async fn submit(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = edit(cx)?;
        let product = step::submit(&mut work, standing, path.0)?;
        answer(&work, product, standing)
    })
    .await
}

async fn return_for_changes(call: Call, path: Path, body: ApiJson<ReturnProductBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = decide(cx)?;
        let reason = body.parse()?.read()?;
        let product = step::return_for_changes(&mut work, standing, (path.0, reason))?;
        answer(&work, product, standing)
    })
    .await
}

async fn approve(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = decide(cx)?;
        let product = step::approve(&mut work, standing, path.0)?;
        answer(&work, product, standing)
    })
    .await
}

async fn issue(call: Call, path: Path, body: ApiJson<IssueProductBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = decide(cx)?;
        let today = work.zone().day(work.now);
        let issue = body.parse()?.read(today)?;
        let product = step::issue(&mut work, standing, (path.0, issue))?;
        answer(&work, product, standing)
    })
    .await
}

async fn supersede(call: Call, path: Path, body: ApiJson<SupersedeProductBody>) -> Answer {
    call.write(move |cx| {
        let (mut work, standing) = decide(cx)?;
        let by = body.parse()?.by;
        let product = step::supersede(&mut work, standing, (path.0, by))?;
        answer(&work, product, standing)
    })
    .await
}

async fn upload(call: Call, path: Path, form: FileForm) -> Answer {
    let id = path.0;
    let (key, sender) = call
        .part(move |cx| {
            let sender = Sender::staff(cx.actor.id.uuid());
            let (mut work, standing) = edit(cx)?;
            Ok((file::key(&mut work, standing, id)?, sender))
        })
        .await?;
    let platform = call.platform();
    let form = form
        .receive::<ProductFileForm>(&platform.depot, sender)
        .await?;
    let stored = StoredId::new(platform.clock.now());
    let stored = platform.depot.keep(&key, stored, form.file).await?;
    call.write(move |cx| {
        let by = cx.actor.id;
        let (mut work, standing) = edit(cx)?;
        let product = file::put(&mut work, standing, (id, by), &stored)?;
        let location = format!("/products/{id}/file");
        created(&work, (&location, product), standing)
    })
    .await
}

async fn read_file(call: Call, path: Path) -> Answer {
    let (found, key) = call
        .look(move |cx| {
            let (mut work, _) = policy::look(cx)?;
            Ok(file::read(&mut work, path.0)?)
        })
        .await?;
    let reader = call.platform().depot.read(&key, found.id.cast()).await?;
    Ok(download(reader, found.media, &found.name))
}

const ALL: &str = "/products";
const ONE: &str = "/products/{id}";
const FILE: &str = "/products/{id}/file";

/// Mounts the routes.
pub(in crate::plan) fn mount(api: &mut Api) {
    api.get(ALL, "list_products", list)
        .summary("Products of the plan, newest first")
        .query::<ProductsQuery>()
        .pages::<ProductView>();
    api.post(ALL, "create_product", create)
        .summary("Enter a product; a contributor enters their own agency's")
        .body::<ProductBody>()
        .answers::<ProductView>(201);
    api.get(ONE, "show_product", show)
        .summary("One product")
        .answers::<ProductView>(200);
    api.patch(ONE, "edit_product", change)
        .summary("Change a product; once it is approved, its note alone")
        .body::<ProductPatch>()
        .answers::<ProductView>(200)
        .errors(&["product-settled"]);
    api.delete(ONE, "delete_product", delete)
        .summary("Remove a draft with its file")
        .guarded()
        .answers_empty(204)
        .errors(&["action-not-allowed"]);
    api.post(FILE, "upload_product_file", upload)
        .summary("Send the file of a product that is not issued; it replaces the one before")
        .file_form::<ProductFileForm>()
        .answers::<ProductView>(201)
        .errors(&["action-not-allowed"]);
    api.get(FILE, "read_product_file", read_file)
        .summary("The file of a product, to be saved")
        .answers_stored_file();
    mount_steps(api);
}

fn mount_steps(api: &mut Api) {
    let step = |verb: &str| format!("{ONE}/{verb}");
    api.post(&step("submit"), "submit_product", submit)
        .summary("Hand a product in: a reporter is asked for a yes")
        .answers::<ProductView>(200)
        .errors(&["action-not-allowed"]);
    api.post(
        &step("return-for-changes"),
        "return_product",
        return_for_changes,
    )
    .summary("Give a product back to be changed, with what is to be changed")
    .body::<ReturnProductBody>()
    .answers::<ProductView>(200)
    .errors(&["action-not-allowed"]);
    api.post(&step("approve"), "approve_product", approve)
        .summary("Say that it may be issued; another does than who handed it in")
        .answers::<ProductView>(200)
        .errors(&["action-not-allowed", "own-approval"]);
    api.post(&step("issue"), "issue_product", issue)
        .summary("Say that it was signed and sent; what its session owes is there")
        .body::<IssueProductBody>()
        .answers::<ProductView>(200)
        .errors(&["action-not-allowed", "product-file-missing"]);
    api.post(&step("supersede"), "supersede_product", supersede)
        .summary("Put another issued product of the same kind in its place")
        .body::<SupersedeProductBody>()
        .answers::<ProductView>(200)
        .errors(&["action-not-allowed"]);
}
