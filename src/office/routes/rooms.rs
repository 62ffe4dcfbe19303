//! Routes of rooms.

use super::Answer;
use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging};
use crate::http::{Api, Reply, list_query};
use crate::identity::Call;
use crate::kernel::Timestamp;
use crate::office::body::{RoomBody, RoomPatch};
use crate::office::room::{Room, Wanted};
use crate::office::service::room;
use crate::office::view::RoomView;
use crate::office::{KEEPERS, STAFF};

list_query! {
    /// `GET /rooms`.
    pub(super) struct RoomsQuery {
        /// Words of the name or the address; marks and case do not matter.
        q: String,
        /// In use or not.
        active: bool,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

async fn list(call: Call, mut query: ApiQuery<RoomsQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let query = query.parse()?;
        let after = query.after()?;
        let wanted = Wanted {
            q: query.q.as_deref(),
            active: query.active,
            updated_since: query.updated_since,
        };
        let limit = query.limit();
        let (rows, total) = room::list(cx, &wanted, after, limit, query.wants_total())?;
        let page = query.cut(rows, total, |row| (row.name.clone(), row.id));
        let actor = cx.actor;
        Ok(Reply::ok(&page.map(|row| RoomView::of(row, actor)))?)
    })
    .await
}

async fn create(call: Call, body: ApiJson<RoomBody>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(KEEPERS)?;
        let made = room::create(cx, &body.parse()?.check()?)?;
        let (location, version) = (format!("/rooms/{}", made.id), made.version);
        Ok(Reply::created(&location, &RoomView::of(made, cx.actor))?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: IdPath<Room>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(STAFF)?;
        let found = room::load(cx, path.0)?;
        let version = found.version;
        Ok(Reply::ok(&RoomView::of(found, cx.actor))?.versioned(version))
    })
    .await
}

async fn update(call: Call, path: IdPath<Room>, body: ApiJson<RoomPatch>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(KEEPERS)?;
        let changed = room::update(cx, path.0, body.parse()?.check()?)?;
        let version = changed.version;
        Ok(Reply::ok(&RoomView::of(changed, cx.actor))?.versioned(version))
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.get("/rooms", "list_rooms", list)
        .summary("The office's rooms, by name.")
        .query::<RoomsQuery>()
        .pages::<RoomView>();
    api.post("/rooms", "create_room", create)
        .summary("Adds a room.")
        .body::<RoomBody>()
        .answers::<RoomView>(201)
        .errors(&["room-name-taken"]);
    api.get("/rooms/{id}", "show_room", show)
        .summary("One room.")
        .answers::<RoomView>(200);
    api.patch("/rooms/{id}", "update_room", update)
        .summary("Changes a room; one that is no longer active stays where it is named.")
        .body::<RoomPatch>()
        .answers::<RoomView>(200)
        .errors(&["room-name-taken"]);
}
