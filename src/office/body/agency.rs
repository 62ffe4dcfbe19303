//! Agencies as they come in.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{NAME_MAX, replace};
use crate::kernel::error::Check;
use crate::kernel::{Fault, Patch};
use crate::office::agency::{AgencyFields, AgencyKind};

/// The most characters of a code.
const CODE_MAX: usize = 32;

/// A code: letters, digits, hyphens and underscores.
fn code(check: &mut Check, pointer: &str, raw: &str) -> String {
    let text = check.line(pointer, raw, CODE_MAX);
    let is_fit = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    check.rule(is_fit, pointer, "code-invalid");
    text
}

/// `POST /agencies`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::office) struct AgencyBody {
    /// The word the plan names it by.
    #[schema(example = "SCHOOLS", max_length = 32)]
    code: String,
    /// Its name in Vietnamese.
    #[schema(max_length = 200)]
    name_vi: String,
    /// Its name in English; default the Vietnamese one.
    #[schema(max_length = 200)]
    name_en: Option<String>,
    /// What it is to the ward; default `unit`.
    kind: Option<AgencyKind>,
    /// Whether new things can name it; default `true`.
    active: Option<bool>,
}

impl AgencyBody {
    pub(in crate::office) fn check(self) -> Result<AgencyFields, Fault> {
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
pub(in crate::office) struct AgencyPatch {
    /// The word the plan names it by.
    #[schema(value_type = Option<String>, max_length = 32)]
    #[serde(default)]
    code: Patch<String>,
    /// Its name in Vietnamese.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    name_vi: Patch<String>,
    /// Its name in English.
    #[schema(value_type = Option<String>, max_length = 200)]
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
    pub(in crate::office) fn check(self) -> Result<impl FnOnce(&mut AgencyFields), Fault> {
        let mut check = Check::new();
        let code_raw = check.kept("/code", self.code);
        let new_code = code_raw.map(|raw| code(&mut check, "/code", &raw));
        let vi = check.kept("/name_vi", self.name_vi);
        let vi = vi.map(|raw| check.line("/name_vi", &raw, NAME_MAX));
        let en = check.kept("/name_en", self.name_en);
        let en = en.map(|raw| check.line("/name_en", &raw, NAME_MAX));
        let kind = check.kept("/kind", self.kind);
        let active = check.kept("/active", self.active);
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
