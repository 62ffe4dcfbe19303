//! How the engine finds what a list shows: `tests/api/plans.txt` says of every list, in each order
//! and with each filter, which index serves it. A list that walks more than it shows gets slower
//! with every year, and no test of a few rows notices; a change of this file does, and is to be
//! looked at. `HAI_DANG_BLESS` writes it anew.
//!
//! The embedded engine is asked, on whatever engine the suite runs: both have the same indexes, and
//! without statistics, as an office's file is, this one chooses the same way each time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Mutex;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use hai_dang::app::routes;
use hai_dang::http::document;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::access::{Access, Ids, access_of, concern, difficulty};
use super::counselling::Story as Counselling;
use super::legal_aid::Story as LegalAid;
use super::support::{Client, TestApp};
use super::training::{World, person};

/// What connections of which database have asked a page of since it was listened to.
static HEARD: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// Notes what a connection runs, if its database is listened to.
pub(crate) fn listen() {
    set_default_instrumentation(|| {
        let mut database = String::new();
        Some(Box::new(
            move |event: InstrumentationEvent<'_>| match event {
                InstrumentationEvent::StartEstablishConnection { url, .. } => {
                    url.clone_into(&mut database);
                }
                InstrumentationEvent::StartQuery { query, .. } => {
                    if let Some(heard) = HEARD.lock().unwrap().get_mut(&database) {
                        let text = query.to_string();
                        let statement = text.split(" -- binds:").next().unwrap();
                        if statement.contains(" ORDER BY ") && statement.contains(" LIMIT ") {
                            heard.insert(statement.to_owned());
                        }
                    }
                }
                _ => {}
            },
        ))
    })
    .unwrap();
}

/// A list of the document, and what it can be asked for, one thing at a time.
struct List {
    operation: String,
    path: String,
    /// The name of each and what asks for it.
    queries: Vec<(String, String)>,
}

fn lists() -> Vec<List> {
    let document = document::build(&routes::all());
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let operation = &methods["get"];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let asked: Vec<&Value> = parameters.filter(|one| one["in"] == "query").collect();
        if !asked.iter().any(|one| one["name"] == "cursor") {
            continue;
        }
        // Where a year stands in the place of two days, one of them is not without the other.
        let is_whole = asked.iter().any(|one| one["name"] == "year");
        let mut queries = vec![("all".to_owned(), String::new())];
        for one in asked {
            let name = one["name"].as_str().unwrap();
            let schema = &one["schema"];
            let values = match name {
                "cursor" | "limit" | "include" => Vec::new(),
                "office" => vec!["le-chan".to_owned()],
                "plan_task" => vec!["2b".to_owned()],
                "field" => vec!["civil".to_owned()],
                "year" => vec!["2026".to_owned()],
                "from" if is_whole => vec!["2026-03-01&to=2026-03-01".to_owned()],
                "to" if is_whole => Vec::new(),
                _ => values(&document, schema),
            };
            // Each order is a question of its own, and yes and no are; of other words one stands
            // for all.
            let each = name == "order" || schema["type"] == "boolean";
            let some = if each { values.len() } else { 1 };
            queries.extend(values.into_iter().take(some).map(|value| {
                let query = format!("{name}={value}");
                let what = if each { query.clone() } else { name.to_owned() };
                (what, format!("&{query}"))
            }));
        }
        found.push(List {
            operation: operation["operationId"].as_str().unwrap().to_owned(),
            path: path.clone(),
            queries,
        });
    }
    found
}

