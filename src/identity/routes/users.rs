//! Routes of the office's accounts.

use actix_web::HttpResponse;

use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging, list_query};
use crate::http::{Api, Problem, Reply};
use crate::identity::actor::{User, UserId};
use crate::identity::body::{UserBody, UserPatch};
use crate::identity::call::{Call, Cx};
use crate::identity::error::Error;
use crate::identity::role::Role;
use crate::identity::service::{access, account};
use crate::identity::status::UserStatus;
use crate::identity::store::directory::Wanted;
use crate::identity::store::user::UserRow;
use crate::identity::view::UserView;
use crate::kernel::Timestamp;

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /users`.
    pub(super) struct UsersQuery {
        /// Words of the name or a part of the address.
        q: String,
        /// Those who have this role.
        role: Role,
        /// Those whose account stands so.
        status: UserStatus,
        /// Those changed since.
        #[param(value_type = Option<String>, format = DateTime)]
        updated_since: Timestamp,
    }
}

fn reply(cx: &mut Cx<'_>, row: &UserRow) -> Result<Reply, Problem> {
    let view = UserView::of(row, cx.zone(), cx.now, access::only_administrator(cx)?);
    Ok(Reply::ok(&view)?.versioned(row.version))
}

async fn list(call: Call, mut query: ApiQuery<UsersQuery>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let query = query.parse()?;
        let after = query.after()?;
        let wanted = Wanted {
            q: query.q.as_deref(),
            role: query.role,
            status: query.status,
            updated_since: query.updated_since,
            ..Wanted::default()
        };
        let (limit, wants_total) = (query.limit(), query.wants_total());
        let (rows, total) = account::list(cx, &wanted, after, limit, wants_total)?;
        let page = query.cut(rows, total, |row| (row.name_key.clone(), row.id));
        let (zone, now, only) = (cx.zone(), cx.now, access::only_administrator(cx)?);
        Ok(Reply::ok(
            &page.map(|row| UserView::of(&row, zone, now, only)),
        )?)
    })
    .await
}

async fn invite(call: Call, body: ApiJson<UserBody>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let invite = body.parse()?.check()?;
        let row = account::invite(cx, &invite)?;
        let view = UserView::of(&row, cx.zone(), cx.now, None);
        let location = format!("/users/{}", row.id);
        Ok(Reply::created(&location, &view)?.versioned(row.version))
    })
    .await
}

async fn show(call: Call, path: IdPath<User>) -> Answer {
    call.read(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let row = account::load(cx, path.0)?;
        reply(cx, &row)
    })
    .await
}

async fn update(call: Call, path: IdPath<User>, body: ApiJson<UserPatch>) -> Answer {
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let change = body.parse()?.check()?;
        let row = account::update(cx, path.0, &change)?;
        reply(cx, &row)
    })
    .await
}

type Action = fn(&mut Cx<'_>, UserId) -> Result<UserRow, Error>;

async fn act(call: Call, id: UserId, action: Action) -> Answer {
    call.write(move |cx| {
        cx.actor.require(&[Role::Administrator])?;
        let row = action(cx, id)?;
        reply(cx, &row)
    })
    .await
}

async fn disable(call: Call, path: IdPath<User>) -> Answer {
    act(call, path.0, access::disable).await
}

async fn enable(call: Call, path: IdPath<User>) -> Answer {
    act(call, path.0, access::enable).await
}

async fn unlock(call: Call, path: IdPath<User>) -> Answer {
    act(call, path.0, access::unlock).await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.tag("users");
    api.get("/users", "list_users", list)
        .summary("The office's accounts, by name.")
        .query::<UsersQuery>()
        .pages::<UserView>();
    api.post("/users", "invite_user", invite)
        .summary("Invites a member of staff, who is mailed a link to choose a password.")
        .body::<UserBody>()
        .answers::<UserView>(201)
        .errors(&["email-taken"]);
    api.get("/users/{id}", "show_user", show)
        .summary("One of the office's accounts.")
        .answers::<UserView>(200);
    api.patch("/users/{id}", "update_user", update)
        .summary("Changes an account; a new role or address ends its tokens.")
        .body::<UserPatch>()
        .answers::<UserView>(200)
        .errors(&[
            "own-roles",
            "own-email",
            "last-administrator",
            "email-taken",
        ]);
    api.post("/users/{id}/disable", "disable_user", disable)
        .summary("Shuts an account; its tokens end on their next use.")
        .answers::<UserView>(200)
        .errors(&["last-administrator", "action-not-allowed"]);
    api.post("/users/{id}/enable", "enable_user", enable)
        .summary("Opens a shut account; whoever never chose a password is invited again.")
        .answers::<UserView>(200)
        .errors(&["action-not-allowed"]);
    api.post("/users/{id}/unlock", "unlock_user", unlock)
        .summary("Lets the password of an account be tried again at once.")
        .answers::<UserView>(200)
        .errors(&["action-not-allowed"]);
}
