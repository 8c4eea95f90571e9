//! How passages stand to those of other themes: an option for each relation and its opposite, the same on every command
//! that shows coded passages.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::CliError;
use super::output::thousands;
use crate::domain::filter::Filter;
use crate::domain::relation::{Asked, Distance, Relation};
use crate::error::{Problem, Result};

const HEADING: &str = "Relations to other themes (every one given must hold)";

/// Made by hand: the options are the list of relations, so none can be forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct RelationArgs {
    asked: Vec<Asked>,
    pub(super) distance: Option<Distance>,
}

/// The help of a relation and, where it has one, of its opposite.
const fn help(relation: Relation) -> (&'static str, Option<&'static str>) {
    match relation {
        Relation::SameSpan => (
            "Only passages that are coded with this theme too, from the same character to the same (can be repeated, as all of these)",
            Some("Only passages on which no coding of this theme stands exactly"),
        ),
        Relation::OverlapPart => (
            "Only what is coded with this theme too: the shared part of each passage, not the whole",
            None,
        ),
        Relation::OverlapWhole => (
            "Only passages that share at least a character with this theme, whole",
            Some("Only passages that share nothing with this theme"),
        ),
        Relation::Within => (
            "Only passages inside one of this theme, or just as long",
            Some("Only passages inside none of this theme"),
        ),
        Relation::Encloses => (
            "Only passages with one of this theme inside, or just as long",
            Some("Only passages with none of this theme inside"),
        ),
        Relation::Overlaps => (
            "Only passages into which one of this theme begins, to end after them",
            Some("Only passages into which none of this theme begins to end after them"),
        ),
        Relation::OverlappedBy => (
            "Only passages that begin in one of this theme and end after it",
            Some("Only passages that begin in none of this theme to end after it"),
        ),
        Relation::Follows => (
            "Only passages after one of this theme, within the distance where one is given",
            Some("Only passages after none of this theme"),
        ),
        Relation::Precedes => (
            "Only passages before one of this theme, within the distance where one is given",
            Some("Only passages before none of this theme"),
        ),
        Relation::Near => (
            "Only passages within the distance of this theme, on either side or overlapping",
            Some("Only passages with none of this theme within the distance"),
        ),
        Relation::SameTurn => (
            "Only passages that touch a turn which this theme touches",
            Some("Only passages whose turns this theme does not touch"),
        ),
        Relation::SameTranscript => (
            "Only passages of transcripts with this theme",
            Some("Only passages of transcripts without this theme"),
        ),
        Relation::SameCase => (
            "Only passages of cases with this theme, in whatever transcript",
            Some("Only passages of cases without this theme"),
        ),
        Relation::Alone => (
            "Only passages that share nothing with any other theme; with =PATH, with none of these",
            Some(
                "Only passages that share something with another theme; with =PATH, with one of these",
            ),
        ),
    }
}

fn option(relation: Relation, name: &'static str, help: &'static str) -> Arg {
    let arg = Arg::new(name)
        .long(name)
        .value_name("PATH")
        .action(ArgAction::Append)
        .help(help)
        .help_heading(HEADING);
    if relation == Relation::Alone {
        arg.num_args(0..=1)
            .require_equals(true)
            .default_missing_value("")
    } else {
        arg
    }
}

fn not(relation: Relation) -> &'static str {
    match relation {
        Relation::SameSpan => "not-same-span",
        Relation::OverlapPart | Relation::OverlapWhole => "not-overlap-whole",
        Relation::Within => "not-within",
        Relation::Encloses => "not-encloses",
        Relation::Overlaps => "not-overlaps",
        Relation::OverlappedBy => "not-overlapped-by",
        Relation::Follows => "not-follows",
        Relation::Precedes => "not-precedes",
        Relation::Near => "not-near",
        Relation::SameTurn => "not-same-turn",
        Relation::SameTranscript => "not-same-transcript",
        Relation::SameCase => "not-same-case",
        Relation::Alone => "not-alone",
    }
}

fn distance(typed: &str) -> Result<Distance, String> {
    typed
        .parse::<Distance>()
        .map_err(|e| e.hint().unwrap_or_default())
}

/// Where a distance is in seconds, transcripts without times can't be measured: whoever looks is told.
pub(super) fn untimed_note(untimed: usize) -> Option<String> {
    (untimed > 0).then(|| {
        format!(
            "{} no times, so nothing there is measured in seconds.",
            if untimed == 1 {
                "1 transcript has".to_owned()
            } else {
                format!("{} transcripts have", thousands(untimed as u64))
            }
        )
    })
}

impl Args for RelationArgs {
    fn augment_args(command: Command) -> Command {
        let mut command = command;
        for relation in Relation::ALL {
            let (yes, no) = help(*relation);
            command = command.arg(option(*relation, relation.word(), yes));
            if let Some(no) = no {
                command = command.arg(option(*relation, not(*relation), no));
            }
        }
        command.arg(
            Arg::new("distance")
                .long("distance")
                .value_name("DISTANCE")
                .value_parser(distance)
                .help("How much may lie between: 2turns, 30words, 1sentence, 200characters or 20seconds")
                .help_heading(HEADING),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for RelationArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut asked = Vec::new();
        for relation in Relation::ALL {
            let names = [(relation.word(), false), (not(*relation), true)];
            for (name, not) in names {
                // Each has one opposite, and a shared part none.
                if not && *relation == Relation::OverlapPart {
                    continue;
                }
                let typed: Vec<String> = matches
                    .get_many::<String>(name)
                    .unwrap_or_default()
                    .cloned()
                    .collect();
                let one = |themes| Asked {
                    relation: *relation,
                    not,
                    themes,
                };
                if *relation != Relation::Alone {
                    asked.extend(typed.into_iter().map(|theme| one(vec![theme])));
                } else if typed.iter().any(String::is_empty) {
                    asked.push(one(Vec::new()));
                } else if !typed.is_empty() {
                    asked.push(one(typed));
                }
            }
        }
        Ok(Self {
            asked,
            distance: matches.get_one::<Distance>("distance").copied(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl RelationArgs {
    /// Puts what was asked into a filter. `used`: the command has another use for the distance.
    pub(super) fn put(&self, filter: &mut Filter, used: bool) -> Result<()> {
        let bears = self.asked.iter().any(|a| a.relation.has_distance());
        if self.distance.is_some() && !used && !bears {
            return Err(CliError::refused(
                "the distance is of nothing",
                "say what may be so far away, as in: --near PATH --distance 2turns; or --follows PATH, or --precedes PATH",
            )
            .into());
        }
        filter.relations.clone_from(&self.asked);
        filter.distance = self.distance;
        Ok(())
    }
}
