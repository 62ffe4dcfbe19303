//! Routes: parse, call one use case in one transaction, answer.

mod attendance;
mod attendee;
mod export;
mod print;
mod public;
mod registration;
mod report;
mod session;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("Training sessions");
    session::mount(api);
    api.tag("Registrations");
    registration::mount(api);
    api.tag("Attendance");
    attendance::mount(api);
    export::mount(api);
    print::mount(api);
    report::mount(api);
    api.tag("Attendees");
    attendee::mount(api);
    api.tag("Public");
    public::mount(api);
}
