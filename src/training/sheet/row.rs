//! The values of one row.

use chrono::{Datelike, NaiveDate};

use super::header::{Column, Columns};
use crate::kernel::text::fold;

/// A sex, as the sheet has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetSex {
    /// Nữ.
    Female,
    /// Nam.
    Male,
    /// Khác.
    Other,
}

/// Something that could not be read and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The column it is about.
    pub column: &'static str,
    /// Why, as a code.
    pub code: &'static str,
}

/// One row of a sheet.
#[derive(Debug, Clone)]
pub struct SheetRow {
    /// The row in the file, from one, as a spreadsheet counts.
    pub number: u32,
    /// The name; empty where the row has none.
    pub full_name: String,
    /// The sex, where it could be read.
    pub sex: Option<SheetSex>,
    /// The year of birth, where it could be read.
    pub birth_year: Option<i32>,
    /// The body the person belongs to.
    pub organisation: Option<String>,
    /// The post there.
    pub position: Option<String>,
    /// The phone, as it was written.
    pub phone: Option<String>,
    /// The address, as it was written.
    pub email: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// What could not be read.
    pub warnings: Vec<Warning>,
}

/// The row, unless it is empty, a total or a signature.
pub(super) fn read(number: u32, cells: &[String], columns: &Columns) -> Option<SheetRow> {
    let cell = |wanted: Column| -> Option<&str> {
        let (index, _) = columns.iter().find(|(_, column)| *column == wanted)?;
        cells
            .get(*index)
            .map(|text| crate::training::export::unguarded(text))
            .filter(|text| !text.is_empty())
    };
    let name = match (cell(Column::FullName), cell(Column::FamilyName)) {
        (Some(name), _) => name.to_owned(),
        (None, family) => [family, cell(Column::GivenName)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    };
    let full_name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut warnings = Vec::new();
    let sex = sex(&cell, &mut warnings);
    let birth_year = cell(Column::Birth).and_then(|text| {
        let year = birth_year(text);
        if year.is_none() {
            warnings.push(Warning {
                column: "birth_year",
                code: "date-invalid",
            });
        }
        year
    });
    let (organisation, position) = body(&cell);
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let row = SheetRow {
        number,
        full_name,
        sex,
        birth_year,
        organisation,
        position,
        phone: cell(Column::Phone).map(restored_zero),
        email: owned(cell(Column::Email)),
        note: owned(cell(Column::Note)),
        warnings,
    };
    let is_numbered = cell(Column::Number).is_some_and(|text| text.parse::<u32>().is_ok());
    is_person(&row, cells, is_numbered).then_some(row)
}

/// How the last lines of a sheet begin, folded.
const ENDINGS: [&str; 7] = [
    "tong so",
    "tong cong",
    "cong",
    "nguoi lap",
    "can bo",
    "xac nhan",
    "ngay",
];

fn is_person(row: &SheetRow, cells: &[String], is_numbered: bool) -> bool {
    let has_data = row.sex.is_some()
        || row.birth_year.is_some()
        || row.phone.is_some()
        || row.email.is_some()
        || row.organisation.is_some()
        || row.position.is_some()
        || !row.warnings.is_empty();
    if has_data {
        return true;
    }
    if row.full_name.is_empty() {
        // A printed number with nothing behind it is an unused line of the form.
        return row.note.is_some();
    }
    let first = cells
        .iter()
        .find(|text| !text.is_empty())
        .map(|text| fold(text));
    let first = first.unwrap_or_default();
    let name = fold(&row.full_name);
    let ends = |text: &str| {
        ENDINGS.iter().any(|ending| {
            text == *ending
                || text
                    .strip_prefix(ending)
                    .is_some_and(|rest| rest.starts_with([' ', ':', ',']))
        })
    };
    is_numbered || !(ends(&first) || ends(&name))
}

fn sex<'a>(
    cell: &impl Fn(Column) -> Option<&'a str>,
    warnings: &mut Vec<Warning>,
) -> Option<SheetSex> {
    if cell(Column::IsFemale).is_some() {
        return Some(SheetSex::Female);
    }
    if cell(Column::IsMale).is_some() {
        return Some(SheetSex::Male);
    }
    let word = fold(cell(Column::Sex)?);
    let sex = match word.trim_end_matches('.') {
        "nu" | "f" | "female" | "gai" | "ba" => Some(SheetSex::Female),
        "nam" | "m" | "male" | "trai" | "ong" => Some(SheetSex::Male),
        "khac" | "other" => Some(SheetSex::Other),
        _ => None,
    };
    if sex.is_none() {
        warnings.push(Warning {
            column: "sex",
            code: "sex-unreadable",
        });
    }
    sex
}

/// Organisation and post, of two columns or of one that has both.
fn body<'a>(cell: &impl Fn(Column) -> Option<&'a str>) -> (Option<String>, Option<String>) {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    match cell(Column::PositionAndOrganisation) {
        Some(both) => split_body(both),
        None => (
            owned(cell(Column::Organisation)),
            owned(cell(Column::Position)),
        ),
    }
}

/// `Trường Tiểu học (hiệu phó)`, `Tổ dân phố số 3 - tổ trưởng`; anything else is the body whole.
fn split_body(both: &str) -> (Option<String>, Option<String>) {
    if let Some((body, post)) = both.split_once('(')
        && let Some(post) = post.trim_end().strip_suffix(')')
        && !body.trim().is_empty()
        && !post.trim().is_empty()
    {
        return (Some(body.trim().to_owned()), Some(post.trim().to_owned()));
    }
    for dash in [" - ", " – "] {
        if let Some((body, post)) = both.rsplit_once(dash)
            && post.chars().next().is_some_and(char::is_lowercase)
        {
            // "Công chức tư pháp – hộ tịch" is one post of one body.
            if fold(post) == "ho tich" {
                break;
            }
            return (Some(body.trim().to_owned()), Some(post.trim().to_owned()));
        }
    }
    (Some(both.to_owned()), None)
}

/// A spreadsheet takes a phone number for a number and drops its leading zero.
fn restored_zero(text: &str) -> String {
    let is_bare = text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_bare {
        format!("0{text}")
    } else {
        text.to_owned()
    }
}

/// The year of a birth date as sheets write it; `None` where the date cannot be.
fn birth_year(text: &str) -> Option<i32> {
    let parts: Vec<&str> = text
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers: Vec<i32> = parts
        .iter()
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let year = match numbers.as_slice() {
        [year] => *year,
        [month, year] if (1..=12).contains(month) => *year,
        [year, month, day] if *year > 31 => date(*year, *month, *day)?,
        [day, month, year] => {
            let year = if *year < 100 { century(*year) } else { *year };
            date(year, *month, *day)?
        }
        _ => return None,
    };
    (1900..=2100).contains(&year).then_some(year)
}

/// Two digits of a year of birth: nobody on a sheet was born in this century's later half.
const fn century(year: i32) -> i32 {
    if year <= 26 { 2000 + year } else { 1900 + year }
}

fn date(year: i32, month: i32, day: i32) -> Option<i32> {
    let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
    NaiveDate::from_ymd_opt(year, month, day).map(|date| date.year())
}
