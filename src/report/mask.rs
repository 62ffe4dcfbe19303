//! What the public reads of small numbers: a ward may have one or two adoptions a year, and an
//! ordinary table would name a child. Cells of one to four people are withheld, and with them as many
//! others as it takes that no sum gives them back (`api.md` §7). Pure.

use std::collections::BTreeMap;

use crate::office::report_row::{Amount, ReportRow, TOTAL};

/// The smallest number the public reads; what is withheld adds up to as many at least.
const SMALLEST: i64 = 5;

/// Cells that depend on each other.
struct Group {
    /// The cell that is the sum of the parts, where there is one.
    total: Option<usize>,
    parts: Vec<usize>,
}

/// The rows with what is withheld taken out.
pub(super) fn for_the_public(mut rows: Vec<ReportRow>) -> Vec<ReportRow> {
    let numbers: Vec<Option<i64>> = rows
        .iter()
        .map(|row| match row.amount {
            Some(Amount::Whole(number)) if row.section.is_sensitive() => Some(number),
            _ => None,
        })
        .collect();
    let withheld = withheld(&numbers, &groups(&rows));
    let decimals = beside(&rows, &withheld);
    for (row, is_withheld) in rows.iter_mut().zip(withheld.iter().zip(&decimals)) {
        if *is_withheld.0 || *is_withheld.1 {
            row.amount = None;
        }
    }
    rows
}

type Name<'a> = (&'a str, &'a str, Option<&'a str>);

fn name(row: &ReportRow) -> Name<'_> {
    (
        row.section.as_str(),
        row.dimension.as_str(),
        row.key.as_deref(),
    )
}

/// Medians and the like of rows in which something is withheld.
fn beside(rows: &[ReportRow], withheld: &[bool]) -> Vec<bool> {
    let touched: Vec<Name<'_>> = rows
        .iter()
        .zip(withheld)
        .filter(|(_, is_withheld)| **is_withheld)
        .map(|(row, _)| name(row))
        .collect();
    let is_beside = |row: &ReportRow| {
        matches!(row.amount, Some(Amount::Decimal(_))) && touched.contains(&name(row))
    };
    rows.iter().map(is_beside).collect()
}

/// Every sum a reader could take: down a column to its total, and across a row.
fn groups(rows: &[ReportRow]) -> Vec<Group> {
    let mut columns: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    let mut across: BTreeMap<Name<'_>, Vec<usize>> = BTreeMap::new();
    let mut totals: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if !row.section.is_sensitive() || !matches!(row.amount, Some(Amount::Whole(_))) {
            continue;
        }
        let (section, measure) = (row.section.as_str(), row.measure.as_str());
        across.entry(name(row)).or_default().push(index);
        if row.dimension == TOTAL {
            totals.insert((section, measure), index);
        } else if row.adds_up {
            let column = (section, row.dimension.as_str(), measure);
            columns.entry(column).or_default().push(index);
        }
    }
    let columns = columns
        .into_iter()
        .map(|((section, _, measure), parts)| Group {
            total: totals.get(&(section, measure)).copied(),
            parts,
        });
    let across = across
        .into_values()
        .map(|parts| Group { total: None, parts });
    columns.chain(across).collect()
}

/// Which cells are withheld; a cell without a number never is.
fn withheld(numbers: &[Option<i64>], groups: &[Group]) -> Vec<bool> {
    let is_small = |number: &Option<i64>| number.is_some_and(|one| (1..SMALLEST).contains(&one));
    let mut withheld: Vec<bool> = numbers.iter().map(is_small).collect();
    // Each round withholds one cell more, so it ends.
    while let Some(next) = groups
        .iter()
        .find_map(|group| leak(numbers, &withheld, group))
    {
        if let Some(cell) = withheld.get_mut(next) {
            *cell = true;
        }
    }
    withheld
}

