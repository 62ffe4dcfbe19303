//! Routes: parse, call one use case in one transaction, answer.

mod appointments;
mod break_glass;
mod cases;
mod consents;
mod counsellors;
mod erasure;
mod follow_ups;
mod hands;
mod mine;
mod notes;
mod own_appointments;
mod parties;
mod reading;
mod report;
mod requests;
mod scans;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("Counselling requests");
    requests::mount(api);
    api.tag("Counselling cases");
    cases::mount(api);
    hands::mount(api);
    parties::mount(api);
    erasure::mount(api);
    api.tag("Counselling appointments");
    counsellors::mount(api);
    appointments::mount(api);
    api.tag("Counselling records");
    notes::mount(api);
    scans::mount(api);
    break_glass::mount(api);
    consents::mount(api);
    follow_ups::mount(api);
    report::mount(api);
    api.tag("Own counselling");
    mine::mount(api);
    own_appointments::mount(api);
}
