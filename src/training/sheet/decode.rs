//! Bytes become a grid of cells.

use super::{SheetError, header, workbook};

/// The most bytes a file may have.
const BYTES_MAX: usize = 5 * 1024 * 1024;
/// The most characters of a cell that are kept.
const CELL_MAX: usize = 4_000;
/// The most columns of a row that are looked at.
pub(super) const COLUMNS_MAX: usize = 64;
/// The most lines that are looked at: the rows, and titles and totals around them.
pub(super) const LINES_MAX: usize = super::MAX_ROWS + 1_000;

/// A sheet: lines of cells.
pub(super) type Grid = Vec<Vec<String>>;

/// The cells of a file, and the names of sheets that were not read.
pub(super) fn grid(bytes: &[u8]) -> Result<(Grid, Vec<String>), SheetError> {
    if bytes.len() > BYTES_MAX {
        return Err(SheetError::TooLarge);
    }
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The reader multiplies what a damaged file claims without care; whatever it trips over,
        // the file is none.
        return std::panic::catch_unwind(|| workbook::grid(bytes))
            .unwrap_or(Err(SheetError::UnknownFormat));
    }
    // An old .xls, a PDF or a picture.
    let is_binary = [
        &b"\xD0\xCF\x11\xE0"[..],
        b"%PDF",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"{\\rtf",
    ]
    .iter()
    .any(|magic| bytes.starts_with(magic));
    if is_binary {
        return Err(SheetError::UnknownFormat);
    }
    Ok((separated(&text(bytes)?)?, Vec::new()))
}

/// A cell without the space around it, cut where no name or note is as long.
pub(super) fn clip(text: &str) -> String {
    text.trim().chars().take(CELL_MAX).collect()
}

/// The text of a file: UTF-8, UTF-16 of either order with or without a mark, else the old
/// Vietnamese code page of Windows.
fn text(bytes: &[u8]) -> Result<String, SheetError> {
    use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1258};
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return Ok(encoding.decode_without_bom_handling(rest).0.into_owned());
    }
    let zeros = |parity: usize| {
        let found = bytes
            .iter()
            .skip(parity)
            .step_by(2)
            .take(200)
            .filter(|byte| **byte == 0);
        found.count()
    };
    // Without a mark: the digits, spaces and separators of a sheet have a zero beside them.
    if bytes.len() >= 8 {
        let looked_at = bytes.len().min(400) / 2;
        if zeros(1) * 4 > looked_at && zeros(0) * 8 < looked_at {
            return Ok(UTF_16LE.decode_without_bom_handling(bytes).0.into_owned());
        }
        if zeros(0) * 4 > looked_at && zeros(1) * 8 < looked_at {
            return Ok(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned());
        }
    }
    if bytes.contains(&0) {
        return Err(SheetError::UnknownFormat);
    }
    // A byte that was damaged makes no other code page of the rest.
    let text = String::from_utf8_lossy(bytes);
    let damaged = text.matches('\u{FFFD}').count();
    let letters = text.chars().filter(|c| !c.is_ascii()).count();
    if damaged * 4 <= letters {
        return Ok(text.into_owned());
    }
    let (text, _) = WINDOWS_1258.decode_without_bom_handling(bytes);
    Ok(text.into_owned())
}

fn records(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn separated(text: &str) -> Result<Grid, SheetError> {
    let mut grid = Grid::new();
    let (mut counted, mut line, mut inner) = (0, 0, 0);
    for record in records(text, delimiter(text)).records() {
        let record = record.map_err(|_broken| SheetError::UnknownFormat)?;
        // The reader skips empty lines and gives the place before them; a row's number is where
        // a spreadsheet shows it, and there a cell of several lines is still in one row.
        let from = record.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = text.get(from..).unwrap_or_default();
        let start = from + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += line_feeds(text.get(counted..start).unwrap_or_default());
        counted = start;
        let row = line - inner.min(line);
        if row > LINES_MAX {
            return Err(SheetError::TooManyRows);
        }
        while grid.len() < row {
            grid.push(Vec::new());
        }
        inner += record.iter().map(line_feeds).sum::<usize>();
        grid.push(record.iter().take(COLUMNS_MAX).map(clip).collect());
    }
    Ok(grid)
}

fn line_feeds(text: &str) -> usize {
    text.matches('\n').count()
}

/// The separator under which the first lines show a header row with the most columns. Counting
/// would fail: an address column has more commas than a row has separators.
fn delimiter(text: &str) -> u8 {
    let columns = |delimiter: u8| {
        let first: Grid = records(text, delimiter)
            .records()
            .map_while(Result::ok)
            .take(header::LINES)
            .map(|record| record.iter().take(COLUMNS_MAX).map(clip).collect())
            .collect();
        header::find(&first).map_or(0, |(_, columns)| columns.len())
    };
    [b'|', b',', b'\t', b';']
        .into_iter()
        .max_by_key(|delimiter| columns(*delimiter))
        .unwrap_or(b';')
}
