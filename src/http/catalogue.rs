//! Every code the service answers with: its status and its words in two languages.
//!
//! Codes are a contract: they are added, never renamed. The words lie in `problems.txt`, a line
//! a code: `code | status | title vi | detail vi | title en | detail en`; status 0 marks a rule
//! inside a 422.

use crate::kernel::Language;

const LINES: &str = include_str!("problems.txt");

/// One code.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Kebab-case, stable.
    pub code: &'static str,
    /// The status it is answered with; 0 for a rule inside a 422.
    pub status: u16,
    /// Title and detail in Vietnamese.
    pub vi: (&'static str, &'static str),
    /// Title and detail in English.
    pub en: (&'static str, &'static str),
}

/// Every code, in the order of the file.
pub fn entries() -> impl Iterator<Item = Entry> {
    LINES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(read)
}

fn read(line: &'static str) -> Option<Entry> {
    let mut cells = line.split('|').map(str::trim);
    let code = cells.next()?;
    let status = cells.next()?.parse().ok()?;
    let vi = (cells.next()?, cells.next()?);
    let en = (cells.next()?, cells.next()?);
    Some(Entry {
        code,
        status,
        vi,
        en,
    })
}

/// Title and detail of a code.
pub fn text(code: &str, language: Language) -> (&'static str, &'static str) {
    entries()
        .find(|e| e.code == code)
        .map_or(("", ""), |entry| language.pick(entry.vi, entry.en))
}

/// The status of a code.
pub fn status(code: &str) -> u16 {
    entries()
        .find(|entry| entry.code == code)
        .map_or(500, |entry| entry.status)
}
