//! Products: entered, handed in, answered, issued, replaced; by whom, and what is refused.

use chrono::TimeDelta;
use diesel::prelude::*;
use hai_dang::db::schema::{audit_events, data_keys, product_files};
use hai_dang::identity::Role;
use serde_json::{Value, json};

use crate::legal_aid::papers::{PDF, send};
use crate::support::{Client, Reply, TestApp};
use crate::training::{World, furnish, id};

/// Every product.
pub(crate) const ALL: &str = "/products";

/// An office with those who see to its products.
struct Plan {
    world: World,
    reporter: Client,
    contributor: Client,
}

impl Plan {
    fn new() -> Self {
        let world = World::new();
        let contributor = world.app.persona(Role::Contributor);
        world.app.join(&contributor, &world.police);
        Self {
            reporter: world.app.persona(Role::Reporter),
            contributor,
            world,
        }
    }

    fn app(&self) -> &TestApp {
        &self.world.app
    }

    fn body(&self) -> Value {
        product(&self.world.secretariat)
    }

    #[track_caller]
    fn draft(&self) -> String {
        let made = self.world.organiser.post(ALL, &self.body());
        path(&made.assert(201).json())
    }

    /// A product that was handed in with its file.
    #[track_caller]
    fn submitted(&self) -> String {
        let path = self.draft();
        attach(&self.world.organiser, &path, "báo cáo.pdf").assert(201);
        let submit = format!("{path}/submit");
        self.world.organiser.act(&submit).assert(200);
        path
    }

    #[track_caller]
    fn issued(&self) -> String {
        let path = self.submitted();
        self.reporter.act(&format!("{path}/approve")).assert(200);
        self.reporter
            .post(&format!("{path}/issue"), &issue())
            .assert(200);
        path
    }

    #[track_caller]
    fn show(&self, path: &str) -> Value {
        self.world.organiser.get(path).assert(200).json()
    }
}

/// What a caller is offered, wherever the product is shown.
#[track_caller]
fn offered(by: &Client, path: &str) -> Value {
    let shown = by.get(path).assert(200).json();
    let list = by.get(ALL).assert(200).json();
    let items = list["items"].as_array().unwrap();
    let listed = items.iter().find(|one| one["id"] == shown["id"]).unwrap();
    assert_eq!(listed, &shown);
    shown["allowed_actions"].clone()
}

/// A product of an agency.
pub(crate) fn product(agency: &str) -> Value {
    json!({
        "kind": "training_report",
        "title": "Báo cáo kết quả tập huấn, đợt 1",
        "plan_task": "2b",
        "agency_id": agency,
        "recipients": ["Sở Tư pháp", "Lưu: VT"],
    })
}

/// What a product is issued with.
pub(crate) fn issue() -> Value {
    json!({"number": "15/BC-UBND", "dated_on": "2026-02-28", "signer": "Phạm Viết Mẫu"})
}

pub(crate) fn path(product: &Value) -> String {
    format!("{ALL}/{}", id(product))
}

/// Sends a product's file.
pub(crate) fn attach(by: &Client, path: &str, name: &str) -> Reply {
    send(by, &format!("{path}/file"), &[], (name, PDF))
}

/// The open work items of a kind that someone sees.
fn waiting(by: &Client, kind: &str) -> i64 {
    let path = format!("/work-items?kind={kind}&done=false&include=total");
    by.get(&path).assert(200).json()["total"].as_i64().unwrap()
}

