//! Figures of the plan: what is counted, by whom, in which days, and what they come to.

use hai_dang::identity::Role;
use hai_dang::identity::actor::OfficeBrief;
use hai_dang::office::work::Work;
use hai_dang::plan;
use serde_json::{Value, json};

use super::obligations::{agency, bring_plan, contributor, planned};
use crate::support::{Client, Reply, TestApp};

const INDICATORS: &str = "/plan/tasks/2a/indicators";
const FIGURES: &str = "/plan/tasks/2a/figures";
const NOTHING: &str = "019ca000-0000-7000-8000-000000000000";

fn leaflets(agency: &str) -> Value {
    json!({
        "kind": "leaflets", "title_vi": "Tờ rơi đã phát", "title_en": "Leaflets given out",
        "unit_vi": "tờ", "unit_en": "copies", "agency_id": agency,
    })
}

fn figure(indicator: &str, from: &str, to: &str, amount: i64) -> Value {
    json!({
        "indicator_id": indicator, "from": from, "to": to, "amount": amount,
        "source_document": "12/BC-TYT",
    })
}

/// An organiser, and an indicator of the health station.
struct Story {
    app: TestApp,
    organiser: Client,
    health: String,
    indicator: String,
}

impl Story {
    fn begin() -> Self {
        let app = planned();
        let organiser = app.persona(Role::Organiser);
        let health = agency(&organiser, "HEALTH");
        let made = organiser.post(INDICATORS, &leaflets(&health)).assert(201);
        Self {
            indicator: made.id(),
            app,
            organiser,
            health,
        }
    }

    fn enter(&self, by: &Client, from: &str, to: &str, amount: i64) -> Reply {
        by.post(FIGURES, &figure(&self.indicator, from, to, amount))
    }

    fn january(&self) -> String {
        let made = self.enter(&self.organiser, "2026-01-01", "2026-01-31", 500);
        format!("{FIGURES}/{}", made.assert(201).id())
    }
}

#[test]
fn a_task_is_shown_by_its_code() {
    let app = planned();
    let auditor = app.persona(Role::Auditor);
    let task = auditor.get("/plan/tasks/2c").assert(200).json();
    assert_eq!(task["lead"], "CULTURE");
    assert_eq!(
        task["coordinating"],
        json!(["SECRETARIAT", "HEALTH", "RELATED"])
    );
    assert_eq!(
        (&task["start_year"], &task["end_year"]),
        (&json!(2026), &json!(2030))
    );
    assert_eq!(task["products"].as_array().unwrap().len(), 4);
    auditor.get("/plan/tasks/9").assert(404);
    app.persona(Role::Family).get("/plan/tasks/2c").assert(403);
    let other = app.add_office("khac");
    let there = app.persona_of(other, &[Role::Auditor]);
    there.get("/plan/tasks/2c").assert(404);
}

