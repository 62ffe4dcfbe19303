//! Products of the plan: reports of what was held, documents, materials; each of a task and a year,
//! with number, day, signer, recipients and its file.
//!
//! An agency enters its own, a reporter says whether they are issued. What is issued stays as it is;
//! another one may take its place. Files are sealed by a key of the product's own.

pub mod demo;
mod file;
mod routes;
mod service;
pub mod status;
mod step;
mod store;
mod view;

pub(super) use routes::mount;
pub(super) use store::named as names;

use chrono::NaiveDate;

pub use self::status::ProductStatus;
use super::error::Error;
use crate::identity::UserId;
use crate::kernel::{AgencyId, Id, Timestamp};
use crate::office::owed::{HeldSessionId, ProductId, ProductKind};
use crate::office::work::Work;
use crate::paper::incoming::FileKind;
use crate::sealed::DataKeyId;

/// Marks ids of files of products.
#[derive(Debug)]
pub(in crate::plan) enum ProductFileMark {}
/// The id of a file of a product; the stored file has the same.
pub(in crate::plan) type ProductFileId = Id<ProductFileMark>;

/// What is entered of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct Content {
    /// What it is.
    pub(in crate::plan) kind: ProductKind,
    /// What it is called.
    pub(in crate::plan) title: String,
    /// The code of the task it is a product of.
    pub(in crate::plan) plan_task: String,
    /// The year whose report counts it.
    pub(in crate::plan) report_year: i32,
    /// The session it is of.
    pub(in crate::plan) session_id: Option<HeldSessionId>,
    /// Whose it is.
    pub(in crate::plan) agency_id: AgencyId,
    /// Whom it goes to.
    pub(in crate::plan) recipients: Vec<String>,
    /// A remark, which stays open to change.
    pub(in crate::plan) note: Option<String>,
}

/// Who did something, and when.
pub(in crate::plan) type Done = (Timestamp, Option<UserId>);

/// A product as it stands.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Product {
    pub(in crate::plan) id: ProductId,
    pub(in crate::plan) content: Content,
    pub(in crate::plan) number: Option<String>,
    pub(in crate::plan) dated_on: Option<NaiveDate>,
    pub(in crate::plan) signer: Option<String>,
    pub(in crate::plan) status: ProductStatus,
    pub(in crate::plan) submitted: Option<Done>,
    pub(in crate::plan) returned_reason: Option<String>,
    pub(in crate::plan) approved: Option<Done>,
    pub(in crate::plan) issued: Option<Done>,
    pub(in crate::plan) superseded: Option<(Timestamp, Option<ProductId>)>,
    pub(in crate::plan) data_key_id: Option<DataKeyId>,
    pub(in crate::plan) created_by: UserId,
    pub(in crate::plan) version: i32,
    pub(in crate::plan) created_at: Timestamp,
    pub(in crate::plan) updated_at: Timestamp,
    /// Its file, where there is one.
    pub(in crate::plan) file: Option<ProductFile>,
}

/// The file of a product. It is no personal data: its name and digest lie open.
#[derive(Debug, Clone)]
pub(in crate::plan) struct ProductFile {
    pub(in crate::plan) id: ProductFileId,
    pub(in crate::plan) media: FileKind,
    pub(in crate::plan) name: String,
    pub(in crate::plan) size: i32,
    pub(in crate::plan) sha256: String,
    pub(in crate::plan) uploaded_by: UserId,
    pub(in crate::plan) created_at: Timestamp,
}

/// What reports say of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLine {
    /// Its id.
    pub id: ProductId,
    /// What it is.
    pub kind: ProductKind,
    /// What it is called.
    pub title: String,
    /// The code of its task.
    pub plan_task: String,
    /// The year whose report counts it.
    pub report_year: i32,
    /// Its number, once it is issued with one.
    pub number: Option<String>,
    /// The day it bears, once it is issued.
    pub dated_on: Option<NaiveDate>,
    /// Who signed it.
    pub signer: Option<String>,
    /// Where it stands.
    pub status: ProductStatus,
    /// Whose it is.
    pub agency_id: AgencyId,
    /// The session it is of.
    pub session_id: Option<HeldSessionId>,
}

/// The products of an office, of a report's year and a task where these are named, oldest first.
///
/// # Errors
/// When storage fails.
pub fn products_of(
    work: &mut Work<'_>,
    report_year: Option<i32>,
    task: Option<&str>,
) -> Result<Vec<ProductLine>, Error> {
    let office = work.office_id();
    Ok(store::lines(work.conn, office, (report_year, task))?)
}
