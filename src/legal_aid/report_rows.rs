//! What the reports on the plan are told of legal aid: counts, nobody's story.

use super::counts::{self, Flow, LegalAidDimension, Tally};
use super::error::Error;
use super::status::Status;
use super::store::count as store;
use super::store::terms::{self, List, Terms};
use crate::office::calendar;
use crate::office::period::Period;
use crate::office::policy::AgeBand;
use crate::office::report_row::{self, Amount, ReportRow, Section, TOTAL, Value, whole};
use crate::office::work::Work;

/// By what a report on the plan divides requests.
const DIMENSIONS: [LegalAidDimension; 7] = [
    LegalAidDimension::Form,
    LegalAidDimension::Field,
    LegalAidDimension::Category,
    LegalAidDimension::AgeBand,
    LegalAidDimension::Sex,
    LegalAidDimension::Urgency,
    LegalAidDimension::RefusalReason,
];

/// The rows of a period, the totals first.
///
/// # Errors
/// When storage fails.
pub fn report_rows(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportRow>, Error> {
    let office = work.office_id();
    let all = store::of_period(work.conn, office, period)?;
    let passed = store::passed(work.conn, office, period)?;
    let calendar = calendar::load(work.conn, office)?;
    let bands = work.settings()?.age_bands();
    let terms = terms::load(work.conn)?;
    let total = counts::count(&all, None, (&calendar, &bands)).total;
    let everything = Value::total();
    let mut totals = measures(&total).to_vec();
    if let Some(days) = total.median_days() {
        totals.push((
            "median_working_days_to_referral",
            Amount::Decimal(days),
            false,
        ));
    }
    let what = (Section::LegalAid, TOTAL);
    let mut rows: Vec<ReportRow> = report_row::rows(what, &everything, totals).collect();
    let flow = counts::flow(&passed, period);
    let what = (Section::LegalAid, "within_period");
    rows.extend(report_row::rows(what, &everything, within(&flow)));
    for dimension in DIMENSIONS {
        let mut table = counts::count(&all, Some(dimension), (&calendar, &bands));
        if dimension == LegalAidDimension::RefusalReason {
            // Whatever stands otherwise than refused has no ground.
            table.rows.remove(&None);
        }
        let is_whole = dimension != LegalAidDimension::RefusalReason;
        for (key, tally) in &table.rows {
            let value = named(key.as_deref(), dimension, &terms);
            let what = (Section::LegalAid, dimension.as_str());
            let measures = measures(tally);
            let measures = measures.map(|(name, amount, _)| (name, amount, is_whole));
            rows.extend(report_row::rows(what, &value, measures));
        }
    }
    Ok(rows)
}

fn named(key: Option<&str>, dimension: LegalAidDimension, terms: &Terms) -> Value {
    let list = match dimension {
        LegalAidDimension::Form => Some(List::Form),
        LegalAidDimension::Field => Some(List::Field),
        LegalAidDimension::Category => Some(List::Category),
        _ => None,
    };
    let term = list
        .zip(key)
        .and_then(|(list, code)| terms.find(list, code));
    let label = match (term, key) {
        (Some(term), _) => (term.vi.clone(), term.en.clone()),
        (None, Some(key)) => told(key),
        (None, None) => ("Chưa rõ".to_owned(), "Unknown".to_owned()),
    };
    Value {
        key: key.map(str::to_owned),
        label,
    }
}

/// A word as people read it.
fn told(key: &str) -> (String, String) {
    if let Some(ages) = AgeBand::told(key) {
        return ages;
    }
    let found = WORDS.iter().find(|(known, ..)| *known == key);
    let (vi, en) = found.map_or((key, key), |(_, vi, en)| (*vi, *en));
    (vi.to_owned(), en.to_owned())
}

const WORDS: &[(&str, &str, &str)] = &[
    ("female", "Nữ", "Female"),
    ("male", "Nam", "Male"),
    ("other", "Khác", "Other"),
    ("unknown", "Chưa rõ", "Unknown"),
    ("normal", "Thông thường", "In its turn"),
    ("urgent", "Khẩn cấp", "Urgent"),
    (
        "not_specific_matter",
        "Không phải vụ việc cụ thể của người được trợ giúp",
        "Not a specific matter of a beneficiary",
    ),
    (
        "unlawful_content",
        "Nội dung yêu cầu trái pháp luật",
        "Unlawful content",
    ),
    (
        "beneficiary_deceased",
        "Người được trợ giúp đã chết",
        "The beneficiary has died",
    ),
    (
        "another_provider",
        "Tổ chức khác đang trợ giúp",
        "Another provider has the matter",
    ),
    (
        "as_written",
        "Lý do khác của Trung tâm",
        "Another ground of the Centre",
    ),
];

fn measures(tally: &Tally) -> [(&'static str, Amount, bool); 9] {
    [
        ("received", whole(tally.received), true),
        ("referred", whole(tally.referred), true),
        ("accepted", whole(tally.accepted), true),
        ("refused", whole(tally.refused), true),
        ("redirected", whole(tally.redirected), true),
        ("completed", whole(tally.completed), true),
        ("discontinued", whole(tally.discontinued), true),
        ("withdrawn", whole(tally.withdrawn), true),
        ("open", whole(tally.open), true),
    ]
}

fn within(flow: &Flow) -> [(&'static str, Amount, bool); 9] {
    let ended = |status| whole(flow.ended.get(&status).copied().unwrap_or_default());
    [
        ("brought_forward", whole(flow.brought_forward), false),
        ("received", whole(flow.received), false),
        ("referred", whole(flow.referred), false),
        ("refused", ended(Status::Refused), false),
        ("redirected", ended(Status::Redirected), false),
        ("completed", ended(Status::Completed), false),
        ("discontinued", ended(Status::Discontinued), false),
        ("withdrawn", ended(Status::Withdrawn), false),
        ("open_at_end", whole(flow.open_at_end), false),
    ]
}
