//! What stands where in `src`.

use std::path::{Path, PathBuf};

/// Layers from the bottom up; a module imports its own and those named for it.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("paper", &["kernel"]),
    ("db", &["kernel"]),
    ("sealed", &["db", "paper", "kernel"]),
    ("http", &["db", "sealed", "paper", "kernel"]),
    ("mail", &["db", "sealed", "kernel"]),
    ("audit", &["db", "sealed", "kernel"]),
    ("backup", &["identity", "audit", "db", "sealed", "kernel"]),
    (
        "identity",
        &["http", "mail", "audit", "db", "sealed", "kernel"],
    ),
    (
        "office",
        &[
            "identity", "http", "mail", "audit", "db", "sealed", "paper", "kernel",
        ],
    ),
    (
        "training",
        &[
            "office", "identity", "http", "mail", "audit", "db", "sealed", "paper", "kernel",
        ],
    ),
    (
        "counselling",
        &[
            "office", "identity", "http", "mail", "audit", "db", "sealed", "paper", "kernel",
        ],
    ),
    (
        "legal_aid",
        &[
            "office", "identity", "http", "mail", "audit", "db", "sealed", "paper", "kernel",
        ],
    ),
    (
        "plan",
        &[
            "office", "identity", "http", "mail", "audit", "db", "sealed", "paper", "kernel",
        ],
    ),
    (
        "report",
        &[
            "training",
            "counselling",
            "legal_aid",
            "plan",
            "office",
            "identity",
            "http",
            "mail",
            "audit",
            "db",
            "sealed",
            "paper",
            "kernel",
        ],
    ),
];
/// What may import everything, and what nothing below imports.
const ABOVE: &[&str] = &["app", "cli", "config", "lib", "main"];
/// Lines a file has at most; the schema is a list.
const LINES: usize = 400;
/// Names that say nothing.
const BANNED: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "misc", "shared",
];

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src`, by its path there.
pub(crate) fn files() -> Vec<(String, String)> {
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

/// The modules a file names behind `crate::`, with their lines; a group may be of any length.
fn imported(text: &str) -> Vec<(usize, String)> {
    // Comments become empty lines, so that the numbers stay.
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let lines = text.lines().map(|line| Some(line).filter(is_code));
    let code: Vec<&str> = lines.map(Option::unwrap_or_default).collect();
    let mut number = 1;
    let mut found = Vec::new();
    for (index, part) in code.join("\n").split("crate::").enumerate() {
        if index > 0 {
            let names = part.strip_prefix('{').map_or(vec![part], heads);
            found.extend(
                names
                    .into_iter()
                    .map(|name| (number, word(name).to_owned())),
            );
        }
        number += part.matches('\n').count();
    }
    found
}

/// The first words of a group, without what is nested in it.
fn heads(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            ',' | '}' if depth == 0 => {
                found.push(group.get(from..at).unwrap_or_default().trim());
                from = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

#[test]
fn the_scan_sees_groups_of_every_length() {
    let text = "use crate::{\n    audit::{self, Event},\n    db,\n};\n// crate::app\nuse crate::{http::Api, mail};\nlet x = crate::kernel::Id;";
    let seen = imported(text);
    let names: Vec<_> = seen.iter().map(|(at, name)| (*at, name.as_str())).collect();
    let wanted = [
        (1, "audit"),
        (1, "db"),
        (1, ""),
        (6, "http"),
        (6, "mail"),
        (7, "kernel"),
    ];
    assert_eq!(names, wanted);
}

#[test]
fn nothing_imports_upward_or_sideways() {
    let mut wrong = Vec::new();
    for (name, text) in files() {
        let module = name.split('/').next().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == module) else {
            let is_above = ABOVE.contains(&module.trim_end_matches(".rs"));
            assert!(is_above, "src/{name}: {module} has no arrows");
            continue;
        };
        for (number, import) in imported(&text) {
            let is_known = ARROWS.iter().any(|(known, _)| *known == import)
                || ABOVE.contains(&import.as_str());
            if is_known && import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("src/{name}:{number}: {module} -> {import}"));
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
