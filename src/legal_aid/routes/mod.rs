//! Routes: parse, call one use case in one transaction, answer.

mod lists;
mod own;
mod requests;
mod steps;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("Legal aid");
    lists::mount(api);
    requests::mount(api);
    steps::mount(api);
    api.tag("Own legal aid");
    own::mount(api);
}
