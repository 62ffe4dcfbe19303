//! Figures of the plan's tasks: what is counted, in which unit and by whom, and how many there were in
//! which days by which document.
//!
//! The figures of one indicator never share a day, so that their sum counts nothing twice. A figure
//! belongs to the report whose period holds its last day.

pub(super) mod demo;
mod indicator;
mod routes;
mod service;
mod status;
mod store;
mod view;

pub(super) use routes::mount;
pub use service::{FigureSum, figure_sums};

use chrono::NaiveDate;

use crate::identity::UserId;
use crate::kernel::text_enum::text_enum;
use crate::kernel::{AgencyId, Id, Timestamp};

text_enum! {
    /// What an indicator counts.
    pub enum IndicatorKind {
        /// Leaflets and other printed matter given out.
        Leaflets = "leaflets",
        /// Broadcasts.
        Broadcasts = "broadcasts",
        /// Documents and procedures reviewed.
        DocumentsReviewed = "documents_reviewed",
        /// Inspections.
        Inspections = "inspections",
        /// Establishments that were spoken to.
        EstablishmentsApproached = "establishments_approached",
        /// Establishments that committed themselves.
        EstablishmentsCommitted = "establishments_committed",
        /// Establishments that changed their form of care.
        EstablishmentsConverted = "establishments_converted",
        /// Children supported.
        ChildrenSupported = "children_supported",
        /// Something else.
        Other = "other",
    }
}

/// Marks ids of indicators.
#[derive(Debug)]
pub enum Indicators {}
/// The id of an indicator.
pub type IndicatorId = Id<Indicators>;

/// Marks ids of figures.
#[derive(Debug)]
pub(super) enum Figures {}
/// The id of a figure.
pub(super) type FigureId = Id<Figures>;

/// What is set of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndicatorFields {
    pub(super) kind: IndicatorKind,
    pub(super) title_vi: String,
    pub(super) title_en: String,
    pub(super) unit_vi: String,
    pub(super) unit_en: String,
    pub(super) agency_id: AgencyId,
    pub(super) is_active: bool,
}

/// Something that is counted for a task of the plan.
#[derive(Debug, Clone, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = crate::db::schema::indicators)]
pub(super) struct Indicator {
    pub(super) id: IndicatorId,
    pub(super) plan_task: String,
    pub(super) kind: IndicatorKind,
    pub(super) title_vi: String,
    pub(super) title_en: String,
    pub(super) unit_vi: String,
    pub(super) unit_en: String,
    pub(super) agency_id: AgencyId,
    pub(super) is_active: bool,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Indicator {
    pub(super) fn fields(&self) -> IndicatorFields {
        IndicatorFields {
            kind: self.kind,
            title_vi: self.title_vi.clone(),
            title_en: self.title_en.clone(),
            unit_vi: self.unit_vi.clone(),
            unit_en: self.unit_en.clone(),
            agency_id: self.agency_id,
            is_active: self.is_active,
        }
    }
}

/// What is set of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FigureFields {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) amount: i64,
    pub(super) source_document: String,
    pub(super) note: Option<String>,
}

/// How many there were in some days.
#[derive(Debug, Clone, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = crate::db::schema::figures)]
pub(super) struct Figure {
    pub(super) id: FigureId,
    pub(super) indicator_id: IndicatorId,
    pub(super) from_on: NaiveDate,
    pub(super) to_on: NaiveDate,
    pub(super) amount: i64,
    pub(super) source_document: String,
    pub(super) note: Option<String>,
    pub(super) withdrawn_at: Option<Timestamp>,
    pub(super) withdrawn_by_id: Option<UserId>,
    pub(super) withdrawn_reason: Option<String>,
    pub(super) entered_by_id: UserId,
    pub(super) version: i32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Figure {
    pub(super) fn fields(&self) -> FigureFields {
        FigureFields {
            from: self.from_on,
            to: self.to_on,
            amount: self.amount,
            source_document: self.source_document.clone(),
            note: self.note.clone(),
        }
    }
}
