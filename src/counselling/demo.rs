//! Believable requests and cases for a demonstration, in every phase and state.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use diesel::prelude::*;

use super::appointment::AppointmentSecret;
use super::error::Error;
use super::model::{
    AdoptionKind, AppointmentId, Case, CaseSecret, Channel, Child, Means, Mode, Outcome, PartyRole,
    Phase, Side, Topic,
};
use super::policy::Eyes;
use super::record::{ConsentSecret, NoteContent};
use super::record_status::ConsentDecision;
use super::service::appointment::{self, Held, NewAppointment};
use super::service::case::{self, CaseFields, NewCase};
use super::service::consent::{self, ConsentDraft};
use super::service::note::{self, NoteDraft};
use super::service::party::{self, PartyDraft};
use super::service::request::{self, Asked};
use super::service::{availability, closing, phase};
use super::slot::{Availability, Hours, Minutes, Span};
use super::store::{appointment::About, party as parties};
use crate::db::Conn;
use crate::db::schema::{counselling_cases, counselling_requests};
use crate::http::request::Expected;
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
        people: &[
            (PartyRole::AdoptiveParent, "Đặng Thanh Hà"),
            (PartyRole::Guardian, "Tạ Văn Hùng"),
        ],
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
pub fn fill(platform: &Arc<Platform>, office: OfficeId, staff: Cast) -> Result<(), Error> {
    if platform.db.read_now(|conn| is_filled(conn, office))? {
        return Ok(());
    }
    at(platform, office, staff, 365, move |work| {
        open_hours(work, staff)
    })?;
    for plot in &CASES {
        at(platform, office, staff, plot.days, move |work| {
            stage(work, staff, plot)
        })?;
    }
    at(platform, office, staff, 2, move |work| ask(work, staff))
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
    staff: Cast,
    days: i64,
    mut piece: impl FnMut(&mut Work<'_>) -> Result<(), Error> + Send + 'static,
) -> Result<(), Error> {
    let shared = Arc::clone(platform);
    platform.db.write_now(move |conn| {
        let office = OfficeBrief::load(conn, office)?;
        let then = shared.clock.now().minus(TimeDelta::days(days));
        let mut work = Work::new(conn, &shared, then, &office, Some(staff.counsellor));
        piece(&mut work)
    })
}

fn eyes(user: UserId, is_supervisor: bool) -> Eyes {
    Eyes {
        user,
        is_supervisor,
        is_counsellor: !is_supervisor,
        supervisors: Vec::new(),
        counsels_for: Vec::new(),
        supervises_for: Vec::new(),
    }
}

fn stage(work: &mut Work<'_>, staff: Cast, plot: &Plot) -> Result<(), Error> {
    let born_on = born(work, plot.child_months);
    let case = case::open(
        work,
        NewCase {
            adoption_kind: plot.kind,
            counsellor: staff.counsellor,
            supervisor: Some(staff.supervisor),
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
        join(work, staff, &case, (*role, name, number))?;
    }
    meet(work, staff, &case)?;
    go_on(work, staff, &case, plot)
}

/// The counsellor's hours: mornings and afternoons of the week.
fn open_hours(work: &mut Work<'_>, staff: Cast) -> Result<(), Error> {
    let since = work.zone().day(work.now);
    let hours = |weekday| {
        let span = |from: i32, to: i32| Hours {
            weekday,
            minutes: Minutes {
                from: from * 60,
                to: to * 60,
            },
            valid_from: since,
            valid_to: None,
        };
        [span(8, 11), span(14, 17)]
    };
    let week = Availability {
        hours: (1..=5).flat_map(hours).collect(),
        ..Availability::default()
    };
    let (counsellor, any) = (eyes(staff.counsellor, false), Expected::Any);
    availability::replace(work, &counsellor, staff.counsellor, any, || Ok(week))?;
    Ok(())
}

/// The first talk, four days after the case was opened: booked, held, and written down.
fn meet(work: &mut Work<'_>, staff: Cast, case: &Case) -> Result<(), Error> {
    let counsellor = eyes(staff.counsellor, false);
    let parties = parties::of_case(work, case)?;
    // The sides of an adoption do not meet: the first party comes.
    let Some(party) = parties.first() else {
        return Ok(());
    };
    let zone = work.zone();
    let day = zone.day(work.now.plus(TimeDelta::days(4)));
    let starts_at = zone.at(day, NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default());
    let new = NewAppointment {
        subject: About::Case(case.id),
        parties: vec![party.id],
        mode: Mode::AtOffice,
        span: Span {
            starts_at,
            ends_at: starts_at.plus(TimeDelta::hours(1)),
        },
        topics: vec![Topic::Alternatives, Topic::LegalEffects],
        secret: AppointmentSecret::default(),
        is_asked: false,
        held: None,
    };
    let made = appointment::create(work, &counsellor, new)?;
    let before = work.now;
    work.now = starts_at.plus(TimeDelta::minutes(65));
    appointment::complete(work, &counsellor, made.id, &Held::by(vec![party.id]))?;
    write_down(work, &counsellor, case, (made.id, day))?;
    work.now = before.max(work.now);
    Ok(())
}

fn write_down(
    work: &mut Work<'_>,
    counsellor: &Eyes,
    case: &Case,
    (appointment, day): (AppointmentId, NaiveDate),
) -> Result<(), Error> {
    let said =
        "Đã giải thích các lựa chọn chăm sóc và hệ quả pháp lý. Gia đình muốn suy nghĩ thêm.";
    let draft = NoteDraft {
        appointment_id: Some(appointment),
        content: NoteContent {
            held_on: Some(day),
            topics: vec![Topic::Alternatives, Topic::LegalEffects],
            body: Some(said.to_owned()),
            ..NoteContent::default()
        },
        summary: Some(
            "Đã trao đổi về các lựa chọn; xin gọi lại khi cần thêm thông tin.".to_owned(),
        ),
    };
    let note = note::create(work, counsellor, case.id, draft)?;
    note::sign(work, counsellor, (case.id, note.id))?;
    Ok(())
}

fn born(work: &Work<'_>, months: u32) -> Option<NaiveDate> {
    let today = work.zone().day(work.now);
    today.checked_sub_months(chrono::Months::new(months))
}

fn join(
    work: &mut Work<'_>,
    staff: Cast,
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
    let counsellor = eyes(staff.counsellor, false);
    let party = party::add(work, &counsellor, case.id, draft)?;
    let place = (case.id, party.id);
    party::confirm_contact(work, &counsellor, place, (channels, ConfirmedHow::InPerson))?;
    Ok(())
}

/// Brings a case to the phase and state of its plot.
fn go_on(work: &mut Work<'_>, staff: Cast, case: &Case, plot: &Plot) -> Result<(), Error> {
    let (counsellor, supervisor) = (eyes(staff.counsellor, false), eyes(staff.supervisor, true));
    let why = "Hồ sơ giấy đã có đủ các nội dung.";
    if plot.phase == Phase::After {
        consent_to(work, &counsellor, case)?;
        work.now = work.now.plus(TimeDelta::days(40));
    }
    if plot.phase != Phase::Before {
        phase::correct(work, &supervisor, case.id, (plot.phase, why))?;
    }
    if plot.phase == Phase::After {
        hand_over(work, &counsellor, case)?;
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
        closing::ask_closing(work, &counsellor, case.id, (outcome, reason))?;
        closing::approve_closing(work, &supervisor, case.id)?;
    }
    Ok(())
}

/// Whoever must consent did.
fn consent_to(work: &mut Work<'_>, counsellor: &Eyes, case: &Case) -> Result<(), Error> {
    let parties = parties::of_case(work, case)?;
    let taken_on = work.zone().day(work.now);
    for party in parties.iter().filter(|one| one.role.side() == Side::Birth) {
        let draft = ConsentDraft {
            party: party.id,
            decision: ConsentDecision::Given,
            taken_on,
            is_in_person: true,
            secret: ConsentSecret::default(),
        };
        consent::record(work, counsellor, case.id, draft)?;
    }
    Ok(())
}

/// The child was handed over, and the reports that follow are planned.
fn hand_over(work: &mut Work<'_>, counsellor: &Eyes, case: &Case) -> Result<(), Error> {
    let today = work.zone().day(work.now);
    let change = |old: &Case| {
        Ok(CaseFields {
            adoption_kind: old.adoption_kind,
            in_family: old.in_family,
            checklist: old.checklist.clone(),
            hand_over_on: Some(today),
            already_happened: false,
            secret: old.secret.clone(),
        })
    };
    case::edit(work, counsellor, case.id, Expected::Any, change)?;
    Ok(())
}

/// A family has asked and waits; another was called once.
fn ask(work: &mut Work<'_>, staff: Cast) -> Result<(), Error> {
    let asked = |role, name: Option<&str>| Asked {
        party_role: role,
        name: name.map(str::to_owned),
        phone: Some("+84912345678".to_owned()),
        email: name.map(|_| "tuan.ngo@example.vn".to_owned()),
        language: Language::Vi,
        channels: Channels {
            may_email: true,
            may_call: true,
            hours: Some("sau 17:00".to_owned()),
            ..Channels::default()
        },
    };
    let own = asked(PartyRole::BirthParent, None);
    request::ask(work, staff.family, (own, None))?;
    let by_phone = asked(PartyRole::AdultAdoptee, Some("Ngô Anh Tuấn"));
    let counsellor = eyes(staff.counsellor, false);
    let second = request::enter(work, Channel::Phone, by_phone, &counsellor)?;
    request::record_try(work, &counsellor, second.id, (Means::Call, false))?;
    Ok(())
}
