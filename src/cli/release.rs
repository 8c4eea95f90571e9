//! What leaves the house is read once more as it was written. Anything found: no file, and a list of what and where.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::output::{Table, count};
use super::pseudonym_key::was_replaced;
use super::report::About;
use super::{CliError, Context, io_error};
use crate::error::Result;
use crate::governance::gate::Audience;
use crate::governance::key::{Key, path_of};
use crate::governance::pseudonym::Names;
use crate::governance::scan::{Finding, Rule, Said, Watch, read, scan, tellable};
use crate::report::Written;
use crate::store::{K_COUNTS, K_LABELS, Release};
use crate::study::Study;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct ReleaseArgs {
    /// Let words stand that were found and are no matter, with the reason in --why (can be repeated)
    #[arg(long, value_name = "WORDS")]
    pub(super) allow: Vec<String>,
    /// Release without looking for the names of a key that is lost, with the reason in --why
    #[arg(long)]
    pub(super) without_key: bool,
}

/// Who will read a file that is no report.
pub(super) enum Readers<'a> {
    /// The researchers: nothing is looked for.
    Team,
    /// The person whose data it is: others' names are taken out where it is made.
    Themselves,
    /// Anybody else: the file takes its place only if nothing is found in it. With the codings that it says it quotes,
    /// ascending.
    Others(About<'a>, &'a [i64]),
}

impl<'a> Readers<'a> {
    /// Those of something of that kind, called so.
    pub(super) fn of(about: About<'a>, codings: &'a [i64]) -> Self {
        if about.to.audience == Audience::Team {
            Self::Team
        } else {
            Self::Others(about, codings)
        }
    }
}

#[derive(Serialize)]
struct Refused<'f> {
    written: bool,
    findings: &'f [Finding],
}

impl Context {
    /// The names of the key beside the study, where there is one: without its passphrase nothing leaves the house.
    pub(super) fn names_for_release(&self, study: &Study, about: &About) -> Result<Option<Names>> {
        if !about.allow.is_empty() && self.global.why.is_none() {
            return Err(CliError::refused(
                "words are allowed without a reason",
                "say it, as in: --why \"the chair's name is public\"",
            )
            .into());
        }
        if about.to.audience == Audience::Team {
            return Ok(None);
        }
        if about.without_key && self.global.why.is_none() {
            return Err(CliError::refused(
                "a release without the key needs a reason",
                "say it, as in: --why \"the key was destroyed in March\"",
            )
            .into());
        }
        let path = path_of(study.path());
        if !path.exists() {
            if !about.without_key && was_replaced(study)? {
                return Err(CliError::refused(
                    format!(
                        "{} may not leave the house: names of this study were replaced with a key, and without it nobody can look for them",
                        about.what
                    ),
                    format!(
                        "put the key back for as long as it takes, as {}; if it is lost: --without-key --why \"REASON\"",
                        path.display()
                    ),
                )
                .into());
            }
            return Ok(None);
        }
        let passphrase = self.passphrase(&path, false)?;
        let key = Key::open(&path, &passphrase, &study.store.study()?.uuid)?;
        Ok(Some(Names::new(&key)))
    }

