//! Routes without a login, and the one that ends all logins.

use actix_web::HttpResponse;
use actix_web::http::header::USER_AGENT;

use crate::http::body::ApiJson;
use crate::http::{Api, Problem, Reply};
use crate::identity::body::{
    ConfirmBody, LoginBody, RefreshBody, RegisterBody, ResetBody, TokenBody,
};
use crate::identity::call::{Call, Open, Visit};
use crate::identity::error::Error;
use crate::identity::password::is_outdated;
use crate::identity::service::login::{self, Tried};
use crate::identity::service::{password, register, session};
use crate::identity::view::{AcceptedView, SessionView};
use crate::kernel::Fault;

type Answer = Result<HttpResponse, Problem>;

async fn register(visit: Visit, body: ApiJson<RegisterBody>) -> Answer {
    let (wanted, password) = body.parse()?.check()?;
    let hash = visit.platform().hasher.seat()?.hash(password).await?;
    let done = move |open: &mut Open<'_>| Ok(register::register(open, &wanted, &hash)?);
    visit.write(done).await?;
    Ok(Reply::accepted().answer(None))
}

async fn verify_email(visit: Visit, body: ApiJson<TokenBody>) -> Answer {
    let token = body.parse()?.token;
    let done = move |open: &mut Open<'_>| Ok(register::verify_email(open, token.expose())?);
    visit.write(done).await?;
    Ok(Reply::no_content().answer(None))
}

async fn login(visit: Visit, body: ApiJson<LoginBody>) -> Answer {
    let agent = visit.request().headers().get(USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok());
    let login = body.parse()?.check(agent.unwrap_or_default())?;
    // Before the try is counted: a storm that is refused here costs no write.
    let seat = visit.platform().hasher.seat()?;
    let email = login.email.clone();
    let gate = visit.write(move |open| Ok(login::admit(open, &email)?));
    let stored = gate.await?.pass()?;
    let fits = seat.verify(login.password.clone(), stored.clone()).await?;
    let fits = stored.filter(|_| fits);
    let renewed = match &fits {
        Some(hash) if is_outdated(hash) => Some(seat.hash(login.password).await?),
        _ => None,
    };
    drop(seat);
    let settle = move |open: &mut Open<'_>| {
        let tried = Tried {
            email: &login.email,
            label: &login.label,
            fits: fits.as_deref(),
            renewed: renewed.as_deref(),
        };
        Ok(login::settle(open, &tried)?)
    };
    let view = visit.write(settle).await?;
    let view = view.ok_or(Error::CredentialsWrong)?;
    Ok(Reply::ok(&view)?.answer(None))
}

async fn refresh(visit: Visit, body: ApiJson<RefreshBody>) -> Answer {
    let token = body.parse()?.refresh_token;
    let next = move |open: &mut Open<'_>| Ok(session::refresh(open, token.expose())?);
    let view = visit.write(next).await?.ok_or(Fault::Unauthenticated)?;
    Ok(Reply::ok(&view)?.answer(None))
}

async fn logout(visit: Visit, body: ApiJson<RefreshBody>) -> Answer {
    let token = body.parse()?.refresh_token;
    let done = move |open: &mut Open<'_>| Ok(session::logout(open, token.expose())?);
    visit.write(done).await?;
    Ok(Reply::no_content().answer(None))
}

async fn logout_all(call: Call) -> Answer {
    // Not `write`: below `/auth` an `Idempotency-Key` is ignored.
    call.part(|cx| Ok(session::logout_all(cx)?)).await?;
    Ok(Reply::no_content().answer(None))
}

async fn ask_reset(visit: Visit, body: ApiJson<ResetBody>) -> Answer {
    let email = body.parse()?.check()?;
    let done = move |open: &mut Open<'_>| Ok(password::ask(open, &email)?);
    visit.write(done).await?;
    Ok(Reply::accepted().answer(None))
}

async fn confirm_reset(visit: Visit, body: ApiJson<ConfirmBody>) -> Answer {
    let ConfirmBody { token, password } = body.parse()?.check()?;
    let seat = visit.platform().hasher.seat()?;
    let sought = token.clone();
    let live = move |open: &mut Open<'_>| Ok(password::check(open, sought.expose())?);
    visit.look(live).await?;
    let hash = seat.hash(password).await?;
    drop(seat);
    let done = move |open: &mut Open<'_>| Ok(password::confirm(open, token.expose(), &hash)?);
    visit.write(done).await?;
    Ok(Reply::no_content().answer(None))
}

/// Mounts the routes.
pub(super) fn mount(api: &mut Api) {
    api.tag("auth");
    api.post("/auth/register", "register", register)
        .summary("Makes a family's account; the answer is the same for a known address.")
        .public()
        .body::<RegisterBody>()
        .answers::<AcceptedView>(202)
        .errors(&["invalid", "busy"]);
    api.post("/auth/verify-email", "verify_email", verify_email)
        .summary("Verifies the address of a new account, or a new address of one.")
        .public()
        .body::<TokenBody>()
        .answers_empty(204)
        .errors(&["token-invalid"]);
    api.post("/auth/login", "login", login)
        .summary("Gives a pair of tokens for an address and its password.")
        .public()
        .body::<LoginBody>()
        .answers::<SessionView>(200)
        .errors(&["credentials-wrong", "too-many-requests", "busy"]);
    api.post("/auth/refresh", "refresh", refresh)
        .summary("Gives the next pair of tokens; a replay signs the device out.")
        .public()
        .body::<RefreshBody>()
        .answers::<SessionView>(200)
        .errors(&["unauthenticated"]);
    api.post("/auth/logout", "logout", logout)
        .summary("Signs the device of a refresh token out; any other token changes nothing.")
        .public()
        .body::<RefreshBody>()
        .answers_empty(204);
    api.post("/auth/logout-all", "logout_all", logout_all)
        .summary("Signs the caller out on every device.")
        .answers_empty(204);
    api.post("/auth/password-resets", "ask_password_reset", ask_reset)
        .summary("Mails a link that sets a new password, where there is such an account.")
        .public()
        .body::<ResetBody>()
        .answers::<AcceptedView>(202);
    api.post(
        "/auth/password-resets/confirm",
        "confirm_password_reset",
        confirm_reset,
    )
    .summary("Sets the password a link gave the right to, of a reset or an invitation.")
    .public()
    .body::<ConfirmBody>()
    .answers_empty(204)
    .errors(&["token-invalid", "busy"]);
}
