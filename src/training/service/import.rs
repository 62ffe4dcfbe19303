//! Imports: a sheet as the office saved it becomes attendees and registrations, row by row, each
//! row once however often the file is sent.

use std::collections::BTreeMap;

use super::{people, registration as registrations, seat};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, text};
use crate::office::agency::Matcher;
use crate::training::command::{AttendeeDraft, Register, Who};
use crate::training::error::Error;
use crate::training::messages;
use crate::training::model::{Attendee, Audience, RegistrationId, Session, SessionId, Sex, Source};
use crate::training::sheet::{SheetRow, SheetSex};
use crate::training::status::SessionAction;
use crate::training::store::attendance::{self as store, ImportedRow};
use crate::training::store::ledger::Locked;
use crate::training::store::session::Eyes;
use crate::training::store::{attendee, session as sessions};
use crate::training::work::Work;

/// Rows that share a transaction: few enough that nobody waits long behind them.
pub(in crate::training) const PART: usize = 100;

text_enum! {
    /// How a row ended.
    pub(in crate::training) enum RowOutcome {
        /// A new attendee, registered.
        Created = "created",
        /// Someone known, registered.
        Matched = "matched",
        /// On the list already, or the second time in this file.
        Duplicate = "duplicate",
        /// A new attendee, registered without what could not be read.
        CreatedWithWarning = "created-with-warning",
        /// Not taken.
        Refused = "refused",
    }
}

/// What a row came to, and why.
#[derive(Debug, Clone)]
pub(in crate::training) struct Imported {
    pub(in crate::training) number: u32,
    pub(in crate::training) outcome: RowOutcome,
    pub(in crate::training) registration: Option<RegistrationId>,
    /// Codes, each after the column it is about: `birth_year:date-invalid`.
    pub(in crate::training) notes: Vec<String>,
}

/// A row ready to be matched.
#[derive(Debug, Clone)]
struct Prepared {
    number: u32,
    draft: AttendeeDraft,
    note: Option<String>,
    warnings: Vec<String>,
}

/// Imports some rows in one transaction; rows recorded before are only told again.
pub(in crate::training) fn part(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<Vec<Imported>, Error> {
    let mut locked = seat::lock_for(work, Eyes::Staff, id, SessionAction::Register)?;
    let office = work.office_id();
    let agencies = crate::office::agency::matcher(work.conn, office)?;
    let known = recorded(work, id, file, rows)?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(imported.clone());
            continue;
        }
        let ledger = locked.ledger.clone();
        let taken = registrations::alone(work, |work| take(work, &mut locked, &agencies, row));
        let imported = match taken {
            Ok(imported) => imported,
            Err(Error::Db(error)) => return Err(error.into()),
            Err(error) => {
                locked.ledger = ledger;
                refused(row, crate::kernel::Coded::code(&error))
            }
        };
        keep(work, id, file, &imported)?;
        done.push(imported);
    }
    seat::close(work, &locked)?;
    Ok(done)
}

fn refused(row: &SheetRow, code: &str) -> Imported {
    Imported {
        number: row.number,
        outcome: RowOutcome::Refused,
        registration: None,
        notes: vec![code.to_owned()],
    }
}

