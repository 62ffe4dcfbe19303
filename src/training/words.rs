//! The words of training: what is one of a few things, in JSON, in the database, in a query.

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// What kind of session it is, in the words of the plan (`domain.md` §1.5).
    pub enum SessionKind {
        /// Hội nghị.
        Conference = "conference",
        /// Tập huấn.
        Training = "training",
        /// Tuyên truyền, phổ biến.
        Outreach = "outreach",
        /// Vận động.
        Mobilisation = "mobilisation",
        /// Khảo sát.
        Survey = "survey",
        /// Kiểm tra.
        Inspection = "inspection",
        /// Rà soát.
        Review = "review",
        /// Họp.
        Meeting = "meeting",
    }
}

text_enum! {
    /// Who may find a session.
    pub enum Visibility {
        /// Anybody.
        Public = "public",
        /// Members of staff.
        Internal = "internal",
        /// Only those registered by the office.
        Invitation = "invitation",
    }
}

text_enum! {
    /// An attendee's sex, as the sheet has it.
    #[derive(Default)]
    pub enum Sex {
        /// Nữ.
        Female = "female",
        /// Nam.
        Male = "male",
        /// Khác.
        Other = "other",
        /// Not stated.
        #[default]
        Unknown = "unknown",
    }
}

text_enum! {
    /// Whom an attendee comes as.
    #[derive(Default)]
    pub enum Audience {
        /// Ward officials.
        Official = "official",
        /// Police.
        Police = "police",
        /// Health staff.
        Health = "health",
        /// Justice and civil status.
        Justice = "justice",
        /// Schools.
        Education = "education",
        /// Residential groups (tổ dân phố).
        ResidentialGroup = "residential_group",
        /// Religious establishments.
        ReligiousEstablishment = "religious_establishment",
        /// Nurturing establishments.
        CareInstitution = "care_institution",
        /// Mass organisations.
        MassOrganisation = "mass_organisation",
        /// Families.
        Family = "family",
        /// Anyone else.
        #[default]
        Other = "other",
    }
}

text_enum! {
    /// How a registration came to be.
    pub enum Source {
        /// An organiser registered the person.
        Organiser = "organiser",
        /// The person did.
        Own = "self",
        /// A row of an imported sheet.
        Import = "import",
        /// The person just came.
        WalkIn = "walk_in",
        /// A row of an attendance sheet.
        Sheet = "sheet",
    }
}

text_enum! {
    /// Who ended a registration.
    pub enum EndedBy {
        /// The person.
        Attendee = "attendee",
        /// The office.
        Office = "office",
    }
}

text_enum! {
    /// How someone stands at a slot or, at completion, at the session.
    pub enum Mark {
        /// Was there.
        Present = "present",
        /// Was not.
        Absent = "absent",
        /// Was not, and had said so.
        Excused = "excused",
    }
}

text_enum! {
    /// What a mark rests on. An override stands over everything; a scan refines what a sheet
    /// says; anything stands over a derived absence.
    pub enum Basis {
        /// Nothing: whoever was expected and has no mark is absent.
        Completion = "completion",
        /// Scans.
        Events = "events",
        /// A paper sheet.
        Sheet = "sheet",
        /// An organiser's word, with a reason.
        Override = "override",
    }
}

text_enum! {
    /// Which way someone went.
    pub enum Direction {
        /// Came.
        In = "in",
        /// Left.
        Out = "out",
    }
}

text_enum! {
    /// How an event was seen.
    pub enum Method {
        /// A ticket was scanned.
        Qr = "qr",
        /// The desk took it.
        Desk = "desk",
        /// It stood on a paper sheet.
        Sheet = "sheet",
        /// It was imported.
        Import = "import",
    }
}
