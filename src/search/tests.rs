//! The index and the matcher must agree: what the index finds is what the matcher says of each text.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::domain::span::{Codepoints, Span};

fn language(code: &str) -> Language {
    code.parse().expect("a known language")
}

fn build(dir: &Path, texts: &[(Language, String)]) -> Index {
    build_in_segments(dir, texts, usize::MAX)
}

/// An index of these texts, with so many in each segment.
fn build_in_segments(dir: &Path, texts: &[(Language, String)], each: usize) -> Index {
    let index = Index::create(dir).expect("a new index");
    let mut writer = Writer::new(&index, 1, 0).expect("nobody else writes");
    for (id, (language, text)) in (0u32..).zip(texts) {
        if id > 0 && (id as usize).is_multiple_of(each) {
            writer.commit(&Stamp::new("s", 0)).expect("a commit");
        }
        writer
            .add(Doc::Turn(id), Owner::Revision(id / 3), *language, text)
            .expect("a document");
    }
    writer.commit(&Stamp::new("s", 1)).expect("a commit");
    writer.finish().expect("an end");
    index.reload().expect("a reload");
    index
}

fn ids(set: &TurnSet) -> Vec<u32> {
    set.iter().collect()
}

fn found(index: &Index, query: &str, languages: &[Language]) -> Vec<u32> {
    let query = parse(query).expect("a query");
    let turns = index.turns(&query, languages, &Filter::ALL).expect("turns");
    let all = index
        .search(&query, languages, &Filter::ALL, 10_000)
        .expect("hits");
    let mut hits: Vec<u32> = all
        .hits
        .iter()
        .filter_map(|hit| match hit.doc {
            Doc::Turn(id) => Some(id),
            Doc::Memo(_) => None,
        })
        .collect();
    hits.sort_unstable();
    assert_eq!(ids(&turns), hits, "with and without scores");
    assert_eq!(all.total, hits.len() as u64);
    hits
}

fn matched(query: &str, languages: &[Language], texts: &[(Language, String)]) -> Vec<u32> {
    let mut matcher = Matcher::new(&parse(query).expect("a query"), languages);
    (0u32..)
        .zip(texts)
        .filter(|(_, (language, text))| matcher.find(text, *language).is_some())
        .map(|(id, _)| id)
        .collect()
}

fn texts(list: &[(&str, &str)]) -> Vec<(Language, String)> {
    list.iter()
        .map(|(code, text)| (language(code), (*text).to_owned()))
        .collect()
}

