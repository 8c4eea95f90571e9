//! Histories as they come: the codebook read back from the record equals the one that stood then.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::coding::codebook::add;
use crate::coding::reshape::{merge, move_to, remove, rename, split};
use crate::domain::span::Span;
use crate::store::{NewCoding, StudyRow, Tx};
use crate::study::codebook_then::moment;
use crate::study::{ImportOptions, Session, Study};

struct Small {
    /// Kept as long as the study in it.
    _folder: tempfile::TempDir,
    study: Study,
}

fn small() -> Small {
    let folder = tempfile::tempdir().expect("a folder");
    let session = Session {
        coder: "mara".into(),
        now: "2021-11-03T10:00:00Z".into(),
        why: None,
    };
    let study = Study::create(&folder.path().join("a.casebook"), session).expect("a study");
    study
        .change("init", |tx| {
            Ok(tx.put_study(&StudyRow {
                uuid: String::new(),
                title: "Working as one".into(),
                method: "codebook".into(),
                language: "en".into(),
                contact: None,
                withdraw_by: None,
                started: "2021-11-03T10:00:00Z".into(),
                questions: Vec::new(),
                ..StudyRow::default()
            })?)
        })
        .expect("begun");
    let file = folder.path().join("T01.txt");
    std::fs::write(&file, "A: Nobody knows who decides here.\n\nB: I do.\n").expect("a file");
    study
        .import(&[file], &ImportOptions::default(), &())
        .expect("an import");
    Small {
        _folder: folder,
        study,
    }
}

fn code(tx: &Tx, theme: i64, start: u32, coder: &str) -> Result<()> {
    let transcript = tx.transcript("T01")?;
    let turn = transcript.revision.first_turn;
    let coding = NewCoding {
        transcript: transcript.id,
        revision: transcript.revision.id,
        span: Span::new(3 + start, 5 + start),
        turn,
        last_turn: turn,
        theme,
        coder: tx.coder(coder)?,
    };
    tx.add_codings(transcript.id, &[coding])?;
    Ok(())
}

/// What stood after an event: the themes, and the codings of each.
type Snapshot = (i64, Vec<Theme>, BTreeMap<i64, i64>);

fn snapshot(store: &Store) -> Snapshot {
    let counts = store.theme_counts().expect("counts");
    (
        store.last_event().expect("an event"),
        store.themes().expect("themes"),
        counts.into_iter().map(|(t, n, _)| (t, n)).collect(),
    )
}

