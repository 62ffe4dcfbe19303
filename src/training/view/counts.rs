//! Counts on the wire.

use serde::{Deserialize, Serialize};

use crate::kernel::Language;
use crate::office::period::Period;
use crate::office::policy::AgeBand;
use crate::training::counts::{Measure, UNKNOWN};
use crate::training::service::report::{Dimension, Report, Row};

/// How a session's counts are divided.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::training) struct CountsQuery {
    /// The dimension of the rows; without it only the total is given.
    pub(in crate::training) group_by: Option<Dimension>,
}

/// Which period is counted and how it is divided.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::training) struct ReportQuery {
    /// The first office day.
    pub(in crate::training) from: Option<chrono::NaiveDate>,
    /// The last office day.
    pub(in crate::training) to: Option<chrono::NaiveDate>,
    /// The year of the yearly report, instead of its days: the office's `reporting_window` sets them.
    pub(in crate::training) year: Option<i32>,
    /// The dimension of the rows; without it only the total is given.
    pub(in crate::training) group_by: Option<Dimension>,
}

/// One row of counts.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct CountsRow {
    /// The dimension's value; `unknown` where nobody stated it; `null` in the total.
    key: Option<String>,
    /// The value as people read it.
    label: Option<String>,
    /// `sessions_completed + sessions_published`; not what was held.
    sessions: i64,
    /// Sessions that were held and completed.
    sessions_completed: i64,
    /// Sessions that were announced and not completed, past or still to come.
    sessions_published: i64,
    invited: i64,
    confirmed: i64,
    waitlisted: i64,
    declined: i64,
    cancelled: i64,
    /// `present + absent + excused`.
    expected: i64,
    present: i64,
    absent: i64,
    excused: i64,
    late: i64,
    left_early: i64,
    walk_ins: i64,
    /// Lượt người.
    slot_attendances: i64,
    /// Số người: each person present once.
    distinct_people: i64,
    /// Present of expected, in percent with one decimal; `null` where nobody was expected.
    presence_percent: Option<f64>,
}

/// Whether a measure's rows add up to its total.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct MeasureView {
    name: &'static str,
    additive: bool,
}

/// Counts: rows of a dimension, and the total.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct CountsView {
    group_by: Option<Dimension>,
    rows: Vec<CountsRow>,
    total: CountsRow,
    measures: Vec<MeasureView>,
}

impl CountsView {
    pub(in crate::training) fn of(
        report: &Report,
        group_by: Option<Dimension>,
        language: Language,
    ) -> Self {
        let row = |row: &Row| {
            let label = label(report, &row.key, language);
            counts_row(Some(row.key.clone()), Some(label), row)
        };
        let by_attendee = group_by.is_some_and(Dimension::is_attendees);
        let measure = |name, additive| MeasureView { name, additive };
        let sessions = ["sessions", "sessions_completed", "sessions_published"];
        let mut measures: Vec<MeasureView> =
            sessions.map(|name| measure(name, !by_attendee)).into();
        measures.extend(Measure::ALL.iter().map(|one| measure(one.as_str(), true)));
        measures.push(measure("expected", true));
        measures.push(measure("distinct_people", false));
        measures.push(measure("presence_percent", false));
        Self {
            group_by,
            rows: report.rows.iter().map(row).collect(),
            total: counts_row(None, None, &report.total),
            measures,
        }
    }
}

/// The counts of a period.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(in crate::training) struct PeriodCountsView {
    /// The first day that is counted.
    from: chrono::NaiveDate,
    /// The last one.
    to: chrono::NaiveDate,
    #[serde(flatten)]
    counts: CountsView,
}

impl PeriodCountsView {
    pub(in crate::training) fn of((from, to): Period, counts: CountsView) -> Self {
        Self { from, to, counts }
    }
}

