//! Doors that peers left open, tried here: every test is a failure some other service had.

mod casework;
mod doors;
mod inputs;
mod mails;
mod methods;
mod sealing;
mod secrets;

use hai_dang::app::routes;
use hai_dang::http::document;
use serde_json::Value;

/// One operation of the document, its path filled with ids of nothing.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) template: String,
    pub(crate) has_json_body: bool,
    pub(crate) query: Vec<String>,
}

const NOTHING: &str = "019ca000-0000-7000-8000-000000000000";

/// Every operation of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let document = document::build(&routes::all());
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: fill(path),
                template: path.clone(),
                has_json_body: operation["requestBody"]["content"]["application/json"].is_object(),
                query: parameters(operation),
            });
        }
    }
    found
}

fn parameters(operation: &Value) -> Vec<String> {
    let all = operation["parameters"].as_array();
    all.into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
        .collect()
}

fn fill(path: &str) -> String {
    path.replace("{id}", NOTHING)
        .replace("{rid}", NOTHING)
        .replace("{slot}", NOTHING)
        .replace("{when}", "2026-03-09")
        .replace("{code}", "2b")
        .replace("{key}", "annual_report-2026")
        .replace("{token}", "khong-co")
}