#[test]
fn a_product_is_entered_handed_in_approved_issued_and_replaced() {
    let plan = Plan::new();
    let made = plan.world.organiser.post(ALL, &plan.body()).assert(201);
    let one = path(&made.json());
    assert_eq!(made.header("Location"), format!("/api/v1{one}"));
    let draft = made.json();
    assert_eq!(
        (&draft["status"], &draft["version"]),
        (&json!("draft"), &json!(1))
    );
    assert_eq!(
        (&draft["report_year"], &draft["file"]),
        (&json!(2026), &Value::Null)
    );
    let file = attach(&plan.world.organiser, &one, "báo cáo.pdf").assert(201);
    assert_eq!(file.json()["file"]["media"], "pdf");
    assert_eq!(file.json()["version"], 2);
    let submitted = plan.world.organiser.act(&format!("{one}/submit"));
    let submitted = submitted.assert(200).json();
    assert_eq!(
        submitted["submitted"]["by"],
        json!(plan.world.organiser.id())
    );
    assert_eq!(waiting(&plan.reporter, "product-to-approve"), 1);
    let mails = plan.app().messages();
    assert_eq!(mails.last().unwrap().address, plan.reporter.email);
    let approved = plan.reporter.act(&format!("{one}/approve"));
    assert_eq!(approved.assert(200).json()["status"], "approved");
    assert_eq!(waiting(&plan.reporter, "product-to-approve"), 0);
    let issued = plan.reporter.post(&format!("{one}/issue"), &issue());
    let issued = issued.assert(200).json();
    assert_eq!(issued["number"], "15/BC-UBND");
    assert_eq!(issued["dated_on"], "2026-02-28");
    assert_eq!(issued["recipients"], json!(["Sở Tư pháp", "Lưu: VT"]));
    assert_eq!(issued["issued"]["by"], json!(plan.reporter.id()));
    let other = plan.issued();
    let by = json!({"by": other.trim_start_matches("/products/")});
    let gone = plan.reporter.post(&format!("{one}/supersede"), &by);
    let gone = gone.assert(200).json();
    assert_eq!(
        (&gone["status"], &gone["superseded"]["by"]),
        (&json!("superseded"), &by["by"])
    );
    assert_eq!(gone["allowed_actions"], json!(["edit"]));
    let steps = ["create", "file", "submit", "approve", "issue", "supersede"];
    let logged: Vec<String> = plan.app().query(|conn| {
        let rows = audit_events::table.filter(audit_events::action.like("product.%"));
        rows.select(audit_events::facts).load(conn)
    });
    assert_eq!(logged.len(), 2 * steps.len() - 1);
    assert!(logged.iter().all(|facts| !facts.contains("tập huấn")));
}

/// A step is refused, and what is offered instead is what is offered anyway.
#[track_caller]
fn refused(by: &Client, path: &str, verb: &str, body: &Value) {
    let reply = by.post(&format!("{path}/{verb}"), body).assert(409);
    let problem = reply.problem("action-not-allowed");
    assert_eq!(problem["action"], verb);
    assert_eq!(problem["allowed_actions"], offered(by, path), "{verb}");
}

#[test]
fn what_a_state_does_not_allow_is_refused_with_what_it_does() {
    let plan = Plan::new();
    let (organiser, reporter) = (&plan.world.organiser, &plan.reporter);
    let (none, reason) = (json!({}), json!({"reason": "Thiếu số liệu."}));
    let any = json!({"by": plan.world.secretariat});
    let draft = plan.draft();
    let of_draft = json!(["edit", "delete", "upload", "submit"]);
    assert_eq!(offered(reporter, &draft), of_draft);
    refused(reporter, &draft, "approve", &none);
    refused(reporter, &draft, "return-for-changes", &reason);
    refused(reporter, &draft, "issue", &issue());
    refused(reporter, &draft, "supersede", &any);
    let submitted = plan.submitted();
    assert_eq!(offered(organiser, &submitted), json!(["edit", "upload"]));
    let of_submitted = json!(["edit", "upload", "return-for-changes", "approve"]);
    assert_eq!(offered(reporter, &submitted), of_submitted);
    refused(organiser, &submitted, "submit", &none);
    refused(reporter, &submitted, "issue", &issue());
    let issued = plan.issued();
    assert_eq!(offered(organiser, &issued), json!(["edit"]));
    assert_eq!(offered(reporter, &issued), json!(["edit", "supersede"]));
    refused(reporter, &issued, "submit", &none);
    refused(reporter, &issued, "approve", &none);
    refused(reporter, &issued, "issue", &issue());
    refused(reporter, &issued, "return-for-changes", &reason);
    let removed = organiser.with("If-Match", "*").delete(&issued);
    removed.assert(409).problem("action-not-allowed");
    let late = attach(organiser, &issued, "mới.pdf").assert(409);
    late.problem("action-not-allowed");
    assert_eq!(plan.show(&issued)["file"]["name"], "báo cáo.pdf");
}

