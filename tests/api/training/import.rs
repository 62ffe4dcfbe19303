//! The ward's own sheets.

use serde_json::{Value, json};

use super::{World, id, registrations};

const CSV: &[u8] = include_bytes!("../../../docs/samples/danh-sach-tap-huan-2b.csv");
const XLSX: &[u8] = include_bytes!("../../../docs/samples/danh-sach-hoi-nghi-1.xlsx");

fn import(world: &World, session: &Value, file: &[u8], dry_run: bool) -> Value {
    let path = format!("{}/import?dry_run={dry_run}", registrations(session));
    let organiser = world
        .organiser
        .with("Content-Type", "application/octet-stream");
    organiser
        .send("POST", &path, Some(file.to_vec()))
        .assert(200)
        .json()
}

/// A repeat tells every row as it ended, and that it did nothing.
#[track_caller]
pub(super) fn assert_is_repeat(first: &Value, again: &Value) {
    let mut told = first.clone();
    told["repeated"] = json!(first["rows"].as_array().unwrap().len());
    for row in told["rows"].as_array_mut().unwrap() {
        row["repeated"] = json!(true);
    }
    told["dry_run"] = again["dry_run"].clone();
    assert!(told == *again, "a repeat tells the same");
}

#[test]
fn the_sheet_of_task_2b_imports_as_the_office_saved_it() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let dry = import(&world, &session, CSV, true);
    assert_eq!(
        world.total(&session)["confirmed"],
        0,
        "a dry run writes nothing"
    );
    let done = import(&world, &session, CSV, false);
    for key in [
        "created",
        "created_with_warning",
        "matched",
        "duplicate",
        "refused",
    ] {
        assert_eq!(dry[key], done[key], "{key}");
    }
    assert_eq!(
        (&done["refused"], &done["duplicate"]),
        (&json!(1), &json!(1))
    );
    let rows = done["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 64);
    let nameless = rows.iter().find(|row| row["result"] == "refused").unwrap();
    assert_eq!(nameless["reasons"], json!(["name-missing"]));
    assert!(
        rows.iter()
            .any(|row| row["reasons"] == json!(["birth_year:date-invalid"]))
    );
    assert_eq!(world.total(&session)["confirmed"], 62);
    assert_eq!(
        (&done["repeated"], &dry["repeated"]),
        (&json!(0), &json!(0))
    );
    for dry_run in [false, true] {
        let again = import(&world, &session, CSV, dry_run);
        assert_is_repeat(&done, &again);
    }
    assert_eq!(world.total(&session)["confirmed"], 62);
}

#[test]
fn the_sheet_of_the_conference_imports_from_a_workbook() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let done = import(&world, &session, XLSX, false);
    assert_eq!(done["rows"].as_array().unwrap().len(), 118);
    assert_eq!(done["refused"], 1);
    let by_agency = format!(
        "/training-sessions/{}/attendance-counts?group_by=agency",
        id(&session)
    );
    let counts = world.organiser.get(&by_agency).assert(200).json();
    let keys: Vec<&Value> = counts["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["key"])
        .collect();
    assert!(
        keys.contains(&&json!(world.police)) && keys.contains(&&json!("unknown")),
        "{keys:?}"
    );
}

#[test]
fn what_is_no_sheet_is_told_so() {
    let world = World::new();
    let session = world.publish(&world.body(48));
    let path = format!("{}/import", registrations(&session));
    let organiser = world
        .organiser
        .with("Content-Type", "application/octet-stream");
    let send = |bytes: &[u8]| organiser.send("POST", &path, Some(bytes.to_vec()));
    send(b"").assert(422).problem("sheet-empty");
    send(b"a;b;c\n1;2;3\n")
        .assert(422)
        .problem("sheet-header-missing");
    world
        .organiser
        .send("POST", &path, Some(CSV.to_vec()))
        .assert(415);
}
