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

/// Whether a row is about someone known: the same name, and the same phone or address; or, where
/// neither can tell, the same organisation and year of birth.
pub(super) fn is_same(known: &Attendee, row: &AttendeeDraft) -> bool {
    let meets = |known: &Option<String>, row: &Option<String>| row.is_some() && known == row;
    if meets(&known.phone, &row.phone) || meets(&known.email, &row.email) {
        return true;
    }
    let differs = |known: &Option<String>, row: &Option<String>| {
        known.is_some() && row.is_some() && known != row
    };
    let fold = |text: &Option<String>| text.as_deref().map(text::fold);
    let same_body =
        row.organisation.is_some() && fold(&known.organisation) == fold(&row.organisation);
    same_body
        && row.birth_year.is_some()
        && known.birth_year == row.birth_year
        && !differs(&known.phone, &row.phone)
        && !differs(&known.email, &row.email)
}

/// [`is_same`] between two rows of one file.
pub(super) fn is_twin(before: &AttendeeDraft, row: &AttendeeDraft) -> bool {
    let meets = |left: &Option<String>, right: &Option<String>| right.is_some() && left == right;
    let fold = |text: &Option<String>| text.as_deref().map(text::fold);
    meets(&before.phone, &row.phone)
        || meets(&before.email, &row.email)
        || (row.organisation.is_some()
            && fold(&before.organisation) == fold(&row.organisation)
            && row.birth_year.is_some()
            && before.birth_year == row.birth_year
            && (before.phone.is_none() || row.phone.is_none())
            && (before.email.is_none() || row.email.is_none()))
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
