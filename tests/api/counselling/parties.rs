//! The parties of a case.

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
    let tied = json!(["edit", "safe-contact", "remove"]);
    assert_eq!(actions(&story.counsellor, &story.party), tied);
    story.appointment(8, 60);
    let used = json!(["edit", "safe-contact"]);
    assert_eq!(actions(&story.supervisor, &story.party), used);
    super::cases::close(&story, "family_preserved");
    assert_eq!(actions(&story.supervisor, &other), json!([]));
}
