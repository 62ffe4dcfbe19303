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
    way.call(&first, "GET", ONE, &json!(null));
    way.call(&first, "POST", "/reports/annual", &json!({"year": 2026}));
    way.call(&first, "POST", "/reports/annual", &json!({"year": 2026}));
    way.call(&first, "POST", "/reports/annual", &json!({"year": 2019}));
    way.call(
        &first,
        "PATCH",
        ONE,
        &json!({"situation": "Đã ban hành kế hoạch."}),
    );
    way.parts(&first);
    way.call(&first, "POST", &format!("{ONE}/consolidate"), &json!({}));
    way.call(&first, "POST", &format!("{ONE}/approve"), &json!({}));
    way.call(
        &second,
        "POST",
        &format!("{ONE}/return-for-changes"),
        &json!({"reason": "Sửa"}),
    );
    way.call(&first, "POST", &format!("{ONE}/consolidate"), &json!({}));
    way.call(&second, "POST", &format!("{ONE}/approve"), &json!({}));
    let issued = json!({
        "number": "15/BC-UBND", "dated_on": "2026-10-16", "signer": "Phạm Việt Anh",
    });
    way.call(&first, "POST", &format!("{ONE}/issue"), &issued);
    way.files(&first);
    way.call(
        &first,
        "POST",
        &format!("{ONE}/file"),
        &json!({"way": "post"}),
    );
    way.call(&first, "GET", &format!("{ONE}/content"), &json!(null));
    way.call(
        &first,
        "GET",
        &format!("{ONE}/content?public=true"),
        &json!(null),
    );
    way.call(
        &first,
        "POST",
        &format!("{ONE}/revise"),
        &json!({"reason": "Bổ sung"}),
    );
    way.call(
        &first,
        "GET",
        "/reports/annual?include=total&status=building",
        &json!(null),
    );
    way.call(&first, "GET", "/reports/summary", &json!(null));
    way.call(
        &first,
        "GET",
        "/plan/tasks/2b/coverage?year=2026",
        &json!(null),
    );
    way.call(
        &first,
        "GET",
        "/plan/tasks/9/coverage?year=2026",
        &json!(null),
    );
}
