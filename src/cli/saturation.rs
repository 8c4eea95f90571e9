//! `saturation`: how much that is new the last interviews brought.

use clap::Args;
use serde::Serialize;

use super::blocks::{bar, percent};
use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table, count, terminal_width};
use super::quotes::pending_note;
use super::table_file::TableFile;
use super::{CliError, Context, io_error};
use crate::analysis::saturation::{Ask, Assessment, Point, Shuffled, Threshold};
use crate::coding::saturation::{Group, Options, Order, Per, Saturation, saturation};
use crate::domain::words::{Method, TranscriptKind};
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};

/// No study has more orders to try than this makes sense of.
const MOST_ORDERS: usize = 100_000;

#[derive(Args)]
pub(super) struct SaturationArgs {
    /// How many interviews the base has; each is worked out
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "4,5,6"
    )]
    base: Vec<usize>,
    /// How many interviews a run has; each is worked out
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "2,3")]
    run: Vec<usize>,
    /// How much new information still counts as none, in percent of the codes in the base
    #[arg(
        long,
        value_name = "PERCENT,…",
        value_delimiter = ',',
        default_value = "5,0"
    )]
    threshold: Vec<Threshold>,
    /// Work it out for the study, for each case or for each role: study, case or role
    #[arg(long, value_name = "GROUP", default_value = "study")]
    per: Per,
    /// The order of the interviews: date, import, or all of them, as in T03,T01,T02
    #[arg(long, value_name = "ORDER", default_value = "date")]
    order: String,
    /// Try so many other orders, and say where the points are in them
    #[arg(long, value_name = "N")]
    shuffle: Option<usize>,
    /// The seed that the other orders are drawn from
    #[arg(long, value_name = "N", default_value_t = 1, requires = "shuffle")]
    seed: u64,
    /// What counts as an interview: interview, focus-group, field-notes, document
    #[arg(
        long,
        value_name = "KIND,…",
        value_delimiter = ',',
        default_value = "interview,focus-group"
    )]
    kind: Vec<TranscriptKind>,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
}

/// One document: what was found, and how it is meant.
#[derive(Serialize)]
struct View<'a> {
    /// What a code is, what is counted, and after whom.
    method: &'static str,
    unit: &'static str,
    #[serde(flatten)]
    found: &'a Saturation,
}

impl Context {
    pub(super) fn saturation(&self, args: &SaturationArgs) -> Result<Exit> {
        let options = options(args)?;
        let study = self.read()?;
        args.file.check(&study)?;
        let filter = self.filter(&args.filters);
        // `--by` names a coder on every command with filters; here somebody may mean the groups.
        if let Some(by) = filter.coders.iter().find(|c| c.parse::<Per>().is_ok())
            && !study
                .store
                .coders()?
                .iter()
                .any(|c| c.name.eq_ignore_ascii_case(by))
        {
            return Err(CliError::refused(
                format!("no coder `{by}`"),
                format!("`--by` takes a coder; for groups write: --per {by}"),
            )
            .into());
        }
        let found = saturation(&study, &filter, &options)?;
        let view = View {
            method: "Guest, Namey & Chen 2020: N / B, the base fixed",
            unit: "codes that are new, of the codes in the base",
            found: &found,
        };
        let reflexive = study.store.study()?.method == Method::Reflexive.word();
        let warnings = warnings(&found);
        if self.out.mode == Mode::Text && !args.file.is_given() {
            self.out.styled(&view, || text(&found)).map_err(io_error)?;
            for note in notes(&found, reflexive) {
                self.out.say(&note);
            }
        } else {
            let mut sheets = [
                runs_sheet(&found),
                points_sheet(&found),
                curve_sheet(&found),
            ];
            sheets[0].notes.extend(notes(&found, reflexive));
            if args.file.is_given() {
                sheets[0].notes.extend(warnings.iter().cloned());
            }
            self.tables(&study, &args.file, &view, &sheets, "")?;
        }
        for warning in warnings {
            self.out.warn(&warning);
        }
        Ok(Exit::Done)
    }
}