/// Values that a parameter can have.
fn values(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(path) = schema["$ref"].as_str() {
        return values(
            document,
            document.pointer(path.trim_start_matches('#')).unwrap(),
        );
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(Value::as_str);
        return words.map(str::to_owned).collect();
    }
    if schema["type"] == "boolean" {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    let value = match schema["format"].as_str() {
        Some("date") => "2026-03-01",
        Some("date-time") => "2026-03-01T00:00:00Z",
        Some("int32") => "2026",
        Some("uuid") => "019ca000-0000-7000-8000-000000000000",
        _ => "an",
    };
    vec![value.to_owned()]
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// How the engine answers a statement, a line for each step.
pub(crate) fn plan(app: &TestApp, statement: &str) -> String {
    let steps: Vec<Step> =
        app.query(|conn| diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn));
    let lines = steps.iter().map(|step| format!("    {}\n", step.detail));
    lines.collect()
}

/// What something asks a page of, with what came of it.
pub(crate) fn heard<T>(app: &TestApp, f: impl FnOnce() -> T) -> (T, BTreeSet<String>) {
    let database = app.database_url().trim_start_matches("sqlite://");
    let fresh = (database.to_owned(), BTreeSet::new());
    HEARD.lock().unwrap().extend([fresh]);
    let done = f();
    let heard = HEARD.lock().unwrap().remove(database).unwrap();
    (done, heard)
}

/// What one call asks a page of.
fn statements(app: &TestApp, client: &Client, path: &str) -> Option<BTreeSet<String>> {
    let (reply, heard) = heard(app, || client.get(path));
    assert!(reply.status < 500 && reply.status != 422, "{path}");
    (reply.status == 200).then_some(heard)
}

/// The first page of a list, and the second where there is one.
fn pages(app: &TestApp, client: &Client, path: &str) -> Option<BTreeSet<String>> {
    let mut heard = statements(app, client, path)?;
    if let Some(cursor) = client.get(path).json()["next_cursor"].as_str() {
        heard.extend(statements(app, client, &format!("{path}&cursor={cursor}"))?);
    }
    Some(heard)
}

/// The plans of a list, each with what asks for it.
fn plans(world: &World, ids: &Ids, list: &List) -> String {
    let (app, outside) = (&world.app, world.app.outside());
    let roles = match access_of(&list.operation).unwrap() {
        Access::Only(roles) => roles,
        Access::Account => &[Role::Organiser, Role::Family][..],
        Access::Public => &[Role::Family],
    };
    let personas = roles.iter().map(|role| match (&ids.at_the_case, role) {
        (Some(known), Role::Counsellor) => (*role, known.clone()),
        _ => (*role, app.persona(*role)),
    });
    let mut found = BTreeMap::<String, BTreeMap<Role, BTreeSet<&str>>>::new();
    for (role, persona) in personas {
        let client = outside.with_token(persona.token.as_deref().unwrap());
        for (what, query) in &list.queries {
            let path = format!("{}?limit=1{query}", ids.fill(&list.path));
            for statement in pages(app, &client, &path).into_iter().flatten() {
                let plan = found.entry(plan(app, &statement)).or_default();
                plan.entry(role).or_default().insert(what);
            }
        }
    }
    assert!(!found.is_empty(), "nobody is shown {}", list.operation);
    let mut text = format!("{}\n", list.operation);
    for (plan, asked) in found {
        let whole = plan.lines().find(|step| step.contains("SCAN "));
        assert_eq!(whole, None, "{} goes through a whole table", list.operation);
        let mut askers = BTreeMap::<String, Vec<&str>>::new();
        for (role, what) in asked {
            let what = what.into_iter().collect::<Vec<_>>().join(", ");
            askers.entry(what).or_default().push(role.as_str());
        }
        for (what, roles) in askers {
            writeln!(text, "  {}: {what}", roles.join(", ")).unwrap();
        }
        text.push_str(&plan);
    }
    text
}

/// A second one of most, so that there is a second page.
fn add_seconds(world: &World, ids: &Ids) {
    let session = world.publish(&world.body(72));
    let made = world.register(&session, "Trần Văn Hai");
    assert_eq!(made["status"], "confirmed");
    let person = json!({"attendee": person("Trần Văn Ba")});
    let path = ids.fill("/training-sessions/{id}/registrations");
    world.organiser.post(&path, &person).assert(201);
    let counsellor = ids.at_the_case.as_ref().unwrap();
    let note = json!({"body": "Canary lần hai"});
    let path = ids.fill("/counselling-cases/{id}/notes");
    counsellor.post(&path, &note).assert(201);
    let product = super::plan::products::product(&world.secretariat);
    world.organiser.post("/products", &product).assert(201);
    Counselling::begin(&world.app).appointment(48, 60);
    LegalAid::begin(&world.app);
    concern(&world.app.persona(Role::Supervisor));
    difficulty(world, &world.organiser);
}

#[test]
fn every_list_is_served_by_the_index_that_is_meant_for_it() {
    listen();
    let world = World::of(TestApp::embedded());
    let ids = Ids::of(&world, &world.organiser);
    add_seconds(&world, &ids);
    let found: String = lists()
        .iter()
        .map(|list| plans(&world, &ids, list))
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/plans.txt");
    if hai_dang::config::env::var("HAI_DANG_BLESS").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        known == found,
        "a list is found another way; look at the plans and bless them if that is meant"
    );
}
