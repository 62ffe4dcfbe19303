//! Around every request: its id, the caller's address and language, the headers that protect,
//! problems in the caller's language, one log line, the counters.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_RESOURCE_POLICY,
    HeaderName, HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use ipnet::IpNet;

use super::connection::Connection;
use super::cross_origin;
use super::limit::Limiter;
use super::problem::Problem;
use crate::kernel::{Class, Id, Language};

/// What the envelope needs to know.
#[derive(Debug)]
pub struct Settings {
    /// The proxies whose `X-Forwarded-For` counts.
    pub proxies: Vec<IpNet>,
    /// The limit on all calls.
    pub limiter: Limiter,
    /// The stricter limit below `/auth`.
    pub auth_limiter: Limiter,
    /// The clock request ids are ordered by.
    pub clock: Arc<crate::kernel::Clock>,
}

/// Marks request ids.
#[derive(Debug)]
enum Request {}

/// What is known of a request before anyone has looked at it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Its id, from the caller or made here.
    pub request_id: String,
    /// The caller's address, through configured proxies only.
    pub address: IpAddr,
    /// The language answers to it are in.
    pub language: Language,
}

impl Origin {
    /// The origin the envelope left with the request.
    pub fn of(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self {
                request_id: String::new(),
                address: IpAddr::from([127, 0, 0, 1]),
                language: Language::Vi,
            })
    }
}

/// The middleware.
///
/// # Errors
/// None: every error becomes a problem here.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let _running = Connection::begin(&request);
    let Some(settings) = request.app_data::<web::Data<Settings>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("no settings"));
    };
    let origin = origin(&request, &settings);
    request.extensions_mut().insert(origin.clone());
    let refused = limit(&request, &settings, origin.address).err();
    // Nothing here may hold the request while it is routed: the router changes it in place. A
    // handler's error is a response already; only a middleware of the framework could fail here.
    let mut response = match refused {
        // A browser's question before a call is answered before `limited` is reached.
        Some(problem) if request.method() == Method::OPTIONS => request.error_response(problem),
        refused => {
            if let Some(problem) = refused {
                request.extensions_mut().insert(problem);
            }
            next.call(request).await?.map_into_boxed_body()
        }
    };
    speak(&mut response, &origin);
    protect(&mut response, &origin);
    report(&response, &origin, begun);
    Ok(response)
}

/// Answers who was found to call too often, behind what lets a page read the answer.
///
/// # Errors
/// None: a refusal is an answer.
pub async fn limited(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refused = request.extensions_mut().remove::<Problem>();
    match refused {
        None => Ok(next.call(request).await?.map_into_boxed_body()),
        Some(problem) => Ok(request.error_response(problem)),
    }
}

fn limit(request: &ServiceRequest, settings: &Settings, address: IpAddr) -> Result<(), Problem> {
    let path = request.path();
    if !path.starts_with("/api/") {
        return Ok(());
    }
    settings.limiter.count(address)?;
    if path.starts_with("/api/v1/auth/") {
        settings.auth_limiter.count(address)?;
    }
    Ok(())
}

fn origin(request: &ServiceRequest, settings: &Settings) -> Origin {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let given = header("x-request-id");
    let is_fit = (1..=64).contains(&given.len())
        && given
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let request_id = if is_fit {
        given.to_owned()
    } else {
        Id::<Request>::new(settings.clock.now()).to_string()
    };
    let peer = request
        .peer_addr()
        .map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.ip());
    Origin {
        request_id,
        address: client_address(peer, &forwarded(request), &settings.proxies),
        language: Language::accepted(header(ACCEPT_LANGUAGE.as_str())),
    }
}

/// The lines of `X-Forwarded-For` as one, in their order: a proxy may add a line of its own below
/// the caller's. One that is no text is kept as what is no address.
fn forwarded(request: &ServiceRequest) -> String {
    let lines = request.headers().get_all("x-forwarded-for");
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
    lines.join(",")
}

/// The address of a hop, with or without a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(hop).parse().ok();
    let with_port = || {
        let socket: SocketAddr = hop.parse().ok()?;
        Some(socket.ip())
    };
    address.or_else(with_port)
}

/// The address nearest to us that is no proxy of ours: what lies before it anyone may have written.
pub(super) fn client_address(peer: IpAddr, forwarded: &str, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut nearest = peer;
    for hop in forwarded.rsplit(',').map(str::trim) {
        if !is_proxy(&nearest) {
            break;
        }
        match hop_address(hop) {
            Some(address) => nearest = address,
            None => break,
        }
    }
    nearest
}

