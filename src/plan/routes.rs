//! Routes of the plan.

use super::{concern, difficulty, figure, obligation, product};
use crate::http::Api;

/// Mounts the routes.
pub fn mount(api: &mut Api) {
    api.tag("plan");
    obligation::mount(api);
    figure::mount(api);
    product::mount(api);
    concern::mount(api);
    difficulty::mount(api);
}
