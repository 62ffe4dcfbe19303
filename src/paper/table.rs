//! Tables of a document: a header that every page repeats, and rows that no page cuts.

use docx_rs::{
    AlignmentType, HeightRule, Paragraph, Run, TableCell, TableLayoutType, TableRow, VAlignType,
    WidthType,
};

/// 12 points, in halves: what tables are set in.
const SIZE: usize = 24;
/// 9 points, in halves: what wide tables are set in, so that words of their titles stay whole.
const SMALL_SIZE: usize = 18;
/// The most columns of a table that is not wide.
const MOST_COLUMNS: usize = 8;
/// A row that nothing is said of. The library has no word for a header row; every other row of
/// ours says that it is not split, so such a one is a header.
const UNSAID: &str = "<w:trPr />";
/// A row that is printed on every page of its table.
const REPEATED: &str = "<w:trPr><w:cantSplit /><w:tblHeader /></w:trPr>";

/// How a column's texts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Short words and marks.
    Centre,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Its share of the width, in relation to the others.
    pub share: u32,
    /// How its texts stand.
    pub align: Align,
}

impl Column {
    /// A column with a title, a share and an alignment.
    pub fn new(title: impl Into<String>, share: u32, align: Align) -> Self {
        Self {
            title: title.into(),
            share,
            align,
        }
    }
}

/// A table with a header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a text for each column.
    pub rows: Vec<Vec<String>>,
    /// The least height of a row, in points: room for a hand; `None` is that of the text.
    pub height: Option<u16>,
}

/// The table in the library's words; so many of its last rows go to the next page with what follows.
pub(super) fn of(table: &Table, width: u32, kept: usize) -> docx_rs::Table {
    let shares: u32 = table.columns.iter().map(|column| column.share).sum();
    let widths: Vec<usize> = table
        .columns
        .iter()
        .map(|column| usize::try_from(width * column.share / shares.max(1)).unwrap_or_default())
        .collect();
    let is_wide = table.columns.len() > MOST_COLUMNS;
    let size = if is_wide { SMALL_SIZE } else { SIZE };
    let titles = table.columns.iter().map(|column| {
        let run = Run::new().add_text(&column.title).bold().size(size);
        cell(run, AlignmentType::Center, false)
    });
    let kept_from = table.rows.len().saturating_sub(kept);
    let mut rows = vec![row(titles, &widths)];
    rows.extend(table.rows.iter().enumerate().map(|(index, texts)| {
        let is_kept = index >= kept_from;
        let cells = table.columns.iter().zip(texts).map(|(column, text)| {
            let align = match column.align {
                Align::Left => AlignmentType::Left,
                Align::Centre => AlignmentType::Center,
                Align::Right => AlignmentType::Right,
            };
            cell(Run::new().add_text(text).size(size), align, is_kept)
        });
        let row = row(cells, &widths).cant_split();
        match table.height {
            Some(points) => row
                .row_height(f32::from(points) * 20.0)
                .height_rule(HeightRule::AtLeast),
            None => row,
        }
    }));
    docx_rs::Table::new(rows)
        .layout(TableLayoutType::Fixed)
        .width(widths.iter().sum(), WidthType::Dxa)
        .set_grid(widths)
}

fn cell(run: Run, align: AlignmentType, is_kept: bool) -> TableCell {
    let mut text = Paragraph::new().align(align).add_run(run);
    if is_kept {
        text = text.keep_next(true);
    }
    TableCell::new()
        .vertical_align(VAlignType::Center)
        .add_paragraph(text)
}

fn row(cells: impl Iterator<Item = TableCell>, widths: &[usize]) -> TableRow {
    let cells = cells
        .zip(widths)
        .map(|(cell, width)| cell.width(*width, WidthType::Dxa));
    TableRow::new(cells.collect())
}

/// The document's text with every header row made one that repeats.
pub(super) fn with_repeated_headers(xml: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(xml)
        .replace(UNSAID, REPEATED)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_row_repeats_and_no_other() {
        let table = Table {
            columns: vec![Column::new("STT", 1, Align::Centre)],
            rows: vec![vec!["1".into()], vec!["2".into()]],
            height: None,
        };
        let package = docx_rs::Docx::new().add_table(of(&table, 9000, 1)).build();
        let xml = String::from_utf8(with_repeated_headers(&package.document)).unwrap();
        assert_eq!(xml.matches(REPEATED).count(), 1, "{xml}");
        assert!(!xml.contains(UNSAID), "{xml}");
        assert_eq!(xml.matches("<w:cantSplit").count(), 3);
        assert_eq!(xml.matches("<w:keepNext").count(), 1);
    }
}
