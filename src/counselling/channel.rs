//! A way to reach someone that is closed later: what was written and not sent stays here.

use super::errand;
use super::error::Error;
use crate::identity::UserId;
use crate::mail::outbox;
use crate::office::work::Work;

/// Kinds that only call to mind: nobody is called where they are lost.
const REMINDERS: [&str; 3] = ["appointment_reminder", "case_periodic", "case_window"];

/// Mail is not safe for someone any more: what was written and not sent stays here, and somebody calls
/// about what was news.
pub(super) fn close(
    work: &mut Work<'_>,
    whom: &[uuid::Uuid],
    staff: Option<UserId>,
) -> Result<(), Error> {
    let kept = outbox::keep_back(work.conn, work.now, (work.office.id, whom))?;
    for one in kept {
        if !REMINDERS.contains(&one.kind.as_str()) {
            let about = (one.object_kind.as_str(), one.object);
            errand::call(work, about, (staff, None), &one.dedupe_key)?;
        }
    }
    Ok(())
}
