//! A picture as SVG, stroke by stroke. Same strokes, same bytes: numbers have two decimals at most, and nothing depends
//! on a clock, a font that is installed or an order of hashing.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::report::text;

pub(super) const INK: &str = "#1c2126";
pub(super) const QUIET: &str = "#5a646e";
pub(super) const LINE: &str = "#c9d0d6";
pub(super) const FAINT: &str = "#eef1f3";
pub(super) const ACCENT: &str = "#1f4e6b";
/// Set apart from the accent by lightness as well as by hue.
pub(super) const SECOND: &str = "#d08a2e";

/// From little to much, in one hue, each clearly darker than the one before: told apart in print and by everybody.
pub(super) const STEPS: [&str; 5] = ["#e3edf3", "#b9d1df", "#83adc4", "#47809f", "#1f4e6b"];

/// The family is a wish: any sans-serif does, and widths are reckoned generously.
const FAMILY: &str = "Helvetica Neue, Segoe UI, Noto Sans, Liberation Sans, Arial, sans-serif";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    Middle,
    End,
}

/// How words are set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) bold: bool,
    /// Degrees, clockwise, around the place where the words begin.
    pub(super) turned: f64,
}

pub(super) const LABEL: Face = Face {
    size: 12.0,
    colour: INK,
    bold: false,
    turned: 0.0,
};
pub(super) const SMALL: Face = Face {
    size: 11.0,
    colour: QUIET,
    bold: false,
    turned: 0.0,
};
pub(super) const STRONG: Face = Face {
    size: 12.0,
    colour: INK,
    bold: true,
    turned: 0.0,
};

/// The line around a shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) broken: bool,
}

impl Edge {
    pub(super) const NONE: Self = Self {
        colour: "none",
        width: 0.0,
        broken: false,
    };

    pub(super) const fn of(colour: &'static str, width: f64) -> Self {
        Self {
            colour,
            width,
            broken: false,
        }
    }

    pub(super) const fn broken(colour: &'static str, width: f64) -> Self {
        Self {
            colour,
            width,
            broken: true,
        }
    }

    fn written(&self) -> String {
        if self.width <= 0.0 {
            return String::new();
        }
        let dashes = if self.broken {
            " stroke-dasharray=\"3 2\""
        } else {
            ""
        };
        format!(
            " stroke=\"{}\" stroke-width=\"{}\"{dashes}",
            self.colour,
            number(self.width)
        )
    }
}

/// A sheet to draw on, in units that are pixels on a screen.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    body: String,
    width: f64,
    height: f64,
}

impl Drawing {
    pub(super) fn new(width: f64, height: f64) -> Self {
        let mut drawing = Self {
            body: String::new(),
            width,
            height,
        };
        drawing.rect((0.0, 0.0), (width, height), "#ffffff", "");
        drawing
    }

