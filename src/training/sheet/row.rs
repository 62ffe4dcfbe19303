//! The values of one row.

use super::header::{Column, Columns};
use super::year::birth_year;
use crate::kernel::text::fold;
use crate::kernel::title::{self, Addressed};

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

/// What a line of a sheet is.
#[derive(Debug)]
pub(super) enum Line {
    /// Somebody, and what speaks for it.
    Person(Box<SheetRow>, Weight),
    /// Where it is signed.
    Signature,
    /// An unused line, a total, or the heading of a group.
    Other,
}

/// What speaks for a line to be about somebody of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// A number.
    Numbered,
    /// A sex, a year of birth, a phone or an address.
    Known,
    /// A body or a post.
    Placed,
    /// A name, or a remark.
    Bare,
}

impl Weight {
    /// Whether a line below the signature is about who signs, whose name stands wherever there is room.
    pub(super) fn is_signer(self, row: &SheetRow, is_counted: bool) -> bool {
        match self {
            Self::Numbered | Self::Known => false,
            Self::Placed => is_counted || row.full_name.is_empty(),
            Self::Bare => true,
        }
    }
}

/// What a line is, with what could be read of it.
pub(super) fn read(number: u32, cells: &[String], columns: &Columns) -> Line {
    let written = |wanted: Column| {
        let named = columns.iter().filter(move |(_, column)| *column == wanted);
        named
            .filter_map(|(index, _)| cells.get(*index))
            .map(|text| crate::paper::cell::unguarded(text))
            .filter(|text| !text.is_empty())
    };
    let cell = |wanted: Column| -> Option<&str> { written(wanted).next() };
    let name = name(&cell);
    let (name, is_counted) = uncounted(&name);
    let (full_name, addressed) = title::parted(name);
    let mut warnings = Vec::new();
    let sex = sex(&cell, addressed, &mut warnings);
    let birth_year = cell(Column::Birth)
        .or_else(|| marked_year(&cell))
        .and_then(|text| {
            let (year, is_date) = birth_year(text);
            if !is_date {
                warnings.push(Warning {
                    column: "birth_year",
                    code: "date-invalid",
                });
            }
            year
        });
    let mut one_of = |wanted: Column, column: &'static str| {
        let mut texts = written(wanted);
        let found = first(texts.next()?, column, &mut warnings);
        if texts.any(|other| other != found) {
            several(column, &mut warnings);
        }
        Some(found)
    };
    let phone = one_of(Column::Phone, "phone");
    let email = one_of(Column::Email, "email");
    let (organisation, position) = body(&cell);
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let row = SheetRow {
        number,
        full_name: full_name.to_owned(),
        sex,
        birth_year,
        organisation,
        position,
        phone: phone.map(restored_zero),
        email: owned(email.map(unlinked)),
        note: owned(cell(Column::Note)),
        warnings,
    };
    let count = cell(Column::Number).map(|text| text.trim_end_matches(['.', ')']));
    let is_numbered = is_counted || count.is_some_and(|text| text.parse::<u32>().is_ok());
    let is_group = count.is_some_and(is_of_group);
    line(row, cells, (is_numbered, is_group))
}

/// The name, of one column or of several.
fn name<'a>(cell: &impl Fn(Column) -> Option<&'a str>) -> String {
    let parts = match (cell(Column::FullName), cell(Column::FamilyName)) {
        (Some(name), _) => [Some(name), cell(Column::NameEnd)],
        (None, family) => [family, cell(Column::GivenName)],
    };
    let words = parts.into_iter().flatten().flat_map(str::split_whitespace);
    let name = words.collect::<Vec<_>>().join(" ");
    // A dash is no name.
    Some(name)
        .filter(|name| name.contains(char::is_alphanumeric))
        .unwrap_or_default()
}

/// A name without the number that a list with no column for it writes before: `12. Lý An`.
fn uncounted(name: &str) -> (&str, bool) {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let named = rest.strip_prefix(['.', ')']).map(str::trim_start);
    match named.filter(|named| named.starts_with(char::is_alphabetic)) {
        Some(named) if rest.len() < name.len() => (named, true),
        _ => (name, false),
    }
}

