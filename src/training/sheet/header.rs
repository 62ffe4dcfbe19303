//! Which column is which.

use unicode_normalization::UnicodeNormalization;

use super::lower;
use crate::kernel::text::fold;

/// The header row stands within this many lines, under titles.
pub(super) const LINES: usize = 30;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    FullName,
    /// The given name, under a heading that spans it and the rest of the name.
    NameEnd,
    FamilyName,
    GivenName,
    Sex,
    IsFemale,
    IsMale,
    Birth,
    Position,
    Organisation,
    PositionAndOrganisation,
    /// It tells whence people come where no column of bodies does.
    Address,
    Phone,
    Email,
    Note,
}

impl Column {
    /// Whether one cell of it may stand for several lines.
    pub(super) const fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Organisation | Self::Position | Self::PositionAndOrganisation
        )
    }
}

/// The columns of a sheet, by index.
pub(super) type Columns = Vec<(usize, Column)>;

/// The index of the header's last line, and its columns.
pub(super) fn find(grid: &[Vec<String>]) -> Option<(usize, Columns)> {
    let lines = grid.iter().take(LINES).enumerate();
    let (at, top) = lines.into_iter().find(|(_, cells)| is_header(cells))?;
    let below = grid.get(at + 1).filter(|below| lower::is_lower(top, below));
    let (at, mut columns) = match below {
        Some(below) => (at + 1, unique(lower::columns(top, below))),
        None => (at, columns(top)),
    };
    let data = grid.get(at + 1..).unwrap_or_default();
    columns.extend(name_end(&[Some(top), below], &columns, data));
    Some((at, columns))
}

/// A heading over two columns, "Họ và tên", leaves the one of given names bare: there stands one word for
/// each, and not the same word for all.
fn name_end(
    header: &[Option<&Vec<String>>],
    columns: &Columns,
    data: &[Vec<String>],
) -> Option<(usize, Column)> {
    let (name, _) = columns.iter().find(|(_, c)| *c == Column::FullName)?;
    let at = name + 1;
    let is_bare = |cells: &&Vec<String>| cells.get(at).is_none_or(String::is_empty);
    let is_spanned =
        header.iter().flatten().all(is_bare) && columns.iter().any(|(index, _)| *index > at);
    if !is_spanned {
        return None;
    }
    let is_named = |cells: &&Vec<String>| cells.get(*name).is_some_and(|text| !text.is_empty());
    let ends = data
        .iter()
        .filter(is_named)
        .filter_map(|cells| cells.get(at));
    let ends: Vec<&String> = ends.filter(|text| !text.is_empty()).collect();
    let is_name = |text: &&&String| {
        text.starts_with(char::is_uppercase) && !text.contains([' ', '.']) && fold(text) != "nu"
    };
    let fit = ends.iter().filter(is_name).count();
    let is_varied = ends.len() == 1 || ends.iter().any(|text| Some(text) != ends.first());
    (fit > 0 && fit * 4 >= ends.len() * 3 && is_varied).then_some((at, Column::NameEnd))
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
    let named = cells.iter().enumerate();
    unique(named.filter_map(|(index, text)| Some((index, column(text)?))))
}

fn unique(named: impl IntoIterator<Item = (usize, Column)>) -> Columns {
    let mut found = Columns::new();
    for (index, column) in named {
        // Of two phones or addresses the first that is written counts.
        let is_more = matches!(column, Column::Phone | Column::Email);
        if is_more || !found.iter().any(|(_, known)| *known == column) {
            found.push((index, column));
        }
    }
    let bodies = [Column::Organisation, Column::PositionAndOrganisation];
    if found.iter().any(|(_, c)| bodies.contains(c)) {
        found.retain(|(_, c)| *c != Column::Address);
    }
    for (_, column) in &mut found {
        if *column == Column::Address {
            *column = Column::Organisation;
        }
    }
    // "Tên" beside "Họ và tên" is no second name.
    if found.iter().any(|(_, c)| *c == Column::FullName) {
        found.retain(|(_, c)| !matches!(c, Column::GivenName | Column::FamilyName));
    }
    found
}

pub(super) fn column(text: &str) -> Option<Column> {
    // Without its mark "năm" (a year) would be "nam" (a man).
    let marked = text.trim().nfc().collect::<String>().to_lowercase();
    if marked == "năm" {
        return Some(Column::Birth);
    }
    let folded = fold(text);
    // "Nam sinh năm" beside "Nữ sinh năm".
    if folded.contains("sinh") && !marked.is_ascii() {
        match marked.split(|c: char| !c.is_alphanumeric()).next() {
            Some("nam") => return Some(Column::IsMale),
            Some("nữ") => return Some(Column::IsFemale),
            _ => {}
        }
    }
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let key = words.join(" ");
    let has = |word: &str| format!(" {key} ").contains(&format!(" {word} "));
    let column = match key.as_str() {
        "stt" | "tt" | "so tt" | "so thu tu" | "no" => Column::Number,
        "ten" => Column::GivenName,
        "ho" | "ho dem" | "ho chu dem" | "ho va chu dem" | "ho lot" => Column::FamilyName,
        "sex" | "gender" | "phai" | "gt" => Column::Sex,
        "nu" | "female" => Column::IsFemale,
        "nam" | "male" => Column::IsMale,
        "dt" | "dtdd" | "mobile" | "tel" => Column::Phone,
        "mail" => Column::Email,
        "note" | "notes" | "remark" => Column::Note,
        "born" | "ns" | "dob" => Column::Birth,
        // Headings say more than their word: "Giới tính (Nam/Nữ)", "SĐT liên hệ", "Ghi chú (nếu có)".
        _ if has("gioi tinh") || has("nam nu") => Column::Sex,
        _ if has("dien thoai") || has("sdt") || has("so dt") || has("phone") => Column::Phone,
        _ if has("di dong") => Column::Phone,
        _ if has("email") || has("e mail") || has("thu dien tu") => Column::Email,
        _ if has("ghi chu") => Column::Note,
        _ if has("ho va ten dem") || has("ho ten dem") || has("ten lot") => Column::FamilyName,
        _ if has("ho va ten") || has("ho ten") || has("full name") || key == "name" => {
            Column::FullName
        }
        _ if has("ten dai bieu") => Column::FullName,
        _ if has("nam sinh") || has("ngay sinh") || has("sinh nam") || has("birth") => {
            Column::Birth
        }
        _ if (has("chuc vu") || has("chuc danh")) && (is_body(&key) || has("dia chi")) => {
            Column::PositionAndOrganisation
        }
        _ if has("chuc vu") || has("chuc danh") || has("position") => Column::Position,
        _ if is_body(&key) => Column::Organisation,
        _ if has("dia chi") => Column::Address,
        _ => return None,
    };
    Some(column)
}

fn is_body(key: &str) -> bool {
    let padded = format!(" {key} ");
    [
        "don vi",
        "co quan",
        "noi cong tac",
        "noi lam viec",
        "organisation",
        "organization",
    ]
    .iter()
    .any(|word| padded.contains(&format!(" {word} ")))
}
