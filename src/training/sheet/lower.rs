//! A header's second line: "Nam" and "Nữ" under one "Năm sinh", as merged cells leave it.

use super::header::{Column, column, is_header};

fn text(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", String::as_str)
}

/// The first cell of the heading that spans a column: those to its right are empty, or say the same.
fn head(top: &[String], mut at: usize) -> Option<usize> {
    while at > 0 && (text(top, at).is_empty() || text(top, at) == text(top, at - 1)) {
        at -= 1;
    }
    (!text(top, at).is_empty()).then_some(at)
}

/// Whether the heading that spans a column is parted by the line below it.
fn is_parted(top: &[String], below: &[String], at: usize) -> bool {
    let Some(first) = head(top, at) else {
        return false;
    };
    let is_part = |at: &usize| !text(below, *at).is_empty() && head(top, *at) == Some(first);
    is_part(&first) && (first + 1..below.len()).any(|at| is_part(&at))
}

/// Whether the line below a header's first is its second: it repeats it, parts a heading by words that
/// head columns, or says how something is to be written. A line about somebody is none.
pub(super) fn is_lower(top: &[String], below: &[String]) -> bool {
    if is_header(below) {
        return true;
    }
    let written: Vec<usize> = (0..below.len())
        .filter(|at| !text(below, *at).is_empty())
        .collect();
    let is_word = |at: &usize| column(text(below, *at)).is_some();
    let names = [
        Column::Number,
        Column::FullName,
        Column::FamilyName,
        Column::GivenName,
    ];
    let is_name = |text: &str| column(text).is_some_and(|column| names.contains(&column));
    if written
        .iter()
        .any(|at| is_name(text(top, *at)) && !is_name(text(below, *at)))
    {
        return false;
    }
    let is_parting = |at: &usize| is_word(at) && is_parted(top, below, *at);
    // "Nam" alone is somebody's sex, "Nam/Nữ" and "(ngày/tháng/năm)" are nobody's.
    let is_remark = |at: &usize| {
        let sexes = [Some(Column::IsFemale), Some(Column::IsMale)];
        let said = text(below, *at);
        said.starts_with('(') || (is_word(at) && !sexes.contains(&column(said)))
    };
    written.iter().any(is_parting) || (!written.is_empty() && written.iter().all(is_remark))
}

/// The columns of a header of two lines: the lower word, or else what stands above it.
pub(super) fn columns(top: &[String], below: &[String]) -> Vec<(usize, Column)> {
    let of = |at: usize| {
        let lower = column(text(below, at));
        let upper = || column(text(top, at)).filter(|_| !is_parted(top, below, at));
        lower.or_else(upper)
    };
    let width = top.len().max(below.len());
    (0..width).filter_map(|at| Some((at, of(at)?))).collect()
}

/// Whether a line numbers the columns: `1, 2, 3`, `(1), (2), (3)` or `A, B, 1, 2`.
pub(super) fn is_count(cells: &[String]) -> bool {
    let written = cells
        .iter()
        .map(|text| text.trim_matches(['(', ')', '[', ']']));
    let written: Vec<&str> = written.filter(|text| !text.is_empty()).collect();
    let letters = written.iter().zip('A'..='E');
    let letters = letters
        .take_while(|(text, letter)| text.chars().eq([*letter]))
        .count();
    let numbers = written.iter().skip(letters).zip(1..);
    written.len() >= 3
        && written.len() > letters
        && numbers
            .into_iter()
            .all(|(text, number): (_, usize)| **text == number.to_string())
}
