//! The program: its words are in `cli`.

fn main() {}
