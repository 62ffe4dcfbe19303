//! The walk through products and what sessions owe: every operation once at least.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::plan::owed::want;
use crate::plan::products::{ALL, attach, issue, product};
use crate::support::Client;
use crate::training::{World, id};
use crate::trust::operations;

/// Who walks.
struct Way<'a> {
    world: &'a World,
    walk: &'a mut Walk,
    reporter: Client,
    called: BTreeSet<String>,
}

impl Way<'_> {
    /// A call of somebody, a second after the one before: what was first is first on both engines.
    fn call(&mut self, by: &Client, method: &str, path: &str, body: Value) -> Value {
        self.world.app.clock.advance(TimeDelta::seconds(1));
        let by = by.with("If-Match", "*");
        let bytes = match body {
            Value::Null => (method == "POST").then(Vec::new),
            body => Some(body.to_string().into_bytes()),
        };
        let shown = self.note(method, path);
        let reply = by.send(method, path, bytes);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    fn note(&mut self, method: &str, path: &str) -> String {
        let shown = hide_ids(path);
        let bare = shown.split('?').next().unwrap_or_default();
        self.called.insert(format!("{method} {bare}"));
        shown
    }

    fn enter(&mut self, method: &str, path: &str, body: Value) -> Value {
        let by = self.world.organiser.clone();
        self.call(&by, method, path, body)
    }

    fn decide(&mut self, path: &str, body: Value) -> Value {
        let by = self.reporter.clone();
        self.call(&by, "POST", path, body)
    }

    /// A product of a session, as far as it is issued.
    fn issued(&mut self, session: &Value) -> String {
        let mut body = product(&self.world.secretariat);
        body["session_id"] = session["id"].clone();
        let made = self.enter("POST", ALL, body);
        let one = format!("{ALL}/{}", id(&made));
        let sent = attach(&self.world.organiser, &one, "báo cáo.pdf");
        let shown = self.note("POST", &format!("{one}/file"));
        self.walk.step(&format!("POST {shown}"), &sent);
        self.enter("POST", &format!("{one}/submit"), json!(null));
        self.decide(&format!("{one}/approve"), json!(null));
        self.decide(&format!("{one}/issue"), issue());
        one
    }

    fn products(&mut self, session: &Value) {
        let unknown = json!({
            "kind": "other", "title": "x", "plan_task": "9z", "agency_id": id(session),
        });
        self.enter("POST", ALL, unknown);
        let draft = self.enter("POST", ALL, product(&self.world.secretariat));
        let one = format!("{ALL}/{}", id(&draft));
        self.enter(
            "PATCH",
            &one,
            json!({"note": "Bản nháp", "report_year": 2027}),
        );
        self.enter("POST", &format!("{one}/submit"), json!(null));
        let reason = json!({"reason": "Thiếu số liệu."});
        self.decide(&format!("{one}/return-for-changes"), reason);
        self.decide(&format!("{one}/issue"), issue());
        self.enter("DELETE", &one, json!(null));
        let first = self.issued(session);
        let second = self.issued(session);
        let by = json!({"by": second.trim_start_matches("/products/")});
        self.decide(&format!("{first}/supersede"), by);
        self.enter("GET", &first, json!(null));
        self.note("GET", &format!("{first}/file"));
        let file = self.reporter.get(&format!("{first}/file")).assert(200);
        assert_eq!(file.body, crate::legal_aid::papers::PDF);
        for query in [
            "q=bao%20cao&include=total",
            "year=2026&limit=1",
            "status=superseded",
        ] {
            self.enter("GET", &format!("{ALL}?{query}"), json!(null));
        }
    }

    fn owed(&mut self) -> Value {
        want(self.world, "2b", r#"["training_report"]"#);
        let held = |way: &mut Self| {
            let session = way.world.publish(&way.world.body(-5));
            let path = format!("/training-sessions/{}/complete", id(&session));
            way.enter("POST", &path, json!({"acknowledge_missing": true}))
        };
        let waived = held(self);
        let path = format!("/training-sessions/{}/waive-product", id(&waived));
        let body = json!({"kind": "training_report", "reason": "Gộp vào đợt 2."});
        self.enter("POST", &path, body.clone());
        self.enter("POST", &path, body);
        let session = held(self);
        self.enter("GET", "/training-sessions?owes=true", json!(null));
        session
    }
}

/// Walks through every operation of products.
pub(super) fn walk(world: &World, walk: &mut Walk) {
    let mut way = Way {
        world,
        walk,
        reporter: world.app.persona(Role::Reporter),
        called: BTreeSet::new(),
    };
    let session = way.owed();
    way.products(&session);
    let path = format!("/training-sessions/{}", id(&session));
    way.enter("GET", &path, json!(null));
    for operation in operations() {
        let bare = operation.template.trim_start_matches("/api/v1");
        if !bare.starts_with(ALL) && !bare.ends_with("/waive-product") {
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
