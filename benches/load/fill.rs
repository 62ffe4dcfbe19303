//! What the service holds when it is measured, brought in through its own doors.

use std::fmt::Write;

use hai_dang::mail::message::{TicketOf, derive_ticket};
use hai_dang::sealed::Keys;
use serde_json::json;

use super::client::{Call, Client};
use super::server::Server;

/// What was filled in.
pub(crate) struct Filled {
    /// Sessions to come.
    pub(crate) sessions: Vec<String>,
    /// A session under way, with many people.
    pub(crate) crowd: String,
    /// The tickets of its people.
    pub(crate) tickets: Vec<String>,
    /// Its registrations and their attendees, in the order of the tickets.
    pub(crate) people: Vec<Person>,
}

/// A registration and its attendee.
pub(crate) type Person = (uuid::Uuid, uuid::Uuid);

/// People of the session under way; a hundred thousand where there are many.
fn crowd(sessions: usize) -> usize {
    match sessions {
        0..100 => 2_000,
        100..1000 => 20_000,
        _ => 100_000,
    }
}

pub(crate) fn fill(server: &Server, sessions: usize, people: usize) -> Filled {
    let token = server.login();
    let mut client = Client::new(&server.address, &token);
    let lead = client.json(&Call::get("/agencies?limit=1"))["items"][0]["id"].clone();
    let ids: Vec<String> = (0..sessions)
        .map(|number| {
            let id = session(
                &mut client,
                &lead,
                30 * 24 + i64::try_from(number % 1000).unwrap(),
            );
            import(&mut client, &id, number * people, people);
            id
        })
        .collect();
    let crowd_id = session(&mut client, &lead, 0);
    let number = crowd(sessions);
    let at_once = number.min(20_000);
    for part in 0..number / at_once {
        import(&mut client, &crowd_id, 10_000_000 + part * at_once, at_once);
    }
    let people = people_of(&mut client, &crowd_id);
    let keys = Keys::read(&server.keys()).unwrap();
    let ticket = |(registration, _): &Person| {
        let registration = *registration;
        derive_ticket(
            &keys,
            &TicketOf {
                registration,
                generation: 1,
            },
        )
    };
    Filled {
        sessions: ids,
        crowd: crowd_id,
        tickets: people.iter().map(ticket).collect(),
        people,
    }
}

/// A published session that begins in so many hours, and goes on for six.
fn session(client: &mut Client, lead: &serde_json::Value, hours: i64) -> String {
    let at = |hours: i64| {
        let at = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
        (at + chrono::TimeDelta::minutes(hours * 60 + 5)).to_rfc3339()
    };
    let body = json!({
        "kind": "training", "title": "Tập huấn đo", "plan_task": "2b", "lead_agency": lead,
        "venue": {"name": "Hội trường"},
        "slots": [{"starts_at": at(hours), "ends_at": at(hours + 6)}],
    });
    let made = client.json(&Call::post("/training-sessions", body.to_string()));
    let id = made["id"].as_str().unwrap().to_owned();
    client.json(&Call::post(
        &format!("/training-sessions/{id}/publish"),
        "{}".into(),
    ));
    id
}

fn import(client: &mut Client, session: &str, from: usize, people: usize) {
    let mut sheet = String::from("STT,Họ và tên,Số điện thoại,Nam/Nữ,Năm sinh,Đơn vị\n");
    for number in from..from + people {
        let sex = ["Nam", "Nữ"][number % 2];
        let (phone, year) = (900_000_000 + number, 1960 + number % 40);
        writeln!(
            sheet,
            "{number},Nguyễn Văn {number},0{phone},{sex},{year},Tổ dân phố số {}",
            number % 50
        )
        .unwrap();
    }
    let call = Call::post(
        &format!("/training-sessions/{session}/registrations/import"),
        sheet,
    );
    let (status, body) = client.call(&call, "text/csv");
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
}

fn people_of(client: &mut Client, session: &str) -> Vec<Person> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.json(&Call::get(&format!(
            "/training-sessions/{session}/registrations?limit=100{cursor}"
        )));
        let items = page["items"].as_array().unwrap();
        let id = |one: &serde_json::Value| uuid::Uuid::parse_str(one["id"].as_str().unwrap());
        ids.extend(
            items
                .iter()
                .map(|one| (id(one).unwrap(), id(&one["attendee"]).unwrap())),
        );
        match page["next_cursor"].as_str() {
            Some(next) if ids.len() < 20_000 => cursor = format!("&cursor={next}"),
            _ => return ids,
        }
    }
}
