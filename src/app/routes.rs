//! The table of contents: one line a slice.

use crate::http::Api;
use crate::{counselling, identity, legal_aid, office, training};

/// Every route of the service.
pub fn all() -> Api {
    let mut api = Api::default();
    super::pages::mount(&mut api);
    api.base("/api/v1");
    identity::routes::mount(&mut api);
    office::routes::mount(&mut api);
    training::routes::mount(&mut api);
    counselling::routes::mount(&mut api);
    legal_aid::routes::mount(&mut api);
    api
}
