//! A believable concern for a demonstration.

use std::sync::Arc;

use chrono::TimeDelta;

use super::service::{self, Record, Refer};
use super::store::Wanted;
use super::{ConcernSource, ConcernTopic};
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::OfficeId;
use crate::office::work::Work;
use crate::plan::error::Error;
use crate::plan::policy::Watch;

/// Records one in an office that has none, and refers it the week after.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, supervisor: UserId) -> Result<(), Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let then = shared.clock.now().minus(TimeDelta::days(40));
        let mut work = Work::new(conn, &shared, then, &office, Some(supervisor));
        stage(&mut work, Watch::supervisor(supervisor))
    })
}

fn stage(work: &mut Work<'_>, watch: Watch) -> Result<(), Error> {
    let (_, total) = service::list(work, watch, Wanted::default(), (None, 1), true)?;
    if total > Some(0) {
        return Ok(());
    }
    let new = Record {
        topic: ConcernTopic::ImproperFinancialGain,
        source: ConcernSource::Letter,
        informed_on: work.zone().day(work.now),
        text:
            "Đơn của một tổ trưởng dân phố: có người ngoài phường hỏi mua giấy tờ của trẻ và hứa \
               trả tiền cho gia đình. Chưa rõ người đó là ai."
                .to_owned(),
    };
    let row = service::record(work, watch, &new)?;
    work.now = work.now.plus(TimeDelta::days(5));
    let to = Refer {
        to: "Công an phường Lê Chân".to_owned(),
        on: work.zone().day(work.now),
        document_number: "86/UBND-VP".to_owned(),
    };
    service::refer(work, watch, row.id, &to)?;
    Ok(())
}
