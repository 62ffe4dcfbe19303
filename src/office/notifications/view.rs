//! Notifications and preferences on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Notification;
use crate::kernel::Zone;
use crate::kernel::civil::Shown;
use crate::kernel::text_enum::text_enum;
use crate::mail::message::{MessageClass, MessageId};

text_enum! {
    /// Where a message stands.
    pub(super) enum State {
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Sending = "sending",
        /// Was handed over.
        Sent = "sent",
        /// The address refused it for good.
        Bounced = "bounced",
        /// Could not be handed over within three days.
        Failed = "failed",
        /// A newer one tells it.
        Superseded = "superseded",
        /// What it told is off.
        Cancelled = "cancelled",
        /// Its time passed.
        Expired = "expired",
        /// Was not to be sent.
        Suppressed = "suppressed",
    }
}

/// A message, for those who watch over mails: never its kind or what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationView {
    id: MessageId,
    class: MessageClass,
    state: State,
    /// The address without what tells a person.
    #[schema(example = "h…@example.vn")]
    address: String,
    attempts: i32,
    /// Why the last attempt failed or nothing was sent, as a code.
    last_error: Option<String>,
    created_at: Shown,
    not_before: Shown,
    next_attempt_at: Option<Shown>,
    settled_at: Option<Shown>,
    allowed_actions: Vec<&'static str>,
}

impl NotificationView {
    pub(super) fn of(zone: Zone, notification: Notification, may_retry: bool) -> Self {
        let state = State::parse(&notification.state).unwrap_or(State::Failed);
        let waits = matches!(state, State::Scheduled | State::Queued);
        let next = waits.then(|| zone.show(notification.next_attempt_at));
        Self {
            id: notification.id,
            class: notification.class,
            state,
            address: masked(&notification.address),
            attempts: notification.attempts,
            last_error: notification.last_error,
            created_at: zone.show(notification.created_at),
            not_before: zone.show(notification.not_before),
            next_attempt_at: next,
            settled_at: notification.settled_at.map(|at| zone.show(at)),
            allowed_actions: if may_retry && is_retryable(state) {
                vec!["retry"]
            } else {
                vec![]
            },
        }
    }
}

/// Whether a message in this state may be queued again.
pub(super) fn is_retryable(state: State) -> bool {
    matches!(state, State::Failed | State::Bounced)
}

fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first = local.chars().next().map(String::from).unwrap_or_default();
            format!("{first}…@{domain}")
        }
        None => String::new(),
    }
}

/// One of the caller's own messages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnNotificationView {
    id: MessageId,
    class: MessageClass,
    state: State,
    created_at: Shown,
    settled_at: Option<Shown>,
}

impl OwnNotificationView {
    pub(super) fn of(zone: Zone, notification: &Notification) -> Self {
        Self {
            id: notification.id,
            class: notification.class,
            state: State::parse(&notification.state).unwrap_or(State::Failed),
            created_at: zone.show(notification.created_at),
            settled_at: notification.settled_at.map(|at| zone.show(at)),
        }
    }
}

/// Which mails the caller wants; mails about the account and about cases always come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PreferencesBody {
    /// Mails about training sessions that are not needed to attend: invitations, reminders.
    pub(super) session: bool,
    /// Mails about the plan, its products and reports.
    pub(super) plan: bool,
}

/// What an unsubscribe link is for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnsubscribeView {
    /// `POST` to this very address ends invitations and reminders to the address it was sent to.
    pub(super) acts_on: &'static str,
}

/// `POST /me/links/open`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkBody {
    /// The token behind the verb in the link's fragment.
    pub(super) token: String,
}

/// What a link in a mail leads to. Who got the mail may not see the thing any more.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinkView {
    /// What it is: `counselling-appointment`, `counselling-request`, `risk-alert`.
    kind: String,
    /// Its id.
    id: uuid::Uuid,
}

impl LinkView {
    pub(super) fn of((kind, id): (String, MessageId)) -> Self {
        let id = id.uuid();
        Self { kind, id }
    }
}
