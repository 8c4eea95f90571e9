//! A roll-up as SQL by hand: one statement that joins membership, adds numerators and denominators and groups.

use std::io::{BufWriter, Write};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Fallible;

pub(crate) fn roll(study: &Path) -> Fallible<()> {
    let conn = Connection::open_with_flags(study, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut all = conn.prepare(
        "SELECT s.slug, substr(p.label, 1, 7) AS month, sum(CAST(m.numerator AS INTEGER)), sum(CAST(m.denominator AS INTEGER)), count(DISTINCT m.case_id)
         FROM measures m
         JOIN periods p ON p.id = m.period
         JOIN case_links l ON l.case_id = m.case_id AND l.kind = 'part-of'
             AND (l.from_date IS NULL OR l.from_date <= p.from_date) AND (l.to_date IS NULL OR p.from_date < l.to_date)
         JOIN cases s ON s.id = l.other_id AND s.kind = 'system'
         WHERE m.indicator = (SELECT id FROM indicators WHERE slug = 'seen')
         GROUP BY s.slug, month ORDER BY s.slug, month",
    )?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut rows = all.query([])?;
    while let Some(r) = rows.next()? {
        let (system, month): (String, String) = (r.get(0)?, r.get(1)?);
        let (over, under, parts): (i64, i64, i64) = (r.get(2)?, r.get(3)?, r.get(4)?);
        #[expect(clippy::cast_precision_loss, reason = "a percentage with one digit")]
        let share = 100.0 * over as f64 / under as f64;
        writeln!(out, "{system},{month},{share:.1},{parts}")?;
    }
    out.flush()?;
    Ok(())
}
