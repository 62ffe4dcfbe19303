//! The route of the log. The log itself lies below accounts and cannot know who may read it.

use chrono::NaiveDate;

use super::Answer;
use crate::audit::event::AuditEventId;
use crate::audit::log::{self, Wanted};
use crate::http::request::{ApiQuery, Paging};
use crate::http::{Api, Reply, list_query};
use crate::identity::{Call, Role};
use crate::kernel::Timestamp;
use crate::kernel::error::Check;
use crate::office::view::AuditEventView;

list_query! {
    /// `GET /audit-events`.
    pub(super) struct AuditQuery {
        /// What was done: `user.create`.
        action: String,
        /// The kind of thing it was done to.
        object_kind: String,
        /// The thing.
        object_id: AuditEventId,
        /// Who did it.
        actor_id: AuditEventId,
        /// From this office day.
        from: NaiveDate,
        /// To this office day, included.
        to: NaiveDate,
    }
}

async fn list(call: Call, mut query: ApiQuery<AuditQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(&[Role::Auditor])?;
        let query = query.parse()?;
        let after = query.after::<(i64, AuditEventId)>()?;
        let after = after.and_then(|(at, id)| Some((Timestamp::from_micros(at)?, id)));
        let mut check = Check::new();
        check.window(query.from, query.to);
        check.done()?;
        let zone = cx.zone();
        let wanted = Wanted {
            action: query.action.as_deref(),
            object_kind: query.object_kind.as_deref(),
            object_id: query.object_id,
            actor_id: query.actor_id,
            from: query.from.map(|day| zone.start_of(day)),
            to: query.to.map(|day| zone.day_range(day, day).1),
        };
        let (office, limit) = (cx.office(), query.limit());
        let rows = log::page(cx.conn, office, &wanted, after, limit + 1)?;
        let total = if query.wants_total() {
            Some(log::count(cx.conn, office, &wanted)?)
        } else {
            None
        };
        let page = query.cut(rows, total, |row| (row.at.micros(), row.id));
        Ok(Reply::ok(&page.map(|row| AuditEventView::of(row, zone)))?)
    })
    .await
}

/// Mounts the route.
pub(super) fn mount(api: &mut Api) {
    api.tag("audit");
    api.get("/audit-events", "list_audit_events", list)
        .summary("What was done and what sensitive things were read, newest first; no values.")
        .query::<AuditQuery>()
        .pages::<AuditEventView>();
}
