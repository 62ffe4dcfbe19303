//! Links nobody bends (V-09), text that is no header, element or formula (V-09b, V-10, V-11).

use hai_dang::identity::Role;
use hai_dang::mail::compose::From;
use hai_dang::mail::transport::Transport;
use hai_dang::mail::worker::Mailroom;
use serde_json::json;
use std::sync::Arc;

use crate::support::TestApp;
use crate::training::{World, id, registrations};

/// Every mail so far, as the relay would get it.
pub(super) fn sent(app: &TestApp) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let room = Mailroom {
        db: app.platform.db.clone(),
        clock: Arc::clone(&app.clock),
        keys: Arc::clone(&app.platform.keys),
        links: app.platform.links.clone(),
        transport: Transport::File(folder.path().to_owned()),
        from: From {
            address: "van-phong@example.vn".to_owned(),
        },
    };
    // Past the quiet hours.
    app.clock.advance(chrono::TimeDelta::hours(10));
    while room.step().unwrap() > 0 {}
    let files = std::fs::read_dir(folder.path()).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn no_header_of_a_request_reaches_a_mail() {
    let app = TestApp::new();
    let family = app.persona(Role::Family);
    let mut evil = app.anonymous();
    for name in [
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Original-Host",
        "X-Host",
        "Origin",
        "Referer",
    ] {
        evil = evil.with(name, "https://evil.example");
    }
    evil = evil.with("Forwarded", "host=evil.example;proto=https");
    let account =
        json!({"email": "an@example.vn", "password": "mat khau rat dai 3", "full_name": "An"});
    evil.post("/auth/register", &account).assert(202);
    let reset = json!({"email": family.email});
    evil.post("/auth/password-resets", &reset).assert(202);
    let host = app.anonymous().with("Host", "evil.example");
    host.post("/auth/password-resets", &reset).assert(202);
    let base = &app.platform.links.base;
    assert!(!base.contains("evil"));
    assert!(app.messages().len() >= 2);
    let mails = sent(&app);
    assert!(!mails.is_empty());
    for mail in mails {
        assert!(!mail.contains("evil"), "{mail}");
    }
    for mail in app.messages() {
        let stored = serde_json::to_string(&mail.content).unwrap();
        assert!(
            !stored.contains("http") && !stored.contains("evil"),
            "{stored}"
        );
    }
}

#[test]
fn what_breaks_a_line_is_refused_in_names_and_titles() {
    let world = World::new();
    for bad in [
        "\r\nBcc: a@evil.example",
        "\n",
        "\r",
        "\u{0}",
        "\u{202E}",
        "\u{2066}",
        "\u{85}",
        "\u{1b}[2J",
        "\r\n.\r\n",
        "\u{2028}",
        "\u{2029}",
    ] {
        let name = format!("An{bad}Bình");
        let mut body = world.body(48);
        body["title"] = json!(name);
        body["venue"] = json!({"name": name});
        let replies = [
            world.organiser.post("/training-sessions", &body),
            world
                .organiser
                .post("/attendees", &json!({"full_name": name})),
            world.organiser.post("/rooms", &json!({"name": name})),
        ];
        for reply in replies {
            let is_folded = reply.status == 201
                && !String::from_utf8_lossy(&reply.body).contains(bad)
                && !reply.json().to_string().contains(bad);
            assert!(reply.status == 422 || is_folded, "{bad:?}: {reply:?}");
        }
    }
}

#[test]
fn markup_and_addresses_stay_text() {
    let world = World::new();
    let title = "<b>Bcc: x</b> http://evil.example/?a=1 &amp; \"'";
    let mut body = world.body(48);
    body["title"] = json!(title);
    let session = world.publish(&body);
    let shown = world
        .organiser
        .get(&format!("/training-sessions/{}", id(&session)));
    assert_eq!(shown.assert(200).json()["title"], title);
    let person = json!({"attendee": {"full_name": "<img src=x> An", "email": "an@example.vn"}});
    world
        .organiser
        .post(&registrations(&session), &person)
        .assert(201);
    let mails = sent(&world.app);
    assert!(!mails.is_empty());
    for mail in mails {
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("\nBcc:"), "{head}");
        assert!(!mail.contains("http://evil"), "an address lures: {mail}");
        let (_, html) = mail.split_once("Content-Type: text/html").unwrap();
        for raw in ["<b>", "<img src"] {
            assert!(!html.contains(raw), "{raw}: {html}");
        }
    }
}

#[test]
fn an_exported_list_is_no_formula_and_comes_back_whole() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let names = [
        "=1+1",
        "+84",
        "-An",
        "@An",
        "＝An",
        "＋An",
        "－An",
        "＠An",
        "\"=An",
        "'=An",
        "An, \"Bình\"",
        "An;Chi",
        "Nguyễn Thị Đào",
        "H'Bia",
    ];
    for name in names {
        let person = json!({"attendee": {"full_name": name}});
        world
            .organiser
            .post(&registrations(&session), &person)
            .assert(201);
    }
    let path = format!("/training-sessions/{}/attendance.csv", id(&session));
    let file = world.organiser.get(&path).assert(200);
    assert!(file.body.starts_with("\u{FEFF}".as_bytes()));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.header("content-disposition").is_ascii());
    let text = String::from_utf8(file.body.clone()).unwrap();
    for line in text.lines().skip(1) {
        let (_, cell) = line.split_once(',').unwrap();
        let cell = cell.trim_start_matches('"');
        let is_formula = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        assert!(!is_formula, "{line}");
    }
    let again = world.publish(&world.body(60));
    let sheet = world.organiser.with("Content-Type", "text/csv");
    let path = format!("{}/import", registrations(&again));
    sheet.send("POST", &path, Some(file.body)).assert(200);
    let path = format!("{}?limit=100", registrations(&again));
    let list = world.organiser.get(&path).assert(200).json();
    let mut back: Vec<String> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["attendee"]["full_name"].as_str().unwrap().to_owned())
        .collect();
    let mut names = names.map(str::to_owned).to_vec();
    back.sort();
    names.sort();
    assert_eq!(back, names);
}
