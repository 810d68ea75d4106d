//! `result-vp evidence`: the only code of the project that uses the network.

mod address;
mod bundle;
mod client;
mod fetch;
mod place;
mod show;
mod wanted;

use clap::Subcommand;

use crate::Exit;

#[derive(Subcommand)]
pub(crate) enum Evidence {
    /// Fetch what the inputs need over HTTPS, into a bundle that keeps its history
    Fetch(fetch::Fetch),
    /// Show what evidence is held, how old it is, and what an input still needs
    Show(show::Show),
}

impl Evidence {
    pub(crate) fn run(&self) -> Exit {
        match self {
            Evidence::Fetch(arguments) => arguments.run(),
            Evidence::Show(arguments) => arguments.run(),
        }
    }
}
