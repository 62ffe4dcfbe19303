//! Attendance counts: of one session from its stored counters, of a period by a dimension.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::kernel::civil::age_on;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, Fault};
use crate::office::settings::AgeBands;
use crate::office::work::Work;
use crate::office::{agency, plan};
use crate::training::counts::{Counts, Measure, Tally, UNKNOWN};
use crate::training::error::Error;
use crate::training::model::{AttendeeId, Registration, Session, SessionId};
use crate::training::status::SessionStatus;
use crate::training::store::registration::WithAttendee;
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
    /// Of them, those held and settled.
    pub(in crate::training) sessions_completed: i64,
    /// Of them, those announced, whether or not their day has come.
    pub(in crate::training) sessions_published: i64,
    /// Of the absent, those who came and stayed too briefly; only where they were told apart.
    pub(in crate::training) came_short: i64,
    pub(in crate::training) tally: Tally,
    pub(in crate::training) distinct_people: i64,
}

impl Row {
    /// Counts a session, held or only announced.
    fn count(&mut self, session: &Session, tally: &Tally) {
        self.sessions += 1;
        match session.status {
            SessionStatus::Completed => self.sessions_completed += 1,
            SessionStatus::Published => self.sessions_published += 1,
            SessionStatus::Draft | SessionStatus::Cancelled => {}
        }
        self.tally.plus(tally);
    }
}

/// A report: its rows and their total.
#[derive(Debug, Clone)]
pub(in crate::training) struct Report {
    pub(in crate::training) rows: Vec<Row>,
    pub(in crate::training) total: Row,
    /// What the rows are.
    pub(in crate::training) dimension: Option<Dimension>,
    /// Names of agencies and tasks among the keys.
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
    /// Who came and is absent all the same, where they are told apart.
    short: Vec<Registration>,
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
            short: Vec::new(),
            session,
        })
    }

    /// Tells apart, of the absent, who came and stayed too briefly. No counter keeps them: they are read
    /// from the list, for papers that have it at hand.
    pub(in crate::training) fn tell_apart(&mut self, people: &[WithAttendee]) {
        let people = people.iter().map(|(registration, _)| registration);
        let short = people.filter(|one| one.came_short() && one.status.is_live());
        self.short = short.cloned().collect();
    }

    /// The counts, from the stored counters alone: since an attendee stands at most once in a
    /// session's list, heads are those present.
    pub(in crate::training) fn by(&self, dimension: Option<Dimension>) -> Report {
        let rows = dimension.map_or_else(Vec::new, |dimension| {
            let tallies = match own_key(dimension, &self.session, self.day) {
                Some(key) => BTreeMap::from([(key, self.counts.total)]),
                None => by_attendees(dimension, &self.counts, &self.bands, self.day),
            };
            let row = |(key, tally): (String, Tally)| {
                let key_of = |one: &&Registration| self.key_of(dimension, one) == key;
                let came_short = count(self.short.iter().filter(key_of).count());
                self.row(key.clone(), &tally, came_short)
            };
            tallies.into_iter().map(row).collect()
        });
        Report {
            rows,
            total: self.total(),
            dimension,
            names: self.names.clone(),
        }
    }

    /// The counts of everybody.
    pub(in crate::training) fn total(&self) -> Row {
        let came_short = count(self.short.len());
        self.row(String::new(), &self.counts.total, came_short)
    }

    fn key_of(&self, dimension: Dimension, registration: &Registration) -> String {
        own_key(dimension, &self.session, self.day)
            .unwrap_or_else(|| frozen_key(dimension, registration, &self.bands, self.day))
    }

    fn row(&self, key: String, tally: &Tally, came_short: i64) -> Row {
        let mut row = Row {
            key,
            came_short,
            distinct_people: tally.measure(Measure::Present),
            ..Row::default()
        };
        row.count(&self.session, tally);
        row
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
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
    let mut rows = match dimension {
        Some(Dimension::PlanTask) => every_task(work)?,
        _ => BTreeMap::new(),
    };
    let mut total = Row::default();
    for session in &held {
        let Some(ledger) = ledgers.get(&session.id) else {
            continue;
        };
        let day = zone.day(session.first_starts_at());
        total.count(session, &ledger.counts.total);
        let Some(dimension) = dimension else { continue };
        let tallies = match own_key(dimension, session, day) {
            Some(key) => BTreeMap::from([(key, ledger.counts.total)]),
            None => by_attendees(dimension, &ledger.counts, &bands, day),
        };
        for (key, tally) in tallies {
            let row = rows.entry(key.clone()).or_default();
            row.key = key;
            row.count(session, &tally);
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
        dimension,
        names,
    })
}

/// A row for each task of the plan: that nothing was held for one is told, too.
fn every_task(work: &mut Work<'_>) -> Result<BTreeMap<String, Row>, Error> {
    let office = work.office_id();
    let codes = plan::codes(work.conn, office)?.into_iter();
    let empty = |key: String| Row {
        key,
        ..Row::default()
    };
    Ok(codes.map(|code| (code.clone(), empty(code))).collect())
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
    total.distinct_people = count(everybody.len());
    for (key, people) in per_row {
        if let Some(row) = rows.get_mut(&key) {
            row.distinct_people = count(people.len());
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

pub(in crate::training) fn root(
    pointers: &BTreeMap<AttendeeId, AttendeeId>,
    id: AttendeeId,
) -> AttendeeId {
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

/// The office's agencies by id and its tasks by code: Vietnamese and English names.
fn names(work: &mut Work<'_>) -> Result<BTreeMap<String, (String, String)>, Error> {
    let office = work.office_id();
    let mut names = plan::titles(work.conn, office)?;
    let agencies = agency::names(work.conn, office)?.into_iter();
    names.extend(agencies.map(|(id, names)| (id.to_string(), names)));
    Ok(names)
}
