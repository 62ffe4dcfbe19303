//! Work items: whose they are, and how they end.

use chrono::TimeDelta;
use hai_dang::identity::{Role, UserId};
use hai_dang::kernel::{OfficeId, Timestamp};
use hai_dang::office::work_item::{self, NewWorkItem, WorkItemId, WorkItemKind};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, TestApp};

fn item(office: OfficeId, kind: WorkItemKind, subject: Uuid) -> NewWorkItem<'static> {
    NewWorkItem {
        office,
        kind,
        subject_kind: "counselling-request",
        subject,
        owner: None,
        role: None,
        due_at: None,
        once: "",
    }
}

fn open(app: &TestApp, new: NewWorkItem<'static>) -> WorkItemId {
    let now = app.now();
    app.change(move |conn| work_item::open(conn, now, &new))
}

fn subject(app: &TestApp) -> Uuid {
    WorkItemId::new(app.now()).uuid()
}

#[track_caller]
fn ids(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/work-items{query}")).assert(200);
    let list = list.json();
    let items = list["items"].as_array().unwrap();
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    items.iter().map(id).collect()
}

/// The ids, one a page.
#[track_caller]
fn paged(client: &Client) -> Vec<String> {
    let (mut seen, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = client
            .get(&format!("/work-items{query}"))
            .assert(200)
            .json();
        seen.push(page["items"][0]["id"].as_str().unwrap().to_owned());
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=1&cursor={cursor}"),
            None => return seen,
        }
    }
}

fn path(id: WorkItemId) -> String {
    format!("/work-items/{id}")
}

#[test]
fn what_comes_while_an_item_waits_adds_to_it() {
    let app = TestApp::new();
    let (office, about) = (app.office, subject(&app));
    let kind = WorkItemKind::ContactFamily;
    let first = open(&app, item(office, kind, about));
    let again = NewWorkItem {
        once: "2",
        ..item(office, kind, about)
    };
    // Two of them would stand side by side about one call.
    assert_eq!(open(&app, again.clone()), first);
    let finished = app.persona(Role::Supervisor);
    finished.act(&format!("{}/done", path(first))).assert(200);
    assert_eq!(open(&app, again), first, "done or not");
    let third = NewWorkItem {
        once: "3",
        ..item(office, kind, about)
    };
    let third = open(&app, third);
    assert_ne!(third, first);
    // It is due by the earliest of its days.
    let soon = NewWorkItem {
        once: "4",
        due_at: Some(app.now()),
        ..item(office, kind, about)
    };
    assert_eq!(open(&app, soon), third);
    let seen = finished.get(&path(third)).assert(200).json();
    assert!(seen["due_at"].is_string());
    assert_eq!(seen["version"], 2);
}

#[test]
fn an_item_is_opened_once_for_its_occasion() {
    let app = TestApp::new();
    let (office, about) = (app.office, subject(&app));
    let kind = WorkItemKind::ContactFamily;
    let first = open(&app, item(office, kind, about));
    assert_eq!(open(&app, item(office, kind, about)), first);
    let other = app.add_office("khac");
    assert_ne!(open(&app, item(other, kind, about)), first);
    assert_ne!(open(&app, item(office, kind, subject(&app))), first);
    let supervisor = app.persona(Role::Supervisor);
    assert_eq!(ids(&supervisor, "").len(), 2);
    let shown = supervisor.get(&path(first)).assert(200).json();
    assert_eq!(shown["role"], "supervisor");
    assert_eq!(shown["subject"]["id"], json!(about));
    assert_eq!(shown["allowed_actions"], json!(["take", "done"]));
}

