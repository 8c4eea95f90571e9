//! `agreement disagreements`: where two coders coded differently.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table, count, terminal_width, thousands};
use super::{Context, io_error};
use crate::analysis::disagreement::Kind;
use crate::coding::double::{
    Decision, DisagreementView, Disagreements, Pair, Side, Wanted, disagreements,
};
use crate::error::Result;

#[derive(Args)]
pub(super) struct DisagreementsArgs {
    /// Between these two; without it, the only two people who have coded
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    coders: Vec<String>,
    /// Only this kind: boundary, theme or presence
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Only what is not settled
    #[arg(long)]
    open: bool,
    /// Only the transcripts of this sample
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn agreement_disagreements(&self, args: &DisagreementsArgs) -> Result<Exit> {
        let study = self.read()?;
        let pair = Pair::of(&study.store, &args.coders)?;
        let wanted = Wanted {
            kind: args.kind,
            open: args.open,
            sample: args.sample.clone(),
        };
        let found = disagreements(&study, &pair, &self.filter(&args.filters), &wanted)?;
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || table(&found), ""),
            _ => self.out.text(&found, || text(&found, terminal_width())),
        }
        .map_err(io_error)?;
        self.out.say(&summary(&found));
        self.say_pending(found.pending);
        if args.open && found.open > 0 {
            self.out.say(
                "Settle one with: casebook agreement settle HANDLE --keep first|second|both|neither --why TEXT",
            );
        }
        Ok(Exit::Done)
    }
}

fn summary(found: &Disagreements) -> String {
    let [first, second] = &found.coders;
    if found.transcripts == 0 {
        return format!(
            "{first} and {second} have coded no transcript both. Draw some with: casebook agreement sample NAME --share 20% --seed 1"
        );
    }
    let kinds = &found.kinds;
    let agreed = match found.agreed {
        1 => "1 pair of codings".to_owned(),
        n => format!("{} pairs of codings", thousands(n)),
    };
    format!(
        "{} between {first} and {second} in {} that both coded: boundary {}, theme {}, presence {}; {} open. They agree on {agreed}.",
        count(found.total, "disagreement"),
        count(found.transcripts, "transcript"),
        kinds.boundary,
        kinds.theme,
        kinds.presence,
        found.open,
    )
}

fn text(found: &Disagreements, width: Option<usize>) -> String {
    let names = found
        .coders
        .iter()
        .map(|c| c.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for d in &found.disagreements {
        let about = [&d.participant, &d.case];
        let about: String =
            about
                .iter()
                .filter_map(|v| v.as_deref())
                .fold(String::new(), |mut all, one| {
                    all.push_str("  ");
                    all.push_str(one);
                    all
                });
        out.push_str(&format!(
            "{}  {}  {}:{}{about}\n",
            d.handle, d.kind, d.transcript, d.turn
        ));
        for (coder, side) in found.coders.iter().zip([&d.first, &d.second]) {
            let said = match side {
                Some(s) => {
                    let before = format!("{}  @{}-{}  ", s.theme, s.start, s.end);
                    let room = width.map(|w| w.saturating_sub(names + 6 + before.chars().count()));
                    format!("{before}“{}”", ends(&s.text, room))
                }
                None => "-".into(),
            };
            let pad = " ".repeat(names.saturating_sub(coder.chars().count()));
            out.push_str(&format!("  {coder}{pad}  {said}\n"));
        }
        if let Some(decision) = &d.settlement {
            out.push_str(&format!(
                "  settled: {}\n",
                decided(decision, &found.coders)
            ));
        }
        out.push('\n');
    }
    out
}

fn decided(decision: &Decision, coders: &[String; 2]) -> String {
    format!(
        "keep {}, by {} on {}: {}",
        kept(&decision.keeps, coders),
        decision.coder,
        decision.at.get(..10).unwrap_or(&decision.at),
        decision.why.replace('\n', " ")
    )
}

/// Whose codings are kept, by name.
pub(super) fn kept<'a>(keeps: &'a str, coders: &'a [String; 2]) -> &'a str {
    match keeps {
        "first" => &coders[0],
        "second" => &coders[1],
        other => other,
    }
}

/// A text on one line. Where it is too long for a terminal its middle goes: two who disagree on the boundary differ at
/// the ends.
fn ends(text: &str, room: Option<usize>) -> String {
    let line = crate::domain::span::printable(text).replace(['\n', '\t'], " ");
    let letters: Vec<char> = line.chars().collect();
    let Some(room) = room.map(|r| r.max(21)).filter(|r| letters.len() > *r) else {
        return line;
    };
    let half = (room - 3) / 2;
    let head: String = letters[..half].iter().collect();
    let tail: String = letters[letters.len() - half..].iter().collect();
    format!("{head} … {tail}")
}

fn table(found: &Disagreements) -> Table {
    let mut table = Table::new(&[
        "handle",
        "kind",
        "transcript",
        "turn",
        "start",
        "end",
        "text",
        "case",
        "participant",
        "first_coder",
        "first_coding",
        "first_theme",
        "first_start",
        "first_end",
        "second_coder",
        "second_coding",
        "second_theme",
        "second_start",
        "second_end",
        "settlement",
        "keeps",
        "why",
        "settled_by",
        "settled_at",
    ]);
    for d in &found.disagreements {
        table.row(row(d, &found.coders));
    }
    table
}

fn row(d: &DisagreementView, coders: &[String; 2]) -> Vec<String> {
    let or = |v: &Option<String>| v.clone().unwrap_or_default();
    let side = |coder: &str, side: &Option<Side>| match side {
        Some(s) => vec![
            coder.to_owned(),
            s.coding.to_string(),
            s.theme.clone(),
            s.start.to_string(),
            s.end.to_string(),
        ],
        None => vec![
            coder.to_owned(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ],
    };
    let mut cells = vec![
        d.handle.clone(),
        d.kind.to_string(),
        d.transcript.clone(),
        d.turn.to_string(),
        d.start.to_string(),
        d.end.to_string(),
        d.text.clone(),
        or(&d.case),
        or(&d.participant),
    ];
    cells.extend(side(&coders[0], &d.first));
    cells.extend(side(&coders[1], &d.second));
    cells.extend(match &d.settlement {
        Some(s) => [
            s.settlement.to_string(),
            s.keeps.clone(),
            s.why.clone(),
            s.coder.clone(),
            s.at.clone(),
        ],
        None => Default::default(),
    });
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_long_text_goes() {
        let long = "the beginning of it stands here and the end of it\nstands there";
        assert_eq!(
            ends(long, None),
            "the beginning of it stands here and the end of it stands there"
        );
        assert_eq!(ends(long, Some(33)), "the beginning o … it stands there");
        assert_eq!(ends("short", Some(2)), "short");
        assert_eq!(ends(long, Some(0)), "the begin … nds there");
    }
}
