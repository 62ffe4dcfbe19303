//! The words of counselling: what is one of a few things, in JSON, in the database, in a query.

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Whom a party is in a case (`domain.md` §2.3).
    pub enum PartyRole {
        /// Cha mẹ đẻ.
        BirthParent = "birth_parent",
        /// Người thân thích.
        Relative = "relative",
        /// Người giám hộ.
        Guardian = "guardian",
        /// The child.
        Child = "child",
        /// Người nhận con nuôi, before the adoption.
        ProspectiveAdoptiveParent = "prospective_adoptive_parent",
        /// Cha mẹ nuôi.
        AdoptiveParent = "adoptive_parent",
        /// Con nuôi đã trưởng thành.
        AdultAdoptee = "adult_adoptee",
        /// Who cares for the child in an establishment.
        Caregiver = "caregiver",
    }
}

text_enum! {
    /// On which side of an adoption someone stands; the two sides do not meet (Convention of
    /// 1993, Article 29; `domain.md` §2.2).
    pub enum Side {
        /// The family of origin.
        Birth = "birth",
        /// Those who adopt.
        Adoptive = "adoptive",
        /// Neither.
        Neither = "neither",
    }
}

impl PartyRole {
    /// The side it stands on.
    pub const fn side(self) -> Side {
        match self {
            Self::BirthParent | Self::Relative | Self::Guardian => Side::Birth,
            Self::ProspectiveAdoptiveParent | Self::AdoptiveParent => Side::Adoptive,
            Self::Child | Self::AdultAdoptee | Self::Caregiver => Side::Neither,
        }
    }
}

text_enum! {
    /// How a request came.
    pub enum Channel {
        /// By the family itself.
        Online = "online",
        /// At the desk.
        Desk = "desk",
        /// By phone.
        Phone = "phone",
        /// By letter.
        Post = "post",
        /// Through another agency.
        Partner = "partner",
    }
}

text_enum! {
    /// How someone was tried to be reached.
    pub enum Means {
        /// A call.
        Call = "call",
        /// A mail.
        Email = "email",
        /// A visit.
        Visit = "visit",
        /// At the desk.
        Desk = "desk",
    }
}

text_enum! {
    /// The groups of children in special circumstances (Law on Children, Article 10).
    pub enum SpecialCircumstance {
        /// Both parents dead.
        OrphanBoth = "orphan_both",
        /// Abandoned.
        Abandoned = "abandoned",
        /// With nobody to lean on.
        NoSupport = "no_support",
        /// With a disability.
        Disabled = "disabled",
        /// With HIV or AIDS.
        Hiv = "hiv",
        /// Having broken the law.
        LawBreaking = "law_breaking",
        /// Addicted to drugs.
        DrugAddicted = "drug_addicted",
        /// Working, school left behind.
        DroppedOutToWork = "dropped_out_to_work",
        /// Gravely harmed by violence.
        HarmedByViolence = "harmed_by_violence",
        /// Exploited.
        Exploited = "exploited",
        /// Sexually abused.
        SexuallyAbused = "sexually_abused",
        /// Trafficked.
        Trafficked = "trafficked",
        /// Ill for long, of a poor family.
        LongIllnessPoor = "long_illness_poor",
        /// A migrant or refugee without care.
        MigrantOrRefugee = "migrant_or_refugee",
    }
}

text_enum! {
    /// On what legal basis data are kept.
    pub enum LegalBasis {
        /// Those concerned consented.
        Consent = "consent",
        /// The law gives the task.
        StatutoryTask = "statutory_task",
        /// A life or health is at stake.
        VitalInterest = "vital_interest",
    }
}

text_enum! {
    /// What is done before a case leaves a phase: the phase, and the item of its checklist.
    pub enum ChecklistItem {
        /// How each may be reached without harm was confirmed; ticked only where it was.
        SafeContactConfirmed = "before:safe_contact_confirmed",
        /// Alternatives to adoption were explained.
        AlternativesExplained = "before:alternatives_explained",
        /// What an adoption brings about was explained.
        EffectsExplained = "before:effects_explained",
        /// That consent is free, unpaid, and can be taken back was explained.
        FreeConsentExplained = "before:free_consent_explained",
        /// Those concerned were heard.
        OpinionTaken = "during:opinion_taken",
        /// The child was prepared.
        ChildPrepared = "during:child_prepared",
        /// The hand-over was planned.
        HandOverPlanned = "during:hand_over_planned",
        /// The reports that follow were explained.
        ReportsExplained = "after:reports_explained",
        /// Information on the child's origin was put into keeping.
        OriginInformationKept = "after:origin_information_kept",
    }
}

