//! A believable year of sessions for a demonstration: held ones entered late from paper, as an
//! office does, and two to come with people on their lists.

use chrono::{Datelike, NaiveTime, TimeDelta};
use diesel::prelude::*;

use super::command::{AttendeeDraft, Register, SessionDraft, SheetEntry, SheetMark, SheetWho};
use super::command::{SlotDraft, Who};
use super::error::Error;
use super::model::{Audience, Mark, Session, SessionKind, Sex, Venue, Visibility};
use super::service::{completion, registration, session, sheet};
use super::store::attendee;
use crate::db::Conn;
use crate::db::schema::{agencies, training_sessions};
use crate::identity::actor::OfficeBrief;
use crate::identity::{Platform, UserId};
use crate::kernel::{AgencyId, Language, OfficeId, Timestamp, token};
use crate::office::work::Work;

/// One session of the year.
struct Plot {
    /// Days from today.
    days: i64,
    kind: SessionKind,
    task: &'static str,
    lead: &'static str,
    title: &'static str,
    people: usize,
}

const YEAR: [Plot; 10] = [
    Plot {
        days: -300,
        kind: SessionKind::Conference,
        task: "1",
        lead: "SECRETARIAT",
        title: "Hội nghị triển khai Kế hoạch giai đoạn 2026 – 2030",
        people: 42,
    },
    Plot {
        days: -262,
        kind: SessionKind::Outreach,
        task: "2a",
        lead: "HEALTH",
        title: "Tuyên truyền về chăm sóc, bảo vệ trẻ em và môi trường gia đình",
        people: 35,
    },
    Plot {
        days: -221,
        kind: SessionKind::Training,
        task: "2b",
        lead: "SECRETARIAT",
        title: "Tập huấn Luật Nuôi con nuôi và Công ước La Hay 1993, đợt 1",
        people: 38,
    },
    Plot {
        days: -180,
        kind: SessionKind::Mobilisation,
        task: "2c",
        lead: "CULTURE",
        title: "Vận động các cơ sở nuôi dưỡng chuyển đổi hình thức chăm sóc",
        people: 16,
    },
    Plot {
        days: -146,
        kind: SessionKind::Inspection,
        task: "5",
        lead: "POLICE",
        title: "Kiểm tra công tác tiếp nhận, chăm sóc trẻ em",
        people: 12,
    },
    Plot {
        days: -104,
        kind: SessionKind::Outreach,
        task: "2a",
        lead: "HEALTH",
        title: "Truyền thông tại tổ dân phố về chăm sóc thay thế",
        people: 44,
    },
    Plot {
        days: -62,
        kind: SessionKind::Review,
        task: "3a",
        lead: "SECRETARIAT",
        title: "Rà soát quy trình giải quyết nuôi con nuôi",
        people: 11,
    },
    Plot {
        days: -25,
        kind: SessionKind::Training,
        task: "2b",
        lead: "SECRETARIAT",
        title: "Tập huấn Luật Nuôi con nuôi và Công ước La Hay 1993, đợt 2",
        people: 40,
    },
    Plot {
        days: 9,
        kind: SessionKind::Outreach,
        task: "2a",
        lead: "HEALTH",
        title: "Gặp gỡ gia đình và cán bộ y tế",
        people: 18,
    },
    Plot {
        days: 23,
        kind: SessionKind::Meeting,
        task: "6",
        lead: "SECRETARIAT",
        title: "Họp liên ngành về Quy chế phối hợp",
        people: 14,
    },
];

const FAMILY_NAMES: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Vũ"];
const WOMEN: [&str; 6] = [
    "Thị Lan",
    "Thu Hương",
    "Kim Oanh",
    "Thị Đào",
    "Bích Ngọc",
    "Thanh Hà",
];
const MEN: [&str; 6] = [
    "Văn Hùng",
    "Đức Minh",
    "Quang Huy",
    "Hữu Thắng",
    "Xuân Bách",
    "Anh Tuấn",
];
const BODIES: [(&str, Audience); 7] = [
    ("Văn phòng HĐND và UBND phường", Audience::Official),
    ("Công an phường", Audience::Police),
    ("Trạm Y tế phường", Audience::Health),
    ("Trường Tiểu học", Audience::Education),
    ("Tổ dân phố số 7", Audience::ResidentialGroup),
    ("Hội Liên hiệp Phụ nữ phường", Audience::MassOrganisation),
    ("Cơ sở nuôi dưỡng trẻ em", Audience::CareInstitution),
];

/// Fills an office that has no session with the year; the organiser is its author.
///
/// # Errors
/// When storage fails.
pub fn fill(
    platform: &std::sync::Arc<Platform>,
    office: OfficeId,
    organiser: UserId,
) -> Result<(), Error> {
    if platform.db.read_now(|conn| has_sessions(conn, office))? {
        return Ok(());
    }
    for (index, plot) in YEAR.iter().enumerate() {
        let shared = std::sync::Arc::clone(platform);
        platform.db.write_now(move |conn| {
            let office = OfficeBrief::load(conn, office)?;
            let now = shared.clock.now();
            let mut work = Work::new(conn, &shared, now, &office, Some(organiser));
            stage(&mut work, organiser, plot, index)
        })?;
    }
    Ok(())
}

