//! The lines of statements: one text, and where each line stands in it.

use std::ops::Range;

/// Lines in code point order, without their line feeds.
#[derive(Clone, Default)]
pub(crate) struct Lines {
    text: String,
    places: Vec<Range<usize>>,
}

impl Lines {
    /// For about so many lines of together so many bytes.
    pub(super) fn with_capacity(lines: usize, bytes: usize) -> Lines {
        Lines { text: String::with_capacity(bytes), places: Vec::with_capacity(lines) }
    }

    /// Adds the line that is written, wherever it sorts.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.places.push(start..self.text.len());
    }

    /// Orders them, and tells of each line as which one it was added.
    pub(super) fn sort(&mut self) -> Vec<usize> {
        let text = self.text.as_str();
        let mut order: Vec<(Range<usize>, usize)> = self.places.drain(..).zip(0..).collect();
        order.sort_unstable_by(|(a, _), (b, _)| line(text, a).cmp(line(text, b)));
        let (places, order) = order.into_iter().unzip();
        self.places = places;
        order
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.places.iter().map(|place| line(&self.text, place))
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.places.get(index).map(|place| line(&self.text, place))
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How long they are together.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether a byte of them `is` it: each is asked, for an image is long and branches are dear.
    pub(super) fn have(&self, is: impl Fn(u8) -> bool) -> bool {
        self.text.bytes().fold(false, |found, byte| found | is(byte))
    }

    /// Whether one stands twice.
    pub(super) fn repeat(&self) -> bool {
        self.iter().zip(self.iter().skip(1)).any(|(a, b)| a == b)
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Lines) -> bool {
        self.iter().eq(other.iter())
    }
}

fn line<'t>(text: &'t str, place: &Range<usize>) -> &'t str {
    text.get(place.clone()).unwrap_or_default()
}
