//! The register of reports that were written to files.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use sha2::Digest;

use super::output::{Exit, Mode, Table};
use super::report::About;
use super::{Context, io_error};
use crate::error::Result;
use crate::governance::gate::{Audience, To};
use crate::report::{Format, Written};
use crate::store::NewRelease;
use crate::study::Study;
use crate::study::copies::{kept_path, place_of};

#[derive(Serialize)]
struct ReportView {
    report: i64,
    kind: String,
    subject: Option<String>,
    format: String,
    at: String,
    coder: String,
    event: i64,
    /// How many codings it quotes.
    quoted: usize,
    findings: Vec<i64>,
    /// To whom it was given; null in what was registered before that was kept.
    audience: Option<String>,
    path: Option<String>,
    /// The counts of people that it prints.
    counts: std::collections::BTreeMap<String, u64>,
    /// Of the file.
    sha256: String,
}

#[derive(Serialize)]
struct ReportList {
    reports: Vec<ReportView>,
}

impl Context {
    /// Puts a report on the register, so that a passage can be followed into it.
    pub(super) fn register(
        &self,
        study: &Study,
        path: &Path,
        about: &About,
        written: &Written,
        sha256: [u8; 32],
    ) -> Result<()> {
        let format = Format::of(path)?.ending();
        register_as(study, path, about, written, (sha256, format))
    }

    /// Puts a table of counts that left the team on the register: a later count is compared with it.
    pub(super) fn register_table(
        &self,
        study: &Study,
        path: &Path,
        audience: Audience,
        counts: BTreeMap<String, u64>,
    ) {
        let to = To::anyone(audience);
        let about = About {
            what: "the table",
            kind: "matrix",
            subject: None,
            to,
            among_few: false,
            allow: &[],
            without_key: false,
        };
        let written = Written {
            counts,
            ..Written::default()
        };
        let done = std::fs::read(path).map_err(io_error).and_then(|bytes| {
            let format = path.extension().and_then(|e| e.to_str()).unwrap_or("table");
            let sha256 = sha2::Sha256::digest(&bytes).into();
            register_as(study, path, &about, &written, (sha256, format))
        });
        if let Err(failure) = done {
            self.out.warn(&format!(
                "the table is written, but not in the register of reports: {failure}"
            ));
        }
    }

    pub(super) fn report_list(&self) -> Result<Exit> {
        let study = self.read()?;
        let list = ReportList {
            reports: study
                .store
                .releases()?
                .into_iter()
                .map(|r| ReportView {
                    report: r.id,
                    kind: r.kind,
                    subject: r.subject,
                    format: r.format,
                    at: r.at,
                    coder: r.coder,
                    event: r.event,
                    quoted: r.codings.len(),
                    findings: r.findings,
                    audience: r.audience,
                    path: r
                        .path
                        .map(|path| place_of(study.path(), &path).display().to_string()),
                    counts: r.counts,
                    sha256: r.sha256.iter().fold(String::new(), |mut hex, b| {
                        hex.push_str(&format!("{b:02x}"));
                        hex
                    }),
                })
                .collect(),
        };
        self.out
            .table(
                &list,
                || {
                    let heads = [
                        ">report", "kind", "subject", "format", "at", "coder", ">codings",
                        "findings", "audience", "sha256",
                    ];
                    // By eye, the beginning is enough.
                    let whole = self.out.mode == Mode::Csv;
                    let mut table = Table::new(&heads);
                    for r in &list.reports {
                        let findings: Vec<String> =
                            r.findings.iter().map(ToString::to_string).collect();
                        let row = [
                            r.report.to_string(),
                            r.kind.clone(),
                            r.subject.clone().unwrap_or_default(),
                            r.format.clone(),
                            r.at.clone(),
                            r.coder.clone(),
                            r.quoted.to_string(),
                            findings.join(", "),
                            r.audience.clone().unwrap_or_default(),
                            r.sha256[..if whole { 64 } else { 12 }].to_owned(),
                        ];
                        table.row(row);
                    }
                    table
                },
                "No report was written to a file yet. Write one with: casebook report summary -o summary.html",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}

/// `format` is the end of the file's name.
fn register_as(
    study: &Study,
    path: &Path,
    about: &About,
    written: &Written,
    (sha256, format): ([u8; 32], &str),
) -> Result<()> {
    study.change("report write", |tx| {
        tx.summary(
            match about.subject {
                Some(subject) => format!("write {} {subject} as {format}", about.kind),
                None => format!("write {} as {format}", about.kind),
            } + &match about.allow.len() {
                0 => String::new(),
                n => format!(", {n} allowed"),
            },
        );
        Ok(tx.add_release(&NewRelease {
            kind: about.kind,
            subject: about.subject,
            format,
            sha256,
            codings: &written.codings,
            findings: &written.findings,
            audience: about.to.audience.word(),
            path: &kept_path(study.path(), path),
            counts: &written.counts,
        })?)
    })?;
    Ok(())
}