/// What was recorded for these rows, which stand in the file's order.
fn recorded(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<BTreeMap<u32, Imported>, Error> {
    let number =
        |row: Option<&SheetRow>| row.map_or(0, |row| i32::try_from(row.number).unwrap_or(i32::MAX));
    let range = (number(rows.first()), number(rows.last()));
    let rows = store::imported(work.conn, (id, file), range)?;
    let read = |row: ImportedRow| {
        let number = u32::try_from(row.number).unwrap_or_default();
        let outcome = RowOutcome::parse(&row.result).unwrap_or(RowOutcome::Refused);
        let notes = serde_json::from_str(&row.warnings).unwrap_or_default();
        (
            number,
            Imported {
                number,
                outcome,
                registration: row.registration,
                notes,
            },
        )
    };
    Ok(rows.into_iter().map(read).collect())
}

fn keep(work: &mut Work<'_>, id: SessionId, file: &[u8], imported: &Imported) -> Result<(), Error> {
    let row = ImportedRow {
        number: i32::try_from(imported.number).unwrap_or(i32::MAX),
        result: imported.outcome.as_str().to_owned(),
        registration: imported.registration,
        warnings: serde_json::json!(imported.notes).to_string(),
    };
    Ok(store::keep_imported(work.conn, (id, file), &row)?)
}

fn take(
    work: &mut Work<'_>,
    locked: &mut Locked,
    agencies: &Matcher,
    row: &SheetRow,
) -> Result<Imported, Error> {
    let Some(prepared) = prepare(row, agencies) else {
        return Ok(refused(row, "name-missing"));
    };
    let office = work.office_id();
    let namesakes = attendee::named(work.conn, office, &text::fold(&prepared.draft.full_name))?;
    let known = namesakes
        .iter()
        .find(|known| is_same(known, &prepared.draft))
        .cloned();
    let has_warnings = !prepared.warnings.is_empty();
    let (attendee, outcome) = match known {
        Some(known) => (known, RowOutcome::Matched),
        None if has_warnings => (
            people::create(work, &prepared.draft)?,
            RowOutcome::CreatedWithWarning,
        ),
        None => (people::create(work, &prepared.draft)?, RowOutcome::Created),
    };
    if let Some(live) = people::live(work, locked.session.id, attendee.id)? {
        return Ok(Imported {
            number: row.number,
            outcome: RowOutcome::Duplicate,
            registration: Some(live.id),
            notes: prepared.warnings,
        });
    }
    let who = Who::Known(attendee.id);
    let command = Register {
        who,
        ask: false,
        note: prepared.note,
    };
    let registration = registrations::put(work, locked, &attendee, Source::Import, &command)?;
    Ok(Imported {
        number: row.number,
        outcome,
        registration: Some(registration.id),
        notes: prepared.warnings,
    })
}

/// Whether a row is about someone known: the same name, and the same phone or address; or, where
/// neither can tell, the same organisation and year of birth.
fn is_same(known: &Attendee, row: &AttendeeDraft) -> bool {
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

/// What a dry run says: every row judged as the import would, nothing written.
pub(in crate::training) fn rehearse(
    work: &mut Work<'_>,
    id: SessionId,
    file: &[u8],
    rows: &[SheetRow],
) -> Result<(Session, Vec<Imported>), Error> {
    let office = work.office_id();
    let session = sessions::find(work.conn, (office, Eyes::Staff), id)?
        .ok_or(crate::kernel::Fault::NotFound)?;
    session.status.apply(SessionAction::Register)?;
    let agencies = crate::office::agency::matcher(work.conn, office)?;
    let known = recorded(work, id, file, rows)?;
    let mut seen = BTreeMap::<String, Vec<AttendeeDraft>>::new();
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(imported) = known.get(&row.number) {
            done.push(imported.clone());
            continue;
        }
        let Some(prepared) = prepare(row, &agencies) else {
            done.push(refused(row, "name-missing"));
            continue;
        };
        let (outcome, registration) = judge(work, id, &prepared, &mut seen)?;
        let notes = prepared.warnings;
        done.push(Imported {
            number: prepared.number,
            outcome,
            registration,
            notes,
        });
    }
    Ok((session, done))
}

fn judge(
    work: &mut Work<'_>,
    session: SessionId,
    prepared: &Prepared,
    seen: &mut BTreeMap<String, Vec<AttendeeDraft>>,
) -> Result<(RowOutcome, Option<RegistrationId>), Error> {
    let office = work.office_id();
    let key = text::fold(&prepared.draft.full_name);
    let namesakes = attendee::named(work.conn, office, &key)?;
    if let Some(known) = namesakes
        .iter()
        .find(|known| is_same(known, &prepared.draft))
    {
        let live = people::live(work, session, known.id)?;
        return Ok(match live {
            Some(live) => (RowOutcome::Duplicate, Some(live.id)),
            None => (RowOutcome::Matched, None),
        });
    }
    let earlier = seen.entry(key).or_default();
    if earlier
        .iter()
        .any(|before| is_twin(before, &prepared.draft))
    {
        return Ok((RowOutcome::Duplicate, None));
    }
    earlier.push(prepared.draft.clone());
    let has_warnings = !prepared.warnings.is_empty();
    let outcome = if has_warnings {
        RowOutcome::CreatedWithWarning
    } else {
        RowOutcome::Created
    };
    Ok((outcome, None))
}

/// [`is_same`] between two rows of one file.
fn is_twin(before: &AttendeeDraft, row: &AttendeeDraft) -> bool {
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
fn prepare(row: &SheetRow, agencies: &Matcher) -> Option<Prepared> {
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
    let audience = audience(organisation.as_deref(), position.as_deref());
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
            birth_year: row.birth_year,
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

/// Words of an organisation or post, folded, and whom they mean; the first that fits.
const WORDS: [(&str, Audience); 22] = [
    ("cong an", Audience::Police),
    ("y te", Audience::Health),
    ("benh vien", Audience::Health),
    ("tu phap", Audience::Justice),
    ("ho tich", Audience::Justice),
    ("co so nuoi duong", Audience::CareInstitution),
    ("bao tro", Audience::CareInstitution),
    ("mai am", Audience::CareInstitution),
    ("chua", Audience::ReligiousEstablishment),
    ("nha tho", Audience::ReligiousEstablishment),
    ("giao xu", Audience::ReligiousEstablishment),
    ("truong", Audience::Education),
    ("to dan pho", Audience::ResidentialGroup),
    ("mttq", Audience::MassOrganisation),
    ("mat tran", Audience::MassOrganisation),
    ("hoi lien hiep", Audience::MassOrganisation),
    ("doan thanh nien", Audience::MassOrganisation),
    ("phu huynh", Audience::Family),
    ("gia dinh", Audience::Family),
    ("ubnd", Audience::Official),
    ("uy ban nhan dan", Audience::Official),
    ("phong", Audience::Official),
];

fn audience(organisation: Option<&str>, position: Option<&str>) -> Audience {
    let text = text::fold(
        &[organisation, position]
            .map(Option::unwrap_or_default)
            .join(" "),
    );
    let padded = format!(" {text} ");
    let is_word = |word: &str| {
        padded.contains(&format!(" {word} ")) || padded.starts_with(&format!(" {word}"))
    };
    WORDS
        .iter()
        .find(|(word, _)| is_word(word))
        .map_or(Audience::Other, |(_, audience)| *audience)
}

/// Tells the organiser how an import ended, once per file.
pub(in crate::training) fn tell_finished(
    work: &mut Work<'_>,
    session: &Session,
    file: &[u8],
    done: &[Imported],
) -> Result<(), Error> {
    let count = |outcomes: &[RowOutcome]| {
        done.iter()
            .filter(|row| outcomes.contains(&row.outcome))
            .count()
    };
    let created = count(&[RowOutcome::Created, RowOutcome::CreatedWithWarning]);
    let values = [
        ("created", serde_json::json!(created)),
        ("matched", serde_json::json!(count(&[RowOutcome::Matched]))),
        (
            "duplicate",
            serde_json::json!(count(&[RowOutcome::Duplicate])),
        ),
        ("refused", serde_json::json!(count(&[RowOutcome::Refused]))),
    ];
    let facts = serde_json::json!({"rows": done.len(), "created": created});
    work.audit(
        "registration.import",
        "training-session",
        session.id.uuid(),
        facts,
    )?;
    let once = crate::kernel::token::hex(file);
    messages::tell_organiser(work, session, "import_finished", &values, &once)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_are_read_from_organisations() {
        for (text, want) in [
            ("Công an phường", Audience::Police),
            ("Trạm Y tế phường", Audience::Health),
            ("Công chức tư pháp – hộ tịch", Audience::Justice),
            ("Văn phòng HĐND và UBND", Audience::Official),
            ("Phòng Văn hóa - Xã hội", Audience::Official),
            ("Chùa trên địa bàn phường", Audience::ReligiousEstablishment),
            ("Cơ sở nuôi dưỡng trẻ em", Audience::CareInstitution),
            ("Tổ dân phố số 3", Audience::ResidentialGroup),
            ("Ủy ban MTTQ phường", Audience::MassOrganisation),
            ("Phụ huynh", Audience::Family),
            ("Trường Tiểu học", Audience::Education),
        ] {
            assert_eq!(audience(Some(text), None), want, "{text}");
        }
    }
}
