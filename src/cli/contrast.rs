//! `contrast`: themes by group of cases, with an exact test and the quotes behind them.

use clap::Args;
use serde::Serialize;

use super::filters::FilterArgs;
use super::measure::period;
use super::output::{Exit, count};
use super::quotes::pending_note;
use super::released::AudienceArg;
use super::table_file::TableFile;
use super::{CliError, Context, narrowed};
use crate::analysis::exact::{TwoByTwo, fisher};
use crate::coding::quotes::{Quote, each_ref, quotes};
use crate::domain::filter::Filter;
use crate::domain::period::Period;
use crate::error::Result;
use crate::evidence::released::{Released, ReleasedQuotes, of_cell};
use crate::governance::Known;
use crate::governance::gate::{Audience, HeldBack, To};
use crate::indicator::contrast::{By, Contrast, contrast};
use crate::report::sheet::{Cell, Sheet};
use crate::study::passage::Reader;
use crate::study::{Selection, Study};

#[derive(Args)]
#[command(
    after_help = "A theme is there in a case if anything in its transcripts is coded with it or a sub-theme of it. p: Fisher's exact test, two-sided;\nHolm: p where all themes of the table are read together."
)]
pub(super) struct ContrastArgs {
    /// Part cases into those that improved and those that did not; with several indicators, in all of them (can be repeated)
    #[arg(long, value_name = "INDICATOR", requires_all = ["from", "to"], required_unless_present = "cohort", conflicts_with = "cohort")]
    improved: Vec<String>,
    /// From this period …
    #[arg(long, value_name = "PERIOD", value_parser = period, requires = "improved")]
    from: Option<Period>,
    /// … to this one
    #[arg(long, value_name = "PERIOD", value_parser = period, requires = "improved")]
    to: Option<Period>,
    /// Part them into the members of a cohort and the others
    #[arg(long, value_name = "COHORT")]
    cohort: Option<String>,
    /// How many quotes to show for each theme in each group
    #[arg(long, value_name = "N", default_value_t = 2)]
    quotes: usize,
    #[command(flatten)]
    audience: AudienceArg,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
}

/// A quote, as far as its readers may have it.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown {
    Team(Box<Quote>),
    Released(Released),
}

/// The quotes of a theme in a group.
#[derive(Serialize)]
struct GroupQuotes {
    theme: String,
    group: String,
    /// All that may be shown, shown or not.
    total: usize,
    quotes: Vec<Shown>,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    contrast: &'a Contrast,
    /// The smallest p that groups of this size can give.
    smallest_p: Option<f64>,
    audience: Audience,
    /// Quotes that this audience may not have.
    held_back: usize,
    quotes: Vec<GroupQuotes>,
}