text_enum! {
    /// Where the child is adopted to.
    #[derive(Default)]
    pub enum AdoptionKind {
        /// Trong nước.
        Domestic = "domestic",
        /// Có yếu tố nước ngoài.
        Intercountry = "intercountry",
        /// Nobody can say yet.
        #[default]
        Undetermined = "undetermined",
    }
}

text_enum! {
    /// Whether someone of the family adopts.
    #[derive(Default)]
    pub enum InFamily {
        /// Nobody of the family.
        #[default]
        None = "none",
        /// Cha dượng, mẹ kế.
        StepParent = "step_parent",
        /// Cô, dì, bác gái.
        Aunt = "aunt",
        /// Chú, cậu, bác trai.
        Uncle = "uncle",
    }
}

text_enum! {
    /// Where a case is: before, during or after the adoption.
    pub enum Phase {
        /// Trước.
        Before = "before",
        /// Trong.
        During = "during",
        /// Sau.
        After = "after",
    }
}

impl Phase {
    /// The one that follows.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Before => Some(Self::During),
            Self::During => Some(Self::After),
            Self::After => None,
        }
    }

    /// What is done before a case leaves the phase (`domain.md` §2.3).
    pub const fn checklist(self) -> &'static [&'static str] {
        match self {
            Self::Before => &[
                "safe_contact_confirmed",
                "alternatives_explained",
                "effects_explained",
                "free_consent_explained",
            ],
            Self::During => &["opinion_taken", "child_prepared", "hand_over_planned"],
            Self::After => &["reports_explained", "origin_information_kept"],
        }
    }
}

text_enum! {
    /// Why a case rests.
    pub enum HoldReason {
        /// A consent was withdrawn; a supervisor alone resumes.
        ConsentWithdrawn = "consent_withdrawn",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// What became of a case.
    pub enum Outcome {
        /// The child stays with its family.
        FamilyPreserved = "family_preserved",
        /// Relatives care for the child.
        KinshipCare = "kinship_care",
        /// Adopted within the country.
        AdoptedDomestic = "adopted_domestic",
        /// Adopted abroad.
        AdoptedIntercountry = "adopted_intercountry",
        /// A consent was withdrawn.
        ConsentWithdrawn = "consent_withdrawn",
        /// Another form of care.
        OtherCare = "other_care",
        /// The adopters withdrew.
        ApplicationWithdrawn = "application_withdrawn",
        /// The family moved away.
        Moved = "moved",
    }
}

text_enum! {
    /// How an appointment is held.
    pub enum Mode {
        /// At the office.
        AtOffice = "at_office",
        /// At the family's.
        Home = "home",
        /// By phone.
        Phone = "phone",
        /// Online.
        Online = "online",
    }
}

text_enum! {
    /// What an appointment is about (`domain.md` §2.3).
    pub enum Topic {
        /// Alternatives to adoption, support for the family.
        Alternatives = "alternatives",
        /// What adoption is for, and its kinds.
        Purpose = "purpose",
        /// Rights and duties afterwards.
        LegalEffects = "legal_effects",
        /// Free consent, no payment, how to withdraw.
        FreeConsent = "free_consent",
        /// Health after birth.
        Health = "health",
        /// Contact and information on origins.
        Origins = "origins",
        /// Legal aid.
        LegalAid = "legal_aid",
        /// What adoption means to the child, and its wishes.
        ChildsView = "childs_view",
        /// Whether and why to adopt.
        Motivation = "motivation",
        /// Children with special needs.
        SpecialNeeds = "special_needs",
        /// Procedure and time limits.
        Procedure = "procedure",
        /// Changing the form of care.
        CareConversion = "care_conversion",
        /// Taking the opinion of those concerned.
        OpinionTaking = "opinion_taking",
        /// Grief.
        Grief = "grief",
        /// Matching, first contact, hand-over.
        HandOver = "hand_over",
        /// Attachment, school, health.
        Attachment = "attachment",
        /// The reports that follow.
        PeriodicReports = "periodic_reports",
        /// Difficulties.
        Difficulties = "difficulties",
        /// Search for origins, mediated access, reunion.
        Search = "search",
        /// Anything else.
        Other = "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checklist_is_that_of_the_phases() {
        let of_phase = |phase: &Phase| {
            let phase = *phase;
            let items = phase.checklist().iter();
            items.map(move |item| format!("{phase}:{item}"))
        };
        let all: Vec<String> = Phase::ALL.iter().flat_map(of_phase).collect();
        let words: Vec<&str> = ChecklistItem::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(words, all);
    }
}