#[test]
fn what_each_query_finds() {
    let texts = texts(&[
        ("en", "We decided to trust the manager’s decision."),
        ("en", "Deciding is hard; I don't trust it."),
        ("fr", "L’autonomie des patients, c'est l'état."),
        ("fr", "Les décisions des autonomies locales"),
        ("de", "Die Häuser der Straße, das Haus"),
        ("en", "very very good work-life balance at 10:30"),
        ("en", "very good A&E entrusted government governs govern"),
        ("none", "trusting Trusting"),
        ("en", "the café, the cafe, the accountable"),
        ("en", ""),
        ("en", "a b c d e f g h a"),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let index = build(folder.path(), &texts);
    let en = [language("en")];
    let all = ["en", "fr", "de", "none"].map(language);
    for (query, languages, expected) in [
        ("trust", &en[..], vec![0, 1]),
        ("trusting", &all[..], vec![0, 1, 7]),
        ("decisions", &en, vec![0]),
        ("decisions", &all, vec![0, 3]),
        ("autonomie", &all, vec![2, 3]),
        ("l'autonomie", &all, vec![2, 3]),
        ("autonom*", &en, vec![2, 3]),
        ("l'auton*", &en, vec![2]),
        ("l'éta*", &all, vec![2]),
        ("=autonomie", &all, vec![]),
        ("=l’autonomie", &all, vec![2]),
        ("haus", &all, vec![4]),
        ("strasse", &all, vec![4]),
        ("STRASSE", &en, vec![]),
        ("manager", &en, vec![0]),
        ("=manager", &en, vec![]),
        ("=\"manager's decision\"", &en, vec![0]),
        ("work-life", &en, vec![5]),
        ("10:30", &en, vec![5]),
        ("A&E", &en, vec![6]),
        ("\"very very\"", &en, vec![5]),
        ("\"very good\"", &en, vec![5, 6]),
        ("\"very very good\"", &en, vec![5]),
        ("\"very very very\"~9", &en, vec![]),
        ("\"very balance\"~4", &en, vec![5]),
        ("\"very balance\"~3", &en, vec![5]),
        ("\"very balance\"~2", &en, vec![]),
        ("govern*", &en, vec![6]),
        ("=govern", &en, vec![6]),
        ("=governing", &en, vec![]),
        ("entrust~1", &en, vec![]),
        ("entrust~2", &en, vec![0, 1, 6]),
        ("acountable~1", &en, vec![8]),
        ("acuontable~1", &en, vec![]),
        ("acuontable~2", &en, vec![8]),
        ("cafe", &en, vec![8]),
        ("=café", &en, vec![8]),
        ("=cafes", &en, vec![]),
        ("café*", &en, vec![8]),
        ("trust NOT decision", &en, vec![1]),
        ("trust OR govern", &en, vec![0, 1, 6]),
        ("a NEAR/2 c", &en, vec![10]),
        ("c NEAR/2 a", &en, vec![10]),
        ("a NEAR/1 c", &en, vec![]),
        ("a NEAR/1 a", &en, vec![]),
        ("a NEAR/8 a", &en, vec![10]),
        ("a NEAR/7 a", &en, vec![]),
        ("\"b c\" NEAR/2 \"e f\"", &en, vec![10]),
        ("\"e f\" NEAR/1 \"b c\"", &en, vec![]),
        ("\"b e\"~2 NEAR/1 f", &en, vec![10]),
        ("\"b c\" NEAR/3 \"c d\"", &en, vec![]),
        ("trust* NEAR/3 decis*", &en, vec![0]),
        ("(trust decision) OR (very NOT good)", &en, vec![0]),
        ("don’t", &en, vec![1]),
    ] {
        assert_eq!(found(&index, query, languages), expected, "index: {query}");
        assert_eq!(
            matched(query, languages, &texts),
            expected,
            "matcher: {query}"
        );
    }
}

#[test]
fn the_spans_that_made_it_match() {
    let show = |query: &str, code: &str, text: &str| -> Option<Vec<String>> {
        let mut matcher = Matcher::new(&parse(query).expect("a query"), &[language(code)]);
        let spans = matcher.find(text, language(code))?;
        let points = Codepoints::new(text);
        Some(
            spans
                .iter()
                .map(|span| points.slice(*span).to_owned())
                .collect(),
        )
    };
    for (query, text, expected) in [
        (
            "trust",
            "Trust, trusted. No.",
            Some(vec!["Trust", "trusted"]),
        ),
        ("trust NOT money", "trust and money", None),
        ("trust NOT money", "trust and time", Some(vec!["trust"])),
        (
            "trust OR money",
            "money, trust",
            Some(vec!["money", "trust"]),
        ),
        (
            "trust OR (money AND time)",
            "money, trust",
            Some(vec!["trust"]),
        ),
        (
            "\"home visits\"",
            "a home visit; visits at home",
            Some(vec!["home visit"]),
        ),
        (
            "\"home visits\"~2",
            "home from a visit",
            Some(vec!["home", "visit"]),
        ),
        ("\"a b c\"~1", "a b x c", Some(vec!["a b", "c"])),
        ("a NEAR/2 b", "a x b x x x a", Some(vec!["a", "b"])),
        (
            "\"very very\"",
            "very very very",
            Some(vec!["very very very"]),
        ),
        ("é*", "日本 École’s état", Some(vec!["École’s", "état"])),
        ("govern* OR governing", "governing", Some(vec!["governing"])),
    ] {
        let expected = expected.map(|list| list.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(show(query, "en", text), expected, "{query}");
    }
    let mut matcher = Matcher::new(&parse("état").expect("a query"), &[language("fr")]);
    assert_eq!(
        matcher.find("😀 l’État", language("fr")),
        Some(vec![Span::new(2, 8)])
    );
    assert_eq!(matcher.find("😀 l’État", language("en")), None);
}

#[test]
fn hits_are_ranked_and_filtered() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = Index::create(folder.path()).expect("a new index");
    let mut writer = Writer::new(&index, 1, 0).expect("nobody else writes");
    let en = Language::ENGLISH;
    for turn in (0..40).rev() {
        let text = if turn == 17 {
            "trust trust"
        } else {
            "trust here"
        };
        let owner = Owner::Revision(turn);
        writer
            .add(Doc::Turn(turn), owner, en, text)
            .expect("a turn");
        if turn == 20 {
            writer.commit(&Stamp::new("s", 1)).expect("a commit");
        }
    }
    writer
        .add(Doc::Memo(17), Owner::Memo(17), en, "trust here")
        .expect("a memo");
    writer.commit(&Stamp::new("s", 2)).expect("a commit");
    index.reload().expect("a reload");

    let search = |query: &str, filter: &Filter, limit: usize| {
        let found = index.search(&parse(query).expect("a query"), &[en], filter, limit);
        let found = found.expect("a search");
        let docs: Vec<Doc> = found.hits.iter().map(|hit| hit.doc).collect();
        (found.total, docs)
    };
    let turns = |ids: &[u32]| ids.iter().map(|&id| Doc::Turn(id)).collect::<Vec<_>>();
    assert_eq!(search("trust", &Filter::ALL, 0), (41, vec![]));
    assert_eq!(
        search("trust", &Filter::ALL, 4),
        (41, turns(&[17, 0, 1, 2]))
    );
    assert_eq!(search("trust", &Filter::TURNS, 3), (40, turns(&[17, 0, 1])));
    assert_eq!(search("tru*", &Filter::ALL, 3), (41, turns(&[0, 1, 2])));
    assert_eq!(
        search("trust", &Filter::ALL, 1000).1.last(),
        Some(&Doc::Memo(17))
    );
    let some = Filter {
        turns: Some(TurnSet::from_ranges([16..19, 38..60])),
        memos: false,
    };
    assert_eq!(search("trust", &some, 9), (5, turns(&[17, 16, 18, 38, 39])));
    let memos = Filter {
        turns: Some(TurnSet::new()),
        memos: true,
    };
    assert_eq!(search("trust", &memos, 9), (1, vec![Doc::Memo(17)]));
    assert_eq!(search("nothing", &Filter::ALL, 9), (0, vec![]));
    let set = index.turns(&parse("here").expect("a query"), &[en], &some);
    assert_eq!(ids(&set.expect("turns")), [16, 18, 38, 39]);
}

#[test]
fn a_large_filter_is_laid_out_and_says_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<(Language, String)> = (0..20_000)
        .map(|n| {
            (
                Language::NONE,
                if n % 3 == 0 { "yes" } else { "no" }.to_owned(),
            )
        })
        .collect();
    let index = build(folder.path(), &texts);
    let filter = Filter {
        turns: Some((0..20_000).filter(|n| n % 7 != 0).collect()),
        memos: false,
    };
    let query = parse("yes OR no").expect("a query");
    let found = index.search(&query, &[], &filter, 5).expect("a search");
    assert_eq!(
        found.total,
        (0..20_000).filter(|n| n % 7 != 0).count() as u64
    );
    let turns = index.turns(&query, &[], &filter).expect("turns");
    assert_eq!(Some(turns), filter.turns);
}

#[test]
fn a_prefix_and_a_misspelling_have_no_limit_of_expansions() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts: Vec<(Language, String)> = (0..3000)
        .map(|n| (Language::NONE, format!("feel zz{n} word{:03}", n % 1000)))
        .collect();
    let index = build(folder.path(), &texts);
    assert_eq!(found(&index, "zz*", &[]).len(), 3000);
    assert_eq!(found(&index, "feel NEAR/1 zz*", &[]).len(), 3000);
    assert_eq!(
        found(&index, "word100~1", &[]).len(),
        matched("word100~1", &[], &texts).len()
    );
    assert_eq!(
        found(&index, "word100~2", &[]),
        matched("word100~2", &[], &texts)
    );
}

