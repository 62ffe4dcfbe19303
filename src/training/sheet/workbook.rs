//! An XLSX workbook becomes a grid, within bounds that the file cannot move.

use std::io::{Cursor, Read};

use calamine::{
    DataRef, Reader, SheetVisible, Xlsx, XlsxCellFormulaMetadataRecord, XlsxError,
    XlsxFormulaMetadata,
};
use zip::ZipArchive;

use super::decode::{COLUMNS_MAX, Grid, LINES_MAX, clip};
use super::{SheetError, header};

/// The most bytes a workbook's parts may unpack to, and its cells may hold.
const UNPACKED_MAX: usize = 32 * 1024 * 1024;
/// The most sheets that are looked at.
const SHEETS_MAX: usize = 16;
/// The most digits of a count of strings: the reader reserves room for as many as are claimed.
const COUNT_DIGITS_MAX: usize = 6;

/// The first visible sheet with a header row, else the first that has anything; and the names of the
/// others that have a header row, too, hidden ones among them.
pub(super) fn grid(bytes: &[u8]) -> Result<(Grid, Vec<String>), SheetError> {
    measure(bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|_unreadable: XlsxError| SheetError::UnknownFormat)?;
    let sheets = book.sheets_metadata().iter();
    let sheets: Vec<(String, bool)> = sheets
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .take(SHEETS_MAX)
        .collect();
    let mut list = None;
    let mut unread = Vec::new();
    let mut first = Err(SheetError::Empty);
    for (name, is_visible) in sheets {
        let read = sheet(&mut book, &name);
        match &read {
            Ok(grid) if header::find(grid).is_some() => match list {
                None if is_visible => list = Some((name, read)),
                _ => unread.push(name),
            },
            _ if !is_visible => {}
            Ok(grid) if grid.is_empty() => {}
            _ if matches!(first, Err(SheetError::Empty)) => first = read,
            _ => {}
        }
    }
    let Some((name, list)) = list else {
        return Ok((first?, unread));
    };
    let mut grid = list?;
    fill_down(&mut book, &name, &mut grid);
    Ok((grid, unread))
}

/// Gives a body or a post that is merged over several lines to each of them.
fn fill_down(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, grid: &mut Grid) {
    let Some((header, columns)) = header::find(grid) else {
        return;
    };
    // Without its regions a sheet is still a sheet.
    let regions = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let mut left = UNPACKED_MAX;
    for region in regions {
        let at = |(line, column): (u32, u32)| {
            let whole = |number| usize::try_from(number).unwrap_or(usize::MAX);
            (whole(line), whole(column))
        };
        let ((first, column), (last, last_column)) = (at(region.start), at(region.end));
        let is_shared = columns
            .iter()
            .any(|(index, what)| *index == column && what.is_shared());
        if first <= header || !is_shared || column != last_column {
            continue;
        }
        let Some(text) = grid.get(first).and_then(|cells| cells.get(column)).cloned() else {
            continue;
        };
        for cells in grid.iter_mut().take(last.saturating_add(1)).skip(first + 1) {
            let Some(after) = left.checked_sub(text.len().max(1)) else {
                return;
            };
            left = after;
            // An unused line of the form stays one.
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if cells.len() <= column {
                cells.resize_with(column + 1, String::new);
            }
            if let Some(place) = cells.get_mut(column).filter(|place| place.is_empty()) {
                place.clone_from(&text);
            }
        }
    }
}

/// Unpacks every part once and throws it away: the sizes in the directory are only claims, and
/// neither the unpacker nor the reader holds a file to them.
fn measure(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_broken: zip::result::ZipError| SheetError::UnknownFormat)?;
    let mut left = UNPACKED_MAX;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else {
            continue;
        };
        let mut unpacked = Vec::new();
        let limit = u64::try_from(left).unwrap_or(u64::MAX);
        // A part that breaks off breaks off for the reader too; what came before counts.
        let _broken = part
            .take(limit.saturating_add(1))
            .read_to_end(&mut unpacked);
        left = left
            .checked_sub(unpacked.len())
            .ok_or(SheetError::TooLarge)?;
        if claims_too_many(&unpacked) {
            return Err(SheetError::TooLarge);
        }
    }
    Ok(())
}

/// Whether a part claims so many strings that making room for them would end the process.
fn claims_too_many(xml: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    xml.windows(NAME.len())
        .enumerate()
        .filter(|(_, window)| *window == NAME)
        .any(|(at, _)| {
            let digits = xml
                .iter()
                .skip(at + NAME.len())
                .skip_while(|byte| b" \t\r\n=+\"'".contains(byte))
                .take_while(|byte| byte.is_ascii_digit());
            digits.count() > COUNT_DIGITS_MAX
        })
}

/// The cells of one sheet, one by one: a range would make room for every cell up to the last.
fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Grid, SheetError> {
    let unreadable = |_: XlsxError| SheetError::UnknownFormat;
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut grid = Grid::new();
    let mut left = UNPACKED_MAX;
    while let Some(record) = cells
        .next_cell_with_formula_metadata()
        .map_err(unreadable)?
    {
        let line = usize::try_from(record.pos.0).unwrap_or(usize::MAX);
        let column = usize::try_from(record.pos.1).unwrap_or(usize::MAX);
        let text = text(&record);
        if text.is_empty() || column >= COLUMNS_MAX {
            continue;
        }
        if line >= LINES_MAX {
            return Err(SheetError::TooManyRows);
        }
        left = left.checked_sub(text.len()).ok_or(SheetError::TooLarge)?;
        if grid.len() <= line {
            grid.resize_with(line + 1, Vec::new);
        }
        let Some(row) = grid.get_mut(line) else {
            continue;
        };
        if row.len() <= column {
            row.resize_with(column + 1, String::new);
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    Ok(grid)
}

/// What a cell shows; a formula nobody computed stays the text it is.
fn text(record: &XlsxCellFormulaMetadataRecord<'_>) -> String {
    let shown = shown(&record.value);
    match &record.formula {
        Some(
            XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. },
        ) if shown.is_empty() && !formula.is_empty() => clip(&format!("={formula}")),
        _ => shown,
    }
}

fn shown(data: &DataRef<'_>) -> String {
    match data {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            clip(text)
        }
        DataRef::SharedString(text) => clip(text),
        // A whole number stands without its ".0".
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
    }
}
