//! The Python module `result_vp._native`: what the package in `package/result_vp` stands on.
//!
//! No logic of its own: policy, evidence, records and rows are those of `result-vp-rows`, reports those
//! of `result-vp`. Arguments are plain texts and numbers here; the package has the types and the words.

mod answer;
mod arrow_data;
mod verifier;

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use result_vp_rows::Unusable;

create_exception!(result_vp, Error, PyException, "Why nothing was asked; it holds no claim.");
create_exception!(
    result_vp,
    UsageError,
    Error,
    "A policy, evidence or argument is not what it has to be; the text says what to do."
);
create_exception!(
    result_vp,
    UnreadableError,
    Error,
    "The input cannot be read, or does not hold what was asked about: there is no verdict."
);

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("Error", py.get_type::<Error>())?;
    module.add("UsageError", py.get_type::<UsageError>())?;
    module.add("UnreadableError", py.get_type::<UnreadableError>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<verifier::Verifier>()?;
    module.add_class::<arrow_data::Rows>()?;
    module.add_class::<arrow_data::Schema>()?;
    module.add_function(wrap_pyfunction!(arrow_data::repeat, module)?)
}

/// An error of the shared readers as Python's: of files an `OSError`, else a `UsageError`.
fn raise(error: Unusable) -> PyErr {
    match error {
        Unusable::InputOutput { kind, problem } => std::io::Error::new(kind, problem).into(),
        other => UsageError::new_err(other.to_string()),
    }
}
