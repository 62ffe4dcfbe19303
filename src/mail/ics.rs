//! iCalendar files: one event per slot of a session, or per appointment.
//!
//! It knows no session and no mail; callers give times, a title, a place and an id that stays
//! the same for life. The crate escapes and orders; what it does not do is done here: it passes
//! a bare CR through, does not guard parameters against quotes, and folds some lines at 76.

use icalendar::{Calendar, Component, Event as Entry, EventLike, Property};

use super::plain;
use crate::kernel::Timestamp;

/// Names the maker without naming the product.
const MAKER: &str = "-//Office calendar//vi";
/// The longest line in octets, without its CRLF (RFC 5545 §3.1).
const LINE_MAX: usize = 75;
/// The longest title or place in characters.
const TEXT_MAX: usize = 400;

/// One entry of a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// The same for life.
    pub uid: &'a str,
    /// Higher with every change.
    pub sequence: i32,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The title.
    pub summary: &'a str,
    /// The place; empty for none.
    pub location: &'a str,
    /// Where it is held on the net.
    pub url: Option<&'a str>,
    /// Whether nobody else is to see it.
    pub is_private: bool,
    /// Whether it is being planned, and not announced.
    pub is_tentative: bool,
}

/// What the receiving calendar shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Take it in, or take the change in.
    Request,
    /// Take it out.
    Cancel,
    /// Nobody is invited; it is only shown.
    Publish,
}

impl Method {
    /// The word in a calendar and in a content type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }

    /// The content type of a calendar sent with this method.
    pub fn content_type(self) -> String {
        format!("text/calendar; method={}; charset=utf-8", self.as_str())
    }
}

/// A calendar as it is sent: UTC times, CRLF, folded, ending in a line break.
///
/// A request or a cancellation with several events is read by most programs and refused by few
/// (RFC 5546 wants one UID in each); several slots are better sent as a file each.
pub fn calendar(
    events: &[Event<'_>],
    method: Method,
    organiser: Option<(&str, &str)>,
    attendee: Option<&str>,
    stamp: Timestamp,
) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", MAKER),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method.as_str()),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    for event in events {
        let mut entry = entry(event, method, stamp);
        if let Some(property) = organiser.and_then(|(name, address)| organised_by(name, address)) {
            entry.append_property(property);
        }
        // RFC 5546 §3.2.1: what is only published has no attendees.
        let invited = attendee.filter(|_| method != Method::Publish);
        if let Some(property) = invited.and_then(attended_by) {
            entry.append_property(property);
        }
        calendar.push(entry.done());
    }
    folded(&calendar.to_string())
}

fn entry(event: &Event<'_>, method: Method, stamp: Timestamp) -> Entry {
    let mut entry = Entry::new();
    let status = match method {
        Method::Cancel => "CANCELLED",
        _ if event.is_tentative => "TENTATIVE",
        Method::Request | Method::Publish => "CONFIRMED",
    };
    entry
        .add_property("UID", plain::line(event.uid))
        .add_property("SEQUENCE", event.sequence.to_string())
        .add_property("DTSTAMP", utc(stamp))
        .add_property("DTSTART", utc(event.starts_at))
        .add_property("DTEND", utc(event.ends_at))
        .add_property("STATUS", status)
        .summary(&plain::short_line(
            &plain::unlinked(event.summary),
            TEXT_MAX,
        ));
    if event.is_private {
        entry.add_property("CLASS", "PRIVATE");
    }
    let place = plain::short_line(&plain::unlinked(event.location), TEXT_MAX);
    if !place.is_empty() {
        entry.location(&place);
    }
    if let Some(url) = event.url.filter(|url| plain::is_link(url)) {
        entry.add_property("URL", url);
    }
    entry
}

fn organised_by(name: &str, address: &str) -> Option<Property> {
    let mut property = Property::new("ORGANIZER", mailto(address)?);
    let name = plain::short_line(&plain::unlinked(&name.replace('"', " ")), TEXT_MAX);
    if !name.is_empty() {
        property.add_parameter("CN", &name);
    }
    Some(property)
}

fn attended_by(address: &str) -> Option<Property> {
    let mut property = Property::new("ATTENDEE", mailto(address)?);
    // Answers come through the links of the mail: nobody reads replies of calendar programs.
    property
        .add_parameter("ROLE", "REQ-PARTICIPANT")
        .add_parameter("RSVP", "FALSE");
    Some(property)
}

/// An address as a calendar writes it; none where it could end its line or its value.
fn mailto(address: &str) -> Option<String> {
    let is_clean = |c: char| c.is_ascii_graphic() && !"\"'<>;:,\\".contains(c);
    (address.contains('@') && address.chars().all(is_clean)).then(|| format!("mailto:{address}"))
}

fn utc(at: Timestamp) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// The lines folded anew at 75 octets, the space of a continued line counted.
fn folded(calendar: &str) -> String {
    let mut folded = String::with_capacity(calendar.len() + calendar.len() / 32);
    for line in calendar.replace("\r\n ", "").split_terminator("\r\n") {
        let mut used = 0_usize;
        for c in line.chars() {
            if used + c.len_utf8() > LINE_MAX {
                folded.push_str("\r\n ");
                used = 1;
            }
            folded.push(c);
            used += c.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}