/// How the lines begin below which a sheet is signed, folded.
const SIGNATURES: [&str; 3] = ["nguoi lap", "can bo", "xac nhan"];
/// How totals and days begin, but names do, too: `Tống Công Minh`. A figure or a colon tells.
const TOTALS: [&str; 4] = ["tong", "cong", "ngay", "tong cong"];

fn line(row: SheetRow, cells: &[String], (is_numbered, is_group): (bool, bool)) -> Line {
    let has_place = row.organisation.is_some() || row.position.is_some();
    // Only what could be read: a total says "Nam: 50" in the column of sexes.
    let is_known = row.sex.is_some()
        || row.birth_year.is_some()
        || row.email.as_ref().is_some_and(|text| text.contains('@'))
        || row.phone.as_ref().is_some_and(|text| digits(text) >= 9);
    let has_any = is_known
        || has_place
        || !row.full_name.is_empty()
        || row.phone.is_some()
        || row.email.is_some()
        || row.note.is_some()
        || !row.warnings.is_empty();
    if !has_any {
        // A printed number with nothing behind it is an unused line of the form.
        return Line::Other;
    }
    let first = cells.iter().find(|text| !text.is_empty());
    let first = first.map_or("", String::as_str);
    let is_sure = is_numbered || is_known;
    if !is_sure {
        let is_caption = |text: &String| begins(&fold(text), "nguoi lap");
        if is_signature(first) || is_signature(&row.full_name) || cells.iter().any(is_caption) {
            return Line::Signature;
        }
        if is_total(first, has_place) || is_total(&row.full_name, has_place) {
            return Line::Other;
        }
        if is_heading(&row.full_name) || (is_group && !has_place) {
            return Line::Other;
        }
    }
    let weight = match (is_numbered, is_known, has_place) {
        (true, ..) => Weight::Numbered,
        (_, true, _) => Weight::Known,
        (.., true) => Weight::Placed,
        _ => Weight::Bare,
    };
    Line::Person(Box::new(row), weight)
}

/// `I. CÔNG AN PHƯỜNG` above those who are of it, `(Ký, ghi rõ họ tên)` below those who sign.
fn is_heading(name: &str) -> bool {
    let counted = name.split_once('.');
    let is_counted =
        counted.is_some_and(|(count, rest)| is_of_group(count) && rest.starts_with(' '));
    is_counted || name.starts_with('(')
}

