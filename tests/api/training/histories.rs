//! Random histories: whatever happens to a session, its stored counters equal a recount of the
//! list, by every dimension, and the parts add up to the whole.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{World, id, one, registrations};

/// The same numbers every time: a failure can be looked at again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

struct History {
    world: World,
    session: Value,
    people: Vec<Value>,
    dice: Dice,
    steps: usize,
}

impl History {
    fn new(seed: u64) -> Self {
        let world = World::new();
        let mut body = world.body(1);
        body["capacity"] = json!(6);
        body["slots"] = json!([world.slot(1, 2), world.slot(3, 1), world.slot(5, 2)]);
        body["slots"][1]["mandatory"] = json!(false);
        let session = world.publish(&body);
        Self {
            world,
            session,
            people: Vec::new(),
            dice: Dice(seed),
            steps: 0,
        }
    }

    /// A person of random dimensions.
    fn person(&mut self) -> Value {
        self.steps += 1;
        let sex = ["female", "male", "unknown"][self.dice.roll(3)];
        let mut person = json!({"full_name": format!("Người {}", self.steps), "sex": sex});
        if self.dice.roll(2) == 0 {
            person["birth_year"] = json!(1950 + self.dice.roll(60));
        }
        if self.dice.roll(3) == 0 {
            person["agency"] = json!(self.world.police);
        }
        person
    }

    fn anyone(&mut self) -> Option<Value> {
        if self.people.is_empty() {
            return None;
        }
        let at = self.dice.roll(self.people.len());
        Some(self.people[at].clone())
    }

    /// One thing that may happen; a refusal is as good as a deed.
    fn step(&mut self) {
        let path = format!("/training-sessions/{}", id(&self.session));
        let choice = self.dice.roll(12);
        match choice {
            0..=3 => {
                let ask = self.dice.roll(5) == 0;
                let body = json!({"attendee": self.person(), "ask": ask});
                self.keep(&registrations(&self.session), &body);
            }
            4 => {
                let body = json!({"attendee": self.person()});
                let organiser = self.organiser();
                let made = organiser.post(&format!("{path}/walk-ins"), &body);
                if made.status == 201 {
                    let registration = made.json()["registration_id"].clone();
                    self.people
                        .push(json!({"id": registration, "session_id": id(&self.session)}));
                }
            }
            5 => self.act("cancel"),
            6 => {
                let verb = ["confirm", "decline"][self.dice.roll(2)];
                self.act(verb);
            }
            7 | 8 => self.scan(),
            9 => self.mark(),
            10 => {
                self.world.app.clock.advance(TimeDelta::minutes(25));
            }
            _ => {
                let body = json!({"acknowledge_missing": true});
                let organiser = self.organiser();
                if organiser.post(&format!("{path}/complete"), &body).status != 200 {
                    organiser.post(&format!("{path}/reopen"), &json!({"reason": "nhầm"}));
                }
            }
        }
    }

    fn organiser(&self) -> crate::support::Client {
        self.world.app.persona(Role::Organiser)
    }

    fn keep(&mut self, path: &str, body: &Value) {
        let made = self.organiser().post(path, body);
        if made.status == 201 {
            self.people.push(made.json());
        }
    }

    fn act(&mut self, verb: &str) {
        if let Some(someone) = self.anyone() {
            self.organiser().act(&format!("{}/{verb}", one(&someone)));
        }
    }

    fn scan(&mut self) {
        let Some(someone) = self.anyone() else { return };
        self.steps += 1;
        let minutes = i64::try_from(self.dice.roll(200)).unwrap();
        let kind = ["in", "in", "out"][self.dice.roll(3)];
        let method = ["qr", "desk"][self.dice.roll(2)];
        let scan = json!({
            "ticket": self.world.derived_ticket(&someone),
            "kind": kind,
            "method": method,
            "at": self.world.at_minutes(-minutes),
            "nonce": format!("n{}", self.steps),
        });
        self.organiser().post("/check-ins", &scan);
    }

