//! The command `result-vp`.

use std::process::ExitCode;

fn main() -> ExitCode {
    result_vp_cli::main()
}
