//! Routes.

use crate::http::Api;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    api.tag("mail");
}
