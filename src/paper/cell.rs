//! Cells of CSV that no spreadsheet executes.

/// Characters a spreadsheet takes for the start of a formula.
const TRIGGERS: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\0', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
];

/// A cell that stays text wherever it is opened: what would start a formula, behind whatever
/// blanks, quotes or invisible characters, is led in by an apostrophe.
pub fn guarded(text: &str) -> String {
    let is_skipped = |c: &char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '\u{200B}'..='\u{200D}' | '\u{FEFF}')
    };
    let first = text.chars().find(|c| !is_skipped(c));
    let leads = text.chars().next().is_some_and(|c| TRIGGERS.contains(&c))
        || first.is_some_and(|c| TRIGGERS.contains(&c));
    if leads {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A cell without the apostrophe that [`guarded`] led it in by.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if guarded(rest) != rest => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_led_in_by_an_apostrophe() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\t=x",
            " =x",
            "\"=x",
            "\u{200B}=x",
            "＝x",
            "＋",
            "－",
            "＠",
        ] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
        }
        for text in ["Nguyễn Thị Đào", "a=b", "12", ""] {
            assert_eq!(guarded(text), text);
        }
    }
}
