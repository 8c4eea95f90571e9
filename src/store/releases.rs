//! The register of reports that were written to a file. It is never taken back: what was handed out stays handed out.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};

/// The operation that registers a report. Undo leaves its events alone, and no report takes its day from them.
pub const REPORT_WRITE: &str = "report write";

/// The operation that registers an export or a backup.
pub const COPY_WRITE: &str = "copy write";

/// What was handed out or copied stays so: undo passes these events over, and no report takes its day from them.
pub(super) const HANDED_OUT: [&str; 2] = [REPORT_WRITE, COPY_WRITE];

/// A report that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub id: i64,
    /// summary, case, theme, codebook, debrief …
    pub kind: String,
    /// A case's slug, a theme's path, a participant's code.
    pub subject: Option<String>,
    /// md, html …
    pub format: String,
    pub sha256: [u8; 32],
    /// The codings that it quotes, ascending.
    pub codings: Vec<i64>,
    /// The findings in it, ascending.
    pub findings: Vec<i64>,
    /// To whom it was given: a word of the gate's audiences.
    pub audience: Option<String>,
    /// As it was written to, absolute.
    pub path: Option<String>,
    /// The counts of people that it prints, by what they count.
    pub counts: BTreeMap<String, u64>,
    pub event: i64,
    pub at: String,
    pub coder: String,
}

/// A report to be registered. Codings and findings ascending.
#[derive(Clone, Copy, Debug)]
pub struct NewRelease<'a> {
    pub kind: &'a str,
    pub subject: Option<&'a str>,
    pub format: &'a str,
    pub sha256: [u8; 32],
    pub codings: &'a [i64],
    pub findings: &'a [i64],
    pub audience: &'a str,
    /// Absolute.
    pub path: &'a str,
    pub counts: &'a BTreeMap<String, u64>,
}

/// Ids in order, each as the difference to the one before, seven bits to a byte, the lowest first.
fn packed(ids: &[i64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ids.len() * 2);
    let mut last = 0;
    for id in ids {
        let mut rest = id.saturating_sub(last).cast_unsigned();
        last = *id;
        while rest > 0x7f {
            out.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        out.push((rest & 0x7f) as u8);
    }
    out
}

/// The ids that [`packed`] packed, one by one. What is torn at the end is left out.
fn unpacked(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let mut bytes = bytes.iter();
    let mut last = 0_i64;
    std::iter::from_fn(move || {
        let mut value = 0_u64;
        let mut shift = 0;
        loop {
            let byte = bytes.next()?;
            if shift < 64 {
                value |= u64::from(byte & 0x7f) << shift;
            }
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        last = last.wrapping_add(value.cast_signed());
        Some(last)
    })
}

const RELEASE: &str = "SELECT r.id, r.kind, r.subject, r.format, r.sha256, r.codings, r.findings, r.event, e.at, e.coder, r.audience, r.path, r.counts
    FROM releases r JOIN events e ON e.id = r.event ORDER BY r.id";

fn release(r: &Row, codings: Vec<i64>) -> rusqlite::Result<Release> {
    let findings: String = r.get(6)?;
    Ok(Release {
        id: r.get(0)?,
        kind: r.get(1)?,
        subject: r.get(2)?,
        format: r.get(3)?,
        sha256: r.get(4)?,
        codings,
        findings: serde_json::from_str(&findings).unwrap_or_default(),
        event: r.get(7)?,
        at: r.get(8)?,
        coder: r.get(9)?,
        audience: r.get(10)?,
        path: r.get(11)?,
        counts: r
            .get::<_, Option<String>>(12)?
            .and_then(|counts| serde_json::from_str(&counts).ok())
            .unwrap_or_default(),
    })
}

impl Store {
    /// All reports on the register, oldest first.
    pub fn releases(&self) -> Result<Vec<Release>> {
        let mut all = self.conn.prepare_cached(RELEASE)?;
        Ok(all
            .query_map([], |r| {
                let codings = r.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
                release(r, unpacked(codings).collect())
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The same with only those of `codings` (ascending) that each quotes: a register of large reports is not unpacked
    /// further than the last of them.
    pub fn releases_with(&self, codings: &[i64]) -> Result<Vec<Release>> {
        let mut all = self.conn.prepare_cached(RELEASE)?;
        let last = codings.last().copied().unwrap_or_default();
        Ok(all
            .query_map([], |r| {
                let packed = r.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
                let quoted = unpacked(packed)
                    .take_while(|id| *id <= last)
                    .filter(|id| codings.binary_search(id).is_ok())
                    .collect();
                release(r, quoted)
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Puts a report on the register.
    pub fn add_release(&self, new: &NewRelease) -> Result<i64> {
        let findings = serde_json::Value::from(new.findings).to_string();
        self.conn.execute(
            "INSERT INTO releases (uuid, kind, subject, format, sha256, codings, findings, event, audience, path, counts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                new_uuid(),
                new.kind,
                new.subject,
                new.format,
                new.sha256,
                packed(new.codings),
                findings,
                self.event,
                new.audience,
                new.path,
                serde_json::json!(new.counts).to_string(),
            ],
        )?;
        Ok(self.last_id())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(mut ids in prop::collection::vec(0_i64..9_000_000_000_000, 0..200)) {
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(unpacked(&packed(&ids)).collect::<Vec<_>>(), ids);
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(unpacked(&bytes).count() <= bytes.len());
        }
    }

    #[test]
    fn neighbours_take_a_byte() {
        assert_eq!(
            packed(&[1_000_001, 1_000_002, 1_000_130]),
            [0xc1, 0x84, 0x3d, 1, 0x80, 1]
        );
        assert_eq!(packed(&[]), [0_u8; 0]);
    }
}
