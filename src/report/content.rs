//! What a report says, counted now or frozen when it was issued. Documents, workbooks and JSON are
//! made of it alone, so that all of them say the same, and the same again in ten years.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::concerns;
use super::coverage::Tasks;
use super::error::Error;
use super::lines::{
    self, MissingProduct, Names, ReportedDifficulty, ReportedFigure, ReportedProduct,
};
use super::mask;
use super::model::{AgencyTexts, ContributionStatus, Report, ReportKind, Texts};
use super::store::contribution;
use crate::kernel::{AgencyId, Fault, token};
use crate::office::agency;
use crate::office::plan::{self, Task};
use crate::office::report_row::{Amount, ReportRow, Section, TOTAL};
use crate::office::work::Work;
use crate::{counselling, legal_aid, training};

/// By which rules it is counted; moves with them, so that two reports of one year can be told apart.
pub(super) const QUERY_VERSION: i32 = 1;
/// The most rows of a page of tasks: the plan has fourteen.
const TASKS_MAX: i64 = 1_000;

/// A task of the plan, as the report names it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct TaskLine {
    /// `2a`.
    pub(super) code: String,
    /// The task it is a part of.
    pub(super) parent: Option<String>,
    /// What it is, in Vietnamese.
    pub(super) title_vi: String,
    /// What it is, in English.
    pub(super) title_en: String,
    /// The agency that leads it, in Vietnamese.
    pub(super) lead_vi: Option<String>,
    /// The products it owes.
    pub(super) products: Vec<String>,
}

/// What an agency sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ContributionLine {
    /// Whose.
    pub(super) agency_id: AgencyId,
    /// Its name in Vietnamese.
    pub(super) agency_vi: String,
    /// Its name in English.
    pub(super) agency_en: String,
    /// Where it stood.
    pub(super) status: ContributionStatus,
    /// What was written; nothing where nothing was handed in.
    pub(super) texts: AgencyTexts,
}

/// What a report says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct Content {
    /// Which report.
    pub(super) kind: ReportKind,
    /// Of which year.
    pub(super) year: i32,
    /// Which edition.
    pub(super) edition: i32,
    /// The first day it counts.
    pub(super) from: NaiveDate,
    /// The last one.
    pub(super) to: NaiveDate,
    /// What was written.
    pub(super) texts: Texts,
    /// The tasks of the plan.
    pub(super) tasks: Vec<TaskLine>,
    /// What was counted.
    pub(super) rows: Vec<ReportRow>,
    /// The products of the period's reports.
    pub(super) products: Vec<ReportedProduct>,
    /// The products the plan wants and that are not there.
    pub(super) products_missing: Vec<MissingProduct>,
    /// What was counted by hand.
    pub(super) figures: Vec<ReportedFigure>,
    /// What agencies could not solve.
    pub(super) difficulties: Vec<ReportedDifficulty>,
    /// What the agencies sent.
    pub(super) contributions: Vec<ContributionLine>,
}

impl Content {
    /// Counts it now.
    pub(super) fn count(work: &mut Work<'_>, report: &Report) -> Result<Self, Error> {
        let mut rows = training::report_rows(work, report.period)?;
        rows.extend(counselling::report_rows(work, report.period)?);
        rows.extend(legal_aid::report_rows(work, report.period)?);
        rows.extend(concerns::rows(work, report.period)?);
        let names = lines::names(work)?;
        let products = lines::products(work, report.period)?;
        Ok(Self {
            kind: report.kind,
            year: report.year,
            edition: report.edition,
            from: report.period.0,
            to: report.period.1,
            texts: report.texts.clone(),
            tasks: tasks(work)?,
            rows,
            products_missing: Tasks::load(work)?.missing(&products, report.period),
            products,
            figures: lines::figures(work, report.period)?,
            difficulties: lines::difficulties(work, report.period, &names)?,
            contributions: contributions(work, report, &names)?,
        })
    }

    /// The content of a frozen one.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Fault::Internal(format!("a frozen report: {error}")).into())
    }

    /// The text that is kept, and its SHA-256 in hex.
    pub(super) fn sealed(&self) -> Result<(String, String), Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Fault::Internal(format!("a report: {error}")))?;
        let digest = token::sha256_hex(text.as_bytes());
        Ok((text, digest))
    }

    /// What the public may read: figures, and no text that somebody wrote.
    pub(super) fn for_the_public(mut self) -> Self {
        self.rows = mask::for_the_public(self.rows);
        self.texts = Texts::default();
        self.difficulties.clear();
        self.contributions.clear();
        self
    }

    /// A number of the totals; nothing was counted where there is none.
    pub(super) fn total(&self, section: Section, measure: &str) -> i64 {
        self.number(section, (TOTAL, None), measure)
    }

    /// A number of a row.
    pub(super) fn number(
        &self,
        section: Section,
        (dimension, key): (&str, Option<&str>),
        measure: &str,
    ) -> i64 {
        let found = self.rows.iter().find(|row| {
            row.section == section
                && row.dimension == dimension
                && row.key.as_deref() == key
                && row.measure == measure
        });
        match found.and_then(|row| row.amount) {
            Some(Amount::Whole(number)) => number,
            _ => 0,
        }
    }
}

fn tasks(work: &mut Work<'_>) -> Result<Vec<TaskLine>, Error> {
    let office = work.office_id();
    let agencies = agency::all(work.conn, office)?.into_iter();
    let names: BTreeMap<String, String> = agencies.map(|one| (one.code, one.name_vi)).collect();
    let tasks = plan::page(work.conn, office, i32::MIN, TASKS_MAX)?;
    let line = |task: Task| TaskLine {
        lead_vi: task.lead.and_then(|code| names.get(&code).cloned()),
        code: task.code,
        parent: task.parent,
        title_vi: task.title_vi,
        title_en: task.title_en,
        products: task.products,
    };
    Ok(tasks.into_iter().map(line).collect())
}

fn contributions(
    work: &mut Work<'_>,
    report: &Report,
    names: &Names,
) -> Result<Vec<ContributionLine>, Error> {
    let parts = contribution::of(work.conn, report.id)?.into_iter();
    let line = |part: super::model::Contribution| {
        let (agency_vi, agency_en) = names.get(&part.agency_id).cloned().unwrap_or_default();
        ContributionLine {
            agency_id: part.agency_id,
            agency_vi,
            agency_en,
            status: part.status,
            // What is still being written is nobody's word yet.
            texts: if part.status.is_missing() {
                AgencyTexts::default()
            } else {
                part.texts
            },
        }
    };
    Ok(parts.map(line).collect())
}