/// Words that share stems, prefixes, accents and near misses.
const WORDS: [&str; 22] = [
    "a",
    "trust",
    "trusts",
    "trusted",
    "entrust",
    "truest",
    "trusty",
    "café",
    "cafe",
    "cafés",
    "l'état",
    "état",
    "etat",
    "l’autonomie",
    "autonomies",
    "don't",
    "10:30",
    "work-life",
    "very",
    "Haus",
    "Häuser",
    "字",
];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

fn phrase() -> impl Strategy<Value = String> {
    (prop::collection::vec(word(), 1..4), 0u32..4, any::<bool>()).prop_map(|(words, gap, exact)| {
        let gap = if gap > 0 && words.len() > 1 {
            format!("~{gap}")
        } else {
            String::new()
        };
        format!(
            "{}\"{}\"{gap}",
            if exact { "=" } else { "" },
            words.join(" ")
        )
    })
}

fn operand() -> impl Strategy<Value = String> {
    let single = |word: &String| !word.contains([':', '-']);
    prop_oneof![
        4 => word(),
        2 => phrase(),
        1 => word().prop_map(|word| format!("={word}")),
        2 => word()
            .prop_filter("one word", single)
            .prop_flat_map(|word| {
                let len = word.chars().count();
                (Just(word), 1..=len)
            })
            .prop_map(|(word, len)| word.chars().take(len).collect::<String>())
            .prop_filter("a letter at the end", |head| head.ends_with(char::is_alphanumeric))
            .prop_map(|head| format!("{head}*")),
        2 => (word().prop_filter("one word of four letters", move |word| {
            single(word) && word.chars().filter(|c| c.is_alphanumeric()).count() >= 4
        }), 1..=2)
            .prop_map(|(word, distance)| format!("{word}~{distance}")),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => operand(),
        2 => (operand(), 1u32..5, operand()).prop_map(|(left, within, right)| format!("{left} NEAR/{within} {right}")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) NOT ({b})")),
        ]
    })
}

