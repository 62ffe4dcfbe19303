//! Who reaches which operation: every operation of the document is called by every persona, with
//! an id of its own office, of another office and of nothing.
//!
//! An operation without a row here fails the suite. `docs/PERMISSIONS.md` is this table, made by
//! the test when `HAI_DANG_BLESS` is set and compared otherwise.

use hai_dang::app::routes;
use hai_dang::http::document;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::plan::products::product;
use super::support::{Client, Reply};
use super::training::{World, furnish, one, registrations};

/// Who may call an operation.
#[derive(Clone, Copy)]
pub(super) enum Access {
    /// Anybody.
    Public,
    /// Whoever is logged in.
    Account,
    /// These roles.
    Only(&'static [Role]),
}

use Access::{Account, Only, Public};
use Role::{
    Administrator, Auditor, Contributor, Counsellor, Family, LegalAidIntake, Organiser, Reporter,
    Supervisor,
};

const STAFF: &[Role] = &[
    Administrator,
    Organiser,
    Counsellor,
    Supervisor,
    LegalAidIntake,
    Reporter,
    Contributor,
    Auditor,
];
const ORGANISER: Access = Only(&[Organiser]);
const CASEWORK: Access = Only(&[Counsellor, Supervisor]);
const FAMILY: Access = Only(&[Family]);
const INTAKE: Access = Only(&[LegalAidIntake, Supervisor]);
/// Those who ask for legal aid, and those who write it down for them.
const ASKING: Access = Only(&[LegalAidIntake, Supervisor, Family]);
/// Those who may be called on duty or stand in.
const DUTY: Access = Only(&[Administrator, Counsellor, Supervisor, LegalAidIntake]);
const ADMINISTRATOR: Access = Only(&[Administrator]);
/// Those who come upon an illicit practice.
const RECORDING: Access = Only(&[
    Supervisor,
    Counsellor,
    LegalAidIntake,
    Organiser,
    Contributor,
]);
/// Those who refer what is suspected, or stand in for one who does.
const REFERRING: Access = Only(&[Supervisor, Counsellor, LegalAidIntake]);
/// Those who see where a report on the plan stands.
const REPORT_READERS: Access = Only(&[Administrator, Organiser, Supervisor, Reporter, Contributor]);
/// Those who see its figures.
const COUNTING: Access = Only(&[Supervisor, Reporter]);
/// Those who write an agency's part of it.
const CONTRIBUTING: Access = Only(&[Reporter, Contributor]);
/// Those who write it.
const REPORTER: Access = Only(&[Reporter]);
/// Those who enter what the plan asks for.
const PLAN_EDITORS: Access = Only(&[Organiser, Reporter, Contributor]);

include!("access_table.rs");

pub(super) fn access_of(id: &str) -> Option<Access> {
    TABLE
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, access)| *access)
}

/// One operation of the document.
struct Operation {
    id: String,
    method: String,
    path: String,
    has_json_body: bool,
    has_upload: bool,
}

fn operations() -> Vec<Operation> {
    let document = document::build(&routes::all());
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                has_json_body: content["application/json"].is_object(),
                has_upload: content["application/octet-stream"].is_object(),
            });
        }
    }
    found
}

/// What ids of one office are called in paths.
pub(super) struct Ids {
    session: String,
    registration: String,
    slot: String,
    attendee: String,
    user: String,
    agency: String,
    room: String,
    request: String,
    case: String,
    party: String,
    alert: String,
    work_item: String,
    delegation: String,
    counsellor: String,
    appointment: String,
    note: String,
    consent: String,
    follow_up: String,
    legal_aid: String,
    /// An indicator and a figure of it.
    counted: (String, String),
    /// A concern and a difficulty.
    told: (String, String),
    product: String,
    /// Whose case it is.
    pub(super) at_the_case: Option<Client>,
}

/// A request that is not over, given to a counsellor.
fn open_request(supervisor: &Client, counsellor: &Client) -> String {
    let desk = json!({"party_role": "relative", "channel": "desk", "name": "Canary Thị Dì"});
    let all = "/counselling-requests";
    let id = supervisor.post(all, &desk).assert(201).id();
    let to = json!({"assignee": counsellor.id()});
    let assign = format!("{all}/{id}/assign");
    supervisor.post(&assign, &to).assert(200);
    id
}

