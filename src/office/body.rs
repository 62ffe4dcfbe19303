//! What comes in, and how it becomes what a use case accepts: every broken rule at once.

use serde::Deserialize;
use utoipa::ToSchema;

use super::agency::{AgencyFields, AgencyKind};
use super::calendar::{DayFields, DayKind};
use super::policy::PoliciesChange;
use super::room::RoomFields;
use super::settings::{BothLanguages, Desk, DocumentHeader, OfficeSettings, Stored};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Patch, Zone};

/// The most characters of a name.
const NAME_MAX: usize = 200;
/// The most characters of a line of free text.
const LINE_MAX: usize = 300;
/// The most characters of a code.
const CODE_MAX: usize = 32;
/// The most letters of a prefix.
const PREFIX_MAX: usize = 10;
/// The most lines an issuer has.
const ISSUER_MAX: usize = 4;
/// The most places of a room.
const PLACES_MAX: i32 = 100_000;

/// A value that is kept or set, but never cleared.
fn kept<T>(check: &mut Check, pointer: &str, patch: Patch<T>) -> Option<T> {
    match patch {
        Patch::Keep => None,
        Patch::Set(value) => Some(value),
        Patch::Clear => {
            check.refuse(pointer, "required");
            None
        }
    }
}

/// A code: letters, digits, hyphens and underscores.
fn code(check: &mut Check, pointer: &str, raw: &str) -> String {
    let text = check.line(pointer, raw, CODE_MAX);
    let is_fit = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    check.rule(is_fit, pointer, "code-invalid");
    text
}

/// The prefix of references: it stands before a hyphen, so it has none.
fn prefix(check: &mut Check, raw: &str) -> String {
    let text = check.line("/prefix", raw, PREFIX_MAX);
    let is_fit = text.chars().all(|c| c.is_ascii_uppercase());
    check.rule(is_fit, "/prefix", "prefix-invalid");
    text
}

fn places(check: &mut Check, places: i32) -> i32 {
    check.rule(
        (1..=PLACES_MAX).contains(&places),
        "/places",
        "out-of-range",
    );
    places
}

/// An optional line that is kept, set or cleared.
fn set_line(check: &mut Check, pointer: &str, patch: Patch<String>, slot: &mut Option<String>) {
    if let Some(new) = patch.changed() {
        *slot = check.line_opt(pointer, new.as_deref(), LINE_MAX);
    }
}

/// `POST /agencies`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgencyBody {
    /// The word the plan names it by.
    #[schema(example = "SCHOOLS")]
    code: String,
    /// Its name in Vietnamese.
    name_vi: String,
    /// Its name in English; default the Vietnamese one.
    name_en: Option<String>,
    /// What it is to the ward; default `unit`.
    kind: Option<AgencyKind>,
    /// Whether new things can name it; default `true`.
    active: Option<bool>,
}

impl AgencyBody {
    pub(super) fn check(self) -> Result<AgencyFields, Fault> {
        let mut check = Check::new();
        let name_vi = check.line("/name_vi", &self.name_vi, NAME_MAX);
        let name_en = check.line_opt("/name_en", self.name_en.as_deref(), NAME_MAX);
        let fields = AgencyFields {
            code: code(&mut check, "/code", &self.code),
            name_en: name_en.unwrap_or_else(|| name_vi.clone()),
            name_vi,
            kind: self.kind.unwrap_or(AgencyKind::Unit),
            active: self.active.unwrap_or(true),
        };
        check.done().map(|()| fields)
    }
}

/// `PATCH /agencies/{id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgencyPatch {
    /// The word the plan names it by.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    code: Patch<String>,
    /// Its name in Vietnamese.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name_vi: Patch<String>,
    /// Its name in English.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name_en: Patch<String>,
    /// What it is to the ward.
    #[schema(value_type = Option<AgencyKind>)]
    #[serde(default)]
    kind: Patch<AgencyKind>,
    /// Whether new things can name it.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    active: Patch<bool>,
}

