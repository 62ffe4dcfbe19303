//! What a refusal of the relay means for a message.
//!
//! Codes only: an answer's text may repeat the address or the message.

use std::error::Error;
use std::io;

use lettre::transport::smtp::Error as SmtpError;

use super::transport::Outcome;

/// How far a conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Connection, banner and EHLO.
    Greeting,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and the message.
    Data,
}

/// What comes of a failed command.
///
/// A refusal that lasts is one of this recipient or this message only when it answers RCPT or
/// DATA; before that it is about us, and marking addresses for our wrong password would be wrong.
pub(super) fn outcome(phase: Phase, error: &SmtpError) -> Outcome {
    if let Some(code) = error.status() {
        let word = word(&code.to_string());
        let is_about_the_mail = matches!(phase, Phase::Recipient | Phase::Data);
        return if error.is_permanent() && is_about_the_mail && word != "smtp-530" {
            Outcome::Permanent(word)
        } else {
            Outcome::Retry(word)
        };
    }
    Outcome::Retry(match (phase, failure(error)) {
        (_, Failure::Timeout) => "smtp-timeout",
        (_, Failure::Tls) => "smtp-tls",
        (Phase::StartTls, _) if error.is_client() => "smtp-no-starttls",
        (Phase::Login, _) if error.is_client() => "smtp-no-login",
        _ if error.is_response() => "smtp-protocol",
        _ => "smtp-connection",
    })
}

enum Failure {
    Timeout,
    Tls,
    Other,
}

fn failure(error: &SmtpError) -> Failure {
    if error.is_tls() {
        return Failure::Tls;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            // Handshakes happen on the first read, so their failures look like the network's.
            let tls = io
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>());
            if tls.is_some() {
                return Failure::Tls;
            }
            // A socket's read timeout is WouldBlock on Unix.
            if matches!(
                io.kind(),
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
            ) {
                return Failure::Timeout;
            }
        }
        source = cause.source();
    }
    Failure::Other
}

macro_rules! words {
    ($digits:expr; $($code:literal)+) => {
        match $digits {
            $($code => concat!("smtp-", $code),)+
            other if other.starts_with('4') => "smtp-4xx",
            _ => "smtp-5xx",
        }
    };
}

fn word(digits: &str) -> &'static str {
    words!(digits;
        "421" "430" "432" "441" "442" "446" "447" "449" "450" "451" "452" "453" "454" "455"
        "458" "459" "471" "500" "501" "502" "503" "504" "510" "511" "512" "513" "515" "517"
        "521" "522" "523" "530" "531" "533" "534" "535" "538" "540" "541" "542" "543" "546"
        "547" "550" "551" "552" "553" "554" "555" "556" "557" "571"
    )
}
