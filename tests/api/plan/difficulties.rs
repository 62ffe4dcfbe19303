//! What agencies cannot solve: who raises and changes it, who answers, and who sees it.

use std::slice;

use diesel::prelude::*;
use hai_dang::db::schema::users;
use hai_dang::identity::Role;
use hai_dang::kernel::AgencyId;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};
use crate::training::{World, furnish};

const ALL: &str = "/difficulties";

fn difficulty(agency: &str) -> Value {
    json!({
        "agency": agency, "plan_task": "2b", "title": "Thiếu người phiên dịch",
        "text": "Buổi tập huấn có người nước ngoài.", "proposal": "Đề nghị Sở Tư pháp cử người.",
        "raised_on": "2026-02-20",
    })
}

fn forward() -> Value {
    json!({"to": "Sở Tư pháp", "on": "2026-02-23", "document_number": "86/UBND-VP"})
}

fn answer() -> Value {
    json!({"answer": "Sở cử một người.", "on": "2026-02-27", "number": "345/STP"})
}

fn reason() -> Value {
    json!({"reason": "Đã giải quyết xong."})
}

/// Somebody of an agency who enters its part.
fn contributor(app: &TestApp, agency: &str) -> Client {
    let client = app.persona(Role::Contributor);
    let (user, agency) = (client.id(), AgencyId::parse(agency).unwrap());
    app.change(move |conn| {
        diesel::update(users::table.find(user))
            .set(users::agency_id.eq(Some(agency)))
            .execute(conn)?;
        Ok(())
    });
    client
}

/// A difficulty of an agency; its path.
#[track_caller]
fn raise(by: &Client, agency: &str) -> String {
    format!(
        "{ALL}/{}",
        by.post(ALL, &difficulty(agency)).assert(201).id()
    )
}

#[test]
fn a_difficulty_is_raised_forwarded_answered_and_closed() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let ours = contributor(&world.app, &world.police);
    let made = ours.post(ALL, &difficulty(&world.police)).assert(201);
    let path = format!("{ALL}/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    let seen = made.json();
    assert_eq!(
        (&seen["status"], &seen["agency"], &seen["raised_on"]),
        (&json!("raised"), &json!(world.police), &json!("2026-02-20"))
    );
    assert_eq!(seen["raised_by"], json!(ours.id()));
    assert_eq!(seen["allowed_actions"], json!(["edit"]));
    let seen = reporter.get(&path).assert(200).json();
    let all = json!(["edit", "forward", "answer", "close"]);
    assert_eq!(seen["allowed_actions"], all);
    let seen = reporter.post(&format!("{path}/forward"), &forward());
    let seen = seen.assert(200).json();
    assert_eq!(
        (
            &seen["status"],
            &seen["forwarded_to"],
            &seen["forward_number"]
        ),
        (
            &json!("forwarded"),
            &json!("Sở Tư pháp"),
            &json!("86/UBND-VP")
        )
    );
    assert_eq!(seen["forwarded_by"], json!(reporter.id()));
    let seen = reporter.post(&format!("{path}/answer"), &answer());
    let seen = seen.assert(200).json();
    assert_eq!(
        (
            &seen["status"],
            &seen["answered_on"],
            &seen["answer_number"]
        ),
        (&json!("answered"), &json!("2026-02-27"), &json!("345/STP"))
    );
    let own = ours.get(&path).assert(200).json();
    assert_eq!(own["answer"], "Sở cử một người.");
    assert_eq!(own["allowed_actions"], json!([]));
    let seen = reporter.post(&format!("{path}/close"), &reason());
    let seen = seen.assert(200).json();
    assert_eq!(
        (&seen["status"], &seen["closed_reason"], &seen["version"]),
        (&json!("closed"), &reason()["reason"], &json!(4))
    );
    assert_eq!(seen["allowed_actions"], json!([]));
}

