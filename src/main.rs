//! The program: its words are in `cli`.

use std::process::ExitCode;

use clap::Parser;
use hai_dang::cli::{self, Cli, terminal};

/// Every answer is made of many small pieces, by one thread and dropped by another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
