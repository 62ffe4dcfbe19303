//! The appendix of figures: a table for each part of the work and each dimension.

use super::{section, word};
use crate::office::report_row::{Amount, ReportRow, Section};
use crate::paper::{Align, Column, Document, Table};
use crate::report::content::Content;

/// The document with its appendix, on pages of its own.
pub(super) fn of(document: Document, content: &Content) -> Document {
    let mut document = document
        .page_break()
        .title("PHỤ LỤC", &format!("Số liệu năm {}", content.year));
    for (number, part) in (1..).zip(Section::ALL) {
        let rows = content.rows.iter().filter(|row| row.section == *part);
        let rows: Vec<&ReportRow> = rows.collect();
        if rows.is_empty() {
            continue;
        }
        document = document.heading(&format!("{number}. {}", section(*part).0));
        for dimension in distinct(rows.iter().map(|row| row.dimension.as_str())) {
            let rows = rows.iter().filter(|row| row.dimension == dimension);
            let table = table(&rows.copied().collect::<Vec<_>>());
            document = document.paragraph(word(dimension).0).table(&table);
        }
    }
    document
}

/// Each value once, in the order they come.
fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// A row for each group, a column for each measure.
fn table(rows: &[&ReportRow]) -> Table {
    let measures = distinct(rows.iter().map(|row| row.measure.as_str()));
    let mut groups: Vec<(Option<&str>, &str)> = Vec::new();
    for row in rows {
        let group = (row.key.as_deref(), row.label_vi.as_str());
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let mut columns = vec![Column::new("Nhóm", 30, Align::Left)];
    columns.extend(
        measures
            .iter()
            .map(|measure| Column::new(word(measure).0, 10, Align::Right)),
    );
    let line = |(key, label): &(Option<&str>, &str)| {
        let told = measures.iter().map(|measure| {
            let mut rows = rows.iter();
            let found = rows.find(|row| row.key.as_deref() == *key && row.measure == *measure);
            found.map(|row| amount(row)).unwrap_or_default()
        });
        std::iter::once((*label).to_owned()).chain(told).collect()
    };
    Table {
        columns,
        rows: groups.iter().map(line).collect(),
        height: None,
    }
}

fn amount(row: &ReportRow) -> String {
    match row.amount {
        Some(Amount::Whole(number)) => number.to_string(),
        Some(Amount::Decimal(number)) => format!("{number:.1}").replace('.', ","),
        None => String::new(),
    }
}