impl Context {
    pub(super) fn contrast(&self, args: &ContrastArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let filter = self.filter(&args.filters);
        let audience = args.audience.of(args.file.is_given());
        if matches!(audience, Audience::Participant | Audience::Case) {
            return Err(CliError::refused(
                "a contrast is for the team or for the public: it puts cases beside each other",
                "choose --audience team or --audience public",
            )
            .into());
        }
        narrowed::refuse(&study, &filter, audience, "a contrast")?;
        let by = match (&args.cohort, &args.from, &args.to) {
            (Some(cohort), ..) => By::Cohort(cohort.clone()),
            (None, Some(from), Some(to)) if from == to => {
                return Err(CliError::refused(
                    format!("from {from} to {to} nothing can change"),
                    "name two periods, as in: --from 2017/18 --to 2018/19",
                )
                .into());
            }
            (None, Some(from), Some(to)) if from.from() > to.from() => {
                return Err(CliError::refused(
                    format!("{from} comes after {to}"),
                    format!("name the earlier period first: --from {to} --to {from}"),
                )
                .into());
            }
            (None, Some(from), Some(to)) => By::Improved {
                indicators: args.improved.clone(),
                from: from.clone(),
                to: to.clone(),
            },
            _ => {
                return Err(CliError::refused(
                    "nothing says how cases are parted",
                    "as in: --improved four-hour --from 2017/18 --to 2018/19, or: --cohort first-wave",
                )
                .into());
            }
        };
        let mut found = contrast(&study, &filter, &by)?;
        let mut behind = Behind {
            study: &study,
            filter: &filter,
            audience,
            limit: args.quotes,
            released: ReleasedQuotes {
                audience,
                total: 0,
                pending: 0,
                held_back: HeldBack::default(),
                among_few: true,
                quotes: Vec::new(),
                to: To::anyone(audience),
                codings: Vec::new(),
            },
        };
        let all = if args.quotes > 0 {
            behind.quotes(&found)?
        } else {
            Vec::new()
        };
        let released = behind.released;
        if audience != Audience::Team {
            // Which cases hold a theme tells what was said in them, and by whom where there is one interview.
            for theme in &mut found.themes {
                theme.first_cases.clear();
                theme.second_cases.clear();
            }
        }
        let mut sheets = vec![sheet(&found, smallest(&found), audience)];
        if all.iter().any(|g| !g.quotes.is_empty()) {
            sheets.push(quotes_sheet(&all));
        }
        if audience != Audience::Team && released.held_back.total() > 0 {
            // Why is not told where only some cases are in it.
            let last = sheets.len() - 1;
            sheets[last].note(format!(
                "Held back: {}.",
                count(released.held_back.total(), "quote")
            ));
        }
        let view = View {
            smallest_p: smallest(&found),
            contrast: &found,
            audience,
            held_back: released.held_back.total(),
            quotes: all,
        };
        let readers = args.audience.readers(&released);
        self.tables_for(&study, (&args.file, &readers), &view, &sheets, "")?;
        Ok(Exit::Done)
    }
}

/// The smallest p-value that groups of this size can give: that of a theme in all of one and none of the other.
fn smallest(found: &Contrast) -> Option<f64> {
    fisher(TwoByTwo {
        with_one: found.groups[0].cases.len() as u64,
        without_one: 0,
        with_other: 0,
        without_other: found.groups[1].cases.len() as u64,
    })
}

/// Reads the quotes behind a contrast, as an audience may have them.
struct Behind<'a> {
    study: &'a Study,
    filter: &'a Filter,
    audience: Audience,
    limit: usize,
    /// All that was released, for whoever looks at the file again.
    released: ReleasedQuotes,
}

impl Behind<'_> {
    fn quotes(&mut self, found: &Contrast) -> Result<Vec<GroupQuotes>> {
        let cases = self.study.store.cases()?;
        let transcripts = self.study.store.transcripts()?;
        let mut all = Vec::new();
        for presence in &found.themes {
            let filter = Filter {
                themes: vec![presence.theme.clone()],
                ..self.filter.clone()
            };
            let selection = self.study.select(&filter)?;
            let with = [&presence.first_cases, &presence.second_cases];
            for (group, with) in found.groups.iter().zip(with) {
                if with.is_empty() {
                    continue;
                }
                // Of the cases themselves: what is part of one may be in the other group.
                let ids: Vec<i64> = cases
                    .iter()
                    .filter(|c| with.contains(&c.slug))
                    .map(|c| c.id)
                    .collect();
                let mut within: Vec<i64> = transcripts
                    .iter()
                    .filter(|t| t.case.is_some_and(|c| ids.contains(&c)))
                    .map(|t| t.id)
                    .filter(|id| {
                        let taken = selection.transcripts.as_ref();
                        taken.is_none_or(|t| t.binary_search(id).is_ok())
                    })
                    .collect();
                within.sort_unstable();
                let selection = Selection {
                    transcripts: Some(within),
                    ..selection.clone()
                };
                let (total, quotes) = self.of(&filter, &selection)?;
                all.push(GroupQuotes {
                    theme: presence.theme.clone(),
                    group: group.name.clone(),
                    total,
                    quotes,
                });
            }
        }
        self.released.codings.sort_unstable();
        self.released.codings.dedup();
        Ok(all)
    }

    fn of(&mut self, filter: &Filter, selection: &Selection) -> Result<(usize, Vec<Shown>)> {
        if self.audience == Audience::Team {
            let found = quotes(self.study, selection, Some(self.limit))?;
            let team = |q| Shown::Team(Box::new(q));
            return Ok((found.total, found.quotes.into_iter().map(team).collect()));
        }
        let mut ids = Vec::new();
        let mut reader = Reader::new(&self.study.store)?;
        each_ref(self.study, selection, &mut reader, |_, _, found| {
            ids.extend(found.iter().map(|q| q.coding.id));
            Ok(())
        })?;
        // Which cases are in a group stands beside it.
        let known = Known {
            case: true,
            role: false,
        };
        let mut found = of_cell(self.study, &ids, filter, self.audience, known)?;
        for (reason, n) in found.held_back.reasons() {
            for _ in 0..n {
                self.released.held_back.add(reason);
            }
        }
        self.released.codings.append(&mut found.codings);
        found.quotes.truncate(self.limit);
        let quotes = found.quotes.into_iter().map(Shown::Released);
        Ok((found.total, quotes.collect()))
    }
}