/// The cell to withhold next so that a group gives nothing back.
fn leak(numbers: &[Option<i64>], withheld: &[bool], group: &Group) -> Option<usize> {
    let number = |index: usize| numbers.get(index).copied().flatten().unwrap_or_default();
    let is_hidden = |index: usize| withheld.get(index).copied().unwrap_or_default();
    let hidden: Vec<usize> = group
        .parts
        .iter()
        .copied()
        .filter(|one| is_hidden(*one))
        .collect();
    let open = group.parts.iter().copied();
    let open = open.filter(|one| !is_hidden(*one) && number(*one) > 0);
    let smallest = open.min_by_key(|one| number(*one));
    // One alone, or several that are few together, are what the others leave of a sum.
    let is_told = |hidden: &[usize]| {
        let sum: i64 = hidden.iter().map(|one| number(*one)).sum();
        !hidden.is_empty() && (hidden.len() == 1 || sum < SMALLEST)
    };
    match group.total {
        Some(total) if is_hidden(total) => smallest.filter(|_| hidden.is_empty()),
        Some(total) => is_told(&hidden).then(|| smallest.unwrap_or(total)),
        // What a row withholds, its other numbers may add up to.
        None => smallest.filter(|_| is_told(&hidden)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::report_row::Section;
    use proptest::prelude::*;

    fn row(dimension: &str, key: Option<&str>, measure: &str, amount: i64) -> ReportRow {
        ReportRow {
            section: Section::LegalAid,
            dimension: dimension.to_owned(),
            key: key.map(str::to_owned),
            label_vi: String::new(),
            label_en: String::new(),
            measure: measure.to_owned(),
            amount: Some(Amount::Whole(amount)),
            adds_up: true,
        }
    }

    fn table(parts: &[i64]) -> Vec<ReportRow> {
        let total = row(TOTAL, None, "received", parts.iter().sum());
        let keys: Vec<String> = (0..parts.len()).map(|key| key.to_string()).collect();
        let parts = keys.iter().zip(parts);
        let parts = parts.map(|(key, amount)| row("field", Some(key), "received", *amount));
        std::iter::once(total).chain(parts).collect()
    }

    fn shown(rows: Vec<ReportRow>) -> Vec<Option<i64>> {
        let amounts = for_the_public(rows).into_iter().map(|row| row.amount);
        amounts
            .map(|amount| match amount {
                Some(Amount::Whole(number)) => Some(number),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_small_number_takes_its_neighbour_with_it() {
        let told = shown(table(&[2, 9, 30, 0]));
        assert_eq!(told, [Some(41), None, None, Some(30), Some(0)]);
        // Two that are small still tell each other while their sum is.
        let told = shown(table(&[1, 1, 30, 12]));
        assert_eq!(told, [Some(44), None, None, Some(30), None]);
        // With nothing to hide behind, the total goes.
        assert_eq!(shown(table(&[3, 0])), [None, None, Some(0)]);
        assert_eq!(shown(table(&[7, 8])), [Some(15), Some(7), Some(8)]);
    }

    #[test]
    fn what_is_left_of_a_row_tells_nothing_either() {
        let told = shown(vec![
            row(TOTAL, None, "received", 7),
            row(TOTAL, None, "open", 5),
            row(TOTAL, None, "redirected", 1),
            row(TOTAL, None, "withdrawn", 1),
            row(TOTAL, None, "refused", 0),
        ]);
        assert_eq!(told, [Some(7), None, None, None, Some(0)]);
    }

    #[test]
    fn training_is_told_as_it_is() {
        let mut rows = table(&[2, 9]);
        for row in &mut rows {
            row.section = Section::Training;
        }
        assert_eq!(shown(rows), [Some(11), Some(2), Some(9)]);
    }

    proptest! {
        #[test]
        fn nothing_small_is_read_or_reckoned(
            received in proptest::collection::vec((0_i64..12, 0_i64..12), 1..8)
        ) {
            let mut rows = Vec::new();
            for (measure, of) in [("received", 0), ("open", 1)] {
                let parts: Vec<i64> = received
                    .iter()
                    .map(|one| if of == 0 { one.0 + one.1 } else { one.1 })
                    .collect();
                rows.extend(table(&parts).into_iter().map(|mut row| {
                    row.measure = measure.to_owned();
                    row
                }));
            }
            let before = rows.clone();
            let after = for_the_public(rows);
            for (one, was) in after.iter().zip(&before) {
                let Some(Amount::Whole(number)) = was.amount else { unreachable!() };
                prop_assert!(one.amount.is_none() || number == 0 || number >= SMALLEST);
            }
            for measure in ["received", "open"] {
                let of = |row: &&ReportRow| row.measure == measure;
                let cells: Vec<_> = after.iter().filter(of).zip(before.iter().filter(of)).collect();
                let (total, parts) = cells.split_first().unwrap();
                let hidden: Vec<i64> = parts
                    .iter()
                    .filter(|(row, _)| row.amount.is_none())
                    .map(|(_, was)| match was.amount {
                        Some(Amount::Whole(number)) => number,
                        _ => 0,
                    })
                    .collect();
                if total.0.amount.is_some() {
                    prop_assert!(hidden.len() != 1);
                    prop_assert!(hidden.is_empty() || hidden.iter().sum::<i64>() >= SMALLEST);
                }
            }
        }
    }
}
