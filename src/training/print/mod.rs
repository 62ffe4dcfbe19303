//! What a session is printed as: the list to sign, the letter of invitation, the report. The
//! words are Vietnamese whatever the reader's language: these are the ward's own papers.

mod invitation;
mod report;
mod sign_in;

use std::collections::BTreeMap;

pub(super) use invitation::{invitation, invitations};
pub(super) use report::report;
pub(super) use sign_in::sign_in_sheet;

use super::error::Error;
use super::model::{Attendee, Session, SessionId, SessionKind, Slot};
use super::store::session::{self as sessions, Eyes};
use super::wording;
use crate::kernel::{AgencyId, Fault, Language, Timestamp, Zone};
use crate::office::settings::OfficeSettings;
use crate::office::work::Work;
use crate::office::{agency, plan};

/// What every paper of a session says.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) session: Session,
    /// What the session is called toward a family.
    family_title: String,
    settings: OfficeSettings,
    agencies: BTreeMap<AgencyId, String>,
    place: String,
    /// What the plan's tasks are called, by code.
    tasks: BTreeMap<String, (String, String)>,
    zone: Zone,
    now: Timestamp,
}

impl Facts {
    /// Reads what is said of a session.
    pub(super) fn load(work: &mut Work<'_>, id: SessionId) -> Result<Self, Error> {
        let office = work.office_id();
        let found = sessions::find(work.conn, (office, Eyes::Staff), id)?;
        let session = found.ok_or(Fault::NotFound)?;
        let agencies = agency::names(work.conn, office)?;
        let place = wording::place(work, &session)?;
        let family_title = wording::family_title(work, &session, Language::Vi)?;
        let tasks = plan::titles(work.conn, office)?;
        Ok(Self {
            settings: work.settings()?.clone(),
            agencies: agencies.into_iter().map(|(id, (vi, _))| (id, vi)).collect(),
            place,
            family_title,
            tasks,
            zone: work.zone(),
            now: work.now,
            session,
        })
    }

    fn agency(&self, id: AgencyId) -> &str {
        self.agencies.get(&id).map_or("", String::as_str)
    }

    /// A task of the plan: its code, and what it is.
    fn task(&self, code: &str) -> String {
        match self.tasks.get(code) {
            Some((title, _)) => format!("{code} – {title}"),
            None => code.to_owned(),
        }
    }

    /// What kind of session it is, in the middle of a sentence.
    const fn kind(&self) -> &'static str {
        match self.session.kind {
            SessionKind::Conference => "hội nghị",
            SessionKind::Training => "buổi tập huấn",
            SessionKind::Outreach => "buổi tuyên truyền",
            SessionKind::Mobilisation => "buổi vận động",
            SessionKind::Survey => "buổi khảo sát",
            SessionKind::Inspection => "buổi kiểm tra",
            SessionKind::Review => "buổi rà soát",
            SessionKind::Meeting => "cuộc họp",
        }
    }

    /// When it is: for each slot its number and its time, told in a given way.
    fn times(&self, told: fn(&Self, &Slot) -> String) -> Vec<(String, String)> {
        let slots = self.session.slots.iter().enumerate();
        let label = |index: usize| match self.session.slots.len() {
            1 => "Thời gian".to_owned(),
            _ => format!("Thời gian buổi {}", index + 1),
        };
        slots
            .map(|(index, slot)| (label(index), told(self, slot)))
            .collect()
    }

    /// When a slot is, from its beginning to its end.
    fn span(&self, slot: &Slot) -> String {
        self.zone
            .format_span(Language::Vi, (slot.starts_at, slot.ends_at))
    }

    /// When a slot is, and what it is called.
    fn time_of(&self, slot: &Slot) -> String {
        let span = self.span(slot);
        match &slot.title {
            Some(title) => format!("{span} ({title})"),
            None => span,
        }
    }

    /// Where it is; dots where nobody has said so yet. Where to join on the net is told to whoever has a
    /// seat, and not to a paper that goes round.
    fn place(&self) -> String {
        match (self.place.is_empty(), self.session.online_url.is_some()) {
            (false, false) => self.place.clone(),
            (false, true) => format!("{} (kết hợp trực tuyến)", self.place),
            (true, true) => "Trực tuyến".to_owned(),
            (true, false) => "........................................".to_owned(),
        }
    }

    /// The time as one text.
    fn time(&self) -> String {
        let slots = self.session.slots.iter();
        slots
            .map(|slot| self.time_of(slot))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Where someone belongs: post and body, as a list writes them.
    fn belongs(&self, attendee: &Attendee, agency_id: Option<AgencyId>) -> String {
        let body = attendee
            .organisation
            .as_deref()
            .or_else(|| agency_id.map(|id| self.agency(id)));
        let parts = [attendee.position.as_deref(), body];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// A number with one decimal, as Vietnamese writes it.
fn percent(value: f64) -> String {
    format!("{value:.1}%").replace('.', ",")
}

/// The kind and the title as one phrase that names the kind once: `hội nghị triển khai kế hoạch`, and not
/// `hội nghị “Hội nghị triển khai kế hoạch”`.
fn about(kind: &str, title: &str) -> String {
    let bare = kind
        .split_once(' ')
        .map_or(kind, |(first, rest)| match first {
            "buổi" | "cuộc" => rest,
            _ => kind,
        });
    match [kind, bare].iter().find_map(|words| after(title, words)) {
        Some(rest) => format!("{kind}{rest}"),
        None => format!("{kind} “{title}”"),
    }
}

/// What follows some words that a title begins with, in whatever case.
fn after<'a>(title: &'a str, words: &str) -> Option<&'a str> {
    let end = title.char_indices().nth(words.chars().count());
    let (head, rest) = title.split_at(end.map_or(title.len(), |(at, _)| at));
    let is_whole = !rest.starts_with(char::is_alphanumeric);
    (head.to_lowercase() == words && is_whole).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn a_kind_is_named_once() {
        for (kind, title, told) in [
            ("hội nghị", "Hội nghị triển khai", "hội nghị triển khai"),
            ("buổi tập huấn", "Tập huấn 2b", "buổi tập huấn 2b"),
            (
                "buổi tập huấn",
                "BUỔI TẬP HUẤN: Luật",
                "buổi tập huấn: Luật",
            ),
            ("cuộc họp", "Họp", "cuộc họp"),
            ("cuộc họp", "Họ", "cuộc họp “Họ”"),
            ("hội nghị", "Sơ kết năm", "hội nghị “Sơ kết năm”"),
        ] {
            assert_eq!(about(kind, title), told);
        }
    }
}
