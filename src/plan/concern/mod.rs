//! Suspected illicit practices that somebody came upon. The ward looks into none: each is written down,
//! referred to whoever may, and their answer is kept.
//!
//! What a concern says is sealed by a key of its own. It is read by whoever recorded it, and by
//! supervisors and who stands in for them; each reading is one row of the log. To everybody else a
//! concern is a count.

pub mod counts;
pub mod demo;
mod routes;
mod service;
pub mod status;
mod store;
mod view;

pub(super) use routes::mount;
pub use service::{counts_of, sees};

use crate::kernel::Id;
use crate::kernel::text_enum::text_enum;

/// Marks ids of concerns.
#[derive(Debug)]
pub enum Concern {}
/// The id of a concern.
pub type ConcernId = Id<Concern>;

text_enum! {
    /// Which of the Toolkit's illicit practices is suspected.
    pub enum ConcernTopic {
        /// A child was abducted, sold or trafficked.
        AbductionSaleTrafficking = "abduction_sale_trafficking",
        /// Somebody gains by an adoption what is not due to them.
        ImproperFinancialGain = "improper_financial_gain",
        /// A consent was bought, pressed for, given too early or not understood.
        ImproperlyObtainedConsent = "improperly_obtained_consent",
        /// A child, a parent or an adopter is passed off as somebody else.
        MisrepresentationOfIdentity = "misrepresentation_of_identity",
        /// A paper was forged or changed.
        ForgedDocuments = "forged_documents",
        /// Adopters and a child were brought together beside the authorities.
        BypassedMatching = "bypassed_matching",
        /// Nobody looked for a family in the country first.
        LackOfSubsidiarity = "lack_of_subsidiarity",
        /// What is known of a child's origins was not kept, or is withheld.
        OriginsInformation = "origins_information",
        /// A child was brought abroad, or adopted, beside the procedure.
        BypassedProcedure = "bypassed_procedure",
        /// Another one.
        Other = "other",
    }
}

text_enum! {
    /// Where somebody came upon a concern.
    pub enum ConcernSource {
        /// In counselling.
        Counselling = "counselling",
        /// In a request for legal aid.
        LegalAid = "legal_aid",
        /// At a training session.
        Session = "session",
        /// At an inspection.
        Inspection = "inspection",
        /// At the desk, or on the phone.
        Desk = "desk",
        /// In a letter.
        Letter = "letter",
        /// By an agency.
        Agency = "agency",
        /// In the media.
        Media = "media",
        /// Elsewhere.
        Other = "other",
    }
}
