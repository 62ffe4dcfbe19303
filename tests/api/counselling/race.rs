//! Many clients book at once, over two processes on PostgreSQL and over the one there is on
//! SQLite: nobody is ever in two places, and whoever loses is told so.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use hai_dang::config::env;
use hai_dang::db::schema::{
    counselling_appointment_parties as seats, counselling_appointments as appointments,
};
use hai_dang::identity::Role;
use hai_dang::kernel::{Clock, Timestamp};
use serde_json::{Value, json};

use super::{ALL, open_hours};
use crate::support::process::{self, Login, Process};
use crate::support::{Client, Reply, TestApp};

/// Clients that write at the same time.
const AT_ONCE: u64 = 64;
/// The days that are booked, far enough ahead for every clock.
const DAYS: u64 = 10;

/// A number that is another for every seed; the same run after run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick(&mut self, of: usize) -> usize {
        usize::try_from(self.roll(u64::try_from(of).unwrap())).unwrap()
    }
}

/// A counsellor with a case and its parties. The first of each is the same person in all cases.
struct Desk {
    counsellor: Client,
    login: Login,
    case: String,
    parties: Vec<String>,
}

fn desk(app: &TestApp) -> Desk {
    let counsellor = app.persona(Role::Counsellor);
    open_hours(&counsellor);
    let case = counsellor
        .post("/counselling-cases", &json!({"adoption_kind": "domestic"}))
        .assert(201)
        .id();
    let path = format!("/counselling-cases/{case}/parties");
    let roles = [
        "birth_parent",
        "relative",
        "prospective_adoptive_parent",
        "child",
    ];
    let add = |(n, role): (usize, &&str)| {
        let phone = (n == 0).then_some("0912345678");
        let party = json!({"role": role, "name": "Người Chung", "phone": phone});
        counsellor.post(&path, &party).assert(201).id()
    };
    let parties = roles.iter().enumerate().map(add).collect();
    let login = Login::open(app, &counsellor);
    Desk {
        counsellor,
        login,
        case,
        parties,
    }
}

/// Where the clients call, and with what.
struct Doors<'a> {
    app: &'a TestApp,
    bases: Vec<String>,
    desks: Vec<Desk>,
    start: Timestamp,
}

impl Doors<'_> {
    /// The counsellors at every process, with tokens that last for some hundred calls.
    fn clients(&self) -> Vec<Vec<Client>> {
        let at_all = |desk: &Desk| {
            if self.bases.is_empty() {
                return vec![desk.counsellor.clone()];
            }
            let client = desk.login.fresh(self.app, &desk.counsellor);
            self.bases.iter().map(|base| client.at(base)).collect()
        };
        self.desks.iter().map(at_all).collect()
    }
}

fn time(app: &TestApp, is_clock: bool) -> Timestamp {
    let now = if is_clock {
        Clock::System.now()
    } else {
        app.now()
    };
    let day = now.utc().date_naive() + chrono::Days::new(3);
    Timestamp::new(day.and_hms_opt(1, 0, 0).unwrap().and_utc())
}

fn shown(at: Timestamp) -> Value {
    serde_json::to_value(at).unwrap()
}

/// One step of one client: mostly a booking, now and then a move or an end of its own.
fn step(
    doors: &Doors<'_>,
    clients: &[Vec<Client>],
    dice: &mut Dice,
    mine: &mut Vec<(usize, String)>,
) -> Reply {
    let minute = |dice: &mut Dice| {
        let day = i64::try_from(dice.roll(DAYS)).unwrap() * 24 * 60;
        day + i64::try_from(dice.roll(32)).unwrap() * 15
    };
    let span = |dice: &mut Dice| {
        let starts_at = doors.start.plus(chrono::TimeDelta::minutes(minute(dice)));
        let length = 15 * i64::try_from(1 + dice.roll(8)).unwrap();
        (
            starts_at,
            starts_at.plus(chrono::TimeDelta::minutes(length)),
        )
    };
    let through = dice.pick(2);
    let client = |desk: usize| &clients[desk][through % clients[desk].len()];
    let (starts_at, ends_at) = span(dice);
    if !mine.is_empty() && dice.roll(3) == 0 {
        let at = dice.pick(mine.len());
        let (desk, id) = mine[at].clone();
        if dice.roll(2) == 0 {
            let to = json!({"starts_at": shown(starts_at), "ends_at": shown(ends_at)});
            return client(desk).post(&format!("{ALL}/{id}/reschedule"), &to);
        }
        mine.swap_remove(at);
        let off = json!({"by": "office", "reason": "đua"});
        return client(desk).post(&format!("{ALL}/{id}/cancel"), &off);
    }
    let at = dice.pick(doors.desks.len());
    let desk = &doors.desks[at];
    let first = dice.pick(desk.parties.len());
    let mode = ["at_office", "phone"][dice.pick(2)];
    let mut parties = vec![desk.parties[first].clone()];
    if dice.roll(3) == 0 && first != 3 {
        parties.push(desk.parties[3].clone());
    }
    let body = json!({
        "case_id": desk.case, "parties": parties, "mode": mode,
        "starts_at": shown(starts_at), "ends_at": shown(ends_at),
        "ask": dice.roll(4) == 0,
    });
    let reply = client(at).post(ALL, &body);
    if reply.status == 201 {
        mine.push((at, reply.id()));
    }
    reply
}

