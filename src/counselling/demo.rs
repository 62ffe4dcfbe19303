//! Believable requests and cases for a demonstration, in every phase and state.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::error::Error;
use super::model::{
    AdoptionKind, Case, CaseSecret, Channel, Child, Means, Outcome, PartyRole, Phase,
};
use super::policy::Eyes;
use super::service::case::{self, NewCase};
use super::service::party::{self, PartyDraft};
use super::service::phase;
use super::service::request::{self, Asked};
use crate::db::Conn;
use crate::db::schema::{counselling_cases, counselling_requests};
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{Language, OfficeId};
use crate::office::safe_contact::{Channels, ConfirmedHow};
use crate::office::work::Work;

/// Who acts in the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// Who counsels.
    pub counsellor: UserId,
    /// Who supervises.
    pub supervisor: UserId,
    /// A family's account.
    pub family: UserId,
}

/// One case of the demonstration.
struct Plot {
    /// Days since it was opened.
    days: i64,
    kind: AdoptionKind,
    phase: Phase,
    ended: Option<Outcome>,
    rests: bool,
    child_months: u32,
    people: &'static [(PartyRole, &'static str)],
}

const CASES: [Plot; 5] = [
    Plot {
        days: 21,
        kind: AdoptionKind::Undetermined,
        phase: Phase::Before,
        ended: None,
        rests: false,
        child_months: 2,
        people: &[(PartyRole::BirthParent, "Phạm Thu Thảo")],
    },
    Plot {
        days: 75,
        kind: AdoptionKind::Domestic,
        phase: Phase::During,
        ended: None,
        rests: false,
        child_months: 14,
        people: &[
            (PartyRole::BirthParent, "Lương Bích Ngọc"),
            (PartyRole::ProspectiveAdoptiveParent, "Vũ Quang Huy"),
        ],
    },
    Plot {
        days: 240,
        kind: AdoptionKind::Domestic,
        phase: Phase::After,
        ended: None,
        rests: false,
        child_months: 40,
        people: &[(PartyRole::AdoptiveParent, "Đặng Thanh Hà")],
    },
    Plot {
        days: 96,
        kind: AdoptionKind::Intercountry,
        phase: Phase::During,
        ended: None,
        rests: true,
        child_months: 30,
        people: &[(PartyRole::Guardian, "Mai Hữu Thắng")],
    },
    Plot {
        days: 150,
        kind: AdoptionKind::Domestic,
        phase: Phase::Before,
        ended: Some(Outcome::FamilyPreserved),
        rests: false,
        child_months: 6,
        people: &[(PartyRole::BirthParent, "Trịnh Xuân Mai")],
    },
];

/// Fills an office that has no request and no case.
///
/// # Errors
/// When storage fails.
pub fn fill(platform: &Arc<Platform>, office: OfficeId, cast: Cast) -> Result<(), Error> {
    if platform.db.read_now(|conn| is_filled(conn, office))? {
        return Ok(());
    }
    for plot in &CASES {
        at(platform, office, cast, plot.days, move |work| {
            stage(work, cast, plot)
        })?;
    }
    at(platform, office, cast, 2, move |work| ask(work, cast))
}

fn is_filled(conn: &mut Conn, office: OfficeId) -> Result<bool, Error> {
    let cases: i64 = counselling_cases::table
        .filter(counselling_cases::office_id.eq(office))
        .count()
        .get_result(conn)?;
    let requests: i64 = counselling_requests::table
        .filter(counselling_requests::office_id.eq(office))
        .count()
        .get_result(conn)?;
    Ok(cases + requests > 0)
}

/// Does a piece of work as if it were some days ago.
fn at(
    platform: &Arc<Platform>,
    office: OfficeId,
    cast: Cast,
    days: i64,
    mut piece: impl FnMut(&mut Work<'_>) -> Result<(), Error> + Send + 'static,
) -> Result<(), Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let then = shared.clock.now().minus(TimeDelta::days(days));
        let mut work = Work::new(conn, &shared, then, &office, Some(cast.counsellor));
        piece(&mut work)
    })
}