#[test]
fn a_step_out_of_its_order_is_refused_with_what_may_be_done() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let path = raise(&reporter, &world.police);
    let act = |path: &str, verb: &str| {
        let body = match verb {
            "forward" => forward(),
            "answer" => answer(),
            _ => reason(),
        };
        reporter.post(&format!("{path}/{verb}"), &body)
    };
    let refused = |verb: &str, current: &str, allowed: Value| {
        let body = act(&path, verb).assert(409).problem("action-not-allowed");
        assert_eq!(
            (&body["current"], &body["action"]),
            (&json!(current), &json!(verb))
        );
        assert_eq!(body["allowed_actions"], allowed);
    };
    act(&path, "forward").assert(200);
    refused("forward", "forwarded", json!(["answer", "close"]));
    let any = reporter.with("If-Match", "*");
    let late = any.patch(&path, &json!({"title": "Khác"})).assert(409);
    let late = late.problem("action-not-allowed");
    assert_eq!(
        (&late["action"], &late["allowed_actions"]),
        (&json!("edit"), &json!(["answer", "close"]))
    );
    let organiser = world.organiser.with("If-Match", "*");
    let late = organiser
        .patch(&path, &json!({"title": "Khác"}))
        .assert(409);
    assert_eq!(late.json()["allowed_actions"], json!([]));
    act(&path, "answer").assert(200);
    refused("forward", "answered", json!(["close"]));
    refused("answer", "answered", json!(["close"]));
    act(&path, "close").assert(200);
    for verb in ["forward", "answer", "close"] {
        refused(verb, "closed", json!([]));
    }
    // The office answers by itself, or closes what it need not answer.
    let second = raise(&reporter, &world.police);
    act(&second, "answer").assert(200);
    let third = raise(&reporter, &world.police);
    act(&third, "close").assert(200);
    let fourth = raise(&reporter, &world.police);
    act(&fourth, "forward").assert(200);
    act(&fourth, "close").assert(200);
}

#[test]
fn what_it_says_is_changed_until_it_is_forwarded_by_whoever_enters_for_the_agency() {
    let world = World::new();
    let ours = contributor(&world.app, &world.police);
    let path = raise(&ours, &world.police);
    let seen = ours.get(&path).assert(200);
    let change = json!({"title": "Thiếu phiên dịch", "proposal": null, "plan_task": null});
    ours.patch(&path, &change).assert(428);
    let changed = ours.having_seen(&seen).patch(&path, &change).assert(200);
    let after = changed.json();
    assert_eq!(
        (&after["title"], &after["proposal"], &after["plan_task"]),
        (&json!("Thiếu phiên dịch"), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&after["text"], &after["version"]),
        (&seen.json()["text"], &json!(2))
    );
    let stale = ours.having_seen(&seen).patch(&path, &change).assert(412);
    stale.problem("stale-version");
    // What changes nothing moves nothing.
    let same = ours.having_seen(&changed).patch(&path, &change).assert(200);
    assert_eq!(same.json()["version"], 2);
    let wrong = json!({"title": null, "text": "", "raised_on": "2026-03-02"});
    let refused = ours.having_seen(&changed).patch(&path, &wrong).assert(422);
    refused.violates("/title", "required");
    refused.violates("/text", "required");
    refused.violates("/raised_on", "in-the-future");
    let task = json!({"plan_task": "9z"});
    let refused = ours.having_seen(&changed).patch(&path, &task).assert(422);
    refused.violates("/plan_task", "unknown-reference");
    for role in [Role::Organiser, Role::Reporter] {
        let other = world.app.persona(role).with("If-Match", "*");
        let text = json!({"text": format!("Sửa bởi {role}")});
        other.patch(&path, &text).assert(200);
    }
    let found = ours.get("/difficulties?q=THIEU%20phien").assert(200).json();
    assert_eq!(found["items"][0]["title"], "Thiếu phiên dịch");
}

#[test]
fn a_contributor_sees_and_raises_what_is_their_own_agency_s() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let (ours, theirs) = (
        contributor(&world.app, &world.police),
        contributor(&world.app, &world.secretariat),
    );
    let nowhere = world.app.persona(Role::Contributor);
    let path = raise(&ours, &world.police);
    ours.post(ALL, &difficulty(&world.secretariat)).assert(403);
    nowhere.post(ALL, &difficulty(&world.police)).assert(403);
    for stranger in [&theirs, &nowhere] {
        stranger.get(&path).assert(404);
        let change = json!({"title": "Khác"});
        stranger
            .with("If-Match", "*")
            .patch(&path, &change)
            .assert(404);
        let list = stranger
            .get("/difficulties?include=total")
            .assert(200)
            .json();
        assert_eq!((&list["items"], &list["total"]), (&json!([]), &json!(0)));
        let named = format!("/difficulties?agency={}", world.police);
        assert_eq!(stranger.get(&named).assert(200).json()["items"], json!([]));
    }
    for verb in ["forward", "answer", "close"] {
        ours.post(&format!("{path}/{verb}"), &reason()).assert(403);
    }
    // Whoever works for the office besides reads all, and changes their own agency's.
    let both = world
        .app
        .persona_of(world.app.office, &[Role::Contributor, Role::Counsellor]);
    let seen = both.get(&path).assert(200);
    assert_eq!(seen.json()["allowed_actions"], json!([]));
    let change = json!({"title": "Khác"});
    both.having_seen(&seen).patch(&path, &change).assert(403);
    // An answer that was kept is told to whoever still sees it.
    let keyed = ours.with("Idempotency-Key", "mot-lan");
    keyed.post(ALL, &difficulty(&world.police)).assert(201);
    let user = ours.id();
    world.app.change(move |conn| {
        diesel::update(users::table.find(user))
            .set(users::agency_id.eq(None::<AgencyId>))
            .execute(conn)?;
        Ok(())
    });
    keyed.post(ALL, &difficulty(&world.police)).assert(404);
    assert_eq!(
        reporter.get("/difficulties?include=total").json()["total"],
        2
    );
}

