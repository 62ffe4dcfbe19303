//! Who may be what, and who is left to say so.

use hai_dang::identity::Role;
use serde_json::json;

use crate::support::TestApp;

#[test]
fn roles_that_do_not_go_together_are_refused() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let (staff, family) = (app.persona(Role::Organiser), app.persona(Role::Family));
    for roles in [
        json!(["administrator", "counsellor"]),
        json!(["family"]),
        json!(["family", "organiser"]),
    ] {
        let body = json!({"email": "x@example.vn", "full_name": "X", "roles": roles});
        let reply = admin.post("/users", &body).assert(422);
        reply.violates("/roles", "roles-cannot-combine");
        let path = format!("/users/{}", staff.id());
        let seen = admin.get(&path).assert(200);
        let reply = admin
            .having_seen(&seen)
            .patch(&path, &json!({"roles": roles}))
            .assert(422);
        reply.violates("/roles", "roles-cannot-combine");
    }
    let path = format!("/users/{}", family.id());
    let seen = admin.get(&path).assert(200);
    let reply = admin
        .having_seen(&seen)
        .patch(&path, &json!({"roles": ["organiser"]}));
    reply.assert(422).violates("/roles", "roles-cannot-combine");
    let none = json!({"email": "x@example.vn", "full_name": "X", "roles": []});
    admin
        .post("/users", &none)
        .assert(422)
        .violates("/roles", "required");
}

#[test]
fn granting_a_role_that_reads_cases_is_told_to_those_who_watch() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let (supervisor, auditor) = (app.persona(Role::Supervisor), app.persona(Role::Auditor));
    let person = app.persona(Role::Organiser);
    let path = format!("/users/{}", person.id());
    let seen = admin.get(&path).assert(200);
    let seen = admin
        .having_seen(&seen)
        .patch(&path, &json!({"roles": ["reporter"]}))
        .assert(200);
    assert!(app.messages().is_empty());
    let change = json!({"roles": ["reporter", "counsellor"]});
    admin.having_seen(&seen).patch(&path, &change).assert(200);
    for address in [&person.email, &supervisor.email, &auditor.email] {
        let told = app.mails("roles_changed", address);
        assert_eq!(told.len(), 1, "{address}");
        assert_eq!(
            told[0].content.values["roles"],
            json!(["Tư vấn viên", "Báo cáo"])
        );
    }
}

#[test]
fn nobody_edits_their_own_roles() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    app.persona(Role::Administrator);
    let path = format!("/users/{}", admin.id());
    let seen = admin.get(&path).assert(200);
    let change = json!({"roles": ["administrator", "organiser"]});
    admin
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(403)
        .problem("own-roles");
    admin
        .having_seen(&seen)
        .patch(&path, &json!({"full_name": "Trần Mới"}))
        .assert(200);
}

#[test]
fn the_last_administrator_stays() {
    let app = TestApp::new();
    let admin = app.persona(Role::Administrator);
    let own = format!("/users/{}", admin.id());
    let may_go = || {
        let seen = admin.get(&own).assert(200).json();
        let actions = seen["allowed_actions"].as_array().unwrap().clone();
        actions.contains(&json!("disable"))
    };
    assert!(!may_go());
    admin
        .act(&format!("{own}/disable"))
        .assert(409)
        .problem("last-administrator");
    let elsewhere = app.add_office("ngo-quyen");
    app.persona_of(elsewhere, &[Role::Administrator]);
    admin.act(&format!("{own}/disable")).assert(409);
    let second = app.persona(Role::Administrator);
    assert!(may_go());
    admin
        .act(&format!("/users/{}/disable", second.id()))
        .assert(200);
    admin.act(&format!("{own}/disable")).assert(409);
    let view = admin
        .act(&format!("/users/{}/enable", second.id()))
        .assert(200)
        .json();
    assert_eq!(view["status"], "active");
    let again = admin
        .act(&format!("/users/{}/enable", second.id()))
        .assert(409);
    assert_eq!(again.problem("action-not-allowed")["current"], "active");
}

#[test]
fn administrators_who_shut_each_other_out_at_once_leave_one() {
    let app = TestApp::new();
    let admins: Vec<_> = (0..4).map(|_| app.persona(Role::Administrator)).collect();
    std::thread::scope(|scope| {
        for (index, admin) in admins.iter().enumerate() {
            let next = &admins[(index + 1) % admins.len()];
            scope.spawn(move || {
                let path = format!("/users/{}", next.id());
                if index % 2 == 0 {
                    admin.act(&format!("{path}/disable"));
                } else {
                    let change = json!({"roles": ["organiser"]});
                    admin.with("If-Match", "*").patch(&path, &change);
                }
            });
        }
    });
    let left = admins
        .iter()
        .filter(|admin| admin.get("/users").status == 200);
    assert!(left.count() >= 1);
}
