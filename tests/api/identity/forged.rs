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

fn text(part: &str) -> String {
    String::from_utf8(token::decode(part).unwrap()).unwrap()
}

/// `object` with each of the values in turn under a name.
fn with_each(object: &Value, name: &str, values: &Value) -> Vec<String> {
    let set = |value: &Value| {
        let mut object = object.clone();
        object[name] = value.clone();
        object.to_string()
    };
    values.as_array().unwrap().iter().map(set).collect()
}

fn heads(head: &Value) -> Vec<String> {
    let claims = [
        (
            "alg",
            json!([
                "none", "None", "nOnE", "HS384", "HS512", "RS256", "EdDSA", "", null
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
    ];
    let changed = claims
        .iter()
        .flat_map(|(name, values)| with_each(head, name, values));
    changed
        .chain(["{}".to_owned(), "not json".to_owned()])
        .collect()
}

fn bodies(body: &Value) -> Vec<String> {
    let nobody = "00000000-0000-7000-8000-000000000000";
    let claims = [
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
        ("sub", json!([nobody, "x", null])),
        ("dev", json!([nobody, null])),
        ("generation", json!([0, 2, "1", null])),
        ("role", json!(["administrator"])),
    ];
    let mut changed = Vec::new();
    for (name, values) in &claims {
        changed.extend(with_each(body, name, values));
        let mut lacking = body.clone();
        if lacking.as_object_mut().unwrap().remove(*name).is_some() {
            changed.push(lacking.to_string());
        }
    }
    let whole = body.to_string();
    changed.push(whole.replace("\"exp\":", "\"exp\":1e400,\"x\":"));
    changed.push(whole.replacen('{', "{\"exp\":9999999999,", 1));
    changed.push(whole.replacen('{', &format!("{{\"sub\":\"{nobody}\","), 1));
    changed
}

/// The parts of a good token put together in wrong ways.
fn mangled(good: &str) -> Vec<String> {
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, tag) = (parts[0], parts[1], parts[2]);
    vec![
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{tag}."),
        format!(".{good}"),
        format!("{head}..{tag}"),
        format!("{head}.{body}.{tag}="),
        format!("{head}=.{body}.{tag}"),
        sign(
            b"another key of thirty-two bytes!",
            &text(head),
            &text(body),
        ),
        sign(b"", &text(head), &text(body)),
        "x".repeat(4097),
        String::new(),
    ]
}

#[test]
fn every_forged_token_gets_one_answer() {
    let app = TestApp::new();
    let person = app.persona(Role::Administrator);
    let good = person.token.clone().unwrap();
    let key = app.platform.keys.current(Purpose::Access).unwrap();
    let secret = key.secret.expose();
    let parts: Vec<String> = good.split('.').take(2).map(text).collect();
    let read = |part: &String| -> Value { serde_json::from_str(part).unwrap() };
    let (head, body) = (read(&parts[0]), read(&parts[1]));
    // What is put together here is good until something is changed in it.
    let again = sign(secret, &head.to_string(), &body.to_string());
    person.with_token(&again).get("/me").assert(200);
    let mut forged = mangled(&good);
    forged.extend(
        heads(&head)
            .iter()
            .map(|head| sign(secret, head, &body.to_string())),
    );
    forged.extend(
        bodies(&body)
            .iter()
            .map(|body| sign(secret, &head.to_string(), body)),
    );
    assert!(forged.len() >= 40, "{}", forged.len());
    let mut answers = Vec::new();
    for token in &forged {
        let caller = person.with_token(token).with("X-Request-Id", "same");
        answers.push(caller.get("/me").assert(401).body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[test]
fn only_the_api_asks_for_a_token() {
    let app = TestApp::new();
    app.outside()
        .get("/nowhere")
        .assert(404)
        .problem("not-found");
}
