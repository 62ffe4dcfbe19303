//! Attendance counts: of one session from its stored counters, of a period by a dimension.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::kernel::civil::age_on;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, Fault};
use crate::office::settings::AgeBands;
use crate::office::work::Work;
use crate::training::counts::{Counts, Measure, Tally, UNKNOWN};
use crate::training::error::Error;
use crate::training::model::{AttendeeId, Registration, Session, SessionId};
use crate::training::status::SessionStatus;
use crate::training::store::session::{Eyes, Filter};
use crate::training::store::{attendee, ledger, registration, session as sessions};

text_enum! {
    /// What a report's rows are.
    pub(in crate::training) enum Dimension {
        /// The month of the session's first slot.
        Month = "month",
        /// The first task of the plan.
        PlanTask = "plan_task",
        /// The kind of session.
        Kind = "kind",
        /// The agency that leads.
        LeadAgency = "lead_agency",
        /// The attendee's agency.
        Agency = "agency",
        /// The attendee's audience.
        Audience = "audience",
        /// The attendee's sex.
        Sex = "sex",
        /// The attendee's age on the day of the first slot.
        AgeBand = "age_band",
    }
}

impl Dimension {
    /// Whether it is the attendee's, so that one session may count in several rows.
    pub(in crate::training) fn is_attendees(self) -> bool {
        matches!(
            self,
            Self::Agency | Self::Audience | Self::Sex | Self::AgeBand
        )
    }
}

/// One row of a report.
#[derive(Debug, Clone, Default)]
pub(in crate::training) struct Row {
    pub(in crate::training) key: String,
    pub(in crate::training) sessions: i64,
    pub(in crate::training) tally: Tally,
    pub(in crate::training) distinct_people: i64,
}

/// A report: its rows and their total.
#[derive(Debug, Clone)]
pub(in crate::training) struct Report {
    pub(in crate::training) rows: Vec<Row>,
    pub(in crate::training) total: Row,
    /// Names of agencies among the keys.
    pub(in crate::training) names: BTreeMap<String, (String, String)>,
}

/// The stored counters of one session, read once and divided as often as is asked.
#[derive(Debug)]
pub(in crate::training) struct SessionCounts {
    pub(in crate::training) session: Session,
    counts: Counts,
    bands: AgeBands,
    day: NaiveDate,
    names: BTreeMap<String, (String, String)>,
}

impl SessionCounts {
    pub(in crate::training) fn load(work: &mut Work<'_>, id: SessionId) -> Result<Self, Error> {
        Ok(Self {
            names: names(work)?,
            ..Self::load_nameless(work, id)?
        })
    }

    /// The same for whoever asks for the total alone, whose rows no names are read for.
    pub(in crate::training) fn load_nameless(
        work: &mut Work<'_>,
        id: SessionId,
    ) -> Result<Self, Error> {
        let office = work.office_id();
        let found = sessions::find(work.conn, (office, Eyes::Staff), id)?;
        let session = found.ok_or(Fault::NotFound)?;
        Ok(Self {
            counts: ledger::load(work.conn, id)?.counts,
            bands: work.settings()?.age_bands(),
            day: work.zone().day(session.first_starts_at()),
            names: BTreeMap::new(),
            session,
        })
    }

    /// The counts, from the stored counters alone: since an attendee stands at most once in a
    /// session's list, heads are those present.
    pub(in crate::training) fn by(&self, dimension: Option<Dimension>) -> Report {
        let rows = dimension.map_or_else(Vec::new, |dimension| {
            let tallies = match own_key(dimension, &self.session, self.day) {
                Some(key) => BTreeMap::from([(key, self.counts.total)]),
                None => by_attendees(dimension, &self.counts, &self.bands, self.day),
            };
            let row = |(key, tally)| row_of(key, tally);
            tallies.into_iter().map(row).collect()
        });
        Report {
            rows,
            total: self.total(),
            names: self.names.clone(),
        }
    }

    /// The counts of everybody.
    pub(in crate::training) fn total(&self) -> Row {
        row_of(String::new(), self.counts.total)
    }
}

fn row_of(key: String, tally: Tally) -> Row {
    Row {
        key,
        sessions: 1,
        tally,
        distinct_people: tally.measure(Measure::Present),
    }
}

/// The key of a session's own dimension.
fn own_key(dimension: Dimension, session: &Session, day: NaiveDate) -> Option<String> {
    match dimension {
        Dimension::Month => Some(format!("{:04}-{:02}", day.year(), day.month())),
        Dimension::PlanTask => Some(session.plan_task.clone()),
        Dimension::Kind => Some(session.kind.as_str().to_owned()),
        Dimension::LeadAgency => Some(session.lead_agency_id.to_string()),
        Dimension::Agency | Dimension::Audience | Dimension::Sex | Dimension::AgeBand => None,
    }
}

/// The stored counters by one of the attendee's dimensions.
fn by_attendees(
    dimension: Dimension,
    counts: &Counts,
    bands: &AgeBands,
    day: NaiveDate,
) -> BTreeMap<String, Tally> {
    match dimension {
        Dimension::Agency => counts.agency.clone(),
        Dimension::Audience => counts.audience.clone(),
        Dimension::Sex => counts.sex.clone(),
        _ => {
            let mut by_band = BTreeMap::<String, Tally>::new();
            for (year, tally) in &counts.birth_year {
                let band = band_of(year.parse().ok(), bands, day);
                by_band.entry(band).or_default().plus(tally);
            }
            by_band
        }
    }
}