#[test]
fn many_who_open_the_same_item_at_once_open_one() {
    let app = TestApp::new();
    let (office, about, now) = (app.office, subject(&app), app.now());
    let opened: Vec<WorkItemId> = std::thread::scope(|scope| {
        let one = || {
            let db = app.platform.db.clone();
            scope.spawn(move || {
                let new = item(office, WorkItemKind::CentreSilent, about);
                db.write_now(move |conn| work_item::open(conn, now, &new))
                    .unwrap()
            })
        };
        let threads: Vec<_> = (0..8).map(|_| one()).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(opened.iter().all(|id| *id == opened[0]));
}

#[test]
fn an_item_is_seen_by_its_owner_its_role_and_supervisors_alone() {
    let app = TestApp::new();
    let office = app.office;
    let other = app.add_office("khac");
    let supervisor = app.persona(Role::Supervisor);
    let (one, two) = (app.persona(Role::Counsellor), app.persona(Role::Counsellor));
    let intake = app.persona(Role::LegalAidIntake);
    let admin = app.persona(Role::Administrator);
    let owned = |role, owner: Option<UserId>| NewWorkItem {
        role,
        owner,
        ..item(office, WorkItemKind::RequestToTriage, subject(&app))
    };
    let waiting = open(&app, owned(Some(Role::Counsellor), None));
    let own = open(&app, owned(Some(Role::Counsellor), Some(one.id())));
    let bare = open(&app, owned(None, Some(one.id())));
    let for_intake = open(&app, owned(Some(Role::LegalAidIntake), None));
    let for_admin = open(&app, owned(Some(Role::Administrator), Some(intake.id())));
    let sees = |client: &Client, wanted: &[WorkItemId]| {
        let mut wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        wanted.sort();
        let mut seen = ids(client, "");
        seen.sort();
        assert_eq!(seen, wanted, "{}", client.email);
        for id in [waiting, own, bare, for_intake, for_admin] {
            let is_seen = wanted.contains(&id.to_string());
            let status = if is_seen { 200 } else { 404 };
            let reply = client.get(&path(id)).assert(status);
            if !is_seen {
                reply.problem("not-found");
                client.act(&format!("{}/take", path(id))).assert(404);
                client.act(&format!("{}/done", path(id))).assert(404);
            }
        }
    };
    sees(&supervisor, &[waiting, own, bare, for_intake, for_admin]);
    sees(&one, &[waiting, own, bare]);
    sees(&two, &[waiting]);
    sees(&intake, &[for_intake, for_admin]);
    sees(&admin, &[for_admin]);
    sees(&app.persona(Role::Organiser), &[]);
    sees(&app.persona_of(other, &[Role::Supervisor]), &[]);
    sees(&app.persona_of(other, &[Role::Counsellor]), &[]);
    app.persona(Role::Family).get("/work-items").assert(403);
    // Taken, it is the other counsellor's no more.
    two.act(&format!("{}/take", path(waiting))).assert(200);
    sees(&one, &[own, bare]);
    sees(&two, &[waiting]);
    assert_eq!(ids(&supervisor, &format!("?owner={}", two.id())).len(), 1);
    assert_eq!(ids(&one, "?mine=true").len(), 2);
    let both = format!("?mine=true&owner={}", one.id());
    let refused = one.get(&format!("/work-items{both}")).assert(422);
    refused.violates("owner", "one-of");
}

#[test]
fn an_item_ends_once_by_a_person_or_with_its_cause() {
    let app = TestApp::new();
    let counsellor = app.persona(Role::Counsellor);
    let supervisor = app.persona(Role::Supervisor);
    let about = subject(&app);
    let new = NewWorkItem {
        role: Some(Role::Counsellor),
        ..item(app.office, WorkItemKind::NoteUnsigned, about)
    };
    let id = open(&app, new.clone());
    let taken = counsellor.act(&format!("{}/take", path(id))).assert(200);
    assert_eq!(taken.json()["owner_id"], json!(counsellor.id()));
    assert_eq!(taken.json()["version"], 2);
    assert_eq!(taken.json()["allowed_actions"], json!(["done"]));
    let again = counsellor.act(&format!("{}/take", path(id))).assert(409);
    let told = again.problem("action-not-allowed");
    assert_eq!(
        (&told["current"], &told["allowed_actions"]),
        (&json!("open"), &json!(["done"]))
    );
    let done = counsellor.act(&format!("{}/done", path(id))).assert(200);
    assert_eq!(done.json()["done_by"], json!(counsellor.id()));
    for verb in ["done", "take"] {
        let refused = supervisor.act(&format!("{}/{verb}", path(id)));
        let told = refused.assert(409).problem("action-not-allowed");
        assert_eq!(told["current"], "done");
    }
    let kinds = [WorkItemKind::NoteUnsigned, WorkItemKind::ReportLate];
    let later = NewWorkItem { once: "2", ..new };
    let second = open(&app, later);
    let (kind, now) = (WorkItemKind::ReportLate, app.now());
    let third = open(&app, item(app.office, kind, about));
    let kept = open(&app, item(app.office, WorkItemKind::CentreSilent, about));
    let ended = app.change(move |conn| work_item::close_for(conn, now, about, &kinds));
    assert_eq!(ended, 2);
    for id in [second, third] {
        let shown = supervisor.get(&path(id)).assert(200).json();
        assert!(shown["done_at"].is_string() && shown["done_by"].is_null());
    }
    assert_eq!(ids(&supervisor, "?done=false"), [kept.to_string()]);
    assert_eq!(ids(&supervisor, "?done=true").len(), 3);
    let auditor = app.persona(Role::Auditor);
    let log = auditor.get(&format!("/audit-events?object_id={id}"));
    assert_eq!(log.assert(200).json()["items"].as_array().unwrap().len(), 2);
}

#[test]
fn the_list_has_first_what_is_due_first_and_is_paged() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    let at = |hours| Some(app.now().plus(TimeDelta::hours(hours)));
    let due = |due_at: Option<Timestamp>| {
        let kind = WorkItemKind::ReportLate;
        let new = NewWorkItem {
            due_at,
            ..item(app.office, kind, subject(&app))
        };
        open(&app, new).to_string()
    };
    let never = [due(None), due(None)];
    let (late, soon, soon_too) = (due(at(48)), due(at(1)), due(at(1)));
    let over = due(at(-1));
    let [first, last] = never;
    let wanted = [&over, &soon, &soon_too, &late, &first, &last].map(Clone::clone);
    assert_eq!(ids(&supervisor, ""), wanted);
    let all = supervisor.get("/work-items?limit=1&include=total");
    assert_eq!(all.assert(200).json()["total"], 6);
    assert_eq!(paged(&supervisor), wanted);
    // What is done comes after all that waits, whatever its day was.
    for id in [&over, &last] {
        supervisor
            .act(&format!("/work-items/{id}/done"))
            .assert(200);
    }
    let wanted = [&soon, &soon_too, &late, &first, &over, &last].map(Clone::clone);
    assert_eq!(ids(&supervisor, ""), wanted);
    assert_eq!(ids(&supervisor, "?done=true"), wanted[4..]);
    assert_eq!(ids(&supervisor, "?done=false"), wanted[..4]);
    assert_eq!(paged(&supervisor), wanted);
    assert_eq!(ids(&supervisor, "?kind=centre-silent").len(), 0);
    supervisor.get("/work-items?kind=none").assert(422);
}

#[test]
fn every_kind_of_item_is_kept_and_found() {
    let app = TestApp::new();
    let supervisor = app.persona(Role::Supervisor);
    for kind in WorkItemKind::ALL {
        let id = open(&app, item(app.office, *kind, subject(&app)));
        let found = ids(&supervisor, &format!("?kind={kind}"));
        assert_eq!(found, [id.to_string()], "{kind}");
    }
}
