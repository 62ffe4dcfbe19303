//! The report of a session that was held: its facts and figures filled in, the judgement left to
//! whoever signs. A báo cáo follows template 1.4 of Decree 30/2020/NĐ-CP.

use super::{Facts, about, percent};
use crate::kernel::Language;
use crate::office::printed::Kind;
use crate::paper::{Align, Column, Document, Error, Page, Table};
use crate::training::counts::Measure;
use crate::training::service::report::{Report, Row};
use crate::training::view::counts::label;

/// The counts of the session by one dimension, and what that dimension is called.
pub(in crate::training) type Part = (&'static str, Report);

/// The report.
///
/// # Errors
/// When the document cannot be written.
pub(in crate::training) fn report(
    facts: &Facts,
    total: &Row,
    parts: &[Part],
) -> Result<Vec<u8>, Error> {
    let kind = facts.kind();
    let mut document = Document::new(Page::Portrait, facts.now)
        .head(&facts.settings.head_of(Kind::Report, facts.now))
        .title(
            "BÁO CÁO",
            &format!("Kết quả {}", about(kind, &facts.session.title)),
        );
    document = held(document, facts);
    document = document
        .heading("II. KẾT QUẢ THAM DỰ")
        .paragraph(&result(facts, total));
    for (number, (name, part)) in (1..).zip(parts) {
        document = document
            .heading(&format!("{number}. {name}"))
            .table(&table(part, total));
    }
    let closing = format!(
        "Trên đây là báo cáo kết quả {kind}, {} báo cáo để tổng hợp./.",
        facts.settings.name
    );
    document
        .heading("III. ĐÁNH GIÁ; KHÓ KHĂN, VƯỚNG MẮC")
        .lines(4)
        .heading("IV. ĐỀ XUẤT, KIẾN NGHỊ")
        .lines(3)
        .closing(&closing)
        .signature(
            &["- ........................................;", "- Lưu: VT."],
            &facts.settings.signature(),
        )
        .into_bytes()
}

/// What was held, when, where and by whom.
fn held(document: Document, facts: &Facts) -> Document {
    let session = &facts.session;
    let details = &session.details;
    let also = details.also_plan_tasks.iter().map(|code| facts.task(code));
    let coordinating: Vec<&str> = details
        .coordinating_agencies
        .iter()
        .map(|id| facts.agency(*id))
        .collect();
    let facts_of = [
        ("Mã buổi", session.reference.clone()),
        ("Nhiệm vụ trong kế hoạch", facts.task(&session.plan_task)),
        (
            "Nhiệm vụ khác được thực hiện cùng",
            also.collect::<Vec<_>>().join("; "),
        ),
        (
            "Chuyên đề của Bộ công cụ",
            details.toolkit_topics.join("; "),
        ),
        ("Thời gian", facts.time()),
        ("Địa điểm", facts.place()),
        (
            "Cơ quan chủ trì",
            facts.agency(session.lead_agency_id).to_owned(),
        ),
        ("Cơ quan phối hợp", coordinating.join("; ")),
        (
            "Chủ trì, điều hành",
            details.chair.clone().unwrap_or_default(),
        ),
        ("Báo cáo viên", details.speakers.join("; ")),
        ("Nội dung", details.description.clone().unwrap_or_default()),
    ];
    let mut document = document.heading("I. TÌNH HÌNH TỔ CHỨC");
    for (name, text) in facts_of {
        if !text.is_empty() {
            document = document.fact(name, &text);
        }
    }
    document
}

/// The figures in a sentence. Those whose result is absent either did not come, or came and stayed too
/// briefly; all parts add up to those expected.
fn result(facts: &Facts, total: &Row) -> String {
    let tally = &total.tally;
    let number = |measure| tally.measure(measure);
    let share = tally
        .presence_percent()
        .map(|share| format!(" (đạt {})", percent(share)))
        .unwrap_or_default();
    format!(
        "Số người phải có mặt: {}; có mặt: {}{share}; vắng có phép: {}; vắng không phép: {}; \
         có đến nhưng chưa đủ thời gian: {}. Được tính là có mặt khi dự từ {}% thời gian trở lên. \
         Trong số có mặt: đến muộn {}, về sớm {}. Số người đến mà không đăng ký trước: {}. \
         Số lượt người có mặt tại các buổi, kể cả người chưa đủ thời gian: {}.",
        tally.expected(),
        number(Measure::Present),
        number(Measure::Excused),
        number(Measure::Absent) - total.came_short,
        total.came_short,
        facts.session.details.minimum_presence_percent,
        number(Measure::Late),
        number(Measure::LeftEarly),
        number(Measure::WalkIns),
        number(Measure::SlotAttendances),
    )
}

fn table(part: &Report, total: &Row) -> Table {
    let number = |title: &str| Column::new(title, 10, Align::Right);
    let row = |name: String, row: &Row| {
        let tally = &row.tally;
        let share = tally.presence_percent().map(percent).unwrap_or_default();
        let number = |measure| tally.measure(measure).to_string();
        vec![
            name,
            tally.expected().to_string(),
            number(Measure::Present),
            number(Measure::Excused),
            (tally.measure(Measure::Absent) - row.came_short).to_string(),
            row.came_short.to_string(),
            share,
            number(Measure::SlotAttendances),
        ]
    };
    let mut rows: Vec<Vec<String>> = part
        .rows
        .iter()
        .map(|one| row(label(part, &one.key, Language::Vi), one))
        .collect();
    rows.push(row("Tổng số".to_owned(), total));
    Table {
        columns: vec![
            Column::new("Nhóm", 26, Align::Left),
            number("Phải có mặt"),
            number("Có mặt"),
            number("Vắng có phép"),
            number("Vắng không phép"),
            number("Chưa đủ thời gian"),
            Column::new("Tỷ lệ", 12, Align::Right),
            number("Lượt người"),
        ],
        rows,
        height: None,
    }
}
