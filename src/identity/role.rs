//! Roles, and sets of them.

use serde::{Deserialize, Serialize};

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// What a user may be.
    pub enum Role {
        /// Accounts and settings; no case content.
        Administrator = "administrator",
        /// All training of the office.
        Organiser = "organiser",
        /// Counsels families.
        Counsellor = "counsellor",
        /// Supervises counselling and legal aid.
        Supervisor = "supervisor",
        /// Receives legal-aid requests.
        LegalAidIntake = "legal_aid_intake",
        /// Aggregates and reports.
        Reporter = "reporter",
        /// One agency's part of plan and report.
        Contributor = "contributor",
        /// Logs, no content.
        Auditor = "auditor",
        /// Registers itself.
        Family = "family",
    }
}

impl Role {
    /// Whether the role reads cases, so that granting it is told to those who watch.
    pub const fn reads_cases(self) -> bool {
        matches!(
            self,
            Self::Counsellor | Self::Supervisor | Self::LegalAidIntake
        )
    }
}

/// The roles of one user, without order or repetition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// A set of roles.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether `role` is among them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether any of `roles` is among them.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The roles, in order.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the office may give one person all of these: an administrator is at most
    /// organiser and reporter beside it, a family nothing else (`api.md` §2).
    pub fn may_combine(&self) -> bool {
        use Role::{Administrator, Family, Organiser, Reporter};
        let is_fit = |allowed: &[Role]| self.iter().all(|role| allowed.contains(&role));
        !self.is_empty()
            && (!self.has(Administrator) || is_fit(&[Administrator, Organiser, Reporter]))
            && (!self.has(Family) || is_fit(&[Family]))
    }

    /// The column: `,organiser,reporter,`, so that one role is found by `LIKE '%,role,%'`.
    pub fn to_column(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|role| role.as_str()).collect();
        format!(",{},", words.join(","))
    }

    /// The set behind [`Roles::to_column`]'s text.
    pub fn from_column(text: &str) -> Self {
        Self::new(text.split(',').filter_map(Role::parse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_and_families_combine_with_little() {
        use Role::{Administrator, Counsellor, Family, Organiser, Reporter, Supervisor};
        assert!(Roles::new([Administrator, Organiser, Reporter]).may_combine());
        assert!(Roles::new([Counsellor, Supervisor, Organiser]).may_combine());
        assert!(!Roles::new([Administrator, Counsellor]).may_combine());
        assert!(!Roles::new([Family, Organiser]).may_combine());
        assert!(!Roles::new([]).may_combine());
    }

    #[test]
    fn a_set_survives_its_column() {
        let roles = Roles::new(Role::ALL.iter().copied());
        assert_eq!(Roles::from_column(&roles.to_column()), roles);
    }
}
