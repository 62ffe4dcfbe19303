//! What stands where in `src`.

use std::path::{Path, PathBuf};

/// Layers from the bottom up; a module imports its own and those named for it.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("db", &["kernel"]),
    ("sealed", &["db", "kernel"]),
    ("http", &["db", "sealed", "kernel"]),
    ("mail", &["db", "sealed", "kernel"]),
    ("audit", &["db", "sealed", "kernel"]),
    (
        "identity",
        &["http", "mail", "audit", "db", "sealed", "kernel"],
    ),
    (
        "office",
        &[
            "identity", "http", "mail", "audit", "db", "sealed", "kernel",
        ],
    ),
    (
        "training",
        &[
            "office", "identity", "http", "mail", "audit", "db", "sealed", "kernel",
        ],
    ),
];
/// Lines a file has at most; the schema is a list.
const LINES: usize = 400;
/// Files that are longer still; the list only shrinks.
const LONG: &[&str] = &[
    "office/body.rs",
    "office/policy.rs",
    "training/model.rs",
    "training/service/attendance.rs",
    "training/service/import.rs",
    "training/store/session.rs",
    "training/view/attendance.rs",
    "training/view/session.rs",
];
/// Names that say nothing.
const BANNED: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "misc", "shared",
];

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src`, by its path there.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root().join("src")).unwrap();
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((name.display().to_string(), text));
            }
        }
    }
    found.sort();
    found
}

/// The modules a line names behind `crate::`.
fn imported(line: &str) -> Vec<String> {
    let Some(rest) = line.trim().strip_prefix("use crate::") else {
        return line
            .split("crate::")
            .skip(1)
            .map(|rest| word(rest).to_owned())
            .filter(|name| ARROWS.iter().any(|(known, _)| known == name))
            .collect();
    };
    match rest.strip_prefix('{') {
        Some(list) => list
            .split(',')
            .map(|name| word(name.trim()).to_owned())
            .collect(),
        None => vec![word(rest).to_owned()],
    }
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

#[test]
fn nothing_imports_upward_or_sideways() {
    let mut wrong = Vec::new();
    for (name, text) in files() {
        let module = name.split('/').next().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == module) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for import in imported(line) {
                let is_known = ARROWS.iter().any(|(known, _)| *known == import)
                    || ["app", "cli", "config", "report"].contains(&import.as_str());
                if is_known && import != module && !allowed.contains(&import.as_str()) {
                    wrong.push(format!("src/{name}:{}: {module} -> {import}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_enough_to_be_read() {
    let long: Vec<String> = files()
        .into_iter()
        .filter(|(name, text)| text.lines().count() > LINES && name != "db/schema.rs")
        .map(|(name, _)| name)
        .filter(|name| !LONG.contains(&name.as_str()))
        .collect();
    assert!(long.is_empty(), "longer than {LINES} lines: {long:?}");
}

#[test]
fn engines_are_told_apart_in_one_place() {
    let wrong: Vec<String> = files()
        .into_iter()
        .filter(|(name, text)| {
            let is_place = name.starts_with("db/") || name == "kernel/sql.rs";
            !is_place && (text.contains("cfg(feature") || text.contains("cfg_attr(feature"))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn modules_have_names_that_say_something() {
    for (name, _) in files() {
        for part in name.trim_end_matches(".rs").split('/') {
            assert!(!BANNED.contains(&part), "src/{name}");
        }
    }
}
