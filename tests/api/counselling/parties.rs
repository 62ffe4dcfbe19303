//! The parties of a case.

use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::Story;
use crate::support::{Reply, TestApp};

fn edit(story: &Story, path: &str, changes: &Value) -> Reply {
    let seen = story.counsellor.get(path).assert(200);
    story.counsellor.having_seen(&seen).patch(path, changes)
}

#[test]
fn a_case_is_about_one_child_born_on_one_day() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let all = story.path("/parties");
    let child = |day: &str| json!({"role": "child", "name": "Canary Bé", "born_on": day});
    let born = json!({"child": {"born_on": "2026-02-10"}});
    edit(&story, &story.path(""), &born).assert(200);
    let other = story.counsellor.post(&all, &child("2026-02-11"));
    other.assert(422).violates("/born_on", "not-with-this");
    let first = story.counsellor.post(&all, &child("2026-02-10"));
    let first = format!("{all}/{}", first.assert(201).id());
    let second = story.counsellor.post(&all, &child("2026-02-10"));
    second.assert(422).violates("/role", "repeated");
    let turned = story.path(&format!("/parties/{}", story.party));
    let turned = edit(&story, &turned, &json!({"role": "child"}));
    turned.assert(422).violates("/role", "repeated");
    let moved = json!({"child": {"born_on": "2026-02-12"}});
    edit(&story, &story.path(""), &moved)
        .assert(422)
        .violates("/child/born_on", "not-with-this");
    // A wrong day is put right where it stands twice by way of none.
    edit(&story, &first, &json!({"born_on": null})).assert(200);
    edit(&story, &story.path(""), &moved).assert(200);
    edit(&story, &first, &json!({"born_on": "2026-02-12"})).assert(200);
}

#[test]
fn a_party_says_what_may_be_done_to_it() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let actions = |client: &crate::support::Client, id: &str| {
        let party = client.get(&story.path(&format!("/parties/{id}")));
        party.assert(200).json()["allowed_actions"].clone()
    };
    let other = story.add_party("relative", "Canary Bà Ngoại");
    let all = json!(["edit", "safe-contact", "claim-code", "remove"]);
    assert_eq!(actions(&story.counsellor, &other), all);
    // The family asked by its account: it is tied.
    let tied = json!(["edit", "safe-contact", "untie-account", "remove"]);
    assert_eq!(actions(&story.counsellor, &story.party), tied);
    story.appointment(8, 60);
    let used = json!(["edit", "safe-contact", "untie-account"]);
    assert_eq!(actions(&story.supervisor, &story.party), used);
    super::cases::close(&story, "family_preserved");
    assert_eq!(actions(&story.supervisor, &other), json!([]));
}

#[test]
fn an_account_is_mailed_where_it_reads_and_taken_from_the_wrong_person() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let safe = json!({"channels": {"may_email": true}, "how": "in_person"});
    let shared = app.persona(Role::Family);
    let party = story.join(&shared, "relative", "Canary Bà Ngoại");
    let path = story.path(&format!("/parties/{party}"));
    let show = || story.counsellor.get(&path).assert(200).json();
    assert_eq!(show()["email"], shared.email);
    // Another address would be shown and not be written to.
    let other = json!({"email": "ba.ngoai@example.vn"});
    let refused = edit(&story, &path, &other).assert(422);
    refused.violates("/email", "account-address");
    let confirm = format!("{path}/safe-contact");
    story.counsellor.post(&confirm, &safe).assert(200);
    let booking = story.booking(&[&party], 9 * 60, 60);
    story.counsellor.post(super::ALL, &booking).assert(201);
    assert_eq!(app.mails("appointment_confirmed", &shared.email).len(), 1);
    // It was the wrong person's: nothing is theirs to see any more, and nothing is safe.
    let untie = format!("{path}/untie-account");
    let free = story.counsellor.act(&untie).assert(200).json();
    assert_eq!(
        (&free["has_account"], &free["email"]),
        (&json!(false), &json!(null))
    );
    assert!(free["safe_contact"]["confirmed_on"].is_null());
    let seen = shared.get("/me/counselling").assert(200).json();
    assert_eq!(seen["matters"], json!([]));
    assert_eq!(seen["appointments"], json!([]));
    let booking = story.booking(&[&party], 14 * 60, 60);
    story.counsellor.post(super::ALL, &booking).assert(201);
    // What had not left does not.
    assert_eq!(app.mails("appointment_confirmed", &shared.email).len(), 0);
    story.counsellor.act(&untie).assert(409);
    // The right one is handed a code of their own.
    let actions = show()["allowed_actions"].clone();
    assert_eq!(actions, json!(["edit", "safe-contact", "claim-code"]));
}

#[test]
fn an_address_somebody_confirmed_is_not_that_of_an_account() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let party = story.add_party("relative", "Canary Bà Ngoại");
    let path = story.path(&format!("/parties/{party}"));
    let address = json!({"email": "ba.ngoai@example.vn"});
    edit(&story, &path, &address).assert(200);
    let safe = json!({"channels": {"may_email": true}, "how": "in_person"});
    let confirm = format!("{path}/safe-contact");
    story.counsellor.post(&confirm, &safe).assert(200);
    let code = story
        .counsellor
        .post(&format!("{path}/claim-code"), &json!({}));
    let code = code.assert(201).json();
    let claim = json!({"claim_code": code["claim_code"]});
    let family = app.persona(Role::Family);
    let tied = family.post("/me/counselling/claims", &claim);
    let tied = tied.assert(201).json();
    assert_eq!(tied["email"], family.email);
    assert!(tied["safe_contact"]["confirmed_on"].is_null());
    // Logged in, it says for itself what is safe, by which phone and in which language.
    let own = format!("/me/counselling/parties/{party}/safe-contact");
    let calls = json!({"channels": {"may_call": true}});
    let nowhere = family.post(&own, &calls).assert(422);
    nowhere.violates("/channels/may_call", "no-way-there");
    let said = json!({
        "channels": {"may_call": true, "may_email": true}, "phone": "0912 345 679",
        "language": "en",
    });
    let stated = family.post(&own, &said).assert(200).json();
    assert_eq!(
        (&stated["phone"], &stated["language"]),
        (&json!("+84912345679"), &json!("en"))
    );
    let shown = story.counsellor.get(&path).assert(200).json();
    assert_eq!(shown["phone"], "+84912345679");
    // What is not named stays.
    let said = json!({"channels": {"may_call": true}});
    let stated = family.post(&own, &said).assert(200).json();
    assert_eq!(stated["phone"], "+84912345679");
}

#[test]
fn one_account_comes_on_both_sides_by_no_change_of_a_role() {
    let app = TestApp::new();
    let story = Story::begin(&app);
    let family = app.persona(Role::Family);
    story.join(&family, "birth_parent", "Canary Cha Đẻ");
    let aunt = story.join(&family, "relative", "Canary Dì");
    let path = story.path(&format!("/parties/{aunt}"));
    let other_side = json!({"role": "prospective_adoptive_parent"});
    let refused = edit(&story, &path, &other_side).assert(409);
    refused.problem("sides-apart");
    edit(&story, &path, &json!({"role": "caregiver"})).assert(200);
}
