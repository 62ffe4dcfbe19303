//! Deep, huge and broken inputs to every parser (V-30), and filters that are no language (V-28).

use std::time::{Duration, Instant};

use hai_dang::identity::Role;
use serde_json::json;

use super::operations;
use crate::support::{Client, Reply};
use crate::training::{World, person};

/// A call that must end soon, and without a fault of ours.
#[track_caller]
fn bounded(what: &str, call: impl FnOnce() -> Reply) -> Reply {
    let begun = Instant::now();
    let reply = call();
    assert!(begun.elapsed() < Duration::from_secs(5), "{what} was slow");
    assert!(reply.status < 500, "{what}: {}", reply.status);
    reply
}

fn raw(client: &Client, path: &str, body: &[u8]) -> Reply {
    client.send("POST", path, Some(body.to_vec()))
}

#[test]
fn bodies_that_are_no_json_of_ours_are_refused() {
    let world = World::new();
    let mut bodies: Vec<Vec<u8>> = vec![
        b"{\"full_name\":\"A\",\"full_name\":\"B\"}".to_vec(),
        b"{\"full_name\":\"A\",\"birth_year\":1e400}".to_vec(),
        b"{\"full_name\":\"A\",\"birth_year\":NaN}".to_vec(),
        b"{\"full_name\":\"A\",\"birth_year\":99999999999999999999999999}".to_vec(),
        b"{\"full_name\":\"A\",\"birth_year\":-9223372036854775809}".to_vec(),
        b"{\"full_name\":\"A\",\"birth_year\":1980.5}".to_vec(),
        b"{\"full_name\":\"\\ud800\"}".to_vec(),
        b"{\"full_name\":\"\\udc00\\ud800\"}".to_vec(),
        b"\xEF\xBB\xBF{\"full_name\":\"A\"}".to_vec(),
        b"{\"full_name\":\"\xFF\xFE\"}".to_vec(),
        b"{\"full_name\":\"\xC0\xAF\"}".to_vec(),
        b"{\"full_name\":\"A\"} {}".to_vec(),
        b"{\"full_name\":\"A\",}".to_vec(),
        b"{'full_name':'A'}".to_vec(),
        b"{\"full_name\":[\"A\"]}".to_vec(),
        b"{\"full_name\":\"\\u0000\"}".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"\"A\"".to_vec(),
        b"".to_vec(),
        b"{\"__proto__\":{},\"full_name\":\"A\"}".to_vec(),
        "[".repeat(100_000).into_bytes(),
        "{\"a\":".repeat(40_000).into_bytes(),
        format!(
            "{{\"full_name\":{}1{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        )
        .into_bytes(),
    ];
    let keys: Vec<String> = (0..25_000).map(|key| format!("\"{key}\":1")).collect();
    bodies.push(format!("{{{}}}", keys.join(",")).into_bytes());
    bodies.push(format!("{{\"full_name\":\"{}\"}}", "a".repeat(200_000)).into_bytes());
    bodies.push(format!("{{\"birth_year\":{}}}", "9".repeat(200_000)).into_bytes());
    for body in &bodies {
        let what = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let reply = bounded(&what, || raw(&world.organiser, "/attendees", body));
        assert!(
            [400, 415, 422].contains(&reply.status),
            "{what}: {}",
            reply.status
        );
        assert!(
            reply.body.len() < 4096,
            "{what}: {} bytes",
            reply.body.len()
        );
    }
}

#[test]
fn a_list_is_taken_for_no_object_however_deep() {
    let world = World::new();
    let mut body = world.body(48);
    body["venue"] = json!(["Nhà văn hóa", "12 Tô Hiệu"]);
    let refused = world.organiser.post("/training-sessions", &body);
    refused.assert(422).violates("/venue", "wrong-shape");
    let mut body = world.body(48);
    body["slots"] = json!([[
        null,
        body["slots"][0]["starts_at"],
        body["slots"][0]["ends_at"],
        null,
        true
    ]]);
    let refused = world.organiser.post("/training-sessions", &body);
    refused.assert(422).violates("/slots/0", "wrong-shape");
    let admin = world.app.persona(Role::Administrator);
    let seen = admin.get("/office").assert(200);
    let policy = json!({"policies": {"late_after_minutes": [20, "tự đặt"]}});
    let refused = admin.having_seen(&seen).patch("/office", &policy);
    let refused = refused.assert(422);
    refused.violates("/policies/late_after_minutes", "wrong-shape");
}

#[test]
fn a_nul_is_refused_in_whatever_field_it_comes() {
    let world = World::new();
    // Asked without an account, and looked for as it is: an office, a code.
    let visitor = world.app.anonymous();
    let fields = json!({"code": "\u{0}K7M2-94", "pin": "3048\u{0}17", "office": "5\u{0}"});
    let refused = visitor.post("/public/status", &fields).assert(422);
    for pointer in ["/code", "/pin", "/office"] {
        refused.violates(pointer, "forbidden-character");
    }
    // What only looks like one is none.
    let spelled = json!({"full_name": "Tên \\u0000"});
    world.organiser.post("/attendees", &spelled).assert(201);
}

#[test]
fn a_body_over_the_limit_or_packed_is_not_read() {
    let world = World::new();
    let big = format!("{{\"full_name\":\"{}\"}}", "a".repeat(300_000));
    let reply = bounded("big", || {
        raw(&world.organiser, "/attendees", big.as_bytes())
    });
    assert_eq!(reply.status, 413);
    for packing in ["gzip", "deflate", "br", "gzip, gzip", "zstd"] {
        let packed = world.organiser.with("Content-Encoding", packing);
        let reply = bounded(packing, || raw(&packed, "/attendees", b"\x1f\x8b\x08\x00"));
        assert_eq!(reply.status, 415, "{packing}");
    }
}

#[test]
fn times_and_dates_beyond_the_calendar_are_refused() {
    let world = World::new();
    for time in [
        "+99999-01-01T00:00:00+07:00",
        "-0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "0000-00-00T00:00:00Z",
        "2026-02-30T08:00:00+07:00",
        "2026-03-01T24:00:00+07:00",
        "2026-03-01T08:00:00",
        "2026-03-01T08:00:00+99:99",
        "Sun, 01 Mar 2026 08:00:00 +0700",
        "2026-W10-1T08:00:00Z",
        "1772300000",
        "",
    ] {
        let mut body = world.body(48);
        body["slots"] = json!([{"starts_at": time, "ends_at": time}]);
        let reply = bounded(time, || world.organiser.post("/training-sessions", &body));
        assert_eq!(reply.status, 422, "{time:?}");
    }
    let nested = "(".repeat(100_000);
    let mut body = world.body(48);
    body["slots"] = json!([{"starts_at": nested, "ends_at": nested}]);
    let reply = bounded("comments", || {
        world.organiser.post("/training-sessions", &body)
    });
    assert_eq!(reply.status, 422);
}

#[test]
fn days_that_an_engine_does_not_keep_are_no_fault_of_ours() {
    let world = World::new();
    let auditor = world.app.persona(Role::Auditor);
    let intake = world.app.persona(Role::LegalAidIntake);
    let supervisor = world.app.persona(Role::Supervisor);
    for day in ["-262143-01-01", "-4800-01-01", "%2B262142-12-31"] {
        let period = format!("?from={day}&to={day}");
        for (caller, path) in [
            (&world.organiser, format!("/reports/attendance{period}")),
            (&world.organiser, format!("/training-sessions{period}")),
            (&auditor, format!("/audit-events{period}")),
            (&intake, format!("/legal-aid-requests?due_by={day}")),
            (&supervisor, format!("/delegations?on={day}")),
        ] {
            let reply = bounded(&path, || caller.get(&path));
            assert_eq!(reply.status, 422, "{path}");
        }
    }
    let key = json!([0, "-262143-01-01", "0190f5d2-7c1e-7b3a-9d42-3f1f6c8a2b10"]);
    let cursor = hai_dang::kernel::page::encode("LegalAidRequestsQuery", &key);
    let path = format!("/legal-aid-requests?order=due&cursor={cursor}");
    let reply = bounded("a place in the queue", || intake.get(&path));
    assert_eq!(reply.status, 422);
}

#[test]
fn days_beyond_the_calendar_are_refused() {
    let world = World::new();
    for date in [
        "+99999-01-01",
        "262143-12-31",
        "-262144-01-01",
        "2026-13-01",
        "0000-01-01",
        "x",
    ] {
        let path = format!(
            "/training-sessions?from={}&to={date}",
            date.replace('+', "%2B")
        );
        let reply = bounded(date, || world.organiser.get(&path));
        assert!(
            [200, 400, 422].contains(&reply.status),
            "{date}: {}",
            reply.status
        );
        let administrator = world.app.persona(Role::Administrator);
        let path = format!("/calendar/{}", date.replace('+', "%2B"));
        bounded(date, || {
            administrator.put(&path, &json!({"kind": "holiday", "name": "x"}))
        });
    }
    for year in [
        "0",
        "-1",
        "262142",
        "99999999999999999999",
        "+2026",
        "2026.0",
        "x",
    ] {
        bounded(year, || world.organiser.get(&format!("/calendar/{year}")));
    }
}

#[test]
fn long_and_odd_headers_are_borne() {
    let world = World::new();
    let long = "a".repeat(20_000);
    let tags = format!("\"{}\"", "1".repeat(20_000));
    let many = "\"1.a\", ".repeat(3_000) + "\"1.b\"";
    let languages = "vi;q=0.1, ".repeat(2_000) + "en;q=1e400";
    let cases = [
        ("If-None-Match", tags.as_str()),
        ("If-None-Match", many.as_str()),
        ("If-None-Match", "*"),
        ("If-None-Match", "W/\"\", \"\\"),
        ("If-Match", tags.as_str()),
        ("If-Match", many.as_str()),
        ("If-Match", "\"99999999999999999999999999.a\""),
        ("If-Match", "\"-1\""),
        ("Accept-Language", languages.as_str()),
        ("Accept-Language", ";q=,;;q=NaN,*;q=-1"),
        ("Accept", long.as_str()),
        ("Idempotency-Key", long.as_str()),
        ("Idempotency-Key", "'; DROP TABLE users; --"),
        ("X-Request-Id", long.as_str()),
        (
            "X-Forwarded-For",
            "999.1.1.1, ::ffff:1.2.3.4.5, [::1]:99999,,,",
        ),
        ("Range", "bytes=0-18446744073709551615,-1"),
        ("Cookie", long.as_str()),
    ];
    for (name, value) in cases {
        let what = format!("{name}: {}", value.chars().take(40).collect::<String>());
        let caller = world.organiser.with(name, value);
        bounded(&what, || caller.get("/me"));
        bounded(&what, || caller.post("/attendees", &person("An")));
        bounded(&what, || caller.patch("/me", &json!({"language": "en"})));
    }
    for token in [long.as_str(), ".", "..", "a.b.c", "=.=.="] {
        let reply = bounded("token", || world.organiser.with_token(token).get("/me"));
        assert_eq!(reply.status, 401);
    }
    for kind in [
        "Basic YTpi",
        "Bearer",
        "bearer  x",
        "Bearer a, Bearer b",
        "Digest x",
    ] {
        let caller = world.app.anonymous().with("Authorization", kind);
        assert_eq!(bounded(kind, || caller.get("/me")).status, 401, "{kind}");
    }
}

/// What has been written into search boxes.
const CORPUS: [&str; 66] = [
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\\\",
    "\\'",
    "%",
    "%%",
    "_",
    "__",
    "\\%",
    "\\_",
    ";",
    "--",
    "-- -",
    "/*",
    "*/",
    "#",
    "' OR '1'='1",
    "' OR 1=1--",
    "\" OR \"\"=\"",
    "') OR ('1'='1",
    "1 OR 1=1",
    "1; DROP TABLE users",
    "'; DROP TABLE attendees; --",
    "' UNION SELECT NULL--",
    "' UNION ALL SELECT password_hash FROM users--",
    "1 UNION SELECT sql FROM sqlite_master",
    "' AND SLEEP(5)--",
    "'; SELECT pg_sleep(5)--",
    "' || pg_sleep(5) || '",
    "1 AND randomblob(1e9)",
    "'||(SELECT version())||'",
    "${7*7}",
    "{{7*7}}",
    "$1",
    "?1",
    ":name",
    "@@version",
    "0x27",
    "%27",
    "%00",
    "\u{0}",
    "\u{2019}",
    "\u{FF07}",
    "\u{202E}abc",
    "\u{200B}",
    "é\u{301}\u{301}",
    "ß",
    "İ",
    "ﬁ",
    "𝕬",
    "\u{FFFF}",
    "\u{10FFFF}",
    "nguyễn' --",
    "(((((",
    "[a-z]*",
    "NULL",
    "true",
    "-262143-01-01",
    "-4800-01-01",
    "+262142-12-31",
    // Cursors: a key with a NUL, an instant and a day before PostgreSQL's first.
    "WyJhXHUwMDAwIiwiMDE5MGY1ZDItN2MxZS03YjNhLTlkNDItM2YxZjZjOGEyYjEwIl0",
    "Wy04MzM0NjAxMjI4ODAwMDAwMDAwLCIwMTkwZjVkMi03YzFlLTdiM2EtOWQ0Mi0zZjFmNmM4YTJiMTAiXQ",
    "WzAsIi0yNjIxNDMtMDEtMDEiLCIwMTkwZjVkMi03YzFlLTdiM2EtOWQ0Mi0zZjFmNmM4YTJiMTAiXQ",
];

fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}

