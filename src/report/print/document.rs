//! The report as it is signed: a báo cáo of template 1.4 of Decree 30/2020/NĐ-CP, in the outline of
//! `domain.md` §7. What no count can fill is what people wrote, or lines to write on.

use super::appendix;
use crate::kernel::Timestamp;
use crate::office::printed::Kind;
use crate::office::report_row::Section;
use crate::office::settings::OfficeSettings;
use crate::paper::{Align, Column, Document, Error, Page, Table};
use crate::report::content::{Content, ContributionLine};
use crate::report::model::{AgencyTexts, Report, ReportKind};

/// What the plan is called, as its own title has it.
const PLAN: &str = "Kế hoạch triển khai Bộ Công cụ ngăn ngừa và xử lý các hành vi không tuân thủ pháp \
                    luật trong lĩnh vực nuôi con nuôi quốc tế trên địa bàn phường, giai đoạn 2026 – 2030";

/// The document of a report.
///
/// # Errors
/// When the document cannot be written.
pub(in crate::report) fn document(
    report: &Report,
    content: &Content,
    (settings, now): (&OfficeSettings, Timestamp),
) -> Result<Vec<u8>, Error> {
    let head = match (&report.number, report.dated_on) {
        (Some(number), Some(day)) => settings.numbered_head(number, day),
        _ => settings.head_of(Kind::Report, now),
    };
    let mut document = Document::new(Page::Portrait, now).head(&head);
    if !report.status.is_frozen() {
        document = document.mark("DỰ THẢO");
    }
    document = document.title("BÁO CÁO", &about(content));
    document = parts(document, content);
    let closing = format!(
        "Trên đây là báo cáo kết quả thực hiện Kế hoạch, {} kính báo cáo./.",
        settings.name
    );
    let mut recipients: Vec<String> = report
        .recipients
        .iter()
        .map(|to| format!("- {to};"))
        .collect();
    recipients.push("- Lưu: VT.".to_owned());
    let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
    let mut signature = settings.signature();
    signature.name.clone_from(&report.signer);
    let document = document
        .closing(&closing)
        .signature(&recipients, &signature);
    appendix::of(document, content).into_bytes()
}

fn about(content: &Content) -> String {
    match content.kind {
        ReportKind::Annual => format!("Kết quả thực hiện {PLAN}, năm {}", content.year),
        ReportKind::Summary => format!("Tổng kết việc thực hiện {PLAN}"),
    }
}

fn parts(document: Document, content: &Content) -> Document {
    let texts = &content.texts;
    let from = content.from.format("%d/%m/%Y");
    let to = content.to.format("%d/%m/%Y");
    let period = format!("Số liệu tính từ ngày {from} đến hết ngày {to}.");
    let document = document
        .heading("I. TÌNH HÌNH CHỈ ĐẠO, TRIỂN KHAI")
        .paragraph(&period);
    let document = written(document, texts.situation.as_deref())
        .heading("II. KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ")
        .paragraph(&training(content))
        .table(&tasks(content));
    let document = figures(document, content);
    let document = optional(document, texts.results.as_deref());
    let document = agencies(document, content)
        .heading("III. TƯ VẤN TRƯỚC, TRONG VÀ SAU KHI GIẢI QUYẾT NUÔI CON NUÔI")
        .paragraph(&counselling(content));
    let document = optional(document, texts.counselling.as_deref())
        .heading("IV. BẢO ĐẢM QUYỀN ĐƯỢC TRỢ GIÚP PHÁP LÝ CỦA TRẺ EM")
        .paragraph(&legal_aid(content));
    let document = optional(document, texts.legal_aid.as_deref());
    let (hard, asked, next) = (
        hard(content),
        gathered(content, texts.proposals.as_deref(), |one| &one.proposals),
        gathered(content, texts.next_period.as_deref(), |one| {
            &one.next_period
        }),
    );
    let document = document.heading("V. KHÓ KHĂN, VƯỚNG MẮC");
    let document = written(document, hard.as_deref()).heading("VI. ĐỀ XUẤT, KIẾN NGHỊ");
    let document =
        written(document, asked.as_deref()).heading("VII. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI");
    written(document, next.as_deref())
}

/// What was written, or lines to write it on.
fn written(document: Document, text: Option<&str>) -> Document {
    match text {
        Some(text) => document.paragraph(text),
        None => document.lines(3),
    }
}

fn optional(document: Document, text: Option<&str>) -> Document {
    match text {
        Some(text) => document.paragraph(text),
        None => document,
    }
}