fn sheet(found: &Contrast, smallest: Option<f64>, audience: Audience) -> Sheet {
    let [first, second] = &found.groups;
    let mut heads = vec![
        "theme".to_owned(),
        format!("{} (n = {})", first.name, first.cases.len()),
        format!("{} (n = {})", second.name, second.cases.len()),
        "p".to_owned(),
        "Holm".to_owned(),
    ];
    let team = audience == Audience::Team;
    if team {
        heads.extend([first, second].map(|g| format!("cases: {}", g.name)));
    }
    let mut sheet = Sheet::new("Themes by group of cases", heads);
    for row in &found.themes {
        let mut cells: Vec<Cell> = vec![
            row.theme.as_str().into(),
            row.first.into(),
            row.second.into(),
            Cell::decimal(row.p, 4),
            Cell::decimal(row.p_holm, 4),
        ];
        if team {
            cells.extend([&row.first_cases, &row.second_cases].map(|c| c.join(", ").into()));
        }
        sheet.row(cells);
    }
    sheet.notes = notes(found, smallest);
    if !team {
        sheet.note("Which cases hold a theme is for the team alone.");
    }
    sheet
}

fn notes(found: &Contrast, smallest: Option<f64>) -> Vec<String> {
    let [first, second] = &found.groups;
    let cases = first.cases.len() + second.cases.len();
    let mut notes = vec![
        "Counted are cases in whose transcripts the theme, or a sub-theme of it, is coded at least once.".to_owned(),
        format!("p: Fisher's exact test, two-sided, of {cases} cases; n/a where the theme is in every case or in none. Holm: for {} read together.", count(found.tested, "theme")),
    ];
    let least = smallest.map_or(String::new(), |p| {
        format!(" The smallest p that these groups can give is {p:.4}.")
    });
    notes.push(format!(
        "{} prove little.{least} Of several themes that are tested, some differ by chance; none of this says what caused what.",
        count(cases, "case")
    ));
    for (of, why) in [
        (&found.unknown, "In neither group, as it is not known"),
        (
            &found.without_transcripts,
            "Left out, as there are no transcripts of them",
        ),
        (
            &found.off_record,
            "Left out, as all that was said in them is off the record",
        ),
    ] {
        if !of.is_empty() {
            notes.push(format!("{why}: {}.", super::figures::some(of)));
        }
    }
    notes.extend(pending_note(found.pending));
    notes
}

fn quotes_sheet(all: &[GroupQuotes]) -> Sheet {
    let mut sheet = Sheet::new("Quotes", ["theme", "group", "who", "text"]);
    for group in all {
        for quote in &group.quotes {
            let (who, text) = match quote {
                Shown::Team(q) => {
                    let who = q.participant.as_deref().unwrap_or("unknown");
                    let case = q.case.as_deref().unwrap_or("no case");
                    (
                        format!("{who}, {case}, {}:{}", q.transcript, q.turn),
                        q.text.as_str(),
                    )
                }
                Shown::Released(q) => (q.citation.clone(), q.text.as_str()),
            };
            sheet.row([
                group.theme.as_str().into(),
                group.group.as_str().into(),
                who.into(),
                text.into(),
            ]);
        }
        let shown = group.quotes.len();
        if shown < group.total {
            sheet.note(format!(
                "{}, {}: {} of {} shown.",
                group.theme,
                group.group,
                shown,
                count(group.total, "quote")
            ));
        }
    }
    sheet
}
