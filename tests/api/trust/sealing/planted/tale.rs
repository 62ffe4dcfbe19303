//! Who tells what, in every field that is sealed.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::counselling::at;
use crate::support::Client;

/// Cases that tell all of it, each with other words.
const CASES: usize = 17;
const SYLLABLES: [&str; 16] = [
    "Hoàng",
    "Yến",
    "Trầm",
    "Lắng",
    "Ngưỡng",
    "Đượm",
    "Quạnh",
    "Sững",
    "Khẽ",
    "Vọng",
    "Ruộm",
    "Chững",
    "Ngoằn",
    "Tuệch",
    "Mướt",
    "Giễu",
];

/// Everything that was told.
#[derive(Default)]
pub(super) struct Told(pub(super) Vec<String>);

impl Told {
    fn keep(&mut self, text: String) -> String {
        self.0.push(text.clone());
        text
    }

    /// Words that nobody said before.
    pub(super) fn words(&mut self) -> String {
        let mixed = (self.0.len() * 0x9_E373) % (1 << 20);
        let syllable = |n: usize| SYLLABLES[(mixed >> (4 * n)) % 16];
        let words: Vec<&str> = (0..5).map(syllable).collect();
        self.keep(words.join(" "))
    }

    pub(super) fn phone(&mut self) -> String {
        let number = 10_000_000 + self.0.len() * 7919;
        // As it is kept: with the country before it.
        self.keep(format!("+849{number:08}"))
    }

    pub(super) fn email(&mut self) -> String {
        let number = self.0.len();
        self.keep(format!("hoang.yen.{number}@kin-dao.example"))
    }

    pub(super) fn contact(&mut self) -> Value {
        json!({"may_email": true, "may_call": true, "hours": self.words()})
    }

    fn person(&mut self, role: &str) -> Value {
        json!({
            "role": role, "name": self.words(), "address": self.words(), "phone": self.phone(),
            "email": self.email(), "safe_contact": self.contact(),
        })
    }
}

pub(super) struct Cast {
    pub(super) counsellor: Client,
    pub(super) supervisor: Client,
    pub(super) colleague: Client,
    pub(super) officer: Client,
    pub(super) family: Client,
}

/// A case under way, and who tells what of it.
struct Tale<'a> {
    cast: &'a Cast,
    told: &'a mut Told,
    number: usize,
    path: String,
    party: String,
}

