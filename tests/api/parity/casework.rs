//! The walk through counselling and what the office does for it: every operation once at least.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::counselling::{at, open_hours};
use crate::support::{Client, TestApp};
use crate::training::id;
use crate::trust::operations;

/// Who walks, and the case they come to.
struct Way<'a> {
    app: &'a TestApp,
    walk: &'a mut Walk,
    counsellor: Client,
    colleague: Client,
    supervisor: Client,
    family: Client,
    case: String,
    mother: String,
    adopter: String,
    called: BTreeSet<String>,
}

impl Way<'_> {
    /// A call of somebody, a second after the one before: what was first is first on both engines.
    fn call(&mut self, by: &Client, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.app.clock.advance(TimeDelta::seconds(1));
        let by = if ["PATCH", "PUT", "DELETE"].contains(&method) {
            by.with("If-Match", "*")
        } else {
            by.clone()
        };
        let bytes = body.map(|body| body.to_string().into_bytes());
        let bytes = bytes.or_else(|| (method == "POST").then(Vec::new));
        let shown = hide_ids(path);
        let bare = shown.split('?').next().unwrap_or_default();
        self.called.insert(format!("{method} {bare}"));
        let reply = by.send(method, path, bytes);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    fn staff(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let by = self.counsellor.clone();
        self.call(&by, method, path, Some(body))
    }

    fn lead(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let by = self.supervisor.clone();
        self.call(&by, method, path, Some(body))
    }

    fn kin(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let by = self.family.clone();
        self.call(&by, method, path, Some(body))
    }

    fn see(&mut self, path: &str) -> Value {
        let by = self.counsellor.clone();
        self.call(&by, "GET", path, None)
    }

    fn lead_sees(&mut self, path: &str) -> Value {
        let by = self.supervisor.clone();
        self.call(&by, "GET", path, None)
    }

    fn kin_sees(&mut self, path: &str) -> Value {
        let by = self.family.clone();
        self.call(&by, "GET", path, None)
    }

    fn path(&self, rest: &str) -> String {
        format!("/counselling-cases/{}{rest}", self.case)
    }

    fn requests(&mut self) {
        let desk = json!({"party_role": "relative", "channel": "desk", "name": "Đỗ Thị Ân"});
        let lead = self.supervisor.id();
        let request = self.lead("POST", "/counselling-requests", &desk);
        let path = format!("/counselling-requests/{}", id(&request));
        self.lead(
            "POST",
            &format!("{path}/assign"),
            &json!({"assignee": lead}),
        );
        self.lead(
            "PATCH",
            &path,
            &json!({"name": "Đỗ Thị Ân", "language": "en"}),
        );
        for _again in 0..2 {
            let missed = json!({"means": "call", "is_reached": false});
            self.lead("POST", &format!("{path}/record-try"), &missed);
        }
        self.lead("POST", &format!("{path}/mark-unreachable"), &json!({}));
        self.lead(
            "POST",
            &format!("{path}/redirect"),
            &json!({"to": "Sở Nội vụ"}),
        );
        self.lead("POST", &format!("{path}/erase"), &json!({}));
        self.lead_sees(&path);
        let asked = json!({
            "party_role": "birth_parent", "name": "Nguyễn Thị Đào", "phone": "0912 345 678",
            "safe_contact": {"may_email": true, "may_call": true, "hours": "sau 17:00"},
        });
        let taken = self.kin("POST", "/counselling-requests", &asked);
        self.kin("POST", "/counselling-requests", &asked);
        self.kin("POST", "/counselling-requests", &json!({"party_role": "x"}));
        let path = format!("/counselling-requests/{}/withdraw", id(&taken));
        self.kin("POST", &path, &json!({}));
        let request = self.kin("POST", "/counselling-requests", &asked);
        let path = format!("/counselling-requests/{}", id(&request));
        let to = json!({"assignee": self.counsellor.id()});
        self.lead("POST", &format!("{path}/assign"), &to);
        let reached = json!({"means": "call", "is_reached": true});
        self.staff("POST", &format!("{path}/record-try"), &reached);
        let new = json!({"adoption_kind": "domestic", "supervisor": lead});
        let case = self.staff("POST", &format!("{path}/open-case"), &new);
        self.case = id(&case).to_owned();
        self.kin_sees(&path);
        self.see(&path);
        self.lead_sees("/counselling-requests?include=total");
        self.kin_sees("/counselling-requests?status=withdrawn");
    }

    fn case(&mut self) {
        let bad = json!({"special_circumstances": ["x"], "legal_basis": ["y"]});
        self.staff("POST", "/counselling-cases", &bad);
        let other = json!({"adoption_kind": "intercountry", "legal_basis": ["consent"]});
        self.staff("POST", "/counselling-cases", &other);
        let fields = json!({
            "child": {"name": "Bé Ư", "born_on": "2025-01-01"},
            "special_circumstances": ["abandoned"],
            "checklist": ["before:effects_explained"],
        });
        self.staff("PATCH", &self.path(""), &fields);
        self.see(&self.path(""));
        let parties = self.see(&self.path("/parties"));
        self.mother = id(&parties["items"][0]).to_owned();
        let adopter = json!({
            "role": "prospective_adoptive_parent", "name": "Vũ Quang Huy",
            "phone": "+84 912 345 679", "address": "12 Tô Hiệu",
        });
        let adopter = self.staff("POST", &self.path("/parties"), &adopter);
        self.adopter = id(&adopter).to_owned();
        let aunt = json!({"role": "relative", "name": "Ô Ơ"});
        let aunt = self.staff("POST", &self.path("/parties"), &aunt);
        let aunt = self.path(&format!("/parties/{}", id(&aunt)));
        self.staff(
            "PATCH",
            &aunt,
            &json!({"name": "Ông Ơn", "phone": "0900000001"}),
        );
        let safe = json!({"channels": {"may_call": true}, "how": "by_phone"});
        self.staff("POST", &format!("{aunt}/safe-contact"), &safe);
        self.see(&aunt);
        self.call(&self.counsellor.clone(), "DELETE", &aunt, None);
        let code = self.path(&format!("/parties/{}/claim-code", self.adopter));
        let code = self.staff("POST", &code, &json!({}));
        let claim = json!({"claim_code": code["claim_code"]});
        let adopters = self.app.persona(Role::Family);
        self.call(&adopters, "POST", "/me/counselling/claims", Some(&claim));
        let own = format!("/me/counselling/parties/{}/safe-contact", self.mother);
        self.kin(
            "POST",
            &own,
            &json!({"channels": {"may_email": true, "hours": "tối"}}),
        );
        let untie = self.path(&format!("/parties/{}/untie-account", self.adopter));
        self.staff("POST", &untie, &json!({}));
        let code = self.path(&format!("/parties/{}/claim-code", self.adopter));
        let code = self.staff("POST", &code, &json!({}));
        let claim = json!({"claim_code": code["claim_code"]});
        self.call(&adopters, "POST", "/me/counselling/claims", Some(&claim));
        self.see("/counselling-cases?include=total");
        self.lead_sees("/counselling-cases?limit=1");
    }

    fn phases(&mut self) {
        self.staff("POST", &self.path("/advance-phase"), &json!({}));
        let why = json!({"override_reason": "Hồ sơ giấy đã đủ."});
        self.staff("POST", &self.path("/advance-phase"), &why);
        self.lead("POST", &self.path("/advance-phase"), &why);
        let back = json!({"phase": "before", "reason": "Nhập nhầm."});
        self.lead("POST", &self.path("/correct-phase"), &back);
        let reason = json!({"reason": "Dì ruột nhận cháu."});
        self.lead("POST", &self.path("/confirm-in-family"), &reason);
        self.staff("POST", &self.path("/hold"), &reason);
        self.staff("POST", &self.path("/resume"), &reason);
        let to = json!({"to": self.colleague.id(), "reason": "Nghỉ phép."});
        let colleague = self.colleague.clone();
        let other = json!({"to": self.counsellor.id(), "reason": "Chính mình."});
        self.staff("POST", &self.path("/transfer"), &other);
        self.staff("POST", &self.path("/transfer"), &to);
        self.staff("POST", &self.path("/transfer"), &to);
        self.staff("POST", &self.path("/withdraw-transfer"), &json!({}));
        for verb in ["decline-transfer", "accept-transfer"] {
            self.staff("POST", &self.path("/transfer"), &to);
            self.call(&colleague, "POST", &self.path(&format!("/{verb}")), None);
        }
        let back = json!({"to": self.counsellor.id(), "reason": "Đã về."});
        self.call(&colleague, "POST", &self.path("/transfer"), Some(&back));
        self.staff("POST", &self.path("/accept-transfer"), &json!({}));
        let same = json!({"supervisor": self.supervisor.id(), "reason": "Như cũ."});
        self.lead("POST", &self.path("/assign-supervisor"), &same);
        let why = json!({"reason": "Người phụ trách vắng, cần xem ngay."});
        self.call(&colleague, "POST", &self.path("/break-glass"), Some(&why));
        self.call(&colleague, "GET", &self.path(""), None);
        self.see(&self.path("/timeline?include=total&limit=100"));
    }

    fn appointments(&mut self) {
        open_hours(&self.counsellor);
        let one = format!("/counsellors/{}", self.counsellor.id());
        self.see(&format!("{one}/availability"));
        let broken = json!({"hours": [{"weekday": 9, "starts": "11:00:00", "ends": "08:00:00",
            "valid_from": "2026-01-01"}]});
        self.staff("PUT", &format!("{one}/availability"), &broken);
        self.kin_sees(&format!(
            "{one}/slots?from=2026-03-02&to=2026-03-02&minutes=60"
        ));
        let body = |case: &str, party: &str, hour: i64, ask: bool| {
            json!({
                "case_id": case, "parties": [party], "mode": "at_office", "ask": ask,
                "starts_at": at(hour * 60), "ends_at": at(hour * 60 + 60),
                "location": "Phòng 2",
            })
        };
        let (case, mother, adopter) =
            (self.case.clone(), self.mother.clone(), self.adopter.clone());
        let all = "/counselling-appointments";
        let first = self.staff("POST", all, &body(&case, &mother, 9, false));
        self.staff("POST", all, &body(&case, &mother, 9, false));
        self.staff("POST", all, &body(&case, &adopter, 10, false));
        let asked = self.staff("POST", all, &body(&case, &adopter, 14, true));
        self.staff("POST", &format!("{all}/{}/decline", id(&asked)), &json!({}));
        let own = "/me/counselling/appointments";
        let wish = |hour: i64| {
            json!({"party_id": mother, "mode": "phone", "starts_at": at(hour * 60),
                "ends_at": at(hour * 60 + 30)})
        };
        let wished = self.kin("POST", own, &wish(15));
        self.kin("POST", own, &wish(20));
        self.staff(
            "POST",
            &format!("{all}/{}/confirm", id(&wished)),
            &json!({}),
        );
        self.kin_sees(own);
        self.kin_sees(&format!("{own}/{}", id(&wished)));
        for (hour, verb) in [(16, "confirm"), (17, "decline")] {
            let offered = body(&case, &mother, hour + 24, true);
            let offered = self.staff("POST", all, &offered);
            self.kin(
                "POST",
                &format!("{own}/{}/{verb}", id(&offered)),
                &json!({}),
            );
        }
        self.kin_sees("/me/counselling");
        self.kin(
            "POST",
            &format!("{own}/{}/cancel", id(&wished)),
            &json!({"reason": "Ốm"}),
        );
        self.what_becomes_of(&format!("{all}/{}", id(&first)));
    }

    fn what_becomes_of(&mut self, one: &str) {
        let (all, mother) = ("/counselling-appointments", self.mother.clone());
        let to = json!({"starts_at": at(8 * 60), "ends_at": at(9 * 60), "reason": "Dời"});
        self.staff("POST", &format!("{one}/reschedule"), &to);
        let elsewhere = json!({"mode": "home", "location": "Ngõ 12"});
        self.staff("PATCH", one, &elsewhere);
        self.kin_sees("/me/counselling/appointments");
        self.staff(
            "POST",
            &format!("{one}/complete"),
            &json!({"attended": [mother]}),
        );
        self.staff("POST", &format!("{one}/no-show"), &json!({"by": "party"}));
        let anew = json!({"reason": "Nhập nhầm."});
        self.staff("POST", &format!("{one}/reopen"), &anew);
        let off = json!({"by": "office", "reason": "Bận họp."});
        self.staff("POST", &format!("{one}/cancel"), &off);
        self.see(one);
        self.see(&format!("{all}?include=total"));
        self.lead_sees(&format!("{all}?status=cancelled&limit=1"));
    }

    fn scans(&mut self, note: &str) {
        let scans = format!("{note}/scans");
        self.staff("POST", &scans, &json!({}));
        self.see(&scans);
        let one = format!("{scans}/019ca000-0000-7000-8000-000000000000");
        self.see(&one);
        self.staff("POST", &format!("{one}/remove"), &json!({"reason": "Nhầm"}));
    }

    fn consents(&mut self) {
        let consent = json!({
            "party_id": self.mother, "decision": "given", "taken_on": "2026-02-20",
            "taken_by": "Công chức", "present": ["Ông Ơn"],
        });
        let all = self.path("/adoption-consents");
        let consent = self.staff("POST", &all, &consent);
        let one = format!("{all}/{}", id(&consent));
        self.see(&one);
        self.staff(
            "POST",
            &format!("{one}/withdraw"),
            &json!({"on": "2026-02-25"}),
        );
        let mistaken = json!({"reason": "Nhập nhầm."});
        self.staff("POST", &format!("{one}/strike"), &mistaken);
        self.lead("POST", &format!("{one}/strike"), &mistaken);
        self.see(&all);
    }

    fn records(&mut self) {
        let note = json!({
            "held_on": "2026-02-27", "present": [self.mother], "topics": ["alternatives"],
            "body": "Đã giải thích.", "shared_summary": "Tóm tắt",
        });
        let note = self.staff("POST", &self.path("/notes"), &note);
        let note = self.path(&format!("/notes/{}", id(&note)));
        let draft = self.staff("POST", &self.path("/notes"), &json!({}));
        let draft = self.path(&format!("/notes/{}", id(&draft)));
        self.call(&self.counsellor.clone(), "DELETE", &draft, None);
        self.staff("PATCH", &note, &json!({"child_view": "Con muốn ở với bà."}));
        self.staff("POST", &format!("{note}/take-over"), &json!({}));
        self.staff("POST", &format!("{note}/sign"), &json!({}));
        self.staff("POST", &format!("{note}/take-over"), &json!({}));
        self.staff(
            "POST",
            &format!("{note}/addenda"),
            &json!({"text": "Bổ sung."}),
        );
        let to = json!({"parties": [self.mother]});
        self.staff("POST", &format!("{note}/share"), &to);
        self.staff("POST", &format!("{note}/unshare"), &to);
        self.staff("POST", &format!("{note}/share"), &to);
        self.see(&note);
        self.see(&format!("{note}/record.docx"));
        self.scans(&note);
        self.see(&self.path("/notes?include=total"));
        self.kin_sees("/me/counselling/summaries");
        self.consents();
        let all = self.path("/follow-ups");
        let plan = |what: &str| json!({"due_on": "2026-04-01", "what": what});
        let first = self.staff("POST", &all, &plan("Gọi lại."));
        let second = self.staff("POST", &all, &plan("Thăm nhà."));
        let (first, second) = (
            format!("{all}/{}", id(&first)),
            format!("{all}/{}", id(&second)),
        );
        self.staff("PATCH", &first, &json!({"note": "Đã nhắn."}));
        self.see(&first);
        let to = json!({"to": "2026-04-08", "reason": "Tết"});
        self.staff("POST", &format!("{first}/move"), &to);
        self.staff(
            "POST",
            &format!("{first}/complete"),
            &json!({"note": "Xong"}),
        );
        self.staff(
            "POST",
            &format!("{second}/waive"),
            &json!({"reason": "Không cần"}),
        );
        self.see(&all);
    }

    fn duties(&mut self) {
        let alert = json!({"source": "desk", "text": "Cháu khóc suốt đêm."});
        let alert = self.staff("POST", "/risk-alerts", &alert);
        let one = format!("/risk-alerts/{}", id(&alert));
        self.lead("POST", &format!("{one}/acknowledge"), &json!({}));
        self.lead(
            "POST",
            &format!("{one}/close"),
            &json!({"result": "Đã đến."}),
        );
        self.lead_sees(&one);
        self.see(&one);
        self.lead_sees("/risk-alerts?include=total");
        self.lead_sees("/work-items?include=total&limit=100");
        let items = self.lead_sees("/work-items?done=false&limit=1");
        let item = format!("/work-items/{}", id(&items["items"][0]));
        self.lead_sees(&item);
        self.lead("POST", &format!("{item}/take"), &json!({}));
        self.lead("POST", &format!("{item}/done"), &json!({}));
        self.see("/work-items?done=true");
        let stand_in = json!({
            "from_user": self.supervisor.id(), "to_user": self.counsellor.id(),
            "duty": "supervise_counselling", "starts_on": "2026-03-09", "ends_on": "2026-03-10",
        });
        let made = self.lead("POST", "/delegations", &stand_in);
        let one = format!("/delegations/{}", id(&made));
        self.see(&one);
        self.lead_sees("/delegations?include=total");
        self.lead("POST", &format!("{one}/revoke"), &json!({}));
    }

    fn end(&mut self) {
        let reason = json!({"reason": "Mở lại vì có tin mới."});
        self.lead("POST", &self.path("/resume"), &reason);
        let ask = json!({"outcome": "family_preserved", "reason": "Đã ổn định."});
        self.staff("POST", &self.path("/ask-closing"), &ask);
        self.lead("POST", &self.path("/reject-closing"), &reason);
        self.staff("POST", &self.path("/ask-closing"), &ask);
        self.staff("POST", &self.path("/withdraw-closing"), &json!({}));
        self.staff("POST", &self.path("/ask-closing"), &ask);
        self.staff("POST", &self.path("/approve-closing"), &json!({}));
        self.lead("POST", &self.path("/approve-closing"), &json!({}));
        self.lead("POST", &self.path("/reopen"), &reason);
        self.staff("POST", &self.path("/ask-closing"), &ask);
        self.lead("POST", &self.path("/approve-closing"), &json!({}));
        self.lead("POST", &self.path("/set-legal-hold"), &reason);
        self.lead("POST", &self.path("/lift-legal-hold"), &reason);
        self.staff("POST", &self.path("/ask-erasure"), &reason);
        self.staff("POST", &self.path("/withdraw-erasure"), &json!({}));
        self.staff("POST", &self.path("/ask-erasure"), &reason);
        self.lead("POST", &self.path("/erase"), &json!({}));
        self.see(&self.path(""));
        for dimension in ["phase", "status", "party_role", "mode", "topic", "month"] {
            let days = "from=2026-02-01&to=2026-03-31";
            self.lead_sees(&format!("/reports/counselling?{days}&group_by={dimension}"));
        }
    }
}

/// Walks through every operation of counselling and the office's duties.
pub(super) fn walk(app: &TestApp, walk: &mut Walk) {
    let mut way = Way {
        app,
        walk,
        counsellor: app.persona(Role::Counsellor),
        colleague: app.persona(Role::Counsellor),
        supervisor: app.persona(Role::Supervisor),
        family: app.persona(Role::Family),
        case: String::new(),
        mother: String::new(),
        adopter: String::new(),
        called: BTreeSet::new(),
    };
    way.requests();
    way.case();
    way.phases();
    way.appointments();
    way.records();
    way.duties();
    way.end();
    let parts = ["counsel", "/work-items", "/risk-alerts", "/delegations"];
    for operation in operations() {
        let bare = operation.template.trim_start_matches("/api/v1");
        if !parts.iter().any(|part| bare.contains(part)) {
            continue;
        }
        let segments = bare
            .split('/')
            .map(|one| if one.starts_with('{') { "ID" } else { one });
        let segments: Vec<&str> = segments.collect();
        let call = format!("{} {}", operation.method, segments.join("/"));
        assert!(way.called.contains(&call), "{call} is not on the way");
    }
}
