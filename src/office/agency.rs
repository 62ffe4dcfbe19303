//! Agencies that take part in the plan, and how a sheet's free text names them.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{settings, store};
use crate::db::{self, Conn};
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, OfficeId, Timestamp, text};

text_enum! {
    /// What an agency is to the ward.
    pub enum AgencyKind {
        /// One of the ward's own.
        Unit = "unit",
        /// Several the plan names together.
        Group = "group",
        /// A body outside the ward.
        External = "external",
    }
}

/// An agency.
#[derive(Debug, Clone, Queryable)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// The word the plan names it by.
    pub code: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// Its search key, which lists are ordered by.
    pub name_key: String,
    /// What it is to the ward.
    pub kind: AgencyKind,
    /// Whether new things can name it.
    pub active: bool,
    /// Moves with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is set of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyFields {
    /// The word the plan names it by.
    pub code: String,
    /// Its name in Vietnamese.
    pub name_vi: String,
    /// Its name in English.
    pub name_en: String,
    /// What it is to the ward.
    pub kind: AgencyKind,
    /// Whether new things can name it.
    pub active: bool,
}

impl Agency {
    pub(super) fn fields(&self) -> AgencyFields {
        AgencyFields {
            code: self.code.clone(),
            name_vi: self.name_vi.clone(),
            name_en: self.name_en.clone(),
            kind: self.kind,
            active: self.active,
        }
    }
}

/// Which agencies are wanted.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Words of the name.
    pub q: Option<&'a str>,
    /// Of a kind.
    pub kind: Option<AgencyKind>,
    /// In use or not.
    pub active: Option<bool>,
    /// Changed since.
    pub updated_since: Option<Timestamp>,
}

/// An agency of an office.
///
/// # Errors
/// When storage fails.
pub fn find(conn: &mut Conn, office: OfficeId, id: AgencyId) -> db::Result<Option<Agency>> {
    store::agency::find(conn, office, id)
}

