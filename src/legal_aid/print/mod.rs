//! What of a request is printed: the letter that sends it to the Centre, the form it asks with, the
//! receipt a family takes home. The words are Vietnamese whatever the reader's language: these are
//! the ward's own papers.

mod form;
mod letter;
mod names;
mod receipt;

pub(super) use receipt::Receipt;

use super::error::Error;
use super::model::{PaperKind, Request};
use super::service::{letter as sending, step};
use super::store::terms::{self, List, Terms};
use crate::identity::{UserId, contact};
use crate::kernel::civil::format_date;
use crate::kernel::{Timestamp, Zone};
use crate::office::settings::OfficeSettings;
use crate::office::work::Work;

/// What every paper of a request may say.
#[derive(Debug)]
pub(super) struct Facts {
    request: Request,
    terms: Terms,
    /// The papers that are there, with their numbers of pages, in the order they came.
    papers: Vec<(PaperKind, usize)>,
    /// Those that are to follow.
    missing: Vec<PaperKind>,
    /// Who wrote it down for whoever could not write.
    writer: Option<String>,
    settings: OfficeSettings,
    zone: Zone,
    now: Timestamp,
}

impl Facts {
    /// Reads what is said of a request.
    pub(super) fn load(work: &mut Work<'_>, request: Request) -> Result<Self, Error> {
        let writer = match &request.secret.assisted_entry {
            Some(entry) => contact::find(work.conn, UserId::from_uuid(entry.written_by))?,
            None => None,
        };
        Ok(Self {
            missing: step::missing(work, &request)?,
            terms: terms::load(work.conn)?,
            papers: sending::papers(work, &request)?,
            writer: writer.map(|writer| writer.full_name),
            settings: work.settings()?.clone(),
            zone: work.zone(),
            now: work.now,
            request,
        })
    }

    /// The same, as it was told to the Centre where it was sent there.
    pub(super) fn as_sent(work: &mut Work<'_>, request: Request) -> Result<Self, Error> {
        let sent = request.secret.referral.as_ref();
        let Some(letter) = sent.and_then(|sent| sent.letter.clone()) else {
            return Self::load(work, request);
        };
        let (papers, missing) = (letter.papers.clone(), letter.missing.clone());
        let facts = Self::load(work, sending::as_sent(request, letter))?;
        Ok(Self {
            papers,
            missing,
            ..facts
        })
    }

    /// A file's name: it tells what kind of paper it is and the request's code, nobody's name.
    pub(super) fn file_name(&self, kind: &str) -> String {
        format!("{kind}-{}.docx", self.request.code)
    }

    /// The papers that came of the family; what of the ward or the Centre lies with them does not
    /// go along.
    fn enclosures(&self) -> impl Iterator<Item = (PaperKind, usize)> {
        let papers = self.papers.iter().copied();
        papers.filter(|(kind, _)| kind.is_of_family())
    }

    /// The words of a code of a list.
    fn term(&self, list: List, code: Option<&str>) -> Option<&str> {
        let term = code.and_then(|code| self.terms.find(list, code));
        term.map(|term| term.vi.as_str())
    }

    /// The day it was handed in; while it was not, today.
    fn day(&self) -> chrono::NaiveDate {
        let today = self.zone.day(self.now);
        self.request.submitted_on.unwrap_or(today)
    }

    /// The child's special circumstances, if any.
    fn circumstances(&self) -> Option<String> {
        let all = &self.request.secret.child.special_circumstances;
        let all: Vec<&str> = all.iter().map(|one| names::circumstance(*one)).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    fn birth_date(&self) -> Option<String> {
        self.request.secret.child.birth_date.map(format_date)
    }
}
