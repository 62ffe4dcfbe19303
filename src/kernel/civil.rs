//! The office's zone: civil days and how instants are shown.

use chrono::{DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveTime, SecondsFormat};
use chrono::{TimeDelta, TimeZone, Timelike, Weekday};
use chrono_tz::Tz;

use super::language::Language;
use super::time::Timestamp;

/// The zone civil days are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

/// An instant as it is answered: RFC 3339 in the office's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown(DateTime<FixedOffset>);

impl Shown {
    /// The civil day.
    pub fn date(self) -> NaiveDate {
        self.0.date_naive()
    }

    /// The time on the wall.
    pub fn time(self) -> NaiveTime {
        self.0.time()
    }
}

impl serde::Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The same text as chrono's own, which would be written sign by sign.
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl utoipa::PartialSchema for Shown {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Timestamp::schema()
    }
}

impl utoipa::ToSchema for Shown {
    fn name() -> std::borrow::Cow<'static, str> {
        <Timestamp as utoipa::ToSchema>::name()
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Asia__Ho_Chi_Minh)
    }
}

impl Zone {
    /// The zone of an IANA name.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant in this zone's clock.
    pub fn show(self, at: Timestamp) -> Shown {
        Shown(at.utc().with_timezone(&self.0).fixed_offset())
    }

    /// The civil day the instant falls on.
    pub fn day(self, at: Timestamp) -> NaiveDate {
        self.show(at).date()
    }

    /// The first instant of a civil day.
    pub fn start_of(self, day: NaiveDate) -> Timestamp {
        self.at(day, NaiveTime::MIN)
    }

    /// The instant of a wall-clock time; a time the clock skips means the next one there is.
    pub fn at(self, day: NaiveDate, time: NaiveTime) -> Timestamp {
        let mut local = day.and_time(time);
        for _hour in 0..3 {
            match self.0.from_local_datetime(&local) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => {
                    return Timestamp::new(at.to_utc());
                }
                LocalResult::None => local += TimeDelta::hours(1),
            }
        }
        Timestamp::new(local.and_utc())
    }

    /// The half-open range of instants of the days `from` to `to`, both included.
    pub fn day_range(self, from: NaiveDate, to: NaiveDate) -> (Timestamp, Timestamp) {
        (
            self.start_of(from),
            self.start_of(to.succ_opt().unwrap_or(to)),
        )
    }

    /// `08:30, thứ Tư ngày 04/11/2026` or `Wednesday 4 November 2026, 08:30`.
    pub fn format_long(self, language: Language, at: Timestamp) -> String {
        let shown = self.show(at);
        let time = format_time(shown.time());
        let day = write_date(language, shown.date());
        let weekday = weekday(language, shown.date().weekday());
        match language {
            Language::Vi => format!("{time}, {weekday} ngày {day}"),
            Language::En => format!("{weekday} {day}, {time}"),
        }
    }

    /// From when to when, in the same words: `08:30 – 11:00, thứ Ba ngày 04/11/2026`. Over midnight both
    /// ends have their day.
    pub fn format_span(self, language: Language, (from, to): (Timestamp, Timestamp)) -> String {
        let (begin, end) = (self.show(from), self.show(to));
        if begin.date() != end.date() {
            let (from, to) = (
                self.format_long(language, from),
                self.format_long(language, to),
            );
            return format!("{from} – {to}");
        }
        let time = format!(
            "{} – {}",
            format_time(begin.time()),
            format_time(end.time())
        );
        let day = write_date(language, begin.date());
        let weekday = weekday(language, begin.date().weekday());
        match language {
            Language::Vi => format!("{time}, {weekday} ngày {day}"),
            Language::En => format!("{weekday} {day}, {time}"),
        }
    }

    /// `04/11/2026` or `4 November 2026`.
    pub fn format_day(self, language: Language, at: Timestamp) -> String {
        write_date(language, self.day(at))
    }

    /// `08:30`.
    pub fn format_clock(self, at: Timestamp) -> String {
        format_time(self.show(at).time())
    }
}

/// The most years a report is about.
pub const REPORT_YEARS_MAX: u32 = 10;

/// Whether both engines keep a day, and every client writes its year with four digits.
pub fn is_kept(day: NaiveDate) -> bool {
    (1900..=2199).contains(&day.year())
}

/// `04/11/2026`, as Vietnamese papers write it.
pub fn format_date(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// `04/11/2026` or `4 November 2026`: with numbers alone readers of English take the day for the month.
pub fn write_date(language: Language, day: NaiveDate) -> String {
    match language {
        Language::Vi => format_date(day),
        Language::En => day.format("%-d %B %Y").to_string(),
    }
}

fn format_time(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The weekday as a mail writes it.
pub fn weekday(language: Language, day: Weekday) -> &'static str {
    let (vi, en) = match day {
        Weekday::Mon => ("thứ Hai", "Monday"),
        Weekday::Tue => ("thứ Ba", "Tuesday"),
        Weekday::Wed => ("thứ Tư", "Wednesday"),
        Weekday::Thu => ("thứ Năm", "Thursday"),
        Weekday::Fri => ("thứ Sáu", "Friday"),
        Weekday::Sat => ("thứ Bảy", "Saturday"),
        Weekday::Sun => ("Chủ nhật", "Sunday"),
    };
    language.pick(vi, en)
}

/// How old someone born in `birth_year` becomes in the year of `on`.
pub fn age_on(birth_year: i32, on: NaiveDate) -> i32 {
    on.year() - birth_year
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_in_hai_phong_is_still_yesterday_in_utc() {
        let zone = Zone::default();
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let start = zone.start_of(day);
        assert_eq!(start.utc().to_rfc3339(), "2026-02-28T17:00:00+00:00");
        assert_eq!(zone.day(start), day);
        assert_eq!(zone.show(start).0.to_rfc3339(), "2026-03-01T00:00:00+07:00");
        let (from, to) = zone.day_range(day, day);
        assert_eq!(to.since(from), TimeDelta::days(1));
        assert_eq!(
            zone.format_long(Language::Vi, start),
            "00:00, Chủ nhật ngày 01/03/2026"
        );
        let english = zone.format_long(Language::En, start);
        assert_eq!(english, "Sunday 1 March 2026, 00:00");
        let span = (start, start.plus(TimeDelta::hours(2)));
        assert_eq!(
            zone.format_span(Language::En, span),
            "Sunday 1 March 2026, 00:00 – 02:00"
        );
        assert_eq!(zone.format_day(Language::En, start), "1 March 2026");
        assert_eq!(zone.format_day(Language::Vi, start), "01/03/2026");
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_what_chrono_writes(
            micros in -2_208_988_800_000_000_i64..7_258_118_400_000_000, cut in 0_u32..7,
        ) {
            // Whole seconds and milliseconds are written shorter.
            let unit = 10_i64.pow(cut);
            let at = Timestamp::from_micros(micros / unit * unit).unwrap();
            for zone in [Zone::default(), Zone::parse("UTC").unwrap()] {
                let shown = zone.show(at);
                let text = serde_json::to_string(&shown).unwrap();
                proptest::prop_assert_eq!(text, serde_json::to_string(&shown.0).unwrap());
            }
        }
    }
}
