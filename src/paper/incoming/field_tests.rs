//! Fields, links and the form of a Word document's parts.

use proptest::prelude::*;

use super::document_tests::{TYPES, archive, dangerous, docx, judged};
use super::{Danger, FileKind, Refusal};

const ORDINARY: [&str; 24] = [
    " PAGE ",
    " PAGE   \\* MERGEFORMAT ",
    "page\\* ARABIC",
    "NUMPAGES",
    " DATE \\@ \"dd/MM/yyyy\" ",
    " TOC \\o \"1-3\" \\h \\z \\u ",
    " PAGEREF _Toc12 \\h ",
    " REF ho_ten \\h ",
    " SEQ Hình \\* ARABIC ",
    " MERGEFIELD Họ_tên ",
    " IF 1 = 1 \"có\" \"không\" ",
    " =SUM(ABOVE) ",
    " FORMTEXT ",
    " DOCPROPERTY Title ",
    " FILENAME \\p ",
    " FILLIN \"Họ tên\" ",
    " SHAPE  \\* MERGEFORMAT ",
    " HYPERLINK \"https://moj.gov.vn/a?b=1\" \\o \"C: ổ đĩa\" \\t \"_blank\" ",
    " HYPERLINK \\l \"_Toc12\" ",
    " HYPERLINK \"#muc\" \\h",
    " HYPERLINK mailto:a@b.vn",
    " HYPERLINK \"tel:0225\"",
    "  ",
    "",
];

const HOSTILE: [&str; 24] = [
    " INCLUDEPICTURE \"http://x.example/y.png\" \\d ",
    "includetext \"http://x.example/y.docx\"",
    "INCLUDE x",
    " DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\" ",
    " DDE excel a b",
    "LINK Excel.Sheet.8 \"\\\\\\\\x\\\\y.xls\"",
    "EMBED Package",
    "DATABASE \\d x",
    "IMPORT x",
    "AUTOTEXT x",
    "MACROBUTTON x y",
    "ADDIN",
    "HTMLACTIVEX x",
    "CONTROL x",
    "GOTOBUTTON x",
    "RD \"\\\\\\\\x\\\\y\"",
    "PRINT 27",
    "\"DDE\" x",
    "MYFIELD",
    " HYPERLINK \"file:///c:/windows/system32/cmd.exe\"",
    " HYPERLINK \\\\\\\\x\\\\y",
    " HYPERLINK \\o \"hint\" \"\\\\\\\\x\\\\y\"",
    " HYPERLINK \\h \"javascript:x\"",
    " HYPERLINK \"other.docx\"",
];

fn escaped(text: &str) -> String {
    text.replace('"', "&quot;").replace('P', "&#80;")
}

fn mark(kind: &str) -> String {
    format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>")
}

fn piece(text: &str) -> String {
    format!(
        "<w:r><w:rPr><w14:glow/></w:rPr><w:instrText xml:space='preserve'>{}</w:instrText></w:r>",
        escaped(text)
    )
}

/// A field of some pieces, and what it came to.
fn field(pieces: &[&str]) -> String {
    let pieces: String = pieces.iter().map(|text| piece(text)).collect();
    let (begin, middle, end) = (mark("begin"), mark("separate"), mark("end"));
    format!("<w:p>{begin}{pieces}{middle}<w:r><w:t>1</w:t></w:r>{end}</w:p>")
}

fn simple(code: &str) -> String {
    let code = escaped(code);
    format!("<w:p><w:fldSimple w:instr=\"{code}\"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>")
}

fn in_part(name: &str, content: &str) -> Result<FileKind, Refusal> {
    let part =
        format!("<?xml version='1.0' encoding='UTF-8'?><w:hdr xmlns:w='w'>{content}</w:hdr>");
    judged(&docx(&[(name, part.as_bytes())]))
}

