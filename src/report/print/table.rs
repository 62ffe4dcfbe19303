//! The flat list and the workbook: every number of a report in a row of its own.

use super::{section, word};
use crate::kernel::{Language, Timestamp};
use crate::office::report_row::{Amount, ReportRow, Section};
use crate::paper::cell::guarded;
use crate::paper::{self, Cell, Sheet};
use crate::report::content::Content;

/// The columns of the list: words of the contract, so that a program reads them in any language.
const HEADER: [&str; 6] = ["section", "dimension", "key", "label", "measure", "amount"];

/// The list; UTF-8 with a BOM, so that Vietnamese opens right.
pub(in crate::report) fn csv(content: &Content, language: Language) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from("\u{FEFF}".as_bytes()));
    writer.write_record(HEADER)?;
    for row in &content.rows {
        let amount = match row.amount {
            Some(Amount::Whole(number)) => number.to_string(),
            Some(Amount::Decimal(number)) => number.to_string(),
            None => String::new(),
        };
        writer.write_record([
            row.section.as_str(),
            &row.dimension,
            &guarded(row.key.as_deref().unwrap_or_default()),
            &guarded(language.pick(&row.label_vi, &row.label_en)),
            &row.measure,
            &amount,
        ])?;
    }
    for one in &content.figures {
        let Some(amount) = one.amount else { continue };
        writer.write_record([
            "figure",
            "plan_task",
            &guarded(&one.plan_task),
            &guarded(language.pick(&one.title_vi, &one.title_en)),
            &guarded(language.pick(&one.unit_vi, &one.unit_en)),
            &amount.to_string(),
        ])?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// The workbook: a sheet for each part of the work.
pub(in crate::report) fn workbook(
    content: &Content,
    (title, language): (&str, Language),
    now: Timestamp,
) -> Result<Vec<u8>, paper::Error> {
    let told = Section::ALL.iter().filter_map(|part| {
        let rows = content.rows.iter().filter(|row| row.section == *part);
        let rows: Vec<Vec<Cell>> = rows.map(|row| cells(row, language)).collect();
        (!rows.is_empty()).then(|| sheet(*part, (title, language), rows))
    });
    let mut sheets: Vec<Sheet> = told.collect();
    sheets.extend(figures(content, (title, language)));
    paper::workbook(&sheets, now)
}

fn sheet(part: Section, (title, language): (&str, Language), rows: Vec<Vec<Cell>>) -> Sheet {
    let (vi, en) = section(part);
    let column = |vi: &str, en: &str, width: f64| (language.pick(vi, en).to_owned(), width);
    Sheet {
        name: language.pick(vi, en).to_owned(),
        title: vec![title.to_owned()],
        columns: vec![
            column("Theo", "By", 28.0),
            column("Mã", "Key", 14.0),
            column("Nhóm", "Group", 60.0),
            column("Chỉ tiêu", "Measure", 32.0),
            column("Số lượng", "Amount", 12.0),
        ],
        rows,
    }
}

/// What was counted by hand, where anything was.
fn figures(content: &Content, (title, language): (&str, Language)) -> Option<Sheet> {
    let rows = content.figures.iter().filter_map(|one| {
        Some(vec![
            Cell::text(Some(&one.plan_task)),
            Cell::text(Some(language.pick(&one.title_vi, &one.title_en))),
            Cell::Whole(one.amount?),
            Cell::text(Some(language.pick(&one.unit_vi, &one.unit_en))),
        ])
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let column = |vi: &str, en: &str, width: f64| (language.pick(vi, en).to_owned(), width);
    (!rows.is_empty()).then(|| Sheet {
        name: language.pick("Chỉ tiêu", "Figures").to_owned(),
        title: vec![title.to_owned()],
        columns: vec![
            column("Nhiệm vụ", "Task", 10.0),
            column("Chỉ tiêu", "Indicator", 60.0),
            column("Số lượng", "Amount", 12.0),
            column("Đơn vị tính", "Unit", 16.0),
        ],
        rows,
    })
}

fn cells(row: &ReportRow, language: Language) -> Vec<Cell> {
    let told = |name: &str| {
        let (vi, en) = word(name);
        Cell::text(Some(language.pick(vi, en)))
    };
    vec![
        told(&row.dimension),
        Cell::text(key(row)),
        Cell::text(Some(language.pick(&row.label_vi, &row.label_en))),
        told(&row.measure),
        match row.amount {
            Some(Amount::Whole(number)) => Cell::Whole(number),
            Some(Amount::Decimal(number)) => Cell::Decimal(number),
            // Withheld from the public.
            None => Cell::text(Some("…")),
        },
    ]
}

/// The key, unless it is an id, which tells nobody anything.
fn key(row: &ReportRow) -> Option<&str> {
    let is_id = row.dimension == "agency" || row.dimension == "lead_agency";
    row.key.as_deref().filter(|_| !is_id)
}
