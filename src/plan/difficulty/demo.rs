//! Believable difficulties for a demonstration.

use std::sync::Arc;

use chrono::TimeDelta;

use super::service::{self, Written};
use super::store::{Wanted, Words};
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{AgencyId, OfficeId};
use crate::office::agency::{self, AgencyKind};
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::{Hand, Standing};

/// Raises two in an office that has none: one is answered, the other waits.
///
/// # Errors
/// When storage fails.
pub fn fill(
    platform: &Arc<Platform>,
    office: OfficeId,
    (organiser, reporter): (UserId, UserId),
) -> Result<(), Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let then = shared.clock.now().minus(TimeDelta::days(60));
        let mut work = Work::new(conn, &shared, then, &office, Some(organiser));
        stage(&mut work, reporter)
    })
}

fn stage(work: &mut Work<'_>, reporter: UserId) -> Result<(), Error> {
    let standing = Standing {
        seen: Hand::Everybody,
        hand: Hand::Everybody,
        decides: true,
    };
    let (_, total) = service::list(work, standing, &Wanted::default(), (None, 1), true)?;
    let office = work.office_id();
    let units = agency::all(work.conn, office)?.into_iter();
    let mut units = units.filter(|one| one.active && one.kind == AgencyKind::Unit);
    let (Some(first), Some(second)) = (units.next(), units.next()) else {
        return Ok(());
    };
    if total > Some(0) {
        return Ok(());
    }
    let staff = work.actor;
    let short = raise(
        work,
        standing,
        first.id,
        (
            "2b",
            "Thiếu báo cáo viên về Công ước La Hay",
            "Chưa mời được báo cáo viên cho buổi tập huấn quý tới.",
            Some("Đề nghị Sở Tư pháp cử báo cáo viên."),
        ),
    )?;
    work.now = work.now.plus(TimeDelta::days(12));
    work.actor = Some(reporter);
    let said = Written {
        words:
            "Sở Tư pháp cử một báo cáo viên cho buổi tập huấn; Văn phòng liên hệ trước một tuần."
                .to_owned(),
        on: work.zone().day(work.now),
        number: Some("345/STP-HCTP".to_owned()),
    };
    service::answer(work, standing, short, &said)?;
    work.now = work.now.plus(TimeDelta::days(30));
    work.actor = staff;
    raise(
        work,
        standing,
        second.id,
        (
            "2c",
            "Cơ sở nuôi dưỡng chưa có hồ sơ nguồn gốc của trẻ",
            "Hai cơ sở tôn giáo không lưu giấy tờ của trẻ được nhận trước năm 2015.",
            None,
        ),
    )?;
    Ok(())
}

/// A task, a title, a text and a proposal.
type Said = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

fn raise(
    work: &mut Work<'_>,
    standing: Standing,
    agency: AgencyId,
    (task, title, text, proposal): Said,
) -> Result<super::DifficultyId, Error> {
    let words = Words {
        plan_task: Some(task.to_owned()),
        title: title.to_owned(),
        text: text.to_owned(),
        proposal: proposal.map(str::to_owned),
        raised_on: work.zone().day(work.now),
    };
    Ok(service::raise(work, standing, (agency, &words))?.id)
}
