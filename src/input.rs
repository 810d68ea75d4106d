//! What a text holds, recognized by its content.

use crate::credential::looks_like_token;
use crate::error::Error;
use crate::json::{self, Json};
use crate::presentation::UnverifiedPresentation;
use crate::session::{self, Session};
use crate::statements::Contexts;

/// What a relying party may hold: sessions in any spelling, or only the `result_vp`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input {
    /// A session, a response that wraps one, or a list.
    Sessions(Vec<Session>),
    /// A presentation, as an object or as a JSON string that holds one; a JWT or SD-JWT of a
    /// credential is one by itself.
    Presentation(UnverifiedPresentation),
}

impl Input {
    /// Reads bytes by their content: JSON, or a session or response as binary protobuf.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json) or [`Session::all_from_protobuf`], whichever the bytes look
    /// like more.
    pub fn from_bytes(bytes: &[u8], contexts: &Contexts) -> Result<Input, Error> {
        if !bytes.iter().any(|byte| is_control(*byte)) {
            return Input::from_json(bytes, contexts);
        }
        match Session::all_from_protobuf_within(bytes, contexts.limits()).map(Input::Sessions) {
            // Neither, but it begins as JSON does.
            Err(_) if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[' | b'"')) => {
                Input::from_json(bytes, contexts)
            }
            input => input,
        }
    }

    /// Reads a text by its content.
    ///
    /// # Errors
    ///
    /// As [`Session::all_from_json`] or [`UnverifiedPresentation::from_json`], whichever it looks
    /// like more.
    pub fn from_json(text: &[u8], contexts: &Contexts) -> Result<Input, Error> {
        let presentation = |text: &[u8]| {
            let read = match looks_like_token(text) {
                true => UnverifiedPresentation::from_any_token(text, contexts),
                false => UnverifiedPresentation::from_json_with(text, contexts),
            };
            read.map(Input::Presentation)
        };
        if looks_like_token(text) {
            return presentation(text);
        }
        let limits = contexts.limits();
        match json::parse(text, limits)? {
            Json::String(text) => presentation(text.as_bytes()),
            Json::Array(_) => Session::all_from_json_within(text, limits).map(Input::Sessions),
            Json::Object(object) if session::looks_like_session(&object) => {
                Session::all_from_json_within(text, limits).map(Input::Sessions)
            }
            _ => presentation(text),
        }
    }
}

/// No JSON text holds these (RFC 8259, section 7); every session as protobuf does: its state, its
/// times and its verifications are written with them.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}
