//! Believable indicators and figures for a demonstration.

use chrono::{Datelike, Months, NaiveDate};

use super::{FigureFields, IndicatorFields, IndicatorKind, indicator, service, store};
use crate::office::agency;
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::Hand;

/// What one task counts in the demonstration, and how many each month.
struct Plot {
    task: &'static str,
    kind: IndicatorKind,
    agency: &'static str,
    title: (&'static str, &'static str),
    unit: (&'static str, &'static str),
    amounts: &'static [i64],
}

const PLOTS: [Plot; 5] = [
    Plot {
        task: "2a",
        kind: IndicatorKind::Leaflets,
        agency: "HEALTH",
        title: ("Tờ rơi đã phát", "Leaflets given out"),
        unit: ("tờ", "copies"),
        amounts: &[500, 0, 320, 450],
    },
    Plot {
        task: "2a",
        kind: IndicatorKind::Broadcasts,
        agency: "HEALTH",
        title: ("Lượt phát thanh", "Broadcasts"),
        unit: ("lượt", "times"),
        amounts: &[8, 8, 12, 9],
    },
    Plot {
        task: "2c",
        kind: IndicatorKind::EstablishmentsApproached,
        agency: "CULTURE",
        title: ("Cơ sở đã vận động", "Establishments spoken to"),
        unit: ("cơ sở", "establishments"),
        amounts: &[2, 1],
    },
    Plot {
        task: "3a",
        kind: IndicatorKind::DocumentsReviewed,
        agency: "SECRETARIAT",
        title: (
            "Văn bản, quy trình đã rà soát",
            "Documents and procedures reviewed",
        ),
        unit: ("văn bản", "documents"),
        amounts: &[3, 4, 2],
    },
    Plot {
        task: "5",
        kind: IndicatorKind::Inspections,
        agency: "POLICE",
        title: ("Cuộc kiểm tra", "Inspections"),
        unit: ("cuộc", "inspections"),
        amounts: &[1, 0, 2],
    },
];

/// The first and the last day of the month so many months before a day's own.
fn month(today: NaiveDate, before: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = today.with_day(1)?.checked_sub_months(Months::new(before))?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Some((first, last))
}

/// Fills an office that has no indicators yet; `false` where it has.
pub(in crate::plan) fn fill(work: &mut Work<'_>) -> Result<bool, Error> {
    let (office, today) = (work.office_id(), work.zone().day(work.now));
    if !store::all_indicators(work.conn, office, None)?.is_empty() {
        return Ok(false);
    }
    let agencies = agency::all(work.conn, office)?;
    for plot in &PLOTS {
        let found = agencies.iter().find(|agency| agency.code == plot.agency);
        let Some(agency) = found else {
            continue;
        };
        let fields = IndicatorFields {
            kind: plot.kind,
            title_vi: plot.title.0.to_owned(),
            title_en: plot.title.1.to_owned(),
            unit_vi: plot.unit.0.to_owned(),
            unit_en: plot.unit.1.to_owned(),
            agency_id: agency.id,
            is_active: true,
        };
        let made = indicator::define(work, plot.task, &fields)?;
        for (amount, before) in plot.amounts.iter().zip(1..) {
            let Some((from, to)) = month(today, before) else {
                continue;
            };
            let figure = FigureFields {
                from,
                to,
                amount: *amount,
                source_document: format!("Sổ theo dõi tháng {}", to.format("%m/%Y")),
                note: None,
            };
            service::enter(work, Hand::Everybody, (plot.task, made.id), &figure)?;
        }
    }
    Ok(true)
}
