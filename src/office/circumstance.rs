//! Groups of children in special circumstances (Law on Children 102/2016/QH13, Article 10;
//! `domain.md` §5). Several are sensitive data by themselves: they are kept sealed.

use crate::kernel::text_enum::text_enum;

text_enum! {
    /// A group of Article 10.
    pub enum Circumstance {
        /// Mồ côi cả cha và mẹ.
        OrphanBoth = "orphan_both",
        /// Bị bỏ rơi.
        Abandoned = "abandoned",
        /// Không nơi nương tựa.
        NoSupport = "no_support",
        /// Khuyết tật.
        Disabled = "disabled",
        /// Nhiễm HIV/AIDS.
        Hiv = "hiv",
        /// Vi phạm pháp luật.
        LawBreaking = "law_breaking",
        /// Nghiện ma túy.
        DrugAddicted = "drug_addicted",
        /// Phải bỏ học kiếm sống, chưa hoàn thành phổ cập trung học cơ sở.
        DroppedOutToWork = "dropped_out_to_work",
        /// Bị tổn hại nghiêm trọng về thể chất và tinh thần do bị bạo lực.
        HarmedByViolence = "harmed_by_violence",
        /// Bị bóc lột.
        Exploited = "exploited",
        /// Bị xâm hại tình dục.
        SexuallyAbused = "sexually_abused",
        /// Bị mua bán.
        Trafficked = "trafficked",
        /// Mắc bệnh hiểm nghèo hoặc phải điều trị dài ngày, thuộc hộ nghèo hoặc cận nghèo.
        LongIllnessPoor = "long_illness_poor",
        /// Di cư, lánh nạn, tị nạn, chưa xác định được cha mẹ hoặc không có người chăm sóc.
        MigrantOrRefugee = "migrant_or_refugee",
    }
}

impl Circumstance {
    /// Whether a child of this group was harmed by someone who may be near: what is asked in its
    /// name may be asked by that person.
    pub const fn tells_of_harm(self) -> bool {
        match self {
            Self::HarmedByViolence | Self::Exploited | Self::SexuallyAbused | Self::Trafficked => {
                true
            }
            Self::OrphanBoth
            | Self::Abandoned
            | Self::NoSupport
            | Self::Disabled
            | Self::Hiv
            | Self::LawBreaking
            | Self::DrugAddicted
            | Self::DroppedOutToWork
            | Self::LongIllnessPoor
            | Self::MigrantOrRefugee => false,
        }
    }
}
