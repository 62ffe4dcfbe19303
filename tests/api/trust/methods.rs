//! Verbs and media types that must change nothing (V-14), and what every answer carries (V-29).

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, training_sessions};
use hai_dang::identity::Role;
use serde_json::json;

use super::operations;
use crate::support::Reply;
use crate::training::{World, id};

/// The rows a hidden mutation would add.
fn rows(world: &World) -> (i64, i64) {
    world.app.query(|conn| {
        Ok((
            training_sessions::table.count().get_result(conn)?,
            audit_events::table.count().get_result(conn)?,
        ))
    })
}

#[test]
fn a_mutation_answers_to_no_other_verb() {
    let world = World::new();
    let administrator = world.app.persona(Role::Administrator);
    let outside = world.app.outside();
    let outside = outside.with_token(administrator.token.as_deref().unwrap());
    let mut verbs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for operation in operations() {
        let known = verbs.entry(operation.template.clone()).or_default();
        known.insert(operation.method);
        paths.insert(operation.template, operation.path);
    }
    let before = rows(&world);
    let mut tried = 0;
    for (template, known) in &verbs {
        if known.contains("GET") {
            continue;
        }
        for verb in ["GET", "HEAD"] {
            let reply = outside.send(verb, &paths[template], None);
            assert_eq!(reply.status, 405, "{verb} {template}");
            let allow = reply.header("allow");
            let told: BTreeSet<String> = allow.split(", ").map(str::to_owned).collect();
            assert!(known.is_subset(&told), "{template}: {allow:?}");
            tried += 1;
        }
    }
    assert!(tried >= 40, "{tried} mutations");
    assert_eq!(rows(&world), before);
}

#[test]
fn only_json_is_read_as_json() {
    let world = World::new();
    let organiser = &world.organiser;
    let administrator = world.app.persona(Role::Administrator);
    let outside = world.app.outside();
    let before = rows(&world);
    for operation in operations() {
        if !operation.has_json_body || operation.id == "unsubscribe" {
            continue;
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
        ] {
            let statuses: Vec<u16> = [organiser, &administrator]
                .map(|caller| {
                    let caller = outside
                        .with_token(caller.token.as_deref().unwrap())
                        .with("If-Match", "\"1\"")
                        .with("Content-Type", kind);
                    let body = Some(b"{}".to_vec());
                    caller.send(&operation.method, &operation.path, body).status
                })
                .to_vec();
            let refused = statuses.iter().all(|s| [403, 404, 415].contains(s));
            assert!(refused, "{} as {kind}: {statuses:?}", operation.id);
        }
    }
    let typed = organiser.with("Content-Type", "text/plain");
    let body = world.body(48).to_string().into_bytes();
    let refused = typed.send("POST", "/training-sessions", Some(body));
    assert_eq!(refused.status, 415);
    assert_eq!(rows(&world), before);
}

#[test]
fn a_verb_is_overridden_by_nothing() {
    let world = World::new();
    let made = world
        .organiser
        .post("/training-sessions", &world.body(48))
        .assert(201);
    let path = format!("/training-sessions/{}", id(&made.json()));
    let before = rows(&world);
    for header in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
    ] {
        let caller = world.organiser.having_seen(&made).with(header, "DELETE");
        caller.get(&path).assert(200);
        caller.post(&path, &json!({})).assert(405);
    }
    world
        .organiser
        .get(&format!("{path}?_method=DELETE"))
        .assert(422);
    world
        .organiser
        .post("/training-sessions", &json!({"_method": "DELETE"}))
        .assert(422);
    world.organiser.get(&path).assert(200);
    assert_eq!(rows(&world), before);
}

