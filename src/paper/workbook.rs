//! Workbooks: numbers and dates that a spreadsheet can reckon with, texts that it never takes
//! for formulas, pages that print as they should.

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::Error;
use crate::kernel::Timestamp;
use crate::kernel::civil::Shown;

/// The code of A4 in a workbook.
const A4: u8 = 9;
/// Letters across a page that are still read with ease: more are printed on several pages.
const LETTERS: f64 = 250.0;
/// The most pages that lie beside each other.
const MOST_ABREAST: u16 = 10;
/// The height of the row of titles, in points: three lines.
const HEADER: f64 = 50.0;
/// The height of a line of text, in points.
const LINE: f64 = 15.0;
/// The most lines a row is made high enough for.
const MOST_LINES: u8 = 20;
/// How a time is shown: as a ward writes it.
const TIME: &str = "dd/mm/yyyy hh:mm";

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words: never a formula, whatever they begin with.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with one decimal, such as percents.
    Decimal(f64),
    /// A time, as the office's clocks show it.
    Time(Shown),
}

impl Cell {
    /// Words, or nothing where there are none.
    pub fn text(text: Option<&str>) -> Self {
        match text {
            Some(text) if !text.is_empty() => Self::Text(text.to_owned()),
            _ => Self::Empty,
        }
    }
}

/// A sheet of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What its tab says, at most 31 letters.
    pub name: String,
    /// Lines above the table: what it is, of what.
    pub title: Vec<String>,
    /// The columns: a title, and a width in letters.
    pub columns: Vec<(String, f64)>,
    /// The rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// The file with these sheets.
///
/// # Errors
/// When a sheet breaks a bound of the format.
pub fn workbook(sheets: &[Sheet], now: Timestamp) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let made = now.utc();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        fill(book.add_worksheet(), sheet)?;
    }
    Ok(book.save_to_buffer()?)
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), Error> {
    page.set_name(&sheet.name)?;
    let bold = Format::new().set_bold();
    let mut row = 0;
    for line in &sheet.title {
        page.write_string_with_format(row, 0, line, &bold)?;
        row += 1;
    }
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let header = row;
    for (column, (title, width)) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(header, column, title, &head)?;
        page.set_column_width(column, *width)?;
    }
    page.set_row_height(header, HEADER)?;
    let formats = Formats::new();
    for cells in &sheet.rows {
        row += 1;
        page.set_row_height(row, LINE * lines(cells, &sheet.columns))?;
        for (column, cell) in (0..).zip(cells) {
            formats.write(page, (row, column), cell)?;
        }
    }
    let last = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.autofilter(header, 0, row, last)?;
    page.set_freeze_panes(header + 1, 0)?;
    page.set_repeat_rows(header, header)?;
    page.set_paper_size(A4);
    page.set_landscape();
    let letters: f64 = sheet.columns.iter().map(|(_, width)| width).sum();
    let abreast = (1..MOST_ABREAST)
        .find(|pages| f64::from(*pages) * LETTERS >= letters)
        .unwrap_or(MOST_ABREAST);
    page.set_print_fit_to_pages(abreast, 0);
    if abreast > 1 {
        // Whose row it is, on each of them.
        page.set_repeat_columns(0, 1)?;
    }
    page.set_footer("&C&P/&N");
    Ok(())
}

/// The lines a row takes with its texts wrapped between words: not every program finds out by itself.
fn lines(cells: &[Cell], columns: &[(String, f64)]) -> f64 {
    let wanted = cells.iter().zip(columns).map(|(cell, (_, width))| {
        let Cell::Text(text) = cell else { return 1 };
        let letters = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
        (1..MOST_LINES)
            .find(|lines| f64::from(*lines) * (width - 2.0) >= letters)
            .unwrap_or(MOST_LINES)
    });
    f64::from(wanted.max().unwrap_or(1))
}

/// How each kind of cell looks.
struct Formats {
    text: Format,
    whole: Format,
    decimal: Format,
    time: Format,
}

impl Formats {
    fn new() -> Self {
        let framed = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        Self {
            text: framed().set_text_wrap(),
            whole: framed().set_num_format("0"),
            decimal: framed().set_num_format("0.0"),
            time: framed().set_num_format(TIME),
        }
    }

    fn write(
        &self,
        page: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
    ) -> Result<(), Error> {
        match cell {
            Cell::Empty => page.write_blank(row, column, &self.text)?,
            Cell::Text(text) => page.write_string_with_format(row, column, text, &self.text)?,
            Cell::Whole(number) => page.write_with_format(row, column, *number, &self.whole)?,
            Cell::Decimal(number) => {
                page.write_number_with_format(row, column, *number, &self.decimal)?
            }
            Cell::Time(at) => {
                let at = at.date().and_time(at.time());
                page.write_datetime_with_format(row, column, at, &self.time)?
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_longest_text() {
        let columns = [("A".to_owned(), 12.0), ("B".to_owned(), 12.0)];
        let row = |text: &str| lines(&[Cell::Whole(7), Cell::text(Some(text))], &columns);
        assert_eq!(row("").total_cmp(&1.0), Ordering::Equal);
        assert_eq!(row("0123456789").total_cmp(&1.0), Ordering::Equal);
        assert_eq!(row("0123456789a").total_cmp(&2.0), Ordering::Equal);
    }
}
