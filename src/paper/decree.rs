//! What stands above and below an official text (`domain.md` §7): who issues it and the name of
//! the state; who gets it and who signs.

use docx_rs::{
    BorderType, LineSpacing, Paragraph, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders,
    Run, Table, TableCell, TableLayoutType, TableRow, WidthType,
};

use super::document::{SMALL, centred, in_the_middle};

/// 12 points, in halves.
const HEAD: usize = 24;
/// 11 points, in halves.
const RECIPIENT: usize = 22;
/// The state's name.
const STATE: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
/// Its motto, with spaced hyphens.
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";

/// Who issues a document.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The body above, where one is printed.
    pub superior: Option<String>,
    /// The issuer, a line each.
    pub issuer: Vec<String>,
    /// The number with the abbreviation of its kind; a list has none.
    pub number: Option<String>,
    /// Place and date; a list has none.
    pub dated: Option<String>,
}

/// Who signs.
#[derive(Debug, Clone, Default)]
pub struct Signature {
    /// In what capacity, a line each.
    pub capacity: Vec<String>,
    /// A remark below it: `(Ký, ghi rõ họ tên)`.
    pub remark: Option<String>,
    /// Place and date above it, where the head has none: a letter of a private person.
    pub dated: Option<String>,
    /// The name below the room to sign; without one it is written by hand.
    pub name: Option<String>,
}

/// The head: two columns, a row for the names and one for number and date.
pub(super) fn head(head: &Head, width: u32) -> Table {
    let columns = [width * 2 / 5, width - width * 2 / 5];
    let [left, right] = columns;
    let mut issuer = TableCell::new();
    if let Some(superior) = &head.superior {
        let run = Run::new().add_text(superior.to_uppercase()).size(HEAD);
        issuer = issuer.add_paragraph(in_the_middle(run));
    }
    for line in &head.issuer {
        issuer = issuer.add_paragraph(centred(&line.to_uppercase(), HEAD));
    }
    issuer = issuer.add_paragraph(rule(left, left * 2 / 5));
    let state = state(right, right * 11 / 20);
    let state = state
        .into_iter()
        .fold(TableCell::new(), TableCell::add_paragraph);
    let mut rows = vec![vec![issuer, state]];
    if head.number.is_some() || head.dated.is_some() {
        let number = Run::new().add_text(head.number.clone().unwrap_or_default());
        let dated = Run::new().add_text(head.dated.clone().unwrap_or_default());
        let cell = |run: Run| TableCell::new().add_paragraph(in_the_middle(run.size(SMALL)));
        rows.push(vec![cell(number), cell(dated.italic())]);
    }
    without_borders(rows, columns)
}

/// The state's name and its motto in the middle of a column, with a rule of a given length.
pub(super) fn state(column: u32, length: u32) -> [Paragraph; 3] {
    [
        centred(STATE, HEAD),
        centred(MOTTO, SMALL),
        rule(column, length),
    ]
}

/// The foot: recipients on the left, the signature with room to sign on the right.
pub(super) fn foot(recipients: &[&str], signature: &Signature, width: u32) -> Table {
    let columns = [width / 2, width - width / 2];
    let mut left = TableCell::new();
    if !recipients.is_empty() {
        let title = Run::new().add_text("Nơi nhận:").bold().italic().size(HEAD);
        left = left.add_paragraph(Paragraph::new().add_run(title));
    }
    for recipient in recipients {
        let run = Run::new().add_text(*recipient).size(RECIPIENT);
        left = left.add_paragraph(Paragraph::new().add_run(run));
    }
    if recipients.is_empty() {
        left = left.add_paragraph(Paragraph::new());
    }
    let mut right = TableCell::new();
    if let Some(dated) = &signature.dated {
        let run = Run::new().add_text(dated).italic().size(SMALL);
        right = right.add_paragraph(in_the_middle(run));
    }
    for line in &signature.capacity {
        right = right.add_paragraph(centred(line, SMALL));
    }
    if let Some(remark) = &signature.remark {
        let run = Run::new().add_text(remark).italic().size(SMALL);
        right = right.add_paragraph(in_the_middle(run));
    }
    for _line in 0..4 {
        right = right.add_paragraph(Paragraph::new());
    }
    if let Some(name) = &signature.name {
        right = right.add_paragraph(centred(name, SMALL));
    }
    without_borders(vec![vec![left, right]], columns)
}

/// A rule of a given length in the middle of a column.
pub(super) fn rule(column: u32, length: u32) -> Paragraph {
    let side = i32::try_from(column.saturating_sub(length) / 2).unwrap_or_default();
    let border = ParagraphBorder::new(ParagraphBorderPosition::Top)
        .val(BorderType::Single)
        .size(6)
        .color("000000");
    Paragraph::new()
        .indent(Some(side), None, Some(side), None)
        .set_borders(ParagraphBorders::with_empty().set(border))
        .line_spacing(LineSpacing::new().before(20))
        .add_run(Run::new().add_text("").size(8))
}

fn without_borders(rows: Vec<Vec<TableCell>>, columns: [u32; 2]) -> Table {
    let size = |twips: u32| usize::try_from(twips).unwrap_or_default();
    let rows = rows.into_iter().map(|cells| {
        let cells = cells
            .into_iter()
            .zip(columns)
            .map(|(cell, width)| cell.width(size(width), WidthType::Dxa));
        TableRow::new(cells.collect()).cant_split()
    });
    Table::without_borders(rows.collect())
        .layout(TableLayoutType::Fixed)
        .set_grid(columns.map(size).to_vec())
        .width(size(columns.iter().sum()), WidthType::Dxa)
}
