//! The reports on the plan.

mod annual;
mod figures;
mod parts;

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::identity::Role;
use hai_dang::office::import::import_plan;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// An office with two reporters, on the day after the last of the report's year.
pub(crate) struct Ward {
    pub(crate) app: TestApp,
    pub(crate) reporter: Client,
    pub(crate) other: Client,
}

impl Ward {
    /// 16 October 2026: the year's days are over, and the report is not late yet.
    pub(crate) fn in_october() -> Self {
        let app = TestApp::new();
        with_plan(&app);
        app.clock.advance(TimeDelta::days(229));
        Self {
            reporter: app.persona(Role::Reporter),
            other: app.persona(Role::Reporter),
            app,
        }
    }

    /// The id of an agency of the plan.
    pub(crate) fn agency(&self, code: &str) -> String {
        let found = self.reporter.get("/agencies?limit=100").assert(200).json();
        let mut agencies = found["items"].as_array().unwrap().iter();
        let found = agencies.find(|one| one["code"] == code).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// A contributor of an agency.
    pub(crate) fn contributor(&self, code: &str) -> Client {
        use hai_dang::db::schema::{agencies, users};
        let client = self.app.persona(Role::Contributor);
        let user = client.id();
        self.app.query(|conn| {
            let agency: hai_dang::kernel::AgencyId = agencies::table
                .filter(agencies::office_id.eq(self.app.office))
                .filter(agencies::code.eq(code))
                .select(agencies::id)
                .first(conn)?;
            diesel::update(users::table.find(user))
                .set(users::agency_id.eq(agency))
                .execute(conn)
        });
        client
    }

    /// The report of 2026, put together without any part.
    pub(crate) fn consolidated(&self) -> Value {
        let begun = json!({"year": 2026});
        self.reporter.post("/reports/annual", &begun).assert(201);
        let asked = json!({"agencies": [], "due_on": "2026-10-20"});
        step(&self.reporter, "request-contributions", &asked);
        step(&self.reporter, "consolidate", &json!({}))
    }

    /// The report of 2026, issued.
    pub(crate) fn issued(&self) -> Value {
        self.consolidated();
        self.other.act("/reports/annual/2026/approve").assert(200);
        step(&self.reporter, "issue", &number("15/BC-UBND"))
    }
}

/// A step of the report of 2026.
pub(crate) fn step(by: &Client, verb: &str, body: &Value) -> Value {
    let path = format!("/reports/annual/2026/{verb}");
    by.post(&path, body).assert(200).json()
}

/// Brings the plan into the office.
pub(crate) fn with_plan(app: &TestApp) {
    let (office, now) = (app.office, app.now());
    app.change(move |conn| import_plan(conn, office, now).map(|_| ()));
}

/// What a report is issued with.
pub(crate) fn number(number: &str) -> Value {
    json!({"number": number, "dated_on": "2026-10-16", "signer": "Phạm Việt Anh"})
}
