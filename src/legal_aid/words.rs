//! The words of legal aid: what is one of a few things, in JSON, in the database, in a query.

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// How a request came.
    pub enum IntakeChannel {
        /// Trực tiếp.
        InPerson = "in_person",
        /// Bưu chính.
        Post = "post",
        /// Fax.
        Fax = "fax",
        /// Online, by the family itself.
        Electronic = "electronic",
        /// By phone, read back to whoever called.
        Phone = "phone",
    }
}

text_enum! {
    /// Who asks, seen from the child (`domain.md` §4.3).
    pub enum Relation {
        /// The child itself.
        Self_ = "self",
        /// The father.
        Father = "father",
        /// The mother.
        Mother = "mother",
        /// The guardian.
        Guardian = "guardian",
        /// A relative.
        Relative = "relative",
        /// Who cares for the child in an establishment.
        CaregiverEstablishment = "caregiver_establishment",
        /// An agency or organisation.
        Agency = "agency",
        /// Anybody else.
        Other = "other",
    }
}

text_enum! {
    /// The child's sex.
    #[derive(Default)]
    pub enum Sex {
        /// Nữ.
        Female = "female",
        /// Nam.
        Male = "male",
        /// Neither.
        Other = "other",
        /// Not said.
        #[default]
        Unknown = "unknown",
    }
}

text_enum! {
    /// How much it presses.
    #[derive(Default)]
    pub enum UrgencyLevel {
        /// In its turn.
        #[default]
        Normal = "normal",
        /// First.
        Urgent = "urgent",
    }
}

text_enum! {
    /// Why it presses (Law on Legal Aid 11/2017/QH14, Article 30; `domain.md` §4.4).
    pub enum UrgencyReason {
        /// The limitation period ends.
        Limitation = "limitation",
        /// A hearing is near.
        Hearing = "hearing",
        /// The child is held.
        InCustody = "in_custody",
        /// A procedural body asks.
        ProceduralBody = "procedural_body",
        /// To keep the child from harm.
        AvoidHarm = "avoid_harm",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// Whose turn it is.
    #[derive(Default)]
    pub enum NextActor {
        /// The family's.
        Family = "family",
        /// The ward's.
        Ward = "ward",
        /// The State Legal Aid Centre's.
        Centre = "centre",
        /// Nobody's: it is a draft, or over.
        #[default]
        Nobody = "nobody",
    }
}

text_enum! {
    /// What the Centre decided.
    pub enum DecisionResult {
        /// Thụ lý.
        Accepted = "accepted",
        /// Từ chối thụ lý.
        Refused = "refused",
    }
}

text_enum! {
    /// On what ground the Centre refused: the four of the law, or what it wrote
    /// (Law on Legal Aid 11/2017/QH14, Article 30; `domain.md` §4.4).
    pub enum RefusalReason {
        /// Not a specific matter of somebody who is entitled.
        NotSpecificMatter = "not_specific_matter",
        /// What is asked for is unlawful.
        UnlawfulContent = "unlawful_content",
        /// The beneficiary has died.
        BeneficiaryDeceased = "beneficiary_deceased",
        /// Another provider has the matter in hand.
        AnotherProvider = "another_provider",
        /// Another one, in the Centre's words.
        AsWritten = "as_written",
    }
}

text_enum! {
    /// What a paper is.
    pub enum PaperKind {
        /// Đơn yêu cầu (mẫu 02-TP-TGPL), signed.
        RequestForm = "request_form",
        /// Giấy khai sinh.
        BirthCertificate = "birth_certificate",
        /// Căn cước, hộ chiếu.
        IdentityPaper = "identity_paper",
        /// Giấy tờ chứng minh diện người được trợ giúp.
        ProofOfCategory = "proof_of_category",
        /// Giấy tờ liên quan đến vụ việc.
        MatterPaper = "matter_paper",
        /// Giấy ủy quyền.
        Authorisation = "authorisation",
        /// Phiếu chuyển, signed.
        ReferralLetter = "referral_letter",
        /// What the Centre wrote when it took the papers.
        CentreReceipt = "centre_receipt",
        /// What the Centre decided, in writing.
        CentreDecision = "centre_decision",
        /// Anything else.
        Other = "other",
    }
}

impl PaperKind {
    /// Whether a family hands it in; the rest comes of the ward or the Centre.
    pub const fn is_of_family(self) -> bool {
        match self {
            Self::RequestForm
            | Self::BirthCertificate
            | Self::IdentityPaper
            | Self::ProofOfCategory
            | Self::MatterPaper
            | Self::Authorisation
            | Self::Other => true,
            Self::ReferralLetter | Self::CentreReceipt | Self::CentreDecision => false,
        }
    }
}

text_enum! {
    /// How it was signed for whoever cannot write.
    pub enum SignedBy {
        /// By hand.
        Signature = "signature",
        /// With a finger (điểm chỉ).
        Fingerprint = "fingerprint",
        /// Not yet: when they come.
        NotYet = "not_yet",
    }
}

text_enum! {
    /// Where a request stands, in a family's words.
    pub enum Stage {
        /// Not sent yet.
        Draft = "draft",
        /// The ward has it.
        Received = "received",
        /// The ward waits for papers.
        PapersWanted = "papers_wanted",
        /// The Centre has it and decides.
        WithCentre = "with_centre",
        /// The Centre took it on.
        Accepted = "accepted",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// The Centre did not take it on.
        NotAccepted = "not_accepted",
        /// Another way was shown.
        ShownAnotherWay = "shown_another_way",
        /// It is done.
        Completed = "completed",
        /// It ended without.
        Ended = "ended",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Where a request stands, for whoever has its receipt: coarse, so that a lost receipt tells
    /// little, and no outcome.
    pub enum PublicStage {
        /// The ward has it.
        Received = "received",
        /// The ward waits for something.
        SomethingWanted = "something_wanted",
        /// It is looked at elsewhere.
        UnderWay = "under_way",
        /// There is an answer: come to the desk.
        Answered = "answered",
    }
}
