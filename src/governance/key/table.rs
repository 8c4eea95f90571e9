//! A table of entities: how names come in and go out without standing in a shell's history.

use super::{Entity, EntityKind, NewEntity};
use crate::governance::Error;
use crate::import::sheet::SheetRow;

/// The columns, in the order in which they are written.
pub const HEADS: [&str; 7] = [
    "real",
    "replacement",
    "kind",
    "aliases",
    "participant",
    "case",
    "contact",
];

/// A row of the table: the row's number, and the entity in it.
#[derive(Debug)]
pub struct TableRow {
    pub row: u64,
    pub entity: NewEntity,
}

/// Reads a table whose first row names its columns. `real` and `replacement` must be there.
///
/// # Errors
/// [`Error::Refused`], with the row or the column, never with a cell.
pub fn read_table(rows: &[SheetRow]) -> Result<Vec<TableRow>, Error> {
    let Some((head, rows)) = rows.split_first() else {
        return Err(Error::refused("the table is empty", columns()));
    };
    let places = HEADS.map(|name| {
        head.cells
            .iter()
            .position(|cell| cell.trim().eq_ignore_ascii_case(name))
    });
    for (place, name) in places.iter().zip(HEADS).take(2) {
        if place.is_none() {
            return Err(Error::refused(
                format!("the table has no column `{name}`"),
                columns(),
            ));
        }
    }
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = |n: usize| {
            places[n]
                .and_then(|place| row.cells.get(place))
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())
        };
        let some = |n: usize| cell(n).map(str::to_owned);
        let kind = match cell(2) {
            None => EntityKind::Person,
            Some(word) => word.to_lowercase().parse().map_err(|_| {
                Error::refused(
                    format!(
                        "row {}: the kind is none of {}",
                        row.number,
                        EntityKind::WORDS.join(", ")
                    ),
                    "leave it empty for a person",
                )
            })?,
        };
        all.push(TableRow {
            row: row.number,
            entity: NewEntity {
                kind,
                real: some(0).unwrap_or_default(),
                replacement: some(1).unwrap_or_default(),
                aliases: cell(3)
                    .unwrap_or_default()
                    .split(';')
                    .map(str::trim)
                    .filter(|a| !a.is_empty())
                    .map(str::to_owned)
                    .collect(),
                participant: some(4),
                case: some(5),
                contact: some(6),
            },
        });
    }
    Ok(all)
}

fn columns() -> String {
    format!("the first row names the columns: {}", HEADS.join(", "))
}

impl Entity {
    /// The entity as a row of the table.
    pub fn cells(&self) -> [String; 7] {
        let or = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            self.real.clone(),
            self.replacement.clone(),
            self.kind.word().to_owned(),
            self.aliases.join("; "),
            or(&self.participant),
            or(&self.case),
            or(&self.contact),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[&str]) -> SheetRow {
        SheetRow {
            number,
            cells: cells.iter().map(|c| (*c).into()).collect(),
        }
    }

    #[test]
    fn a_table_is_read_by_its_columns_names() {
        let rows = [
            row(1, &["Replacement", "aliases", "REAL", "kind"]),
            row(2, &["P07", "Ann; Annie ;", "Ann Example", ""]),
            row(4, &["Hospital A", "", "Alder Vale", "Organisation"]),
        ];
        let read = read_table(&rows).expect("a table");
        assert_eq!(read[0].entity.aliases, ["Ann", "Annie"]);
        assert_eq!(read[0].entity.kind, EntityKind::Person);
        assert_eq!(
            (read[1].row, read[1].entity.kind),
            (4, EntityKind::Organisation)
        );
        for (bad, why) in [
            (vec![], "empty"),
            (vec![row(1, &["real", "kind"])], "no column `replacement`"),
            (
                vec![rows[0].clone(), row(3, &["P", "", "Ann Example", "god"])],
                "row 3",
            ),
        ] {
            let refused = read_table(&bad).expect_err(why).to_string();
            assert!(
                refused.contains(why) && !refused.contains("Ann"),
                "{refused}"
            );
        }
    }
}
