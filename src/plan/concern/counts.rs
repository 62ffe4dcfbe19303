//! What concerns of a period are counted to: numbers, and nothing else of any. Every row adds up to the
//! total.

use std::collections::BTreeMap;

use super::status::ConcernStatus;
use super::{ConcernSource, ConcernTopic};
use crate::kernel::text_enum::text_enum;

text_enum! {
    /// By what rows are told apart.
    pub enum ConcernDimension {
        /// The illicit practice that is suspected.
        Topic = "topic",
        /// Where somebody came upon it.
        Source = "source",
        /// Where it stands.
        Status = "status",
    }
}

/// So many concerns of one topic, source and status.
pub type Counted = (ConcernTopic, ConcernSource, ConcernStatus, i64);

/// How many stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Written down, and not referred yet.
    pub recorded: i64,
    /// Referred, and not answered yet.
    pub referred: i64,
    /// Answered, and not closed yet.
    pub answered: i64,
    /// Closed.
    pub closed: i64,
}

impl Tally {
    fn add(&mut self, status: ConcernStatus, count: i64) {
        let place = match status {
            ConcernStatus::Recorded => &mut self.recorded,
            ConcernStatus::Referred => &mut self.referred,
            ConcernStatus::Answered => &mut self.answered,
            ConcernStatus::Closed => &mut self.closed,
        };
        *place += count;
    }

    /// All of them.
    pub const fn all(&self) -> i64 {
        self.recorded + self.referred + self.answered + self.closed
    }
}

/// The total, and a row for each value that there is.
#[derive(Debug, Default)]
pub struct Table {
    /// All of them.
    pub total: Tally,
    /// By value.
    pub rows: BTreeMap<&'static str, Tally>,
}

/// Puts counts together by a dimension.
pub fn table(all: &[Counted], dimension: ConcernDimension) -> Table {
    let mut table = Table::default();
    for (topic, source, status, count) in all {
        let key = match dimension {
            ConcernDimension::Topic => topic.as_str(),
            ConcernDimension::Source => source.as_str(),
            ConcernDimension::Status => status.as_str(),
        };
        table.total.add(*status, *count);
        table.rows.entry(key).or_default().add(*status, *count);
    }
    table
}

/// The counts by topic and status, in the order of both.
pub fn by_topic(all: &[Counted]) -> Vec<(&'static str, &'static str, i64)> {
    let mut found = BTreeMap::<(ConcernTopic, ConcernStatus), i64>::new();
    for (topic, _, status, count) in all {
        *found.entry((*topic, *status)).or_default() += *count;
    }
    let words = |((topic, status), count): ((ConcernTopic, ConcernStatus), i64)| {
        (topic.as_str(), status.as_str(), count)
    };
    found.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any() -> impl Strategy<Value = Vec<Counted>> {
        let one = (
            proptest::sample::select(ConcernTopic::ALL),
            proptest::sample::select(ConcernSource::ALL),
            proptest::sample::select(ConcernStatus::ALL),
            1_i64..9,
        );
        proptest::collection::vec(one, 0..40)
    }

    proptest! {
        #[test]
        fn rows_add_up_to_the_total(all in any()) {
            let sum: i64 = all.iter().map(|(.., count)| count).sum();
            for dimension in ConcernDimension::ALL {
                let table = table(&all, *dimension);
                let of = |part: fn(&Tally) -> i64| table.rows.values().map(part).sum::<i64>();
                prop_assert_eq!(table.total.all(), sum);
                prop_assert_eq!(of(Tally::all), sum);
                prop_assert_eq!(of(|row| row.closed), table.total.closed);
            }
            let lines = by_topic(&all);
            prop_assert_eq!(lines.iter().map(|(.., count)| count).sum::<i64>(), sum);
        }
    }

    #[test]
    fn topics_come_in_the_order_of_the_toolkit() {
        use ConcernStatus::{Closed, Recorded};
        let desk = ConcernSource::Desk;
        let all = [
            (ConcernTopic::Other, desk, Recorded, 1),
            (ConcernTopic::ForgedDocuments, desk, Closed, 1),
            (
                ConcernTopic::ForgedDocuments,
                ConcernSource::Letter,
                Recorded,
                2,
            ),
            (ConcernTopic::ForgedDocuments, desk, Recorded, 1),
        ];
        let wanted = [
            ("forged_documents", "recorded", 3),
            ("forged_documents", "closed", 1),
            ("other", "recorded", 1),
        ];
        assert_eq!(by_topic(&all), wanted);
    }
}
