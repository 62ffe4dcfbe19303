//! Believable products for a demonstration: one issued with its file, one that waits for a yes, one
//! that is being written.

use crate::plan::demo::Cast;
use std::sync::Arc;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::service::{self, Draft, Standing};
use super::step::{self, Issue};
use super::{Content, file};
use crate::db::schema::{agencies, products, training_sessions as sessions};
use crate::db::{self, Conn};
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{AgencyId, Fault, OfficeId, Timestamp};
use crate::office::owed::{HeldSessionId, ProductId, ProductKind};
use crate::office::work::Work;
use crate::paper::{Document, Page, Signature};
use crate::plan::error::Error;
use crate::plan::policy::Hand;
use crate::sealed::stored::Sender;
use crate::sealed::{DataKey, Stored, StoredId};
/// How far a product got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Draft,
    Submitted,
    Issued,
}

/// A product of the demonstration: of the first session of a kind and task that was held.
struct Plot {
    kind: ProductKind,
    of: Option<&'static str>,
    task: &'static str,
    title: &'static str,
    reached: Reached,
}

const PRODUCTS: [Plot; 3] = [
    Plot {
        kind: ProductKind::ConferenceReport,
        of: Some("conference"),
        task: "1",
        title: "Báo cáo kết quả Hội nghị triển khai Kế hoạch giai đoạn 2026 – 2030",
        reached: Reached::Issued,
    },
    Plot {
        kind: ProductKind::TrainingReport,
        of: Some("training"),
        task: "2b",
        title: "Báo cáo kết quả tập huấn Luật Nuôi con nuôi và Công ước La Hay 1993, đợt 1",
        reached: Reached::Submitted,
    },
    Plot {
        kind: ProductKind::OutreachMaterial,
        of: None,
        task: "2a",
        title: "Tờ gấp về chăm sóc thay thế và môi trường gia đình",
        reached: Reached::Draft,
    },
];

/// Fills an office that has no product.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, staff: Cast) -> Result<(), Error> {
    if platform.db.read_now(|conn| has_products(conn, office))? {
        return Ok(());
    }
    for plot in &PRODUCTS {
        stage(platform, office, staff, plot)?;
    }
    Ok(())
}

fn has_products(conn: &mut Conn, office: OfficeId) -> db::Result<bool> {
    let count: i64 = products::table
        .filter(products::office_id.eq(office))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Does a piece of work as someone who stands to every product like this.
fn at<T: Send + 'static>(
    platform: &Arc<Platform>,
    office: OfficeId,
    (actor, is_reporter): (UserId, bool),
    mut piece: impl FnMut(&mut Work<'_>, Standing) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let mut work = Work::new(conn, &shared, shared.clock.now(), &office, Some(actor));
        let standing = Standing::of(&mut work, (Hand::Everybody, is_reporter))?;
        piece(&mut work, standing)
    })
}

fn stage(
    platform: &Arc<Platform>,
    office: OfficeId,
    staff: Cast,
    plot: &'static Plot,
) -> Result<(), Error> {
    let organiser = (staff.organiser, false);
    let id = at(platform, office, organiser, move |work, standing| {
        let draft = draft(work, plot)?;
        Ok(service::create(work, standing, (staff.organiser, draft))?.id)
    })?;
    if plot.reached == Reached::Draft {
        return Ok(());
    }
    if plot.reached == Reached::Issued {
        put_file(platform, office, (staff.organiser, id), plot)?;
    }
    at(platform, office, organiser, move |work, standing| {
        step::submit(work, standing, id)
    })?;
    if plot.reached == Reached::Submitted {
        return Ok(());
    }
    let reporter = (staff.reporter, true);
    at(platform, office, reporter, move |work, standing| {
        step::approve(work, standing, id)?;
        let issue = Issue {
            number: Some("12/BC-UBND".to_owned()),
            dated_on: work.zone().day(work.now.minus(TimeDelta::days(1))),
            signer: "Phạm Viết Mẫu".to_owned(),
            recipients: None,
        };
        step::issue(work, standing, (id, issue))
    })?;
    Ok(())
}

/// The first session of a kind and task that was held, and who led it.
fn held(
    work: &mut Work<'_>,
    (kind, task): (&str, &str),
) -> db::Result<Option<(HeldSessionId, AgencyId)>> {
    Ok(sessions::table
        .filter(sessions::office_id.eq(work.office.id))
        .filter(sessions::kind.eq(kind))
        .filter(sessions::plan_task.eq(task))
        .filter(sessions::status.eq("completed"))
        .order(sessions::first_starts_at)
        .select((sessions::id, sessions::lead_agency_id))
        .first(work.conn)
        .optional()?)
}

fn draft(work: &mut Work<'_>, plot: &Plot) -> db::Result<Draft> {
    let held = match plot.of {
        Some(kind) => held(work, (kind, plot.task))?,
        None => None,
    };
    let agency = match held {
        Some((_, lead)) => lead,
        None => agencies::table
            .filter(agencies::office_id.eq(work.office.id))
            .order(agencies::id)
            .select(agencies::id)
            .first(work.conn)?,
    };
    Ok(Draft {
        agency_id: Some(agency),
        report_year: None,
        content: Content {
            kind: plot.kind,
            title: plot.title.to_owned(),
            plan_task: plot.task.to_owned(),
            report_year: 0,
            session_id: held.map(|(session, _)| session),
            agency_id: agency,
            recipients: vec!["Sở Tư pháp".to_owned(), "Lưu: VT".to_owned()],
            note: None,
        },
    })
}

fn put_file(
    platform: &Arc<Platform>,
    office: OfficeId,
    (by, id): (UserId, ProductId),
    plot: &Plot,
) -> Result<(), Error> {
    let who = (by, false);
    let key = at(platform, office, who, move |work, standing| {
        file::key(work, standing, id)
    })?;
    let stored = store(platform, (&key, by), plot.title)
        .map_err(|error| Fault::Internal(format!("a file of the demonstration: {error}")))?;
    at(platform, office, who, move |work, standing| {
        file::put(work, standing, (id, by), &stored)
    })?;
    Ok(())
}

/// Stores a report of a page.
fn store(
    platform: &Arc<Platform>,
    (key, by): (&DataKey, UserId),
    title: &str,
) -> Result<Stored, Box<dyn std::error::Error>> {
    let now = platform.clock.now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let sender = Sender::staff(by.uuid());
    let mut incoming = runtime.block_on(platform.depot.receive(sender))?;
    incoming.push(&report(title, now)?)?;
    let clean = incoming.finish("Báo cáo kết quả Hội nghị.docx")?;
    Ok(platform.depot.store(key, StoredId::new(now), &clean)?)
}

fn report(title: &str, now: Timestamp) -> Result<Vec<u8>, crate::paper::Error> {
    let signature = Signature {
        capacity: vec!["TM. ỦY BAN NHÂN DÂN".to_owned(), "CHỦ TỊCH".to_owned()],
        ..Signature::default()
    };
    Document::new(Page::Portrait, now)
        .title("BÁO CÁO", title)
        .paragraph(
            "Hội nghị đã quán triệt nội dung cơ bản của Bộ Công cụ và trách nhiệm của các phòng \
             chuyên môn, cơ quan, đơn vị; số liệu tham dự theo danh sách ký tên kèm theo.",
        )
        .signature(&["Sở Tư pháp", "Lưu: VT"], &signature)
        .into_bytes()
}
