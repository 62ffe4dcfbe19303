//! Legal aid: the queue of an office that has received little, and of one that has received much.

use std::path::Path;

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use super::client::{Call, Client};
use super::driver::Driver;
use super::record;
use super::report::Row;
use super::server::{Engine, Server};

/// Requests that are written through the door: those the first page shows.
const REAL: usize = 60;
/// The sizes the queue is measured at.
const SIZES: [usize; 2] = [1_000, 100_000];
/// What the large queue may cost, of the small one.
const MOST: f64 = 1.5;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What an intake officer writes down.
fn asked(number: u64) -> Value {
    json!({
        "channel": "in_person",
        "requester": {
            "name": format!("Người Yêu Cầu {number}"), "relation": "mother",
            "phone": format!("09{:08}", 30_000_000 + number),
        },
        "child": {"name": format!("Trẻ {number}"), "birth_date": "2019-05-04", "sex": "female"},
        "category": "child", "field": "other", "form_wanted": "legal_advice",
        "summary": "Xin hướng dẫn thủ tục.",
    })
}

/// A draft of the desk.
pub(crate) fn draft(number: u64) -> Call {
    Call::post("/legal-aid-requests", asked(number).to_string())
}

fn hand_in(client: &mut Client, number: u64) -> String {
    let id = text(&client.json(&draft(number))["id"]);
    let submit = Call::post(&format!("/legal-aid-requests/{id}/submit"), "{}".to_owned());
    client.json(&submit);
    id
}

/// The queue's first page.
fn queue() -> Call {
    Call::get("/legal-aid-requests?order=due&limit=50")
}

/// Requests as many as wanted, by copies that are due after those that were written: what is sealed
/// in a copy would not open, and no page shows one.
fn grow(engine: &Engine, place: &Path, (id, wanted): (&str, usize)) {
    let (app, _) = record::app(engine, place);
    let plain = id.replace('-', "");
    let (numbers, fresh, letters, of) = match engine {
        Engine::Sqlite => (
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {wanted})"
            ),
            "randomblob(16)",
            "hex(randomblob(8))",
            format!("x'{plain}'"),
        ),
        Engine::Postgres(_) => (
            format!("WITH n(i) AS (SELECT generate_series(1, {wanted}))"),
            "gen_random_uuid()",
            "md5(random()::text)",
            format!("'{id}'"),
        ),
    };
    let later = "'2035-01-01'";
    let sql = format!(
        "{numbers} INSERT INTO legal_aid_requests (id, office_id, reference, code, user_id, \
         data_key_id, status, channel, language, category, field, form_wanted, child_sex, \
         child_age, child_key, has_papers_to_follow, assignee_id, submitted_on, duplicates_sought_at, \
         sealed, created_by_id, version, created_at, updated_at) \
         SELECT {fresh}, t.office_id, {letters}, {letters}, t.user_id, t.data_key_id, t.status, \
         t.channel, t.language, t.category, t.field, t.form_wanted, t.child_sex, t.child_age, \
         t.child_key, t.has_papers_to_follow, t.assignee_id, t.submitted_on, t.created_at, t.sealed, \
         t.created_by_id, t.version, t.created_at, t.updated_at \
         FROM legal_aid_requests t, n WHERE t.id = {of}; \
         INSERT INTO legal_aid_clocks (request_id, office_id, next_actor, queue_rank, due_on, from_on, \
         working_days, is_provisional, timed_at, urgency) \
         SELECT r.id, r.office_id, c.next_actor, c.queue_rank, {later}, c.from_on, c.working_days, \
         c.is_provisional, c.timed_at, c.urgency FROM legal_aid_requests r, legal_aid_clocks c \
         WHERE c.request_id = {of} AND NOT EXISTS \
         (SELECT 1 FROM legal_aid_clocks k WHERE k.request_id = r.id); ANALYZE"
    );
    let written = app.platform.db.write_now(move |conn| {
        conn.batch_execute(&sql)?;
        Ok::<_, hai_dang::db::Error>(())
    });
    written.unwrap();
}

/// Drives the queue at both sizes and compares what they cost.
pub(crate) fn measure(engine: &Engine, place: &Path) -> Vec<Row> {
    let server = Server::start(engine, place);
    let mut client = Client::new(&server.address, &server.login_as("legal-aid-intake"));
    let mut first = String::new();
    for number in 0..REAL {
        first = hand_in(&mut client, u64::try_from(number).unwrap());
    }
    drop(client);
    server.stop();
    let (mut rows, mut there) = (Vec::new(), REAL);
    for (size, name) in SIZES
        .into_iter()
        .zip(["queue of 1,000", "queue of 100,000"])
    {
        grow(engine, place, (&first, size - there));
        there = size;
        let server = Server::start(engine, place);
        let token = server.login_as("legal-aid-intake");
        let driver = Driver::new(&server, engine.clients());
        rows.push(driver.run(&token, name, &|| Some(queue())));
        server.stop();
    }
    let ratio = rows[1].cpu() / rows[0].cpu();
    println!(
        "the queue over 100,000 requests: {ratio:.2} of the CPU over 1,000, of at most {MOST}"
    );
    assert!(ratio <= MOST, "the queue costs more the longer it is");
    rows
}
