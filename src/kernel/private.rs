//! Files that nobody but the service's own user reads.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Result;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes a file of mode 0600; one that exists is never overwritten.
///
/// # Errors
/// When it exists or cannot be made.
pub fn new_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Takes the one place a file of mode 0600 stands for; `None` where another process has it. It is
/// held as long as the file given back lives, and goes with the process however that ends.
///
/// # Errors
/// When the file cannot be made or locked.
pub fn take_place(path: &Path) -> Result<Option<File>> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
