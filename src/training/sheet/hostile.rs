//! Workbooks that would end the process: an allocation that fails is no panic to be caught.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::{SheetError, open, read};

const HEAD: &str = r#"<row r="1"><c r="A1" t="str"><v>Họ và tên</v></c><c r="B1" t="str"><v>Năm sinh</v></c></row><row r="2"><c r="A2" t="str"><v>Lý An</v></c><c r="B2"><v>1970</v></c></row>"#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of these sheets' rows, with these shared strings.
fn book(sheets: &[&str], strings: &str) -> Vec<u8> {
    let (mut list, mut links) = (String::new(), String::new());
    let mut parts = vec![(
        "_rels/.rels".to_owned(),
        format!(
            r#"<Relationships><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    )];
    for (index, rows) in sheets.iter().enumerate() {
        write!(
            list,
            r#"<sheet name="{index}" sheetId="{index}" r:id="r{index}"/>"#
        )
        .unwrap();
        write!(links, r#"<Relationship Id="r{index}" Type="{OFFICE}/worksheet" Target="worksheets/{index}.xml"/>"#).unwrap();
        parts.push((
            format!("xl/worksheets/{index}.xml"),
            match rows.split_once("<mergeCells>") {
                None => format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
                Some((rows, merged)) => format!(
                    "<worksheet><sheetData>{rows}</sheetData><mergeCells>{merged}</worksheet>"
                ),
            },
        ));
    }
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!(r#"<workbook xmlns:r="{OFFICE}"><sheets>{list}</sheets></workbook>"#),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{links}</Relationships>"),
    ));
    parts.push(("xl/sharedStrings.xml".to_owned(), strings.to_owned()));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(
                name,
                SimpleFileOptions::default().compression_level(Some(1)),
            )
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn the_sheet_with_the_header_is_read_wherever_it_stands() {
    let cover = r#"<row r="1"><c r="A1" t="str"><v>Bìa</v></c></row>"#;
    let rows = read(&book(&[cover, HEAD], "<sst></sst>")).unwrap();
    assert_eq!(rows[0].birth_year, Some(1970));
    // A second list is not read, and that is said.
    let both = open(&book(&[HEAD, cover, HEAD], "<sst></sst>")).unwrap();
    assert_eq!((both.rows.len(), both.unread.len()), (1, 1));
}

#[test]
fn a_body_merged_over_several_lines_is_everybodys() {
    let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="str"><v>{text}</v></c>"#);
    let rows = [
        ("1", cell("A1", "Họ và tên") + &cell("B1", "Đơn vị")),
        ("2", cell("A2", "Lý An") + &cell("B2", "Trạm Y tế")),
        ("3", cell("A3", "Lê Bình")),
        ("5", cell("A5", "Trần Chi")),
    ];
    let rows = rows
        .map(|(at, cells)| format!(r#"<row r="{at}">{cells}</row>"#))
        .concat();
    let merged =
        r#"<mergeCells><mergeCell ref="B2:B4"/><mergeCell ref="A2:A1048576"/></mergeCells>"#;
    let read = read(&book(&[&format!("{rows}{merged}")], "<sst></sst>")).unwrap();
    let bodies: Vec<_> = read.iter().map(|row| row.organisation.as_deref()).collect();
    assert_eq!(bodies, [Some("Trạm Y tế"), Some("Trạm Y tế"), None]);
}

#[test]
fn a_cell_in_the_last_corner_takes_no_room() {
    let corner = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let rows = read(&book(&[&format!("{HEAD}{corner}")], "<sst></sst>")).unwrap();
    assert_eq!(rows.len(), 1);
    let below = r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    let read = read(&book(&[&format!("{HEAD}{below}")], "<sst></sst>"));
    assert_eq!(read.err(), Some(SheetError::TooManyRows));
}

#[test]
fn a_claim_of_strings_is_not_believed() {
    let strings = r#"<sst uniqueCount="40000000000000"></sst>"#;
    assert_eq!(
        read(&book(&[HEAD], strings)).err(),
        Some(SheetError::TooLarge)
    );
}

#[test]
fn one_long_string_in_every_cell_is_cut_and_then_too_much() {
    let cells = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(60)).repeat(200);
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(1_000_000));
    assert_eq!(
        read(&book(&[&cells], &strings)).err(),
        Some(SheetError::TooLarge)
    );
}

#[test]
fn a_size_that_lies_is_found_out() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(34_000_000));
    let mut bytes = book(&[HEAD], &strings);
    let directory = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    let mut at = directory;
    while bytes[at..].starts_with(b"PK\x01\x02") {
        bytes[at + 24..at + 28].copy_from_slice(&100_u32.to_le_bytes());
        let lengths = [28, 30, 32]
            .map(|of| usize::from(u16::from_le_bytes([bytes[at + of], bytes[at + of + 1]])));
        at += 46 + lengths.iter().sum::<usize>();
    }
    assert_eq!(read(&bytes).err(), Some(SheetError::TooLarge));
}
