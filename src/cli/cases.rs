//! `case`: units of analysis and the dated graph between them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::case_codes::{AtArgs, CaseCodeCommand};
use super::case_links::{LinkArgs, UnlinkArgs};
use super::case_lookup::LookupArgs;
use super::case_names::CaseNameCommand;
use super::output::{Exit, Mode, Table, count};
use super::{CliError, Context, date, filled, io_error, pair};
use crate::domain::Date;
use crate::domain::attribute::Owner;
use crate::domain::span::printable;
use crate::domain::words::LinkKind;
use crate::error::{Result, did_you_mean};
use crate::indicator::rows::{said_days, text};
use crate::indicator::systems::Systems;
use crate::store::{Case, OwnerId};
use crate::study::records::{
    RefusedRow, TableReport, check_name, link, links_by_case, set_attributes,
};
use crate::study::{People, Study};

#[derive(Subcommand)]
pub(super) enum CaseCommand {
    /// Add a case
    Add(AddArgs),
    /// List cases, or count them; as they stood on a day
    List(ListArgs),
    /// Show a case: its links, attributes, transcripts
    Show(ShowArgs),
    /// Change a case
    Edit(EditArgs),
    /// Remove a case that has no transcripts
    Remove(RemoveArgs),
    /// Link two cases: part of, partner of, merged into, renamed to
    Link(LinkArgs),
    /// Take a link between two cases away
    Unlink(UnlinkArgs),
    /// Show which case a code means on a day
    At(AtArgs),
    /// Manage names that a case had, and that sources use for it
    #[command(subcommand)]
    Name(CaseNameCommand),
    /// Manage official codes of cases, with the days on which they hold
    #[command(subcommand)]
    Code(CaseCodeCommand),
    /// Import which part belongs to which system, from a published lookup: a row for each part
    Lookup(LookupArgs),
    /// Import cases from a CSV: slug, name, kind, code, from, to, part_of, partner_of; other columns are attributes
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The short name that you will type
    slug: String,
    /// The name that reports print; without it, the slug
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// What kind of case it is: system, place, organisation …
    #[arg(long, value_name = "KIND", default_value = "case", value_parser = filled)]
    kind: String,
    /// An official code
    #[arg(long, value_name = "CODE", value_parser = filled)]
    code: Option<String>,
    /// A case that it is part of (can be repeated)
    #[arg(long, value_name = "SLUG")]
    part_of: Vec<String>,
    /// A case that it is a partner of (can be repeated)
    #[arg(long, value_name = "SLUG")]
    partner_of: Vec<String>,
    /// The first day on which it existed
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it no longer did
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// A value of an attribute (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
}

#[derive(Args)]
pub(super) struct AsOf {
    /// As things stood on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    as_of: AsOf,
    /// Only of this kind: system, place, organisation …
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only say how many there are
    #[arg(long)]
    count: bool,
}

