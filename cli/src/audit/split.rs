//! Where one JSON value ends and the next begins, in a stream of values or in an array of them.

/// Splits without understanding: brackets are counted outside strings, and what stands between is
/// for the reader of each value to judge.
pub(super) struct Splitter {
    limit: usize,
    value: Vec<u8>,
    is_long: bool,
    /// 1 within an array at the top, whose elements are the values.
    base: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl Splitter {
    /// Values of more than `limit` bytes are met, and not kept.
    pub(super) fn new(limit: usize) -> Splitter {
        Splitter {
            limit,
            value: Vec::new(),
            is_long: false,
            base: 0,
            depth: 0,
            in_string: false,
            is_escaped: false,
        }
    }

    /// How many bytes were read, and the value that ended with the last of them; `None` within it
    /// stands for one that is too long.
    pub(super) fn next(&mut self, chunk: &[u8]) -> (usize, Option<Option<Vec<u8>>>) {
        for (place, byte) in chunk.iter().enumerate() {
            if self.ends_with(*byte) {
                return (place + 1, self.rest());
            }
        }
        (chunk.len(), None)
    }

    /// What is left when the input ends.
    pub(super) fn rest(&mut self) -> Option<Option<Vec<u8>>> {
        let value = std::mem::take(&mut self.value);
        match (std::mem::take(&mut self.is_long), value.trim_ascii().is_empty()) {
            (true, _) => Some(None),
            (false, true) => None,
            (false, false) => Some(Some(value)),
        }
    }

    fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.keep(byte);
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = byte == b'\\' && !self.is_escaped;
            return !self.in_string && self.depth == self.base;
        }
        let is_between = self.value.is_empty() && !self.is_long;
        let at_base = self.depth == self.base;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' if is_between => false,
            // Ends a value that is no object, array or string.
            b'\n' if at_base && self.base == 0 => true,
            b',' if at_base && self.base == 1 => !is_between,
            b'[' if self.depth == 0 && is_between => {
                (self.base, self.depth) = (1, 1);
                false
            }
            b']' if self.depth == 1 && self.base == 1 => {
                (self.base, self.depth) = (0, 0);
                !is_between
            }
            b'[' | b'{' => {
                self.keep(byte);
                self.depth += 1;
                false
            }
            b']' | b'}' => {
                self.keep(byte);
                self.depth = self.depth.saturating_sub(1).max(self.base);
                self.depth == self.base
            }
            b'"' => {
                self.keep(byte);
                self.in_string = true;
                false
            }
            _ => {
                self.keep(byte);
                false
            }
        }
    }

    fn keep(&mut self, byte: u8) {
        self.is_long |= self.value.len() >= self.limit;
        match self.is_long {
            true => self.value.clear(),
            false => self.value.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, chunk: usize) -> Vec<Option<String>> {
        let mut splitter = Splitter::new(12);
        let mut values = Vec::new();
        for mut part in text.as_bytes().chunks(chunk) {
            while !part.is_empty() {
                let (read, value) = splitter.next(part);
                values.extend(value);
                part = &part[read..];
            }
        }
        values.extend(splitter.rest());
        values.into_iter().map(|it| it.map(|it| String::from_utf8(it).unwrap())).collect()
    }

    #[test]
    fn values_are_found_however_the_text_is_cut() {
        let text = " [{\"a\":[1,2]},\n \"x]\\\"}\", 7 , {}] {\"b\":\n{}} [\"12345678901234567890\",1][] 9\n{";
        let expected = [
            Some("{\"a\":[1,2]}"),
            Some("\"x]\\\"}\""),
            Some("7 "),
            Some("{}"),
            Some("{\"b\":\n{}}"),
            None,
            Some("1"),
            Some("9"),
            Some("{"),
        ];
        for chunk in 1..text.len() {
            let values = split(text, chunk);
            let values: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
            assert_eq!(values, expected, "{chunk}");
        }
    }
}
