//! Routes: parse, call one use case in one transaction, answer.

mod claim;
mod documents;
mod lists;
mod own;
mod print;
mod receipt;
mod report;
mod requests;
mod steps;
mod talk;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("Legal aid");
    lists::mount(api);
    requests::mount(api);
    steps::mount(api);
    documents::mount(api);
    talk::mount(api);
    receipt::mount(api);
    claim::mount(api);
    print::mount(api);
    report::mount(api);
    api.tag("Own legal aid");
    own::mount(api);
    claim::mount_own(api);
}
