//! The words that labels are judged by: who asks, who answers, what is structure, what is never a speaker.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::section::QUESTION_WORDS;

/// Labels of those who ask, in the languages that the search can stem. A number, a full stop or a bracket behind the
/// word does not count: `INTERVIEWER 2`, `Int.`, `Moderator (online)`. So does a role in brackets: `Anna (interviewer)`.
#[rustfmt::skip]
const INTERVIEWER: &[&str] = &[
    // English
    "interviewer", "int", "intv", "intvr", "ivr", "iv", "i", "q", "question", "questioner", "moderator", "mod", "facilitator", "fac",
    "facil", "researcher", "res", "investigator", "fieldworker", "host", "lead interviewer", "co-interviewer", "second interviewer",
    "co-moderator", "assistant moderator", "note taker", "notetaker",
    // German
    "interviewerin", "interviewer/in", "interviewer:in", "moderatorin", "moderation", "forscher", "forscherin", "fragesteller", "fragestellerin", "frage",
    // French
    "intervieweur", "intervieweuse", "enquêteur", "enquêtrice", "enqueteur", "enquetrice", "modérateur", "modératrice", "animateur",
    "animatrice", "chercheur", "chercheuse",
    // Spanish and Portuguese
    "entrevistador", "entrevistadora", "moderador", "moderadora", "investigador", "investigadora", "pesquisador", "pesquisadora",
    "facilitador", "facilitadora", "pregunta", "pergunta",
    // Italian
    "intervistatore", "intervistatrice", "moderatore", "moderatrice", "ricercatore", "ricercatrice", "domanda",
    // Dutch, Danish, Norwegian, Swedish, Finnish
    "interviewster", "onderzoeker", "gespreksleider", "vraag", "forsker", "intervjuer", "intervjuare", "forskare", "spørsmål",
    "spørgsmål", "fråga", "haastattelija", "tutkija",
    // Romanian, Russian, Turkish, Greek, Hungarian, Arabic, Tamil, Chinese, Japanese
    "intervievator", "интервьюер", "модератор", "görüşmeci", "moderatör", "συνεντευκτής", "kérdező", "المحاور", "الباحث",
    "நேர்காணல் செய்பவர்", "采访者", "访谈者", "主持人", "インタビュアー", "聞き手",
];

/// Labels of those who answer, or of whom nothing is known.
#[rustfmt::skip]
const OTHER_ROLE: &[&str] = &[
    "participant", "p", "respondent", "resp", "r", "interviewee", "ie", "informant", "subject", "s", "speaker", "spk", "patient", "pt",
    "carer", "nurse", "doctor", "dr", "client", "witness", "a", "answer", "male", "female", "m", "f", "man", "woman", "voice", "all", "group",
    "several", "multiple speakers", "unknown", "unknown speaker", "unidentified", "unidentified speaker", "unidentified male",
    "unidentified female", "male voice", "female voice", "male speaker", "female speaker", "male participant", "female participant",
    "focus group", "audience", "audience member", "interpreter", "translator", "guest", "mother", "father", "husband", "wife",
    "befragte", "befragter", "b", "teilnehmer", "teilnehmerin", "sprecher", "sprecherin", "proband", "probandin", "antwort",
    "enquêté", "enquêtée", "interviewé", "interviewée", "participante", "réponse", "locuteur",
    "entrevistado", "entrevistada", "respuesta", "resposta", "hablante", "falante",
    "intervistato", "intervistata", "partecipante", "risposta",
    "deelnemer", "respondente", "antwoord", "deltager", "deltagare", "informante", "haastateltava", "svar",
    "респондент", "informatör", "katılımcı", "المشارك", "受访者", "参与者", "回答者", "参加者", "話し手",
];

/// What podcast and broadcast transcripts write like a speaker, and is not one: it ends the turn before.
#[rustfmt::skip]
const STRUCTURE: &[&str] = &[
    "break", "commercial break", "ad break", "intro", "outro", "music", "theme music", "intro music", "outro music", "jingle", "sponsor",
    "sponsors", "interlude", "pause", "end", "end of interview", "end of recording", "end of transcript", "start of interview",
];

