//! Bytes become a grid of cells.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::SheetError;

/// The most bytes a file may have.
const BYTES_MAX: usize = 5 * 1024 * 1024;
/// The most characters of a cell that are kept.
const CELL_MAX: usize = 4_000;
/// The most columns of a row that are looked at.
const COLUMNS_MAX: usize = 64;
/// The most lines that are looked at: the rows, and titles and totals around them.
const LINES_MAX: usize = super::MAX_ROWS + 1_000;
/// The most bytes a workbook may unpack to.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

/// A sheet: lines of cells.
pub(super) type Grid = Vec<Vec<String>>;

/// The cells of a file.
pub(super) fn grid(bytes: &[u8]) -> Result<Grid, SheetError> {
    if bytes.len() > BYTES_MAX {
        return Err(SheetError::TooLarge);
    }
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The reader multiplies what a damaged file claims without care; whatever it trips over,
        // the file is none.
        return std::panic::catch_unwind(|| workbook(bytes))
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
    separated(&text(bytes)?)
}

fn workbook(bytes: &[u8]) -> Result<Grid, SheetError> {
    if unpacked_size(bytes).is_none_or(|size| size > UNPACKED_MAX) {
        return Err(SheetError::TooLarge);
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|_unreadable: calamine::XlsxError| SheetError::UnknownFormat)?;
    // The first sheet that has anything: offices leave empty ones around.
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        if range.is_empty() {
            continue;
        }
        let (top, left) = range.start().unwrap_or((0, 0));
        let lines = usize::try_from(top).unwrap_or(0) + range.height();
        if lines > LINES_MAX {
            return Err(SheetError::TooManyRows);
        }
        let mut grid: Grid = vec![Vec::new(); usize::try_from(top).unwrap_or(0)];
        for line in range.rows() {
            let mut cells = vec![String::new(); usize::try_from(left).unwrap_or(0)];
            cells.extend(line.iter().take(COLUMNS_MAX).map(cell));
            grid.push(cells);
        }
        return Ok(grid);
    }
    Err(SheetError::Empty)
}

/// The sizes the zip's central directory claims, added up; `None` where there is none. The
/// claim may lie, but the unpacker stops at the claimed size.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    let mut total = 0_u64;
    let mut found = false;
    let mut rest = bytes;
    while let Some(at) = rest.windows(4).position(|window| window == b"PK\x01\x02") {
        let entry = rest.get(at..)?;
        let size = entry.get(24..28)?;
        let size = u32::from_le_bytes(size.try_into().ok()?);
        total = total.saturating_add(u64::from(size));
        found = true;
        rest = entry.get(46..)?;
    }
    found.then_some(total)
}

fn cell(data: &Data) -> String {
    let text = match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => {
            // A whole number stands without its ".0".
            if number.fract() == 0.0 {
                format!("{number:.0}")
            } else {
                number.to_string()
            }
        }
        Data::Int(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
    };
    clip(&text)
}

fn clip(text: &str) -> String {
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
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Ok(WINDOWS_1258
            .decode_without_bom_handling(bytes)
            .0
            .into_owned()),
    }
}

fn separated(text: &str) -> Result<Grid, SheetError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut grid = Grid::new();
    let (mut counted, mut line) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|_broken| SheetError::UnknownFormat)?;
        // The reader skips empty lines and gives the place before them; a row's number is where
        // it stands in the file.
        let from = record.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = text.get(from..).unwrap_or_default();
        let start = from + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text
            .get(counted..start)
            .unwrap_or_default()
            .matches('\n')
            .count();
        counted = start;
        if line > LINES_MAX {
            return Err(SheetError::TooManyRows);
        }
        while grid.len() < line {
            grid.push(Vec::new());
        }
        grid.push(record.iter().take(COLUMNS_MAX).map(clip).collect());
    }
    Ok(grid)
}

/// The separator that stands most evenly in the first lines, outside quotes.
fn delimiter(text: &str) -> u8 {
    let (mut semicolons, mut tabs, mut commas) = (0, 0, 0);
    let mut is_quoted = false;
    for c in text.chars().take(20_000) {
        match c {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            ';' => semicolons += 1,
            '\t' => tabs += 1,
            ',' => commas += 1,
            _ => {}
        }
    }
    if tabs > semicolons && tabs > commas {
        b'\t'
    } else if semicolons >= commas && semicolons > 0 {
        b';'
    } else {
        b','
    }
}