/// Writes an error's body in the caller's language.
fn speak(response: &mut ServiceResponse<BoxBody>, origin: &Origin) {
    let status = response.status();
    if status.as_u16() < 400 {
        return;
    }
    let known = response
        .response()
        .error()
        .and_then(|error| error.as_error::<Problem>());
    let fallback;
    let problem = if let Some(problem) = known {
        problem
    } else {
        fallback = cross_origin::refused(response.response()).unwrap_or_else(|| foreign(status));
        &fallback
    };
    if problem.status().is_server_error() {
        tracing::error!(
            request.id = origin.request_id,
            code = problem.code(),
            cause = problem.cause(),
            "request failed"
        );
    }
    let answer = problem.answer(origin.language, &origin.request_id);
    let before = std::mem::replace(response.response_mut(), answer);
    for (name, value) in before.headers() {
        if name == ALLOW || cross_origin::speaks_of(name) {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
}

/// The problem for an error of the web framework's own.
fn foreign(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => crate::kernel::Fault::NotFound.into(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::wire(Class::Malformed, "method-not-allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::wire(Class::Malformed, "payload-too-large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::wire(Class::Malformed, "unsupported-media-type")
        }
        status if status.is_server_error() => Problem::wire(Class::Internal, "internal"),
        _ => Problem::wire(Class::Malformed, "malformed-body"),
    }
}

fn protect(response: &mut ServiceResponse<BoxBody>, origin: &Origin) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&origin.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    set(VARY, "Accept-Language, Authorization, Origin");
    // A page has a policy of its own, and a public answer may be kept.
    let mut set_default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set_default(CACHE_CONTROL, "no-store");
    let policy = "default-src 'none'; frame-ancestors 'none'";
    set_default(CONTENT_SECURITY_POLICY, policy);
}

/// A method's own word, where it is one that HTTP knows: any other token is the caller's text, and
/// each would be a series of its own for as long as the process lives.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn report(response: &ServiceResponse<BoxBody>, origin: &Origin, begun: Instant) {
    let request = response.request();
    // The pattern, never the path: a path may hold a token.
    let route = request
        .match_pattern()
        .unwrap_or_else(|| "unmatched".into());
    let method = method_word(request.method());
    let status = response.status().as_u16();
    let elapsed = begun.elapsed();
    tracing::info!(
        request.id = origin.request_id,
        method,
        route,
        status,
        micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    let labels = [
        ("method", method.into()),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_method_of_the_callers_own_making_has_no_series_of_its_own() {
        let made = Method::from_bytes(b"M123-NAME").unwrap();
        assert_eq!(method_word(&made), "other");
        assert_eq!(method_word(&Method::DELETE), "DELETE");
    }

    /// Who a request through a proxy at 127.0.0.1 with these lines comes from.
    fn caller(lines: &[&str]) -> String {
        let proxies = [
            "127.0.0.0/8".parse().unwrap(),
            "10.0.0.0/8".parse().unwrap(),
        ];
        let mut request = TestRequest::default();
        for line in lines {
            request = request.append_header(("X-Forwarded-For", *line));
        }
        let lines = forwarded(&request.to_srv_request());
        client_address(IpAddr::from([127, 0, 0, 1]), &lines, &proxies).to_string()
    }

    #[test]
    fn the_line_a_proxy_adds_counts_before_the_one_its_caller_wrote() {
        assert_eq!(caller(&["203.0.113.9", "192.0.2.1"]), "192.0.2.1");
        assert_eq!(caller(&["203.0.113.9", "192.0.2.1, 10.1.1.1"]), "192.0.2.1");
        assert_eq!(caller(&["192.0.2.1", "10.1.1.1"]), "192.0.2.1");
        assert_eq!(caller(&["203.0.113.9", "unknown"]), "127.0.0.1");
        assert_eq!(caller(&[]), "127.0.0.1");
    }

    #[test]
    fn a_hop_may_have_a_port() {
        assert_eq!(caller(&["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(caller(&["[2001:db8::1]:4711, 10.1.1.1:80"]), "2001:db8::1");
        assert_eq!(caller(&["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(caller(&["2001:db8::1"]), "2001:db8::1");
        assert_eq!(caller(&["192.0.2.1:x"]), "127.0.0.1");
    }
}
