//! Changes of a valid text, as the bytes of an input choose them.

use serde_json::{json, Value};

/// The bytes of an input, one after the other, and then zeros.
pub struct Edits<'a>(pub &'a [u8]);

impl Edits<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    pub fn number(&mut self) -> usize {
        usize::from(self.byte()) << 8 | usize::from(self.byte())
    }

    /// One value below, or the whole, is replaced, wrapped, renamed, added to or taken away.
    pub fn structure(&mut self, value: &mut Value, names: &[&str]) {
        let mut pointers = Vec::new();
        places(value, String::new(), &mut pointers);
        let pointer = pointers[self.number() % pointers.len()].clone();
        let other = &pointers[self.number() % pointers.len()];
        let elsewhere = value.pointer(other).cloned().unwrap_or_default();
        let Some(target) = value.pointer_mut(&pointer) else { return };
        match (self.byte() % 8, target) {
            (0, target) => *target = elsewhere,
            (1, target) => *target = json!([target.take()]),
            (2, target) => *target = json!({ names[self.number() % names.len()]: target.take() }),
            (3, Value::Object(members)) => {
                let name = names[self.number() % names.len()];
                members.insert(name.to_owned(), elsewhere);
            }
            (4, Value::Object(members)) => {
                let name = members.keys().nth(self.number() % members.len().max(1)).cloned();
                if let Some(member) = name.and_then(|name| members.remove(&name)) {
                    let name = names[self.number() % names.len()];
                    members.insert(name.to_owned(), member);
                }
            }
            (5, Value::Array(items)) => items.push(elsewhere),
            (6, Value::Object(members)) => {
                let name = members.keys().nth(self.number() % members.len().max(1)).cloned();
                name.map(|name| members.remove(&name));
            }
            (_, Value::String(text)) => text.push(char::from(self.byte())),
            (_, target) => *target = Value::Null,
        }
    }

    /// One byte is put in, changed or taken out, or the end is cut off.
    pub fn bytes(&mut self, text: &mut Vec<u8>) {
        let at = self.number() % text.len().max(1);
        match self.byte() % 4 {
            0 => text.insert(at, self.byte()),
            1 => text.truncate(at),
            _ if text.is_empty() => {}
            2 => text[at] = self.byte(),
            _ => {
                text.remove(at);
            }
        }
    }
}

/// Every value below, as JSON pointers.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| places(member, format!("{pointer}/{name}"), found)),
        Value::Array(items) => (items.iter().enumerate())
            .for_each(|(index, item)| places(item, format!("{pointer}/{index}"), found)),
        _ => {}
    }
    found.push(pointer);
}
