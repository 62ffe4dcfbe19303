//! Days of birth as people write them: the year is what counts.

use chrono::NaiveDate;

/// The year of a birth date as sheets write it, and whether the whole of it can be: of a day that never
/// was, `29/2/1975`, the year still tells.
pub(super) fn birth_year(text: &str) -> (Option<i32>, bool) {
    let found = read_year(text);
    let found = found.filter(|(year, _)| (1900..=2100).contains(year));
    found.map_or((None, false), |(year, is_date)| (Some(year), is_date))
}

fn read_year(text: &str) -> Option<(i32, bool)> {
    // A moment, as a program writes a day: `1985-03-15T00:00:00`.
    let text = match text.split_at_checked(10) {
        Some((day, rest)) if day.contains('-') && rest.starts_with(['T', ' ']) => day,
        _ => text,
    };
    // Words beside the figures say what they are: `SN 1985`, `12 tháng 3 năm 1985 (âm lịch)`.
    let numbers: Vec<i32> = text
        .split(['/', '-', '.', ' '])
        .map(|part| part.trim_matches(|c: char| !c.is_ascii_digit()))
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match numbers.as_slice() {
        [year] => Some((*year, true)),
        [month, year] | [year, month] if (1..=12).contains(month) => Some((*year, true)),
        [year, month, day] if *year > 31 => Some((*year, is_date(*year, *month, *day))),
        [day, month, year] if *year > 99 => Some((*year, is_date(*year, *month, *day))),
        // Of two digits one needs the day to know which is the year.
        [day, month, year] => {
            let year = century(*year);
            is_date(year, *month, *day).then_some((year, true))
        }
        _ => None,
    }
}

/// Two digits of a year of birth: nobody on a sheet was born in this century's later half.
const fn century(year: i32) -> i32 {
    if year <= 26 { 2000 + year } else { 1900 + year }
}

fn is_date(year: i32, month: i32, day: i32) -> bool {
    let parts = u32::try_from(month).ok().zip(u32::try_from(day).ok());
    parts.is_some_and(|(month, day)| NaiveDate::from_ymd_opt(year, month, day).is_some())
}