/// Something that is counted for a task, and a figure of it.
fn counted(world: &World, organiser: &Client) -> (String, String) {
    let all = "/plan/tasks/2b";
    let indicator = json!({
        "kind": "leaflets", "title_vi": "Canary tờ rơi", "unit_vi": "tờ",
        "agency_id": world.secretariat,
    });
    let indicator = organiser.post(&format!("{all}/indicators"), &indicator);
    let indicator = indicator.assert(201).id();
    let figure = json!({
        "indicator_id": indicator, "from": "2026-02-01", "to": "2026-02-28", "amount": 500,
        "source_document": "Canary 12/BC",
    });
    let figure = organiser.post(&format!("{all}/figures"), &figure);
    (indicator, figure.assert(201).id())
}

/// That somebody stands in for a supervisor.
fn delegation(supervisor: &Client, counsellor: &Client) -> String {
    let new = json!({
        "from_user": supervisor.id(), "to_user": counsellor.id(),
        "duty": "supervise_counselling", "starts_on": "2026-03-09", "ends_on": "2026-03-09",
    });
    supervisor.post("/delegations", &new).assert(201).id()
}

/// A suspected illicit practice.
pub(super) fn concern(by: &Client) -> String {
    let new = json!({"topic": "other", "source": "desk", "text": "Canary nghi vấn"});
    by.post("/concerns", &new).assert(201).id()
}

/// What an agency cannot solve.
pub(super) fn difficulty(world: &World, by: &Client) -> String {
    let new = json!({
        "agency": world.secretariat, "title": "Canary vướng mắc", "text": "Canary chưa có người",
    });
    by.post("/difficulties", &new).assert(201).id()
}

/// A product that is being written.
fn entered(world: &World, organiser: &Client) -> String {
    let mut product = product(&world.secretariat);
    product["title"] = json!("Canary báo cáo");
    organiser.post("/products", &product).assert(201).id()
}

impl Ids {
    pub(super) fn of(world: &World, organiser: &Client) -> Self {
        let body = world.body(48);
        let made = organiser
            .post("/training-sessions", &body)
            .assert(201)
            .json();
        let id = made["id"].as_str().unwrap();
        let path = format!("/training-sessions/{id}/publish");
        let session = organiser.post(&path, &json!({})).assert(200).json();
        let person = json!({"attendee": {"full_name": "Canary Thị Bí Mật"}});
        let registration = organiser
            .post(&registrations(&session), &person)
            .assert(201)
            .json();
        assert!(one(&registration).starts_with("/training-sessions/"));
        let supervisor = world.app.persona(Supervisor);
        let alert = json!({"source": "desk", "text": "Canary Thị Bí Mật"});
        let alert = organiser.post("/risk-alerts", &alert).assert(201);
        let items = supervisor.get("/work-items").assert(200).json();
        let delegation = delegation(&supervisor, &world.app.persona(Counsellor));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let counselling = super::counselling::Story::begin(&world.app);
        let record = |path: &str, body: &Value| {
            let path = counselling.path(path);
            counselling.counsellor.post(&path, body).assert(201).id()
        };
        let note = record("/notes", &json!({"body": "Canary đã nói"}));
        let consent = json!({
            "party_id": counselling.party, "decision": "given", "taken_on": "2026-02-20",
        });
        let consent = record("/adoption-consents", &consent);
        let follow_up = json!({"due_on": "2026-04-01", "what": "Canary gọi lại"});
        let follow_up = record("/follow-ups", &follow_up);
        let legal_aid = super::legal_aid::Story::begin(&world.app);
        Self {
            told: (concern(&supervisor), difficulty(world, organiser)),
            legal_aid: legal_aid.request,
            counted: counted(world, organiser),
            product: entered(world, organiser),
            appointment: counselling.appointment(24, 60).id(),
            counsellor: counselling.counsellor.id().to_string(),
            at_the_case: Some(counselling.counsellor.clone()),
            note,
            consent,
            follow_up,
            request: open_request(&supervisor, &counselling.counsellor),
            case: counselling.case,
            party: counselling.party,
            session: text(&session["id"]),
            registration: text(&registration["id"]),
            slot: text(&session["slots"][0]["id"]),
            attendee: text(&registration["attendee"]["id"]),
            user: organiser.id().to_string(),
            agency: world.secretariat.clone(),
            room: world.room.clone(),
            alert: alert.id(),
            work_item: text(&items["items"][0]["id"]),
            delegation,
        }
    }

