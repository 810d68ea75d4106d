//! What a text holds, recognized by its content.

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
    /// A presentation, as an object or as a JSON string that holds one.
    Presentation(UnverifiedPresentation),
}

impl Input {
    /// Reads a text by its content.
    ///
    /// # Errors
    ///
    /// As [`Session::all_from_json`] or [`UnverifiedPresentation::from_json`], whichever it looks
    /// like more.
    pub fn from_json(text: &[u8], contexts: &Contexts) -> Result<Input, Error> {
        let presentation =
            |text| UnverifiedPresentation::from_json_with(text, contexts).map(Input::Presentation);
        match json::parse(text)? {
            Json::String(text) => presentation(text.as_bytes()),
            Json::Array(_) => Session::all_from_json(text).map(Input::Sessions),
            Json::Object(object) if session::looks_like_session(&object) => {
                Session::all_from_json(text).map(Input::Sessions)
            }
            _ => presentation(text),
        }
    }
}
