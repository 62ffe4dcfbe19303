//! A sign-in sheet as an office saves it, read into rows.
//!
//! It knows files and Vietnamese headers, and nothing of attendees: what a row means to training
//! is the import's business. `decode` makes cells of bytes, with
//! `workbook` for XLSX, `header` finds the columns, `lower` those of its
//! second line, `row` and
//! `year` read the values.

mod decode;
mod header;
mod lower;
mod row;
mod workbook;
mod year;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

pub use row::{SheetRow, SheetSex, Warning};

/// The most rows a sheet may have.
pub const MAX_ROWS: usize = 20_000;

/// Why a file cannot be read as a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// There is nothing in it.
    #[error("the sheet is empty")]
    Empty,
    /// It is neither CSV nor XLSX.
    #[error("the file is neither CSV nor XLSX")]
    UnknownFormat,
    /// No row names a column of names.
    #[error("no header row names a column of names")]
    NoHeader,
    /// It has more than [`MAX_ROWS`].
    #[error("the sheet has too many rows")]
    TooManyRows,
    /// The file is too large, or unpacks to too much.
    #[error("the sheet is too large")]
    TooLarge,
}

impl SheetError {
    /// Its code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheet-empty",
            Self::UnknownFormat => "sheet-format-unknown",
            Self::NoHeader => "sheet-header-missing",
            Self::TooManyRows => "sheet-too-many-rows",
            Self::TooLarge => "sheet-too-large",
        }
    }
}

/// What was read of a file.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The rows.
    pub rows: Vec<SheetRow>,
    /// The names of other sheets of the workbook that look like lists, too, and were not read.
    pub unread: Vec<String>,
}

/// Reads the rows of a sheet: whoever has a name or other data under the header row, without
/// titles, totals and signatures.
///
/// # Errors
/// When the bytes are no sheet, or too much of one.
pub fn read(bytes: &[u8]) -> Result<Vec<SheetRow>, SheetError> {
    Ok(open(bytes)?.rows)
}

/// The same, with what of the file was not read.
///
/// # Errors
/// When the bytes are no sheet, or too much of one.
pub fn open(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let (grid, unread) = decode::grid(bytes)?;
    if grid.iter().all(|line| line.iter().all(String::is_empty)) {
        return Err(SheetError::Empty);
    }
    let (at, columns) = header::find(&grid).ok_or(SheetError::NoHeader)?;
    let mut rows = Vec::new();
    let count = grid.get(at + 1).filter(|cells| lower::is_count(cells));
    let (mut is_signed, mut is_counted) = (false, false);
    for (index, cells) in grid.iter().enumerate().skip(at + 1) {
        // Pages repeat the header, and some forms number its columns.
        let is_above = |cells: &Vec<String>| grid.iter().take(at + 1).any(|above| above == cells);
        if header::is_header(cells) || count == Some(cells) || is_above(cells) {
            continue;
        }
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        match row::read(number, cells, &columns) {
            // Under "Người lập danh sách" stands who made the list, not who is on it.
            row::Line::Person(row, weight) if is_signed && weight.is_signer(&row, is_counted) => {}
            row::Line::Person(row, weight) => {
                is_counted |= weight == row::Weight::Numbered;
                rows.push(*row);
            }
            row::Line::Signature => is_signed = true,
            row::Line::Other => {}
        }
    }
    if rows.len() > MAX_ROWS {
        return Err(SheetError::TooManyRows);
    }
    Ok(Sheet { rows, unread })
}
