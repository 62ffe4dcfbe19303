//! Where a product stands and what may be done then. A new state breaks the build where thought is
//! needed.

#![warn(clippy::wildcard_enum_match_arm)]

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where a product stands.
    pub enum ProductStatus {
        /// Being written.
        Draft = "draft",
        /// Handed in, and waits for a yes.
        Submitted = "submitted",
        /// May be issued.
        Approved = "approved",
        /// Signed and sent.
        Issued = "issued",
        /// Another one took its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// What may be done with a product.
    pub enum ProductAction {
        /// Change its fields; once it is approved, its note.
        Edit = "edit",
        /// Remove it.
        Delete = "delete",
        /// Put a file to it, in the place of the one before.
        Upload = "upload",
        /// Hand it in.
        Submit = "submit",
        /// Give it back to be changed.
        ReturnForChanges = "return-for-changes",
        /// Say that it may be issued.
        Approve = "approve",
        /// Say that it was signed and sent.
        Issue = "issue",
        /// Put another one in its place.
        Supersede = "supersede",
    }
}

impl ProductAction {
    /// Whether it is a reporter's, who says yes or no.
    pub const fn is_decision(self) -> bool {
        match self {
            Self::ReturnForChanges | Self::Approve | Self::Issue | Self::Supersede => true,
            Self::Edit | Self::Delete | Self::Upload | Self::Submit => false,
        }
    }
}

impl ProductStatus {
    /// Whether its content stays as it is.
    pub const fn is_settled(self) -> bool {
        match self {
            Self::Draft | Self::Submitted => false,
            Self::Approved | Self::Issued | Self::Superseded => true,
        }
    }

    /// The status after an action, where the state allows it; actions that only need a state keep it.
    pub const fn after(self, action: ProductAction) -> Option<Self> {
        use ProductAction as A;
        match self {
            Self::Draft => match action {
                A::Edit | A::Delete | A::Upload => Some(self),
                A::Submit => Some(Self::Submitted),
                A::ReturnForChanges | A::Approve | A::Issue | A::Supersede => None,
            },
            Self::Submitted => match action {
                A::Edit | A::Upload => Some(self),
                A::ReturnForChanges => Some(Self::Draft),
                A::Approve => Some(Self::Approved),
                A::Delete | A::Submit | A::Issue | A::Supersede => None,
            },
            Self::Approved => match action {
                A::Edit | A::Upload => Some(self),
                A::ReturnForChanges => Some(Self::Draft),
                A::Issue => Some(Self::Issued),
                A::Delete | A::Submit | A::Approve | A::Supersede => None,
            },
            Self::Issued => match action {
                A::Edit => Some(self),
                A::Supersede => Some(Self::Superseded),
                A::Delete | A::Upload | A::Submit | A::ReturnForChanges | A::Approve | A::Issue => {
                    None
                }
            },
            Self::Superseded => match action {
                A::Edit => Some(self),
                A::Delete
                | A::Upload
                | A::Submit
                | A::ReturnForChanges
                | A::Approve
                | A::Issue
                | A::Supersede => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_products_is_that_of_the_contract() {
        let table: Vec<String> = ProductStatus::ALL
            .iter()
            .map(|status| {
                let possible = ProductAction::ALL.iter();
                let possible = possible.filter(|action| status.after(**action).is_some());
                let words: Vec<&str> = possible.map(|action| action.as_str()).collect();
                format!("{status}: {}", words.join(" "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "draft: edit delete upload submit",
                "submitted: edit upload return-for-changes approve",
                "approved: edit upload return-for-changes issue",
                "issued: edit supersede",
                "superseded: edit",
            ]
        );
    }

    #[test]
    fn the_way_of_a_product_ends_with_another_in_its_place() {
        let way = [
            ProductAction::Submit,
            ProductAction::Approve,
            ProductAction::Issue,
            ProductAction::Supersede,
        ];
        let end = way
            .into_iter()
            .try_fold(ProductStatus::Draft, ProductStatus::after);
        assert_eq!(end, Some(ProductStatus::Superseded));
    }
}
