//! Who a member of staff can give work to, and what an id in an answer means.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn ids(client: &Client, query: &str) -> Vec<Value> {
    let list = client.get(&format!("/colleagues{query}")).assert(200);
    let list = list.json()["items"].as_array().unwrap().clone();
    list.into_iter().map(|one| one["id"].clone()).collect()
}

#[test]
fn staff_read_who_is_who_and_nobodys_address() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let supervisor = app.persona(Role::Supervisor);
    let counsellor = app.persona(Role::Counsellor);
    app.persona(Role::Family);
    let elsewhere = app.add_office("khac");
    app.persona_of(elsewhere, &[Role::Counsellor]);
    let all = supervisor
        .get("/colleagues?include=total")
        .assert(200)
        .json();
    assert_eq!(all["total"], 3, "no family, and nobody of another office");
    let mine = supervisor.get("/colleagues?role=counsellor").assert(200);
    let mine = mine.json()["items"][0].clone();
    assert_eq!(mine["id"], json!(counsellor.id()));
    assert_eq!(mine["roles"], json!(["counsellor"]));
    assert_eq!(mine["active"], true);
    let mut fields: Vec<&String> = mine.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["active", "agency_id", "full_name", "id", "roles"]);
    // By a name, without marks; by an address nobody is found.
    let name = mine["full_name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("Trần"), "{name}");
    assert_eq!(ids(&counsellor, "?q=tran&limit=2").len(), 2);
    let (local, _) = counsellor.email.split_once('@').unwrap();
    assert!(ids(&counsellor, &format!("?q={local}")).is_empty());
    // Whoever left still has a name; work is not given to them any more.
    let path = format!("/users/{}/disable", counsellor.id());
    admin.act(&path).assert(200);
    assert_eq!(ids(&supervisor, "?active=false"), [json!(counsellor.id())]);
    assert!(!ids(&supervisor, "?active=true").contains(&json!(counsellor.id())));
}