    /// A filled rectangle; `hint` is what a pointer over it tells, if anything.
    pub(super) fn rect(&mut self, at: (f64, f64), size: (f64, f64), fill: &str, hint: &str) {
        self.body.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"",
            number(at.0),
            number(at.1),
            number(size.0),
            number(size.1)
        ));
        self.closed("rect", hint);
    }

    /// A dot with a thin white edge, so that dots that overlap are still told apart.
    pub(super) fn circle(&mut self, at: (f64, f64), radius: f64, fill: &str, hint: &str) {
        self.body.push_str(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"#ffffff\" stroke-width=\"1\"",
            number(at.0),
            number(at.1),
            number(radius)
        ));
        self.closed("circle", hint);
    }

    /// A circle without a white edge: its line is drawn in `edge`, broken where it stands for what is not known.
    pub(super) fn ring(
        &mut self,
        at: (f64, f64),
        radius: f64,
        fill: &str,
        edge: &Edge,
        hint: &str,
    ) {
        self.body.push_str(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\"{}",
            number(at.0),
            number(at.1),
            number(radius),
            edge.written()
        ));
        self.closed("circle", hint);
    }

    /// A rectangle with an edge.
    pub(super) fn framed(
        &mut self,
        at: (f64, f64),
        size: (f64, f64),
        fill: &str,
        edge: &Edge,
        hint: &str,
    ) {
        self.body.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"{}",
            number(at.0),
            number(at.1),
            number(size.0),
            number(size.1),
            edge.written()
        ));
        self.closed("rect", hint);
    }

    /// A filled shape with straight sides.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], fill: &str, hint: &str) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{},{}", number(*x), number(*y)))
            .collect();
        self.body.push_str(&format!(
            "<polygon points=\"{}\" fill=\"{fill}\"",
            points.join(" ")
        ));
        self.closed("polygon", hint);
    }

    /// A slice of a circle, from the top and clockwise, `share` of the whole.
    pub(super) fn slice(&mut self, at: (f64, f64), radius: f64, share: f64, fill: &str) {
        if share <= 0.0 {
            return;
        }
        if share >= 0.999 {
            self.ring(at, radius, fill, &Edge::NONE, "");
            return;
        }
        let turn = std::f64::consts::TAU * share;
        self.body.push_str(&format!(
            "<path d=\"M{x} {y}V{top}A{r} {r} 0 {large} 1 {tx} {ty}Z\" fill=\"{fill}\"",
            x = number(at.0),
            y = number(at.1),
            top = number(at.1 - radius),
            r = number(radius),
            large = u8::from(share > 0.5),
            tx = number(at.0 + radius * turn.sin()),
            ty = number(at.1 - radius * turn.cos()),
        ));
        self.closed("path", "");
    }

    /// A line that ends in the point of an arrow.
    pub(super) fn arrow(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let all = dx.hypot(dy);
        if all < 0.5 {
            return;
        }
        let head = (4.0 + 2.0 * width).min(all);
        let (ux, uy) = (dx / all, dy / all);
        let neck = (to.0 - ux * head, to.1 - uy * head);
        let half = head * 0.42;
        self.line(from, neck, colour, width);
        self.shape(
            &[
                to,
                (neck.0 - uy * half, neck.1 + ux * half),
                (neck.0 + uy * half, neck.1 - ux * half),
            ],
            colour,
            "",
        );
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        self.stroke(&[from, to], colour, width, "", "");
    }

    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        self.stroke(&[from, to], colour, width, " stroke-dasharray=\"4 3\"", "");
    }

    /// A line through points.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: &str, width: f64, hint: &str) {
        self.stroke(points, colour, width, " stroke-linejoin=\"round\"", hint);
    }

    /// A curve from one point to another, pulled towards a third.
    pub(super) fn curve(
        &mut self,
        from: (f64, f64),
        pull: (f64, f64),
        to: (f64, f64),
        colour: &str,
        width: f64,
        hint: &str,
    ) {
        self.body.push_str(&format!(
            "<path d=\"M{} {}Q{} {} {} {}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"",
            number(from.0),
            number(from.1),
            number(pull.0),
            number(pull.1),
            number(to.0),
            number(to.1),
            number(width)
        ));
        self.closed("path", hint);
    }

    fn stroke(&mut self, points: &[(f64, f64)], colour: &str, width: f64, more: &str, hint: &str) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{},{}", number(*x), number(*y)))
            .collect();
        self.body.push_str(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"{more}",
            points.join(" "),
            number(width)
        ));
        self.closed("polyline", hint);
    }

    /// Words with a white edge, so that they are read where they stand on something.
    pub(super) fn outlined(&mut self, at: (f64, f64), side: Side, face: Face, words: &str) {
        let start = self.body.len();
        self.text(at, side, face, words);
        if self.body.len() > start {
            self.body.insert_str(
                start + "<text".len(),
                " stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            );
        }
    }

    /// Words on one line; `at` is on their base line.
    pub(super) fn text(&mut self, at: (f64, f64), side: Side, face: Face, words: &str) {
        let words = text::one_line(words);
        if words.is_empty() {
            return;
        }
        let (x, y) = (number(at.0), number(at.1));
        self.body.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"",
            number(face.size),
            face.colour
        ));
        match side {
            Side::Start => {}
            Side::Middle => self.body.push_str(" text-anchor=\"middle\""),
            Side::End => self.body.push_str(" text-anchor=\"end\""),
        }
        if face.bold {
            self.body.push_str(" font-weight=\"600\"");
        }
        if face.turned != 0.0 {
            self.body.push_str(&format!(
                " transform=\"rotate({} {x} {y})\"",
                number(face.turned)
            ));
        }
        self.body.push('>');
        escape(&mut self.body, &words);
        self.body.push_str("</text>\n");
    }

    fn closed(&mut self, element: &str, hint: &str) {
        if hint.is_empty() {
            self.body.push_str("/>\n");
        } else {
            self.body.push_str("><title>");
            escape(&mut self.body, &text::one_line(hint));
            self.body.push_str(&format!("</title></{element}>\n"));
        }
    }

    /// The whole picture; `said` is what it shows, for those who can't see it.
    pub(super) fn finish(self, said: &str) -> String {
        let (width, height) = (number(self.width), number(self.height));
        let mut whole = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"{FAMILY}\" role=\"img\" aria-label=\""
        );
        escape(&mut whole, &text::one_line(said));
        whole.push_str("\">\n");
        whole.push_str(&self.body);
        whole.push_str("</svg>\n");
        whole
    }
}

