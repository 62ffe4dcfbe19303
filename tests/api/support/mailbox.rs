//! The queued mails, straight from the table.

use diesel::prelude::*;
use hai_dang::db::schema::messages;
use hai_dang::mail::message::{Content, MessageId, TokenPurpose, derive_token};

use super::TestApp;

/// A mail that was written.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) id: MessageId,
    pub(crate) kind: String,
    pub(crate) address: String,
    pub(crate) content: Content,
}

impl TestApp {
    /// Every mail so far, oldest first; mails of one instant of the clock in any order.
    pub(crate) fn messages(&self) -> Vec<Mail> {
        let rows: Vec<(MessageId, String, String, String)> = self.query(|conn| {
            messages::table
                .select((
                    messages::id,
                    messages::kind,
                    messages::address,
                    messages::payload,
                ))
                .order(messages::id)
                .load(conn)
        });
        rows.into_iter()
            .map(|(id, kind, address, payload)| Mail {
                id,
                kind,
                address,
                content: serde_json::from_str(&payload).unwrap(),
            })
            .collect()
    }

    /// The mails of a kind to an address.
    pub(crate) fn mails(&self, kind: &str, address: &str) -> Vec<Mail> {
        let mut mails = self.messages();
        mails.retain(|mail| mail.kind == kind && mail.address == address);
        mails
    }

    /// Whatever waits to be sent has been.
    pub(crate) fn all_sent(&self) {
        self.change(|conn| {
            let waiting = messages::table.filter(messages::state.eq_any(["scheduled", "queued"]));
            let sent = diesel::update(waiting).set(messages::state.eq("sent"));
            Ok(sent.execute(conn)?)
        });
    }

    /// The token in a mail's link.
    #[track_caller]
    pub(crate) fn link_token(&self, mail: &Mail) -> String {
        let purpose = mail.content.links.iter().find_map(|link| link.purpose);
        self.derived(mail.id, purpose.expect("a link with a token"))
    }

    /// The token a message carries for a purpose.
    pub(crate) fn derived(&self, message: MessageId, purpose: TokenPurpose) -> String {
        derive_token(&self.platform.keys, message, purpose)
    }

    /// The token of the newest mail of a kind to an address.
    #[track_caller]
    pub(crate) fn newest_token(&self, kind: &str, address: &str) -> String {
        let mails = self.mails(kind, address);
        self.link_token(
            mails
                .last()
                .unwrap_or_else(|| panic!("no {kind} to {address}")),
        )
    }
}