#[test]
fn all_other_staff_read_difficulties_and_nobody_elsewhere_does() {
    let world = World::new();
    let abroad = world.app.add_office("khac");
    let (foreign, _, _) = furnish(&world.app, abroad);
    let path = raise(&world.organiser, &world.police);
    for role in [
        Role::Administrator,
        Role::Organiser,
        Role::Counsellor,
        Role::Supervisor,
        Role::LegalAidIntake,
        Role::Reporter,
        Role::Auditor,
    ] {
        let reader = world.app.persona(role);
        let seen = reader.get(&path).assert(200).json();
        assert_eq!(seen["title"], "Thiếu người phiên dịch");
        let may = match role {
            Role::Organiser => json!(["edit"]),
            Role::Reporter => json!(["edit", "forward", "answer", "close"]),
            _ => json!([]),
        };
        assert_eq!(seen["allowed_actions"], may, "{role}");
        if ![Role::Organiser, Role::Reporter].contains(&role) {
            reader.post(ALL, &difficulty(&world.police)).assert(403);
            reader
                .with("If-Match", "*")
                .patch(&path, &json!({}))
                .assert(403);
        }
        if role != Role::Reporter {
            reader.post(&format!("{path}/close"), &reason()).assert(403);
        }
    }
    let family = world.app.persona(Role::Family);
    family.get(ALL).assert(403);
    family.get(&path).assert(403);
    let stranger = world.app.persona_of(abroad, &[Role::Reporter]);
    stranger.get(&path).assert(404);
    stranger
        .post(&format!("{path}/close"), &reason())
        .assert(404);
    stranger
        .with("If-Match", "*")
        .patch(&path, &json!({}))
        .assert(404);
    assert_eq!(stranger.get(ALL).assert(200).json()["items"], json!([]));
    let refused = world.organiser.post(ALL, &difficulty(&foreign)).assert(422);
    refused.violates("/agency", "unknown-reference");
}

#[test]
fn what_is_written_of_a_difficulty_is_checked() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let mut wrong = difficulty(&world.police);
    wrong["title"] = json!("");
    wrong["text"] = json!("a".repeat(4001));
    wrong["raised_on"] = json!("2026-03-02");
    let refused = reporter.post(ALL, &wrong).assert(422);
    refused.violates("/title", "required");
    refused.violates("/text", "too-long");
    refused.violates("/raised_on", "in-the-future");
    let mut unknown = difficulty("019ca000-0000-7000-8000-000000000000");
    unknown["plan_task"] = json!("9z");
    let refused = reporter.post(ALL, &unknown).assert(422);
    refused.violates("/agency", "unknown-reference");
    refused.violates("/plan_task", "unknown-reference");
    let today = json!({"agency": world.police, "title": "Hôm nay", "text": "Việc mới"});
    let made = reporter.post(ALL, &today).assert(201).json();
    assert_eq!(
        (&made["raised_on"], &made["plan_task"], &made["proposal"]),
        (&json!("2026-03-01"), &Value::Null, &Value::Null)
    );

    let path = raise(&reporter, &world.police);
    let wrong = json!({"to": " ", "on": "2026-03-02"});
    let refused = reporter
        .post(&format!("{path}/forward"), &wrong)
        .assert(422);
    refused.violates("/to", "required");
    refused.violates("/on", "in-the-future");
    let early = json!({"to": "Sở Tư pháp", "on": "2026-02-19"});
    let refused = reporter
        .post(&format!("{path}/forward"), &early)
        .assert(422);
    refused.violates("/on", "order-invalid");
    let unnumbered = json!({"to": "Sở Tư pháp", "on": "2026-02-23"});
    reporter
        .post(&format!("{path}/forward"), &unnumbered)
        .assert(200);
    let early = json!({"answer": "Có", "on": "2026-02-22"});
    let refused = reporter.post(&format!("{path}/answer"), &early).assert(422);
    refused.violates("/on", "order-invalid");
    let refused = reporter.post(&format!("{path}/close"), &json!({"reason": ""}));
    refused.assert(422).violates("/reason", "required");
}

