//! The walk through what the plan owes and what its tasks came to: every operation once at least.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hai_dang::identity::Role;
use serde_json::{Value, json};

use super::{Walk, hide_ids};
use crate::support::Client;
use crate::training::{World, id};
use crate::trust::operations;

const INDICATORS: &str = "/plan/tasks/2b/indicators";
const FIGURES: &str = "/plan/tasks/2b/figures";

/// Who walks.
struct Way<'a> {
    world: &'a World,
    walk: &'a mut Walk,
    reporter: Client,
    called: BTreeSet<String>,
}

impl Way<'_> {
    /// A call of a reporter, a second after the one before.
    fn call(&mut self, method: &str, path: &str, body: &Value) -> Value {
        self.world.app.clock.advance(TimeDelta::seconds(1));
        let by = match method {
            "PATCH" => self.reporter.with("If-Match", "*"),
            _ => self.reporter.clone(),
        };
        let body = (method != "GET").then(|| body.to_string().into_bytes());
        let shown = hide_ids(path);
        let bare = shown.split('?').next().unwrap_or_default();
        self.called.insert(format!("{method} {bare}"));
        let reply = by.send(method, path, body);
        assert!(reply.status < 500, "{method} {shown}");
        self.walk.step(&format!("{method} {shown}"), &reply)
    }

    fn see(&mut self, path: &str) -> Value {
        self.call("GET", path, &json!(null))
    }

    fn owed(&mut self) {
        let one = "/obligations/annual_report-2026";
        for query in [
            "include=total",
            "limit=2",
            "year=2030",
            "kind=children_review",
            "status=overdue",
            "year=1",
        ] {
            self.see(&format!("/obligations?{query}"));
        }
        let agency = self.world.police.clone();
        let path = format!("/obligations?agency={agency}");
        let reply = self.reporter.get(&path);
        self.walk.step("GET /obligations?agency=ID", &reply);
        self.see(one);
        self.see("/obligations/annual_report-1999");
        let filed = json!({"filed_at": "2026-02-28T10:00:00+07:00", "number": "15/BC-UBND"});
        self.call("POST", &format!("{one}/file"), &filed);
        self.call("POST", &format!("{one}/file"), &filed);
        self.call(
            "POST",
            &format!("{one}/file"),
            &json!({"filed_at": "2199-01-01T00:00:00Z"}),
        );
        let reason = json!({"reason": "Nhầm"});
        self.call("POST", &format!("{one}/withdraw-filing"), &reason);
        self.call("POST", &format!("{one}/withdraw-filing"), &reason);
    }

    fn counted(&mut self) {
        self.see("/plan/tasks/2b");
        let indicator = json!({
            "kind": "leaflets", "title_vi": "Tờ rơi đã phát", "unit_vi": "tờ",
            "agency_id": self.world.police,
        });
        let indicator = self.call("POST", INDICATORS, &indicator);
        self.call(
            "POST",
            INDICATORS,
            &json!({"kind": "other", "title_vi": "", "unit_vi": "",
            "agency_id": id(&indicator)}),
        );
        let one = format!("{INDICATORS}/{}", id(&indicator));
        self.see(&one);
        self.call(
            "PATCH",
            &one,
            &json!({"title_en": "Leaflets", "unit_en": "copies"}),
        );
        for query in ["include=total", "kind=other", "is_active=true&limit=1"] {
            self.see(&format!("{INDICATORS}?{query}"));
        }
        let figure = |from: &str, to: &str| {
            json!({
                "indicator_id": id(&indicator), "from": from, "to": to, "amount": 500,
                "source_document": "12/BC-CAP",
            })
        };
        let january = self.call("POST", FIGURES, &figure("2026-01-01", "2026-01-31"));
        self.call("POST", FIGURES, &figure("2026-01-31", "2026-02-28"));
        self.call("POST", FIGURES, &figure("2026-02-01", "2026-02-28"));
        self.call("POST", FIGURES, &figure("2026-02-02", "2026-02-01"));
        let one = format!("{FIGURES}/{}", id(&january));
        self.see(&one);
        self.call("PATCH", &one, &json!({"amount": 520, "note": "Đếm lại"}));
        for query in [
            "include=total",
            "limit=1",
            "year=2026",
            "from=2026-02-01&to=2026-02-28",
            "from=2026-02-01",
            "status=withdrawn",
        ] {
            self.see(&format!("{FIGURES}?{query}"));
        }
        let reason = json!({"reason": "Tính hai lần"});
        self.call("POST", &format!("{one}/withdraw"), &reason);
        self.call("POST", &format!("{one}/withdraw"), &reason);
        self.see(&format!("{FIGURES}?status=withdrawn"));
    }
}

/// Walks through every operation of obligations, indicators and figures.
pub(super) fn walk(world: &World, walk: &mut Walk) {
    let mut way = Way {
        world,
        walk,
        reporter: world.app.persona(Role::Reporter),
        called: BTreeSet::new(),
    };
    way.owed();
    way.counted();
    for operation in operations() {
        let bare = operation.template.trim_start_matches("/api/v1");
        if !["/obligations", "/indicators", "/figures"]
            .iter()
            .any(|part| bare.contains(part))
        {
            continue;
        }
        let segments = bare.split('/').map(|one| match one {
            "{code}" => "2b",
            "{key}" => "annual_report-2026",
            one if one.starts_with('{') => "ID",
            one => one,
        });
        let segments: Vec<&str> = segments.collect();
        let call = format!("{} {}", operation.method, segments.join("/"));
        assert!(way.called.contains(&call), "{call} is not on the way");
    }
}
