//! Reads the setting that names the mail relay.
//!
//! Its errors never repeat the setting: it may hold a password.

use std::net::IpAddr;

use super::transport::TransportError;

/// How the way to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    /// Not at all; only to this machine.
    None,
    /// From the first byte.
    Tls,
    /// After the greeting, or nothing is sent.
    StartTls,
}

/// Where the relay is and how to speak to it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) protection: Protection,
    /// User and password.
    pub(super) login: Option<(String, String)>,
}

/// Reads `smtps://user:password@host:port` or `smtp://…?tls=required`; plain `smtp://` only
/// to this machine.
pub(super) fn read(url: &str) -> Result<Place, TransportError> {
    let (scheme, rest) = url.trim().split_once("://").ok_or(TransportError::Url)?;
    let (rest, query) = rest
        .split_once('?')
        .map_or((rest, None), |(r, q)| (r, Some(q)));
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, place) = rest
        .rsplit_once('@')
        .map_or((None, rest), |(l, p)| (Some(l), p));
    let (host, port) = host_and_port(place)?;
    let wants_tls = match query {
        None => false,
        Some("tls=required") => true,
        Some(_) => return Err(TransportError::Url),
    };
    let (protection, default_port) = match (scheme, wants_tls) {
        ("smtps", _) => (Protection::Tls, 465),
        ("smtp", true) => (Protection::StartTls, 587),
        ("smtp", false) if is_this_machine(&host) => (Protection::None, 25),
        ("smtp", false) => return Err(TransportError::Unprotected),
        _ => return Err(TransportError::Url),
    };
    let login = login.map(user_and_password).transpose()?;
    Ok(Place {
        host,
        port: port.unwrap_or(default_port),
        protection,
        login,
    })
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), TransportError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(TransportError::Url)?;
            host.parse::<IpAddr>()
                .map_err(|_none| TransportError::Url)?;
            match after.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if after.is_empty() => (host, None),
                None => return Err(TransportError::Url),
            }
        }
        None => place
            .split_once(':')
            .map_or((place, None), |(h, p)| (h, Some(p))),
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    if host.is_empty() || !host.chars().all(is_host) {
        return Err(TransportError::Url);
    }
    let port = port
        .map(|port| {
            port.parse()
                .ok()
                .filter(|port| *port != 0)
                .ok_or(TransportError::Url)
        })
        .transpose()?;
    Ok((host.to_ascii_lowercase(), port))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn user_and_password(login: &str) -> Result<(String, String), TransportError> {
    let (user, password) = login.split_once(':').ok_or(TransportError::Url)?;
    if user.is_empty() {
        return Err(TransportError::Url);
    }
    Ok((decoded(user)?, decoded(password)?))
}

/// Percent-decoded text.
fn decoded(text: &str) -> Result<String, TransportError> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let byte = piece
            .get(..2)
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .ok_or(TransportError::Url)?;
        bytes.push(byte);
        bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
    }
    String::from_utf8(bytes).map_err(|_invalid| TransportError::Url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> (String, u16, Protection) {
        let place = read(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        (place.host, place.port, place.protection)
    }

    #[test]
    fn plain_smtp_goes_to_this_machine_only() {
        assert_eq!(
            place("smtp://localhost"),
            ("localhost".into(), 25, Protection::None)
        );
        assert_eq!(
            place("smtp://127.8.0.1:2525/"),
            ("127.8.0.1".into(), 2525, Protection::None)
        );
        assert_eq!(
            place("smtp://[::1]:26"),
            ("::1".into(), 26, Protection::None)
        );
        for url in [
            "smtp://mail.example",
            "smtp://10.0.0.1:25",
            "smtp://localhost.evil.example",
            "smtp://localhost@mail.example:25",
            "smtp://user:p@mail.example:587",
        ] {
            assert_eq!(read(url).err(), Some(TransportError::Unprotected), "{url}");
        }
    }

    #[test]
    fn protected_ways_have_their_ports() {
        let tls = ("mail.example".to_owned(), 465, Protection::Tls);
        assert_eq!(place("smtps://mail.example"), tls);
        let start = ("mail.example".to_owned(), 587, Protection::StartTls);
        assert_eq!(place("smtp://mail.example?tls=required"), start);
        assert_eq!(
            place("smtp://localhost:2525?tls=required").2,
            Protection::StartTls
        );
    }

    #[test]
    fn user_and_password_are_decoded() {
        let place = read("smtps://lan%40example.vn:p%C3%A2%3A%2F%25@mail.example").unwrap();
        assert_eq!(
            place.login,
            Some(("lan@example.vn".to_owned(), "pâ:/%".to_owned()))
        );
    }

    #[test]
    fn whatever_else_is_refused_without_repeating_it() {
        for url in [
            "",
            "mail.example",
            "http://mail.example",
            "smtps://",
            "smtps://a:b:c",
            "smtps://h:0",
            "smtps://h:99999",
            "smtps://h/x",
            "smtps://h?tls=opportunistic",
            "smtps://u@h",
            "smtps://u:%zz@h",
            "smtps://u:%F@h",
            "smtps://:secret@h",
            "smtps://[zz]",
        ] {
            let error = read(url).err().unwrap_or_else(|| panic!("{url} was read"));
            assert!(!error.to_string().contains("secret"));
        }
    }
}