/// One change, as it comes; refused ones change nothing.
fn step(study: &Study, (kind, a, b, c): (u8, usize, usize, u32)) {
    let book = Codebook::read(&study.store).expect("a codebook");
    let names = ["red", "green", "blue", "grey"];
    let path = |n: usize| match book.themes() {
        [] => "none".to_owned(),
        all => book.path(all[n % all.len()].id),
    };
    let name = names[b % names.len()];
    let done = match kind {
        0 | 1 => study
            .change("theme add", |tx| {
                let under = if c % 2 == 0 || book.themes().is_empty() {
                    name.to_owned()
                } else {
                    format!("{}/{name}", path(a))
                };
                add(tx, &under, Theme::default())
            })
            .map(drop),
        2 | 3 => study
            .change("theme edit", |tx| {
                let id = book.find(&path(a))?;
                let before = book.theme(id).cloned().unwrap_or_default();
                let text = Some(format!("{name} {c} words"));
                Ok(tx.put_theme(&if c % 2 == 0 {
                    Theme {
                        definition: text,
                        ..before
                    }
                } else {
                    Theme {
                        example: text,
                        include: None,
                        ..before
                    }
                })?)
            })
            .map(drop),
        4 => study
            .change("theme rename", |tx| rename(tx, &path(a), name))
            .map(drop),
        5 => study
            .change("theme move", |tx| {
                let to = path(b);
                move_to(tx, &path(a), if c % 3 == 0 { "/" } else { &to })
            })
            .map(drop),
        6 => study
            .change("theme merge", |tx| {
                let moved = merge(tx, &[path(a)], &path(b))?;
                tx.summary(format!(
                    "merge theme {} into {}: {moved:?}",
                    path(a),
                    path(b)
                ));
                Ok(())
            })
            .map(drop),
        7 => study
            .change("theme split", |tx| {
                let mut codings = Vec::new();
                tx.each_coding::<crate::error::Failure>(Some(book.find(&path(a))?), |c| {
                    codings.push(c.id);
                    Ok(())
                })?;
                codings.truncate(2);
                let done = split(tx, &path(a), &format!("{}/{name}", path(b)), &codings)?;
                tx.summary(format!("split off theme {} into {}", path(a), done.1));
                Ok(())
            })
            .map(drop),
        8 => study
            .change("theme remove", |tx| remove(tx, &path(a), true))
            .map(drop),
        9 | 10 => study
            .change("code", |tx| {
                let coder = if b % 2 == 0 { "mara" } else { "jo" };
                code(tx, book.find(&path(a))?, c % 4, coder)
            })
            .map(drop),
        11 => study.undo(None).map(drop),
        _ => study
            .undo(Some(3 + i64::try_from(a % 30).expect("small")))
            .map(drop),
    };
    done.ok();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_codebook_of_every_event_is_what_stood_then(
        steps in proptest::collection::vec((0_u8..14, 0_usize..40, 0_usize..40, 0_u32..40), 1..40),
        pairs in proptest::collection::vec((0_usize..100, 0_usize..100), 6),
    ) {
        let small = small();
        let store = &small.study.store;
        let mut all = vec![snapshot(store)];
        for one in steps {
            step(&small.study, one);
            let now = snapshot(store);
            if now.0 > all[all.len() - 1].0 {
                all.push(now);
            }
        }
        for (event, themes, _) in &all {
            let then = store.themes_at(*event).expect("themes then");
            prop_assert_eq!(&then.themes, themes, "event {}", event);
            prop_assert_eq!(then.erased, 0);
        }
        for (a, b) in pairs {
            let (a, b) = (a % all.len(), b % all.len());
            let (from, to) = (&all[a.min(b)], &all[a.max(b)]);
            let found = between(store, from.0, to.0).expect("between");
            let some = |counts: &BTreeMap<i64, i64>| -> BTreeMap<i64, i64> {
                counts.iter().filter(|(_, n)| **n != 0).map(|(t, n)| (*t, *n)).collect()
            };
            prop_assert_eq!(some(&found.then), some(&from.2));
            prop_assert_eq!(some(&found.later), some(&to.2));
            let at = |event: i64| moment(store, &event.to_string()).expect("a moment");
            let diff = codebook_diff(store, at(from.0), at(to.0)).expect("a diff");
            // Every theme is told of once or counted, and what is told makes the later codebook of the earlier one.
            let ids = |s: &Snapshot| s.1.iter().map(|t| t.id).collect::<std::collections::BTreeSet<_>>();
            prop_assert_eq!(diff.themes.len() + diff.unchanged, ids(from).union(&ids(to)).count());
            let told = |b: Became| diff.themes.iter().filter(|t| t.became.contains(&b)).count();
            prop_assert_eq!(told(Became::Added), ids(to).difference(&ids(from)).count());
            prop_assert_eq!(
                told(Became::Removed) + told(Became::Merged),
                ids(from).difference(&ids(to)).count()
            );
            for theme in &diff.themes {
                let gone = theme.codings_later.is_none();
                prop_assert_eq!(gone && theme.merged_into.is_some(), theme.became.contains(&Became::Merged));
            }
        }
    }
}

/// A study with `trust` and `belief`, three codings on the one and one on the other, of which two are the same passage.
fn coded() -> Small {
    let small = small();
    let study = &small.study;
    study
        .change("theme add", |tx| {
            let trust = add(tx, "trust", Theme::default())?;
            let belief = add(tx, "belief", Theme::default())?;
            for (theme, start) in [(trust, 0), (trust, 1), (trust, 2), (belief, 0)] {
                code(tx, theme, start, "mara")?;
            }
            Ok(())
        })
        .expect("coded");
    small
}

