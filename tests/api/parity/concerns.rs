//! The walk through concerns and difficulties: every operation once at least.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::support::Client;
use crate::training::{World, id};
use crate::trust::operations;

/// Who walks.
struct Way<'a> {
    world: &'a World,
    walk: &'a mut Walk,
    organiser: Client,
    counsellor: Client,
    supervisor: Client,
    reporter: Client,
    called: BTreeSet<String>,
}

impl Way<'_> {
    /// A call of somebody, a second after the one before: what was first is first on both engines.
    fn call(&mut self, by: &Client, method: &str, path: &str, body: &Value) -> Value {
        self.world.app.clock.advance(TimeDelta::seconds(1));
        let by = if method == "PATCH" {
            by.with("If-Match", "*")
        } else {
            by.clone()
        };
        let bytes = (method != "GET").then(|| body.to_string().into_bytes());
        let shown = hide_ids(path);
        let bare = shown.split('?').next().unwrap_or_default();
        self.called.insert(format!("{method} {bare}"));
        let reply = by.send(method, path, bytes);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    fn see(&mut self, by: &Client, path: &str) {
        self.call(by, "GET", path, &Value::Null);
    }

    fn concerns(&mut self) {
        let (recorder, lead) = (self.counsellor.clone(), self.supervisor.clone());
        let all = "/concerns";
        let broken = json!({
            "topic": "other", "source": "desk", "informed_on": "2027-01-01", "text": "",
        });
        self.call(&recorder, "POST", all, &broken);
        let new = json!({
            "topic": "forged_documents", "source": "letter", "informed_on": "2026-02-20",
            "text": "Giấy khai sinh có hai nét mực.",
        });
        let made = self.call(&recorder, "POST", all, &new);
        let one = format!("{all}/{}", id(&made));
        let to = json!({"to": "Công an phường", "on": "2026-02-23", "document_number": "86/UBND"});
        let refer = format!("{one}/refer");
        self.call(&recorder, "POST", &refer, &to);
        let early = json!({"to": "Công an", "on": "2026-02-19", "document_number": "86"});
        self.call(&lead, "POST", &refer, &early);
        self.call(&lead, "POST", &refer, &to);
        self.call(&lead, "POST", &refer, &to);
        let answer = json!({"answer": "Đang xác minh.", "on": "2026-02-27", "number": "12/CAP"});
        self.call(&lead, "POST", &format!("{one}/record-answer"), &answer);
        self.see(&recorder, &one);
        let reason = json!({"reason": "Đã có kết quả."});
        self.call(&lead, "POST", &format!("{one}/close"), &reason);
        self.see(&lead, &one);
        let other = json!({"topic": "other", "source": "media", "text": "Tin trên báo."});
        self.call(&lead, "POST", all, &other);
        self.see(&recorder, &format!("{all}?include=total"));
        self.see(&lead, &format!("{all}?limit=1"));
        self.see(
            &lead,
            &format!("{all}?from=2026-02-01&to=2026-02-28&status=closed"),
        );
        let reporter = self.reporter.clone();
        for dimension in ["topic", "source", "status"] {
            let days = "from=2026-02-01&to=2026-03-31";
            self.see(
                &reporter,
                &format!("{all}/counts?{days}&group_by={dimension}"),
            );
        }
        self.see(&reporter, &format!("{all}/counts?year=2026"));
    }

    fn difficulties(&mut self) {
        let (organiser, reporter) = (self.organiser.clone(), self.reporter.clone());
        let all = "/difficulties";
        let broken =
            json!({"agency": self.world.police, "plan_task": "9z", "title": "", "text": ""});
        self.call(&organiser, "POST", all, &broken);
        let new = json!({
            "agency": self.world.police, "plan_task": "2b", "title": "Thiếu người phiên dịch",
            "text": "Buổi tập huấn có người nước ngoài.", "raised_on": "2026-02-20",
        });
        let made = self.call(&organiser, "POST", all, &new);
        let one = format!("{all}/{}", id(&made));
        let change = json!({"plan_task": null, "proposal": "Đề nghị cử người."});
        self.call(&organiser, "PATCH", &one, &change);
        let to = json!({"to": "Sở Tư pháp", "on": "2026-02-23"});
        self.call(&organiser, "POST", &format!("{one}/forward"), &to);
        self.call(&reporter, "POST", &format!("{one}/forward"), &to);
        self.call(&reporter, "PATCH", &one, &change);
        let answer = json!({"answer": "Sở cử một người.", "on": "2026-02-27", "number": "345/STP"});
        self.call(&reporter, "POST", &format!("{one}/answer"), &answer);
        self.call(&reporter, "POST", &format!("{one}/answer"), &answer);
        let reason = json!({"reason": "Đã xong."});
        self.call(&reporter, "POST", &format!("{one}/close"), &reason);
        self.see(&organiser, &one);
        let other = json!({
            "agency": self.world.secretariat, "title": "Đường dây nóng quá tải", "text": "Thiếu người.",
        });
        self.call(&reporter, "POST", all, &other);
        for query in [
            "include=total",
            "limit=1",
            "q=DUONG%20day",
            "to=2026-02-20",
            "q=zzz",
        ] {
            self.see(&reporter, &format!("{all}?{query}"));
        }
        let nobody = self.world.app.persona(Role::Contributor);
        self.see(&nobody, &format!("{all}?include=total"));
        self.see(&nobody, &one);
    }
}

/// Walks through every operation of concerns and difficulties.
pub(super) fn walk(world: &World, walk: &mut Walk) {
    let mut way = Way {
        world,
        walk,
        // The clock went on, and a login ends.
        organiser: world.app.again(&world.organiser),
        counsellor: world.app.persona(Role::Counsellor),
        supervisor: world.app.persona(Role::Supervisor),
        reporter: world.app.persona(Role::Reporter),
        called: BTreeSet::new(),
    };
    way.concerns();
    way.difficulties();
    let parts = ["/concerns", "/difficulties"];
    for operation in operations() {
        let bare = operation.template.trim_start_matches("/api/v1");
        if !parts.iter().any(|part| bare.starts_with(part)) {
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
