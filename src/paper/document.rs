//! A Word document from its first line to its last.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Header, LineSpacing, PageMargin, PageNum, PageOrientationType, Paragraph,
    Run, RunFonts, SpecialIndentType,
};

use super::Error;
use super::decree::{self, Head, Signature};
use super::table::{self, Table};
use crate::kernel::Timestamp;

/// Twentieths of a point in a centimetre.
const TWIPS_PER_CENTIMETRE: u32 = 567;
/// A4, its short and its long side, in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);
/// The left margin: 30 mm of the 30 to 35 allowed.
const LEFT: u32 = 3 * TWIPS_PER_CENTIMETRE;
/// The other margins: 20 mm.
const EDGE: u32 = 2 * TWIPS_PER_CENTIMETRE;
/// 14 points, in halves: what the text is set in.
pub(super) const BODY: usize = 28;
/// 13 points, in halves.
pub(super) const SMALL: usize = 26;
/// 20 points, in halves: a mark.
const MARK: usize = 40;
/// The space after a paragraph: 6 points, in twentieths.
const GAP: u32 = 120;

/// Rows of a table that stay with the closing after it.
const KEPT_ROWS: usize = 2;

/// Which way the sheet lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Upright, for letters and reports.
    Portrait,
    /// Lying, for wide lists.
    Landscape,
}

impl Page {
    fn size(self) -> (u32, u32) {
        match self {
            Self::Portrait => A4,
            Self::Landscape => (A4.1, A4.0),
        }
    }
}

/// A document being written.
#[derive(Debug)]
#[must_use = "a document is only written by `into_bytes`"]
pub struct Document {
    docx: Docx,
    width: u32,
}

impl Document {
    /// An empty document; from its second page on, pages are numbered in the top margin.
    pub fn new(page: Page, now: Timestamp) -> Self {
        let number = Paragraph::new()
            .align(AlignmentType::Center)
            .add_page_num(PageNum::new());
        Self::begin(page, now).with(|docx| {
            docx.first_header(Header::new().add_paragraph(Paragraph::new()))
                .header(Header::new().add_paragraph(number))
        })
    }

    fn begin(page: Page, now: Timestamp) -> Self {
        let (width, height) = page.size();
        let margin = |twips: u32| i32::try_from(twips).unwrap_or_default();
        let margins = PageMargin::new()
            .top(margin(EDGE))
            .bottom(margin(EDGE))
            .left(margin(LEFT))
            .right(margin(EDGE))
            .header(margin(EDGE / 2))
            .footer(margin(EDGE / 2));
        let orientation = match page {
            Page::Portrait => PageOrientationType::Portrait,
            Page::Landscape => PageOrientationType::Landscape,
        };
        let font = "Times New Roman";
        let fonts = RunFonts::new()
            .ascii(font)
            .hi_ansi(font)
            .cs(font)
            .east_asia(font);
        let at = now.utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let docx = Docx::new()
            .page_size(width, height)
            .page_orient(orientation)
            .page_margin(margins)
            .default_fonts(fonts)
            .default_size(BODY)
            .created_at(&at)
            .updated_at(&at);
        Self {
            docx,
            width: width - LEFT - EDGE,
        }
    }

    /// Several letters in one file, whose pages have no number: each begins anew.
    pub fn of_letters(page: Page, now: Timestamp) -> Self {
        Self::begin(page, now)
    }

    /// Who issues it, beside the name of the state.
    pub fn head(self, head: &Head) -> Self {
        let width = self.width;
        self.with(|docx| {
            docx.add_table(decree::head(head, width))
                .add_paragraph(spacer())
        })
    }

    /// The name of the state alone: the head of a letter that a private person writes.
    pub fn private_head(self) -> Self {
        let width = self.width;
        let state = decree::state(width, width / 3);
        self.with(|docx| {
            let docx = state.into_iter().fold(docx, Docx::add_paragraph);
            docx.add_paragraph(spacer())
        })
    }

    /// To whom it goes.
    pub fn addressee(self, name: &str) -> Self {
        let to = Run::new().add_text(format!("Kính gửi: {name}")).bold();
        let to = in_the_middle(to).line_spacing(LineSpacing::new().after(GAP));
        self.with(|docx| docx.add_paragraph(to))
    }

    /// What it is, and what it is about.
    pub fn title(self, kind: &str, summary: &str) -> Self {
        let width = self.width;
        self.with(|docx| {
            docx.add_paragraph(centred(kind, BODY))
                .add_paragraph(centred(summary, BODY))
                .add_paragraph(decree::rule(width, width / 5))
                .add_paragraph(spacer())
        })
    }

    /// A heading of a part.
    pub fn heading(self, text: &str) -> Self {
        let heading = body(Run::new().add_text(text).bold()).keep_next(true);
        self.with(|docx| docx.add_paragraph(heading))
    }

