//! A claimed message becomes the mail that travels: values, links, ticket, calendar.

use lettre::Message as Mail;
use serde_json::Value;

use super::claim::{Claimed, Sender};
use super::ics::{self, Event, Method};
use super::message::{
    Calendar, Content, Links, TokenPurpose, derive_ticket, derive_token, opening_token,
};
use super::mime::{self, Attachment, Envelope};
use super::{address, qr, render};
use crate::kernel::Timestamp;
use crate::sealed::Keys;

/// Where mails come from.
#[derive(Debug, Clone)]
pub struct From {
    /// The sender's address; its domain is that of Message-IDs, too.
    pub address: String,
}

impl From {
    fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("localhost", |(_, domain)| domain)
    }
}

/// Composes a mail; the error is a code, without anything the mail says.
pub(super) fn compose(
    claimed: &Claimed,
    sender: &Sender,
    from: &From,
    (keys, links): (&Keys, &Links),
) -> Result<Mail, &'static str> {
    let content: Content =
        serde_json::from_str(&claimed.payload).map_err(|_corrupt| "payload-corrupt")?;
    let mut values = content.values.clone();
    values.insert("office_name".into(), sender.name.clone().into());
    values.insert("desk_phone".into(), sender.desk_phone.clone().into());
    values.insert("desk_hours".into(), sender.desk_hours.clone().into());
    values.insert("desk_address".into(), sender.desk_address.clone().into());
    for link in &content.links {
        let url = match link.purpose {
            Some(purpose) => links.with_token(link.verb, &derive_token(keys, claimed.id, purpose)),
            None => links.with_token(link.verb, &opening_token(keys, claimed.id)),
        };
        values.insert(link.name.clone(), url.into());
    }
    let rendered = render::render(&claimed.kind, claimed.language, &Value::Object(values))
        .map_err(|_quotes_nothing| "template")?;
    let mut attachments = Vec::new();
    if let Some(ticket) = &content.ticket {
        let picture = qr::png(&derive_ticket(keys, ticket)).map_err(|_too_long| "ticket")?;
        attachments.push(Attachment::entry_code(picture));
    }
    let stop = content
        .can_unsubscribe
        .then(|| links.unsubscribe(&derive_token(keys, claimed.id, TokenPurpose::Unsubscribe)));
    let to = address::open(keys, claimed.id, &claimed.address).ok_or("address-sealed")?;
    if let Some(calendar) = &content.calendar {
        attachments.extend(calendars(calendar, (claimed, &to), sender, from));
    }
    let message_id = format!("<{}@{}>", claimed.id, from.domain());
    mime::build(&Envelope {
        from_name: &sender.name,
        from_address: &from.address,
        to: &to,
        message_id: &message_id,
        date: claimed.written_at.max(claimed.first_due_at),
        list_unsubscribe: stop.as_deref(),
        rendered: &rendered,
        attachments,
    })
    .map_err(|_names_a_part| "mime")
}

/// One file a slot: a REQUEST or CANCEL is about one UID (RFC 5546).
fn calendars(
    calendar: &Calendar,
    (claimed, to): (&Claimed, &str),
    sender: &Sender,
    from: &From,
) -> Vec<Attachment> {
    let method = if calendar.is_cancelled {
        Method::Cancel
    } else {
        Method::Request
    };
    let is_one = calendar.entries.len() + calendar.gone.len() == 1;
    let file = |index: usize| {
        if calendar.is_private {
            "lich-hen.ics".to_owned()
        } else if is_one {
            "lich.ics".to_owned()
        } else {
            format!("lich-{}.ics", index + 1)
        }
    };
    let standing = calendar.entries.iter().map(|entry| (entry, method));
    let gone = calendar.gone.iter().map(|entry| (entry, Method::Cancel));
    standing
        .chain(gone)
        .enumerate()
        .filter_map(|(index, (entry, method))| {
            let event = Event {
                uid: &entry.uid,
                sequence: calendar.sequence,
                starts_at: Timestamp::from_micros(entry.starts_at)?,
                ends_at: Timestamp::from_micros(entry.ends_at)?,
                summary: &entry.summary,
                location: &calendar.location,
                url: calendar.url.as_deref(),
                is_private: calendar.is_private,
                is_tentative: false,
            };
            let organiser = Some((sender.name.as_str(), from.address.as_str()));
            let attendee = Some(to);
            let text = ics::calendar(&[event], method, organiser, attendee, claimed.written_at);
            Some(Attachment::calendar(&file(index), method, text))
        })
        .collect()
}
