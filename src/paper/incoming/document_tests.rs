//! Documents: what they may not carry.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Danger, FileKind, Refusal, clean};

pub(super) fn judged(bytes: &[u8]) -> Result<FileKind, Refusal> {
    let mut cleaned = bytes.to_vec();
    let kind = clean(&mut cleaned)?;
    assert_eq!(cleaned, bytes, "a document is kept as it is");
    Ok(kind)
}

pub(super) const fn dangerous(danger: Danger) -> Result<FileKind, Refusal> {
    Err(Refusal::Dangerous(danger))
}

pub(super) fn pdf(objects: &[u8]) -> Vec<u8> {
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        objects,
        b"\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
    ]
    .concat()
}

/// An object stream that holds some objects, packed.
pub(super) fn packed(dictionary: &str, objects: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(objects).unwrap();
    let bytes = packer.finish().unwrap();
    let head = format!(
        "5 0 obj\n<<{dictionary}/N 1/First 4/Length {}>>\nstream\r\n",
        bytes.len()
    );
    [head.as_bytes(), &bytes, b"\nendstream\nendobj\n"].concat()
}

#[test]
fn a_plain_document_is_taken() {
    assert_eq!(judged(&pdf(b"")), Ok(FileKind::Pdf));
    let link = b"3 0 obj\n<</S/URI/URI(https://moj.gov.vn)>>\nendobj";
    assert_eq!(judged(&pdf(link)), Ok(FileKind::Pdf));
    let stream = packed("/Type/ObjStm/Filter/FlateDecode", b"7 0 <</Type/Page>>");
    assert_eq!(judged(&pdf(&stream)), Ok(FileKind::Pdf));
    // A picture may hold three letters by chance.
    assert_eq!(
        judged(&pdf(b"stream\n\x01/XFA/JS \xff\nendstream")),
        Ok(FileKind::Pdf)
    );
}

#[test]
fn a_document_that_does_something_is_refused() {
    for (object, danger) in [
        (
            b"<</S/JavaScript/JS(app.alert(1))>>".as_slice(),
            Danger::Program,
        ),
        (b"<</S/J#61vaScr#69pt/JS(x)>>", Danger::Program),
        (b"<</S/Launch/F(cmd.exe)>>", Danger::Program),
        (b"<</AcroForm<</XFA 4 0 R>>>>", Danger::Program),
        (b"<</Type/EmbeddedFile>>", Danger::EmbeddedFile),
        (b"<</Names<</EmbeddedFiles 3 0 R>>>>", Danger::EmbeddedFile),
        (
            b"<</S/GoToR/F(\\\\\\\\evil\\\\share)>>",
            Danger::ExternalContent,
        ),
        (b"<</S/SubmitForm>>", Danger::ExternalContent),
    ] {
        assert_eq!(judged(&pdf(object)), dangerous(danger), "{object:?}");
        let objects = [b"7 0 ".as_slice(), &vec![b' '; 70_000], object].concat();
        let hidden = packed("/Type /Obj#53tm /Filter [/FlateDecode]", &objects);
        assert_eq!(judged(&pdf(&hidden)), dangerous(danger), "{object:?}");
    }
    assert_eq!(judged(&pdf(b"<</Encrypt 4 0 R>>")), Err(Refusal::Locked));
}

#[test]
fn a_name_across_two_blocks_is_seen() {
    for before in 65_500..65_540 {
        let objects = [vec![b' '; before], b"<</S/JavaScript>>".to_vec()].concat();
        let hidden = packed("/Type/ObjStm/Filter/FlateDecode", &objects);
        assert_eq!(
            judged(&pdf(&hidden)),
            dangerous(Danger::Program),
            "{before}"
        );
    }
}

#[test]
fn objects_that_are_packed_oddly_are_refused() {
    for dictionary in [
        "/Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]",
        "/Type/ObjStm/Filter/LZWDecode",
        "/Type/ObjStm/Filter 9 0 R",
        "/Type/ObjStm/Filter/FlateDecode/DecodeParms<</Predictor 12>>",
    ] {
        let hidden = packed(dictionary, b"<</S/JavaScript>>");
        assert_eq!(
            judged(&pdf(&hidden)),
            dangerous(Danger::Program),
            "{dictionary}"
        );
    }
    let bomb = packed(
        "/Type/ObjStm/Filter/FlateDecode",
        &vec![b' '; 70 * 1024 * 1024],
    );
    assert_eq!(judged(&pdf(&bomb)), dangerous(Danger::TooMuchInside));
}

#[test]
fn a_document_ends_where_it_says() {
    let mut cut = pdf(b"");
    cut.truncate(cut.len() - 4);
    assert_eq!(judged(&cut), Err(Refusal::Damaged));
    let tail = [pdf(b""), b"<html></html>".to_vec()].concat();
    assert_eq!(judged(&tail), dangerous(Danger::TwoKinds));
    let both = [pdf(b""), docx(&[])].concat();
    assert_eq!(judged(&both), dangerous(Danger::TwoKinds));
    // An archive whose remark is the end of the document.
    let mut archive = docx(&[]);
    let remark = b"\n%%EOF\n";
    let length = archive.len();
    archive[length - 2..].copy_from_slice(&[7, 0]);
    let hidden = [b"%PDF-1.7\n".to_vec(), archive, remark.to_vec()].concat();
    assert_eq!(judged(&hidden), dangerous(Danger::TwoKinds));
}

pub(super) const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const DOCUMENT: &str = "<w:document xmlns:w='w'><w:body/></w:document>";