#[test]
fn nobody_decides_about_a_difficulty_that_changed_meanwhile() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let path = raise(&world.organiser, &world.police);
    let seen = reporter.get(&path).assert(200);
    let any = world.organiser.with("If-Match", "*");
    any.patch(&path, &json!({"text": "Thêm chi tiết."}))
        .assert(200);
    let stale = reporter.having_seen(&seen);
    let refused = stale.post(&format!("{path}/answer"), &answer()).assert(412);
    refused.problem("stale-version");
    reporter
        .post(&format!("{path}/answer"), &answer())
        .assert(200);
}

#[test]
fn difficulties_are_listed_newest_first_by_what_they_are() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let first = raise(&reporter, &world.police);
    let other = json!({
        "agency": world.secretariat, "plan_task": "1", "title": "Đường dây nóng quá tải",
        "text": "Không đủ người trực.", "raised_on": "2026-02-25",
    });
    let second = format!("{ALL}/{}", reporter.post(ALL, &other).assert(201).id());
    reporter
        .post(&format!("{second}/answer"), &answer())
        .assert(200);
    let found = |query: &str| {
        let list = reporter.get(&format!("{ALL}{query}")).assert(200).json();
        let items = list["items"].as_array().unwrap().iter();
        let path = |one: &Value| format!("{ALL}/{}", one["id"].as_str().unwrap());
        items.map(path).collect::<Vec<String>>()
    };
    assert_eq!(found(""), [second.clone(), first.clone()]);
    let of_police = format!("?agency={}", world.police);
    for (query, wanted) in [
        (of_police.as_str(), &first),
        ("?plan_task=1", &second),
        ("?status=answered", &second),
        ("?status=raised", &first),
        ("?from=2026-02-21", &second),
        ("?to=2026-02-20", &first),
        ("?q=duong%20day", &second),
        ("?q=PHIEN", &first),
    ] {
        assert_eq!(found(query), slice::from_ref(wanted), "{query}");
    }
    assert_eq!(found("?status=closed").len(), 0);
    assert_eq!(found("?updated_since=2026-03-02T00:00:00Z").len(), 0);
    let page = reporter
        .get("/difficulties?limit=1&include=total")
        .assert(200);
    assert_eq!(page.json()["total"], 2);
    let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
    let rest = format!("?limit=1&include=total&cursor={cursor}");
    assert_eq!(found(&rest), [first]);
    let refused = reporter.get("/difficulties?plan_task=9z").assert(422);
    refused.violates("plan_task", "unknown-reference");
}

#[test]
fn a_difficulty_waits_for_the_reporters_until_it_is_answered_or_closed() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let waiting = || {
        let list = reporter.get("/work-items?kind=difficulty-raised&done=false");
        list.assert(200).json()["items"].as_array().unwrap().len()
    };
    let (first, second) = (
        raise(&world.organiser, &world.police),
        raise(&world.organiser, &world.police),
    );
    assert_eq!(waiting(), 2);
    reporter
        .post(&format!("{first}/forward"), &forward())
        .assert(200);
    assert_eq!(waiting(), 2);
    reporter
        .post(&format!("{first}/answer"), &answer())
        .assert(200);
    assert_eq!(waiting(), 1);
    reporter
        .post(&format!("{second}/close"), &reason())
        .assert(200);
    assert_eq!(waiting(), 0);
}

#[test]
fn whoever_raised_a_difficulty_is_told_that_it_is_answered() {
    let world = World::new();
    let reporter = world.app.persona(Role::Reporter);
    let told = || {
        let mails = world.app.messages().into_iter();
        let of = mails.filter(|mail| mail.address == world.organiser.email);
        of.map(|mail| (mail.kind, mail.content)).collect::<Vec<_>>()
    };
    let path = raise(&world.organiser, &world.police);
    assert_eq!(told().len(), 0);
    reporter
        .post(&format!("{path}/answer"), &answer())
        .assert(200);
    let mails = told();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "work_new");
    let content = serde_json::to_string(&mails[0].1).unwrap();
    assert!(!content.contains("Sở") && !content.contains("phiên"));
    // Nobody is told of what they did themselves.
    let own = raise(&reporter, &world.police);
    let before = world.app.messages().len();
    reporter
        .post(&format!("{own}/answer"), &answer())
        .assert(200);
    assert_eq!(world.app.messages().len(), before);
}
