//! Training through its HTTP door.

mod attendance;
mod capacity;
mod documents;
mod edges;
mod families;
mod figures;
mod histories;
mod import;
mod import_again;
mod lifecycle;
mod moved;
mod offers;
mod pace;
mod paper;
mod people;
mod processes;
mod scale;

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{agencies, plan_tasks, rooms};
use hai_dang::identity::Role;
use hai_dang::kernel::{AgencyId, Id, OfficeId, Zone};
use serde_json::{Value, json};

use super::support::{Client, Reply, TestApp};

/// A service with an office that has agencies, tasks and a room, and its organiser.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) organiser: Client,
    pub(crate) secretariat: String,
    pub(crate) police: String,
    pub(crate) room: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(TestApp::new())
    }

    /// The same in a service that is there.
    pub(crate) fn of(app: TestApp) -> Self {
        let office = app.office;
        let (secretariat, police, room) = furnish(&app, office);
        let organiser = app.persona(Role::Organiser);
        Self {
            app,
            organiser,
            secretariat,
            police,
            room,
        }
    }

    /// The body of a session of two hours that starts this many hours from now.
    pub(crate) fn body(&self, hours: i64) -> Value {
        json!({
            "kind": "training",
            "title": "Tập huấn pháp luật về nuôi con nuôi",
            "plan_task": "2b",
            "lead_agency": self.secretariat,
            "venue": {"name": "Nhà văn hóa phường", "address": "12 Tô Hiệu"},
            "slots": [self.slot(hours, 2)],
        })
    }

    /// A slot that starts this many hours from now.
    pub(crate) fn slot(&self, hours: i64, length: i64) -> Value {
        json!({"starts_at": self.at(hours), "ends_at": self.at(hours + length)})
    }

    /// The time this many hours from now, as the API shows it.
    pub(crate) fn at(&self, hours: i64) -> Value {
        self.at_minutes(hours * 60)
    }

    pub(crate) fn at_minutes(&self, minutes: i64) -> Value {
        let at = self.app.now().plus(TimeDelta::minutes(minutes));
        json!(Zone::default().show(at))
    }

    /// A published session made of a body.
    #[track_caller]
    pub(crate) fn publish(&self, body: &Value) -> Value {
        let made = self.organiser.post("/training-sessions", body).assert(201);
        let path = format!("/training-sessions/{}/publish", made.id());
        self.organiser.post(&path, &json!({})).assert(200).json()
    }

    /// A published session in two days with this many seats.
    #[track_caller]
    pub(crate) fn with_capacity(&self, seats: i64) -> Value {
        let mut body = self.body(48);
        body["capacity"] = json!(seats);
        self.publish(&body)
    }

    /// Registers someone new by name.
    pub(crate) fn try_register(&self, session: &Value, name: &str) -> Reply {
        let body = json!({"attendee": person(name)});
        self.organiser.post(&registrations(session), &body)
    }

    #[track_caller]
    pub(crate) fn register(&self, session: &Value, name: &str) -> Value {
        self.try_register(session, name).assert(201).json()
    }

    #[track_caller]
    pub(crate) fn act(&self, session: &Value, verb: &str, body: &Value) -> Value {
        let path = format!("/training-sessions/{}/{verb}", id(session));
        self.organiser.post(&path, body).assert(200).json()
    }

    /// The total of a session's counts.
    #[track_caller]
    pub(crate) fn total(&self, session: &Value) -> Value {
        let path = format!("/training-sessions/{}/attendance-counts", id(session));
        self.organiser.get(&path).assert(200).json()["total"].clone()
    }

    /// The text of a registration's ticket.
    #[track_caller]
    pub(crate) fn ticket(&self, registration: &Value) -> String {
        let path = format!("{}/ticket?format=json", one(registration));
        let view = self.organiser.get(&path).assert(200).json();
        view["ticket"].as_str().unwrap().to_owned()
    }

    /// The same text without asking for it, for thousands of them.
    pub(crate) fn derived_ticket(&self, registration: &Value) -> String {
        let ticket = hai_dang::mail::message::TicketOf {
            registration: uuid::Uuid::parse_str(id(registration)).unwrap(),
            generation: 1,
        };
        hai_dang::mail::message::derive_ticket(&self.app.platform.keys, &ticket)
    }

    pub(crate) fn scan(&self, ticket: &str, nonce: &str) -> Reply {
        self.organiser
            .post("/check-ins", &json!({"ticket": ticket, "nonce": nonce}))
    }
}

/// A person with an address made of the name.
pub(crate) fn person(name: &str) -> Value {
    let folded = hai_dang::kernel::text::fold(name).replace(' ', ".");
    json!({"full_name": name, "email": format!("{folded}@example.vn"), "sex": "female"})
}

pub(crate) fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

pub(crate) fn registrations(session: &Value) -> String {
    format!("/training-sessions/{}/registrations", id(session))
}

pub(crate) fn one(registration: &Value) -> String {
    let session = registration["session_id"].as_str().unwrap();
    format!(
        "/training-sessions/{session}/registrations/{}",
        id(registration)
    )
}

/// Gives an office two agencies, three tasks and a room.
pub(crate) fn furnish(app: &TestApp, office: OfficeId) -> (String, String, String) {
    let now = app.now();
    app.change(move |conn| {
        let mut ids = Vec::new();
        for (code, name) in [
            ("SECRETARIAT", "Văn phòng HĐND và UBND phường"),
            ("POLICE", "Công an phường"),
        ] {
            let id = AgencyId::new(now);
            diesel::insert_into(agencies::table)
                .values((
                    agencies::id.eq(id),
                    agencies::office_id.eq(office),
                    agencies::code.eq(code),
                    agencies::name_vi.eq(name),
                    agencies::name_en.eq(code),
                    agencies::name_key.eq(hai_dang::kernel::text::fold(name)),
                    agencies::kind.eq("unit"),
                    agencies::active.eq(true),
                    agencies::version.eq(1),
                    agencies::created_at.eq(now),
                    agencies::updated_at.eq(now),
                ))
                .execute(conn)?;
            ids.push(id.to_string());
        }
        for code in ["1", "2a", "2b"] {
            diesel::insert_into(plan_tasks::table)
                .values((
                    plan_tasks::office_id.eq(office),
                    plan_tasks::code.eq(code),
                    plan_tasks::title_vi.eq(code),
                    plan_tasks::title_en.eq(code),
                    plan_tasks::coordinating.eq("[]"),
                    plan_tasks::start_year.eq(2026),
                    plan_tasks::products.eq("[]"),
                    plan_tasks::position.eq(1),
                ))
                .execute(conn)?;
        }
        let room = Id::<()>::new(now);
        diesel::insert_into(rooms::table)
            .values((
                rooms::id.eq(room.cast::<hai_dang::office::room::Room>()),
                rooms::office_id.eq(office),
                rooms::name.eq("Hội trường A"),
                rooms::active.eq(true),
                rooms::version.eq(1),
                rooms::created_at.eq(now),
                rooms::updated_at.eq(now),
            ))
            .execute(conn)?;
        Ok((ids[0].clone(), ids[1].clone(), room.to_string()))
    })
}
