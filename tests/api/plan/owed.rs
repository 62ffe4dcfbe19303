//! What a held session owes the plan, until it is there or somebody says why there is none.

use diesel::prelude::*;
use hai_dang::db::schema::plan_tasks;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::products::{attach, issue, path, product};
use crate::support::Client;
use crate::training::{World, id};

/// An office whose plan wants the report of each training for task 2b.
fn plan() -> World {
    let world = World::new();
    want(&world, "2b", r#"["training_report","outreach_material"]"#);
    world
}

/// Lets the plan want products of a task.
pub(crate) fn want(world: &World, code: &'static str, products: &'static str) {
    let office = world.app.office;
    world.app.change(move |conn| {
        let task = plan_tasks::table
            .filter(plan_tasks::office_id.eq(office))
            .filter(plan_tasks::code.eq(code));
        let products = plan_tasks::products.eq(products);
        Ok(diesel::update(task).set(products).execute(conn)?)
    });
}

/// A session of two hours that was held, changed by what is given, and completed.
#[track_caller]
fn held(world: &World, change: &Value) -> Value {
    let mut body = world.body(-5);
    let change = change.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(change);
    let session = world.publish(&body);
    complete(world, &session)
}

#[track_caller]
fn complete(world: &World, session: &Value) -> Value {
    world.act(session, "complete", &json!({"acknowledge_missing": true}))
}

fn show(by: &Client, session: &Value) -> Value {
    let path = format!("/training-sessions/{}", id(session));
    by.get(&path).assert(200).json()
}

/// A report of a session that was issued; its id.
#[track_caller]
fn report(world: &World, session: &Value) -> String {
    let mut body = product(&world.secretariat);
    body["session_id"] = session["id"].clone();
    let made = world.organiser.post("/products", &body).assert(201).json();
    let one = path(&made);
    attach(&world.organiser, &one, "báo cáo.pdf").assert(201);
    world.organiser.act(&format!("{one}/submit")).assert(200);
    let reporter = world.app.persona(Role::Reporter);
    reporter.act(&format!("{one}/approve")).assert(200);
    reporter.post(&format!("{one}/issue"), &issue()).assert(200);
    id(&made).to_owned()
}

fn owed(status: &str, product: Option<&str>) -> Value {
    json!([{
        "kind": "training_report", "status": status, "product_id": product, "waived_reason": null,
    }])
}

fn offers_waiving(session: &Value) -> bool {
    let actions = session["allowed_actions"].as_array().unwrap();
    actions.contains(&json!("waive-product"))
}

/// The items that ask an organiser for a product.
fn waiting(by: &Client) -> Vec<Value> {
    let path = "/work-items?kind=product-owed&done=false";
    let list = by.get(path).assert(200).json();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn a_completed_session_owes_its_report_until_that_is_issued() {
    let world = plan();
    let second = world.app.persona(Role::Organiser);
    let session = held(&world, &json!({"visibility": "public"}));
    assert_eq!(session["owed_products"], owed("owed", None));
    assert!(offers_waiving(&session));
    let items = waiting(&second);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["subject"]["id"], session["id"]);
    // Fifteen working days of the office's calendar, to the end of the last.
    assert_eq!(items[0]["due_at"], "2026-03-21T00:00:00+07:00");
    let told = world.app.messages();
    assert_eq!(told.last().unwrap().address, second.email);
    let auditor = world.app.persona(Role::Auditor);
    let seen = show(&auditor, &session);
    assert_eq!(seen["owed_products"], owed("owed", None));
    assert_eq!(seen["allowed_actions"], json!([]));
    let family = world.app.persona(Role::Family);
    assert_eq!(show(&family, &session).get("owed_products"), None);
    let one = report(&world, &session);
    let seen = show(&world.organiser, &session);
    assert_eq!(seen["owed_products"], owed("delivered", Some(&one)));
    assert!(!offers_waiving(&seen));
    assert_eq!(seen["version"], session["version"]);
    assert_eq!(waiting(&second), Vec::<Value>::new());
    // Another that takes its place is what is there from then on.
    let other = report(&world, &session);
    assert_eq!(
        show(&auditor, &session)["owed_products"],
        owed("delivered", Some(&one))
    );
    let reporter = world.app.persona(Role::Reporter);
    let by = json!({"by": other});
    reporter
        .post(&format!("/products/{one}/supersede"), &by)
        .assert(200);
    assert_eq!(
        show(&auditor, &session)["owed_products"],
        owed("delivered", Some(&other))
    );
}

#[test]
fn what_is_owed_is_waived_with_a_reason_by_an_organiser() {
    let world = plan();
    let session = held(&world, &json!({}));
    let path = format!("/training-sessions/{}/waive-product", id(&session));
    let waive = json!({"kind": "training_report", "reason": "Gộp vào báo cáo đợt 2."});
    let refused = world
        .organiser
        .post(&path, &json!({"kind": "training_report", "reason": " "}));
    refused.assert(422).violates("/reason", "required");
    for role in [
        Role::Reporter,
        Role::Contributor,
        Role::Administrator,
        Role::Family,
    ] {
        world.app.persona(role).post(&path, &waive).assert(403);
    }
    let abroad = world.app.add_office("khac");
    let stranger = world.app.persona_of(abroad, &[Role::Organiser]);
    stranger.post(&path, &waive).assert(404);
    let other = json!({"kind": "survey_report", "reason": "Không có."});
    let refused = world.organiser.post(&path, &other).assert(409);
    refused.problem("product-not-owed");
    let stale = world
        .organiser
        .with("If-Match", "\"1\"")
        .post(&path, &waive);
    stale.assert(412);
    let waived = world.organiser.post(&path, &waive).assert(200).json();
    assert_eq!(waived["owed_products"][0]["status"], "waived");
    assert_eq!(waived["owed_products"][0]["waived_reason"], waive["reason"]);
    assert!(!offers_waiving(&waived));
    assert_eq!(waiting(&world.organiser), Vec::<Value>::new());
    world
        .organiser
        .post(&path, &waive)
        .assert(409)
        .problem("product-not-owed");
    // A report that comes all the same is there.
    let one = report(&world, &session);
    let seen = show(&world.organiser, &session);
    assert_eq!(seen["owed_products"], owed("delivered", Some(&one)));
}

#[test]
fn a_reopened_session_owes_nothing_until_it_is_completed_again() {
    let world = plan();
    let session = held(&world, &json!({}));
    let reason = json!({"reason": "Thiếu danh sách."});
    let reopened = world.act(&session, "reopen", &reason);
    assert_eq!(reopened["owed_products"], json!([]));
    assert_eq!(waiting(&world.organiser), Vec::<Value>::new());
    let path = format!("/training-sessions/{}/waive-product", id(&session));
    let waive = json!({"kind": "training_report", "reason": "Không có."});
    let refused = world.organiser.post(&path, &waive).assert(409);
    let refused = refused.problem("action-not-allowed");
    assert_eq!(refused["current"], "published");
    world.app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(
        complete(&world, &session)["owed_products"],
        owed("owed", None)
    );
    assert_eq!(waiting(&world.organiser).len(), 1);
    let one = report(&world, &session);
    world.act(&session, "reopen", &reason);
    let again = complete(&world, &session);
    assert_eq!(again["owed_products"], owed("delivered", Some(&one)));
    assert_eq!(waiting(&world.organiser), Vec::<Value>::new());
}

#[test]
fn a_report_that_was_issued_before_is_there_at_completion() {
    let world = plan();
    let session = world.publish(&world.body(-5));
    let one = report(&world, &session);
    assert_eq!(show(&world.organiser, &session)["owed_products"], json!([]));
    let completed = complete(&world, &session);
    assert_eq!(completed["owed_products"], owed("delivered", Some(&one)));
    assert_eq!(waiting(&world.organiser), Vec::<Value>::new());
}

#[test]
fn only_what_the_plan_wants_of_any_of_its_tasks_is_owed() {
    let world = plan();
    want(&world, "2a", r#"["conference_report"]"#);
    let nothing = |change: Value| {
        let session = held(&world, &change);
        assert_eq!(session["owed_products"], json!([]), "{change}");
        assert!(!offers_waiving(&session));
    };
    nothing(json!({"plan_task": "1"}));
    nothing(json!({"kind": "meeting"}));
    nothing(json!({"kind": "outreach"}));
    let also = json!({"plan_task": "1", "also_plan_tasks": ["2a"], "kind": "conference"});
    let session = held(&world, &also);
    assert_eq!(session["owed_products"][0]["kind"], "conference_report");
    let list = |query: &str| {
        let path = format!("/training-sessions?include=total&{query}");
        let list = world.organiser.get(&path).assert(200).json();
        let listed = list["items"].as_array().unwrap().iter();
        let ids: Vec<Value> = listed.map(|one| one["id"].clone()).collect();
        (ids, list["total"].clone())
    };
    assert_eq!(list("owes=true"), (vec![session["id"].clone()], json!(1)));
    assert_eq!(list("owes=false").1, json!(3));
    let listed = world
        .organiser
        .get("/training-sessions?owes=true")
        .assert(200);
    assert_eq!(
        listed.json()["items"][0]["owed_products"],
        session["owed_products"]
    );
    let family = world.app.persona(Role::Family);
    family.get("/training-sessions?owes=true").assert(403);
}

#[test]
fn the_office_sets_how_long_a_product_is_waited_for() {
    let world = plan();
    world.app.set_policy("product_days", 1);
    held(&world, &json!({}));
    let items = waiting(&world.organiser);
    // The first of March is a Sunday.
    assert_eq!(items[0]["due_at"], "2026-03-03T00:00:00+07:00");
}
