//! The table of results.

use super::client::Driven;

/// One operation.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) rate: f64,
    p50: f64,
    p99: f64,
    /// Microseconds of computing for each answer.
    pub(crate) cpu: f64,
    /// What the machine does at most, and what that is.
    pub(crate) ceiling: Option<(f64, &'static str)>,
}

impl Row {
    pub(crate) fn of(name: &'static str, driven: &Driven, cpu: f64) -> Self {
        let at = |share: f64| {
            let index = (driven.latencies.len() as f64 * share) as usize;
            driven.latencies[index.min(driven.latencies.len() - 1)] * 1000.0
        };
        Self {
            name,
            rate: driven.answers as f64 / driven.seconds,
            p50: at(0.5),
            p99: at(0.99),
            cpu: cpu * 1e6 / driven.answers as f64,
            ceiling: None,
        }
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("| operation | per second | p50 ms | p99 ms | CPU µs | ceiling | ratio |");
    println!("|---|---|---|---|---|---|---|");
    for row in rows {
        let (ceiling, ratio) = match row.ceiling {
            Some((rate, what)) => (
                format!("{rate:.0} {what}"),
                format!("{:.2}", row.rate / rate),
            ),
            None => (String::new(), String::new()),
        };
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.0} | {ceiling} | {ratio} |",
            row.name, row.rate, row.p50, row.p99, row.cpu
        );
    }
}
