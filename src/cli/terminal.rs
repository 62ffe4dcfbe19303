//! What the program says to whoever started it.

/// A line on the standard output.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn say(line: &str) {
    println!("{line}");
}

/// Why the program ends.
#[expect(clippy::print_stderr, reason = "what an operator must read")]
pub fn complain(line: &str) {
    eprintln!("hai-dang: {line}");
}