#[test]
fn an_indicator_is_defined_listed_and_changed() {
    let story = Story::begin();
    let (organiser, police) = (&story.organiser, agency(&story.organiser, "POLICE"));
    let path = format!("{INDICATORS}/{}", story.indicator);
    let bare = json!({
        "kind": "broadcasts", "title_vi": "Lượt phát thanh", "unit_vi": "lượt", "agency_id": police,
    });
    let second = organiser.post(INDICATORS, &bare).assert(201);
    assert_eq!(second.json()["title_en"], "Lượt phát thanh");
    assert_eq!(second.json()["allowed_actions"], json!(["edit", "record"]));
    let location = format!("/api/v1{INDICATORS}/{}", second.id());
    assert_eq!(second.header("location"), location);
    for (query, count) in [
        ("include=total", 2),
        ("kind=leaflets", 1),
        ("is_active=false", 0),
        (&format!("agency={police}"), 1),
        ("updated_since=2026-03-02T00:00:00Z", 0),
    ] {
        let list = organiser.get(&format!("{INDICATORS}?{query}")).assert(200);
        assert_eq!(
            list.json()["items"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    let first = organiser
        .get(&format!("{INDICATORS}?limit=1"))
        .assert(200)
        .json();
    assert_eq!(first["items"][0]["id"], story.indicator.as_str());
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = organiser
        .get(&format!("{INDICATORS}?cursor={cursor}"))
        .assert(200)
        .json();
    assert_eq!(rest["items"][0]["id"], second.id().as_str());
    let seen = organiser.get(&path).assert(200);
    let change = json!({"title_vi": "Tờ gấp đã phát", "is_active": false});
    organiser.patch(&path, &change).assert(428);
    let changed = organiser
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(200)
        .json();
    assert_eq!(changed["version"], 2);
    assert_eq!(changed["allowed_actions"], json!(["edit"]));
    organiser
        .having_seen(&seen)
        .patch(&path, &change)
        .assert(412);
    // What is out of use takes no figure.
    let refused = story
        .enter(organiser, "2026-01-01", "2026-01-31", 1)
        .assert(422);
    refused.violates("/indicator_id", "unknown-reference");
}

#[test]
fn an_indicator_names_an_agency_and_a_task_there_are() {
    let story = Story::begin();
    let organiser = &story.organiser;
    let unknown = organiser.post(INDICATORS, &leaflets(NOTHING)).assert(422);
    unknown.violates("/agency_id", "unknown-reference");
    organiser
        .post("/plan/tasks/9/indicators", &leaflets(&story.health))
        .assert(404);
    organiser.get("/plan/tasks/9/indicators").assert(404);
    organiser
        .get(&format!("/plan/tasks/2b/indicators/{}", story.indicator))
        .assert(404);
    let mut wrong = leaflets(&story.health);
    (wrong["title_vi"], wrong["unit_vi"]) = (json!(" "), json!("x".repeat(51)));
    let wrong = organiser.post(INDICATORS, &wrong).assert(422);
    wrong.violates("/title_vi", "required");
    wrong.violates("/unit_vi", "too-long");
    let path = format!("{INDICATORS}/{}", story.indicator);
    let any = organiser.with("If-Match", "*");
    let cleared = any
        .patch(&path, &json!({"kind": null, "agency_id": null}))
        .assert(422);
    cleared.violates("/kind", "required");
    cleared.violates("/agency_id", "required");
    let moved = any.patch(&path, &json!({"agency_id": NOTHING})).assert(422);
    moved.violates("/agency_id", "unknown-reference");
}

#[test]
fn a_figure_is_entered_and_corrected() {
    let story = Story::begin();
    let reporter = story.app.persona(Role::Reporter);
    let made = story
        .enter(&reporter, "2026-01-01", "2026-01-31", 500)
        .assert(201);
    let path = format!("{FIGURES}/{}", made.id());
    assert_eq!(made.header("location"), format!("/api/v1{path}"));
    assert_eq!(made.json()["status"], "entered");
    assert_eq!(made.json()["report_year"], 2026);
    assert_eq!(made.json()["entered_by"], json!(reporter.id()));
    assert_eq!(made.json()["allowed_actions"], json!(["edit", "withdraw"]));
    let change = json!({"amount": 520, "note": "Đếm lại"});
    reporter.patch(&path, &change).assert(428);
    let changed = reporter
        .having_seen(&made)
        .patch(&path, &change)
        .assert(200);
    assert_eq!(
        (&changed.json()["amount"], &changed.json()["version"]),
        (&json!(520), &json!(2))
    );
    reporter
        .having_seen(&made)
        .patch(&path, &change)
        .assert(412);
    let same = reporter
        .having_seen(&changed)
        .patch(&path, &change)
        .assert(200);
    assert_eq!(same.json()["version"], 2);
}

#[test]
fn what_was_taken_back_stays_to_be_read() {
    let story = Story::begin();
    let reporter = story.app.persona(Role::Reporter);
    let path = story.january();
    let made = reporter.get(&path).assert(200);
    let change = json!({"amount": 520});
    let changed = reporter
        .having_seen(&made)
        .patch(&path, &change)
        .assert(200);
    let withdraw = format!("{path}/withdraw");
    let reason = json!({"reason": "Tính hai lần"});
    reporter
        .having_seen(&made)
        .post(&withdraw, &reason)
        .assert(412);
    let gone = reporter
        .having_seen(&changed)
        .post(&withdraw, &reason)
        .assert(200);
    assert_eq!(gone.json()["withdrawn"]["reason"], "Tính hai lần");
    assert_eq!(gone.json()["allowed_actions"], json!([]));
    let twice = reporter.post(&withdraw, &reason).assert(409);
    assert_eq!(twice.problem("action-not-allowed")["current"], "withdrawn");
    let edited = reporter
        .having_seen(&gone)
        .patch(&path, &change)
        .assert(409);
    assert_eq!(edited.problem("action-not-allowed")["action"], "edit");
    assert_eq!(
        reporter.get(&path).assert(200).json()["status"],
        "withdrawn"
    );
    let log = story
        .app
        .persona(Role::Auditor)
        .get("/audit-events?object_kind=figure");
    let log = log.assert(200).json();
    let actions: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["action"])
        .collect();
    assert_eq!(actions, ["figure.withdraw", "figure.edit", "figure.enter"]);
    assert!(!log.to_string().contains("BC-TYT"), "{log}");
}

#[test]
fn no_day_of_an_indicator_is_counted_twice() {
    let story = Story::begin();
    let organiser = &story.organiser;
    let january = story.january();
    for (from, to) in [
        ("2026-01-31", "2026-02-28"),
        ("2025-12-01", "2026-01-01"),
        ("2026-01-10", "2026-01-12"),
        ("2025-12-01", "2026-02-28"),
    ] {
        let twice = story.enter(organiser, from, to, 1).assert(409);
        let twice = twice.problem("period-overlaps");
        assert!(
            january.ends_with(twice["figure_id"].as_str().unwrap()),
            "{twice}"
        );
    }
    let february = story
        .enter(organiser, "2026-02-01", "2026-02-28", 0)
        .assert(201);
    let path = format!("{FIGURES}/{}", february.id());
    let back = json!({"from": "2026-01-31"});
    let back = organiser.having_seen(&february).patch(&path, &back);
    back.assert(409).problem("period-overlaps");
    // What was taken back holds no day, and another indicator has days of its own.
    let reason = json!({"reason": "Nhầm kỳ"});
    organiser
        .post(&format!("{january}/withdraw"), &reason)
        .assert(200);
    story
        .enter(organiser, "2026-01-10", "2026-01-31", 7)
        .assert(201);
    let other = organiser
        .post(INDICATORS, &leaflets(&story.health))
        .assert(201)
        .id();
    let other = figure(&other, "2026-01-01", "2026-02-28", 3);
    organiser.post(FIGURES, &other).assert(201);
}

#[test]
fn of_many_figures_of_one_day_one_is_entered() {
    let story = Story::begin();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..7)
            .map(|day| {
                let (story, from) = (&story, format!("2026-01-0{day}"));
                scope.spawn(move || {
                    story
                        .enter(&story.organiser, &from, "2026-01-31", day)
                        .status
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(201), count(409)), (1, 5), "{statuses:?}");
}

#[test]
fn a_period_comes_with_its_sums_whatever_the_page() {
    let story = Story::begin();
    let organiser = &story.organiser;
    story.january();
    story
        .enter(organiser, "2026-02-01", "2026-02-28", 20)
        .assert(201);
    let old = story
        .enter(organiser, "2025-12-01", "2025-12-31", 9)
        .assert(201);
    assert_eq!(old.json()["report_year"], Value::Null);
    let empty = organiser
        .post(INDICATORS, &leaflets(&story.health))
        .assert(201)
        .id();
    let sums = |query: &str| {
        let list = organiser
            .get(&format!("{FIGURES}?{query}"))
            .assert(200)
            .json();
        let told = |sum: &Value| {
            (
                sum["amount"].as_i64().unwrap(),
                sum["entries"].as_i64().unwrap(),
            )
        };
        let sums = list["sums"]
            .as_array()
            .map(|sums| sums.iter().map(told).collect::<Vec<_>>());
        (list["items"].as_array().unwrap().len(), sums)
    };
    assert_eq!(sums(""), (3, None));
    assert_eq!(sums("year=2026"), (2, Some(vec![(520, 2), (0, 0)])));
    assert_eq!(sums("year=2026&limit=1"), (1, Some(vec![(520, 2), (0, 0)])));
    assert_eq!(
        sums("from=2026-02-10&to=2026-02-28"),
        (1, Some(vec![(20, 1), (0, 0)]))
    );
    assert_eq!(
        sums(&format!("indicator={empty}&year=2026")),
        (0, Some(vec![(0, 0)]))
    );
    assert_eq!(sums("status=withdrawn"), (0, None));
    assert_eq!(sums("updated_since=2026-03-02T00:00:00Z"), (0, None));
}

#[test]
fn figures_are_listed_by_their_days_page_by_page() {
    let story = Story::begin();
    let organiser = &story.organiser;
    story.january();
    for (from, to) in [("2026-02-01", "2026-02-28"), ("2025-12-01", "2025-12-31")] {
        story.enter(organiser, from, to, 20).assert(201);
    }
    let first = organiser
        .get(&format!("{FIGURES}?limit=2&include=total"))
        .assert(200)
        .json();
    assert_eq!(first["total"], 3);
    assert_eq!(first["items"][0]["from"], "2025-12-01");
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = organiser
        .get(&format!("{FIGURES}?limit=2&cursor={cursor}"))
        .assert(200)
        .json();
    assert_eq!(rest["items"][0]["from"], "2026-02-01");
    assert_eq!(rest["next_cursor"], Value::Null);
    for (query, at, code) in [
        ("from=2026-02-10", "to", "required"),
        ("from=2026-02-10&to=2026-02-09", "to", "order-invalid"),
        ("from=2026-02-10&to=2026-02-11&year=2026", "year", "one-of"),
        ("year=2025", "year", "out-of-range"),
    ] {
        organiser
            .get(&format!("{FIGURES}?{query}"))
            .assert(422)
            .violates(at, code);
    }
}

#[test]
fn a_contributor_enters_the_figures_of_its_own_agency() {
    let story = Story::begin();
    let health = contributor(&story.app, &story.health);
    let police = contributor(&story.app, &agency(&story.organiser, "POLICE"));
    let path = format!("{INDICATORS}/{}", story.indicator);
    let of = |client: &Client| client.get(&path).assert(200).json()["allowed_actions"].clone();
    assert_eq!((of(&health), of(&police)), (json!(["record"]), json!([])));
    story
        .enter(&police, "2026-01-01", "2026-01-31", 1)
        .assert(403);
    let made = story
        .enter(&health, "2026-01-01", "2026-01-31", 500)
        .assert(201);
    let figure = format!("{FIGURES}/{}", made.id());
    let of = |client: &Client| client.get(&figure).assert(200).json()["allowed_actions"].clone();
    assert_eq!(
        (of(&health), of(&police)),
        (json!(["edit", "withdraw"]), json!([]))
    );
    let change = json!({"amount": 1});
    police
        .having_seen(&made)
        .patch(&figure, &change)
        .assert(403);
    health
        .having_seen(&made)
        .patch(&figure, &change)
        .assert(200);
    let reason = json!({"reason": "Nhầm"});
    let withdraw = format!("{figure}/withdraw");
    police.post(&withdraw, &reason).assert(403);
    health
        .post(INDICATORS, &leaflets(&story.health))
        .assert(403);
    health
        .with("If-Match", "*")
        .patch(&path, &json!({"is_active": false}))
        .assert(403);
    health.post(&withdraw, &reason).assert(200);
}

#[test]
fn other_staff_reads_and_another_office_finds_nothing() {
    let story = Story::begin();
    let figure = story.january();
    let indicator = format!("{INDICATORS}/{}", story.indicator);
    for role in [Role::Counsellor, Role::Administrator, Role::Auditor] {
        let client = story.app.persona(role);
        for path in [INDICATORS, FIGURES, &figure, &indicator] {
            client.get(path).assert(200);
        }
        assert_eq!(client.get(&figure).json()["allowed_actions"], json!([]));
        story
            .enter(&client, "2026-02-01", "2026-02-02", 1)
            .assert(403);
        client
            .post(INDICATORS, &leaflets(&story.health))
            .assert(403);
    }
    let family = story.app.persona(Role::Family);
    family.get(FIGURES).assert(403);
    let other = story.app.add_office("khac");
    bring_plan(&story.app, other);
    let there = story.app.persona_of(other, &[Role::Organiser]);
    let any = there.with("If-Match", "*");
    there.get(&figure).assert(404);
    there.get(&indicator).assert(404);
    any.patch(&figure, &json!({"amount": 1})).assert(404);
    any.patch(&indicator, &json!({"is_active": false}))
        .assert(404);
    there
        .post(&format!("{figure}/withdraw"), &json!({"reason": "x"}))
        .assert(404);
    let unknown = story
        .enter(&there, "2026-02-01", "2026-02-02", 1)
        .assert(422);
    unknown.violates("/indicator_id", "unknown-reference");
    let foreign = there.post(INDICATORS, &leaflets(&story.health)).assert(422);
    foreign.violates("/agency_id", "unknown-reference");
    // A figure lies below its own task alone.
    let elsewhere = figure.replace("/2a/", "/2b/");
    story.organiser.get(&elsewhere).assert(404);
    let wrong = story.organiser.post(
        "/plan/tasks/2b/figures",
        &self::figure(&story.indicator, "2026-02-01", "2026-02-02", 1),
    );
    wrong
        .assert(422)
        .violates("/indicator_id", "unknown-reference");
}

#[test]
fn every_rule_of_a_figure_is_told() {
    let story = Story::begin();
    let organiser = &story.organiser;
    let mut body = figure(&story.indicator, "2026-03-03", "2026-03-02", -1);
    body["source_document"] = json!("");
    let wrong = organiser.post(FIGURES, &body).assert(422);
    for (at, code) in [
        ("/to", "order-invalid"),
        ("/to", "in-the-future"),
        ("/amount", "out-of-range"),
        ("/source_document", "required"),
    ] {
        wrong.violates(at, code);
    }
    let long = story
        .enter(organiser, "2025-02-27", "2026-02-28", 1_000_000_001)
        .assert(422);
    long.violates("/to", "out-of-range");
    long.violates("/amount", "out-of-range");
    let old = story
        .enter(organiser, "1800-01-01", "1800-01-02", 1)
        .assert(422);
    old.violates("/from", "out-of-range");
    // To the present day, and for a whole year.
    let path = story.january();
    let any = organiser.with("If-Match", "*");
    any.patch(&path, &json!({"from": "2025-03-01", "to": "2026-03-01"}))
        .assert(200);
    let late = any.patch(&path, &json!({"to": "2026-03-02"})).assert(422);
    late.violates("/to", "in-the-future");
    let cleared = any
        .patch(&path, &json!({"from": null, "amount": -1}))
        .assert(422);
    cleared.violates("/from", "required");
    cleared.violates("/amount", "out-of-range");
}

#[test]
fn a_report_is_told_what_every_indicator_came_to() {
    let story = Story::begin();
    story.january();
    let (platform, office, now) = (
        story.app.platform.clone(),
        story.app.office,
        story.app.now(),
    );
    let day = |text: &str| text.parse().unwrap();
    let period = (day("2026-01-01"), day("2026-10-15"));
    let sums = story.app.platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let mut work = Work::new(conn, &platform, now, &office, None);
        plan::figure_sums(&mut work, period)
    });
    let sums = sums.unwrap();
    assert_eq!(sums.len(), 1);
    let sum = &sums[0];
    assert_eq!(
        (sum.plan_task.as_str(), sum.amount, sum.entries),
        ("2a", 500, 1)
    );
    assert_eq!(sum.unit_en, "copies");
}

#[test]
fn what_one_agency_counted_never_becomes_anothers() {
    let story = Story::begin();
    let organiser = &story.organiser;
    let path = format!("{INDICATORS}/{}", story.indicator);
    let police = agency(organiser, "POLICE");
    let entered = story.enter(organiser, "2026-01-01", "2026-01-31", 1);
    let figure = format!("{FIGURES}/{}", entered.assert(201).id());
    let by = organiser.with("If-Match", "*");
    let other = json!({"agency_id": police});
    by.patch(&path, &other)
        .assert(409)
        .problem("indicator-counted");
    let kind = json!({"kind": "broadcasts"});
    by.patch(&path, &kind)
        .assert(409)
        .problem("indicator-counted");
    by.patch(&path, &json!({"title_vi": "Tờ gấp"})).assert(200);
    // What was taken back counts for nobody.
    let reason = json!({"reason": "Nhầm"});
    organiser
        .post(&format!("{figure}/withdraw"), &reason)
        .assert(200);
    by.patch(&path, &other).assert(200);
}
