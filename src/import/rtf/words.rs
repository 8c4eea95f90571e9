//! RTF's control words that matter to a text: what each group is for, and which words are signs.

/// What a control word makes of the group that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// As what is around it.
    Text,
    Skipped,
    Fonts,
    Styles,
    Note,
    TextBox,
    /// A drawing, of which only the text box is read.
    Drawing,
    Mark,
    Header,
    Comment,
    Picture,
    Object,
    /// The same twice: the first for old readers, the second (`\ud`) in Unicode.
    Twice,
    Unicode,
}

/// The meaning of a word for its group; none where it has none.
pub(super) fn group(word: &str) -> Option<Group> {
    Some(match word {
        "fonttbl" => Group::Fonts,
        "stylesheet" => Group::Styles,
        "footnote" => Group::Note,
        "shptxt" | "dptxbxtext" => Group::TextBox,
        "shpinst" | "do" => Group::Drawing,
        "listtext" | "pntext" => Group::Mark,
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
        | "footerf" => Group::Header,
        "annotation" => Group::Comment,
        "pict" => Group::Picture,
        "object" => Group::Object,
        "upr" => Group::Twice,
        "ud" => Group::Unicode,
        "fldrslt" | "shppict" | "nesttableprops" | "result" => Group::Text,
        "colortbl" | "info" | "fldinst" | "nonshppict" | "shprslt" | "nonesttables" | "sp"
        | "sn" | "sv" | "tc" | "tcn" | "xe" | "rxe" | "txe" | "bkmkstart" | "bkmkend"
        | "filetbl" | "listtable" | "listoverridetable" | "revtbl" | "rsidtbl" | "private"
        | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "objdata"
        | "objclass" | "objname" | "template" | "pntxta" | "pntxtb" | "atnid" | "atnauthor"
        | "atnref" | "atndate" | "atrfstart" | "atrfend" | "blipuid" | "bliptag" | "panose"
        | "falt" | "background" | "mmathPr" => Group::Skipped,
        _ => return None,
    })
}

/// The sign that a control word stands for.
pub(super) fn sign(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "line" | "lbr" => "\n",
        "emdash" => "—",
        "endash" => "–",
        "bullet" => "•",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "emspace" => "\u{2003}",
        "enspace" => "\u{2002}",
        "qmspace" => "\u{2005}",
        "zwj" => "\u{200d}",
        "zwnj" => "\u{200c}",
        "ltrmark" => "\u{200e}",
        "rtlmark" => "\u{200f}",
        _ => return None,
    })
}
