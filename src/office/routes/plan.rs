//! Routes of the plan's tasks.

use super::Answer;
use crate::http::request::{ApiQuery, Paging};
use crate::http::{Api, Reply, list_query};
use crate::identity::Call;
use crate::kernel::Fault;
use crate::office::view::TaskView;
use crate::office::{STAFF, plan};

list_query! {
    /// `GET /plan/tasks`.
    pub(super) struct TasksQuery {}
}

async fn list(call: Call, mut query: ApiQuery<TasksQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let query = query.parse()?;
        let after = query.after::<i32>()?.unwrap_or(i32::MIN);
        let (office, limit) = (cx.office(), query.limit());
        let rows = plan::page(cx.conn, office, after, limit + 1)?;
        let total = if query.wants_total() {
            Some(plan::count(cx.conn, office)?)
        } else {
            None
        };
        let page = query.cut(rows, total, |task| task.position);
        Ok(Reply::ok(&page.map(TaskView::of))?)
    })
    .await
}

async fn show(call: Call) -> Answer {
    let code = call.request().match_info().get("code").map(str::to_owned);
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let office = cx.office();
        let found = match code {
            Some(code) => plan::find(cx.conn, office, &code)?,
            None => None,
        };
        Ok(Reply::ok(&TaskView::of(found.ok_or(Fault::NotFound)?))?)
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.tag("plan");
    api.get("/plan/tasks", "list_plan_tasks", list)
        .summary("The tasks of the ward's plan, in its order.")
        .query::<TasksQuery>()
        .pages::<TaskView>();
    api.get("/plan/tasks/{code}", "show_plan_task", show)
        .summary("One task of the plan.")
        .answers::<TaskView>(200);
}