/// What the office and its agencies wrote of one thing, each by its name.
fn gathered(
    content: &Content,
    own: Option<&str>,
    of: fn(&AgencyTexts) -> &Option<String>,
) -> Option<String> {
    let theirs = content.contributions.iter().filter_map(|part| {
        let text = of(&part.texts).as_deref()?;
        Some(format!("{}: {text}", part.agency_vi))
    });
    let all: Vec<String> = own.map(str::to_owned).into_iter().chain(theirs).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

/// What the office wrote, what agencies wrote, and what they raised in the year.
fn hard(content: &Content) -> Option<String> {
    let own = content.texts.difficulties.as_deref();
    let written = gathered(content, own, |one| &one.difficulties);
    let raised = content.difficulties.iter().map(|one| {
        let text = &one.text;
        let proposal = one.proposal.as_deref();
        let proposal = proposal.map(|said| format!(" Đề xuất: {said}"));
        let proposal = proposal.unwrap_or_default();
        format!("{}: {}. {text}{proposal}", one.agency_vi, one.title)
    });
    let all: Vec<String> = written.into_iter().chain(raised).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

/// What was counted for the tasks by hand.
fn figures(document: Document, content: &Content) -> Document {
    let rows: Vec<Vec<String>> = content
        .figures
        .iter()
        .filter_map(|one| {
            Some(vec![
                one.plan_task.clone(),
                one.title_vi.clone(),
                one.amount?.to_string(),
                one.unit_vi.clone(),
            ])
        })
        .collect();
    if rows.is_empty() {
        return document;
    }
    document.table(&Table {
        columns: vec![
            Column::new("Số", 6, Align::Centre),
            Column::new("Chỉ tiêu", 54, Align::Left),
            Column::new("Số lượng", 20, Align::Right),
            Column::new("Đơn vị tính", 20, Align::Left),
        ],
        rows,
        height: None,
    })
}

/// The products of a task that are there, and the kinds that are not.
fn products(content: &Content, task: &str) -> String {
    let there = content.products.iter();
    let there = there.filter(|one| one.plan_task == task && one.is_delivered);
    let there = there.map(|one| match &one.number {
        Some(number) => format!("{} (số {number})", one.title),
        None => one.title.clone(),
    });
    let missing = content.products_missing.iter();
    let missing = missing.filter(|one| one.plan_task == task && one.session_id.is_none());
    let missing: Vec<&str> = missing
        .map(|one| super::word(one.kind.as_str()).0)
        .collect();
    let missing = (!missing.is_empty()).then(|| format!("Còn thiếu: {}", missing.join(", ")));
    there.chain(missing).collect::<Vec<_>>().join("; ")
}

/// What the agencies say they did; who sent nothing is told, too.
fn agencies(document: Document, content: &Content) -> Document {
    if content.contributions.is_empty() {
        return document;
    }
    let mut document = document.heading("Phần việc của các cơ quan, đơn vị");
    for part in &content.contributions {
        document = document.fact(&part.agency_vi, &said(part));
    }
    document
}

fn said(part: &ContributionLine) -> String {
    if part.status.is_missing() {
        return "chưa gửi báo cáo.".to_owned();
    }
    let results = part.texts.results.clone();
    results.unwrap_or_else(|| "không có nội dung phát sinh.".to_owned())
}

fn training(content: &Content) -> String {
    let number = |measure| content.total(Section::Training, measure);
    format!(
        "Đã tổ chức {} buổi, với {} lượt người, {} người tham dự (mỗi người tính một lần).",
        number("sessions_completed"),
        number("slot_attendances"),
        number("distinct_people"),
    )
}

fn counselling(content: &Content) -> String {
    let number = |measure| content.total(Section::Counselling, measure);
    let phase = |key| {
        let row = ("phase", Some(key));
        content.number(Section::Counselling, row, "completed")
    };
    format!(
        "Tiếp nhận {} yêu cầu tư vấn; thực hiện {} buổi tư vấn cho {} người, trong đó trước khi giải \
         quyết {} buổi, trong khi giải quyết {} buổi, sau khi giải quyết {} buổi; {} hồ sơ kết thúc.",
        number("requests"),
        number("completed"),
        number("people_served"),
        phase("before"),
        phase("during"),
        phase("after"),
        number("cases_ended"),
    )
}

fn legal_aid(content: &Content) -> String {
    let number = |measure| content.total(Section::LegalAid, measure);
    format!(
        "Tiếp nhận {} yêu cầu trợ giúp pháp lý cho trẻ em; đã chuyển Trung tâm trợ giúp pháp lý nhà \
         nước {} yêu cầu. Trong số tiếp nhận, Trung tâm thụ lý {}, từ chối {}; hoàn thành {}; đang \
         thực hiện {}.",
        number("received"),
        number("referred"),
        number("accepted"),
        number("refused"),
        number("completed"),
        number("open"),
    )
}

/// What was done for each task of the plan.
fn tasks(content: &Content) -> Table {
    let is_whole = |code: &str| {
        let mut tasks = content.tasks.iter();
        tasks.any(|one| one.parent.as_deref() == Some(code))
    };
    let rows = content.tasks.iter().map(|task| {
        let number = |measure| {
            let row = ("plan_task", Some(task.code.as_str()));
            match content.number(Section::Training, row, measure) {
                // What is done for it is done for its parts.
                0 if is_whole(&task.code) => String::new(),
                number => number.to_string(),
            }
        };
        vec![
            task.code.clone(),
            task.title_vi.clone(),
            task.lead_vi.clone().unwrap_or_default(),
            number("sessions_completed"),
            number("slot_attendances"),
            number("distinct_people"),
            products(content, &task.code),
        ]
    });
    Table {
        columns: vec![
            Column::new("Số", 7, Align::Centre),
            Column::new("Nhiệm vụ", 28, Align::Left),
            Column::new("Cơ quan chủ trì", 18, Align::Left),
            Column::new("Số buổi", 9, Align::Right),
            Column::new("Lượt người", 12, Align::Right),
            Column::new("Số người", 12, Align::Right),
            Column::new("Sản phẩm", 23, Align::Left),
        ],
        rows: rows.collect(),
        height: None,
    }
}