impl AgencyPatch {
    pub(super) fn check(self) -> Result<impl FnOnce(&mut AgencyFields), Fault> {
        let mut check = Check::new();
        let code_raw = kept(&mut check, "/code", self.code);
        let new_code = code_raw.map(|raw| code(&mut check, "/code", &raw));
        let vi = kept(&mut check, "/name_vi", self.name_vi);
        let vi = vi.map(|raw| check.line("/name_vi", &raw, NAME_MAX));
        let en = kept(&mut check, "/name_en", self.name_en);
        let en = en.map(|raw| check.line("/name_en", &raw, NAME_MAX));
        let kind = kept(&mut check, "/kind", self.kind);
        let active = kept(&mut check, "/active", self.active);
        check.done().map(|()| {
            move |fields: &mut AgencyFields| {
                replace(&mut fields.code, new_code);
                replace(&mut fields.name_vi, vi);
                replace(&mut fields.name_en, en);
                replace(&mut fields.kind, kind);
                replace(&mut fields.active, active);
            }
        })
    }
}

fn replace<T>(slot: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *slot = new;
    }
}

/// `POST /rooms`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoomBody {
    /// Its name.
    name: String,
    /// Where it is, where it is not at the office.
    address: Option<String>,
    /// How many people it holds.
    #[schema(minimum = 1)]
    places: Option<i32>,
    /// Whether new sessions can use it; default `true`.
    active: Option<bool>,
}

impl RoomBody {
    pub(super) fn check(self) -> Result<RoomFields, Fault> {
        let mut check = Check::new();
        let fields = RoomFields {
            name: check.line("/name", &self.name, NAME_MAX),
            address: check.line_opt("/address", self.address.as_deref(), LINE_MAX),
            places: self.places.map(|count| places(&mut check, count)),
            active: self.active.unwrap_or(true),
        };
        check.done().map(|()| fields)
    }
}

/// `PATCH /rooms/{id}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoomPatch {
    /// Its name.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Patch<String>,
    /// Where it is.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    address: Patch<String>,
    /// How many people it holds.
    #[schema(value_type = Option<i32>, minimum = 1)]
    #[serde(default)]
    places: Patch<i32>,
    /// Whether new sessions can use it.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    active: Patch<bool>,
}

impl RoomPatch {
    pub(super) fn check(self) -> Result<impl FnOnce(&mut RoomFields), Fault> {
        let mut check = Check::new();
        let name = kept(&mut check, "/name", self.name);
        let name = name.map(|raw| check.line("/name", &raw, NAME_MAX));
        let address = self.address.changed();
        let address = address.map(|new| check.line_opt("/address", new.as_deref(), LINE_MAX));
        let new_places = self.places.changed();
        let new_places = new_places.map(|new| new.map(|count| places(&mut check, count)));
        let active = kept(&mut check, "/active", self.active);
        check.done().map(|()| {
            move |fields: &mut RoomFields| {
                replace(&mut fields.name, name);
                replace(&mut fields.address, address);
                replace(&mut fields.places, new_places);
                replace(&mut fields.active, active);
            }
        })
    }
}

/// `PUT /calendar/{date}`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DayBody {
    /// What the day is called.
    name: String,
    /// Why it is off, or worked; `make_up_workday` on a weekday makes it an ordinary one again.
    kind: DayKind,
    /// Whether it was announced.
    confirmed: bool,
}

impl DayBody {
    pub(super) fn check(self) -> Result<DayFields, Fault> {
        let mut check = Check::new();
        let fields = DayFields {
            name: check.line("/name", &self.name, NAME_MAX),
            kind: self.kind,
            confirmed: self.confirmed,
        };
        check.done().map(|()| fields)
    }
}

/// A change of the document header.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentPatch {
    /// The body above the issuer.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    superior: Patch<String>,
    /// The issuer, up to four lines.
    #[schema(value_type = Option<Vec<String>>)]
    #[serde(default)]
    issuer: Patch<Vec<String>>,
    /// The place before the date.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    place: Patch<String>,
}

/// A change of the desk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeskPatch {
    /// Its address.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    address: Patch<String>,
    /// Its phone.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    phone: Patch<String>,
    /// When it is open.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    hours: Patch<String>,
}

