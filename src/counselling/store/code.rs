//! The codes by which the desk and mails call a person in a matter.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::counselling::appointment::Appointment;
use crate::counselling::model::{PartyId, RequestId};
use crate::db::schema::{counselling_parties as parties, counselling_requests as requests};
use crate::db::{self, Conn};
use crate::identity::UserId;
use crate::kernel::OfficeId;

/// The matters of an account, by their codes.
#[derive(Debug)]
pub(in crate::counselling) struct OwnCodes {
    parties: Vec<(PartyId, String)>,
    requests: Vec<(RequestId, String)>,
}

impl OwnCodes {
    /// Those of an account.
    pub(in crate::counselling) fn of(
        conn: &mut Conn,
        office: OfficeId,
        user: UserId,
    ) -> db::Result<Self> {
        Ok(Self {
            parties: parties::table
                .filter(parties::office_id.eq(office))
                .filter(parties::user_id.eq(user))
                .filter(parties::removed_at.is_null())
                .select((parties::id, parties::code))
                .load(conn)?,
            requests: requests::table
                .filter(requests::office_id.eq(office))
                .filter(requests::user_id.eq(user))
                .select((requests::id, requests::code))
                .load(conn)?,
        })
    }

    /// Who of the account's parties comes to an appointment.
    pub(in crate::counselling) fn party(&self, one: &Appointment) -> Option<PartyId> {
        self.seated(one).map(|(id, _)| *id)
    }

    /// The code of the matter an appointment is of.
    pub(in crate::counselling) fn code(&self, one: &Appointment) -> Option<&str> {
        let mut requests = self.requests.iter();
        let asked = requests.find(|(id, _)| one.request_id == Some(*id));
        let asked = asked.map(|(_, code)| code.as_str());
        self.seated(one).map(|(_, code)| code.as_str()).or(asked)
    }

    fn seated(&self, one: &Appointment) -> Option<&(PartyId, String)> {
        let mut seats = one.seats.iter();
        seats.find_map(|seat| {
            let mut mine = self.parties.iter();
            mine.find(|(id, _)| seat.party_id == Some(*id))
        })
    }
}

/// Whether a request of the office has a code already.
fn is_request(conn: &mut Conn, office: OfficeId, code: &str) -> db::Result<bool> {
    let same = requests::table
        .filter(requests::office_id.eq(office))
        .filter(requests::code.eq(code));
    Ok(diesel::select(exists(same)).get_result(conn)?)
}

/// Whether a party of the office has a code already.
pub(in crate::counselling) fn is_party(
    conn: &mut Conn,
    office: OfficeId,
    code: &str,
) -> db::Result<bool> {
    let same = parties::table
        .filter(parties::office_id.eq(office))
        .filter(parties::code.eq(code));
    Ok(diesel::select(exists(same)).get_result(conn)?)
}

/// Whether anybody of the office has a code already: in a request or in a case.
pub(in crate::counselling) fn is_taken(
    conn: &mut Conn,
    office: OfficeId,
    code: &str,
) -> db::Result<bool> {
    Ok(is_request(conn, office, code)? || is_party(conn, office, code)?)
}
