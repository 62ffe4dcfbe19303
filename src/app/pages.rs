//! Health, the document and its reader, and the page links open.

use crate::http::Api;

/// Mounts the pages.
pub fn mount(api: &mut Api) {
    api.tag("service");
}