/// Words that head the answer in a text of numbered questions.
#[rustfmt::skip]
const ANSWER: &[&str] = &[
    "answer", "antwort", "réponse", "respuesta", "resposta", "risposta", "antwoord", "svar", "vastaus", "ответ",
];

/// What stands before a colon in the head of a transcript.
#[rustfmt::skip]
const HEADER: &[&str] = &[
    "date", "interview date", "date of interview", "recording date", "time", "start time", "end time", "location", "place", "venue", "site", "duration", "length", "title", "transcript",
    "transcribed by", "transcriber", "transcription", "recorded", "recording", "recorded by", "file", "file name", "filename", "audio", "audio file",
    "project", "study", "interview", "interview no", "interview number", "interview id", "id", "participant id", "participant number", "case", "case id", "session", "present", "attendees",
    "participants", "speakers", "language", "status", "conducted by", "interviewed by", "mode", "setting", "phase", "wave", "datum", "ort", "dauer",
    "lieu", "durée", "fecha", "lugar", "duración", "data", "local", "duração",
];

/// What stands before a colon and never speaks.
#[rustfmt::skip]
const NEVER: &[&str] = &[
    "note", "notes", "nb", "n.b.", "n.b", "ps", "p.s.", "warning", "caution", "important", "example", "examples", "for example", "e.g.", "i.e.", "eg", "ie.",
    "summary", "abstract", "conclusion", "conclusions", "background", "context", "method", "methods", "result", "results", "discussion",
    "introduction", "references", "reference", "http", "https", "ftp", "mailto", "tel", "e-mail", "email", "phone", "re", "fwd", "to", "from", "cc",
    "update", "edit", "edited", "todo", "fixme", "figure", "table", "fig", "source", "sources", "photo", "image", "video", "chapter",
    "section", "part", "page", "step", "theme", "code", "memo", "observation", "observations", "reflection", "reflections", "field note",
    "field notes", "comment", "comments", "key", "legend", "disclaimer", "copyright", "licence", "license", "url", "link", "links", "see", "see also",
    "keywords", "tags", "author", "authors", "media", "episode", "footnote", "endnote", "appendix", "contents", "next", "previous", "aim", "aims",
    "topic", "task", "faq", "tip", "hint", "quote", "action", "actions", "action point", "decision", "decisions", "agenda",
    "item", "agenda item", "issue", "issues", "risk", "apologies", "goal", "goals", "problem", "problems", "solution", "solutions", "reason", "pros", "cons",
    "option", "options", "strengths", "weaknesses", "opportunities", "threats", "definition", "description", "overview", "findings", "finding",
    "recommendation", "recommendations", "week", "day", "year", "month", "version", "however", "first", "second", "third", "finally", "hinweis", "anmerkung", "beispiel", "quelle", "remarque", "nota",
];

/// What a label's words say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A role word of two letters or more, or one letter with a number (`P07`): a speaker even if it stands only once.
    Role,
    /// A role of one letter (`Q`, `R`), which needs company.
    Letter,
    /// Break, Outro, Music.
    Structure,
    /// A numbered question (`Pergunta 3: …`), which heads a section.
    Question,
    /// `Answer`, `Resposta`: a role, unless the questions are numbered.
    Answer,
    /// `Q1`, `A1`: an item of a list of questions, unless it comes back.
    Item,
    /// A line of the transcript's head: `Date`, `Duration`.
    Header,
    /// Never a speaker.
    Never,
    /// Whatever else: a name, or anything.
    Other,
}

/// A list of words, as one bit of many: `answer` is a role and a mark of answers.
const ROLE: u8 = 1;
const MARK: u8 = 2;
const NUMBERS: u8 = 4;
const ANSWERS: u8 = 8;
const HEAD: u8 = 16;
const SILENT: u8 = 32;

