//! What comes in headers: versions, idempotency keys, languages, addresses.
#![no_main]

use std::net::IpAddr;

use actix_web::http::header::{HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use hai_dang::http::Reply;
use hai_dang::http::reply::if_none_match;
use hai_dang::http::request::Expected;
use hai_dang::identity::idempotency::Key;
use hai_dang::kernel::Language;
use hai_dang_fuzz::first;
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mode, rest) = first(bytes);
    let Ok(value) = HeaderValue::from_bytes(rest) else {
        return;
    };
    let reply = || {
        Reply::ok(&rest.len())
            .expect("a number")
            .versioned(i32::from(mode))
    };
    match mode % 4 {
        0 => {
            let of = |value: HeaderValue| {
                let request = TestRequest::default().insert_header((IF_MATCH, value));
                Expected::of(request.to_http_request().headers())
            };
            if let Expected::Version(version) = of(value) {
                let again = HeaderValue::from_str(&format!("\"{version}\"")).expect("digits");
                assert_eq!(of(again), Expected::Version(version));
                assert!(Expected::Version(version).require(version).is_ok());
                assert!(
                    Expected::Version(version)
                        .require(version.wrapping_add(1))
                        .is_err()
                );
            }
            // What an answer says is what may be said back.
            let said = reply().answer(None);
            let tag = said.headers().get("etag").expect("a tag").clone();
            assert_eq!(of(tag), Expected::Version(i32::from(mode)));
        }
        1 => {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, value));
            let request = request.to_http_request();
            let expected = Expected::of(request.headers());
            assert!(matches!(expected, Expected::Absent | Expected::Unsaid));
            let answer = reply().answer(if_none_match(&request));
            let tag = answer.headers().get("etag").expect("a tag");
            let tag = tag.to_str().expect("ASCII").to_owned();
            if answer.status() == StatusCode::NOT_MODIFIED {
                let said = String::from_utf8_lossy(rest);
                assert!(said.contains('*') || said.contains(&tag), "{said:?}");
            }
        }
        2 => {
            let request = TestRequest::default()
                .method(Method::POST)
                .insert_header(("Idempotency-Key", value))
                .to_http_request();
            if let Ok(key) = Key::of(&request) {
                assert!(key.is_some());
                let length = rest.trim_ascii().len();
                assert!((1..=128).contains(&length) && rest.is_ascii(), "{rest:?}");
            }
        }
        _ => {
            let text = value.to_str().unwrap_or_default();
            let _language = Language::accepted(text);
            let proxies: [IpNet; 2] = [
                "10.0.0.0/8".parse().expect("a network"),
                "fd00::/8".parse().expect("a network"),
            ];
            let stranger = IpAddr::from([192, 0, 2, 1]);
            let seen = hai_dang::http::fuzz::client_address(stranger, text, &proxies);
            // Who is no proxy says nothing of others.
            assert_eq!(seen, stranger);
            let proxy = IpAddr::from([10, 0, 0, 1]);
            let seen = hai_dang::http::fuzz::client_address(proxy, text, &proxies);
            let is_said = |hop: &str| hop.trim().parse() == Ok(seen);
            assert!(seen == proxy || text.split(',').any(is_said));
        }
    }
});
