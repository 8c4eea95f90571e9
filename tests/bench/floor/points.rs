//! From code points to bytes, for spans that come in order.

/// Where one has got to in a text.
pub(crate) struct Points<'a> {
    text: &'a str,
    ascii: bool,
    /// The same place in code points and in bytes.
    at: (usize, usize),
}

impl<'a> Points<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
            at: (0, 0),
        }
    }

    /// The words of a span; quickest where no span begins before the one asked for last.
    pub(crate) fn slice(&mut self, start: usize, end: usize) -> &'a str {
        if self.ascii {
            return self.text.get(start..end).unwrap_or_default();
        }
        if start < self.at.0 {
            self.at = (0, 0);
        }
        self.at = (start, self.walk(self.at, start));
        let to = self.walk(self.at, end);
        &self.text[self.at.1..to]
    }

    fn walk(&self, (points, bytes): (usize, usize), to: usize) -> usize {
        let rest = &self.text[bytes..];
        rest.char_indices()
            .nth(to - points)
            .map_or(self.text.len(), |(n, _)| bytes + n)
    }
}
