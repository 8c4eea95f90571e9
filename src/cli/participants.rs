//! `participant`: the people in the study, by pseudonym.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, io_error, pair};
use crate::domain::attribute::Owner;
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::evidence::loss::{Loss, watch};
use crate::store::{OwnerId, Participant, Store};
use crate::study::People;
use crate::study::records::{check_name, set_attributes, within_form};

#[derive(Subcommand)]
pub(super) enum ParticipantCommand {
    /// Add a participant
    Add(ParticipantArgs),
    /// List participants
    List,
    /// Show a participant
    Show {
        /// The participant's pseudonym
        id: String,
    },
    /// Change a participant
    Edit(ParticipantArgs),
    /// Remove a participant; labels and transcripts stay, unassigned
    Remove {
        /// The participant's pseudonym
        id: String,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Import participants from a CSV: id, role, organisation, attribution, quotable, case; other columns are attributes
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct ParticipantArgs {
    /// The pseudonym, as P07; never a name
    id: String,
    /// A case that this person speaks about; on edit, all of them anew (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// The role, as a class and not a unique title
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The organisation, which is a case
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
    /// How far quotes may be attributed: named, role-org, role, case, non-attributable, background or off-record
    #[arg(long, value_name = "LEVEL")]
    attribution: Option<Attribution>,
    /// Whether this person's words may be quoted: yes or no
    #[arg(long, value_name = "YES|NO")]
    quotable: Option<String>,
    /// A value of an attribute; KEY= takes it away (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ParticipantView {
    participant: String,
    role: Option<String>,
    organisation: Option<String>,
    /// What holds: the strictest of what was set, agreed to and withdrawn.
    attribution: String,
    quotable: bool,
    set: SettingView,
    /// The number of the consent's newest version.
    consent: Option<i64>,
    cases: Vec<String>,
    transcripts: Vec<String>,
    attributes: serde_json::Map<String, serde_json::Value>,
}

/// What was set for the person.
#[derive(Serialize)]
struct SettingView {
    attribution: String,
    quotable: bool,
}

/// A participant that was changed, and what counts no more thereby.
#[derive(Serialize)]
struct Edited {
    participant: String,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

#[derive(Serialize)]
struct ParticipantList {
    participants: Vec<ParticipantView>,
}

impl Context {
    pub(super) fn participant(&self, command: ParticipantCommand) -> Result<Exit> {
        match command {
            ParticipantCommand::Add(args) => {
                check_name("participant", &args.id)?;
                let ((), event) = self.write()?.change("participant add", |tx| {
                    if let Ok(there) = tx.participant(&args.id) {
                        return Err(CliError::refused(
                            format!("participant `{}` exists already", there.code),
                            format!("change it with: casebook participant edit {}", there.code),
                        )
                        .into());
                    }
                    let new = Participant::new(&args.id);
                    let id = tx.put_participant(&with(tx, new, &args)?)?;
                    set_attributes(tx, OwnerId(Owner::Participant, id), &args.attr)?;
                    tx.summary(format!("add participant {}", args.id));
                    Ok(())
                })?;
                self.done(&format!("Added participant {}.", args.id), event);
            }
            ParticipantCommand::Edit(args) => {
                let study = self.write()?;
                let ((code, loss), event) = study.change("participant edit", |tx| {
                    watch(&study, || {
                        let before = tx.participant(&args.id)?;
                        let after = with(tx, before.clone(), &args)?;
                        if after != before {
                            if after.set != before.set {
                                within_form(tx, &after)?;
                            }
                            tx.put_participant(&after)?;
                        }
                        set_attributes(tx, OwnerId(Owner::Participant, before.id), &args.attr)?;
                        tx.summary(format!("edit participant {}", before.code));
                        Ok(before.code)
                    })
                })?;
                let view = Edited {
                    participant: code,
                    loss,
                    event,
                };
                self.out.text(&view, String::new).map_err(io_error)?;
                self.done(&format!("Edited participant {}.", args.id), event);
                self.say_loss(&view.loss, true);
            }
            ParticipantCommand::List => {
                let study = self.read()?;
                let list = ParticipantList {
                    participants: views(&study.store, None)?,
                };
                self.out
                    .table(
                        &list,
                        || {
                            let mut table = Table::new(&["id", "role", "organisation", "cases", "attribution", "quotable", "transcripts"]);
                            for p in &list.participants {
                                table.row([
                                    p.participant.clone(),
                                    p.role.clone().unwrap_or_default(),
                                    p.organisation.clone().unwrap_or_default(),
                                    p.cases.join(", "),
                                    p.attribution.clone(),
                                    if p.quotable { "yes" } else { "no" }.to_owned(),
                                    p.transcripts.join(", "),
                                ]);
                            }
                            table
                        },
                        "No participants yet. Add one with: casebook participant add P01 --role ROLE --case SLUG",
                    )
                    .map_err(io_error)?;
            }
            ParticipantCommand::Show { id } => {
                let study = self.read()?;
                let found = study.store.participant(&id)?;
                let Some(view) = views(&study.store, Some(&found.code))?.pop() else {
                    return Ok(Exit::Done);
                };
                self.out
                    .text(&view, || {
                        let or = |v: &Option<String>| v.clone().unwrap_or_else(|| "-".into());
                        let mut text = format!(
                            "{}\nrole          {}\norganisation  {}\ncases         {}\nattribution   {}\nquotable      {}\ntranscripts   {}\n",
                            view.participant,
                            or(&view.role),
                            or(&view.organisation),
                            view.cases.join(", "),
                            beside(&view.attribution, &view.set.attribution),
                            beside(yes(view.quotable), yes(view.set.quotable)),
                            view.transcripts.join(", ")
                        );
                        for (key, value) in &view.attributes {
                            text.push_str(&format!("{key} = {}\n", value.as_str().unwrap_or_default()));
                        }
                        text
                    })
                    .map_err(io_error)?;
            }
            ParticipantCommand::Remove { id, dry_run, yes } => {
                let study = self.write()?;
                let person = study.store.participant(&id)?;
                let [transcripts, labels, values, memos] =
                    study.store.participant_uses(person.id)?;
                let what = format!(
                    "Removing participant {} leaves {} and {} unassigned and takes {} and {} with it",
                    person.code,
                    count(transcripts, "transcript"),
                    count(labels, "label"),
                    count(values, "value"),
                    count(memos, "memo")
                );
                if dry_run {
                    self.out.say(&what);
                    return Ok(Exit::Done);
                }
                self.confirm(yes || transcripts + labels + values + memos == 0, &what)?;
                let ((), event) = study.change("participant remove", |tx| {
                    tx.remove_participant(person.id)?;
                    tx.summary(format!("remove participant {}", person.code));
                    Ok(())
                })?;
                self.done(&format!("Removed participant {}.", person.code), event);
            }
            ParticipantCommand::Import { file } => {
                let study = self.write()?;
                let (report, loss) = watch(&study, || study.import_participants(&file))?;
                let exit = self.table_report(&report, "participant")?;
                self.say_loss(&loss, true);
                return Ok(exit);
            }
        }
        Ok(Exit::Done)
    }
}

const fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// What holds, and what was set where that is another.
fn beside(holds: &str, set: &str) -> String {
    if holds == set {
        holds.to_owned()
    } else {
        format!("{holds} (set: {set})")
    }
}

/// A participant with what the arguments say.
fn with(store: &Store, mut p: Participant, args: &ParticipantArgs) -> Result<Participant> {
    if !args.case.is_empty() {
        p.cases = args
            .case
            .iter()
            .map(|c| Ok(store.case(c)?.id))
            .collect::<Result<_>>()?;
    }
    if let Some(role) = &args.role {
        p.role = Some(role.trim().to_owned()).filter(|r| !r.is_empty());
    }
    if let Some(organisation) = &args.organisation {
        p.organisation = Some(store.case(organisation)?.id);
    }
    if let Some(level) = args.attribution {
        p.set.attribution = level.word().into();
    }
    if let Some(quotable) = &args.quotable {
        p.set.quotable = crate::domain::attribute::Type::YesNo
            .canonical(quotable)
            .map_err(|e| CliError::refused(e.to_string(), "write it as in: --quotable no"))?
            == "yes";
    }
    Ok(p)
}

fn views(store: &Store, only: Option<&str>) -> Result<Vec<ParticipantView>> {
    let people = People::read(store)?;
    let mut transcripts: std::collections::HashMap<i64, Vec<String>> =
        std::collections::HashMap::new();
    let with = store.transcript_participants(None)?;
    for t in store.transcripts()? {
        for p in with.get(&t.id).into_iter().flatten() {
            transcripts.entry(*p).or_default().push(t.slug.clone());
        }
    }
    let mut attributes: std::collections::HashMap<i64, serde_json::Map<String, serde_json::Value>> =
        std::collections::HashMap::new();
    for value in store.values(Owner::Participant, None)? {
        attributes
            .entry(value.owner)
            .or_default()
            .insert(value.attribute, value.value.into());
    }
    let all = store
        .participants()?
        .into_iter()
        .filter(|p| only.is_none_or(|code| code == p.code));
    Ok(all
        .map(|p| ParticipantView {
            transcripts: transcripts.remove(&p.id).unwrap_or_default(),
            attributes: attributes.remove(&p.id).unwrap_or_default(),
            cases: p
                .cases
                .iter()
                .filter_map(|c| people.case_slug(Some(*c)))
                .map(str::to_owned)
                .collect(),
            organisation: people.case_slug(p.organisation).map(str::to_owned),
            participant: p.code,
            role: p.role,
            attribution: p.attribution,
            quotable: p.quotable,
            set: SettingView {
                attribution: p.set.attribution,
                quotable: p.set.quotable,
            },
            consent: p.agreed.map(|a| a.version),
        })
        .collect())
}
