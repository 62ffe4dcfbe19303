//! What is told with a request for legal aid: in its fields, in words beside it, and in its papers.

use serde_json::{Value, json};

use super::tale::{Cast, Told, text, write};
use crate::legal_aid::papers::send;
use crate::legal_aid::{ALL, refusal};

/// Requests that tell all of it, each with other words.
const REQUESTS: usize = 5;

/// A family and the desk tell everything; the paths of the requests.
pub(super) fn tell_all(cast: &Cast, told: &mut Told) -> Vec<String> {
    (0..REQUESTS).map(|_| tell(cast, told)).collect()
}

fn tell(cast: &Cast, told: &mut Told) -> String {
    let (family, officer) = (&cast.family, &cast.officer);
    let asked = json!({
        "requester": {
            "name": told.words(), "relation": "mother", "phone": told.phone(),
            "address": told.words(), "safe_contact": told.contact(),
        },
        "child": {
            "name": told.words(), "birth_date": "2018-05-04", "sex": "female",
            "special_circumstances": ["sexually_abused"],
        },
        "category": "child", "field": "child_abuse", "summary": told.words(),
    });
    let request = write(family, ALL, &asked);
    let path = format!("{ALL}/{}", text(&request["id"]));
    write(family, &format!("{path}/submit"), &json!({}));
    // The paper tells something by what it says and by what it is called.
    let (said, named) = (told.words(), told.words());
    let paper = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n% {said}\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
    );
    let texts = [("kind", "matter_paper")];
    let name = format!("{named}.pdf");
    let file = (name.as_str(), paper.as_bytes());
    send(family, &format!("{path}/documents"), &texts, file).assert(201);
    let question = write(
        family,
        &format!("{path}/questions"),
        &json!({"text": told.words()}),
    );
    let question = text(&question["items"][0]["id"]);
    let answer = json!({"text": told.words()});
    write(
        officer,
        &format!("{path}/questions/{question}/answer"),
        &answer,
    );
    write(
        officer,
        &format!("{path}/notes"),
        &json!({"text": told.words()}),
    );
    let wanted = json!({
        "wanted": [{"kind": "other", "words": told.words()}], "note": told.words(),
    });
    write(officer, &format!("{path}/request-supplement"), &wanted);
    let more = json!({"papers_to_follow": true, "note": told.words()});
    write(family, &format!("{path}/supplement"), &more);
    let refer = json!({
        "centre": told.words(), "document_number": told.words(), "note": told.words(),
    });
    write(officer, &format!("{path}/refer"), &refer);
    let receipt = json!({"receipt_number": told.words()});
    write(officer, &format!("{path}/record-receipt"), &receipt);
    let mut decision = refusal();
    decision["number"] = json!(told.words());
    decision["words"] = json!(told.words());
    write(officer, &format!("{path}/record-decision"), &decision);
    path
}

/// What an officer reads of a request.
pub(super) fn read_all(cast: &Cast, path: &str) -> Vec<u8> {
    let mut all = Vec::new();
    let mut read = |rest: &str| -> Value {
        let reply = cast.officer.get(&format!("{path}{rest}")).assert(200);
        all.extend_from_slice(&reply.body);
        serde_json::from_slice(&reply.body).unwrap_or_default()
    };
    for rest in ["", "/timeline?limit=100", "/notes", "/questions"] {
        read(rest);
    }
    let papers = read("/documents");
    for paper in papers["items"].as_array().unwrap() {
        read(&format!("/documents/{}", text(&paper["id"])));
    }
    all
}