pub(super) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(super) fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("word/document.xml", DOCUMENT.as_bytes()),
    ];
    parts.extend(more);
    archive(&parts)
}

fn relation(kind: &str, mode: &str) -> String {
    format!(
        "<Relationships><Relationship Id='a' Target='https://x.example/y' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' \
         TargetMode='{mode}'/></Relationships>"
    )
}

#[test]
fn a_letter_is_taken_with_its_pictures_and_links() {
    let link = relation("hyperlink", "External");
    let letter = docx(&[
        ("word/_rels/document.xml.rels", link.as_bytes()),
        ("word/media/image1.png", b"a picture"),
        ("docProps/thumbnail.jpeg", b"a picture"),
    ]);
    assert_eq!(judged(&letter), Ok(FileKind::Docx));
    // What this program writes itself is taken back.
    let own = docx_rs::Docx::new().add_paragraph(docx_rs::Paragraph::new());
    let mut bytes = Cursor::new(Vec::new());
    own.build().pack(&mut bytes).unwrap();
    assert_eq!(judged(&bytes.into_inner()), Ok(FileKind::Docx));
}

#[test]
fn a_letter_that_carries_or_fetches_something_is_refused() {
    for (name, danger) in [
        ("word/vbaProject.bin", Danger::Program),
        ("word/activeX/activeX1.xml", Danger::Program),
        ("word/embeddings/oleObject1.bin", Danger::EmbeddedFile),
        (
            "word/embeddings/Microsoft_Excel_Sheet1.xlsx",
            Danger::EmbeddedFile,
        ),
        ("word/run.exe", Danger::EmbeddedFile),
        ("word/part.htm", Danger::EmbeddedFile),
        ("evil", Danger::EmbeddedFile),
    ] {
        assert_eq!(judged(&docx(&[(name, b"x")])), dangerous(danger), "{name}");
    }
    for kind in [
        "attachedTemplate",
        "oleObject",
        "image",
        "frame",
        "subDocument",
    ] {
        for mode in ["External", "external", "&#69;xternal"] {
            let fetched = relation(kind, mode);
            let letter = docx(&[("word/_rels/settings.xml.rels", fetched.as_bytes())]);
            assert_eq!(
                judged(&letter),
                dangerous(Danger::ExternalContent),
                "{kind} {mode}"
            );
        }
    }
    let trick = "<!DOCTYPE a [<!ENTITY e 'External'>]><Relationships/>";
    let letter = docx(&[("word/_rels/document.xml.rels", trick.as_bytes())]);
    assert_eq!(judged(&letter), Err(Refusal::Damaged));
}

#[test]
fn only_a_words_document_is_one() {
    assert_eq!(
        judged(&archive(&[("META-INF/MANIFEST.MF", b"x")])),
        Err(Refusal::Kind)
    );
    let template = TYPES.replace("document.main", "template.main");
    for (types, refusal) in [
        (template, Refusal::Kind),
        (
            TYPES.replace("openxmlformats", "ms-word.macroEnabled"),
            Refusal::Dangerous(Danger::Program),
        ),
    ] {
        let parts = [
            ("[Content_Types].xml", types.as_bytes()),
            ("word/document.xml", b"<d/>"),
        ];
        assert_eq!(judged(&archive(&parts)), Err(refusal));
    }
    assert_eq!(
        judged(&archive(&[("word/document.xml", b"<d/>")])),
        Err(Refusal::Damaged)
    );
    for name in [
        "../word/x.xml",
        "/etc/x.xml",
        "word\\x.xml",
        "a/../../x.xml",
    ] {
        assert_eq!(
            judged(&docx(&[(name, b"<d/>")])),
            Err(Refusal::Damaged),
            "{name}"
        );
    }
}

#[test]
fn a_letter_that_unfolds_is_refused() {
    let blank = vec![b' '; 8 * 1024 * 1024];
    let one = docx(&[("word/styles.xml", &blank)]);
    assert!(one.len() < 40_000);
    assert_eq!(judged(&one), dangerous(Danger::TooMuchInside));
    let names: Vec<String> = (0..2001).map(|index| format!("word/{index}.xml")).collect();
    let many: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), b"".as_slice()))
        .collect();
    assert_eq!(judged(&docx(&many)), dangerous(Danger::TooMuchInside));
    let large = vec![b' '; 2 * 1024 * 1024];
    let relations = docx(&[("word/_rels/document.xml.rels", &large)]);
    assert_eq!(judged(&relations), dangerous(Danger::TooMuchInside));
}

#[test]
fn a_letters_archive_begins_and_ends_with_itself() {
    let whole = docx(&[]);
    let tail = [whole.clone(), b"<html></html>".to_vec()].concat();
    assert_eq!(judged(&tail), dangerous(Danger::TwoKinds));
    let front = [b"GIF89a".to_vec(), whole.clone()].concat();
    assert_eq!(judged(&front), Err(Refusal::Kind));
    for end in [whole.len() - 1, whole.len() / 2, 120] {
        assert!(judged(&whole[..end]).is_err(), "{end}");
    }
    let mut locked = whole;
    for (magic, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = locked.windows(4).position(|part| part == magic).unwrap();
        locked[at + flags] |= 1;
    }
    assert_eq!(judged(&locked), Err(Refusal::Locked));
    // A document for reading in its first, unpacked part.
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in [
        ("word/a.xml", b"<a>%PDF-1.7</a>".as_slice()),
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("word/document.xml", DOCUMENT.as_bytes()),
    ] {
        writer.start_file(name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    let both = writer.finish().unwrap().into_inner();
    assert_eq!(judged(&both), dangerous(Danger::TwoKinds));
}