#[test]
fn every_parameter_of_every_list_takes_the_corpus_without_a_fault() {
    let world = World::new();
    let outside = world.app.outside();
    let roles = [
        Role::Organiser,
        Role::Administrator,
        Role::Auditor,
        Role::Supervisor,
        Role::LegalAidIntake,
        Role::Family,
    ];
    let callers =
        roles.map(|role| outside.with_token(world.app.persona(role).token.as_deref().unwrap()));
    let mut tried = 0;
    for operation in operations() {
        if operation.method != "GET" || operation.query.is_empty() {
            continue;
        }
        let caller = callers
            .iter()
            .find(|caller| caller.get(&operation.path).status != 403);
        let caller = caller.unwrap_or(&callers[0]);
        for name in &operation.query {
            for text in CORPUS {
                let path = format!("{}?{name}={}", operation.path, encoded(text));
                let what = format!("{} {name}={text:?}", operation.id);
                let reply = bounded(&what, || caller.get(&path));
                assert!(
                    [200, 400, 404, 422].contains(&reply.status),
                    "{what}: {}",
                    reply.status
                );
                tried += 1;
            }
            let path = format!("{}?{name}={}", operation.path, "a".repeat(6_000));
            bounded(name, || caller.get(&path));
            let bytes = format!("{}?{name}=%FF%FE%C0", operation.path);
            bounded(name, || caller.get(&bytes));
        }
    }
    assert!(tried >= 1_000, "{tried}");
}

#[test]
fn a_search_finds_its_letters_and_nothing_more() {
    let world = World::new();
    for name in [
        "Lan 100%",
        "Lan_Anh",
        "Lan\\Chi",
        "Lan O'Neil",
        "Lan thường",
    ] {
        world
            .organiser
            .post("/attendees", &json!({"full_name": name}))
            .assert(201);
    }
    let found = |q: &str| {
        let path = format!("/attendees?q={}", encoded(q));
        let list = world.organiser.get(&path).assert(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(found("lan"), 5);
    for (q, count) in [
        ("100%", 1),
        ("%", 1),
        ("lan%anh", 0),
        ("lan_thuong", 0),
        ("' or 1=1 --", 0),
    ] {
        assert_eq!(found(q), count, "{q:?}");
    }
}