#[test]
fn a_product_that_is_returned_keeps_the_reason_until_it_is_approved() {
    let plan = Plan::new();
    let one = plan.submitted();
    let back = format!("{one}/return-for-changes");
    let empty = plan
        .reporter
        .post(&back, &json!({"reason": " "}))
        .assert(422);
    empty.violates("/reason", "required");
    let reason = json!({"reason": "Thiếu số liệu tham dự."});
    let returned = plan.reporter.post(&back, &reason).assert(200).json();
    assert_eq!(
        (&returned["status"], &returned["submitted"]),
        (&json!("draft"), &Value::Null)
    );
    assert_eq!(returned["returned_reason"], reason["reason"]);
    assert_eq!(waiting(&plan.reporter, "product-to-approve"), 0);
    plan.world
        .organiser
        .act(&format!("{one}/submit"))
        .assert(200);
    // Handed in again, it waits again.
    assert_eq!(waiting(&plan.reporter, "product-to-approve"), 1);
    assert_eq!(plan.show(&one)["returned_reason"], reason["reason"]);
    let approved = plan
        .reporter
        .act(&format!("{one}/approve"))
        .assert(200)
        .json();
    assert_eq!(approved["returned_reason"], Value::Null);
    // What was found too late goes back before it is issued.
    let returned = plan.reporter.post(&back, &reason).assert(200).json();
    assert_eq!(
        (&returned["status"], &returned["approved"]),
        (&json!("draft"), &Value::Null)
    );
}

#[test]
fn nobody_approves_what_they_handed_in_while_another_could() {
    let plan = Plan::new();
    let one = plan.draft();
    attach(&plan.reporter, &one, "báo cáo.pdf").assert(201);
    plan.reporter.act(&format!("{one}/submit")).assert(200);
    let approve = format!("{one}/approve");
    // Where one person alone reports, nothing waits for a second.
    let alone = offered(&plan.reporter, &one);
    assert!(alone.as_array().unwrap().contains(&json!("approve")));
    let other = plan.app().persona(Role::Reporter);
    let offered = offered(&plan.reporter, &one);
    assert_eq!(offered, json!(["edit", "upload", "return-for-changes"]));
    let own = plan.reporter.act(&approve).assert(409);
    own.problem("own-approval");
    other.act(&approve).assert(200);
}

#[test]
fn a_product_is_issued_with_its_file_and_on_no_day_to_come() {
    let plan = Plan::new();
    let one = plan.draft();
    plan.world
        .organiser
        .act(&format!("{one}/submit"))
        .assert(200);
    plan.reporter.act(&format!("{one}/approve")).assert(200);
    let path = format!("{one}/issue");
    let offered = offered(&plan.reporter, &one);
    assert_eq!(offered, json!(["edit", "upload", "return-for-changes"]));
    let bare = plan.reporter.post(&path, &issue()).assert(409);
    bare.problem("product-file-missing");
    // The signed scan comes once it was approved.
    attach(&plan.world.organiser, &one, "đã ký.pdf").assert(201);
    let broken = json!({
        "number": "1".repeat(61), "dated_on": "2026-03-02", "signer": "", "recipients": [" "],
    });
    let broken = plan.reporter.post(&path, &broken).assert(422);
    broken.violates("/number", "too-long");
    broken.violates("/dated_on", "in-the-future");
    broken.violates("/signer", "required");
    broken.violates("/recipients/0", "required");
    let mut body = issue();
    body["dated_on"] = json!("2026-03-01");
    body["recipients"] = json!(["Ủy ban nhân dân thành phố"]);
    body.as_object_mut().unwrap().remove("number");
    let issued = plan.reporter.post(&path, &body).assert(200).json();
    assert_eq!(issued["number"], Value::Null);
    assert_eq!(issued["recipients"], body["recipients"]);
}

