//! Routes of the caller's own account.

use actix_web::HttpResponse;

use crate::http::body::ApiJson;
use crate::http::request::{ApiQuery, IdPath, Paging, list_query};
use crate::http::{Api, Problem, Reply};
use crate::identity::actor::Device;
use crate::identity::body::{EmailBody, MePatch, PasswordBody};
use crate::identity::call::Call;
use crate::identity::password::Seat;
use crate::identity::service::{email, me, password, session};
use crate::identity::view::{AcceptedView, DeviceView, MeView};
use crate::kernel::Fault;
use crate::kernel::secret::Secret;

type Answer = Result<HttpResponse, Problem>;

list_query! {
    /// `GET /me/devices`.
    pub(super) struct DevicesQuery {}
}

async fn show(call: Call) -> Answer {
    call.read(|cx| {
        let row = me::show(cx)?;
        Ok(Reply::ok(&MeView::of(&row, cx.actor))?.versioned(row.version))
    })
    .await
}

async fn update(call: Call, body: ApiJson<MePatch>) -> Answer {
    call.write(move |cx| {
        let change = body.parse()?.check()?;
        let row = me::update(cx, &change)?;
        Ok(Reply::ok(&MeView::of(&row, cx.actor))?.versioned(row.version))
    })
    .await
}

/// The caller's hash, once `current` was compared with it.
async fn prove(call: &Call, seat: &Seat, current: Secret<String>) -> Result<String, Problem> {
    let stored = call.part(|cx| Ok(password::admit(cx)?)).await?.pass()?;
    let fits = seat.verify(current, stored.clone()).await?;
    if let Some(hash) = stored.filter(|_| fits) {
        return Ok(hash);
    }
    call.part(|cx| Ok(password::refused(cx)?)).await?;
    Err(Fault::rule("/current_password", "password-wrong").into())
}

async fn change_password(call: Call, body: ApiJson<PasswordBody>) -> Answer {
    let body = known(&call, move || Ok(body.parse()?.check()?)).await?;
    let seat = call.platform().hasher.seat()?;
    let old = prove(&call, &seat, body.current_password).await?;
    let new = seat.hash(body.new_password).await?;
    drop(seat);
    call.part(move |cx| Ok(password::change(cx, &old, &new)?))
        .await?;
    Ok(Reply::no_content().answer(None))
}

async fn change_email(call: Call, body: ApiJson<EmailBody>) -> Answer {
    let (current, new) = known(&call, move || Ok(body.parse()?.check()?)).await?;
    let seat = call.platform().hasher.seat()?;
    let hash = prove(&call, &seat, current).await?;
    drop(seat);
    call.part(move |cx| Ok(email::ask(cx, &hash, &new)?))
        .await?;
    Ok(Reply::accepted().answer(None))
}

/// Reads a body once the caller is known: a stranger learns nothing of its form.
async fn known<T: Send + 'static>(
    call: &Call,
    read: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    call.look(move |_cx| read()).await
}

async fn devices(call: Call, mut query: ApiQuery<DevicesQuery>) -> Answer {
    call.read(move |cx| {
        let query = query.parse()?;
        let after = query.after()?;
        let (rows, count) = session::devices(cx, after, query.limit())?;
        let total = query.wants_total().then_some(count);
        let page = query.cut(rows, total, |row| row.id);
        let actor = cx.actor;
        Ok(Reply::ok(&page.map(|row| DeviceView::of(&row, actor)))?)
    })
    .await
}

async fn sign_out(call: Call, path: IdPath<Device>) -> Answer {
    call.write(move |cx| {
        session::sign_out(cx, path.0)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.tag("me");
    api.get("/me", "show_me", show)
        .summary("The caller's own account.")
        .answers::<MeView>(200);
    api.patch("/me", "update_me", update)
        .summary("Changes name, phone, language and which mails are wanted.")
        .body::<MePatch>()
        .answers::<MeView>(200);
    api.put("/me/password", "change_password", change_password)
        .summary("Replaces the password and ends every token, this call's own included.")
        .body::<PasswordBody>()
        .answers_empty(204)
        .errors(&["too-many-requests", "busy"]);
    api.put("/me/email", "change_email", change_email)
        .summary("Asks at a new address, which is the account's once its link is used.")
        .body::<EmailBody>()
        .answers::<AcceptedView>(202)
        .errors(&["too-many-requests", "busy"]);
    api.get("/me/devices", "list_devices", devices)
        .summary("The devices the caller is logged in on.")
        .query::<DevicesQuery>()
        .pages::<DeviceView>();
    api.delete("/me/devices/{id}", "sign_out_device", sign_out)
        .summary("Signs one of the caller's devices out.")
        .answers_empty(204)
        .errors(&["not-found"]);
}