#[test]
fn a_field_that_tells_of_the_document_stays() {
    for code in ORDINARY {
        for content in [field(&[code]), simple(code)] {
            assert_eq!(
                in_part("word/a.xml", &content),
                Ok(FileKind::Docx),
                "{code}"
            );
        }
    }
    let inner = field(&[" MERGEFIELD a "]);
    let (begin, middle, end) = (mark("begin"), mark("separate"), mark("end"));
    let nested = [
        // A field in a code behind its name, and fields in what another came to.
        format!(
            "{begin}{}{inner}{}{end}",
            piece(" IF "),
            piece(" = 1 \"a\" ")
        ),
        format!(
            "{begin}{}{middle}{}{end}",
            piece(" TOC "),
            field(&[" HYPERLINK \\l \"a\" "])
        ),
        format!("{begin}{}{middle}{}{end}", piece(" TOC "), simple(" PAGE ")),
        // A field that was put in, and one that was taken out, as writers mark it.
        format!(
            "<w:ins>{begin}</w:ins><w:ins>{}</w:ins><w:ins>{end}</w:ins>",
            piece("PAGE")
        ),
        format!(
            "<w:del>{begin}</w:del><w:del><w:r><w:delInstrText>PAGE</w:delInstrText></w:r></w:del>\
             <w:del>{end}</w:del>"
        ),
        format!("<mc:AlternateContent><mc:Choice>{inner}</mc:Choice></mc:AlternateContent>"),
    ];
    for content in nested {
        assert_eq!(
            in_part("word/a.xml", &content),
            Ok(FileKind::Docx),
            "{content}"
        );
    }
}

#[test]
fn a_field_that_fetches_or_runs_something_is_refused_wherever_it_stands() {
    for code in HOSTILE {
        for content in [field(&[code]), simple(code), mark("begin") + &piece(code)] {
            let refused = in_part("word/a.xml", &content);
            assert_eq!(refused, dangerous(Danger::ExternalContent), "{content}");
        }
    }
    let merged = "<w:mailMerge><w:connectString w:val='DSN=x'/></w:mailMerge>";
    let refused = in_part("word/settings.xml", merged);
    assert_eq!(refused, dangerous(Danger::ExternalContent));
    for name in [
        "word/document2.xml",
        "word/header1.xml",
        "word/footer1.xml",
        "word/footnotes.xml",
        "word/comments.xml",
        "word/glossary/document.XML",
        "elsewhere.xml",
    ] {
        let refused = in_part(name, &field(&["INCLUDE", "PICTURE \"http://x\""]));
        assert_eq!(refused, dangerous(Danger::ExternalContent), "{name}");
    }
}

#[test]
fn a_name_that_is_made_by_something_else_is_refused() {
    let (begin, middle, end) = (mark("begin"), mark("separate"), mark("end"));
    let inner = field(&[" QUOTE \"DDE\" "]);
    let (page, dde) = (piece("PAGE "), piece("DDE x"));
    for content in [
        format!("{begin}{inner}{end}"),
        format!("{begin}{}{inner}{end}", piece(" PA")),
        format!("{begin}{}{end}", simple(" QUOTE \"DDE\" ")),
        format!("{begin}{}{inner}{end}", piece("HYPERLINK \"")),
        // What some readers leave out.
        format!("{begin}<mc:Fallback>{page}</mc:Fallback>{dde}{end}"),
        format!("<mc:Choice>{begin}</mc:Choice><mc:Fallback>{page}</mc:Fallback>{dde}{end}"),
        format!("{begin}<w:del>{page}</w:del>{dde}{end}"),
        format!("{begin}<x:a>{page}</x:a>{dde}{end}"),
        format!("{begin}<w:smartTag xmlns:w='x'>{page}</w:smartTag>{dde}{end}"),
        format!("{begin}<x:instrText>PAGE </x:instrText>{dde}{end}"),
        format!("{begin}<x:fldChar fldCharType='separate'/>{dde}{middle}{end}"),
        format!("{begin}<w:r><w:t>DDE</w:t></w:r>{page}{end}"),
        format!("{begin}{}{end}", piece(&"A".repeat(40))),
    ] {
        let refused = in_part("word/a.xml", &content);
        assert_eq!(refused, dangerous(Danger::ExternalContent), "{content}");
    }
    for content in [
        "<w:fldSimple w:instr='PAGE' x:instr='DDE'/>",
        "<w:fldChar w:fldCharType='start'/>",
        "<w:instrText>PAGE<w:a/></w:instrText>",
    ] {
        assert_eq!(
            in_part("word/a.xml", content),
            Err(Refusal::Damaged),
            "{content}"
        );
    }
    let deep = begin + &page;
    let refused = in_part("word/a.xml", &deep.repeat(65));
    assert_eq!(refused, dangerous(Danger::TooMuchInside));
}