/// The lists that each word is in: a long text has many labels to look up.
static LISTS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let lists = [
        (INTERVIEWER, ROLE),
        (OTHER_ROLE, ROLE),
        (STRUCTURE, MARK),
        (QUESTION_WORDS, NUMBERS),
        (ANSWER, ANSWERS),
        (HEADER, HEAD),
        (NEVER, SILENT),
    ];
    let mut all = HashMap::new();
    for (words, list) in lists {
        for word in words {
            *all.entry(*word).or_default() |= list;
        }
    }
    all
});

pub(super) fn class(label: &str) -> Class {
    let (word, numbered) = core(label);
    let lists = LISTS.get(word.as_str()).copied().unwrap_or_default();
    let is = |list: u8| lists & list != 0;
    let letter = word.chars().nth(1).is_none();
    if numbered && is(NUMBERS) {
        Class::Question
    } else if numbered && matches!(word.as_str(), "q" | "a") {
        Class::Item
    } else if is(ANSWERS) {
        Class::Answer
    } else if is(ROLE) {
        if letter && !numbered {
            Class::Letter
        } else {
            Class::Role
        }
    } else if is(MARK) {
        Class::Structure
    } else if is(HEAD) {
        Class::Header
    } else if is(SILENT) {
        Class::Never
    } else {
        Class::Other
    }
}

/// Whether a label is one of those who ask, judged by the label alone.
pub fn is_interviewer(label: &str) -> bool {
    interviewer_word(label).is_some()
}

/// The word of the table of those who ask by which a label is known as one of them.
pub fn interviewer_word(label: &str) -> Option<&'static str> {
    let word = |text: &str| {
        let core = core(text).0;
        INTERVIEWER.iter().copied().find(|word| *word == core)
    };
    word(label).or_else(|| {
        let (before, rest) = label.split_once('(')?;
        let inside = rest.trim_end().trim_end_matches(')');
        // One letter in brackets is an initial, not a role.
        word(before).or_else(|| inside.chars().nth(1).and_then(|_| word(inside)))
    })
}

/// Whether a label is a role and not a name: `Speaker 1`, `INT`, `P07`.
pub fn is_role(label: &str) -> bool {
    matches!(class(label), Class::Role | Class::Letter | Class::Answer)
}

/// The label's word in lower case without number and full stop, and whether it had a number.
fn core(label: &str) -> (String, bool) {
    let lower = label.trim().to_lowercase();
    let plain = lower.trim_end_matches(['.', ':']).trim_end();
    let word = plain
        .trim_end_matches(|c: char| c.is_numeric())
        .trim_end_matches([' ', '#', '-', '_', '.', '\u{a0}']);
    if word.is_empty() {
        (plain.to_owned(), false)
    } else {
        (word.to_owned(), word.len() < plain.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_ask_are_known_by_their_label() {
        for label in [
            "Interviewer",
            "INTERVIEWER 2",
            "INT",
            "Int.",
            "I",
            "I1",
            "Moderator",
            "Facilitator",
            "Researcher",
            "Q",
            "Interviewer (online)",
            "Anna (interviewer)",
            "Moderatorin",
            "Enquêtrice",
            "Entrevistador 1",
            "采访者",
            "int 2",
        ] {
            assert!(is_interviewer(label), "{label}");
        }
        for label in [
            "Interviewee",
            "P07",
            "R",
            "A",
            "Ines",
            "Participant 3",
            "Isaac",
            "Speaker 1",
            "",
            "Anna (I)",
            "Unknown Speaker",
            "Qi",
            "7",
        ] {
            assert!(!is_interviewer(label), "{label}");
        }
    }

    #[test]
    fn classes() {
        for (label, expected) in [
            ("P07", Class::Role),
            ("INT", Class::Role),
            ("Unknown Speaker", Class::Role),
            ("R", Class::Letter),
            ("Q1", Class::Item),
            ("Pergunta 12", Class::Question),
            ("Pergunta", Class::Role),
            ("Resposta", Class::Answer),
            ("Outro", Class::Structure),
            ("Date", Class::Header),
            ("Theme 3", Class::Never),
            ("N.B.", Class::Never),
            ("Ada", Class::Other),
        ] {
            assert_eq!(class(label), expected, "{label}");
        }
    }
}