/// Every agency of an office, active or not.
///
/// # Errors
/// When storage fails.
pub fn all(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<Agency>> {
    store::agency::all(conn, office)
}

/// Whether an agency is the office's, and may be named anew.
///
/// # Errors
/// When storage fails.
pub fn is_active(conn: &mut Conn, office: OfficeId, id: AgencyId) -> db::Result<bool> {
    Ok(store::agency::find(conn, office, id)?.is_some_and(|agency| agency.active))
}

/// Every agency with its Vietnamese and English name.
///
/// # Errors
/// When storage fails.
pub fn names(conn: &mut Conn, office: OfficeId) -> db::Result<Vec<(AgencyId, (String, String))>> {
    let agencies = all(conn, office)?.into_iter();
    Ok(agencies
        .map(|agency| (agency.id, (agency.name_vi, agency.name_en)))
        .collect())
}

/// Finds agencies by what people write for them.
#[derive(Debug, Default)]
pub struct Matcher {
    place: Vec<String>,
    known: BTreeMap<String, Option<AgencyId>>,
}

/// The matcher of an office's active agencies.
///
/// # Errors
/// When storage fails.
pub fn matcher(conn: &mut Conn, office: OfficeId) -> db::Result<Matcher> {
    let office_name = settings::load(conn, office)?.name;
    Ok(Matcher::new(&office_name, &all(conn, office)?))
}

/// What stands for what in a sheet; the plan's own texts write both.
const SHORT: &[(&str, &str)] = &[
    ("hdnd", "hoi dong nhan dan"),
    ("ubnd", "uy ban nhan dan"),
    ("mttq", "mat tran to quoc"),
    ("vp", "van phong"),
    ("vhxh", "van hoa xa hoi"),
    ("vh", "van hoa"),
    ("xh", "xa hoi"),
    ("ca", "cong an"),
    ("tyt", "tram y te"),
    ("tp", "thanh pho"),
];
/// Words that tell nothing apart.
const EMPTY: &[&str] = &["phuong", "p", "va", "the", "of", "ward"];

impl Matcher {
    /// A matcher of these agencies in an office of a name.
    pub fn new(office_name: &str, agencies: &[Agency]) -> Self {
        let words = words(office_name);
        let place = match words.iter().position(|word| word == "phuong") {
            Some(at) => words.into_iter().skip(at + 1).collect(),
            None => Vec::new(),
        };
        let mut matcher = Self {
            place,
            known: BTreeMap::new(),
        };
        for agency in agencies.iter().filter(|agency| agency.active) {
            for name in [&agency.code, &agency.name_vi, &agency.name_en] {
                matcher.learn(name, agency.id);
            }
        }
        matcher
    }

    /// A text that two agencies could mean names neither.
    fn learn(&mut self, name: &str, id: AgencyId) {
        let key = self.key(name);
        if key.is_empty() {
            return;
        }
        let slot = self.known.entry(key).or_insert(Some(id));
        if *slot != Some(id) {
            *slot = None;
        }
    }

    /// The agency a text names, where it names exactly one.
    pub fn find(&self, name: &str) -> Option<AgencyId> {
        self.known.get(&self.key(name)).copied().flatten()
    }

    fn key(&self, name: &str) -> String {
        let long: Vec<String> = words(name).iter().flat_map(|word| expand(word)).collect();
        let mut rest = long.as_slice();
        let mut kept: Vec<&str> = Vec::new();
        while let Some((word, tail)) = rest.split_first() {
            if !self.place.is_empty()
                && let Some(behind) = rest.strip_prefix(self.place.as_slice())
            {
                rest = behind;
                continue;
            }
            if !EMPTY.contains(&word.as_str()) {
                kept.push(word);
            }
            rest = tail;
        }
        kept.join(" ")
    }
}

fn words(raw: &str) -> Vec<String> {
    text::fold(raw)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn expand(word: &str) -> Vec<String> {
    let long = SHORT
        .iter()
        .find(|(short, _)| *short == word)
        .map_or(word, |(_, long)| *long);
    long.split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency(number: u128, code: &str, name: &str) -> Agency {
        let at = Timestamp::from_micros(0).unwrap();
        Agency {
            id: AgencyId::from_uuid(uuid::Uuid::from_u128(number)),
            code: code.to_owned(),
            name_vi: name.to_owned(),
            name_en: String::new(),
            name_key: String::new(),
            kind: AgencyKind::Unit,
            active: true,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn sheets_name_agencies_in_their_own_ways() {
        let agencies = [
            agency(1, "SECRETARIAT", "Văn phòng HĐND và UBND phường"),
            agency(2, "POLICE", "Công an phường"),
            agency(3, "HEALTH", "Trạm Y tế phường"),
            agency(4, "CULTURE", "Phòng Văn hóa – Xã hội phường"),
            agency(5, "CITY_PC", "UBND thành phố Hải Phòng"),
        ];
        let matcher = Matcher::new("Ủy ban nhân dân phường Lê Chân", &agencies);
        for (text, number) in [
            ("Văn phòng HĐND và UBND", 1),
            ("VP HĐND-UBND phường Lê Chân", 1),
            ("công an Phường", 2),
            ("CA phường Lê Chân", 2),
            ("police", 2),
            ("Trạm y tế phường", 3),
            ("Phòng Văn hoá - xã hội", 4),
            ("Phòng VHXH", 4),
            ("Ủy ban nhân dân TP Hải Phòng", 5),
        ] {
            let want = AgencyId::from_uuid(uuid::Uuid::from_u128(number));
            assert_eq!(matcher.find(text), Some(want), "{text}");
        }
        for text in [
            "Công an thành phố Hải Phòng",
            "UBND phường",
            "Chùa trên địa bàn phường",
            "",
        ] {
            assert_eq!(matcher.find(text), None, "{text}");
        }
    }
}