    /// Reads what was written. Where anything is found that may not leave the house, it is listed and refused.
    pub(super) fn may_leave(
        &self,
        study: &Study,
        names: Option<&Names>,
        about: &About,
        written: &Written,
        (path, bytes): (Option<&Path>, &[u8]),
    ) -> Result<()> {
        if about.to.audience == Audience::Team {
            return Ok(());
        }
        let mut document = read(bytes);
        if let Some(name) = path.and_then(Path::file_name) {
            let name = name.to_string_lossy().replace(['_', '-', '.'], " ");
            document.about.push(("the name of the file".into(), name));
        }
        let facts = study.store.study()?;
        let everybody = study.store.participants()?;
        let own = (about.to.audience == Audience::Participant)
            .then_some(about.subject)
            .flatten();
        let mut roles: Vec<String> = everybody.iter().filter_map(|p| p.role.clone()).collect();
        roles.sort();
        roles.dedup();
        let here = study
            .path()
            .canonicalize()
            .unwrap_or_else(|_| study.path().to_owned());
        let watch = Watch {
            names,
            codes: everybody
                .into_iter()
                .map(|p| p.code)
                .filter(|code| Some(code.as_str()) != own && tellable(code))
                .collect(),
            roles,
            contact: facts.contact,
            k_counts: facts.k_counts.unwrap_or(K_COUNTS),
            paths: [Some(here.as_path()), here.parent()]
                .into_iter()
                .flatten()
                .map(|p| p.to_string_lossy().into_owned())
                .filter(|p| p.len() > 4)
                .collect(),
        };
        let mut found = scan(&document, &watch);
        found.extend(Said::new(&document).hold(
            study,
            &about.to,
            &written.codings,
            about.among_few,
            names,
        )?);
        let k_labels = facts.k_labels.unwrap_or(K_LABELS);
        found.extend(differences(
            &study.store.releases()?,
            about.to.audience,
            &written.counts,
            u64::try_from(k_labels).unwrap_or(1),
        ));
        found.retain(|f| !f.is_allowed(about.allow));
        for finding in &mut found {
            finding.show(names);
        }
        if found.is_empty() {
            return Ok(());
        }
        self.list_findings(&found)?;
        Err(CliError::refused(
            format!(
                "{} may not leave the house: {} found, and nothing was written",
                about.what,
                count(found.len() as u64, "thing")
            ),
            match found.iter().find_map(|f| f.shown.as_deref()) {
                Some(words) => format!(
                    "mend what is found; where it is no matter: --allow {} --why \"REASON\"",
                    quoted(words)
                ),
                None => "mend what is found: pseudonymise the texts, correct what was written, or leave it out".to_owned(),
            },
        )
        .into())
    }
}

/// Words as a shell takes them for one.
fn quoted(words: &str) -> String {
    if words.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", words.replace('\'', "'\\''"))
    } else {
        format!("\"{words}\"")
    }
}

impl Context {
    /// Refuses a table of counts of people that differ by few from what its readers were given before.
    pub(super) fn may_count(
        &self,
        study: &Study,
        audience: Audience,
        counts: &BTreeMap<String, u64>,
    ) -> Result<()> {
        let k = study.store.study()?.k_labels.unwrap_or(K_LABELS);
        let k = u64::try_from(k).unwrap_or(1);
        let found = differences(&study.store.releases()?, audience, counts, k);
        if found.is_empty() {
            return Ok(());
        }
        self.list_findings(&found)?;
        Err(CliError::refused(
            format!(
                "the table may not leave the house: {} found, and nothing was written",
                count(found.len() as u64, "thing")
            ),
            "count codings instead, or hide more: casebook study edit --k-counts N",
        )
        .into())
    }

    /// What was found, as a table on stdout.
    fn list_findings(&self, found: &[Finding]) -> Result<()> {
        let refused = Refused {
            written: false,
            findings: found,
        };
        let table = || {
            let mut table = Table::new(&["rule", "what", "words", "place"]);
            for f in found {
                table.row([
                    f.rule.to_string(),
                    f.what.clone(),
                    f.shown.clone().unwrap_or_default(),
                    f.place.clone(),
                ]);
            }
            table
        };
        self.out.table(&refused, table, "").map_err(io_error)
    }
}

/// Counts of people that differ from what these readers, or anybody, were given last by fewer people than a label must
/// fit: the difference would be about these few.
pub(super) fn differences(
    releases: &[Release],
    audience: Audience,
    counts: &BTreeMap<String, u64>,
    k: u64,
) -> Vec<Finding> {
    let mut found = Vec::new();
    // What is for anybody is read by those who were given more before.
    let readers = |of: &str| {
        audience == Audience::Public || of == audience.word() || of == Audience::Public.word()
    };
    let given = [Audience::Participant, Audience::Case, Audience::Public];
    let given = given.map(Audience::word);
    for (of, now) in counts {
        let last = given.iter().filter(|a| readers(a)).filter_map(|a| {
            let to_them = |r: &&Release| r.audience.as_deref() == Some(*a);
            releases
                .iter()
                .rev()
                .filter(to_them)
                .find_map(|r| Some((r.id, *r.counts.get(of)?)))
        });
        let moved = |(_, before): &(i64, u64)| before != now && before.abs_diff(*now) < k;
        if let Some((report, before)) = last.filter(moved).max() {
            found.push(Finding {
                rule: Rule::Difference,
                place: format!("count of people: {of}"),
                what: format!("{before} in report {report}, {now} now"),
                words: of.clone(),
                shown: None,
            });
        }
    }
    found
}