fn corpus() -> impl Strategy<Value = Vec<(Language, String)>> {
    let code = prop::sample::select(&["en", "en", "fr", "de", "none"][..]);
    let text = prop::collection::vec(word(), 0..9).prop_map(|words| words.join(" "));
    prop::collection::vec((code.prop_map(language), text), 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn index_and_matcher_agree(
        texts in corpus(),
        queries in prop::collection::vec(query(), 30),
        codes in prop::sample::subsequence(vec!["en", "fr", "de", "none"], 1..=4),
        each in 4usize..24,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let index = build_in_segments(folder.path(), &texts, each);
        let languages: Vec<Language> = codes.into_iter().map(language).collect();
        for query in queries {
            prop_assert_eq!(found(&index, &query, &languages), matched(&query, &languages, &texts), "{}", query);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_printed_form_reads_as_the_same_query(text in query()) {
        let once = parse(&text).expect("a query");
        let printed = once.to_string();
        prop_assert_eq!(parse(&printed).expect("the printed form"), once, "{}", printed);
    }

    #[test]
    fn anything_is_read_or_refused_at_a_place(
        text in prop_oneof![
            "[a-c \"“”()*~=/1-3&'’:.-]{0,24}",
            ".{0,30}",
            "(a|b|AND|OR|NOT|NEAR/2|NEAR|\\(|\\)|\"| |~2|\\*|=|é|🅰|\u{200d}){0,16}",
        ]
    ) {
        match parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(parse(&printed).expect("the printed form"), query, "{}", printed);
            }
            Err(error) => {
                let length = text.chars().count();
                prop_assert!(error.at <= length && error.at + error.len <= length);
                prop_assert!(error.len > 0 || error.at == length);
                prop_assert_eq!(error.to_string().lines().count(), 3);
            }
        }
    }

    #[test]
    fn a_matcher_gives_spans_in_order_within_the_text(
        query in query(),
        words in prop::collection::vec(word(), 0..12),
    ) {
        let text = words.join(", ");
        let points = Codepoints::new(&text);
        let mut matcher = Matcher::new(&parse(&query).expect("a query"), &[Language::ENGLISH]);
        if let Some(spans) = matcher.find(&text, Language::ENGLISH) {
            prop_assert!(!spans.is_empty());
            prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= points.len()));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
