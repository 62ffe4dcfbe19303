//! The program: its words are in `cli`.

use std::process::ExitCode;

use clap::Parser;
use hai_dang::cli::{self, Cli, terminal};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
