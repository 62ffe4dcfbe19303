//! A file that can be read as two kinds: one looks at the one, another opens the other.

use super::{Danger, FileKind, Refusal};

/// How far from its end a ZIP archive's directory is looked for.
const ZIP_REACH: usize = 22 + 65_535;
/// How far from its beginning a PDF document is looked for.
const PDF_REACH: usize = 1024;

/// Refuses a file that is an archive or a document beside what it is.
pub(super) fn refuse(bytes: &[u8], kind: FileKind) -> Result<(), Refusal> {
    let is_document = kind != FileKind::Pdf && {
        let front = bytes.get(..PDF_REACH).unwrap_or(bytes);
        contains(front, b"%PDF-")
    };
    if is_document || (kind != FileKind::Docx && is_archive(bytes)) {
        return Err(Refusal::Dangerous(Danger::TwoKinds));
    }
    Ok(())
}

/// Whether a reader of archives finds one that ends here: a directory's end, and a directory
/// before it, wherever the archive begins.
fn is_archive(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(ZIP_REACH);
    let tail = bytes.get(from..).unwrap_or_default();
    let is_end = |at: usize| {
        let end = from + at;
        let field = |offset: usize| {
            let size = bytes.get(end + offset..end + offset + 4)?;
            usize::try_from(u32::from_le_bytes(size.try_into().ok()?)).ok()
        };
        field(12).is_some_and(|length| {
            let directory = end.checked_sub(length).and_then(|start| bytes.get(start..));
            directory.is_some_and(|found| found.starts_with(b"PK\x01\x02"))
        })
    };
    let mut windows = tail.windows(4).enumerate();
    windows.any(|(at, window)| window == b"PK\x05\x06" && is_end(at))
}

/// Whether `part` stands anywhere in `bytes`.
pub(super) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