#[test]
fn only_another_issued_product_of_the_kind_takes_a_products_place() {
    let plan = Plan::new();
    let (one, draft) = (plan.issued(), plan.draft());
    let supersede = format!("{one}/supersede");
    let by = |path: &str| json!({"by": path.trim_start_matches("/products/")});
    let unfit = |body: &Value, code: &str| {
        let refused = plan.reporter.post(&supersede, body).assert(422);
        refused.violates("/by", code);
    };
    unfit(&by(&one), "not-a-successor");
    unfit(&by(&draft), "not-a-successor");
    unfit(&json!({"by": plan.world.secretariat}), "unknown-reference");
    let other = plan.issued();
    plan.reporter.post(&supersede, &by(&other)).assert(200);
    // What lost its place takes none.
    let back = plan.reporter.post(&format!("{other}/supersede"), &by(&one));
    back.assert(422).violates("/by", "not-a-successor");
}

#[test]
fn the_file_is_replaced_until_it_is_issued_and_read_by_all_staff() {
    let plan = Plan::new();
    let one = plan.draft();
    let file = format!("{one}/file");
    plan.world.organiser.get(&file).assert(404);
    let first = attach(&plan.world.organiser, &one, "một.pdf")
        .assert(201)
        .json();
    let second = attach(&plan.world.organiser, &one, "hai.pdf")
        .assert(201)
        .json();
    assert_ne!(first["file"]["id"], second["file"]["id"]);
    let sum = hai_dang::kernel::token::sha256_hex(PDF);
    assert_eq!(
        (&second["file"]["sha256"], &second["file"]["name"]),
        (&json!(sum), &json!("hai.pdf"))
    );
    for role in [Role::Auditor, Role::Counsellor, Role::Contributor] {
        let read = plan.app().persona(role).get(&file).assert(200);
        assert_eq!(read.body, PDF, "byte for byte");
        assert!(read.header("Content-Disposition").contains("hai.pdf"));
    }
    plan.app().persona(Role::Family).get(&file).assert(403);
    let program = send(
        &plan.world.organiser,
        &file,
        &[],
        ("máy.pdf", b"MZ\x90\x00"),
    );
    program.assert(422);
    let named = plan.app().query(|conn| {
        let ids: Vec<hai_dang::kernel::Id<hai_dang::sealed::stored::StoredMark>> =
            product_files::table.select(product_files::id).load(conn)?;
        assert_eq!(ids.len(), 2);
        Ok(hai_dang::plan::names(conn, &ids).unwrap())
    });
    let there: Vec<String> = named.iter().map(ToString::to_string).collect();
    assert_eq!(json!(there), json!([second["file"]["id"]]));
    assert_eq!(plan.show(&one)["version"], 3);
}

#[test]
fn a_draft_is_removed_with_its_file_and_its_key() {
    let plan = Plan::new();
    let one = plan.draft();
    let made = plan.world.organiser.get(&one).assert(200);
    attach(&plan.world.organiser, &one, "một.pdf").assert(201);
    plan.world.organiser.delete(&one).assert(428);
    let stale = plan.world.organiser.having_seen(&made).delete(&one);
    stale.assert(412).problem("stale-version");
    let seen = plan.world.organiser.get(&one).assert(200);
    plan.world
        .organiser
        .having_seen(&seen)
        .delete(&one)
        .assert(204);
    plan.world.organiser.get(&one).assert(404);
    let (files, keys): (i64, i64) = plan.app().query(|conn| {
        let keys = data_keys::table.filter(data_keys::wrapped.is_not_null());
        let keys = keys.filter(data_keys::subject.eq("product"));
        Ok((
            product_files::table.count().get_result(conn)?,
            keys.count().get_result(conn)?,
        ))
    });
    assert_eq!((files, keys), (0, 0));
}

