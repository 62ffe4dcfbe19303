//! Routes.

mod auth;
mod colleagues;
mod me;
mod users;

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    auth::mount(api);
    me::mount(api);
    users::mount(api);
    colleagues::mount(api);
}
