//! Routes.

mod agencies;
mod audit;
mod calendar;
mod office;
mod plan;
mod rooms;

use actix_web::HttpResponse;

use crate::http::{Api, Problem};

type Answer = Result<HttpResponse, Problem>;

/// Mounts the routes of this slice.
pub fn mount(api: &mut Api) {
    office::mount(api);
    agencies::mount(api);
    rooms::mount(api);
    calendar::mount(api);
    plan::mount(api);
    audit::mount(api);
    crate::office::notifications::mount(api);
    crate::office::work_item::mount(api);
    crate::office::risk_alert::mount(api);
    crate::office::delegation::mount(api);
}
