//! Papers people send: scans, photographs and letters. What one is, is told by its bytes alone;
//! what it must not carry (where a photograph was taken, programs, a second file inside the
//! first) is taken out, or the paper is refused.
//!
//! Nothing here decodes a picture or runs what a file says: only its frame is read.

use serde_json::Map;

use crate::kernel::{Class, Coded, text_enum::text_enum};

mod boxes;
#[cfg(test)]
mod document_tests;
mod docx;
mod field;
#[cfg(test)]
mod field_tests;
mod heic;
mod jpeg;
pub mod name;
mod object;
#[cfg(test)]
mod object_tests;
mod pdf;
#[cfg(test)]
mod picture_tests;
mod png;
mod polyglot;
mod tiff;
mod xml;

/// The most bytes a file may have.
pub const MAX: usize = 10 * 1024 * 1024;

text_enum! {
    /// What a file is.
    pub enum FileKind {
        /// A document for reading.
        Pdf = "pdf",
        /// A photograph.
        Jpeg = "jpeg",
        /// A picture.
        Png = "png",
        /// A photograph of a telephone.
        Heic = "heic",
        /// A Word document.
        Docx = "docx",
    }
}

impl FileKind {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
            Self::Docx => super::DOCX,
        }
    }

    /// What its names end with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
            Self::Docx => "docx",
        }
    }

    /// Every media type, for the document of the routes.
    pub const MEDIA_TYPES: [&'static str; 5] = [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/heic",
        super::DOCX,
    ];

    fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Heic)
    }
}

text_enum! {
    /// What makes a file dangerous.
    pub enum Danger {
        /// A program, a macro or an action that runs when it is opened.
        Program = "program",
        /// A file within the file.
        EmbeddedFile = "embedded-file",
        /// It fetches something from elsewhere when it is opened.
        ExternalContent = "external-content",
        /// It can be read as two kinds of file.
        TwoKinds = "two-kinds",
        /// It unfolds to far more than it is.
        TooMuchInside = "too-much-inside",
    }
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than a file may have.
    #[error("the file is too large")]
    TooLarge,
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Not of a kind that is taken.
    #[error("the file is of no kind that is taken")]
    Kind,
    /// Its name says another kind.
    #[error("the name of the file says another kind")]
    Mismatch,
    /// Its form is broken, so that nobody can say what is in it.
    #[error("the file is damaged")]
    Damaged,
    /// A password is needed to read it.
    #[error("the file is locked")]
    Locked,
    /// It carries what may harm who opens it.
    #[error("the file is dangerous: {0}")]
    Dangerous(Danger),
    /// As many files as may be are being received.
    #[error("too many files are being received")]
    Busy,
}

impl Coded for Refusal {
    fn class(&self) -> Class {
        match self {
            Self::TooLarge => Class::Malformed,
            Self::Busy => Class::Unavailable,
            _ => Class::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "file-too-large",
            Self::Empty => "file-empty",
            Self::Kind => "file-type-refused",
            Self::Mismatch => "file-type-mismatch",
            Self::Damaged => "file-damaged",
            Self::Locked => "file-locked",
            Self::Dangerous(_) => "file-dangerous",
            Self::Busy => "uploads-busy",
        }
    }

    fn facts(&self) -> Map<String, serde_json::Value> {
        let mut facts = Map::new();
        if let Self::Dangerous(danger) = self {
            facts.insert("danger".into(), danger.as_str().into());
        }
        facts
    }
}

/// The codes a file can be refused with, for the document of the routes.
pub const CODES: [&str; 8] = [
    "file-too-large",
    "file-empty",
    "file-type-refused",
    "file-type-mismatch",
    "file-damaged",
    "file-locked",
    "file-dangerous",
    "uploads-busy",
];

/// Tells what a file is and takes out, in place, what it must not carry.
///
/// # Errors
/// What it is refused for.
pub fn clean(bytes: &mut Vec<u8>) -> Result<FileKind, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MAX {
        return Err(Refusal::TooLarge);
    }
    let kind = sniff(bytes).ok_or(Refusal::Kind)?;
    match kind {
        FileKind::Pdf => pdf::check(bytes)?,
        FileKind::Jpeg => jpeg::clean(bytes)?,
        FileKind::Png => png::clean(bytes)?,
        FileKind::Heic => heic::clean(bytes)?,
        FileKind::Docx => docx::check(bytes)?,
    }
    polyglot::refuse(bytes, kind)?;
    Ok(kind)
}

/// What the first bytes say.
fn sniff(bytes: &[u8]) -> Option<FileKind> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"%PDF-") {
        Some(FileKind::Pdf)
    } else if starts(&[0xff, 0xd8, 0xff]) {
        Some(FileKind::Jpeg)
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Some(FileKind::Png)
    } else if starts(b"PK\x03\x04") && docx::looks_so(bytes) {
        Some(FileKind::Docx)
    } else if heic::looks_so(bytes) {
        Some(FileKind::Heic)
    } else {
        None
    }
}
