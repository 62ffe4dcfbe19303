//! One row of an imported sheet: what can be read of it, and whom it is about.

use super::audience;
use crate::kernel::{AgencyId, text};
use crate::office::agency::Matcher;
use crate::training::command::AttendeeDraft;
use crate::training::model::{Attendee, Sex};
use crate::training::sheet::{SheetRow, SheetSex};

/// A row ready to be matched.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) number: u32,
    pub(super) draft: AttendeeDraft,
    pub(super) note: Option<String>,
    pub(super) warnings: Vec<String>,
}

/// Somebody of the same name is known, and nothing tells the two apart.
const NAMESAKE: &str = "full_name:namesake";

impl Prepared {
    /// Which of the people of this name the row is about. Where it is none of them for sure and may be
    /// any, the row is warned of that.
    pub(super) fn among<T>(&mut self, namesakes: Vec<T>, traits: fn(&T) -> Traits) -> Option<T> {
        let own = Traits::from(&self.draft);
        let may_be = namesakes.iter().any(|known| traits(known).may_be(&own));
        let mut namesakes = namesakes.into_iter();
        let found = namesakes.find(|known| traits(known).is_same(&own));
        if found.is_none() && may_be {
            self.warn_of_namesake();
        }
        found
    }

    fn warn_of_namesake(&mut self) {
        if !self.warnings.iter().any(|warning| warning == NAMESAKE) {
            self.warnings.push(NAMESAKE.to_owned());
        }
    }
}

/// What tells namesakes apart, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traits {
    phone: Option<String>,
    email: Option<String>,
    /// Folded.
    organisation: Option<String>,
    birth_year: Option<i32>,
}

impl From<&Attendee> for Traits {
    fn from(known: &Attendee) -> Self {
        Self {
            phone: known.phone.clone(),
            email: known.email.clone(),
            organisation: known.organisation.as_deref().map(text::fold),
            birth_year: known.birth_year,
        }
    }
}

impl From<&AttendeeDraft> for Traits {
    fn from(row: &AttendeeDraft) -> Self {
        Self {
            phone: row.phone.clone(),
            email: row.email.clone(),
            organisation: row.organisation.as_deref().map(text::fold),
            birth_year: row.birth_year,
        }
    }
}

fn meets<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
    left.is_some() && left == right
}

fn differs<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
    left.is_some() && right.is_some() && left != right
}

impl Traits {
    /// Whether a namesake is the same person: by phone or address; or, where neither can tell, by
    /// organisation and year of birth.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let phones = (self.phone.as_ref(), other.phone.as_ref());
        let mails = (self.email.as_ref(), other.email.as_ref());
        if meets(phones.0, phones.1) || meets(mails.0, mails.1) {
            return true;
        }
        meets(self.organisation.as_ref(), other.organisation.as_ref())
            && meets(self.birth_year.as_ref(), other.birth_year.as_ref())
            && !differs(phones.0, phones.1)
            && !differs(mails.0, mails.1)
    }

    /// Whether nothing that is known tells a namesake apart: it may be the same person.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        !differs(self.phone.as_ref(), other.phone.as_ref())
            && !differs(self.email.as_ref(), other.email.as_ref())
            && !differs(self.organisation.as_ref(), other.organisation.as_ref())
            && !differs(self.birth_year.as_ref(), other.birth_year.as_ref())
    }
}

/// A row with what can be read of it; `None` without a name. What cannot be read stays empty
/// and is told.
pub(super) fn prepare(row: &SheetRow, (agencies, this_year): (&Matcher, i32)) -> Option<Prepared> {
    let full_name = readable(&row.full_name, 200)?;
    let mut warnings: Vec<String> = row
        .warnings
        .iter()
        .map(|warning| format!("{}:{}", warning.column, warning.code))
        .collect();
    let mut contact = |column: &str, raw: &Option<String>, parse: Parse| {
        let raw = raw.as_deref().filter(|raw| !raw.trim().is_empty())?;
        parse(raw)
            .map_err(|fault| warnings.push(format!("{column}:{}", fault.code())))
            .ok()
    };
    let phone = contact("phone", &row.phone, text::phone);
    let email = contact("email", &row.email, text::email);
    let organisation = row
        .organisation
        .as_deref()
        .and_then(|raw| readable(raw, 200));
    let position = row.position.as_deref().and_then(|raw| readable(raw, 200));
    let agency: Option<AgencyId> = organisation.as_deref().and_then(|text| agencies.find(text));
    let audience = audience::of(organisation.as_deref(), position.as_deref());
    let birth_year = row.birth_year.filter(|year| *year <= this_year);
    if birth_year != row.birth_year {
        warnings.push("birth_year:date-invalid".to_owned());
    }
    let sex = match row.sex {
        Some(SheetSex::Female) => Sex::Female,
        Some(SheetSex::Male) => Sex::Male,
        Some(SheetSex::Other) => Sex::Other,
        None => Sex::Unknown,
    };
    Some(Prepared {
        number: row.number,
        draft: AttendeeDraft {
            full_name,
            email,
            phone,
            sex,
            birth_year,
            agency,
            organisation,
            position,
            audience,
            language: crate::kernel::Language::Vi,
        },
        note: row.note.as_deref().and_then(|raw| readable(raw, 500)),
        warnings,
    })
}

type Parse = fn(&str) -> Result<String, text::Fault>;

/// Text of a sheet, with what no field may hold left out; no name is refused for its form.
fn readable(raw: &str, max: usize) -> Option<String> {
    let cut: String = raw.chars().take(max).collect();
    let text = text::line(&cut, max).unwrap_or_else(|_hidden| {
        let visible: String = cut
            .chars()
            .filter(|c| c.is_alphanumeric() || " .,-'()/".contains(*c))
            .collect();
        text::line(&visible, max).unwrap_or_default()
    });
    (!text.is_empty()).then_some(text)
}
