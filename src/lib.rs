//! Verifies the `result_vp` of a Trinsic Connect session: claims are read only from what was signed.

mod error;
mod json;

pub use error::{Error, JsonRule, Limit};
