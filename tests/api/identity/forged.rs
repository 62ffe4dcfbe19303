//! Access tokens nobody gave out (RFC 8725).

use hai_dang::identity::Role;
use hai_dang::kernel::token;
use hai_dang::sealed::Purpose;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Signs `head.body` under the service's own key.
fn sign(secret: &[u8], head: &str, body: &str) -> String {
    let text = format!(
        "{}.{}",
        token::encode(head.as_bytes()),
        token::encode(body.as_bytes())
    );
    let tag = token::encode(&token::mac(secret, text.as_bytes()));
    format!("{text}.{tag}")
}

#[test]
fn every_forged_token_gets_one_answer() {
    let app = TestApp::new();
    let person = app.persona(Role::Administrator);
    let good = person.token.clone().unwrap();
    person.get("/me").assert(200);
    let key = app.platform.keys.current(Purpose::Access).unwrap();
    let secret = key.secret.expose();
    let parts: Vec<&str> = good.split('.').collect();
    let read =
        |part: &str| -> Value { serde_json::from_slice(&token::decode(part).unwrap()).unwrap() };
    let (head, body) = (read(parts[0]), read(parts[1]));
    let again = sign(secret, &head.to_string(), &body.to_string());
    person.with_token(&again).get("/me").assert(200);

    let mut forged = Vec::new();
    let mut heads = vec![String::from("{}"), String::from("not json")];
    for (name, values) in [
        (
            "alg",
            json!([
                "none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256", "EdDSA", "", null
            ]),
        ),
        (
            "kid",
            json!(["../../dev/null", "' OR 1=1 --", "", null, "0"]),
        ),
        ("typ", json!(["JWT", "reset+jwt", "AT+JWT", "", null])),
        ("crit", json!([["exp"], []])),
        ("jwk", json!([{"kty": "oct", "k": "AAAA"}])),
        ("jku", json!(["https://evil.example/keys"])),
    ] {
        for value in values.as_array().unwrap() {
            let mut head = head.clone();
            head[name] = value.clone();
            heads.push(head.to_string());
        }
    }
    forged.extend(
        heads
            .iter()
            .map(|head| sign(secret, head, &body.to_string())),
    );
    let mut bodies = Vec::new();
    for (name, values) in [
        (
            "exp",
            json!([
                "9999999999",
                9_999_999_999.5,
                -1,
                0,
                true,
                null,
                [9_999_999_999_i64]
            ]),
        ),
        ("nbf", json!(["0", 9_999_999_999_i64, null])),
        ("aud", json!([["office-api", "x"], "other", null])),
        ("iss", json!(["other", null])),
        (
            "sub",
            json!(["00000000-0000-7000-8000-000000000000", "x", null]),
        ),
        ("dev", json!(["00000000-0000-7000-8000-000000000000", null])),
        ("generation", json!([0, 2, "1", null])),
        ("role", json!(["administrator"])),
    ] {
        for value in values.as_array().unwrap() {
            let mut body = body.clone();
            body[name] = value.clone();
            bodies.push(body.to_string());
        }
        let mut body = body.clone();
        if body.as_object_mut().unwrap().remove(name).is_some() {
            bodies.push(body.to_string());
        }
    }
    let text = body.to_string();
    bodies.push(text.replace("\"exp\":", "\"exp\":1e400,\"x\":"));
    bodies.push(text.replacen('{', "{\"exp\":9999999999,", 1));
    bodies.push(text.replacen('{', "{\"sub\":\"00000000-0000-7000-8000-000000000000\",", 1));
    forged.extend(
        bodies
            .iter()
            .map(|body| sign(secret, &head.to_string(), body)),
    );
    let (head, body, tag) = (parts[0], parts[1], parts[2]);
    forged.extend([
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{tag}."),
        format!(".{good}"),
        format!("{head}..{tag}"),
        format!("{head}.{body}.{tag}="),
        format!("{head}=.{body}.{tag}"),
        sign(
            b"another key of thirty-two bytes!",
            &token_text(head),
            &token_text(body),
        ),
        sign(b"", &token_text(head), &token_text(body)),
        "x".repeat(4097),
        String::new(),
    ]);
    assert!(forged.len() >= 40, "{}", forged.len());
    let mut bodies = Vec::new();
    for token in &forged {
        let caller = person.with_token(token).with("X-Request-Id", "same");
        bodies.push(caller.get("/me").assert(401).body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

fn token_text(part: &str) -> String {
    String::from_utf8(token::decode(part).unwrap()).unwrap()
}
