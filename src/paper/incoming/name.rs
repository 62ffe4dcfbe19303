//! The name of a file, as it may be shown and written anywhere.

use unicode_normalization::UnicodeNormalization;

use super::{FileKind, Refusal};
use crate::kernel::text;

/// Characters a name has at most, with its ending.
const LENGTH: usize = 120;
/// What a name is where nothing is left of the one that was given.
const NAMELESS: &str = "tai-lieu";

/// The kinds names speak of by their ending, and whether it is one that is taken.
const ENDINGS: [(&str, Option<FileKind>); 22] = [
    ("pdf", Some(FileKind::Pdf)),
    ("jpg", Some(FileKind::Jpeg)),
    ("jpeg", Some(FileKind::Jpeg)),
    ("jpe", Some(FileKind::Jpeg)),
    ("jfif", Some(FileKind::Jpeg)),
    ("png", Some(FileKind::Png)),
    ("heic", Some(FileKind::Heic)),
    ("heif", Some(FileKind::Heic)),
    ("hif", Some(FileKind::Heic)),
    ("docx", Some(FileKind::Docx)),
    ("docm", None),
    ("doc", None),
    ("xlsx", None),
    ("zip", None),
    ("exe", None),
    ("html", None),
    ("htm", None),
    ("svg", None),
    ("js", None),
    ("jar", None),
    ("gif", None),
    ("tiff", None),
];

/// The name to show: its last part, in one line, without what hides or reorders, with the ending
/// of its kind.
///
/// # Errors
/// `file-type-mismatch` where its ending says another kind; pictures may be called one another,
/// since telephones turn one into the other and keep the name.
pub fn clean(raw: &str, kind: FileKind) -> Result<String, Refusal> {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    // Composed last: a mark stands behind its letter once what was between them is gone.
    let seen = last.chars().filter(|c| !text::is_forbidden(*c));
    let composed: String = seen.nfc().collect();
    let harmless = composed.replace(|c: char| "\"<>:|?*;%`$".contains(c), "_");
    let line = harmless.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', ' ']);
    let split = line.rsplit_once('.');
    let stem = match split.and_then(|(stem, end)| Some((stem, goes_with(end, kind)?))) {
        Some((_, false)) => return Err(Refusal::Mismatch),
        Some((stem, true)) => stem,
        None => line,
    };
    let room = LENGTH - kind.extension().len() - 1;
    let short: String = stem.chars().take(room).collect();
    let stem = short.trim_matches(['.', ' ', '-']);
    let stem = if stem.is_empty() { NAMELESS } else { stem };
    Ok(format!("{stem}.{}", kind.extension()))
}

/// Whether a name that ends so speaks of a kind, and whether that goes with what the file is;
/// `None` where it speaks of none.
fn goes_with(ending: &str, kind: FileKind) -> Option<bool> {
    let ending = ending.to_ascii_lowercase();
    let (_, said) = ENDINGS.iter().find(|(known, _)| *known == ending)?;
    let both = |said: FileKind| said.is_picture() && kind.is_picture();
    Some(said.is_some_and(|said| said == kind || both(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_words_and_lose_what_harms() {
        let pdf = |raw: &str| clean(raw, FileKind::Pdf).unwrap();
        assert_eq!(pdf("Giấy khai sinh.pdf"), "Giấy khai sinh.pdf");
        assert_eq!(pdf("Gia\u{302}\u{301}y.PDF"), "Giấy.pdf");
        assert_eq!(pdf("../../etc/passwd"), "passwd.pdf");
        assert_eq!(pdf("C:\\Users\\An\\đơn.pdf"), "đơn.pdf");
        assert_eq!(pdf("a\r\nSet-Cookie: x=1.pdf"), "aSet-Cookie_ x=1.pdf");
        assert_eq!(pdf("đơn\u{202e}x\u{200f}.pdf"), "đơnx.pdf");
        assert_eq!(pdf("bản 2.1"), "bản 2.1.pdf");
        assert_eq!(pdf("e\u{202e}\u{301}"), "é.pdf");
        for nothing in ["", "...", "/", ".pdf", " . ", "\0", "\u{202e}"] {
            assert_eq!(pdf(nothing), "tai-lieu.pdf", "{nothing:?}");
        }
        let long = pdf(&"ạ".repeat(500));
        assert_eq!(long.chars().count(), LENGTH);
    }

    #[test]
    fn a_name_of_another_kind_is_refused() {
        for (raw, kind) in [
            ("ảnh.jpg", FileKind::Pdf),
            ("đơn.pdf", FileKind::Docx),
            ("đơn.docm", FileKind::Docx),
            ("đơn\u{202e}fdp.exe", FileKind::Pdf),
            ("trang.html", FileKind::Jpeg),
        ] {
            assert_eq!(clean(raw, kind), Err(Refusal::Mismatch), "{raw}");
        }
        let turned = clean("IMG_0001.HEIC", FileKind::Jpeg).unwrap();
        assert_eq!(turned, "IMG_0001.jpg");
    }
}
