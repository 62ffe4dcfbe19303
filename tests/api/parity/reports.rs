//! The walk through a report on the plan, from its first day to its second edition.

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::legal_aid::papers::{PDF, send};
use crate::support::Client;
use crate::training::World;

const ONE: &str = "/reports/annual/2026";

/// Who walks.
struct Way<'a> {
    world: &'a World,
    walk: &'a mut Walk,
}

impl Way<'_> {
    fn call(&mut self, by: &Client, method: &str, path: &str, body: &Value) -> Value {
        self.world.app.clock.advance(TimeDelta::seconds(1));
        let by = match method {
            "PATCH" => by.with("If-Match", "*"),
            _ => by.clone(),
        };
        let body = (method != "GET").then(|| body.to_string().into_bytes());
        let shown = hide_ids(path);
        let reply = by.send(method, path, body);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    /// What agencies send.
    fn parts(&mut self, by: &Client) {
        let agency = self.world.police.clone();
        let asked = json!({"agencies": [agency], "due_on": "2026-10-20"});
        self.call(by, "POST", &format!("{ONE}/request-contributions"), &asked);
        let part = format!("{ONE}/contributions/{agency}");
        self.call(by, "GET", &part, &json!(null));
        self.call(by, "POST", &format!("{part}/submit"), &json!({}));
        self.call(by, "PATCH", &part, &json!({"results": "Đã kiểm tra."}));
        self.call(by, "POST", &format!("{part}/submit"), &json!({}));
        self.call(
            by,
            "POST",
            &format!("{part}/return"),
            &json!({"reason": "Thiếu"}),
        );
        self.call(by, "POST", &format!("{part}/submit"), &json!({}));
        self.call(by, "POST", &format!("{part}/accept"), &json!({}));
        self.call(by, "GET", &format!("{ONE}/contributions"), &json!(null));
    }

    /// The report of a year.
    fn begun(&mut self, by: &Client) {
        self.call(by, "GET", ONE, &json!(null));
        self.call(by, "POST", "/reports/annual", &json!({"year": 2026}));
        self.call(by, "POST", "/reports/annual", &json!({"year": 2026}));
        self.call(by, "POST", "/reports/annual", &json!({"year": 2019}));
        let change = json!({"situation": "Đã ban hành kế hoạch."});
        self.call(by, "PATCH", ONE, &change);
    }

    /// From all parts to its number.
    fn issued(&mut self, first: &Client, second: &Client) {
        let step = |verb: &str| format!("{ONE}/{verb}");
        self.call(first, "POST", &step("consolidate"), &json!({}));
        self.call(first, "POST", &step("approve"), &json!({}));
        let reason = json!({"reason": "Sửa"});
        self.call(second, "POST", &step("return-for-changes"), &reason);
        self.call(first, "POST", &step("consolidate"), &json!({}));
        self.call(second, "POST", &step("approve"), &json!({}));
        let issued = json!({
            "number": "15/BC-UBND", "dated_on": "2026-10-16", "signer": "Phạm Việt Anh",
        });
        self.call(first, "POST", &step("issue"), &issued);
    }

    /// Filed, read, begun anew.
    fn read(&mut self, by: &Client) {
        self.call(by, "POST", &format!("{ONE}/file"), &json!({"way": "post"}));
        for query in ["", "?public=true"] {
            self.call(by, "GET", &format!("{ONE}/content{query}"), &json!(null));
        }
        let reason = json!({"reason": "Bổ sung"});
        self.call(by, "POST", &format!("{ONE}/revise"), &reason);
        for path in [
            "/reports/annual?include=total&status=building",
            "/reports/summary",
            "/plan/tasks/2b/coverage?year=2026",
            "/plan/tasks/9/coverage?year=2026",
        ] {
            self.call(by, "GET", path, &json!(null));
        }
    }

    /// What an issued report keeps.
    fn files(&mut self, by: &Client) {
        let reply = send(
            by,
            &format!("{ONE}/files"),
            &[("kind", "signed")],
            ("a.pdf", PDF),
        );
        let file = self.walk.step(&format!("POST {ONE}/files"), &reply);
        let one = format!("{ONE}/files/{}", file["id"].as_str().unwrap());
        let read = by.get(&one).assert(200);
        assert_eq!(read.body, PDF);
        self.call(by, "POST", &format!("{one}/remove"), &json!({}));
    }
}

/// Walks through every operation of a report.
pub(super) fn walk(world: &World, walk: &mut Walk) {
    // The day after the year's last.
    world.app.clock.advance(TimeDelta::days(229));
    let (first, second) = (
        world.app.persona(Role::Reporter),
        world.app.persona(Role::Reporter),
    );
    let mut way = Way { world, walk };
    way.begun(&first);
    way.parts(&first);
    way.issued(&first, &second);
    way.files(&first);
    way.read(&first);
}