fn eyes(user: UserId, is_supervisor: bool) -> Eyes {
    Eyes {
        user,
        is_supervisor,
        is_counsellor: !is_supervisor,
        counsels_for: Vec::new(),
        supervises_for: Vec::new(),
    }
}

fn stage(work: &mut Work<'_>, cast: Cast, plot: &Plot) -> Result<(), Error> {
    let born_on = born(work, plot.child_months);
    let case = case::open(
        work,
        NewCase {
            adoption_kind: plot.kind,
            counsellor: cast.counsellor,
            supervisor: Some(cast.supervisor),
            secret: CaseSecret {
                child: Some(Child {
                    born_on,
                    ..Child::default()
                }),
                legal_basis: vec!["statutory_task".to_owned()],
                ..CaseSecret::default()
            },
        },
    )?;
    for (number, (role, name)) in plot.people.iter().enumerate() {
        join(work, cast, &case, (*role, name, number))?;
    }
    go_on(work, cast, &case, plot)
}

fn born(work: &Work<'_>, months: u32) -> Option<NaiveDate> {
    let today = work.zone().day(work.now);
    today.checked_sub_months(chrono::Months::new(months))
}

fn join(
    work: &mut Work<'_>,
    cast: Cast,
    case: &Case,
    (role, name, number): (PartyRole, &str, usize),
) -> Result<(), Error> {
    let channels = Channels {
        may_call: true,
        hours: Some("17:00 – 19:00".to_owned()),
        ..Channels::default()
    };
    let draft = PartyDraft {
        role,
        name: name.to_owned(),
        phone: Some(format!(
            "+849{:08}",
            work.now.micros() % 10_000_000 + i64::try_from(number).unwrap_or(0)
        )),
        email: None,
        address: None,
        born_on: None,
        language: Language::Vi,
        channels: channels.clone(),
    };
    let counsellor = eyes(cast.counsellor, false);
    let party = party::add(work, &counsellor, case.id, draft)?;
    let place = (case.id, party.id);
    party::confirm_contact(work, &counsellor, place, (channels, ConfirmedHow::InPerson))?;
    Ok(())
}

/// Brings a case to the phase and state of its plot.
fn go_on(work: &mut Work<'_>, cast: Cast, case: &Case, plot: &Plot) -> Result<(), Error> {
    let (counsellor, supervisor) = (eyes(cast.counsellor, false), eyes(cast.supervisor, true));
    let why = "Hồ sơ giấy đã có đủ các nội dung.";
    if plot.phase != Phase::Before {
        phase::correct(work, &supervisor, case.id, (plot.phase, why))?;
    }
    if plot.rests {
        case::hold(
            work,
            &counsellor,
            case.id,
            "Chờ xác minh nguồn gốc của trẻ.",
        )?;
    }
    if let Some(outcome) = plot.ended {
        let reason = "Gia đình đã ổn định, được hỗ trợ thường xuyên.";
        case::ask_closing(work, &counsellor, case.id, (outcome, reason))?;
        case::approve_closing(work, &supervisor, case.id)?;
    }
    Ok(())
}

/// A family has asked and waits; another was called once.
fn ask(work: &mut Work<'_>, cast: Cast) -> Result<(), Error> {
    let asked = |role, name: Option<&str>| Asked {
        party_role: role,
        name: name.map(str::to_owned),
        phone: Some("+84912345678".to_owned()),
        email: None,
        language: Language::Vi,
        channels: Channels {
            may_email: true,
            may_call: true,
            hours: Some("sau 17:00".to_owned()),
            ..Channels::default()
        },
    };
    request::ask(work, cast.family, asked(PartyRole::BirthParent, None))?;
    let by_phone = asked(PartyRole::AdultAdoptee, Some("Ngô Anh Tuấn"));
    let counsellor = eyes(cast.counsellor, false);
    let second = request::enter(work, Channel::Phone, by_phone, &counsellor)?;
    request::record_try(work, &counsellor, second.id, (Means::Call, false))?;
    Ok(())
}
