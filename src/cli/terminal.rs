//! What the program says to whoever started it. Nobody may be listening any more (`… | head`):
//! that is no reason to fail.

use std::io::Write;

/// A line on the standard output.
pub fn say(line: &str) {
    let _told = writeln!(std::io::stdout().lock(), "{line}");
}

/// Why the program ends.
pub fn complain(line: &str) {
    let _told = writeln!(std::io::stderr().lock(), "hai-dang: {line}");
}
