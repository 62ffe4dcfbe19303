//! Believable requests for a demonstration, one in every state.

mod plot;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use self::plot::{Plot, REQUESTS};
use super::clock::Urgency;
use super::error::Error;
use super::model::{
    Assignment, Child, Decision, DecisionResult, IntakeChannel, PaperKind, Redirection,
    RefusalReason, RequestId, Requester, Sex, Wanted,
};
use super::policy::{Eyes, Scope};
use super::service::draft::{self, Fields};
use super::service::step::{self, Recorded, Sending};
use super::service::{submit, withdrawal};
use super::status::{Action, Status};
use crate::db::Conn;
use crate::db::schema::legal_aid_requests;
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{Language, OfficeId};
use crate::office::safe_contact::{Channels, SpokenHow};
use crate::office::work::Work;

/// Who acts in the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// Who receives requests.
    pub officer: UserId,
    /// Who supervises.
    pub supervisor: UserId,
    /// A family's account.
    pub family: UserId,
}

/// Fills an office that has no request.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, staff: Cast) -> Result<(), Error> {
    if platform.db.read_now(|conn| is_filled(conn, office))? {
        return Ok(());
    }
    for plot in &REQUESTS {
        stage(platform, office, staff, plot)?;
    }
    at(platform, office, (staff.family, 1), move |work| {
        let scope = Scope::Own(staff.family);
        draft::begin(work, &scope, |request, _, _| Ok(of_family(request)))?;
        Ok(())
    })
}

fn is_filled(conn: &mut Conn, office: OfficeId) -> Result<bool, Error> {
    let requests: i64 = legal_aid_requests::table
        .filter(legal_aid_requests::office_id.eq(office))
        .count()
        .get_result(conn)?;
    Ok(requests > 0)
}

/// Does a piece of work as if it were some days ago.
fn at<T: Send + 'static>(
    platform: &Arc<Platform>,
    office: OfficeId,
    (actor, days): (UserId, i64),
    mut piece: impl FnMut(&mut Work<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let then = shared.clock.now().minus(TimeDelta::days(days));
        let mut work = Work::new(conn, &shared, then, &office, Some(actor));
        piece(&mut work)
    })
}

fn eyes(user: UserId, is_supervisor: bool) -> Scope {
    Scope::Staff(Eyes {
        user,
        is_supervisor,
    })
}

fn said(text: &str) -> Recorded {
    Recorded {
        note: Some(text.to_owned()),
        document: None,
    }
}

/// Writes a request down, hands it in, and goes on a few days at a time.
fn stage(
    platform: &Arc<Platform>,
    office: OfficeId,
    staff: Cast,
    plot: &'static Plot,
) -> Result<(), Error> {
    let scope = eyes(staff.officer, false);
    let by = staff.officer;
    let id = at(platform, office, (by, plot.days), move |work| {
        let today = work.zone().day(work.now);
        let begun = draft::begin(work, &scope, |_, _, _| Ok(of_desk(plot, today)))?;
        Ok(submit::submit(work, &scope, begun.id)?.id)
    })?;
    let steps = way(plot.status);
    let count = i64::try_from(steps.len()).unwrap_or(1);
    for (number, action) in (1_i64..).zip(steps) {
        let days = plot.days - plot.days * number / (count + 1);
        let by = if *action == Action::Void {
            staff.supervisor
        } else {
            by
        };
        let scope = eyes(by, by == staff.supervisor);
        at(platform, office, (by, days), move |work| {
            take(work, &scope, id, *action, plot)
        })?;
    }
    Ok(())
}

/// The steps that lead to a state.
const fn way(status: Status) -> &'static [Action] {
    use Action as A;
    match status {
        Status::Draft | Status::Submitted => &[],
        Status::NeedsSupplement => &[A::RequestSupplement],
        Status::Referred => &[A::Refer, A::RecordReceipt],
        Status::Accepted | Status::Refused => &[A::Refer, A::RecordDecision],
        Status::Assigned => &[A::Refer, A::RecordDecision, A::Assign],
        Status::InProgress => &[A::Refer, A::RecordDecision, A::Assign, A::Start],
        Status::Completed => &[
            A::Refer,
            A::RecordDecision,
            A::Assign,
            A::Start,
            A::Complete,
        ],
        Status::Discontinued => &[A::Refer, A::RecordDecision, A::Discontinue],
        Status::Redirected => &[A::Redirect],
        Status::Withdrawn => &[A::Withdraw, A::ConfirmWithdrawal],
        Status::Void => &[A::Void],
    }
}

