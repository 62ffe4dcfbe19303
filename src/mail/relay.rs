//! One conversation with the mail relay, ended after thirty seconds whatever the relay does.
//!
//! The library's own transport waits thirty seconds for every byte, so a relay that drips could
//! hold a worker for days, and it does not tell which command was refused. Hence the commands
//! one by one, on a thread that is left behind when its time is over and that cannot hand the
//! message over from then on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use lettre::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, SmtpConnection, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::relay_url::{self, Place, Protection};
use super::smtp_code::{Phase, outcome};
use super::transport::{Outcome, TransportError};

/// The longest a caller waits for one message.
const WALL: Duration = Duration::from_secs(30);
/// The most conversations at once, those left behind included.
const LIVE_MAX: usize = 16;

/// A mail relay that messages are handed to.
#[derive(Clone)]
pub struct Relay {
    settings: Arc<Settings>,
    live: Arc<AtomicUsize>,
    wall: Duration,
}

struct Settings {
    place: Place,
    tls: Option<TlsParameters>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            host,
            port,
            protection,
            ..
        } = &self.settings.place;
        write!(f, "Relay({host}:{port}, {protection:?})")
    }
}

impl Relay {
    /// The relay a setting names, trusted by public roots and by the named authority.
    pub(super) fn new(url: &str, ca_pem: Option<&[u8]>) -> Result<Self, TransportError> {
        let place = relay_url::read(url)?;
        let tls = match place.protection {
            Protection::None => None,
            Protection::Tls | Protection::StartTls => Some(parameters(&place.host, ca_pem)?),
        };
        let live = Arc::new(AtomicUsize::new(0));
        Ok(Self {
            settings: Arc::new(Settings { place, tls }),
            live,
            wall: WALL,
        })
    }

    /// The same relay with another limit, for tests that will not wait.
    #[cfg(test)]
    pub(super) fn within(mut self, wall: Duration) -> Self {
        self.wall = wall;
        self
    }

    /// Hands a message over, or says why not.
    pub(super) fn send(&self, message: &Message) -> Outcome {
        let Some(seat) = Seat::take(&self.live) else {
            return Outcome::Retry("smtp-busy");
        };
        let hand = Arc::new(Hand::default());
        let talk = Talk {
            settings: Arc::clone(&self.settings),
            envelope: message.envelope().clone(),
            bytes: message.formatted(),
            hand: Arc::clone(&hand),
            deadline: Instant::now().checked_add(self.wall),
        };
        let (told, tells) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("smtp".to_owned())
            .spawn(move || {
                let _seat = seat;
                talk.hold(|outcome| {
                    // Nobody listens any more when the time was over.
                    let _late = told.send(outcome);
                });
            });
        if thread.is_err() {
            return Outcome::Retry("smtp-thread");
        }
        match tells.recv_timeout(self.wall) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => {
                hand.withdraw();
                Outcome::Retry("smtp-timeout")
            }
            Err(RecvTimeoutError::Disconnected) => Outcome::Retry("smtp-thread"),
        }
    }
}

