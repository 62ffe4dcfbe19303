//! Puts a rendered mail into the form it travels in.
//!
//! It knows neither kinds nor the outbox. The same envelope gives the same bytes, so that a
//! repeat after a crash is the same message; every header is one line whatever it was made of.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{
    ContentDisposition, ContentId, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::plain;
use super::render::Rendered;
use crate::kernel::{Timestamp, token};

/// The longest display name in characters.
const NAME_MAX: usize = 120;
/// The longest subject in characters.
const SUBJECT_MAX: usize = 200;

/// A rendered mail and where it goes: one sender, one recipient.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// The office's name.
    pub from_name: &'a str,
    /// The office's address.
    pub from_address: &'a str,
    /// The one recipient.
    pub to: &'a str,
    /// `<…@…>`, the same for the message's life.
    pub message_id: &'a str,
    /// When the message was written, not when it is tried again.
    pub date: Timestamp,
    /// Where an outreach mail can be stopped; none for every other.
    pub list_unsubscribe: Option<&'a str>,
    /// What it says.
    pub rendered: &'a Rendered,
    /// What comes with it.
    pub attachments: Vec<Attachment>,
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name it is saved under, in ASCII.
    pub file_name: String,
    /// Its content type with parameters.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The id by which the HTML would show it; none for an ordinary attachment.
    pub inline_id: Option<String>,
}

impl Attachment {
    /// The QR code of a ticket as a picture.
    pub fn entry_code(png: Vec<u8>) -> Self {
        Self {
            file_name: "ma-vao-cua.png".to_owned(),
            content_type: "image/png".to_owned(),
            bytes: png,
            inline_id: None,
        }
    }

    /// A calendar file.
    pub fn calendar(file_name: &str, method: super::ics::Method, calendar: String) -> Self {
        Self {
            file_name: file_name.to_owned(),
            content_type: method.content_type(),
            bytes: calendar.into_bytes(),
            inline_id: None,
        }
    }
}

/// Why an envelope makes no message; none of these holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MimeError {
    /// The recipient's address cannot be written to.
    #[error("the recipient's address is none")]
    Recipient,
    /// The office's own address is none.
    #[error("the sender's address is none")]
    Sender,
    /// The Message-ID is none.
    #[error("the message id is none")]
    MessageId,
    /// The link to stop mails is none.
    #[error("the unsubscribe link is none")]
    Unsubscribe,
    /// An attachment's name, type or id is none.
    #[error("an attachment's name or type is none")]
    Attachment,
    /// The message could not be put together.
    #[error("the message could not be put together")]
    Message,
}

/// The message of an envelope, `multipart/mixed` of text and HTML and then the files.
///
/// # Errors
/// An address, an id, a link or a file name that is none.
pub fn build(envelope: &Envelope<'_>) -> Result<Message, MimeError> {
    let from = address(envelope.from_address).ok_or(MimeError::Sender)?;
    let to = address(envelope.to).ok_or(MimeError::Recipient)?;
    if !is_message_id(envelope.message_id) {
        return Err(MimeError::MessageId);
    }
    let name = plain::unlinked(envelope.from_name);
    let name = Some(plain::header(&name, NAME_MAX)).filter(|name| !name.is_empty());
    let (seconds, nanos) = envelope.date.unix_parts();
    let date = UNIX_EPOCH
        .checked_add(Duration::new(seconds, nanos))
        .unwrap_or(UNIX_EPOCH);
    let mut builder = Message::builder()
        .from(Mailbox::new(name, from))
        .to(Mailbox::new(None, to))
        .message_id(Some(envelope.message_id.to_owned()))
        .date(date)
        .subject(plain::header(&envelope.rendered.subject, SUBJECT_MAX))
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(link) = envelope.list_unsubscribe {
        if !plain::is_link(link) {
            return Err(MimeError::Unsubscribe);
        }
        builder = builder
            .raw_header(raw("List-Unsubscribe", format!("<{link}>")))
            .raw_header(raw(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
    }
    builder
        .multipart(parts(envelope)?)
        .map_err(|_any| MimeError::Message)
}

fn parts(envelope: &Envelope<'_>) -> Result<MultiPart, MimeError> {
    let Rendered { text, html, .. } = envelope.rendered;
    // Derived from all that is said, so a repeat has the same bytes and no text can contain it.
    let seed = token::sha256_hex(format!("{}\0{text}\0{html}", envelope.message_id).as_bytes());
    let seed = seed.get(..32).unwrap_or_default();
    let both = MultiPart::alternative()
        .boundary(format!("a{seed}"))
        .singlepart(readable(text, ContentType::TEXT_PLAIN)?)
        .singlepart(readable(html, ContentType::TEXT_HTML)?);
    let mut mixed = MultiPart::mixed()
        .boundary(format!("m{seed}"))
        .multipart(both);
    for attachment in &envelope.attachments {
        mixed = mixed.singlepart(attached(attachment)?);
    }
    Ok(mixed)
}

fn readable(text: &str, content_type: ContentType) -> Result<SinglePart, MimeError> {
    // Quoted-printable always: no relay has to know 8BITMIME, and no line is too long.
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_unencoded| MimeError::Message)?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

fn attached(attachment: &Attachment) -> Result<SinglePart, MimeError> {
    let Attachment {
        file_name,
        content_type,
        bytes,
        inline_id,
    } = attachment;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_type = |c: char| c.is_ascii_graphic() || c == ' ';
    if file_name.is_empty()
        || !file_name.chars().all(is_plain)
        || !content_type.chars().all(is_type)
        || !inline_id
            .iter()
            .all(|id| !id.is_empty() && id.chars().all(is_plain))
    {
        return Err(MimeError::Attachment);
    }
    let content_type =
        ContentType::parse(content_type).map_err(|_malformed| MimeError::Attachment)?;
    let body = Body::new_with_encoding(bytes.clone(), ContentTransferEncoding::Base64)
        .map_err(|_unencoded| MimeError::Message)?;
    let mut part = SinglePart::builder().header(content_type);
    part = match inline_id {
        Some(id) => part
            .header(ContentId::from(format!("<{id}>")))
            .header(ContentDisposition::inline_with_name(file_name)),
        None => part.header(ContentDisposition::attachment(file_name)),
    };
    Ok(part.body(body))
}

/// An address that fits the plain commands of SMTP.
fn address(text: &str) -> Option<Address> {
    let is_clean = text
        .chars()
        .all(|c| c.is_ascii_graphic() && !"<>\"\\,;:()[]".contains(c));
    text.parse().ok().filter(|_| is_clean)
}

fn is_message_id(text: &str) -> bool {
    let is_clean = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    text.strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .filter(|inner| inner.len() <= 250)
        .and_then(|inner| inner.split_once('@'))
        .is_some_and(|(left, right)| {
            [left, right]
                .iter()
                .all(|side| !side.is_empty() && side.chars().all(is_clean))
        })
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}