fn take(
    work: &mut Work<'_>,
    scope: &Scope,
    id: RequestId,
    action: Action,
    plot: &Plot,
) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    let nothing = Recorded::default();
    match action {
        Action::RequestSupplement => {
            let wanted = vec![Wanted {
                kind: PaperKind::BirthCertificate,
                words: None,
            }];
            step::request_supplement(work, scope, id, (wanted, nothing))
        }
        Action::Refer => {
            let sending = Sending {
                centre: None,
                sent_on: None,
                document_number: format!("{}/PC-UBND", plot.days),
                will_follow: true,
            };
            step::refer(work, scope, id, (sending, nothing))
        }
        Action::RecordReceipt => {
            let number = format!("TN-{}", plot.days);
            step::record_receipt(work, scope, id, (number, None, nothing))
        }
        Action::RecordDecision => {
            let decision = decision(plot, today);
            step::record_decision(work, scope, id, ((decision, nothing), false))
        }
        Action::Assign => {
            let named = Assignment {
                person: "Lê Thị Mai".to_owned(),
                organisation: None,
                contact: None,
                on: today,
            };
            step::assign(work, scope, id, (named, nothing))
        }
        Action::Start => step::start(work, scope, id, nothing),
        Action::Complete | Action::Discontinue => {
            let outcome = "Đã hướng dẫn và hỗ trợ xong các thủ tục.".to_owned();
            step::end(work, scope, (id, action), (outcome, nothing))
        }
        Action::Redirect => {
            let way = Redirection {
                to: "Phòng Văn hóa – Xã hội phường".to_owned(),
                advice: Some("Mang theo học bạ của cháu.".to_owned()),
            };
            step::redirect(work, scope, id, (way, nothing))
        }
        Action::Withdraw => withdrawal::ask(work, scope, id, None),
        Action::ConfirmWithdrawal => {
            let how = (SpokenHow::ByPhone, None, nothing);
            withdrawal::confirm(work, scope, id, how)
        }
        _ => step::void(work, scope, id, said("Gõ nhầm.")),
    }
    .map(drop)
}

fn decision(plot: &Plot, today: NaiveDate) -> Decision {
    let is_refused = plot.status == Status::Refused;
    let (result, reason) = if is_refused {
        let reason = RefusalReason::NotSpecificMatter;
        (DecisionResult::Refused, Some(reason))
    } else {
        (DecisionResult::Accepted, None)
    };
    Decision {
        result,
        reason,
        words: is_refused.then(|| "Yêu cầu chưa phải là vụ việc cụ thể của trẻ em.".to_owned()),
        number: Some(format!("{}/TB-TGPL", plot.days)),
        date: today,
    }
}

/// What is written down at the desk.
fn of_desk(plot: &Plot, today: NaiveDate) -> Fields {
    Fields {
        channel: IntakeChannel::InPerson,
        language: Language::Vi,
        category: Some("child".to_owned()),
        field: Some(plot.field.to_owned()),
        form_wanted: Some("legal_advice".to_owned()),
        child_sex: plot.sex,
        has_papers_to_follow: false,
        assignee: None,
        urgency: Urgency::default(),
        requester: Requester {
            name: Some(plot.requester.to_owned()),
            relation: Some(plot.relation),
            phone: Some("+84912345678".to_owned()),
            ..Requester::default()
        },
        channels: (
            Channels {
                may_call: true,
                ..Channels::default()
            },
            Some(SpokenHow::InPerson),
        ),
        child: Child {
            name: Some(plot.child.to_owned()),
            birth_date: Some(today - TimeDelta::days(plot.age_years * 365 + 120)),
            special_circumstances: Vec::new(),
        },
        summary: Some(plot.summary.to_owned()),
        assisted_entry: None,
    }
}

/// What a family has written so far: a draft to be taken up again.
fn of_family(request: &super::model::Request) -> Fields {
    Fields {
        channel: request.channel,
        language: request.language,
        category: Some("child".to_owned()),
        field: Some("birth_registration".to_owned()),
        form_wanted: None,
        child_sex: Sex::Female,
        has_papers_to_follow: false,
        assignee: None,
        urgency: Urgency::default(),
        requester: request.secret.requester.clone(),
        channels: (
            Channels {
                may_email: true,
                ..Channels::default()
            },
            None,
        ),
        child: Child::default(),
        summary: None,
        assisted_entry: None,
    }
}
