//! One row of an imported sheet: what can be read of it, and whom it is about.

use super::audience;
use crate::kernel::{AgencyId, text};
use crate::office::agency::Matcher;
use crate::training::command::AttendeeDraft;
use crate::training::model::{Attendee, AttendeeId, Sex};
use crate::training::sheet::{SheetRow, SheetSex};

/// A row ready to be matched.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) number: u32,
    pub(super) draft: AttendeeDraft,
    pub(super) note: Option<String>,
    pub(super) warnings: Vec<String>,
    /// Who of the same name it may be.
    pub(super) alike: Vec<AttendeeId>,
}

impl Prepared {
    pub(super) fn warn(&mut self, warning: &str) {
        self.warnings.push(warning.to_owned());
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

    /// Whether a namesake is likely the same person: nothing that is known tells them apart, or they are of
    /// one body, as in the list of likely duplicates, or of one year and no two bodies.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let bodies = (self.organisation.as_ref(), other.organisation.as_ref());
        let is_of_a_year = meets(self.birth_year.as_ref(), other.birth_year.as_ref());
        self.may_be(other)
            || meets(bodies.0, bodies.1)
            || (is_of_a_year && !differs(bodies.0, bodies.1))
    }

    /// Whether a row of a corrected file may be about a namesake: something speaks for it and nothing
    /// against it.
    pub(super) fn may_be_corrected(&self, other: &Self) -> bool {
        let is_of_a_body = meets(self.organisation.as_ref(), other.organisation.as_ref());
        let is_of_a_year = meets(self.birth_year.as_ref(), other.birth_year.as_ref());
        self.may_be(other) && (is_of_a_body || is_of_a_year)
    }

    fn may_be(&self, other: &Self) -> bool {
        !differs(self.phone.as_ref(), other.phone.as_ref())
            && !differs(self.email.as_ref(), other.email.as_ref())
            && !differs(self.organisation.as_ref(), other.organisation.as_ref())
            && !differs(self.birth_year.as_ref(), other.birth_year.as_ref())
    }
}

/// A row with what can be read of it; `None` without a name. What cannot be read stays empty
/// and is told.
pub(super) fn prepare(row: &SheetRow, (agencies, this_year): (&Matcher, i32)) -> Option<Prepared> {
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
    let mut line = |column: &str, raw: Option<&str>, max: usize| {
        let text = readable(raw?)?;
        let cut: String = text.chars().take(max).collect();
        if cut != text {
            warnings.push(format!("{column}:shortened"));
        }
        Some(cut)
    };
    let full_name = line("full_name", Some(&row.full_name), 200)?;
    let organisation = line("organisation", row.organisation.as_deref(), 200);
    let position = line("position", row.position.as_deref(), 200);
    let note = line("note", row.note.as_deref(), 500);
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
        note,
        warnings,
        alike: Vec::new(),
    })
}

type Parse = fn(&str) -> Result<String, text::Fault>;

/// Text of a sheet as one line, without what no field may hold; no name is refused for its form.
fn readable(raw: &str) -> Option<String> {
    let spaced = raw.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let visible: String = spaced.filter(|c| !text::is_forbidden(*c)).collect();
    let text = text::line(&visible, visible.len()).unwrap_or_default();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(phone: &str, organisation: &str, birth_year: Option<i32>) -> Traits {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Traits {
            phone: some(phone),
            email: None,
            organisation: some(organisation),
            birth_year,
        }
    }

    #[test]
    fn likely_the_same_is_who_shares_a_body_or_a_year() {
        let known = traits("1", "so a", None);
        assert!(known.is_like(&traits("2", "so a", None)), "another phone");
        assert!(!known.is_like(&traits("2", "so b", None)));
        assert!(!known.may_be_corrected(&traits("2", "so a", None)));
        assert!(known.may_be_corrected(&traits("", "so a", Some(1970))));
        let bare = traits("", "", Some(1970));
        assert!(bare.is_like(&traits("1", "", Some(1970))));
        assert!(bare.is_like(&traits("1", "", None)) && !bare.may_be_corrected(&known));
    }

    #[test]
    fn text_of_a_sheet_keeps_its_letters_and_marks() {
        let decomposed = "Tru\u{031B}\u{01A1}\u{0300}ng\u{200E} Tiểu học\nLê Chân & \u{7}Co.";
        let read = readable(decomposed).unwrap();
        assert!(read.ends_with("ng Tiểu học Lê Chân & Co."), "{read}");
        assert_eq!(readable("\u{200E} \n"), None);
    }
}