#[test]
fn content_changes_until_it_is_approved_and_the_note_for_ever() {
    let plan = Plan::new();
    let one = plan.submitted();
    let organiser = &plan.world.organiser;
    let made = organiser.get(&one).assert(200);
    organiser.patch(&one, &json!({"title": "Khác"})).assert(428);
    let change = json!({
        "title": "Báo cáo kết quả tập huấn, đợt 2", "report_year": 2027, "recipients": null,
        "note": "Bản giấy ở văn thư.", "agency_id": plan.world.police,
    });
    let changed = organiser
        .having_seen(&made)
        .patch(&one, &change)
        .assert(200);
    let view = changed.json();
    assert_eq!(
        (&view["report_year"], &view["recipients"]),
        (&json!(2027), &json!([]))
    );
    organiser
        .having_seen(&made)
        .patch(&one, &change)
        .assert(412);
    // Nothing new is no new version.
    let same = organiser
        .having_seen(&changed)
        .patch(&one, &change)
        .assert(200);
    assert_eq!(same.json()["version"], view["version"]);
    let stale = plan
        .reporter
        .having_seen(&made)
        .act(&format!("{one}/approve"));
    stale.assert(412).problem("stale-version");
    plan.reporter.act(&format!("{one}/approve")).assert(200);
    let seen = organiser.get(&one).assert(200);
    let late = organiser
        .having_seen(&seen)
        .patch(&one, &json!({"title": "Khác"}));
    late.assert(409).problem("product-settled");
    let note = organiser
        .having_seen(&seen)
        .patch(&one, &json!({"note": null}));
    assert_eq!(note.assert(200).json()["note"], Value::Null);
}

#[test]
fn the_input_of_a_product_is_checked_whole() {
    let plan = Plan::new();
    let organiser = &plan.world.organiser;
    let broken = json!({
        "kind": "annual_report", "title": "", "plan_task": "2b", "report_year": 1999,
        "recipients": [""], "note": "a".repeat(2001),
    });
    let refused = organiser.post(ALL, &broken).assert(422);
    refused.violates("/kind", "made-by-reports");
    refused.violates("/title", "required");
    refused.violates("/report_year", "out-of-range");
    refused.violates("/recipients/0", "required");
    refused.violates("/note", "too-long");
    let nothing = "019ca000-0000-7000-8000-000000000000";
    let mut unknown = product(nothing);
    unknown["plan_task"] = json!("9z");
    unknown["session_id"] = json!(nothing);
    let refused = organiser.post(ALL, &unknown).assert(422);
    for pointer in ["/plan_task", "/agency_id", "/session_id"] {
        refused.violates(pointer, "unknown-reference");
    }
    // A draft of a session may still be removed.
    let session = plan.world.body(1);
    let session = organiser.post("/training-sessions", &session).assert(201);
    let mut early = plan.body();
    early["session_id"] = json!(session.id());
    let refused = organiser.post(ALL, &early).assert(422);
    refused.violates("/session_id", "unknown-reference");
    let mut nobodys = plan.body();
    nobodys.as_object_mut().unwrap().remove("agency_id");
    let refused = organiser.post(ALL, &nobodys).assert(422);
    refused.violates("/agency_id", "required");
    let one = plan.draft();
    let by = organiser.having_seen(&organiser.get(&one).assert(200));
    let refused = by.patch(&one, &json!({"kind": "summary_report", "title": null}));
    let refused = refused.assert(422);
    refused.violates("/kind", "made-by-reports");
    refused.violates("/title", "required");
    let refused = by.patch(&one, &json!({"agency_id": nothing})).assert(422);
    refused.violates("/agency_id", "unknown-reference");
    by.patch(&one, &json!({"status": "issued"})).assert(422);
}

#[test]
fn a_contributor_enters_their_own_agencys_and_reads_all() {
    let plan = Plan::new();
    let by = &plan.contributor;
    let foreign = plan.draft();
    assert_eq!(offered(by, &foreign), json!([]));
    let seen = by.having_seen(&by.get(&foreign).assert(200));
    seen.patch(&foreign, &json!({"note": "x"})).assert(403);
    seen.delete(&foreign).assert(403);
    by.act(&format!("{foreign}/submit")).assert(403);
    attach(by, &foreign, "x.pdf").assert(403);
    by.post(ALL, &plan.body()).assert(403);
    let mut own = plan.body();
    own.as_object_mut().unwrap().remove("agency_id");
    let made = by.post(ALL, &own).assert(201);
    assert_eq!(made.json()["agency_id"], json!(plan.world.police));
    let one = path(&made.json());
    let away = json!({"agency_id": plan.world.secretariat});
    by.having_seen(&made).patch(&one, &away).assert(403);
    attach(by, &one, "x.pdf").assert(201);
    by.act(&format!("{one}/submit")).assert(200);
    for verb in ["approve", "issue", "supersede", "return-for-changes"] {
        by.post(&format!("{one}/{verb}"), &json!({})).assert(403);
        plan.world
            .organiser
            .post(&format!("{one}/{verb}"), &json!({}))
            .assert(403);
    }
    // Whose agency nobody knows enters nothing.
    let nobodys = plan.app().persona(Role::Contributor);
    nobodys.post(ALL, &own).assert(403);
    nobodys.get(&one).assert(200);
    for role in [Role::Counsellor, Role::Auditor, Role::Administrator] {
        let reader = plan.app().persona(role);
        assert_eq!(
            reader.get(&one).assert(200).json()["allowed_actions"],
            json!([])
        );
        reader.post(ALL, &plan.body()).assert(403);
        reader.act(&format!("{one}/submit")).assert(403);
    }
    plan.app().persona(Role::Family).get(ALL).assert(403);
}

