//! Routes of work items.

use actix_web::HttpResponse;

use super::store::{Item, Wanted};
use super::view::WorkItemView;
use super::{WorkItem, WorkItemId, WorkItemKind, service};
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, Problem, Reply, list_query};
use crate::identity::{Call, Cx, UserId};
use crate::kernel::{Fault, Timestamp};
use crate::office::STAFF;

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /work-items`.
    pub(super) struct WorkItemsQuery {
        /// Of this kind.
        kind: WorkItemKind,
        /// Done or not.
        done: bool,
        /// The caller's own.
        mine: bool,
        /// Somebody's.
        owner: UserId,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<WorkItemsQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let query = query.parse()?;
        let after = query.after::<(bool, Option<i64>, WorkItemId)>()?;
        let at = |due: Option<i64>| due.and_then(Timestamp::from_micros);
        let after = after.map(|(is_done, due, id)| (is_done, at(due), id));
        if query.mine.is_some() && query.owner.is_some() {
            return Err(Fault::rule("owner", "one-of").into());
        }
        let mine = query.mine.unwrap_or(false).then_some(cx.actor.id);
        let wanted = Wanted {
            kind: query.kind,
            done: query.done,
            owner: query.owner.or(mine),
            updated_since: query.updated_since,
        };
        let limit = query.limit();
        let (rows, total) = service::list(cx, &wanted, after, limit, query.wants_total())?;
        let key = |row: &Item| {
            let due = row.due_at.map(Timestamp::micros);
            (row.done_at.is_some(), due, row.id)
        };
        let page = query.cut(rows, total, key);
        let actor = cx.actor;
        Ok(Reply::ok(&page.map(|row| WorkItemView::of(row, actor)))?)
    })
    .await
}

fn answer(cx: &Cx<'_>, item: Item) -> Result<Reply, Problem> {
    let version = item.version;
    Ok(Reply::ok(&WorkItemView::of(item, cx.actor))?.versioned(version))
}

async fn show(call: Call, path: IdPath<WorkItem>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let item = service::load(cx, path.0)?;
        answer(cx, item)
    })
    .await
}

async fn take(call: Call, path: IdPath<WorkItem>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(STAFF)?;
        let item = service::take(cx, path.0)?;
        answer(cx, item)
    })
    .await
}

async fn finish(call: Call, path: IdPath<WorkItem>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(STAFF)?;
        let item = service::finish(cx, path.0)?;
        answer(cx, item)
    })
    .await
}

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("Duties");
    api.get("/work-items", "list_work_items", list)
        .summary("What needs a person and not a mail, what waits first and by its day: the caller's own and its roles'.")
        .query::<WorkItemsQuery>()
        .pages::<WorkItemView>();
    api.get("/work-items/{id}", "show_work_item", show)
        .summary("One item.")
        .answers::<WorkItemView>(200);
    api.post("/work-items/{id}/take", "take_work_item", take)
        .summary("Makes an item the caller's own.")
        .answers::<WorkItemView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/work-items/{id}/done", "finish_work_item", finish)
        .summary("Says that an item is done; what was done stands with its subject.")
        .answers::<WorkItemView>(200)
        .errors(&["action-not-allowed", "risk-alert-open"]);
}
