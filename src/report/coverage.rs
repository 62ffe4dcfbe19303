//! What was done for a task of the plan in a period, and what is missing: sessions planned and held,
//! attendances, products there and owed, figures. A task that others are parts of is covered by theirs.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::lines::{self, MissingProduct, ReportedFigure, ReportedProduct};
use crate::kernel::{AgencyId, Fault};
use crate::office::agency;
use crate::office::owed::{HeldSessionId, Owed, ProductKind};
use crate::office::period::Period;
use crate::office::plan::{self, Task};
use crate::office::work::Work;
use crate::training::{self, TaskSession};

/// The most tasks that are looked at: the plan has fourteen.
const TASKS_MAX: i64 = 1_000;

/// What was planned and held for a task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CoveredSessions {
    /// Drafts and those announced, whether or not their day has come.
    planned: usize,
    /// Held and settled.
    held: usize,
    /// Called off.
    cancelled: usize,
    /// Lượt người.
    slot_attendances: i64,
    /// Số người: each person present once.
    distinct_people: usize,
}

/// What was done for a task of the plan in a period, and what is missing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CoverageView {
    /// The task.
    #[schema(example = "2a")]
    code: String,
    /// The tasks that are parts of it, whose work is counted here, too.
    parts: Vec<String>,
    /// The first day that is counted.
    from: chrono::NaiveDate,
    /// The last one.
    to: chrono::NaiveDate,
    sessions: CoveredSessions,
    /// Products that were issued.
    products_delivered: Vec<ReportedProduct>,
    /// Products that are being written.
    products_in_progress: Vec<ReportedProduct>,
    /// What is not there, and who owes it; one that a session may still owe is told by its session.
    products_missing: Vec<MissingProduct>,
    /// What was counted by hand.
    figures: Vec<ReportedFigure>,
}

/// The tasks of a plan and the agencies that lead them.
pub(super) struct Tasks {
    all: Vec<Task>,
    leads: BTreeMap<String, AgencyId>,
}

impl Tasks {
    pub(super) fn load(work: &mut Work<'_>) -> Result<Self, Error> {
        let office = work.office_id();
        let agencies = agency::all(work.conn, office)?.into_iter();
        Ok(Self {
            all: plan::page(work.conn, office, i32::MIN, TASKS_MAX)?,
            leads: agencies.map(|one| (one.code, one.id)).collect(),
        })
    }

    /// A task and the tasks that are parts of it.
    fn within(&self, code: &str) -> Vec<&Task> {
        let is_part = |task: &&Task| task.code == code || task.parent.as_deref() == Some(code);
        self.all.iter().filter(is_part).collect()
    }

    fn lead(&self, task: &Task) -> Option<AgencyId> {
        self.leads.get(task.lead.as_deref()?).copied()
    }

    /// The task that a task is a part of, or itself.
    fn whole(task: &Task) -> &str {
        task.parent.as_deref().unwrap_or(&task.code)
    }

    /// What the plan wants of its tasks in a period and is not there. What several tasks owe in common is
    /// there for all of them, whichever it was written for.
    fn wanted(
        &self,
        products: &[ReportedProduct],
        tasks: &[&Task],
        (from, to): Period,
    ) -> Vec<MissingProduct> {
        let mut missing = Vec::new();
        let is_due = |task: &&&Task| {
            task.start_year <= to.year() && task.end_year.is_none_or(|end| from.year() <= end)
        };
        for task in tasks.iter().filter(is_due) {
            let has_parts = self
                .all
                .iter()
                .any(|one| one.parent.as_deref() == Some(&task.code));
            if has_parts {
                continue;
            }
            let whole = Self::whole(task);
            let family: Vec<&str> = self
                .within(whole)
                .iter()
                .map(|one| one.code.as_str())
                .collect();
            for kind in task
                .products
                .iter()
                .filter_map(|kind| ProductKind::parse(kind))
            {
                let is_there = products.iter().any(|one| {
                    one.is_delivered && one.kind == kind && family.contains(&one.plan_task.as_str())
                });
                if !is_there {
                    missing.push(MissingProduct {
                        plan_task: task.code.clone(),
                        kind,
                        session_id: None,
                        owed_by: self.lead(task),
                    });
                }
            }
        }
        missing
    }

    /// Everything that is missing in a period, of every task.
    pub(super) fn missing(
        &self,
        products: &[ReportedProduct],
        period: Period,
    ) -> Vec<MissingProduct> {
        self.wanted(products, &self.all.iter().collect::<Vec<_>>(), period)
    }
}

/// What some sessions owe: each by its own, and by whoever leads it.
fn of_sessions(sessions: &[TaskSession], owed: &[Owed]) -> Vec<MissingProduct> {
    let held: BTreeMap<HeldSessionId, &TaskSession> = sessions
        .iter()
        .map(|session| (session.id, session))
        .collect();
    let open = owed.iter().filter_map(|one| {
        let session = held.get(&one.session_id)?;
        Some(MissingProduct {
            plan_task: session.plan_task.clone(),
            kind: one.kind,
            session_id: Some(one.session_id),
            owed_by: Some(session.lead_agency_id),
        })
    });
    open.collect()
}

/// What was done for a task in a period.
pub(super) fn of(work: &mut Work<'_>, code: &str, period: Period) -> Result<CoverageView, Error> {
    let tasks = Tasks::load(work)?;
    let within = tasks.within(code);
    if within.is_empty() {
        return Err(Fault::NotFound.into());
    }
    let codes: Vec<&str> = within.iter().map(|task| task.code.as_str()).collect();
    let sessions = training::task_sessions(work, period, &codes)?;
    let all = lines::products(work, period)?;
    let mut missing = of_sessions(&sessions.sessions, &lines::owed(work)?);
    let wanted = tasks.wanted(&all, &within, period).into_iter();
    // What a session still owes is told by the session alone.
    let is_told = |one: &MissingProduct| {
        let mut told = missing.iter();
        told.any(|other| (&other.plan_task, other.kind) == (&one.plan_task, one.kind))
    };
    let wanted: Vec<MissingProduct> = wanted.filter(|one| !is_told(one)).collect();
    missing.extend(wanted);
    let is_ours = |task: &str| codes.contains(&task);
    let ours = all.into_iter().filter(|one| is_ours(&one.plan_task));
    let (delivered, in_progress) = ours.partition(|one| one.is_delivered);
    let figures = lines::figures(work, period)?.into_iter();
    Ok(CoverageView {
        code: code.to_owned(),
        parts: codes
            .iter()
            .filter(|one| **one != code)
            .map(|one| (*one).to_owned())
            .collect(),
        from: period.0,
        to: period.1,
        sessions: CoveredSessions {
            planned: sessions.planned,
            held: sessions.held,
            cancelled: sessions.cancelled,
            slot_attendances: sessions.slot_attendances,
            distinct_people: sessions.distinct_people,
        },
        products_delivered: delivered,
        products_in_progress: in_progress,
        products_missing: missing,
        figures: figures.filter(|one| is_ours(&one.plan_task)).collect(),
    })
}