#[test]
fn another_office_sees_and_names_nothing_of_a_product() {
    let plan = Plan::new();
    let one = plan.issued();
    let other = plan.app().add_office("khac");
    let (agency, ..) = furnish(plan.app(), other);
    let reporter = plan.app().persona_of(other, &[Role::Reporter]);
    for path in [one.clone(), format!("{one}/file")] {
        reporter.get(&path).assert(404);
    }
    attach(&reporter, &one, "x.pdf").assert(404);
    reporter.act(&format!("{one}/submit")).assert(404);
    reporter.post(&format!("{one}/issue"), &issue()).assert(404);
    reporter.with("If-Match", "*").delete(&one).assert(404);
    assert_eq!(reporter.get(ALL).assert(200).json()["items"], json!([]));
    let foreign = reporter.post(ALL, &plan.body()).assert(422);
    foreign.violates("/agency_id", "unknown-reference");
    let session = plan.world.publish(&plan.world.body(1));
    let mut body = product(&agency);
    body["session_id"] = session["id"].clone();
    let foreign = reporter.post(ALL, &body).assert(422);
    foreign.violates("/session_id", "unknown-reference");
}

#[test]
fn products_are_listed_newest_first_by_what_is_asked() {
    let plan = Plan::new();
    let organiser = &plan.world.organiser;
    let session = plan.world.publish(&plan.world.body(1));
    let entered = |change: Value| {
        let mut body = plan.body();
        let change = change.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(change);
        let made = organiser.post(ALL, &body).assert(201).json();
        plan.app().clock.advance(TimeDelta::seconds(1));
        id(&made).to_owned()
    };
    let report = entered(json!({"session_id": session["id"]}));
    let leaflet = entered(json!({
        "kind": "outreach_material", "title": "Tờ gấp Đường dây nóng", "plan_task": "2a",
        "agency_id": plan.world.police, "report_year": 2027,
    }));
    let issued = plan.issued();
    let list = |query: &str| organiser.get(&format!("{ALL}?{query}"));
    let found = |query: &str| {
        let list = list(query).assert(200).json();
        let items = list["items"].as_array().unwrap().iter();
        let ids: Vec<String> = items.map(|one| id(one).to_owned()).collect();
        ids.join(" ")
    };
    let since = plan.show(&issued)["updated_at"].clone();
    let since = since.as_str().unwrap().replace('+', "%2B");
    let issued = issued.trim_start_matches("/products/");
    assert_eq!(found(""), format!("{issued} {leaflet} {report}"));
    for (query, one) in [
        ("kind=outreach_material".to_owned(), leaflet.as_str()),
        ("status=issued".to_owned(), issued),
        ("plan_task=2a".to_owned(), &leaflet),
        (format!("agency={}", plan.world.police), &leaflet),
        ("year=2026&status=draft".to_owned(), &report),
        (format!("session={}", id(&session)), &report),
        ("q=duong%20to".to_owned(), &leaflet),
        ("q=15/bc".to_owned(), issued),
        (format!("updated_since={since}"), issued),
    ] {
        assert_eq!(found(&query), one, "{query}");
    }
    let first = list("limit=2&include=total").assert(200).json();
    assert_eq!(first["total"], 3);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(found(&format!("limit=2&cursor={cursor}")), report);
    let unknown = list("plan_task=9z").assert(422);
    unknown.violates("plan_task", "unknown-reference");
    list("year=x").assert(422);
    list("khong_co=1").assert(422);
}
