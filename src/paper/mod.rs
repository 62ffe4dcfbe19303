//! Documents as an office prints them: letters, lists and reports for Word in the layout of
//! Decree 30/2020/NĐ-CP (`domain.md` §7), and workbooks for a spreadsheet. What is said in them
//! is the slices'; how it looks is said here once. And papers people send: what they are.

pub mod cell;
mod decree;
mod document;
pub mod incoming;
mod table;
mod workbook;

pub use decree::{Head, Signature};
pub use document::{Document, Page};
pub use table::{Align, Column, Table};
pub use workbook::{Cell, Sheet, workbook};

/// The media type of a Word document.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The package of a Word document.
    #[error("writing a document: {0}")]
    Document(#[from] zip::result::ZipError),
    /// A workbook.
    #[error("writing a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