    /// A paragraph; each line of the text is one of its own, indented like the first.
    pub fn paragraph(self, text: &str) -> Self {
        text.lines().fold(self, |document, line| {
            let line = body(Run::new().add_text(line));
            document.with(|docx| docx.add_paragraph(line))
        })
    }

    /// The last paragraph: it goes to the next page with the signature, which never stands alone.
    pub fn closing(self, text: &str) -> Self {
        let last = body(Run::new().add_text(text))
            .keep_next(true)
            .keep_lines(true);
        self.with(|docx| docx.add_paragraph(last))
    }

    /// A paragraph that says what it tells: `Thời gian: 8 giờ`.
    pub fn fact(self, name: &str, text: &str) -> Self {
        let mut lines = text.lines();
        let fact = Paragraph::new()
            .add_run(Run::new().add_text(format!("{name}: ")).bold())
            .add_run(Run::new().add_text(lines.next().unwrap_or_default()));
        let document = self.with(|docx| docx.add_paragraph(justified(fact)));
        lines.fold(document, |document, line| {
            let line = body(Run::new().add_text(line));
            document.with(|docx| docx.add_paragraph(line))
        })
    }

    /// A fact, or where it is not known a dotted line to write it on.
    pub fn fact_or_line(self, name: &str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            return self.fact(name, text);
        }
        let line = Paragraph::new()
            .add_tab(self.dots())
            .add_run(Run::new().add_text(format!("{name}: ")).bold())
            .add_run(Run::new().add_tab());
        self.with(|docx| docx.add_paragraph(justified(line)))
    }

    /// A mark that nobody overlooks: what is printed is not the record yet.
    pub fn mark(self, text: &str) -> Self {
        let mark = Run::new().add_text(text).bold().size(MARK).color("C00000");
        self.with(|docx| docx.add_paragraph(in_the_middle(mark)))
    }

    /// Dotted lines to write on.
    pub fn lines(mut self, number: usize) -> Self {
        for _line in 0..number {
            let line = Paragraph::new()
                .add_tab(self.dots())
                .line_spacing(LineSpacing::new().after(GAP))
                .add_run(Run::new().add_tab());
            self = self.with(|docx| docx.add_paragraph(line));
        }
        self
    }

    /// Dots from where the line is to the right margin.
    fn dots(&self) -> docx_rs::Tab {
        docx_rs::Tab::new()
            .val(docx_rs::TabValueType::Right)
            .leader(docx_rs::TabLeaderType::Dot)
            .pos(usize::try_from(self.width).unwrap_or_default())
    }

    /// A table over the whole width, and a little air below it.
    pub fn table(self, table: &Table) -> Self {
        let width = self.width;
        self.with(|docx| {
            docx.add_table(table::of(table, width, 0))
                .add_paragraph(spacer())
        })
    }

    /// A table whose last rows go to the next page with the closing after it.
    pub fn table_before_closing(self, table: &Table) -> Self {
        let width = self.width;
        self.with(|docx| {
            docx.add_table(table::of(table, width, KEPT_ROWS))
                .add_paragraph(spacer().keep_next(true))
        })
    }

    /// Who gets it, beside who signs.
    pub fn signature(self, recipients: &[&str], signature: &Signature) -> Self {
        let width = self.width;
        self.with(|docx| docx.add_table(decree::foot(recipients, signature, width)))
    }

    /// What follows begins on a page of its own.
    pub fn page_break(self) -> Self {
        self.with(|docx| docx.add_paragraph(spacer().page_break_before(true)))
    }

    /// The file.
    ///
    /// # Errors
    /// When the package cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let mut package = self.docx.build();
        package.document = table::with_repeated_headers(&package.document);
        let mut file = Cursor::new(Vec::new());
        package.pack(&mut file)?;
        Ok(file.into_inner())
    }

    fn with(self, change: impl FnOnce(Docx) -> Docx) -> Self {
        Self {
            docx: change(self.docx),
            ..self
        }
    }
}

/// A paragraph of the text: justified, its first line set in by a centimetre.
fn body(run: Run) -> Paragraph {
    justified(Paragraph::new().add_run(run))
}

fn justified(paragraph: Paragraph) -> Paragraph {
    let first_line = i32::try_from(TWIPS_PER_CENTIMETRE).unwrap_or_default();
    paragraph
        .align(AlignmentType::Both)
        .indent(
            None,
            Some(SpecialIndentType::FirstLine(first_line)),
            None,
            None,
        )
        .line_spacing(LineSpacing::new().after(GAP))
}

/// A line in the middle, bold.
pub(super) fn centred(text: &str, size: usize) -> Paragraph {
    in_the_middle(Run::new().add_text(text).bold().size(size))
}

pub(super) fn in_the_middle(run: Run) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).add_run(run)
}

/// A short empty line: two tables in a row would be one.
fn spacer() -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text("").size(12))
}
