//! Whatever asks for a first and a last day asks for them alike.

use hai_dang::app::routes;
use hai_dang::http::document;
use hai_dang::identity::Role;
use serde_json::Value;

use super::training::World;

/// The paths of the document whose query has both days, and whether one is not without the other: they are
/// required, or a year stands in their place.
fn asking_for_days() -> Vec<(String, bool)> {
    let document = document::build(&routes::all());
    let asks = |(path, methods): (&String, &Value)| {
        let parameters = methods["get"]["parameters"].as_array()?;
        let of = |name| parameters.iter().find(|one| one["name"] == name);
        let (from, _) = (of("from")?, of("to")?);
        let is_whole = from["required"] == true || of("year").is_some();
        Some((path.clone(), is_whole))
    };
    let paths = document["paths"].as_object().unwrap();
    paths.iter().filter_map(asks).collect()
}

#[test]
fn a_window_ends_after_it_begins_and_lies_in_years_of_four_digits() {
    let app = World::new().app;
    let roles = [
        Role::Organiser,
        Role::Reporter,
        Role::Auditor,
        Role::Counsellor,
    ];
    let caller = app.persona_of(app.office, &roles);
    let all = asking_for_days();
    let (whole, open): (Vec<_>, Vec<_>) = all.iter().partition(|(_, is_whole)| *is_whole);
    assert!(whole.len() >= 4 && open.len() >= 3, "{all:#?}");
    for (path, is_whole) in &all {
        let path = path.trim_start_matches("/api/v1");
        let path = path.replace("{id}", &caller.id().to_string());
        let path = path.replace("{code}", "2b");
        let ask = |query: &str| caller.get(&format!("{path}?{query}"));
        ask("from=2026-03-01&to=2026-03-01").assert(200);
        let back = ask("from=2026-03-02&to=2026-03-01").assert(422);
        back.violates("to", "order-invalid");
        let far = ask("from=0026-03-02&to=2226-03-01").assert(422);
        far.violates("from", "out-of-range");
        far.violates("to", "out-of-range");
        let half = ask("from=2026-03-02");
        if *is_whole {
            half.assert(422).violates("to", "required");
        } else {
            half.assert(200);
        }
    }
}