/// Clean words as text of an XML document, or as the value of an attribute.
fn escape(out: &mut String, words: &str) {
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no way to write these.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// Two decimals at most, and no more than are needed.
pub(super) fn number(n: f64) -> String {
    let n = (n * 100.0).round() / 100.0;
    // There is no minus nought.
    let n = if n == 0.0 { 0.0 } else { n };
    let mut text = format!("{n:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    text
}

/// How wide words will be, on the generous side.
pub(super) fn width(words: &str, face: Face) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a label has few letters")]
    let letters = words.width() as f64;
    letters * face.size * if face.bold { 0.6 } else { 0.56 }
}

/// Words cut to a width, with a sign that they were.
pub(super) fn cut(words: &str, face: Face, room: f64) -> String {
    if width(words, face) <= room {
        return words.to_owned();
    }
    let mut kept = String::new();
    for letter in words.graphemes(true) {
        kept.push_str(letter);
        if width(&kept, face) + face.size > room {
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// Where to put marks on an axis from 0: round numbers, about `many` of them, the last at or above `most`.
pub(super) fn marks(most: f64, many: u32) -> Vec<f64> {
    if most <= 0.0 || !most.is_finite() {
        return vec![0.0, 1.0];
    }
    let rough = most / f64::from(many.max(1));
    let power = 10f64.powf(rough.log10().floor());
    // Counts have no halves.
    let step = [1.0, 2.0, 5.0, 10.0]
        .iter()
        .map(|n| n * power)
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power)
        .max(1.0);
    let mut all = vec![0.0];
    let mut at = 0.0;
    while at < most {
        at += step;
        all.push(at);
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_short() {
        for (n, shown) in [
            (0.0, "0"),
            (-0.001, "0"),
            (1.0, "1"),
            (2.5, "2.5"),
            (1.005, "1"),
            (10.126, "10.13"),
            (-3.1, "-3.1"),
            (100.0, "100"),
        ] {
            assert_eq!(number(n), shown);
        }
    }

    #[test]
    fn marks_are_round_and_reach_the_most() {
        for (most, many, expected) in [
            (7.0, 4, vec![0.0, 2.0, 4.0, 6.0, 8.0]),
            (3.0, 5, vec![0.0, 1.0, 2.0, 3.0]),
            (95.0, 5, vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
            (0.0, 5, vec![0.0, 1.0]),
        ] {
            assert_eq!(marks(most, many), expected, "{most}");
        }
    }

    proptest! {
        /// Whatever somebody named a theme or a case, the picture is well-formed and the words come out as they were.
        #[test]
        fn hostile_words_stay_words(words in "\\PC{0,40}") {
            let mut drawing = Drawing::new(10.0, 10.0);
            drawing.rect((0.0, 0.0), (1.0, 1.0), INK, &words);
            drawing.text((1.0, 1.0), Side::Middle, LABEL, &words);
            let svg = drawing.finish(&words);
            let mut reader = quick_xml::Reader::from_str(&svg);
            let mut found = String::new();
            let mut inside = false;
            loop {
                match reader.read_event().expect("well-formed") {
                    quick_xml::events::Event::Start(e) => inside = e.name().as_ref() == "text",
                    quick_xml::events::Event::End(_) => inside = false,
                    quick_xml::events::Event::Text(t) if inside => found.push_str(&t),
                    quick_xml::events::Event::GeneralRef(r) if inside => found.push(match r.as_ref() {
                        "amp" => '&', "lt" => '<', "gt" => '>', "quot" => '"', _ => '?',
                    }),
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            prop_assert_eq!(found, text::one_line(&words));
        }

        #[test]
        fn cut_words_fit(words in "[a-zA-Z ]{1,60}", room in 30.0..300.0f64) {
            let cut = cut(&words, LABEL, room);
            prop_assert!(width(&cut, LABEL) <= room + LABEL.size);
        }
    }
}
