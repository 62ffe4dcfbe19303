//! Which mails a person wants; mails about the account and about cases always come.

use serde::{Deserialize, Serialize};

/// Which mails are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Preferences {
    /// Mails about training sessions.
    pub session: bool,
    /// Mails about the plan, its products and reports.
    pub plan: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            session: true,
            plan: true,
        }
    }
}

impl Preferences {
    /// The column.
    pub fn to_column(self) -> String {
        serde_json::json!({"session": self.session, "plan": self.plan}).to_string()
    }

    /// The choice behind [`Preferences::to_column`]'s text; what it does not name is wanted.
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
