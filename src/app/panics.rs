//! What is told of a panic: where it was, and never what it says, which may quote a person.

/// Counts panics from now on, and puts them into the log.
pub fn tell() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        metrics::counter!("panics_total").increment(1);
        tracing::error!(place = place.unwrap_or_default(), "a panic");
    }));
}
