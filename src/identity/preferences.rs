//! Which mails a person wants; mails about the account and about cases always come.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which mails are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Preferences {
    /// Mails about training sessions.
    pub session: bool,
    /// Mails about the plan, its products and reports.
    pub plan: bool,
}

/// What a `PATCH` says of them: what it does not name stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesPatch {
    /// Mails about training sessions.
    pub session: Option<bool>,
    /// Mails about the plan, its products and reports.
    pub plan: Option<bool>,
}

impl PreferencesPatch {
    /// The column after the patch; members it does not know belong to whoever wrote them.
    pub fn over(self, column: &str) -> String {
        let mut members: Map<String, Value> = serde_json::from_str(column).unwrap_or_default();
        for (name, value) in [("session", self.session), ("plan", self.plan)] {
            if let Some(value) = value {
                members.insert(name.to_owned(), value.into());
            }
        }
        Value::Object(members).to_string()
    }
}

impl Preferences {
    /// The choice in a column; what it does not name is wanted.
    pub fn from_column(text: &str) -> Self {
        #[derive(Deserialize, Default)]
        struct Column {
            session: Option<bool>,
            plan: Option<bool>,
        }
        // Other members belong to whoever wrote them.
        let column: Column = serde_json::from_str(text).unwrap_or_default();
        Self {
            session: column.session.unwrap_or(true),
            plan: column.plan.unwrap_or(true),
        }
    }
}