/// What a row's key is called.
pub(in crate::training) fn label(report: &Report, key: &str, language: Language) -> String {
    if key == UNKNOWN {
        let (vi, en) = match report.dimension {
            // Whoever belongs to a body that is none of the office's agencies is counted here as well.
            Some(Dimension::Agency) => ("Đơn vị khác hoặc chưa rõ", "Other bodies or unknown"),
            _ => ("Chưa rõ", "Unknown"),
        };
        return language.pick(vi, en).to_owned();
    }
    if let Some((vi, en)) = report.names.get(key) {
        return language.pick(vi, en).clone();
    }
    let told = match report.dimension {
        Some(Dimension::Month) => month(key, language),
        Some(Dimension::AgeBand) => AgeBand::told(key).map(|(vi, en)| language.pick(vi, en)),
        _ => word(key).map(|(vi, en)| language.pick(vi, en).to_owned()),
    };
    told.unwrap_or_else(|| key.to_owned())
}

/// `tháng 3/2026` of `2026-03`.
fn month(key: &str, language: Language) -> Option<String> {
    let (year, month) = key.split_once('-')?;
    let month: u8 = month.parse().ok()?;
    let name = chrono::Month::try_from(month).ok()?.name();
    Some(match language {
        Language::Vi => format!("tháng {month}/{year}"),
        Language::En => format!("{name} {year}"),
    })
}

/// The words of the enums that are dimensions, as people read them.
pub(in crate::training) fn word(key: &str) -> Option<(&'static str, &'static str)> {
    WORDS
        .iter()
        .find(|(known, ..)| *known == key)
        .map(|(_, vi, en)| (*vi, *en))
}

const WORDS: [(&str, &str, &str); 21] = [
    ("female", "Nữ", "Female"),
    ("male", "Nam", "Male"),
    ("other", "Khác", "Other"),
    ("official", "Cán bộ, công chức", "Officials"),
    ("police", "Công an", "Police"),
    ("health", "Y tế", "Health staff"),
    ("justice", "Tư pháp – hộ tịch", "Justice and civil status"),
    ("education", "Giáo dục", "Education"),
    ("residential_group", "Tổ dân phố", "Residential groups"),
    (
        "religious_establishment",
        "Cơ sở tôn giáo",
        "Religious establishments",
    ),
    (
        "care_institution",
        "Cơ sở nuôi dưỡng",
        "Nurturing establishments",
    ),
    (
        "mass_organisation",
        "Tổ chức đoàn thể",
        "Mass organisations",
    ),
    ("family", "Gia đình", "Families"),
    ("conference", "Hội nghị", "Conferences"),
    ("training", "Tập huấn", "Trainings"),
    ("outreach", "Tuyên truyền", "Outreach"),
    ("mobilisation", "Vận động", "Mobilisation"),
    ("survey", "Khảo sát", "Surveys"),
    ("inspection", "Kiểm tra", "Inspections"),
    ("review", "Rà soát", "Reviews"),
    ("meeting", "Họp", "Meetings"),
];

fn counts_row(key: Option<String>, label: Option<String>, row: &Row) -> CountsRow {
    let tally = &row.tally;
    let expected = tally.expected();
    CountsRow {
        key,
        label,
        sessions: row.sessions,
        sessions_completed: row.sessions_completed,
        sessions_published: row.sessions_published,
        invited: tally.measure(Measure::Invited),
        confirmed: tally.measure(Measure::Confirmed),
        waitlisted: tally.measure(Measure::Waitlisted),
        declined: tally.measure(Measure::Declined),
        cancelled: tally.measure(Measure::Cancelled),
        expected,
        present: tally.measure(Measure::Present),
        absent: tally.measure(Measure::Absent),
        excused: tally.measure(Measure::Excused),
        late: tally.measure(Measure::Late),
        left_early: tally.measure(Measure::LeftEarly),
        walk_ins: tally.measure(Measure::WalkIns),
        slot_attendances: tally.measure(Measure::SlotAttendances),
        distinct_people: row.distinct_people,
        presence_percent: tally.presence_percent(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_told_in_words() {
        let told = [Language::Vi, Language::En].map(|language| month("2026-03", language).unwrap());
        assert_eq!(told, ["tháng 3/2026", "March 2026"]);
        assert_eq!(month("2026-13", Language::Vi), None);
    }
}