fn race(doors: &Doors<'_>, attempts: usize) -> BTreeMap<u16, usize> {
    let left = AtomicUsize::new(attempts);
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
    std::thread::scope(|scope| {
        let take = &take;
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|n| {
                scope.spawn(move || {
                    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (n + 1));
                    let (mut mine, mut answers) = (Vec::new(), BTreeMap::new());
                    let mut clients = doors.clients();
                    while let Ok(before) = take() {
                        if before % 64 == 0 {
                            clients = doors.clients();
                        }
                        let reply = step(doors, &clients, &mut dice, &mut mine);
                        if reply.status == 409 {
                            let refused = reply.problem("appointment-slot-taken");
                            // Beyond the days that are fought for there is always room.
                            assert_eq!(refused["free"].as_array().unwrap().len(), 5);
                        }
                        if reply.status == 422 {
                            // A move to where it stands; nothing is made of the wrong form here.
                            reply.violates("/starts_at", "unchanged");
                        }
                        *answers.entry(reply.status).or_insert(0) += 1;
                    }
                    answers
                })
            })
            .collect();
        let mut all = BTreeMap::new();
        for thread in threads {
            for (status, count) in thread.join().unwrap() {
                *all.entry(status).or_insert(0) += count;
            }
        }
        all
    })
}

type Held = (Vec<u8>, Timestamp, Timestamp);

/// Pairs that overlap, by who is in both.
fn overlaps(mut held: Vec<Held>) -> usize {
    held.sort();
    let clash = |pair: &[Held]| pair[0].0 == pair[1].0 && pair[1].1 < pair[0].2;
    held.windows(2).filter(|pair| clash(pair)).count()
}

fn check(app: &TestApp) -> usize {
    type Row = (
        hai_dang::counselling::model::AppointmentId,
        hai_dang::identity::UserId,
        String,
        Timestamp,
        Timestamp,
    );
    let rows: Vec<Row> = app.query(|conn| {
        appointments::table
            .filter(appointments::status.eq_any(["requested", "confirmed"]))
            .select((
                appointments::id,
                appointments::counsellor_id,
                appointments::mode,
                appointments::starts_at,
                appointments::ends_at,
            ))
            .load(conn)
    });
    let by = |row: &Row| (row.1.uuid().as_bytes().to_vec(), row.3, row.4);
    assert_eq!(overlaps(rows.iter().map(by).collect()), 0, "counsellors");
    let people: Vec<Held> = app.query(|conn| {
        seats::table
            .filter(seats::is_live.eq(true))
            .select((seats::person_key, seats::starts_at, seats::ends_at))
            .load(conn)
    });
    assert!(people.len() >= rows.len());
    assert_eq!(overlaps(people), 0, "people");
    // At the office the sides keep half an hour between them, within a counsellor's calendar.
    let sides: Vec<(hai_dang::counselling::model::AppointmentId, String)> = app.query(|conn| {
        seats::table
            .select((seats::appointment_id, seats::side))
            .load(conn)
    });
    let side = |id, side: &str| sides.iter().any(|one| one.0 == id && one.1 == side);
    let office: Vec<&Row> = rows.iter().filter(|row| row.2 == "at_office").collect();
    let gap = chrono::TimeDelta::minutes(30);
    for birth in office.iter().filter(|row| side(row.0, "birth")) {
        for adoptive in office.iter().filter(|row| side(row.0, "adoptive")) {
            let is_apart = adoptive.3 >= birth.4.plus(gap) || birth.3 >= adoptive.4.plus(gap);
            assert!(birth.1 != adoptive.1 || is_apart, "the sides met");
        }
    }
    rows.len()
}

#[test]
fn nobody_is_ever_in_two_places() {
    let app = TestApp::new();
    let is_postgres = app.database_url().starts_with("postgres");
    let folders = [process::private_folder(), process::private_folder()];
    let processes: Vec<Process> = if is_postgres {
        let start = |folder: &tempfile::TempDir| Process::start(&app, folder.path());
        folders.iter().map(start).collect()
    } else {
        Vec::new()
    };
    let bases: Vec<String> = processes.iter().map(|one| one.base.clone()).collect();
    let doors = Doors {
        app: &app,
        bases,
        desks: (0..3).map(|_| desk(&app)).collect(),
        start: time(&app, is_postgres),
    };
    let is_full = env::var("HAI_DANG_TEST_FULL").is_some();
    let wanted = env::var("HAI_DANG_TEST_BOOKINGS").map(|number| number.parse().unwrap());
    let attempts = wanted.unwrap_or(if is_full { 100_000 } else { 2_000 });
    let begun = std::time::Instant::now();
    let answers = race(&doors, attempts);
    let told: usize = answers.values().sum();
    assert_eq!(told, attempts);
    let is_fair = |status: &u16| [200, 201, 409, 422].contains(status);
    assert!(answers.keys().all(is_fair), "{answers:?}");
    assert!(answers[&201] > 0 && answers[&409] > 0, "{answers:?}");
    let took = begun.elapsed().as_secs();
    let live = check(&app);
    assert!(live > 0);
    if wanted.is_some() {
        println!("{attempts} attempts in {took} s, by status {answers:?}; {live} stand");
    }
}
