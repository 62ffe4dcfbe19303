//! The table of results.

use super::client::Driven;

/// One operation, measured in parts.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    driven: Driven,
    /// Seconds of computing.
    cpu: f64,
    ceiling: Option<Ceiling>,
}

/// What the machine does at most of an operation, and what it does it by.
pub(crate) struct Ceiling {
    pub(crate) done: f64,
    pub(crate) seconds: f64,
    pub(crate) what: &'static str,
}

impl Row {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            driven: Driven::default(),
            cpu: 0.0,
            ceiling: None,
        }
    }

    /// A part more, and the seconds it computed.
    pub(crate) fn add(&mut self, part: Driven, cpu: f64) {
        self.driven.seconds += part.seconds;
        self.driven.latencies.extend(part.latencies);
        self.cpu += cpu;
    }

    /// The ceiling of the same, or a part more of it.
    pub(crate) fn add_ceiling(&mut self, part: Ceiling) {
        match &mut self.ceiling {
            None => self.ceiling = Some(part),
            Some(known) => {
                known.done += part.done;
                known.seconds += part.seconds;
            }
        }
    }

    fn answers(&self) -> f64 {
        self.driven.latencies.len() as f64
    }

    /// Microseconds of computing for each answer.
    pub(crate) fn cpu(&self) -> f64 {
        self.cpu * 1e6 / self.answers()
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("| operation | per second | p50 ms | p99 ms | CPU µs | ceiling | ratio |");
    println!("|---|---|---|---|---|---|---|");
    for row in rows {
        let rate = row.answers() / row.driven.seconds;
        let (ceiling, ratio) = match &row.ceiling {
            Some(of) => {
                let most = of.done / of.seconds;
                (
                    format!("{most:.0} {}", of.what),
                    format!("{:.2}", rate / most),
                )
            }
            None => (String::new(), String::new()),
        };
        let mut latencies = row.driven.latencies.clone();
        latencies.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = (latencies.len() as f64 * share) as usize;
            latencies[index.min(latencies.len() - 1)] * 1000.0
        };
        println!(
            "| {} | {rate:.0} | {:.2} | {:.2} | {:.0} | {ceiling} | {ratio} |",
            row.name,
            at(0.5),
            at(0.99),
            row.cpu()
        );
    }
}
