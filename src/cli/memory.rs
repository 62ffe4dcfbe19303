//! Keys and what they open lie in memory while the program runs; a crash must not write it down.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::app::Error;

/// No core dumps, and on Linux nobody but root looks into the process.
pub(super) fn keep_from_dumps() -> Result<(), Error> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).map_err(std::io::Error::from)?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(std::io::Error::from)?;
    }
    Ok(())
}