/// What a reader must know beside the figures.
fn notes(found: &Saturation, reflexive: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if found.groups.iter().all(|g| g.interviews == 0) {
        notes.push("No coded interviews here. Code some first: casebook code PLACE THEME".into());
    }
    notes.extend(pending_note(found.pending));
    if reflexive {
        notes.push("This study is reflexive: reflexive analysis does not use saturation as a mark of quality.".into());
    }
    notes
}

/// What may surprise: interviews out of their place, or left out.
fn warnings(found: &Saturation) -> Vec<String> {
    let mut warnings = Vec::new();
    let verbs = |n: usize, one: &str, many: &str| match n {
        1 => format!("1 interview {one}"),
        n => format!("{} {many}", count(n, "interview")),
    };
    if !found.undated.is_empty() && found.order == "date" {
        warnings.push(format!(
            "{}, in the order of import: {}",
            verbs(
                found.undated.len(),
                "has no date and stands last",
                "have no date and stand last"
            ),
            some(&found.undated)
        ));
    }
    if !found.uncoded.is_empty() {
        warnings.push(format!(
            "{}, as not coded yet: {}",
            verbs(found.uncoded.len(), "is left out", "are left out"),
            some(&found.uncoded)
        ));
    }
    warnings
}

fn options(args: &SaturationArgs) -> Result<Options> {
    let refuse = |what: &str, hint: &str| Err(CliError::refused(what, hint).into());
    if args.base.contains(&0) || args.run.contains(&0) {
        return refuse(
            "a base and a run have at least one interview",
            "as in: --base 4,5,6 --run 2,3",
        );
    }
    if args.base.iter().chain(&args.run).any(|n| *n > 1_000_000) {
        return refuse(
            "no study has so many interviews",
            "as in: --base 4,5,6 --run 2,3",
        );
    }
    if args.depth == Some(0) {
        return refuse("depth counts from 1", "as in: --depth 1");
    }
    if args.shuffle.is_some_and(|n| n == 0 || n > MOST_ORDERS) {
        return refuse(
            "between 1 and 100,000 orders can be tried",
            "as in: --shuffle 1000 --seed 1",
        );
    }
    let mut once = args.kind.clone();
    once.sort_unstable();
    once.dedup();
    Ok(Options {
        ask: Ask {
            bases: unique(&args.base),
            runs: unique(&args.run),
            thresholds: unique(&args.threshold),
            shuffle: args.shuffle.map(|orders| (orders, args.seed)),
        },
        per: args.per,
        order: order(&args.order),
        kinds: once,
        depth: args.depth,
    })
}

