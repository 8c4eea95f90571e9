//! What became of the codebook, as it is shown.

use super::output::{Table, count};
use crate::analysis::word_changes::{Run, marked};
use crate::coding::codebook_diff::{Became, CodebookDiff, ThemeChange, Went};
use crate::domain::span::printable;
use crate::study::codebook_then::Moment;

/// A field as people read it.
pub(super) fn head(field: &str) -> &str {
    match field {
        "full_definition" => "in full",
        "include" => "when to use",
        "exclude" => "when not to use",
        other => other,
    }
}

pub(super) fn named_moment(m: &Moment) -> String {
    let day = m.at.get(..10).unwrap_or(&m.at);
    match &m.version {
        Some(version) => format!("{version} (event {}, {day})", m.event),
        None => format!("event {} ({day})", m.event),
    }
}

/// `renamed, moved: was trust`.
fn what(theme: &ThemeChange) -> String {
    let went = |went: &Went| {
        let joined = match went.joined {
            0 => String::new(),
            n => format!(", {n} of them joined with one that was there"),
        };
        format!(
            "{} ({}{joined})",
            went.theme,
            count(went.codings as u64, "coding")
        )
    };
    let all = |list: &[Went]| list.iter().map(went).collect::<Vec<_>>().join(", ");
    let parts: Vec<String> = theme
        .became
        .iter()
        .map(|became| match became {
            Became::Merged => format!(
                "merged into {}",
                theme.merged_into.as_ref().map(went).unwrap_or_default()
            ),
            Became::TookIn => format!("took in {}", all(&theme.took_in)),
            Became::Split => format!("split into {}", all(&theme.split_into)),
            Became::SplitOff => format!("split off {}", all(&theme.split_off)),
            other => other.to_string(),
        })
        .collect();
    match &theme.was {
        Some(was) => format!("{}: was {was}", parts.join("; ")),
        None => parts.join("; "),
    }
}

fn codings(theme: &ThemeChange) -> String {
    match (theme.codings_then, theme.codings_later) {
        (Some(then), Some(later)) if then == later => count(then, "coding"),
        (Some(then), Some(later)) => format!("{then} → {}", count(later, "coding")),
        (Some(n), None) => format!("had {}", count(n, "coding")),
        (None, Some(n)) => count(n, "coding"),
        (None, None) => String::new(),
    }
}

pub(super) fn text(diff: &CodebookDiff) -> String {
    let bold = anstyle::Style::new().bold();
    let mut out = format!(
        "{bold}{} → {}{bold:#}\n",
        printable(&named_moment(&diff.from)),
        printable(&named_moment(&diff.to))
    );
    let times = |b: Became| diff.themes.iter().filter(|t| t.became.contains(&b)).count();
    let mut said: Vec<String> = [
        Became::Added,
        Became::Removed,
        Became::Merged,
        Became::Renamed,
        Became::Moved,
        Became::Redefined,
    ]
    .into_iter()
    .filter(|b| times(*b) > 0)
    .map(|b| format!("{} {b}", times(b)))
    .collect();
    said.push(format!("{} unchanged", diff.unchanged));
    out.push_str(&format!("{}\n", said.join(", ")));
    for theme in &diff.themes {
        let sign = match theme.became.first() {
            Some(Became::Added) => '+',
            Some(Became::Removed | Became::Merged) => '-',
            _ => '~',
        };
        out.push_str(&format!(
            "\n{sign} {bold}{}{bold:#}  {}  ({})\n",
            printable(&theme.theme),
            printable(&what(theme)),
            codings(theme)
        ));
        let added = theme.became.contains(&Became::Added);
        for change in &theme.fields {
            // What a new theme says besides is in the codebook.
            if added && change.field != "definition" {
                continue;
            }
            let words = if added {
                printable(change.new.as_deref().unwrap_or_default()).replace(['\n', '\t'], " ")
            } else {
                coloured(&change.words)
            };
            out.push_str(&format!("    {:15}  {words}\n", head(change.field)));
        }
    }
    out
}

/// What went in red and brackets, what came in green and braces.
fn coloured(runs: &[Run]) -> String {
    let red = anstyle::AnsiColor::Red.on_default();
    let green = anstyle::AnsiColor::Green.on_default();
    let mut out = String::new();
    for (n, run) in runs.iter().enumerate() {
        let clean = printable(&marked(std::slice::from_ref(run))).into_owned();
        match run {
            Run::Same(_) => out.push_str(&clean),
            Run::Went(_) => out.push_str(&format!("{red}{clean}{red:#}")),
            Run::Came(_) => out.push_str(&format!("{green}{clean}{green:#}")),
        }
        // What came stands close behind what it came for.
        let close = matches!(run, Run::Went(_)) && matches!(runs.get(n + 1), Some(Run::Came(_)));
        if n + 1 < runs.len() && !close {
            out.push(' ');
        }
    }
    out
}

pub(super) fn table(diff: &CodebookDiff) -> Table {
    let mut table = Table::new(&[
        "theme",
        "was",
        "became",
        ">codings_then",
        ">codings_later",
        "field",
        "old",
        "new",
    ]);
    for theme in &diff.themes {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        let row = |field: &str, old: Option<&String>, new: Option<&String>| {
            [
                theme.theme.clone(),
                theme.was.clone().unwrap_or_default(),
                what(theme),
                number(theme.codings_then),
                number(theme.codings_later),
                field.to_owned(),
                old.cloned().unwrap_or_default(),
                new.cloned().unwrap_or_default(),
            ]
        };
        if theme.fields.is_empty() {
            table.row(row("", None, None));
        }
        for change in &theme.fields {
            table.row(row(change.field, change.old.as_ref(), change.new.as_ref()));
        }
    }
    table
}