    fn missing() -> Self {
        let nothing = || "019ca000-0000-7000-8000-000000000000".to_owned();
        Self {
            session: nothing(),
            registration: nothing(),
            slot: nothing(),
            attendee: nothing(),
            user: nothing(),
            agency: nothing(),
            room: nothing(),
            request: nothing(),
            case: nothing(),
            party: nothing(),
            alert: nothing(),
            work_item: nothing(),
            delegation: nothing(),
            counsellor: nothing(),
            appointment: nothing(),
            note: nothing(),
            consent: nothing(),
            follow_up: nothing(),
            legal_aid: nothing(),
            counted: (nothing(), nothing()),
            told: (nothing(), nothing()),
            product: nothing(),
            at_the_case: None,
        }
    }

    pub(super) fn fill(&self, path: &str) -> String {
        let id = if path.contains("/attendees/") {
            &self.attendee
        } else if path.contains("/users/") || path.contains("/devices/") {
            &self.user
        } else if path.contains("/agencies/") {
            &self.agency
        } else if path.contains("/rooms/") {
            &self.room
        } else if path.contains("/counsellors/") {
            &self.counsellor
        } else if path.contains("/counselling-appointments/")
            || path.contains("/me/counselling/appointments/")
        {
            &self.appointment
        } else if path.contains("/legal-aid-requests/") {
            &self.legal_aid
        } else if path.contains("/products/") {
            &self.product
        } else if path.contains("/counselling-requests/") {
            &self.request
        } else if path.contains("/counselling-cases/") {
            &self.case
        } else if path.contains("/me/counselling/parties/") {
            &self.party
        } else if path.contains("/risk-alerts/") {
            &self.alert
        } else if path.contains("/concerns/") {
            &self.told.0
        } else if path.contains("/difficulties/") {
            &self.told.1
        } else if path.contains("/work-items/") {
            &self.work_item
        } else if path.contains("/delegations/") {
            &self.delegation
        } else if path.contains("/indicators/") {
            &self.counted.0
        } else if path.contains("/figures/") {
            &self.counted.1
        } else {
            &self.session
        };
        path.replace("{id}", id)
            .replace("{pid}", &self.party)
            .replace("{nid}", &self.note)
            .replace("{cid}", &self.consent)
            .replace("{fid}", &self.follow_up)
            .replace("{did}", &self.note)
            .replace("{qid}", &self.note)
            .replace("{sid}", &self.note)
            .replace("{rid}", &self.registration)
            .replace("{slot}", &self.slot)
            .replace("{year}", "2026")
            .replace("{agency_id}", &self.agency)
            .replace("{file_id}", &self.note)
            .replace("{when}", "2026-03-09")
            .replace("{code}", "2b")
            .replace("{key}", "annual_report-2026")
            .replace("{token}", "khong-co")
    }
}

fn call(client: &Client, operation: &Operation, path: &str) -> Reply {
    let client = client.with("X-Request-Id", "access");
    if operation.has_upload {
        let client = client.with("Content-Type", "application/octet-stream");
        return client.send(
            &operation.method,
            path,
            Some(b"Ho va ten;Nam/Nu\n".to_vec()),
        );
    }
    let body = operation
        .has_json_body
        .then(|| b"{\"khong_co\":1}".to_vec());
    client.send(&operation.method, path, body)
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let operations = operations();
    let missing: Vec<&str> = operations
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| access_of(id).is_none())
        .collect();
    assert!(missing.is_empty(), "no row for {missing:#?}");
    let gone: Vec<&str> = TABLE
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| !operations.iter().any(|operation| operation.id == *id))
        .collect();
    assert!(gone.is_empty(), "no operation {gone:#?}");
}