/// `PATCH /office`; `null` for a group brings its default back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficePatch {
    /// Its name.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Patch<String>,
    /// The IANA name of the zone its days are counted in.
    #[schema(value_type = Option<String>, example = "Asia/Ho_Chi_Minh")]
    #[serde(default)]
    zone: Patch<String>,
    /// The prefix of new references.
    #[schema(value_type = Option<String>, example = "LC")]
    #[serde(default)]
    prefix: Patch<String>,
    /// The head of its documents.
    #[schema(value_type = Option<DocumentPatch>)]
    #[serde(default)]
    document: Patch<DocumentPatch>,
    /// Its desk.
    #[schema(value_type = Option<DeskPatch>)]
    #[serde(default)]
    desk: Patch<DeskPatch>,
    /// What families' mails call a session without a neutral title; `{office}` is the name.
    #[schema(value_type = Option<BothLanguages>)]
    #[serde(default)]
    mail_title: Patch<BothLanguages>,
    /// Policy values.
    #[schema(value_type = Option<PoliciesChange>)]
    #[serde(default)]
    policies: Patch<PoliciesChange>,
}

impl OfficePatch {
    /// The names of the fields it sets: what the audit may know of it.
    pub(super) fn fields(&self) -> Vec<&'static str> {
        let named = [
            ("name", self.name != Patch::Keep),
            ("zone", self.zone != Patch::Keep),
            ("prefix", self.prefix != Patch::Keep),
            ("document", !matches!(self.document, Patch::Keep)),
            ("desk", !matches!(self.desk, Patch::Keep)),
            ("mail_title", !matches!(self.mail_title, Patch::Keep)),
            ("policies", !matches!(self.policies, Patch::Keep)),
        ];
        let set = named.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(name, _)| name).collect()
    }

    /// The settings after the change.
    pub(super) fn over(self, mut old: OfficeSettings) -> Result<OfficeSettings, Fault> {
        let mut check = Check::new();
        if let Some(raw) = kept(&mut check, "/name", self.name) {
            old.name = check.line("/name", &raw, NAME_MAX);
        }
        if let Some(raw) = kept(&mut check, "/zone", self.zone) {
            let zone = Zone::parse(raw.trim());
            check.rule(zone.is_some(), "/zone", "zone-unknown");
            old.zone = zone.unwrap_or_default();
        }
        if let Some(raw) = kept(&mut check, "/prefix", self.prefix) {
            old.prefix = prefix(&mut check, &raw);
        }
        let standard = Stored::default();
        match self.document {
            Patch::Keep => {}
            Patch::Clear => old.document = standard.document,
            Patch::Set(patch) => patch.over(&mut old.document, &mut check),
        }
        match self.desk {
            Patch::Keep => {}
            Patch::Clear => old.desk = standard.desk,
            Patch::Set(patch) => patch.over(&mut old.desk, &mut check),
        }
        match self.mail_title {
            Patch::Keep => {}
            Patch::Clear => old.mail_title = standard.mail_title,
            Patch::Set(title) => {
                old.mail_title = BothLanguages {
                    vi: check.line("/mail_title/vi", &title.vi, NAME_MAX),
                    en: check.line("/mail_title/en", &title.en, NAME_MAX),
                }
            }
        }
        match self.policies {
            Patch::Keep => {}
            Patch::Clear => old.policies = standard.policies,
            Patch::Set(change) => old.policies = change.over(old.policies, &mut check),
        }
        check.done().map(|()| old)
    }
}

impl DocumentPatch {
    fn over(self, old: &mut DocumentHeader, check: &mut Check) {
        set_line(
            check,
            "/document/superior",
            self.superior,
            &mut old.superior,
        );
        set_line(check, "/document/place", self.place, &mut old.place);
        if let Some(lines) = self.issuer.changed() {
            let lines = lines.unwrap_or_default();
            check.rule(lines.len() <= ISSUER_MAX, "/document/issuer", "too-long");
            let checked = lines
                .iter()
                .take(ISSUER_MAX)
                .enumerate()
                .map(|(index, raw)| {
                    check.line(&format!("/document/issuer/{index}"), raw, LINE_MAX)
                });
            old.issuer = checked.collect();
        }
    }
}

impl DeskPatch {
    fn over(self, old: &mut Desk, check: &mut Check) {
        set_line(check, "/desk/address", self.address, &mut old.address);
        set_line(check, "/desk/hours", self.hours, &mut old.hours);
        if let Some(phone) = self.phone.changed() {
            old.phone = check.phone_opt("/desk/phone", phone.as_deref());
        }
    }
}
