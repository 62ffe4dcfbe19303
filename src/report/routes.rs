//! Routes of reports.

use crate::http::Api;

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("reports");
}
