//! Calculations over all codings, with nothing around them: one ordered read, transcript by transcript, and counting.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use rusqlite::Connection;

use super::tables::{self, CODINGS};
use crate::Fallible;

/// What counting needs of a coding.
#[derive(Clone, Copy)]
struct Coded {
    transcript: i64,
    start: u32,
    end: u32,
    theme: u32,
    coder: u32,
}

/// All codings, by transcript and place.
fn load(conn: &Connection) -> Fallible<Vec<Coded>> {
    let many: i64 = conn.query_row("SELECT count(*) FROM codings", [], |r| r.get(0))?;
    let mut all: Vec<Coded> = Vec::with_capacity(usize::try_from(many)?);
    let mut read = conn.prepare("SELECT id, start, end, theme, coder FROM codings ORDER BY id")?;
    let mut rows = read.query([])?;
    while let Some(r) = rows.next()? {
        let id: i64 = r.get(0)?;
        all.push(Coded {
            transcript: id / CODINGS,
            start: r.get(1)?,
            end: r.get(2)?,
            theme: r.get(3)?,
            coder: r.get(4)?,
        });
    }
    for group in all.chunk_by_mut(|a, b| a.transcript == b.transcript) {
        group.sort_unstable_by_key(|c| (c.start, c.end));
    }
    Ok(all)
}

/// Pairs of overlapping codings of different themes, each theme with each.
pub(crate) fn cooccur(dir: &Path) -> Fallible<()> {
    let conn = tables::open(dir)?;
    let all = load(&conn)?;
    let themes = 1 + all.iter().map(|c| c.theme).max().unwrap_or(0) as usize;
    let mut counts = vec![0u64; themes * themes];
    let mut total = 0u64;
    for group in all.chunk_by(|a, b| a.transcript == b.transcript) {
        let mut open: Vec<(u32, u32)> = Vec::new();
        for c in group {
            open.retain(|o| o.0 > c.start);
            for o in &open {
                if o.1 != c.theme {
                    let (a, b) = (o.1.min(c.theme), o.1.max(c.theme));
                    counts[a as usize * themes + b as usize] += 1;
                    total += 1;
                }
            }
            open.push((c.end, c.theme));
        }
    }
    say(total)
}

/// Codings of each theme in each case.
pub(crate) fn matrix(dir: &Path) -> Fallible<()> {
    let conn = tables::open(dir)?;
    let mut cases = conn.prepare("SELECT id, ifnull(case_id, 0) FROM transcripts")?;
    let cases: HashMap<i64, i64> = cases
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut counts: HashMap<(i64, i64), u64> = HashMap::new();
    let mut read = conn.prepare("SELECT id, theme FROM codings ORDER BY id")?;
    let mut rows = read.query([])?;
    let (mut here, mut case, mut total) = (0, 0, 0u64);
    while let Some(r) = rows.next()? {
        let transcript = r.get::<_, i64>(0)? / CODINGS;
        if transcript != here {
            here = transcript;
            case = cases.get(&transcript).copied().unwrap_or(0);
        }
        *counts.entry((case, r.get(1)?)).or_default() += 1;
        total += 1;
    }
    say(total)
}

/// Characters that both coded, only the first, only the second, and all.
type Shares = [u64; 4];

/// Kappa and alpha of each pair of coders for each theme, by characters of the transcripts that both coded.
pub(crate) fn agreement(dir: &Path) -> Fallible<()> {
    let conn = tables::open(dir)?;
    let mut long = conn.prepare("SELECT t.id, r.characters FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision")?;
    let long: HashMap<i64, u32> = long
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let all = load(&conn)?;
    let themes = 1 + all.iter().map(|c| c.theme).max().unwrap_or(0) as usize;
    let coders = 1 + all.iter().map(|c| c.coder).max().unwrap_or(0) as usize;
    let mut shares: HashMap<(usize, usize, usize), Shares> = HashMap::new();
    let mut spans: Vec<Vec<(u32, u32)>> = vec![Vec::new(); themes * coders];
    for group in all.chunk_by(|a, b| a.transcript == b.transcript) {
        let mut there = vec![false; coders];
        for c in group {
            // In order of their places, so that a union is made in passing.
            let of = &mut spans[c.theme as usize * coders + c.coder as usize];
            match of.last_mut() {
                Some(last) if c.start <= last.1 => last.1 = last.1.max(c.end),
                _ => of.push((c.start, c.end)),
            }
            there[c.coder as usize] = true;
        }
        let who: Vec<usize> = (0..coders).filter(|k| there[*k]).collect();
        let length = u64::from(long.get(&group[0].transcript).copied().unwrap_or(0));
        for theme in 0..themes {
            for (n, a) in who.iter().enumerate() {
                for b in &who[n + 1..] {
                    let (x, y) = (&spans[theme * coders + a], &spans[theme * coders + b]);
                    let both = shared(x, y);
                    let of = shares.entry((theme, *a, *b)).or_default();
                    of[0] += both;
                    of[1] += covered(x) - both;
                    of[2] += covered(y) - both;
                    of[3] += length;
                }
            }
            for k in &who {
                spans[theme * coders + k].clear();
            }
        }
    }
    let mut sum = 0.0;
    for of in shares.values() {
        #[expect(clippy::cast_precision_loss, reason = "shares of a text")]
        let [both, first, second, n] = of.map(|n| n as f64);
        let (p, q) = ((both + first) / n, (both + second) / n);
        let chance = p * q + (1.0 - p) * (1.0 - q);
        let kappa = ((n - first - second) / n - chance) / (1.0 - chance);
        let ones = 2.0 * both + first + second;
        let alpha = 1.0 - (first + second) * (2.0 * n - 1.0) / (ones * (2.0 * n - ones));
        // Looked at, so that nothing of the work is left out.
        if kappa.is_finite() && alpha.is_finite() {
            sum += kappa + alpha;
        }
    }
    writeln!(std::io::stderr(), "{sum}")?;
    say(shares.len() as u64)
}

