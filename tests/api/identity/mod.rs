//! People: accounts, logins, tokens.

mod accounts;
mod colleagues;
mod ends;
mod forged;
mod login;
mod me;
mod refresh;
mod register;
mod roles;

use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, Reply, TestApp};

/// Another good password.
const OTHER: &str = "mot mat khau khac 2";

/// A login with the password all personas have; its pair of tokens.
#[track_caller]
fn log_in(app: &TestApp, email: &str, password: &str) -> Value {
    let body = json!({"email": email, "password": password, "device": "Điện thoại"});
    app.anonymous()
        .post("/auth/login", &body)
        .assert(200)
        .json()
}

fn refresh(app: &TestApp, token: &Value) -> Reply {
    app.anonymous()
        .post("/auth/refresh", &json!({"refresh_token": token}))
}

/// The caller behind a pair of tokens.
fn bearer(app: &TestApp, pair: &Value) -> Client {
    app.anonymous()
        .with_token(pair["access_token"].as_str().unwrap())
}

/// All of an answer but what differs on every call.
fn fingerprint(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.headers.iter();
    let mut headers: Vec<(String, String)> = headers
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (
        reply.status,
        headers,
        String::from_utf8(reply.body.clone()).unwrap(),
    )
}

/// A family's body for `/auth/register`.
fn family(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "full_name": "Nguyễn Văn An"})
}
