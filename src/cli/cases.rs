//! `case`: units of analysis and the dated graph between them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, date, filled, io_error, pair};
use crate::domain::Date;
use crate::domain::attribute::Owner;
use crate::domain::words::LinkKind;
use crate::error::Result;
use crate::store::{Case, OwnerId};
use crate::study::records::{
    RefusedRow, TableReport, check_name, link, links_by_case, set_attributes,
};
use crate::study::{People, Study};

#[derive(Subcommand)]
pub(super) enum CaseCommand {
    /// Add a case
    Add(AddArgs),
    /// List cases
    List(AsOf),
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

#[derive(Args)]
pub(super) struct LinkArgs {
    /// The case …
    case: String,
    /// … stands so: part-of, partner-of, merged-into or renamed-to …
    kind: LinkKind,
    /// … to this one
    other: String,
    /// The first day of the link
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it no longer stands
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
}

#[derive(Args)]
pub(super) struct UnlinkArgs {
    /// The case …
    case: String,
    /// … that stands so: part-of, partner-of, merged-into or renamed-to …
    kind: LinkKind,
    /// … to this one
    other: String,
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
    attributes: serde_json::Map<String, serde_json::Value>,
    transcripts: i64,
    participants: i64,
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
            CaseCommand::Link(args) => {
                let ((), event) = self.write()?.change("case link", |tx| {
                    link(tx, &args.case, args.kind, &args.other, args.from, args.to)?;
                    tx.summary(format!(
                        "link case {} {} {}",
                        args.case, args.kind, args.other
                    ));
                    Ok(())
                })?;
                self.done(
                    &format!("{} is {} {}.", args.case, args.kind, args.other),
                    event,
                );
                Ok(Exit::Done)
            }
            CaseCommand::Unlink(args) => {
                let (n, event) = self.write()?.change("case unlink", |tx| {
                    let (a, b) = (tx.case(&args.case)?.id, tx.case(&args.other)?.id);
                    let found: Vec<_> = tx
                        .case_links()?
                        .into_iter()
                        .filter(|l| (l.case, l.other) == (a, b) && l.kind == args.kind.word())
                        .collect();
                    for l in &found {
                        tx.remove_case_link(l.id)?;
                    }
                    tx.summary(format!(
                        "unlink case {} {} {}",
                        args.case, args.kind, args.other
                    ));
                    Ok(found.len())
                })?;
                if n == 0 {
                    return Err(CliError::refused(
                        format!("`{}` is not {} `{}`", args.case, args.kind, args.other),
                        format!("see the links with: casebook case show {}", args.case),
                    )
                    .into());
                }
                self.done(
                    &format!("{} is no longer {} {}.", args.case, args.kind, args.other),
                    event,
                );
                Ok(Exit::Done)
            }
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

    fn case_list(&self, args: &AsOf) -> Result<Exit> {
        let study = self.read()?;
        let cases = views(&study, args.as_of, None)?;
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
        if args.dry_run {
            self.out.say(&what);
            return Ok(Exit::Done);
        }
        self.confirm(
            args.yes || links + values + memos + participants + cells == 0,
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

fn span_of_days(from: Option<Date>, to: Option<Date>) -> Result<()> {
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
    let links = store.case_links()?;
    let mut by_case = links_by_case(&links, day.as_deref());
    // A case that has merged into another, or has its name no more, is no longer there on that day.
    let gone = |id: i64| {
        day.is_some()
            && links.iter().any(|l| {
                l.case == id
                    && matches!(l.kind.as_str(), "merged-into" | "renamed-to")
                    && l.from.is_some()
                    && l.stands(day.as_deref())
            })
    };
    let exists = |c: &Case| {
        day.as_deref().is_none_or(|d| {
            c.from.as_deref().is_none_or(|f| f <= d) && c.to.as_deref().is_none_or(|t| d < t)
        })
    };
    let mut attributes: std::collections::HashMap<i64, serde_json::Map<String, serde_json::Value>> =
        std::collections::HashMap::new();
    for value in store.values(Owner::Case, only)? {
        attributes
            .entry(value.owner)
            .or_default()
            .insert(value.attribute, value.value.into());
    }
    let mut views = Vec::new();
    for case in store
        .cases()?
        .into_iter()
        .filter(|c| only.is_none_or(|id| id == c.id) && exists(c) && !gone(c.id))
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
            case: case.slug,
            name: case.name,
            kind: case.kind,
            code: case.code,
            from: case.from,
            to: case.to,
        });
    }
    Ok(views)
}