/// The order of interviews, as it is typed.
pub(super) fn order(typed: &str) -> Order {
    match typed.trim() {
        "date" => Order::Date,
        "import" => Order::Import,
        listed => Order::Listed(
            listed
                .split(',')
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
    }
}

/// Each once, in the order in which they were typed.
fn unique<T: Copy + PartialEq>(typed: &[T]) -> Vec<T> {
    let mut found = Vec::new();
    for one in typed {
        if !found.contains(one) {
            found.push(*one);
        }
    }
    found
}

fn some(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(10).map(String::as_str).collect();
    let more = if names.len() > 10 { " …" } else { "" };
    shown.join(", ") + more
}

fn text(found: &Saturation) -> String {
    let width = terminal_width();
    let mut out = String::new();
    for group in found.groups.iter().filter(|g| g.interviews > 0) {
        if !out.is_empty() {
            out.push('\n');
        }
        let name = group.group.as_ref().map_or(String::new(), |g| {
            format!("{}: ", crate::domain::span::printable(g))
        });
        out.push_str(&format!(
            "{name}{}, {}, in the order of {}\n\n",
            count(group.interviews, "interview"),
            count(group.codes, "code"),
            in_words(found.order)
        ));
        out.push_str(&curve(group).to_text(width));
        out.push('\n');
        let worked: Vec<&Assessment> = group
            .assessments
            .iter()
            .filter(|a| a.reason.is_none())
            .collect();
        if !worked.is_empty() {
            out.push_str("New codes in each run, of the codes in the base (N/B):\n\n");
            out.push_str(&ratios(&worked).to_text(width));
            out.push('\n');
        }
        if !worked.is_empty() {
            out.push_str(&points(group, found).to_text(width));
        }
        out.push_str(&undefined(&group.assessments));
    }
    out
}

/// Why there is no figure; where there is none at all, what the least would need.
fn undefined(all: &[Assessment]) -> String {
    let without = all.iter().filter_map(|a| Some((a, a.reason.as_ref()?)));
    let none = all.iter().all(|a| a.reason.is_some());
    let mut out = String::new();
    let least = without.clone().min_by_key(|(a, _)| a.base + a.run);
    let shown = without.filter(|(a, _)| !none || least.is_some_and(|(l, _)| l == *a));
    for (a, reason) in shown {
        out.push_str(&format!("base {}, run {}: n/a, {reason}\n", a.base, a.run));
    }
    out
}

/// New and accumulated codes, interview by interview.
fn curve(group: &Group) -> Table {
    let mut table = Table::new(&[">", "interview", "date", ">codes", ">new", ">in all", ""]);
    for i in &group.curve {
        table.row([
            i.n.to_string(),
            i.transcript.clone(),
            i.date.clone().unwrap_or_default(),
            i.codes.to_string(),
            i.new.to_string(),
            i.total.to_string(),
            bar(i.total, group.codes, 30),
        ]);
    }
    table
}

/// A row for each place of a run, a column for each base with each length of a run.
fn ratios(worked: &[&Assessment]) -> Table {
    let mut heads = vec![">after".to_owned()];
    heads.extend(
        worked
            .iter()
            .map(|a| format!(">base {}, run {}", a.base, a.run)),
    );
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    let places = worked.iter().flat_map(|a| &a.runs).map(|r| r.after);
    let (first, last) = (places.clone().min(), places.max());
    for after in first.unwrap_or(1)..=last.unwrap_or(0) {
        let cells = worked.iter().map(|a| {
            let run = a.runs.iter().find(|r| r.after == after);
            run.map_or(String::new(), |r| {
                let base = a.base_codes.unwrap_or_default();
                format!("{}/{base} {:>7}", r.new, percent(r.new, base))
            })
        });
        table.row(std::iter::once(after.to_string()).chain(cells));
    }
    table
}

/// The points, and where they are in other orders.
fn points(group: &Group, found: &Saturation) -> Table {
    let mut heads = vec![">base".to_owned(), ">run".into(), ">B".into()];
    for t in &found.thresholds {
        heads.push(format!("≤{t} %"));
        if let Some(drawn) = found.shuffle {
            heads.push(format!("in {} orders", count_plain(drawn.orders)));
        }
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    for a in &group.assessments {
        let mut row = vec![
            a.base.to_string(),
            a.run.to_string(),
            a.base_codes.map_or("n/a".into(), |b| b.to_string()),
        ];
        for p in &a.points {
            row.push(point(p, a));
            if found.shuffle.is_some() {
                row.push(
                    p.shuffled
                        .as_ref()
                        .map_or("n/a".into(), |s| shuffled(s, a.run)),
                );
            }
        }
        table.row(row);
    }
    table
}

fn count_plain(n: usize) -> String {
    super::output::thousands(i128::try_from(n).unwrap_or_default())
}

fn point(p: &Point, a: &Assessment) -> String {
    match (&p.point, &a.reason) {
        (Some(point), _) => point.clone(),
        (None, Some(_)) => "n/a".into(),
        (None, None) => "not reached".into(),
    }
}

/// `6+2 (4–9), 12 never`: the middle order, the range, and how many have no point.
fn shuffled(s: &Shuffled, run: usize) -> String {
    let mut text = match s.median {
        Some(median) => format!("{median}+{run}"),
        None => "n/a".into(),
    };
    if let (Some(least), Some(most)) = (s.least, s.most) {
        text.push_str(&format!(" ({least}–{most})"));
    }
    if s.never > 0 {
        text.push_str(&format!(", {} never", count_plain(s.never)));
    }
    if s.undefined > 0 {
        text.push_str(&format!(", {} n/a", count_plain(s.undefined)));
    }
    text
}

/// A row for each place of a run.
fn runs_sheet(found: &Saturation) -> Sheet {
    let mut sheet = Sheet::new(
        "Saturation: every run",
        [
            "group",
            "base",
            "run",
            "base codes",
            "after",
            "first",
            "last",
            "new",
            "ratio",
            "meets",
            "reason",
        ],
    );
    for group in &found.groups {
        for a in &group.assessments {
            let head = head(group, a);
            if let Some(reason) = &a.reason {
                let mut row = head.clone();
                row.resize(10, Cell::Empty);
                row[8] = Cell::Undefined;
                row.push(reason.as_str().into());
                sheet.row(row);
            }
            for r in &a.runs {
                let meets: Vec<String> = a
                    .points
                    .iter()
                    .filter(|p| p.after == Some(r.after))
                    .map(|p| format!("≤{} %", p.threshold))
                    .collect();
                let places = [r.after, r.first, r.last, r.new].map(Cell::from);
                let rest = [Cell::decimal(r.ratio, 4), meets.join(" ").into()];
                sheet.row(head.clone().into_iter().chain(places).chain(rest));
            }
        }
    }
    sheet.note("After Guest, Namey & Chen (2020): the ratio is new codes in the run by different codes in the base, which stays the same.");
    sheet.note(format!(
        "Interviews are taken in the order of {}.",
        in_words(found.order)
    ));
    sheet
}

/// A row for each threshold: where it is first met.
fn points_sheet(found: &Saturation) -> Sheet {
    let mut heads = vec![
        "group",
        "base",
        "run",
        "base codes",
        "percent",
        "after",
        "point",
        "reason",
    ];
    if found.shuffle.is_some() {
        heads.extend(["orders", "median", "least", "most", "never", "undefined"]);
    }
    let mut sheet = Sheet::new("Saturation: where it is met", heads);
    for group in &found.groups {
        for a in &group.assessments {
            for p in &a.points {
                let mut row = head(group, a);
                row.extend([
                    p.threshold.to_string().into(),
                    p.after.map_or(Cell::Undefined, Cell::from),
                    p.point.clone().into(),
                    p.reason.clone().into(),
                ]);
                if let Some(s) = &p.shuffled {
                    row.push(s.orders.into());
                    row.push(Cell::decimal(s.median, 1));
                    row.extend([s.least, s.most].map(Cell::from));
                    row.extend([s.never, s.undefined].map(Cell::from));
                }
                sheet.row(row);
            }
        }
    }
    if let Some(drawn) = found.shuffle {
        sheet.note(format!(
            "Other orders are drawn from the seed {}; the median counts those that never meet it as the last.",
            drawn.seed
        ));
    }
    sheet
}

/// A row for each interview: the codes that have come up.
fn curve_sheet(found: &Saturation) -> Sheet {
    let heads = [
        "group",
        "place",
        "interview",
        "date",
        "codes",
        "new",
        "in all",
    ];
    let mut sheet = Sheet::new("Codes, interview by interview", heads);
    for group in &found.groups {
        for i in &group.curve {
            sheet.row([
                group.group.clone().into(),
                i.n.into(),
                i.transcript.clone().into(),
                i.date.clone().into(),
                i.codes.into(),
                i.new.into(),
                i.total.into(),
            ]);
        }
    }
    sheet
}

fn head(group: &Group, a: &Assessment) -> Vec<Cell> {
    vec![
        group.group.clone().into(),
        a.base.into(),
        a.run.into(),
        a.base_codes.map_or(Cell::Undefined, Cell::from),
    ]
}

fn in_words(order: &str) -> &'static str {
    match order {
        "date" => "their dates",
        "import" => "their import",
        _ => "the list",
    }
}