/// The person, known from an earlier session where there was one.
fn known_or_new(work: &mut Work<'_>, person: AttendeeDraft) -> Result<Who, Error> {
    let office = work.office_id();
    let key = crate::kernel::text::fold(&person.full_name);
    let known = attendee::named(work.conn, office, &key)?;
    Ok(match known.first() {
        Some(known) => Who::Known(known.id),
        None => Who::New(Box::new(person)),
    })
}

fn has_sessions(conn: &mut Conn, office: OfficeId) -> Result<bool, Error> {
    let count: i64 = training_sessions::table
        .filter(training_sessions::office_id.eq(office))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

fn stage(
    work: &mut Work<'_>,
    organiser: UserId,
    plot: &'static Plot,
    index: usize,
) -> Result<(), Error> {
    let lead = agency(work, plot.lead)?;
    let (draft, slot) = draft(work, plot, lead);
    let session = session::create(work, organiser, draft, &[slot])?;
    let session = session::publish(work, session.id, None)?;
    let mut people = Vec::with_capacity(plot.people);
    for number in 0..plot.people {
        // The same people come again to some sessions: heads and attendances differ.
        let who = known_or_new(work, person(number + index * 5))?;
        let command = Register {
            who,
            ask: false,
            note: None,
        };
        people.push(registration::register(work, session.id, &command)?.1);
    }
    if session.is_over(work.now) {
        let rows: Vec<SheetEntry> = people
            .iter()
            .enumerate()
            .map(|(row, one)| entry(&session, row, one.id))
            .collect();
        sheet::enter(work, session.id, &rows)?;
        completion::complete(work, session.id, true)?;
    }
    Ok(())
}

fn agency(work: &mut Work<'_>, code: &str) -> Result<AgencyId, Error> {
    let office = work.office_id();
    Ok(agencies::table
        .filter(agencies::office_id.eq(office))
        .filter(agencies::code.eq(code))
        .select(agencies::id)
        .first(work.conn)?)
}

fn draft(work: &Work<'_>, plot: &Plot, lead: AgencyId) -> (SessionDraft, SlotDraft) {
    let zone = work.zone();
    let mut day = zone.day(work.now.plus(TimeDelta::days(plot.days)));
    while day.weekday().number_from_monday() > 5 {
        day += TimeDelta::days(1);
    }
    let at = |hour| zone.at(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    let slot = SlotDraft {
        id: None,
        starts_at: at(8),
        ends_at: at(11),
        title: None,
        mandatory: true,
    };
    let draft = SessionDraft {
        kind: plot.kind,
        title: plot.title.to_owned(),
        mail_title: None,
        description: None,
        plan_task: plot.task.to_owned(),
        also_plan_tasks: Vec::new(),
        toolkit_topics: Vec::new(),
        lead_agency: lead,
        coordinating_agencies: Vec::new(),
        chair: None,
        speakers: Vec::new(),
        language: Language::Vi,
        room: None,
        venue: Some(Venue {
            name: "Hội trường Ủy ban nhân dân phường".to_owned(),
            address: None,
        }),
        online_url: None,
        capacity: Some(60),
        waitlist: true,
        registration_opens_at: None,
        registration_closes_at: None,
        visibility: if plot.days > 0 {
            Visibility::Public
        } else {
            Visibility::Internal
        },
        late_after_minutes: None,
        minimum_presence_percent: None,
        check_in_opens_minutes: None,
    };
    (draft, slot)
}

fn person(number: usize) -> AttendeeDraft {
    let pick = |list: &[&'static str], by: usize| list.get(by % list.len()).copied();
    let is_woman = number.is_multiple_of(2) || number.is_multiple_of(5);
    let given = pick(if is_woman { &WOMEN } else { &MEN }, number / 2).unwrap_or_default();
    let family = pick(&FAMILY_NAMES, number / 3).unwrap_or_default();
    let (body, audience) = BODIES
        .get(number % BODIES.len())
        .copied()
        .unwrap_or(("", Audience::Other));
    let year = 1962 + i32::try_from(number * 7 % 42).unwrap_or(0);
    AttendeeDraft {
        full_name: format!("{family} {given} {}", number + 1),
        email: number
            .is_multiple_of(3)
            .then(|| format!("nguoi{number}@demo.example")),
        phone: None,
        sex: if is_woman { Sex::Female } else { Sex::Male },
        birth_year: (number % 9 != 4).then_some(year),
        agency: None,
        organisation: Some(body.to_owned()),
        position: None,
        audience,
        language: Language::Vi,
    }
}

/// One row of the paper sheet: most came, some excused themselves, a few stayed away.
fn entry(session: &Session, row: usize, id: super::model::RegistrationId) -> SheetEntry {
    let mark = match row % 11 {
        4 => Mark::Excused,
        7 => Mark::Absent,
        _ => Mark::Present,
    };
    let start: Timestamp = session.first_starts_at();
    let came_at =
        (mark == Mark::Present && row % 6 == 5).then(|| start.plus(TimeDelta::minutes(25)));
    let marks = session
        .slots
        .iter()
        .map(|slot| SheetMark {
            slot: slot.id,
            mark,
            came_at,
            left_at: None,
        })
        .collect();
    let row = (row + 1).to_string();
    let digest = token::sha256(row.as_bytes());
    SheetEntry {
        row,
        who: SheetWho::Registration(id),
        marks,
        note: None,
        digest,
    }
}