    fn mark(&mut self) {
        let Some(someone) = self.anyone() else { return };
        let slot = self.session["slots"][self.dice.roll(3)]["id"].clone();
        let mark = ["present", "absent", "excused"][self.dice.roll(3)];
        let body = json!({"mark": mark, "reason": "theo giấy"});
        let path = format!("{}/marks/{}", one(&someone), slot.as_str().unwrap());
        self.organiser().put(&path, &body);
    }

    /// The list as it stands.
    fn list(&self) -> Vec<Value> {
        let path = format!("{}?limit=100", registrations(&self.session));
        let list = self.organiser().get(&path).assert(200).json();
        list["items"].as_array().unwrap().clone()
    }

    fn check(&self) {
        let list = self.list();
        let path = format!("/training-sessions/{}/attendance-counts", id(&self.session));
        for dimension in ["sex", "agency", "audience"] {
            let counts = self
                .organiser()
                .get(&format!("{path}?group_by={dimension}"))
                .assert(200)
                .json();
            let mut parts = BTreeMap::<String, Vec<&Value>>::new();
            for one in &list {
                let key = one["attendee"][dimension]
                    .as_str()
                    .unwrap_or("unknown")
                    .to_owned();
                parts.entry(key).or_default().push(one);
            }
            parts.retain(|_, part| recount(part) != recount(&[]));
            let rows = counts["rows"].as_array().unwrap();
            assert_eq!(rows.len(), parts.len(), "{dimension}: {counts}");
            for row in rows {
                let part = &parts[row["key"].as_str().unwrap()];
                same(row, &recount(part));
            }
            same(&counts["total"], &recount(&list.iter().collect::<Vec<_>>()));
        }
        let seats = list
            .iter()
            .filter(|one| one["status"] == "confirmed" && one["extra_seat"] == false)
            .count();
        let path = format!("/training-sessions/{}", id(&self.session));
        let session = self.organiser().get(&path).assert(200).json();
        assert_eq!(session["seats_taken"], seats);
        assert!(seats <= 6, "{seats} seats of six");
    }
}

/// What a part of the list counts for, counted by hand.
fn recount(part: &[&Value]) -> BTreeMap<&'static str, usize> {
    let count = |test: &dyn Fn(&Value) -> bool| part.iter().filter(|one| test(one)).count();
    let mut counted = BTreeMap::new();
    for status in [
        "invited",
        "confirmed",
        "waitlisted",
        "declined",
        "cancelled",
    ] {
        counted.insert(status, count(&|one| one["status"] == status));
    }
    let confirmed = |one: &Value| one["status"] == "confirmed";
    for result in ["present", "absent", "excused"] {
        counted.insert(
            result,
            count(&|one| confirmed(one) && one["result"] == result),
        );
    }
    counted.insert(
        "expected",
        count(&|one| confirmed(one) && !one["result"].is_null()),
    );
    counted.insert(
        "walk_ins",
        count(&|one| confirmed(one) && one["walk_in"] == true),
    );
    let present = |one: &Value| confirmed(one) && one["result"] == "present";
    counted.insert("late", count(&|one| present(one) && one["late"] == true));
    counted.insert(
        "left_early",
        count(&|one| present(one) && one["left_early"] == true),
    );
    let slots = part
        .iter()
        .filter(|one| confirmed(one))
        .map(|one| usize::try_from(one["slots_present"].as_u64().unwrap()).unwrap());
    counted.insert("slot_attendances", slots.sum());
    counted
}

fn same(row: &Value, counted: &BTreeMap<&'static str, usize>) {
    for (measure, number) in counted {
        assert_eq!(row[*measure], *number, "{measure} of {row}");
    }
}

#[test]
fn counters_equal_a_recount_after_any_history() {
    let full = hai_dang::config::env::var("HAI_DANG_TEST_FULL").is_some();
    for seed in 1..=if full { 60 } else { 6 } {
        let mut history = History::new(seed);
        for step in 1..=60 {
            history.step();
            if step % 20 == 0 {
                history.check();
            }
        }
    }
}
