//! Routes.

mod agencies;
mod audit;
mod calendar;
mod office;
mod plan;
mod rooms;

use actix_web::HttpResponse;

use crate::http::{Api, Problem};
use crate::office::risk_alert::Sees;

type Answer = Result<HttpResponse, Problem>;

/// Mounts the routes of this slice; `sees` tells what an alert may be about.
pub fn mount(api: &mut Api, sees: Sees) {
    office::mount(api);
    agencies::mount(api);
    rooms::mount(api);
    calendar::mount(api);
    plan::mount(api);
    audit::mount(api);
    crate::office::notifications::mount(api);
    crate::office::work_item::mount(api);
    crate::office::risk_alert::mount(api, sees);
    crate::office::delegation::mount(api);
}
