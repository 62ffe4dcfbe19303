//! The duty list, and what needs a person.

use diesel::prelude::*;
use hai_dang::db::schema::users;
use hai_dang::identity::{Role, UserId};
use hai_dang::office::duty;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// Puts people on the duty list, in their order.
#[track_caller]
pub(super) fn put_on_duty(admin: &Client, people: &[&Client]) {
    let ids: Vec<UserId> = people.iter().map(|one| one.id()).collect();
    let change = json!({"duty_list": ids});
    let after = admin.with("If-Match", "*").patch("/office", &change);
    assert_eq!(after.assert(200).json()["duty_list"], json!(ids));
}

/// Takes an account away.
pub(super) fn disable(app: &TestApp, who: &Client) {
    let id = who.id();
    app.change(move |conn| {
        diesel::update(users::table.find(id))
            .set(users::status.eq("disabled"))
            .execute(conn)?;
        Ok(())
    });
}

#[test]
fn the_duty_list_keeps_its_order_and_names_active_people_of_the_office() {
    let app = TestApp::new();
    let other = app.add_office("khac");
    let admin = app.persona(Role::Administrator);
    let (counsellor, intake) = (
        app.persona(Role::Counsellor),
        app.persona(Role::LegalAidIntake),
    );
    put_on_duty(&admin, &[&intake, &counsellor, &admin]);
    let office = app.office;
    let next = |after| app.platform.db.read_now(|c| duty::next(c, office, after));
    assert_eq!(next(None).unwrap(), Some(intake.id()));
    assert_eq!(next(Some(intake.id())).unwrap(), Some(counsellor.id()));
    assert_eq!(next(Some(admin.id())).unwrap(), Some(intake.id()));
    disable(&app, &counsellor);
    assert_eq!(next(Some(intake.id())).unwrap(), Some(admin.id()));
    let shown = admin.get("/office").assert(200).json();
    assert_eq!(shown["duty_list"].as_array().unwrap().len(), 3);
    let (organiser, foreign) = (
        app.persona(Role::Organiser),
        app.persona_of(other, &[Role::Counsellor]),
    );
    let change = json!({"duty_list": [
        intake.id(), organiser.id(), foreign.id(), counsellor.id(), intake.id(),
    ]});
    let refused = admin.with("If-Match", "*").patch("/office", &change);
    let refused = refused.assert(422);
    for place in ["/duty_list/1", "/duty_list/2", "/duty_list/3"] {
        refused.violates(place, "unknown-reference");
    }
    refused.violates("/duty_list/4", "repeated");
    let both = json!({"name": "", "duty_list": [organiser.id()]});
    let refused = admin.with("If-Match", "*").patch("/office", &both);
    let refused = refused.assert(422);
    refused.violates("/name", "required");
    refused.violates("/duty_list/0", "unknown-reference");
    for reader in [&intake, &organiser] {
        let change = json!({"duty_list": []});
        reader
            .with("If-Match", "*")
            .patch("/office", &change)
            .assert(403);
    }
}

#[test]
fn a_duty_list_of_people_who_left_is_a_duty_nobody_holds() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let counsellor = app.persona(Role::Counsellor);
    let has_none = || {
        let shown = admin.get("/office").assert(200).json();
        let unheld = shown["unheld_duties"].as_array().unwrap().clone();
        unheld.contains(&json!("duty_list"))
    };
    assert!(has_none());
    put_on_duty(&admin, &[&counsellor]);
    assert!(!has_none());
    disable(&app, &counsellor);
    assert!(has_none());
    put_on_duty(&admin, &[&admin]);
    assert!(!has_none());
    let cleared = admin
        .with("If-Match", "*")
        .patch("/office", &json!({"duty_list": null}));
    assert_eq!(cleared.assert(200).json()["duty_list"], json!([]));
    assert!(has_none());
    let public = app.anonymous().get("/public/office").assert(200).json();
    assert_eq!(public.get("duty_list"), None::<&Value>);
}

#[test]
fn new_work_goes_to_the_list_only_while_no_supervisor_is_active() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let counsellor = app.persona(Role::Counsellor);
    put_on_duty(&admin, &[&counsellor]);
    let office = app.office;
    let in_charge = || {
        let read = app.platform.db.read_now(|c| duty::in_charge(c, office));
        read.unwrap()
    };
    assert_eq!(in_charge(), Some(counsellor.id()));
    let supervisor = app.persona(Role::Supervisor);
    assert_eq!(in_charge(), None);
    disable(&app, &supervisor);
    assert_eq!(in_charge(), Some(counsellor.id()));
}
