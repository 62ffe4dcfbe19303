//! Which column is which.

use unicode_normalization::UnicodeNormalization;

use crate::kernel::text::fold;

/// The header row stands within this many lines, under titles.
pub(super) const LINES: usize = 30;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    FullName,
    FamilyName,
    GivenName,
    Sex,
    IsFemale,
    IsMale,
    Birth,
    Position,
    Organisation,
    PositionAndOrganisation,
    Phone,
    Email,
    Note,
}

/// The columns of a sheet, by index.
pub(super) type Columns = Vec<(usize, Column)>;

/// The header row's index and its columns.
pub(super) fn find(grid: &[Vec<String>]) -> Option<(usize, Columns)> {
    grid.iter()
        .take(LINES)
        .enumerate()
        .find_map(|(index, cells)| {
            let columns = columns(cells);
            (is_enough(&columns) || is_name_alone(cells)).then_some((index, columns))
        })
}

/// Whether a row is a header row, as pages repeat it.
pub(super) fn is_header(cells: &[String]) -> bool {
    is_enough(&columns(cells)) || is_name_alone(cells)
}

/// A list of names and nothing else says so in a single word: more would be a title.
fn is_name_alone(cells: &[String]) -> bool {
    let mut written = cells.iter().filter(|text| !text.trim().is_empty());
    let is_name = |text: &String| {
        let words = ["ho va ten", "ho ten", "ho, ten", "full name", "name"];
        words.contains(&fold(text).as_str())
    };
    written.next().is_some_and(is_name) && written.next().is_none()
}

/// A name column and one more tell a header from a title.
fn is_enough(columns: &Columns) -> bool {
    let names = columns
        .iter()
        .any(|(_, c)| matches!(c, Column::FullName | Column::GivenName));
    names && columns.len() >= 2
}

fn columns(cells: &[String]) -> Columns {
    let mut found = Columns::new();
    for (index, text) in cells.iter().enumerate() {
        if let Some(column) = column(text)
            && !found.iter().any(|(_, known)| *known == column)
        {
            found.push((index, column));
        }
    }
    // "Tên" beside "Họ và tên" is no second name.
    if found.iter().any(|(_, c)| *c == Column::FullName) {
        found.retain(|(_, c)| !matches!(c, Column::GivenName | Column::FamilyName));
    }
    found
}

fn column(text: &str) -> Option<Column> {
    // Without its mark "năm" (a year) would be "nam" (a man).
    if text.trim().nfc().collect::<String>().to_lowercase() == "năm" {
        return Some(Column::Birth);
    }
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let key = words.join(" ");
    let has = |word: &str| format!(" {key} ").contains(&format!(" {word} "));
    let column = match key.as_str() {
        "stt" | "tt" | "so tt" | "so thu tu" | "no" => Column::Number,
        "ten" => Column::GivenName,
        "ho" | "ho dem" | "ho chu dem" | "ho va chu dem" | "ho va ten dem" | "ho lot" => {
            Column::FamilyName
        }
        "nam nu" | "gioi tinh" | "sex" | "gender" | "phai" | "gt" => Column::Sex,
        "nu" | "female" => Column::IsFemale,
        "nam" | "male" => Column::IsMale,
        "phone" | "sdt" | "dt" | "so dt" | "mobile" | "tel" => Column::Phone,
        "email" | "e mail" | "mail" | "thu dien tu" | "dia chi email" => Column::Email,
        "note" | "notes" | "remark" | "ghi chu" => Column::Note,
        "birth year" | "year of birth" | "born" | "ns" => Column::Birth,
        _ if has("ho va ten") || has("ho ten") || has("full name") || key == "name" => {
            Column::FullName
        }
        _ if has("ten dai bieu") || has("ho va ten dai bieu") => Column::FullName,
        _ if has("nam sinh") || has("ngay sinh") || has("sinh nam") => Column::Birth,
        _ if has("ngay thang nam sinh") => Column::Birth,
        _ if has("dien thoai") => Column::Phone,
        _ if (has("chuc vu") || has("chuc danh")) && is_body(&key) => {
            Column::PositionAndOrganisation
        }
        _ if has("chuc vu") || has("chuc danh") || has("position") => Column::Position,
        _ if is_body(&key) => Column::Organisation,
        _ => return None,
    };
    Some(column)
}

fn is_body(key: &str) -> bool {
    let padded = format!(" {key} ");
    [
        "don vi",
        "co quan",
        "dia chi",
        "noi cong tac",
        "organisation",
        "organization",
    ]
    .iter()
    .any(|word| padded.contains(&format!(" {word} ")))
}
