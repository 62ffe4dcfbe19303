//! The walk through legal aid: every operation once at least.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::legal_aid::{ALL, acceptance, complete, referral, refusal};
use crate::support::{Client, TestApp};
use crate::training::id;
use crate::trust::operations;

/// Who walks.
struct Way<'a> {
    app: &'a TestApp,
    walk: &'a mut Walk,
    family: Client,
    officer: Client,
    supervisor: Client,
    called: BTreeSet<String>,
}

impl Way<'_> {
    /// A call of somebody, a second after the one before: what was first is first on both engines.
    fn call(&mut self, by: &Client, method: &str, path: &str, body: Value) -> Value {
        self.app.clock.advance(TimeDelta::seconds(1));
        let by = if ["PATCH", "PUT", "DELETE"].contains(&method) {
            by.with("If-Match", "*")
        } else {
            by.clone()
        };
        let bytes = match body {
            Value::Null => (method == "POST").then(Vec::new),
            body => Some(body.to_string().into_bytes()),
        };
        let shown = hide_ids(path);
        let bare = shown.split('?').next().unwrap_or_default();
        self.called.insert(format!("{method} {bare}"));
        let reply = by.send(method, path, bytes);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    fn kin(&mut self, method: &str, path: &str, body: Value) -> Value {
        let by = self.family.clone();
        self.call(&by, method, path, body)
    }

    fn staff(&mut self, method: &str, path: &str, body: Value) -> Value {
        let by = self.officer.clone();
        self.call(&by, method, path, body)
    }

    /// A request that was handed in.
    fn begin(&mut self, body: Value) -> String {
        let draft = self.kin("POST", ALL, body);
        let path = format!("{ALL}/{}", id(&draft));
        self.kin("POST", &format!("{path}/submit"), json!(null));
        path
    }

    fn drafts(&mut self) {
        for list in ["fields", "forms", "categories"] {
            self.kin("GET", &format!("/legal-aid/{list}"), json!(null));
        }
        let bad = json!({"category": "x", "requester": {"phone": "1"}, "lạ": 1});
        self.kin("POST", ALL, bad);
        let bad = json!({"category": "x", "requester": {"phone": "1"}});
        self.kin("POST", ALL, bad);
        let draft = self.kin("POST", ALL, json!({"field": "adoption"}));
        let path = format!("{ALL}/{}", id(&draft));
        self.kin("POST", &format!("{path}/submit"), json!(null));
        self.kin(
            "PATCH",
            &path,
            json!({"urgency": {"hearing_date": "2026-03-04"}}),
        );
        self.kin("DELETE", &path, json!(null));
        self.kin("GET", &path, json!(null));
    }

    fn whole_way(&mut self) {
        let path = self.begin(complete());
        let step = |verb: &str| format!("{path}/{verb}");
        let wanted = json!({"wanted": [{"kind": "birth_certificate", "words": "Bản sao"}]});
        self.staff("POST", &step("request-supplement"), wanted);
        self.kin(
            "GET",
            &path.replace(ALL, "/me/legal-aid-requests"),
            json!(null),
        );
        self.kin("POST", &step("supplement"), json!({"note": "Gửi sau"}));
        self.staff("POST", &step("refer"), json!({"document_number": "1/PC"}));
        self.staff("POST", &step("refer"), referral());
        self.staff(
            "POST",
            &step("record-receipt"),
            json!({"receipt_number": "TN-1"}),
        );
        self.staff("POST", &step("return"), json!({"reason": "Làm rõ."}));
        self.staff("POST", &step("refer"), referral());
        self.staff("POST", &step("record-decision"), acceptance());
        self.staff("POST", &step("assign"), json!({"person": "Lê Thị Mai"}));
        self.staff("POST", &step("start"), json!({}));
        self.staff("POST", &step("complete"), json!({"outcome": "Xong."}));
        self.staff("GET", &path, json!(null));
        self.staff("GET", &step("timeline?include=total"), json!(null));
    }

    fn other_ends(&mut self) {
        let path = self.begin(complete());
        self.staff("POST", &format!("{path}/refer"), referral());
        self.staff("POST", &format!("{path}/record-decision"), refusal());
        self.kin("GET", &path, json!(null));
        self.staff("POST", &format!("{path}/start"), json!({}));
        let path = self.begin(complete());
        self.staff(
            "POST",
            &format!("{path}/redirect"),
            json!({"to": "Nơi khác"}),
        );
        self.kin("POST", &format!("{path}/insist"), json!({}));
        self.kin(
            "POST",
            &format!("{path}/withdraw"),
            json!({"reason": "Thôi"}),
        );
        self.kin("POST", &format!("{path}/keep"), json!(null));
        self.kin("POST", &format!("{path}/withdraw"), json!({}));
        let how = json!({"how": "by_phone"});
        self.staff("POST", &format!("{path}/confirm-withdrawal"), how);
        let path = self.begin(complete());
        self.staff("POST", &format!("{path}/refer"), referral());
        self.staff("POST", &format!("{path}/record-decision"), acceptance());
        self.staff(
            "POST",
            &format!("{path}/discontinue"),
            json!({"outcome": "Ngừng"}),
        );
        let path = self.begin(complete());
        let void = format!("{path}/void");
        self.staff("POST", &void, json!({"reason": "Nhầm"}));
        let lead = self.supervisor.clone();
        self.call(&lead, "POST", &void, json!({"reason": "Nhầm"}));
        let path = self.begin(complete());
        let reason = json!({"reason": "Họ hàng"});
        self.staff("POST", &format!("{path}/declare-conflict"), reason);
        self.staff("GET", &path, json!(null));
    }

    fn beside(&mut self) {
        let path = self.begin(complete());
        let all = format!("{path}/questions");
        let asked = self.kin("POST", &all, json!({"text": "Khi nào?"}));
        let answer = format!("{all}/{}/answer", id(&asked["items"][0]));
        self.staff("POST", &answer, json!({"text": "Thứ Hai."}));
        self.staff("POST", &answer, json!({"text": "Thứ Ba."}));
        self.kin("GET", &all, json!(null));
        let notes = format!("{path}/notes");
        self.staff("POST", &notes, json!({"text": "Ghi chú"}));
        self.staff("GET", &notes, json!(null));
        let by = self.officer.clone();
        let made = by.act(&format!("{path}/receipt")).assert(201).json();
        self.called
            .insert("POST /legal-aid-requests/ID/receipt".to_owned());
        self.staff("POST", &format!("{path}/untie-account"), json!(null));
        let code = by.act(&format!("{path}/claim-code")).assert(201).json();
        self.called
            .insert("POST /legal-aid-requests/ID/claim-code".to_owned());
        let claim = json!({"claim_code": code["claim_code"]});
        self.kin("POST", "/me/legal-aid-claims", claim.clone());
        self.kin("POST", "/me/legal-aid-claims", claim);
        for file in ["referral-letter", "request-form", "receipt"] {
            self.staff("GET", &format!("{path}/{file}.docx"), json!(null));
        }
        let ask = json!({"code": made["code"], "pin": made["pin"]});
        self.kin("POST", "/public/status", ask);
        let all = format!("{path}/documents");
        self.kin("POST", &all, json!({"kind": "other"}));
        self.kin("GET", &all, json!(null));
        let one = format!("{all}/019ca000-0000-7000-8000-000000000000");
        self.kin("GET", &one, json!(null));
        self.kin("POST", &format!("{one}/replace"), json!({}));
        self.staff("POST", &format!("{one}/remove"), json!({"reason": "Nhầm"}));
        let lead = self.supervisor.clone();
        for dimension in [
            "month",
            "form",
            "field",
            "age_band",
            "sex",
            "category",
            "urgency",
            "refusal_reason",
        ] {
            let days = "from=2026-01-01&to=2026-12-31";
            let path = format!("/reports/legal-aid?{days}&group_by={dimension}");
            self.call(&lead, "GET", &path, json!(null));
        }
    }

    fn lists(&mut self) {
        for query in [
            "include=total",
            "order=due&limit=1",
            "order=due&next_actor=ward",
            "status=refused",
            "urgency=urgent",
            "due_by=2026-03-04",
            "limit=0",
        ] {
            self.staff("GET", &format!("{ALL}?{query}"), json!(null));
        }
        self.kin("GET", "/me/legal-aid-requests?include=total", json!(null));
        let lead = self.supervisor.clone();
        let items = "/work-items?include=total&limit=100";
        self.call(&lead, "GET", items, json!(null));
    }
}

/// Walks through every operation of legal aid.
pub(super) fn walk(app: &TestApp, walk: &mut Walk) {
    let mut way = Way {
        app,
        walk,
        family: app.persona(Role::Family),
        officer: app.persona(Role::LegalAidIntake),
        supervisor: app.persona(Role::Supervisor),
        called: BTreeSet::new(),
    };
    way.drafts();
    way.whole_way();
    way.other_ends();
    way.beside();
    way.lists();
    for operation in operations() {
        let bare = operation.template.trim_start_matches("/api/v1");
        if !bare.contains("legal-aid") {
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