fn covered(spans: &[(u32, u32)]) -> u64 {
    spans.iter().map(|s| u64::from(s.1 - s.0)).sum()
}

fn shared(a: &[(u32, u32)], b: &[(u32, u32)]) -> u64 {
    let (mut i, mut j, mut sum) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (start, end) = (a[i].0.max(b[j].0), a[i].1.min(b[j].1));
        sum += u64::from(end.saturating_sub(start));
        if a[i].1 < b[j].1 { i += 1 } else { j += 1 }
    }
    sum
}

fn say(total: u64) -> Fallible<()> {
    writeln!(std::io::stdout(), "{{\"total\":{total}}}")?;
    Ok(())
}

/// What stands below a finding: each passage with its words, its turn and who speaks.
pub(crate) fn trace(study: &Path) -> Fallible<()> {
    let conn = read_only(study)?;
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut all = conn.prepare(
        "SELECT c.id, h.name, t.slug, c.turn - r.first_turn + 1, u.time_ms, p.code, p.attribution, substr(r.text, c.start + 1, c.end - c.start)
         FROM evidence e JOIN codings c ON c.id = e.coding_id JOIN themes h ON h.id = c.theme JOIN revisions r ON r.id = c.revision
         JOIN transcripts t ON t.id = r.transcript JOIN turns u ON u.id = c.turn LEFT JOIN speakers w ON w.id = u.speaker
         LEFT JOIN participants p ON p.id = w.participant WHERE e.finding = 1 ORDER BY e.id",
    )?;
    let mut rows = all.query([])?;
    while let Some(r) = rows.next()? {
        let (coding, theme, slug, turn): (i64, String, String, i64) =
            (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        let (time, who, level, words): (Option<i64>, Option<String>, Option<String>, String) =
            (r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?);
        writeln!(
            out,
            "{coding} {theme} {slug}:{turn} {time:?} {who:?} {level:?} {words}"
        )?;
    }
    out.flush()?;
    Ok(())
}

/// Every cell of the frame with its links, and how many codings lie below it today.
pub(crate) fn frame(study: &Path) -> Fallible<()> {
    let conn = read_only(study)?;
    let mut themes = conn.prepare("SELECT id, ifnull(parent, id) FROM themes")?;
    let themes: HashMap<i64, i64> = themes
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut cases = conn.prepare("SELECT id, ifnull(case_id, 0) FROM transcripts")?;
    let cases: HashMap<i64, i64> = cases
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut below: HashMap<(i64, i64), (u64, u64)> = HashMap::new();
    let mut read = conn.prepare(
        "SELECT id, uuid, start, end, theme FROM codings WHERE pending IS NULL ORDER BY id",
    )?;
    let mut rows = read.query([])?;
    while let Some(r) = rows.next()? {
        let (id, theme): (i64, i64) = (r.get(0)?, r.get(4)?);
        let (start, end): (u64, u64) = (r.get::<_, u32>(2)?.into(), r.get::<_, u32>(3)?.into());
        let uuid = r.get_ref(1)?.as_blob()?;
        let some = u64::from_le_bytes(uuid[8..16].try_into()?);
        let case = cases.get(&(id / CODINGS)).copied().unwrap_or(0);
        let theme = themes.get(&theme).copied().unwrap_or(theme);
        let of = below.entry((case, theme)).or_default();
        *of = (of.0 + 1, of.1.wrapping_add(some ^ (end - start)));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut all = conn.prepare("SELECT f.case_id, f.theme, f.text, group_concat(l.coding) FROM frame_cells f LEFT JOIN frame_links l ON l.cell = f.id GROUP BY f.id")?;
    let mut rows = all.query([])?;
    while let Some(r) = rows.next()? {
        let place: (i64, i64) = (r.get(0)?, r.get(1)?);
        let (words, links): (Option<String>, Option<String>) = (r.get(2)?, r.get(3)?);
        writeln!(out, "{place:?} {words:?} {links:?} {:?}", below.get(&place))?;
    }
    out.flush()?;
    Ok(())
}

fn read_only(study: &Path) -> Fallible<Connection> {
    let conn = Connection::open_with_flags(study, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.execute_batch("PRAGMA cache_size = -64000;")?;
    Ok(conn)
}
