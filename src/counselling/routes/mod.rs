//! Routes: parse, call one use case in one transaction, answer.

mod cases;
mod consents;
mod follow_ups;
mod mine;
mod notes;
mod parties;
mod requests;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("Counselling requests");
    requests::mount(api);
    api.tag("Counselling cases");
    cases::mount(api);
    parties::mount(api);
    api.tag("Counselling records");
    notes::mount(api);
    consents::mount(api);
    follow_ups::mount(api);
    api.tag("Own counselling");
    mine::mount(api);
}