#[test]
fn a_part_that_is_read_differently_is_refused() {
    let wide: Vec<u8> = "<w:hdr/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for part in [
        b"<!DOCTYPE a SYSTEM 'http://x.example/y'><w:hdr/>".as_slice(),
        b"<!DOCTYPE a [<!ENTITY e 'DDE'>]><w:hdr/>",
        b"<?xml version='1.0' encoding='UTF-7'?><w:hdr/>",
        b"<w:hdr>&e;</w:hdr>",
        b"\x4c\xa6z",
        b"text",
        &wide,
        &[&[0xff, 0xfe], wide.as_slice()].concat(),
    ] {
        for name in [
            "word/header1.xml",
            "customXml/item1.xml",
            "docProps/app.xml",
        ] {
            assert_eq!(
                judged(&docx(&[(name, part)])),
                Err(Refusal::Damaged),
                "{part:?}"
            );
        }
    }
    let marked = "\u{feff}<?xml version='1.0' encoding='utf-8'?>\r\n<w:hdr/>\r\n";
    let letter = docx(&[("word/header1.xml", marked.as_bytes())]);
    assert_eq!(judged(&letter), Ok(FileKind::Docx));
    let deep = "<a>".repeat(257);
    let long = format!("<a b='{}'/>", "b".repeat(1_100_000));
    for part in [deep, long] {
        let letter = docx(&[("word/header1.xml", part.as_bytes())]);
        assert_eq!(judged(&letter), dangerous(Danger::TooMuchInside));
    }
}

#[test]
fn a_link_leads_to_a_browser_a_letter_or_a_telephone() {
    let linked = |kind: &str, mode: &str, target: &str| {
        let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let part = format!(
            "<Relationships><Relationship Type='{kinds}/{kind}' {mode} Target='{target}'/>\
             </Relationships>"
        );
        judged(&docx(&[("word/_rels/document.xml.rels", part.as_bytes())]))
    };
    let external = "TargetMode='External'";
    for target in [
        "http://a",
        "HTTPS://a?b=c:d",
        "mailto:a@b.vn",
        "tel:0225",
        "#muc",
        "",
    ] {
        assert_eq!(
            linked("hyperlink", external, target),
            Ok(FileKind::Docx),
            "{target}"
        );
    }
    assert_eq!(linked("image", "", "media/image1.png"), Ok(FileKind::Docx));
    for kind in ["aFChunk", "oleObject", "package", "control"] {
        let refused = linked(kind, "", "media/image1.png");
        assert_eq!(refused, dangerous(Danger::EmbeddedFile), "{kind}");
    }
    for (kind, mode, target) in [
        ("hyperlink", external, "file:///c:/a"),
        ("hyperlink", external, "FILE://x/y"),
        ("hyperlink", external, "\\\\x\\y"),
        ("hyperlink", external, "//x/y"),
        ("hyperlink", external, "other.docx"),
        ("hyperlink", external, "ms-word:ofe|u|http://x"),
        ("hyperlink", external, "java&#10;script:x"),
        ("hyperlink", "", "file:///c:/a"),
        ("image", "", "http://x/y.png"),
        ("image", "", "\\\\x\\y.png"),
    ] {
        let refused = linked(kind, mode, target);
        assert_eq!(
            refused,
            dangerous(Danger::ExternalContent),
            "{kind} {target}"
        );
    }
}

#[test]
fn what_is_read_as_text_is_looked_at_as_text() {
    for hidden in [
        "<Override PartName='/word/a.png' ContentType='application/x.header+xml'/></Types>",
        "<Default Extension='png' ContentType='text/XML; charset=utf-16'/></Types>",
    ] {
        let types = TYPES.replace("</Types>", hidden);
        let parts = [
            ("[Content_Types].xml", types.as_bytes()),
            ("word/document.xml", b"<d/>"),
        ];
        let refused = judged(&archive(&parts));
        assert_eq!(refused, Err(Refusal::Damaged));
    }
}

proptest! {
    #[test]
    fn a_field_is_the_same_however_it_is_cut(
        hostile: bool,
        which: prop::sample::Index,
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let code = if hostile { which.get(&HOSTILE) } else { which.get(&ORDINARY) };
        let letters: Vec<char> = code.chars().collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(letters.len() + 1)).collect();
        cuts.extend([0, letters.len()]);
        cuts.sort_unstable();
        let pieces: Vec<String> = cuts
            .windows(2)
            .map(|cut| letters[cut[0]..cut[1]].iter().collect())
            .collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let expected = if hostile { dangerous(Danger::ExternalContent) } else { Ok(FileKind::Docx) };
        prop_assert_eq!(in_part("word/a.xml", &field(&pieces)), expected);
    }
}