fn parameters(host: &str, ca_pem: Option<&[u8]>) -> Result<TlsParameters, TransportError> {
    let mut builder =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(pem) = ca_pem {
        // A file without any certificate reads as none; the setting then does nothing.
        if !pem
            .windows(27)
            .any(|bytes| bytes == b"-----BEGIN CERTIFICATE-----")
        {
            return Err(TransportError::Certificate);
        }
        let certificate =
            Certificate::from_pem(pem).map_err(|_malformed| TransportError::Certificate)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build()
        .map_err(|_refused| TransportError::Certificate)
}

/// One of the few conversations there may be, given back when it is dropped.
struct Seat(Arc<AtomicUsize>);

impl Seat {
    fn take(live: &Arc<AtomicUsize>) -> Option<Self> {
        let more = |count: usize| (count < LIVE_MAX).then_some(count + 1);
        live.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more)
            .ok()?;
        Some(Self(Arc::clone(live)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether the message may still be handed over: decided once, by whoever is first.
#[derive(Default)]
struct Hand(AtomicU8);

impl Hand {
    const OPEN: u8 = 0;
    const GIVEN: u8 = 1;
    const WITHDRAWN: u8 = 2;

    fn give(&self) -> bool {
        self.settle(Self::GIVEN)
    }

    fn withdraw(&self) {
        self.settle(Self::WITHDRAWN);
    }

    fn settle(&self, to: u8) -> bool {
        self.0
            .compare_exchange(Self::OPEN, to, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
}

struct Talk {
    settings: Arc<Settings>,
    envelope: lettre::address::Envelope,
    bytes: Vec<u8>,
    hand: Arc<Hand>,
    deadline: Option<Instant>,
}

impl Talk {
    /// Speaks, tells the outcome as soon as it stands, and only then takes leave.
    fn hold(&self, tell: impl FnOnce(Outcome)) {
        let mut connection = match self.connect() {
            Ok(connection) => connection,
            Err((phase, error)) => return tell(outcome(phase, &error)),
        };
        let result = self.deliver(&mut connection);
        let is_answered = result
            .as_ref()
            .err()
            .is_none_or(|(_, error)| error.status().is_some());
        tell(match result {
            Ok(outcome) => outcome,
            Err((phase, error)) => outcome(phase, &error),
        });
        // A relay that went silent is not asked for a farewell.
        if is_answered {
            connection.abort();
        }
    }

    fn connect(&self) -> Result<SmtpConnection, (Phase, SmtpError)> {
        let Settings { place, tls } = &*self.settings;
        // The sender's domain, since a machine's name may tell what runs on it.
        let name = self
            .envelope
            .from()
            .map_or("localhost", |from| from.domain());
        let name = ClientId::Domain(name.to_owned());
        let at_once = tls.as_ref().filter(|_| place.protection == Protection::Tls);
        let address = (place.host.as_str(), place.port);
        let mut connection =
            SmtpConnection::connect(address, Some(self.left()), &name, at_once, None)
                .map_err(|error| (Phase::Greeting, error))?;
        if let Some(tls) = tls
            .as_ref()
            .filter(|_| place.protection == Protection::StartTls)
        {
            self.hurry(&mut connection);
            connection
                .starttls(tls, &name)
                .map_err(|error| (Phase::StartTls, error))?;
        }
        if let Some((user, password)) = &place.login {
            self.hurry(&mut connection);
            let login = Credentials::new(user.clone(), password.clone());
            connection
                .auth(DEFAULT_MECHANISMS, &login)
                .map_err(|error| (Phase::Login, error))?;
        }
        Ok(connection)
    }

    fn deliver(&self, connection: &mut SmtpConnection) -> Result<Outcome, (Phase, SmtpError)> {
        self.hurry(connection);
        connection
            .command(Mail::new(self.envelope.from().cloned(), Vec::new()))
            .map_err(|error| (Phase::Sender, error))?;
        for recipient in self.envelope.to() {
            self.hurry(connection);
            connection
                .command(Rcpt::new(recipient.clone(), Vec::new()))
                .map_err(|error| (Phase::Recipient, error))?;
        }
        self.hurry(connection);
        connection
            .command(Data)
            .map_err(|error| (Phase::Data, error))?;
        // From here the relay may take the message: never after the caller was told "later".
        if !self.hand.give() {
            return Ok(Outcome::Retry("smtp-timeout"));
        }
        self.hurry(connection);
        connection
            .message(&self.bytes)
            .map_err(|error| (Phase::Data, error))?;
        Ok(Outcome::Sent)
    }

    /// What is left of the time, never nothing: a timeout of zero means none.
    fn left(&self) -> Duration {
        let left = self
            .deadline
            .map_or(WALL, |end| end.saturating_duration_since(Instant::now()));
        left.max(Duration::from_millis(10))
    }

    fn hurry(&self, connection: &mut SmtpConnection) {
        // A socket that refuses the option keeps the earlier, longer one; the wall still holds.
        let _kept = connection.set_timeout(Some(self.left()));
    }
}
