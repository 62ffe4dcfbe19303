//! What somebody is known by that one of their two entries lacks: a merge fills it in, and taking the
//! merge back empties it again.

use serde::{Deserialize, Serialize};

use crate::kernel::AgencyId;
use crate::training::model::Attendee;

/// What was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    email: Option<String>,
    phone: Option<String>,
    birth_year: Option<i32>,
    agency_id: Option<AgencyId>,
    organisation: Option<String>,
    position: Option<String>,
}

fn take<T: Clone>(empty: &mut Option<T>, other: Option<&T>) -> Option<T> {
    if empty.is_some() {
        return None;
    }
    *empty = other.cloned();
    empty.clone()
}

fn put_back<T: PartialEq>(field: &mut Option<T>, filled: Option<&T>) {
    // What was set since is somebody's word.
    if filled.is_some() && field.as_ref() == filled {
        *field = None;
    }
}

impl Filled {
    /// Fills what `one` lacks and `other` has.
    pub(super) fn fill(one: &mut Attendee, other: &Attendee) -> Self {
        // Whoever belongs to a body does not belong to another entry's as well.
        let is_free = one.agency_id.is_none() && one.organisation.is_none();
        let body = Some(other).filter(|_| is_free);
        Self {
            email: take(&mut one.email, other.email.as_ref()),
            phone: take(&mut one.phone, other.phone.as_ref()),
            birth_year: take(&mut one.birth_year, other.birth_year.as_ref()),
            agency_id: take(
                &mut one.agency_id,
                body.and_then(|it| it.agency_id.as_ref()),
            ),
            organisation: take(
                &mut one.organisation,
                body.and_then(|it| it.organisation.as_ref()),
            ),
            position: take(&mut one.position, other.position.as_ref()),
        }
    }

    /// Empties what was filled in and is as it was then.
    pub(super) fn empty(&self, one: &mut Attendee) {
        put_back(&mut one.email, self.email.as_ref());
        put_back(&mut one.phone, self.phone.as_ref());
        put_back(&mut one.birth_year, self.birth_year.as_ref());
        put_back(&mut one.agency_id, self.agency_id.as_ref());
        put_back(&mut one.organisation, self.organisation.as_ref());
        put_back(&mut one.position, self.position.as_ref());
    }
}