#[test]
fn a_foreign_origin_is_allowed_nothing() {
    let world = World::new();
    for origin in ["https://evil.example", "null", "http://localhost"] {
        let caller = world.organiser.with("Origin", origin);
        let asking = caller
            .with("Access-Control-Request-Method", "DELETE")
            .with("Access-Control-Request-Headers", "authorization");
        for reply in [
            asking.send("OPTIONS", "/me", None),
            caller.get("/me"),
            caller.get("/khong-co"),
        ] {
            for name in [
                "access-control-allow-origin",
                "access-control-allow-credentials",
            ] {
                assert_eq!(reply.header(name), "", "{origin}: {name}");
            }
        }
    }
}

#[test]
fn a_page_of_an_origin_that_is_allowed_reads_every_answer() {
    let world = World::new();
    let page = world.organiser.with("Origin", "https://app.example");
    let stranger = world.app.anonymous().with("Origin", "https://app.example");
    let readable = |reply: &Reply| {
        let allowed = reply.header("access-control-allow-origin");
        assert_eq!(allowed, "https://app.example", "{reply:?}");
        let exposed = reply.header("access-control-expose-headers");
        for name in ["retry-after", "etag", "content-disposition"] {
            assert!(exposed.to_lowercase().contains(name), "{exposed}");
        }
        assert!(reply.header("vary").contains("Origin"), "{reply:?}");
    };
    let draft = page.post("/training-sessions", &world.body(48)).assert(201);
    let path = format!("/training-sessions/{}", draft.id());
    readable(&draft);
    readable(&stranger.get("/me").assert(401));
    readable(&page.get("/users").assert(403));
    readable(&page.get("/khong-co").assert(404));
    readable(&page.send("DELETE", "/me", None).assert(405));
    let reopen = page.post(&format!("{path}/reopen"), &json!({"reason": "Nhập sai"}));
    readable(&reopen.assert(409));
    readable(
        &page
            .with("If-Match", "\"9\"")
            .patch(&path, &json!({"title": "A"}))
            .assert(412),
    );
    readable(&page.post("/training-sessions", &json!({})).assert(422));
    readable(&page.patch(&path, &json!({"title": "A"})).assert(428));
    let asking = page.with("Access-Control-Request-Method", "PATCH");
    let asked = asking.send("OPTIONS", &path, None).assert(200);
    assert_eq!(
        asked.header("access-control-allow-origin"),
        "https://app.example"
    );
    let elsewhere = world.organiser.with("Origin", "https://evil.example");
    let elsewhere = elsewhere.with("Access-Control-Request-Method", "PATCH");
    let refused = elsewhere.send("OPTIONS", &path, None).assert(403);
    refused.problem("origin-not-allowed");
}

#[test]
fn every_answer_is_no_page_and_may_load_nothing() {
    let world = World::new();
    let outside = world.app.outside();
    let outside = outside.with_token(world.organiser.token.as_deref().unwrap());
    for operation in operations() {
        if ["logout", "logout_all"].contains(&operation.id.as_str()) {
            continue;
        }
        let body = operation.has_json_body.then(|| b"{\"a\":1}".to_vec());
        let reply = outside.send(&operation.method, &operation.path, body);
        let what = format!("{} {}", operation.id, reply.status);
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}");
        let kind = reply.header("content-type").to_owned();
        let is_page =
            operation.template.starts_with("/docs") || operation.template.starts_with("/go");
        if is_page {
            continue;
        }
        assert!(!kind.starts_with("text/html"), "{what}: {kind}");
        if kind.contains("json") {
            let policy = reply.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{what}: {policy:?}");
        }
    }
}

#[test]
fn an_unknown_path_is_a_problem_on_every_verb() {
    let world = World::new();
    for path in [
        "/khong-co",
        "/_internal",
        "/training-sessions/",
        "/me/../users",
        "/me%2Fdevices",
    ] {
        for verb in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let reply = world.organiser.send(verb, path, None);
            assert_eq!(reply.status, 404, "{verb} {path}");
            reply.problem("not-found");
        }
    }
    for path in [
        "/.env",
        "/metrics",
        "/debug",
        "/api",
        "/api/v2/me",
        "/api/v1",
    ] {
        let reply = world.app.outside().get(path).assert(404);
        reply.problem("not-found");
    }
}