#[derive(Args)]
pub(super) struct ShowArgs {
    /// The case
    slug: String,
    #[command(flatten)]
    as_of: AsOf,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The case
    slug: String,
    /// Another slug
    #[arg(long = "slug", value_name = "SLUG")]
    new_slug: Option<String>,
    /// Another name
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// Another kind
    #[arg(long, value_name = "KIND", value_parser = filled)]
    kind: Option<String>,
    /// Another official code
    #[arg(long, value_name = "CODE", value_parser = filled)]
    code: Option<String>,
    /// The first day on which it existed
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it no longer did
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// A value of an attribute; KEY= takes it away (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The case
    slug: String,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct LinkView {
    case: String,
    link: String,
    other: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct CaseView {
    case: String,
    name: String,
    kind: String,
    code: Option<String>,
    from: Option<String>,
    to: Option<String>,
    links: Vec<LinkView>,
    /// Other names: those that it had, and those that sources use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<NameView>,
    /// Official codes; as of a day, those that held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<CodeView>,
    attributes: serde_json::Map<String, serde_json::Value>,
    transcripts: i64,
    participants: i64,
}

#[derive(Serialize)]
struct NameView {
    name: String,
    from: Option<String>,
    to: Option<String>,
    source: Option<String>,
}

#[derive(Serialize)]
struct CodeView {
    scheme: String,
    code: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct CaseCount {
    count: usize,
    kind: Option<String>,
    as_of: Option<String>,
}

#[derive(Serialize)]
struct CaseList {
    cases: Vec<CaseView>,
}

impl Context {
    pub(super) fn case(&self, command: CaseCommand) -> Result<Exit> {
        match command {
            CaseCommand::Add(args) => self.case_add(&args),
            CaseCommand::List(args) => self.case_list(&args),
            CaseCommand::Show(args) => self.case_show(&args),
            CaseCommand::Edit(args) => self.case_edit(args),
            CaseCommand::Remove(args) => self.case_remove(&args),
            CaseCommand::Link(args) => self.case_link(args),
            CaseCommand::Unlink(args) => self.case_unlink(&args),
            CaseCommand::At(args) => self.case_at(&args),
            CaseCommand::Name(command) => self.case_name(command),
            CaseCommand::Code(command) => self.case_code(command),
            CaseCommand::Lookup(args) => self.case_lookup(&args),
            CaseCommand::Import { file } => {
                let report = self.write()?.import_cases(&file)?;
                self.table_report(&report, "case")
            }
        }
    }

    fn case_add(&self, args: &AddArgs) -> Result<Exit> {
        check_name("case", &args.slug)?;
        span_of_days(args.from, args.to)?;
        let ((), event) = self.write()?.change("case add", |tx| {
            if let Ok(there) = tx.case(&args.slug) {
                return Err(CliError::refused(
                    format!("case `{}` exists already", there.slug),
                    format!("change it with: casebook case edit {}", there.slug),
                )
                .into());
            }
            let id = tx.put_case(&Case {
                id: 0,
                slug: args.slug.clone(),
                name: args.name.clone().unwrap_or_else(|| args.slug.clone()),
                kind: args.kind.clone(),
                code: args.code.clone(),
                from: args.from.map(|d| d.to_string()),
                to: args.to.map(|d| d.to_string()),
            })?;
            for (others, kind) in [
                (&args.part_of, LinkKind::PartOf),
                (&args.partner_of, LinkKind::PartnerOf),
            ] {
                for other in others {
                    link(tx, &args.slug, kind, other, None, None)?;
                }
            }
            set_attributes(tx, OwnerId(Owner::Case, id), &args.attr)?;
            tx.summary(format!("add case {}", args.slug));
            Ok(())
        })?;
        self.done(&format!("Added case {}.", args.slug), event);
        Ok(Exit::Done)
    }

    fn case_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        let mut cases = views(&study, args.as_of.as_of, None)?;
        if let Some(kind) = &args.kind {
            of_kind(&study, kind)?;
            cases.retain(|c| c.kind.eq_ignore_ascii_case(kind));
        }
        if args.count {
            return self.case_count(&CaseCount {
                count: cases.len(),
                kind: args.kind.clone(),
                as_of: text(args.as_of.as_of),
            });
        }
        let list = CaseList { cases };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&[
                        "case",
                        "name",
                        "kind",
                        "links",
                        ">transcripts",
                        ">participants",
                    ]);
                    for c in &list.cases {
                        let links: Vec<String> = c
                            .links
                            .iter()
                            .filter(|l| l.case == c.case)
                            .map(|l| format!("{} {}", l.link, l.other))
                            .collect();
                        table.row([
                            c.case.clone(),
                            c.name.clone(),
                            c.kind.clone(),
                            links.join(", "),
                            c.transcripts.to_string(),
                            c.participants.to_string(),
                        ]);
                    }
                    table
                },
                "No cases yet. Add one with: casebook case add SLUG --name NAME",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn case_count(&self, found: &CaseCount) -> Result<Exit> {
        let what = found
            .kind
            .as_ref()
            .map_or(String::new(), |k| format!(" of kind {k}"));
        let when = found
            .as_of
            .as_ref()
            .map_or(String::new(), |d| format!(" on {d}"));
        if self.out.mode == Mode::Csv {
            let mut table = Table::new(&["cases", "kind", "as_of"]);
            table.row([
                found.count.to_string(),
                found.kind.clone().unwrap_or_default(),
                found.as_of.clone().unwrap_or_default(),
            ]);
            self.out.table(found, || table, "").map_err(io_error)?;
        } else {
            self.out
                .text(found, || {
                    format!("{}{what}{when}\n", count(found.count, "case"))
                })
                .map_err(io_error)?;
        }
        Ok(Exit::Done)
    }

    fn case_show(&self, args: &ShowArgs) -> Result<Exit> {
        let study = self.read()?;
        let case = study.store.case(&args.slug)?;
        let Some(view) = views(&study, args.as_of.as_of, Some(case.id))?.pop() else {
            return Err(CliError::refused(
                format!("`{}` did not exist on that day", case.slug),
                format!("see its dates with: casebook case show {}", case.slug),
            )
            .into());
        };
        self.out
            .text(&view, || {
                let mut text = format!(
                    "{}  {}\n{}{}\n",
                    view.case,
                    view.name,
                    view.kind,
                    view.code
                        .as_ref()
                        .map_or(String::new(), |c| format!(" · {c}"))
                );
                if view.from.is_some() || view.to.is_some() {
                    text.push_str(&format!(
                        "{}\n",
                        days(view.from.as_deref(), view.to.as_deref())
                    ));
                }
                for l in &view.links {
                    let dates = if l.from.is_some() || l.to.is_some() {
                        format!("  ({})", days(l.from.as_deref(), l.to.as_deref()))
                    } else {
                        String::new()
                    };
                    text.push_str(&format!("  {} {} {}{dates}\n", l.case, l.link, l.other));
                }
                for n in &view.names {
                    let how = if n.from.is_some() || n.to.is_some() {
                        format!(
                            "was called {} {}",
                            n.name,
                            said_days(n.from.as_deref(), n.to.as_deref())
                        )
                    } else {
                        format!("also called {}", n.name)
                    };
                    let source = n
                        .source
                        .as_ref()
                        .map_or(String::new(), |s| format!("  [{s}]"));
                    text.push_str(&format!("  {how}{source}\n"));
                }
                for k in &view.codes {
                    let dates = if k.from.is_some() || k.to.is_some() {
                        format!("  ({})", said_days(k.from.as_deref(), k.to.as_deref()))
                    } else {
                        String::new()
                    };
                    text.push_str(&format!("  {} {}{dates}\n", k.scheme, k.code));
                }
                for (key, value) in &view.attributes {
                    text.push_str(&format!(
                        "  {key} = {}\n",
                        value.as_str().unwrap_or_default()
                    ));
                }
                text.push_str(&format!(
                    "{}, {}\n",
                    count(view.transcripts, "transcript"),
                    count(view.participants, "participant")
                ));
                text
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn case_edit(&self, args: EditArgs) -> Result<Exit> {
        if let Some(slug) = &args.new_slug {
            check_name("case", slug)?;
        }
        let ((), event) = self.write()?.change("case edit", |tx| {
            let before = tx.case(&args.slug)?;
            let after = Case {
                slug: args.new_slug.clone().unwrap_or_else(|| before.slug.clone()),
                name: args.name.clone().unwrap_or_else(|| before.name.clone()),
                kind: args.kind.clone().unwrap_or_else(|| before.kind.clone()),
                code: args.code.clone().or_else(|| before.code.clone()),
                from: args
                    .from
                    .map(|d| d.to_string())
                    .or_else(|| before.from.clone()),
                to: args.to.map(|d| d.to_string()).or_else(|| before.to.clone()),
                id: before.id,
            };
            if after != before {
                tx.put_case(&after)?;
            }
            set_attributes(tx, OwnerId(Owner::Case, before.id), &args.attr)?;
            tx.summary(format!("edit case {}", after.slug));
            Ok(())
        })?;
        self.done(
            &format!("Edited case {}.", args.new_slug.unwrap_or(args.slug)),
            event,
        );
        Ok(Exit::Done)
    }

    fn case_remove(&self, args: &RemoveArgs) -> Result<Exit> {
        let study = self.write()?;
        let case = study.store.case(&args.slug)?;
        let [transcripts, participants, links, values, memos] = study.store.case_uses(case.id)?;
        if transcripts > 0 {
            return Err(CliError::refused(
                format!("case `{}` has {}", case.slug, count(transcripts, "transcript")),
                format!("give them another case first: casebook transcript edit ID --case SLUG   (see them with: casebook transcript list --case {})", case.slug),
            )
            .into());
        }
        let readings = study.store.readings_of_case(case.id)?;
        if readings > 0 {
            return Err(CliError::refused(
                format!("case `{}` has figures in {}", case.slug, count(readings, "reading")),
                format!("remove those first: casebook reading remove N   (see them with: casebook measure list --case {})", case.slug),
            )
            .into());
        }
        let cells = study.store.cells_of_case(case.id)?;
        let mut what = format!(
            "Removing case {} takes {}, {} and {} with it; {} lose it",
            case.slug,
            count(links, "link"),
            count(values, "value"),
            count(memos, "memo"),
            count(participants, "participant")
        );
        if cells > 0 {
            let go = if cells == 1 { "goes" } else { "go" };
            what.push_str(&format!("; {} of the frame {go}", count(cells, "cell")));
        }
        let leaning = study.store.leaning_on_case(case.id)?;
        if !leaning.is_empty() {
            let all: Vec<String> = leaning
                .iter()
                .map(|(what, n)| match *what {
                    "membership of a cohort" => format!("{} of cohorts", count(*n, "membership")),
                    "day of a goal" => format!("{} of reaching a goal", count(*n, "day")),
                    what => count(*n, what),
                })
                .collect();
            what.push_str(&format!("; it takes {} too", all.join(", ")));
        }
        if args.dry_run {
            self.out.say(&what);
            return Ok(Exit::Done);
        }
        self.confirm(
            args.yes || (links + values + memos + participants + cells == 0 && leaning.is_empty()),
            &what,
        )?;
        let ((), event) = study.change("case remove", |tx| {
            tx.remove_case(case.id)?;
            tx.summary(format!("remove case {}", case.slug));
            Ok(())
        })?;
        let with = if cells > 0 {
            format!(" with {} of the frame", count(cells, "cell"))
        } else {
            String::new()
        };
        self.done(&format!("Removed case {}{with}.", case.slug), event);
        Ok(Exit::Done)
    }

    /// Shows what an import of a table did. Rows that did not fit are the exit status's matter.
    pub(super) fn table_report(&self, report: &TableReport, noun: &str) -> Result<Exit> {
        self.out
            .text(report, || {
                let mut text = format!(
                    "{} added, {} edited, {} unchanged\n",
                    count(report.added.len() as u64, noun),
                    report.edited.len(),
                    report.unchanged
                );
                for (name, kind) in &report.attributes {
                    text.push_str(&format!("  new attribute {name} ({kind})\n"));
                }
                for RefusedRow { line, reason, .. } in &report.refused {
                    text.push_str(&format!("  line {line} did not fit: {reason}\n"));
                }
                text
            })
            .map_err(io_error)?;
        if let Some(event) = report.event {
            self.out
                .say(&format!("(event {event}; to take it back: casebook undo)"));
        }
        if report.refused.is_empty() {
            return Ok(Exit::Done);
        }
        let first = report.refused.iter().find_map(|r| r.hint.clone());
        super::complain(
            &format!(
                "{} did not fit; the rest is in",
                count(report.refused.len() as u64, "row")
            ),
            first.as_deref(),
        );
        Ok(Exit::Refused)
    }
}

/// A kind that no case has is refused.
fn of_kind(study: &Study, kind: &str) -> Result<()> {
    let mut kinds: Vec<String> = study.store.cases()?.into_iter().map(|c| c.kind).collect();
    kinds.sort();
    kinds.dedup();
    if kinds.iter().any(|k| k.eq_ignore_ascii_case(kind)) {
        return Ok(());
    }
    let near = did_you_mean(kind, kinds.iter().map(String::as_str))
        .map_or(String::new(), |near| format!("did you mean `{near}`? "));
    Err(CliError::refused(
        format!("no case is of kind `{}`", printable(kind)),
        format!("{near}the kinds are: {}", kinds.join(", ")),
    )
    .into())
}

pub(super) fn span_of_days(from: Option<Date>, to: Option<Date>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to <= from => Err(CliError::refused(
            "it would end before it begins",
            "give --to a later day than --from",
        )
        .into()),
        _ => Ok(()),
    }
}

fn days(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} until {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => String::new(),
    }
}

fn views(study: &Study, as_of: Option<Date>, only: Option<i64>) -> Result<Vec<CaseView>> {
    let store = &study.store;
    let day = as_of.map(|d| d.to_string());
    let people = People::read(store)?;
    let systems = Systems::read(store)?;
    let mut by_case = links_by_case(systems.links(), day.as_deref());
    // A case that has merged into another, or has its name no more, is no longer there on that day.
    let is_there = |id: i64| day.as_deref().is_none_or(|d| systems.is_there(id, d));
    let mut attributes: std::collections::HashMap<i64, serde_json::Map<String, serde_json::Value>> =
        std::collections::HashMap::new();
    for value in store.values(Owner::Case, only)? {
        attributes
            .entry(value.owner)
            .or_default()
            .insert(value.attribute, value.value.into());
    }
    let mut views = Vec::new();
    for case in systems
        .cases()
        .iter()
        .filter(|c| only.is_none_or(|id| id == c.id) && is_there(c.id))
        .cloned()
    {
        let [transcripts, participants, ..] = store.case_uses(case.id)?;
        let slug = |id: i64| people.case_slug(Some(id)).unwrap_or("?").to_owned();
        let links = by_case.remove(&case.id).unwrap_or_default();
        views.push(CaseView {
            links: links
                .into_iter()
                .map(|(l, _)| LinkView {
                    case: slug(l.case),
                    link: l.kind,
                    other: slug(l.other),
                    from: l.from,
                    to: l.to,
                })
                .collect(),
            attributes: attributes.remove(&case.id).unwrap_or_default(),
            transcripts,
            participants,
            names: systems
                .names_of(case.id)
                .map(|n| NameView {
                    name: n.name.clone(),
                    from: n.from.clone(),
                    to: n.to.clone(),
                    source: n.source.clone(),
                })
                .collect(),
            codes: systems
                .codes_of(case.id)
                .filter(|k| day.as_deref().is_none_or(|d| k.holds(d)))
                .map(|k| CodeView {
                    scheme: k.scheme.clone(),
                    code: k.code.clone(),
                    from: k.from.clone(),
                    to: k.to.clone(),
                })
                .collect(),
            case: case.slug,
            name: match &day {
                Some(day) => systems.name_on(case.id, day).to_owned(),
                None => case.name,
            },
            kind: case.kind,
            code: case.code,
            from: case.from,
            to: case.to,
        });
    }
    Ok(views)
}