fn band_of(birth_year: Option<i32>, bands: &AgeBands, day: NaiveDate) -> String {
    birth_year
        .map(|year| age_on(year, day))
        .and_then(|age| bands.name(age))
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

/// The counts of a period: sessions held or announced whose first slot falls on its days.
pub(in crate::training) fn of_period(
    work: &mut Work<'_>,
    (from, to): (NaiveDate, NaiveDate),
    dimension: Option<Dimension>,
) -> Result<Report, Error> {
    let (office, zone) = (work.office_id(), work.zone());
    let bands = work.settings()?.age_bands();
    let (start, end) = zone.day_range(from, to);
    let filter = Filter {
        from: Some(start),
        to: Some(end),
        ..Filter::default()
    };
    let mut held = sessions::all(work.conn, office, &filter)?;
    held.retain(|one| {
        matches!(
            one.status,
            SessionStatus::Published | SessionStatus::Completed
        )
    });
    let ids: Vec<SessionId> = held.iter().map(|session| session.id).collect();
    let ledgers = ledger::counts_of(work.conn, &ids)?;
    let mut rows = BTreeMap::<String, Row>::new();
    let mut total = Row::default();
    for session in &held {
        let Some(ledger) = ledgers.get(&session.id) else {
            continue;
        };
        let day = zone.day(session.first_starts_at());
        total.sessions += 1;
        total.tally.plus(&ledger.counts.total);
        let Some(dimension) = dimension else { continue };
        let tallies = match own_key(dimension, session, day) {
            Some(key) => BTreeMap::from([(key, ledger.counts.total)]),
            None => by_attendees(dimension, &ledger.counts, &bands, day),
        };
        for (key, tally) in tallies {
            let row = rows.entry(key.clone()).or_default();
            row.key = key;
            row.sessions += 1;
            row.tally.plus(&tally);
        }
    }
    let days: BTreeMap<SessionId, (&Session, NaiveDate)> = held
        .iter()
        .map(|session| (session.id, (session, zone.day(session.first_starts_at()))))
        .collect();
    count_heads(work, &days, dimension, &bands, (&mut rows, &mut total))?;
    let names = names(work)?;
    Ok(Report {
        rows: rows.into_values().collect(),
        total,
        names,
    })
}

type Held<'a> = BTreeMap<SessionId, (&'a Session, NaiveDate)>;

/// Counts each person once per row and once in all; a merged attendee is its survivor.
fn count_heads(
    work: &mut Work<'_>,
    held: &Held<'_>,
    dimension: Option<Dimension>,
    bands: &AgeBands,
    (rows, total): (&mut BTreeMap<String, Row>, &mut Row),
) -> Result<(), Error> {
    let office = work.office_id();
    let ids: Vec<SessionId> = held.keys().copied().collect();
    let pointers = attendee::pointers(work.conn, office)?;
    let mut everybody = BTreeSet::<AttendeeId>::new();
    let mut per_row = BTreeMap::<String, BTreeSet<AttendeeId>>::new();
    for present in registration::present(work.conn, &ids)? {
        let person = root(&pointers, present.attendee_id);
        everybody.insert(person);
        let session = held.get(&present.session_id);
        let Some((dimension, (session, day))) = dimension.zip(session) else {
            continue;
        };
        let key = own_key(dimension, session, *day)
            .unwrap_or_else(|| frozen_key(dimension, &present, bands, *day));
        per_row.entry(key).or_default().insert(person);
    }
    let count = |people: &BTreeSet<AttendeeId>| i64::try_from(people.len()).unwrap_or(i64::MAX);
    total.distinct_people = count(&everybody);
    for (key, people) in per_row {
        if let Some(row) = rows.get_mut(&key) {
            row.distinct_people = count(&people);
        }
    }
    Ok(())
}

fn frozen_key(
    dimension: Dimension,
    present: &Registration,
    bands: &AgeBands,
    day: NaiveDate,
) -> String {
    match dimension {
        Dimension::Sex => present.sex.as_str().to_owned(),
        Dimension::Audience => present.audience.as_str().to_owned(),
        Dimension::Agency => present
            .agency_id
            .map_or_else(|| UNKNOWN.to_owned(), |id: AgencyId| id.to_string()),
        _ => band_of(present.birth_year, bands, day),
    }
}

fn root(pointers: &BTreeMap<AttendeeId, AttendeeId>, id: AttendeeId) -> AttendeeId {
    let mut at = id;
    // Bounded, so that broken data cannot turn this into a circle.
    for _hop in 0..16 {
        match pointers.get(&at) {
            Some(next) => at = *next,
            None => break,
        }
    }
    at
}

/// The office's agencies by id: Vietnamese and English names.
fn names(work: &mut Work<'_>) -> Result<BTreeMap<String, (String, String)>, Error> {
    let office = work.office_id();
    let agencies = crate::office::agency::names(work.conn, office)?;
    Ok(agencies
        .into_iter()
        .map(|(id, names)| (id.to_string(), names))
        .collect())
}
