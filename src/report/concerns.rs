//! Suspected illicit practices as a report counts them: how many of each topic, and where they stand.

use std::collections::BTreeMap;

use super::error::Error;
use crate::office::period::Period;
use crate::office::report_row::{self, Amount, ReportRow, Section, TOTAL, Value};
use crate::office::work::Work;
use crate::plan;

/// What is counted.
const MEASURE: &str = "concerns";

/// The rows of a period, the total first.
pub(super) fn rows(work: &mut Work<'_>, period: Period) -> Result<Vec<ReportRow>, Error> {
    let counts = plan::concern_counts(work, period)?;
    let total: i64 = counts.iter().map(|(.., count)| count).sum();
    let (mut topics, mut statuses) = (BTreeMap::new(), BTreeMap::new());
    for (topic, status, count) in counts {
        *topics.entry(topic).or_insert(0) += count;
        *statuses.entry(status).or_insert(0) += count;
    }
    let everything = Value::total();
    let mut rows = row(TOTAL, &everything, total);
    for (dimension, counted) in [("topic", topics), ("status", statuses)] {
        for (word, count) in counted {
            rows.extend(row(dimension, &named(word), count));
        }
    }
    Ok(rows)
}

fn row(dimension: &str, value: &Value, count: i64) -> Vec<ReportRow> {
    let measure = [(MEASURE, Amount::Whole(count), true)];
    report_row::rows((Section::Concern, dimension), value, measure).collect()
}

fn named(word: &str) -> Value {
    let found = WORDS.iter().find(|(known, ..)| *known == word);
    let (vi, en) = found.map_or((word, word), |(_, vi, en)| (*vi, *en));
    Value {
        key: Some(word.to_owned()),
        label: (vi.to_owned(), en.to_owned()),
    }
}

/// The Toolkit's topics (`domain.md` §2.1) and where a concern stands.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "abduction_sale_trafficking",
        "Bắt cóc, mua bán trẻ em",
        "Abduction, sale and trafficking",
    ),
    (
        "improper_financial_gain",
        "Thu lợi bất chính",
        "Improper financial gain",
    ),
    (
        "improperly_obtained_consent",
        "Sự đồng ý không tự nguyện",
        "Improperly obtained consent",
    ),
    (
        "misrepresentation_of_identity",
        "Khai sai nhân thân",
        "Misrepresentation of identity",
    ),
    ("forged_documents", "Giấy tờ giả", "Forged documents"),
    (
        "bypassed_matching",
        "Bỏ qua việc giới thiệu trẻ em",
        "Bypassed matching",
    ),
    (
        "lack_of_subsidiarity",
        "Không ưu tiên gia đình trong nước",
        "Lack of subsidiarity",
    ),
    (
        "origins_information",
        "Thông tin về nguồn gốc",
        "Information on origins",
    ),
    (
        "bypassed_procedure",
        "Bỏ qua trình tự, thủ tục",
        "Bypassed procedure",
    ),
    ("other", "Khác", "Other"),
    ("recorded", "Đã ghi nhận", "Recorded"),
    ("referred", "Đã chuyển cơ quan có thẩm quyền", "Referred"),
    ("answered", "Đã có trả lời", "Answered"),
    ("closed", "Đã kết thúc", "Closed"),
];
