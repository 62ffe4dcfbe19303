//! The office's settings as they come in.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{LINE_MAX, NAME_MAX};
use crate::identity::UserId;
use crate::kernel::error::Check;
use crate::kernel::{Fault, Patch, Zone};
use crate::office::duty;
use crate::office::policy::PoliciesChange;
use crate::office::settings::{
    BothLanguages, Centre, Desk, DocumentHeader, OfficeSettings, Stored,
};

/// The most letters of a prefix.
const PREFIX_MAX: usize = 10;
/// The most lines an issuer or a signature has.
const LINES_MAX: usize = 4;

/// The prefix of references: it stands before a hyphen, so it has none.
fn prefix(check: &mut Check, raw: &str) -> String {
    let text = check.line("/prefix", raw, PREFIX_MAX);
    let is_fit = text.chars().all(|c| c.is_ascii_uppercase());
    check.rule(is_fit, "/prefix", "prefix-invalid");
    text
}

/// An optional line that is kept, set or cleared.
fn set_line(check: &mut Check, pointer: &str, patch: Patch<String>, slot: &mut Option<String>) {
    if let Some(new) = patch.changed() {
        *slot = check.line_opt(pointer, new.as_deref(), LINE_MAX);
    }
}

/// A few lines that are kept, set or cleared.
fn set_lines(check: &mut Check, pointer: &str, patch: Patch<Vec<String>>, slot: &mut Vec<String>) {
    let Some(lines) = patch.changed() else { return };
    let lines = lines.unwrap_or_default();
    check.rule(lines.len() <= LINES_MAX, pointer, "too-long");
    let checked = lines
        .iter()
        .take(LINES_MAX)
        .enumerate()
        .map(|(index, raw)| check.line(&format!("{pointer}/{index}"), raw, LINE_MAX));
    *slot = checked.collect();
}

/// A change of the document header.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct DocumentPatch {
    /// The body above the issuer.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    superior: Patch<String>,
    /// The issuer, up to four lines.
    #[schema(value_type = Option<Vec<String>>, max_length = 300)]
    #[serde(default)]
    issuer: Patch<Vec<String>>,
    /// The place before the date.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    place: Patch<String>,
    /// What follows the kind in a number: `UBND` in `15/BC-UBND`.
    #[schema(value_type = Option<String>, example = "UBND", max_length = 300)]
    #[serde(default)]
    abbreviation: Patch<String>,
    /// In what capacity its documents are signed, up to four lines.
    #[schema(value_type = Option<Vec<String>>, max_length = 300)]
    #[serde(default)]
    signed_as: Patch<Vec<String>>,
}

/// A change of the desk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct DeskPatch {
    /// Its address.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    address: Patch<String>,
    /// Its phone.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    phone: Patch<String>,
    /// When it is open.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    hours: Patch<String>,
}

/// A change of what is said of the State Legal Aid Centre.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct CentrePatch {
    /// Its name, as letters are addressed.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    name: Patch<String>,
    /// Its address.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    address: Patch<String>,
    /// Its phone.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    phone: Patch<String>,
    /// Who takes complaints of its refusals.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    complaints_to: Patch<String>,
}

/// `PATCH /office`; `null` for a group brings its default back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct OfficePatch {
    /// Its name.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    name: Patch<String>,
    /// The IANA name of the zone its days are counted in.
    #[schema(value_type = Option<String>, example = "Asia/Ho_Chi_Minh")]
    #[serde(default)]
    zone: Patch<String>,
    /// The prefix of new references.
    #[schema(value_type = Option<String>, example = "LC", max_length = 10)]
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
    /// The State Legal Aid Centre requests go to.
    #[schema(value_type = Option<CentrePatch>)]
    #[serde(default)]
    centre: Patch<CentrePatch>,
    /// What families' mails call a session without a neutral title; `{office}` is the name.
    #[schema(value_type = Option<BothLanguages>)]
    #[serde(default)]
    mail_title: Patch<BothLanguages>,
    /// Policy values.
    #[schema(value_type = Option<PoliciesChange>)]
    #[serde(default)]
    policies: Patch<PoliciesChange>,
    /// Who is called in turn where no supervisor answers: active counsellors, supervisors, intake
    /// officers and administrators, in their order.
    #[schema(value_type = Option<Vec<uuid::Uuid>>)]
    #[serde(default)]
    duty_list: Patch<Vec<UserId>>,
}

impl OfficePatch {
    /// The names of the fields it sets: what the audit may know of it.
    pub(in crate::office) fn fields(&self) -> Vec<&'static str> {
        let named = [
            ("name", self.name != Patch::Keep),
            ("zone", self.zone != Patch::Keep),
            ("prefix", self.prefix != Patch::Keep),
            ("document", !matches!(self.document, Patch::Keep)),
            ("desk", !matches!(self.desk, Patch::Keep)),
            ("centre", !matches!(self.centre, Patch::Keep)),
            ("mail_title", !matches!(self.mail_title, Patch::Keep)),
            ("policies", !matches!(self.policies, Patch::Keep)),
            ("duty_list", !matches!(self.duty_list, Patch::Keep)),
        ];
        let set = named.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(name, _)| name).collect()
    }

    /// The new duty list, where there is one.
    pub(in crate::office) fn duty_list(&self) -> &[UserId] {
        match &self.duty_list {
            Patch::Set(list) => list,
            Patch::Keep | Patch::Clear => &[],
        }
    }

    /// The settings after the change; `fit` are those of the new duty list who may be on it.
    pub(in crate::office) fn over(
        self,
        mut old: OfficeSettings,
        fit: &[UserId],
    ) -> Result<OfficeSettings, Fault> {
        let mut check = Check::new();
        if let Some(raw) = check.kept("/name", self.name) {
            old.name = check.line("/name", &raw, NAME_MAX);
        }
        if let Some(raw) = check.kept("/zone", self.zone) {
            let zone = Zone::parse(raw.trim());
            check.rule(zone.is_some(), "/zone", "zone-unknown");
            old.zone = zone.unwrap_or_default();
        }
        if let Some(raw) = check.kept("/prefix", self.prefix) {
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
        match self.centre {
            Patch::Keep => {}
            Patch::Clear => old.centre = standard.centre,
            Patch::Set(patch) => patch.over(&mut old.centre, &mut check),
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
        if let Some(list) = self.duty_list.changed() {
            old.duty_list = list.unwrap_or_default();
            duty::check(&mut check, &old.duty_list, fit);
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
        set_line(
            check,
            "/document/abbreviation",
            self.abbreviation,
            &mut old.abbreviation,
        );
        set_lines(check, "/document/issuer", self.issuer, &mut old.issuer);
        set_lines(
            check,
            "/document/signed_as",
            self.signed_as,
            &mut old.signed_as,
        );
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

impl CentrePatch {
    fn over(self, old: &mut Centre, check: &mut Check) {
        if let Some(raw) = check.kept("/centre/name", self.name) {
            old.name = check.line("/centre/name", &raw, LINE_MAX);
        }
        set_line(check, "/centre/address", self.address, &mut old.address);
        if let Some(phone) = self.phone.changed() {
            old.phone = check.phone_opt("/centre/phone", phone.as_deref());
        }
        if let Some(raw) = check.kept("/centre/complaints_to", self.complaints_to) {
            old.complaints_to = check.line("/centre/complaints_to", &raw, LINE_MAX);
        }
    }
}
