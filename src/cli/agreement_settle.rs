//! `agreement settle`, `agreement settled` and `agreement consensus`.

use clap::Args;

use super::agreement_disagreements::kept;
use super::output::{Exit, Table, count};
use super::table_file::TableFile;
use super::{CliError, Context, io_error};
use crate::coding::double::{
    Choice, Consensus, Handle, Keep, Pair, Settled, SettledList, Settling, consensus, settle,
    settled,
};
use crate::domain::place::Place;
use crate::domain::span::printable;
use crate::error::Result;
use crate::report::sheet::Sheet;

#[derive(Args)]
pub(super) struct SettleArgs {
    /// The disagreement, as `agreement disagreements` lists it: 1000003/1000017, or 1000003/none where only one coded
    #[arg(value_name = "HANDLE", allow_hyphen_values = true)]
    handle: String,
    /// What is kept: first, second, both (of a boundary, all that either coded) or neither
    #[arg(long, value_name = "WHICH", required_unless_present_any = ["at", "theme"], conflicts_with_all = ["at", "quote", "theme"])]
    keep: Option<Choice>,
    /// Another place is kept: T01:12, T01:12@5-40 or T01@100-250
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// The one place within that where exactly these words stand
    #[arg(long, value_name = "WORDS", requires = "at")]
    quote: Option<String>,
    /// Another theme is kept, by its path
    #[arg(long, value_name = "PATH")]
    theme: Option<String>,
    /// Between these two, where only one coded and more than two people coded the transcript
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    coders: Vec<String>,
    /// Settle anew what is settled already
    #[arg(long)]
    again: bool,
}

#[derive(Args)]
pub(super) struct SettledArgs {
    /// Only between these two
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    coders: Vec<String>,
    /// Only on this transcript
    #[arg(long, value_name = "ID")]
    transcript: Option<String>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct ConsensusArgs {
    /// Of these two; without it, the only two people who have coded
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    coders: Vec<String>,
    /// Only the transcripts of this sample
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
}

impl Context {
    pub(super) fn agreement_settle(&self, args: &SettleArgs) -> Result<Exit> {
        let handle: Handle = args.handle.parse()?;
        let keep = match args.keep {
            Some(choice) => Keep::Coded(choice),
            None => Keep::Other {
                place: args.at.as_deref().map(str::parse::<Place>).transpose()?,
                quote: args.quote.clone(),
                theme: args.theme.clone(),
            },
        };
        let why = self.global.why.as_deref().unwrap_or_default().trim();
        if why.is_empty() {
            return Err(CliError::refused(
                "a settlement needs its reason",
                format!(
                    "say why, as in: casebook agreement settle {handle} --keep first --why \"the definition leaves it out\""
                ),
            )
            .into());
        }
        let study = self.write()?;
        let done = settle(
            &study,
            &Settling {
                handle,
                coders: &args.coders,
                keep: &keep,
                why,
                again: args.again,
            },
        )?;
        self.out
            .text(&done, || settled_text(&done))
            .map_err(io_error)?;
        self.done("Settled.", done.event);
        Ok(Exit::Done)
    }

    pub(super) fn agreement_settled(&self, args: &SettledArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let pair = match args.coders[..] {
            [] => None,
            _ => Some(Pair::of(&study.store, &args.coders)?),
        };
        let transcript = args
            .transcript
            .as_deref()
            .map(|slug| Ok::<_, crate::error::Failure>(study.store.transcript(slug)?.id))
            .transpose()?;
        let list = settled(&study, pair.as_ref(), transcript)?;
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet(&list)],
            "Nothing is settled. See what is open with: casebook agreement disagreements --open",
        )?;
        Ok(Exit::Done)
    }

    pub(super) fn agreement_consensus(&self, args: &ConsensusArgs) -> Result<Exit> {
        let study = self.write()?;
        let pair = Pair::of(&study.store, &args.coders)?;
        let found = consensus(&study, &pair, args.sample.as_deref())?;
        self.out
            .styled(&found, || consensus_text(&found))
            .map_err(io_error)?;
        self.done(
            &format!("Coded {} as consensus.", count(found.coded, "passage")),
            found.event,
        );
        if found.open > 0 {
            self.out.say(&format!(
                "See what is open with: casebook agreement disagreements --coders {} --open",
                pair.typed()
            ));
        }
        Ok(Exit::Done)
    }
}

fn settled_text(done: &Settled) -> String {
    let mut out = format!(
        "{}  {}  {}  keep {}\n",
        done.handle,
        done.kind,
        done.transcript,
        kept(done.keeps, &done.coders)
    );
    for passage in &done.consensus {
        out.push_str(&format!(
            "  consensus  {}  {}@{}-{}  coding {}\n",
            passage.theme, done.transcript, passage.start, passage.end, passage.coding
        ));
    }
    if done.consensus.is_empty() {
        out.push_str("  consensus  -\n");
    }
    out
}

fn consensus_text(found: &Consensus) -> String {
    let mut table = Table::new(&["consensus", ">number"]);
    for (what, n) in [
        ("transcripts that both coded", found.transcripts),
        ("pairs of codings that agree", found.agreed),
        ("disagreements settled", found.settled),
        ("disagreements open", found.open),
        ("codings made now", found.coded),
        ("codings there already", found.known),
    ] {
        table.row([what.to_owned(), n.to_string()]);
    }
    let mut out = table.to_text(None);
    if !found.unsupported.is_empty() {
        let numbers: Vec<String> = found
            .unsupported
            .iter()
            .take(8)
            .map(ToString::to_string)
            .collect();
        out.push_str(&format!(
            "\n{} of consensus that {} and {} neither agree on nor settled: {}{}\n",
            count(found.unsupported.len(), "coding"),
            printable(found.coders.first().map_or("", String::as_str)),
            printable(found.coders.get(1).map_or("", String::as_str)),
            numbers.join(", "),
            if found.unsupported.len() > 8 {
                " …"
            } else {
                ""
            }
        ));
    }
    out
}

fn sheet(list: &SettledList) -> Sheet {
    let mut sheet = Sheet::new(
        "Settlements",
        [
            "settlement",
            "handle",
            "kind",
            "transcript",
            "between",
            "kept",
            "consensus",
            "by",
            "at",
            "stands",
            "why",
        ],
    );
    for s in &list.settled {
        let made: Vec<String> = s.consensus.iter().map(ToString::to_string).collect();
        sheet.row([
            s.settlement.into(),
            s.handle.clone().into(),
            s.kind.clone().into(),
            s.transcript.clone().into(),
            s.coders.join(", ").into(),
            kept(&s.keeps, &s.coders).into(),
            made.join(", ").into(),
            s.coder.clone().into(),
            s.at.clone().into(),
            if s.stands { "yes" } else { "no" }.into(),
            s.why.clone().into(),
        ]);
    }
    if list.reopened > 0 {
        sheet.note(format!(
            "{} no longer: a coding was changed or taken away since, and what it was about is open again.",
            if list.reopened == 1 {
                "1 settlement stands".to_owned()
            } else {
                format!("{} settlements stand", list.reopened)
            }
        ));
    }
    sheet
}