impl Tale<'_> {
    #[track_caller]
    fn of_case(&self, rest: &str, body: &Value) -> Value {
        write(&self.cast.counsellor, &format!("{}{rest}", self.path), body)
    }

    fn begin(&mut self) {
        let asked = json!({
            "party_role": "birth_parent", "name": self.told.words(), "phone": self.told.phone(),
            "safe_contact": self.told.contact(),
        });
        let by = self.cast;
        let request = write(&by.family, "/counselling-requests", &asked);
        let path = format!("/counselling-requests/{}", text(&request["id"]));
        let to = json!({"assignee": by.counsellor.id()});
        write(&by.supervisor, &format!("{path}/assign"), &to);
        let reached = json!({"means": "call", "is_reached": true});
        write(&by.counsellor, &format!("{path}/record-try"), &reached);
        let new = json!({"adoption_kind": "domestic", "supervisor": by.supervisor.id()});
        let case = write(&by.counsellor, &format!("{path}/open-case"), &new);
        self.path = format!("/counselling-cases/{}", text(&case["id"]));
        let parties = by.counsellor.get(&format!("{}/parties", self.path));
        self.party = text(&parties.assert(200).json()["items"][0]["id"]);
        let other = json!({
            "party_role": "relative", "channel": "desk", "name": self.told.words(),
            "phone": self.told.phone(), "email": self.told.email(),
        });
        let other = write(&by.counsellor, "/counselling-requests", &other);
        let path = format!("/counselling-requests/{}/redirect", text(&other["id"]));
        let to = json!({"to": self.told.words()});
        write(&by.counsellor, &path, &to);
    }

    fn who(&mut self) {
        for role in ["prospective_adoptive_parent", "relative", "child"] {
            let person = self.told.person(role);
            self.of_case("/parties", &person);
        }
        let fields = json!({
            "child": {"name": self.told.words(), "born_on": "2025-01-01"},
            "special_circumstances": ["sexually_abused", "trafficked"],
            "decision": {"number": self.told.words(), "date": "2026-02-01",
                "authority": self.told.words()},
            "already_happened": true,
        });
        let counsellor = self.cast.counsellor.with("If-Match", "*");
        counsellor.patch(&self.path, &fields).assert(200);
    }

    fn meet(&mut self) {
        let minute = i64::try_from(self.number).unwrap() * 24 * 60 + 9 * 60;
        let booking = json!({
            "case_id": self.path.rsplit('/').next(), "parties": [self.party],
            "mode": "home", "starts_at": at(minute), "ends_at": at(minute + 60),
            "location": self.told.words(), "interpreter": self.told.words(),
        });
        let cast = self.cast;
        let one = write(&cast.counsellor, "/counselling-appointments", &booking);
        let path = format!("/counselling-appointments/{}", text(&one["id"]));
        let to = json!({
            "starts_at": at(minute + 120), "ends_at": at(minute + 180),
            "reason": self.told.words(),
        });
        write(&cast.counsellor, &format!("{path}/reschedule"), &to);
        let off = json!({"by": "party", "reason": self.told.words()});
        write(&cast.counsellor, &format!("{path}/cancel"), &off);
    }

    fn write_down(&mut self) {
        for _note in 0..2 {
            let told = &mut *self.told;
            let note = json!({
                "body": told.words(), "child_view": told.words(), "agreed": told.words(),
                "follow_ups": told.words(), "shared_summary": told.words(),
            });
            let note = self.of_case("/notes", &note);
            let note = format!("/notes/{}", text(&note["id"]));
            self.of_case(&format!("{note}/sign"), &json!({}));
            let more = json!({"text": self.told.words()});
            self.of_case(&format!("{note}/addenda"), &more);
            let to = json!({"parties": [self.party]});
            self.of_case(&format!("{note}/share"), &to);
        }
    }

    fn consent(&mut self) {
        let told = &mut *self.told;
        let consent = json!({
            "party_id": self.party, "decision": "given", "taken_on": "2026-02-20",
            "taken_by": told.words(), "present": [told.words(), told.words(), told.words()],
            "interpreter": told.words(), "note": told.words(),
        });
        let consent = self.of_case("/adoption-consents", &consent);
        let path = format!("/adoption-consents/{}/withdraw", text(&consent["id"]));
        let back = json!({"on": "2026-02-25", "note": self.told.words()});
        self.of_case(&path, &back);
        let reason = json!({"reason": self.told.words()});
        let path = format!("{}/resume", self.path);
        write(&self.cast.supervisor, &path, &reason);
    }

    fn follow_up(&mut self) {
        let plan = json!({"due_on": "2026-04-01", "what": self.told.words()});
        let plan = self.of_case("/follow-ups", &plan);
        let plan = format!("/follow-ups/{}", text(&plan["id"]));
        let to = json!({"to": "2026-04-08", "reason": self.told.words()});
        self.of_case(&format!("{plan}/move"), &to);
        let done = json!({"note": self.told.words()});
        self.of_case(&format!("{plan}/complete"), &done);
        let glass = json!({"reason": self.told.words()});
        let path = format!("{}/break-glass", self.path);
        write(&self.cast.colleague, &path, &glass);
    }

    fn end(&mut self) {
        for (verb, by) in [
            ("hold", &self.cast.counsellor),
            ("resume", &self.cast.supervisor),
        ] {
            let reason = json!({"reason": self.told.words()});
            write(by, &format!("{}/{verb}", self.path), &reason);
        }
        let alert = json!({"source": "desk", "text": self.told.words()});
        let alert = write(&self.cast.counsellor, "/risk-alerts", &alert);
        let path = format!("/risk-alerts/{}", text(&alert["id"]));
        write(
            &self.cast.supervisor,
            &format!("{path}/acknowledge"),
            &json!({}),
        );
        let result = json!({"result": self.told.words()});
        write(&self.cast.supervisor, &format!("{path}/close"), &result);
        let ask = json!({"outcome": "family_preserved", "reason": self.told.words()});
        self.of_case("/ask-closing", &ask);
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub(super) fn tell_all(cast: &Cast, told: &mut Told) -> Vec<String> {
    let mut cases = Vec::new();
    for number in 0..CASES {
        let (path, party) = (String::new(), String::new());
        let mut tale = Tale {
            cast,
            told,
            number,
            path,
            party,
        };
        tale.begin();
        tale.who();
        tale.meet();
        tale.write_down();
        tale.consent();
        tale.follow_up();
        tale.end();
        cases.push(tale.path);
    }
    cases
}

/// Writes with a key by which the answer is kept; the id of what was made.
#[track_caller]
pub(super) fn write(by: &Client, path: &str, body: &Value) -> Value {
    let mut hasher = DefaultHasher::new();
    (path, body.to_string()).hash(&mut hasher);
    let key = format!("{:x}", hasher.finish());
    let reply = by.with("Idempotency-Key", &key).post(path, body);
    assert!([200, 201].contains(&reply.status), "{path}: {reply:?}");
    reply.json()
}