/// Groups are counted by Roman numbers or letters, people by figures.
fn is_of_group(count: &str) -> bool {
    let is_roman = !count.is_empty() && count.chars().all(|c| "IVX".contains(c));
    is_roman || matches!(count, "A" | "B" | "C" | "D" | "Đ" | "E")
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Whether a folded text begins with words.
fn begins(folded: &str, words: &str) -> bool {
    let rest = folded.strip_prefix(words);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn is_signature(text: &str) -> bool {
    let folded = fold(text);
    let is_dated = folded.contains("ngay ") && folded.contains(" thang ");
    let is_for = ["tm.", "kt.", "tl."]
        .iter()
        .any(|whom| folded.starts_with(whom));
    is_dated || is_for || SIGNATURES.iter().any(|words| begins(&folded, words))
}

fn is_total(text: &str, has_place: bool) -> bool {
    let folded = fold(text);
    let is_figure = folded.contains(|c: char| c.is_ascii_digit() || c == ':');
    let is_doubtful =
        |words: &str| folded == words || (begins(&folded, words) && (is_figure || !has_place));
    begins(&folded, "tong so") || TOTALS.iter().any(|words| is_doubtful(words))
}

/// A spreadsheet makes a link of an address and keeps what opens it.
fn unlinked(text: &str) -> &str {
    let scheme = "mailto:";
    match text.split_at_checked(scheme.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(scheme) => rest,
        _ => text,
    }
}

/// Of the column, or else of how somebody is addressed before the name.
fn sex<'a>(
    cell: &impl Fn(Column) -> Option<&'a str>,
    addressed: Option<Addressed>,
    warnings: &mut Vec<Warning>,
) -> Option<SheetSex> {
    let is_marked = |column| cell(column).is_some_and(|text| !matches!(text, "0" | "-"));
    let sex = match (is_marked(Column::IsFemale), is_marked(Column::IsMale)) {
        (true, false) => Some(SheetSex::Female),
        (false, true) => Some(SheetSex::Male),
        // Both at once say nothing.
        (true, true) => None,
        (false, false) => {
            let word = cell(Column::Sex).map(fold);
            match word.as_deref().map(|word| word.trim_end_matches('.')) {
                Some("nu" | "f" | "female" | "gai" | "ba") => Some(SheetSex::Female),
                Some("nam" | "m" | "male" | "trai" | "ong") => Some(SheetSex::Male),
                Some("khac" | "other") => Some(SheetSex::Other),
                unread => match addressed {
                    Some(Addressed::Woman) => Some(SheetSex::Female),
                    Some(Addressed::Man) => Some(SheetSex::Male),
                    Some(Addressed::Anybody) | None => {
                        unread?;
                        None
                    }
                },
            }
        }
    };
    if sex.is_none() {
        warnings.push(Warning {
            column: "sex",
            code: "sex-unreadable",
        });
    }
    sex
}

/// Forms with a column of years for men and one for women have the year where the mark stands. One year in
/// each is none, and is told.
fn marked_year<'a>(cell: &impl Fn(Column) -> Option<&'a str>) -> Option<&'a str> {
    let year = |column| cell(column).filter(|text| digits(text) >= 2);
    match (year(Column::IsFemale), year(Column::IsMale)) {
        (Some(_), Some(_)) => Some("?"),
        (one, other) => one.or(other),
    }
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

/// Fields of work that are named in pairs: their second half is no post.
const PAIRS: [(&str, &str); 5] = [
    ("tu phap", "ho tich"),
    ("van hoa", "xa hoi"),
    ("dia chinh", "xay dung"),
    ("van phong", "thong ke"),
    ("tai chinh", "ke toan"),
];

/// `Trường Tiểu học (hiệu phó)`, `Tổ dân phố số 3 - tổ trưởng`; anything else is the body whole.
fn split_body(both: &str) -> (Option<String>, Option<String>) {
    let bracketed = both
        .strip_suffix(')')
        .and_then(|text| text.split_once('('))
        .filter(|(_, post)| !post.contains(['(', ')']));
    for (body, post) in [bracketed, both.rsplit_once(" - ")].into_iter().flatten() {
        let (body, post) = (body.trim(), post.trim());
        let (before, after) = (fold(body), fold(post));
        let is_pair = PAIRS
            .iter()
            .any(|(one, two)| before.ends_with(one) && after.starts_with(two));
        // A post begins small; "(Việt Nam)" and "Văn hóa - Xã hội" belong to the name.
        if !body.is_empty() && !is_pair && post.starts_with(char::is_lowercase) {
            return (Some(body.to_owned()), Some(post.to_owned()));
        }
    }
    (Some(both.to_owned()), None)
}

/// The first of several numbers or addresses in a cell; that there are more is told. A spreadsheet writes
/// an apostrophe before what is text to it.
fn first<'a>(text: &'a str, column: &'static str, warnings: &mut Vec<Warning>) -> &'a str {
    let text = text.trim_start_matches('\'').trim();
    match text.split_once(['/', ';', ',', '\n']) {
        Some((first, rest)) if !first.trim().is_empty() && !rest.trim().is_empty() => {
            several(column, warnings);
            first.trim()
        }
        _ => text,
    }
}

fn several(column: &'static str, warnings: &mut Vec<Warning>) {
    let warning = Warning {
        column,
        code: "several",
    };
    if !warnings.contains(&warning) {
        warnings.push(warning);
    }
}

/// A spreadsheet takes a phone number for a number and drops its leading zero; one of a house has a digit
/// more.
fn restored_zero(text: &str) -> String {
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = text.len() == 9 || (text.len() == 10 && text.starts_with('2'));
    if is_bare && is_short {
        format!("0{text}")
    } else {
        text.to_owned()
    }
}