fn merged(study: &Study) {
    study
        .change("theme merge", |tx| {
            merge(tx, &["trust".into()], "belief")?;
            tx.summary(
                "merge theme trust into belief: 2 codings moved, 1 joined with one that was there",
            );
            Ok(())
        })
        .expect("merged");
}

fn diff_of(study: &Study, from: i64) -> CodebookDiff {
    let at = |typed: &str| moment(&study.store, typed).expect("a moment");
    codebook_diff(&study.store, at(&from.to_string()), at("now")).expect("a diff")
}

#[test]
fn a_merging_is_told_once_also_when_it_was_undone_and_brought_back() {
    let small = coded();
    let study = &small.study;
    let from = study.store.last_event().expect("an event");
    merged(study);
    let merging = study.store.last_event().expect("an event");
    let (_, undoing) = study.undo(Some(merging)).expect("undone");
    assert!(diff_of(study, from).themes.is_empty());
    let (_, again) = study.undo(Some(undoing)).expect("brought back");
    let went = |theme: &str, event: i64| Went {
        event,
        theme: theme.into(),
        codings: 3,
        joined: 1,
    };
    let diff = diff_of(study, from);
    let [belief, trust] = &diff.themes[..] else {
        panic!("{diff:?}")
    };
    assert_eq!(trust.became, [Became::Merged]);
    assert_eq!(trust.merged_into, Some(went("belief", again)));
    assert_eq!((trust.codings_then, trust.codings_later), (Some(3), None));
    assert_eq!(belief.became, [Became::TookIn]);
    assert_eq!(belief.took_in, [went("trust", again)]);
    assert_eq!(
        (belief.codings_then, belief.codings_later),
        (Some(1), Some(3))
    );
    // From within: it was merged already, then not, then again.
    assert!(diff_of(study, merging).themes.is_empty());
    assert_eq!(diff_of(study, undoing).themes.len(), 2);
    study.undo(Some(merging)).expect("undone again");
    assert!(diff_of(study, from).themes.is_empty());
}

#[test]
fn a_theme_that_went_on_is_told_where_it_ended() {
    let small = coded();
    let study = &small.study;
    let from = study.store.last_event().expect("an event");
    study
        .change("theme add", |tx| {
            add(tx, "faith", Theme::default())?;
            add(tx, "hope", Theme::default())
        })
        .expect("added");
    for (source, target) in [("trust", "faith"), ("faith", "hope")] {
        study
            .change("theme merge", |tx| {
                merge(tx, &[source.into()], target)?;
                tx.summary(format!("merge theme {source} into {target}: some"));
                Ok(())
            })
            .expect("merged");
    }
    let diff = diff_of(study, from);
    let of = |theme: &str| diff.themes.iter().find(|t| t.theme == theme);
    let trust = of("trust").expect("told of");
    assert_eq!(trust.merged_into.as_ref().map(|w| &*w.theme), Some("hope"));
    let hope = of("hope").expect("told of");
    assert_eq!(hope.became, [Became::Added, Became::TookIn]);
    assert_eq!(
        hope.took_in.len(),
        1,
        "what came and went is told by neither"
    );
    assert!(of("faith").is_none());
}

#[test]
fn a_split_is_told_on_both_sides() {
    let small = coded();
    let study = &small.study;
    let from = study.store.last_event().expect("an event");
    study
        .change("theme split", |tx| {
            let done = split(tx, "trust", "trust/board", &[1_000_001])?;
            tx.summary(format!("split 1 coding off theme trust into {}", done.1));
            Ok(())
        })
        .expect("split");
    let diff = diff_of(study, from);
    let [trust, board] = &diff.themes[..] else {
        panic!("{diff:?}")
    };
    assert_eq!(trust.became, [Became::Split]);
    assert_eq!(trust.split_into[0].theme, "trust/board");
    assert_eq!(trust.split_into[0].codings, 1);
    assert_eq!(board.became, [Became::Added, Became::SplitOff]);
    assert_eq!(board.split_off[0].theme, "trust");
    assert_eq!((board.codings_then, board.codings_later), (None, Some(1)));
}
