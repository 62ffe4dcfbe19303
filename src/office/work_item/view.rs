//! Work items on the wire: ids, kinds and times, nobody's data.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::mail;
use super::store::Item;
use super::{WorkItemId, WorkItemKind};
use crate::identity::{Actor, Role, UserId};
use crate::kernel::civil::Shown;
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// Where an item stands.
    pub(super) enum State {
        /// Somebody has to do it.
        Open = "open",
        /// It was done, or its cause is gone.
        Done = "done",
    }
}

impl State {
    pub(super) fn of(item: &Item) -> Self {
        if item.done_at.is_some() {
            Self::Done
        } else {
            Self::Open
        }
    }
}

text_enum! {
    /// What may be done with an item.
    pub(super) enum Action {
        /// Make it one's own.
        Take = "take",
        /// Say that it is done.
        Done = "done",
    }
}

impl Item {
    /// Whether it is done by what it is about alone: an alert is closed, with what came of it.
    pub(super) fn ends_with_its_cause(&self) -> bool {
        self.kind == WorkItemKind::RiskAlert
    }

    /// What someone who sees the item may do with it.
    pub(super) fn allowed(&self, who: UserId) -> Vec<Action> {
        match State::of(self) {
            State::Done => Vec::new(),
            State::Open => {
                let is_own = self.owner_id == Some(who);
                let take = (!is_own).then_some(Action::Take);
                let done = (!self.ends_with_its_cause()).then_some(Action::Done);
                take.into_iter().chain(done).collect()
            }
        }
    }
}

/// What an item is about. Who sees the item may not always see the thing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubjectView {
    /// What it is: `counselling-request`, `risk-alert`.
    kind: String,
    /// Its id.
    id: uuid::Uuid,
}

/// Something a person has to do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorkItemView {
    /// Its id.
    id: WorkItemId,
    /// What mails call it.
    code: String,
    /// What is to be done.
    kind: WorkItemKind,
    /// What it is about.
    subject: SubjectView,
    /// Who does it, where that is settled.
    owner_id: Option<UserId>,
    /// Whoever of this role does it, where it is not.
    role: Option<Role>,
    /// By when.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Shown>,
    /// The last day on which that is: the one mails name.
    due_on: Option<NaiveDate>,
    /// When it was done, or its cause was gone.
    #[schema(value_type = Option<String>, format = DateTime)]
    done_at: Option<Shown>,
    /// Who did it; nobody where its cause was gone.
    done_by: Option<UserId>,
    /// Moves with every change.
    version: i32,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown,
    /// What this caller can do with it now.
    allowed_actions: Vec<Action>,
}

impl WorkItemView {
    pub(super) fn of(item: Item, actor: &Actor) -> Self {
        let zone = actor.office.zone;
        let allowed_actions = item.allowed(actor.id);
        Self {
            id: item.id,
            code: mail::code(item.id),
            kind: item.kind,
            subject: SubjectView {
                kind: item.subject_kind,
                id: item.subject_id.uuid(),
            },
            owner_id: item.owner_id,
            role: item.role,
            due_at: item.due_at.map(|at| zone.show(at)),
            due_on: item.due_at.map(|at| mail::last_day(zone, at)),
            done_at: item.done_at.map(|at| zone.show(at)),
            done_by: item.done_by_id,
            version: item.version,
            created_at: zone.show(item.created_at),
            updated_at: zone.show(item.updated_at),
            allowed_actions,
        }
    }
}