#[test]
fn every_persona_reaches_what_the_table_says_and_nothing_else() {
    let world = World::new();
    let outside = world.app.outside();
    let own = Ids::of(&world, &world.organiser);
    let missing = Ids::missing();
    let other = world.app.add_office("khac");
    furnish(&world.app, other);
    let mut cells = 0;
    for role in Role::ALL {
        let here = world.app.persona(*role);
        // A contributor's part is their own agency's.
        world.app.join(&here, &world.secretariat);
        let here = outside.with_token(here.token.as_deref().unwrap());
        let there = world.app.persona_of(other, &[*role]);
        let there = outside.with_token(there.token.as_deref().unwrap());
        for operation in operations() {
            if ends_the_login(&operation.id) {
                continue;
            }
            let access = access_of(&operation.id).unwrap();
            let may = match access {
                Public | Account => true,
                Only(roles) => roles.contains(role),
            };
            let mine = call(&here, &operation, &own.fill(&operation.path));
            let nothing = call(&here, &operation, &missing.fill(&operation.path));
            let foreign = call(&there, &operation, &own.fill(&operation.path));
            let cell = format!("{} as {role}", operation.id);
            for reply in [&mine, &nothing, &foreign] {
                assert!(reply.status < 500, "{cell}: {}", reply.status);
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                if may {
                    assert!(
                        ![401, 403].contains(&reply.status),
                        "{cell}: {} {text}",
                        reply.status
                    );
                } else {
                    assert_eq!(reply.status, 403, "{cell}: {text}");
                }
            }
            if operation.path.contains("{id}") {
                assert_eq!(
                    foreign.status, nothing.status,
                    "{cell}: foreign is not missing"
                );
                assert_eq!(foreign.body, nothing.body, "{cell}: foreign is not missing");
            }
            let told = String::from_utf8_lossy(&foreign.body).contains("Canary");
            assert!(!told, "{cell} told another office's secret");
            cells += 3;
        }
    }
    assert!(cells >= 1000, "{cells} cells");
}

/// Operations that end the login they are called with would end the test's persona.
fn ends_the_login(id: &str) -> bool {
    ["logout_all", "logout"].contains(&id)
}

#[test]
fn strangers_and_the_disabled_reach_only_what_is_public() {
    use diesel::prelude::*;
    use hai_dang::db::schema::users;
    let world = World::new();
    let outside = world.app.outside();
    let own = Ids::of(&world, &world.organiser);
    let disabled = world.app.persona(Organiser);
    let user = disabled.id();
    world.app.change(move |conn| {
        let row = users::table.find(user);
        Ok(diesel::update(row)
            .set(users::status.eq("disabled"))
            .execute(conn)?)
    });
    let disabled = outside.with_token(disabled.token.as_deref().unwrap());
    for operation in operations() {
        let path = own.fill(&operation.path);
        for client in [&outside, &disabled] {
            let reply = call(client, &operation, &path);
            match access_of(&operation.id).unwrap() {
                Public => assert_ne!(reply.status, 403, "{}", operation.id),
                Account | Only(_) => {
                    assert_eq!(reply.status, 401, "{}", operation.id);
                    reply.problem("unauthenticated");
                }
            }
        }
    }
}

#[test]
fn the_permission_matrix_is_the_documented_one() {
    let mut text = String::from(
        "# Permissions\n\nWho may call which operation. Made from the table of \
         `tests/api/access.rs`, which calls each as every persona; what a caller may not know \
         of is 404 like a missing thing.\n\n| operation | anybody |",
    );
    for role in Role::ALL {
        text.push_str(&format!(" {role} |"));
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for (id, access) in TABLE {
        let tick = |is: bool| if is { "✓" } else { "·" };
        text.push_str(&format!("| {id} | {} |", tick(matches!(access, Public))));
        for role in Role::ALL {
            let may = match access {
                Public | Account => true,
                Only(roles) => roles.contains(role),
            };
            text.push_str(&format!(" {} |", tick(may)));
        }
        text.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/PERMISSIONS.md");
    if hai_dang::config::env::var("HAI_DANG_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        known == text,
        "docs/PERMISSIONS.md is not the table; bless it if that is meant"
    );
}
