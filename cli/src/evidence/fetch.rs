//! `result-vp evidence fetch`.

use std::path::PathBuf;
use std::time::Instant;

use chrono::{SubsecRound, Utc};
use clap::Args;
use result_vp::policy::TrustedIssuer;
use result_vp::{Did, Evidence};
use result_vp_rows::hex_sha256;
use result_vp_rows::policy::Settings;

use super::bundle::{read_if_there, Bundle, Change, Kind};
use super::client::Client;
use super::place::Place;
use super::wanted::{add_contexts, Wanted};
use crate::policy::trust;
use crate::source::{read_file, Stop};
use crate::terminal::complain;
use crate::Exit;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fetch {
    /// The bundle to write; if it is there, it is extended and its history kept
    #[arg(long, value_name = "BUNDLE")]
    out: PathBuf,
    /// An issuer you trust, as a DID: of others nothing is fetched; may be given several times
    #[arg(long, value_name = "DID", required_unless_present_any = ["insecure_any_issuer", "policy"])]
    issuer: Vec<String>,
    /// A policy file (TOML): the issuers it names are fetched from too
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Fetch whatever an input names, from any public host: whoever wrote the input chooses
    #[arg(long, conflicts_with = "issuer")]
    insecure_any_issuer: bool,
    /// Also fetch status lists and schemas below this URL, not only from the issuers' own hosts
    #[arg(long, value_name = "URL")]
    allow_url_prefix: Vec<String>,
    /// Replace schemas that changed, instead of reporting them
    #[arg(long)]
    replace: bool,
    /// Connect to private and local addresses too
    #[arg(long)]
    insecure_allow_private_addresses: bool,
    /// Trust these certificate authorities instead of the public ones
    #[arg(long, value_name = "PEM")]
    ca_file: Option<PathBuf>,
    /// Sessions or presentations; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
}

/// Why one thing was not fetched.
enum Missing {
    /// By rule: whoever asks can change that.
    LeftOut(String),
    Failed(String),
}

/// From where may be fetched.
struct Allowed {
    /// `None` is everybody.
    issuers: Option<Vec<TrustedIssuer>>,
    /// Of status lists and schemas.
    prefixes: Vec<Place>,
}

impl Fetch {
    pub(crate) fn run(&self) -> Exit {
        self.all().unwrap_or_else(|Stop(exit, message)| {
            complain(&message);
            exit
        })
    }

    fn all(&self) -> Result<Exit, Stop> {
        let allowed = self.allowed()?;
        let client = self.client()?;
        let out = self.out.display();
        let before = read_if_there(&self.out)
            .map_err(|error| Stop(Exit::InputOutput, format!("{out}: {error}")))?;
        let refused = |problem| Stop(Exit::Unreadable, format!("{out}: the bundle {problem}"));
        let mut bundle = match &before {
            Some(text) => Bundle::parse(text).map_err(refused)?,
            None => Bundle::new(),
        };
        let mut evidence = Evidence::new();
        add_contexts(&mut evidence, &bundle).map_err(refused)?;
        let mut wanted = Wanted::default();
        for input in &self.inputs {
            wanted.read(input, evidence.contexts())?;
        }
        let mut exits = vec![Exit::Accepted];
        for problem in &wanted.unreadable {
            complain(problem);
            exits.push(Exit::Unreadable);
        }

        let (mut next, mut changed) = (0, before.is_none());
        while let Some((kind, name)) = wanted.items.get(next).cloned() {
            next += 1;
            if next > MAX_FETCHES {
                complain(&format!("more than {MAX_FETCHES} URLs: give fewer inputs at a time"));
                exits.push(Exit::InputOutput);
                break;
            }
            let start = Instant::now();
            let recorded =
                fetch(&client, &allowed, (&bundle, &evidence), kind, &name).and_then(|content| {
                    if matches!(kind, Kind::StatusList | Kind::Schema) {
                        wanted.add_signer(&content, evidence.contexts());
                    }
                    self.record(&mut bundle, kind, &name, content)
                });
            let (what, text, exit) = match recorded {
                Ok(text) => {
                    changed = true;
                    let text = format!("{text}, {} ms", start.elapsed().as_millis());
                    ("fetched ", text, Exit::Accepted)
                }
                Err(Missing::LeftOut(why)) => ("left out", why, Exit::Indeterminate),
                Err(Missing::Failed(why)) => ("failed  ", why, Exit::InputOutput),
            };
            eprintln!("{what} {} {}: {text}", kind.name(), name.escape_default());
            exits.push(exit);
        }
        if changed {
            let written = bundle.write(&self.out, before.as_deref());
            written.map_err(|error| Stop(Exit::InputOutput, format!("{out}: {error}")))?;
        }
        Ok(Exit::worst(exits))
    }

    /// Puts a text into the bundle, and says what it was.
    fn record(
        &self,
        bundle: &mut Bundle,
        kind: Kind,
        name: &str,
        content: String,
    ) -> Result<String, Missing> {
        let (size, hash) = (content.len(), hex_sha256(content.as_bytes()));
        let hash = hash.get(..SHORT_HASH).unwrap_or_default();
        let now = Utc::now().trunc_subsecs(0);
        let change = bundle.record(kind, name, content, now, self.replace);
        let change = match change.map_err(Missing::Failed)? {
            Change::New => "new",
            Change::Same => "same",
            Change::Changed => "changed",
        };
        Ok(format!("{change}, {size} bytes, sha256 {hash}…"))
    }

    fn allowed(&self) -> Result<Allowed, Stop> {
        let settings = self.policy.as_deref().map(Settings::read).transpose()?;
        let mut settings = settings.unwrap_or_default();
        for did in &self.issuer {
            trust(&mut settings, did)?;
        }
        let prefixes: Result<Vec<Place>, Stop> = (self.allow_url_prefix.iter())
            .map(|url| {
                Place::parse(url).map_err(|problem| {
                    Stop(Exit::Usage, format!("--allow-url-prefix: the URL {problem}"))
                })
            })
            .collect();
        let issuers = match self.insecure_any_issuer {
            true => None,
            false => Some(settings.trusted()?),
        };
        Ok(Allowed { issuers, prefixes: prefixes? })
    }

    fn client(&self) -> Result<Client, Stop> {
        let roots = self.ca_file.as_deref().map(read_file).transpose()?;
        Client::new(self.insecure_allow_private_addresses, roots.as_deref())
            .map_err(|problem| Stop(Exit::Usage, format!("--ca-file: {problem}")))
    }
}

impl Allowed {
    /// Where the document of a DID stands, if it may be fetched.
    fn did(&self, name: &str, bundle: &Bundle) -> Result<Place, Missing> {
        let did = Did::new(name).map_err(|error| Missing::Failed(error.to_string()))?;
        let is_trusted = |issuers: &Vec<TrustedIssuer>| issuers.iter().any(|it| it.includes(&did));
        if !self.issuers.as_ref().is_none_or(is_trusted) {
            let why = format!("only of issuers you trust; if it is one, add --issuer {name}");
            return Err(Missing::LeftOut(why));
        }
        let advice = match bundle.holds(Kind::DidDocument, name) {
            true => "the bundle's own is used",
            false => "give its document to `verify` as evidence",
        };
        match Place::of_did_web(name) {
            Ok(place) => Ok(place),
            Err(_) if !name.starts_with("did:web:") => {
                Err(Missing::LeftOut(format!("only did:web is fetched; {advice}")))
            }
            Err(problem) => Err(Missing::Failed(format!("the DID {problem}; {advice}"))),
        }
    }

    /// Where a status list or schema stands, if it may be fetched.
    ///
    /// Anybody can write a trusted issuer's name above a URL of their own. So what counts is where
    /// it leads: to the host of a trusted issuer, or below a prefix that the caller named.
    fn url(&self, url: &str) -> Result<Place, Missing> {
        let place = Place::parse(url).map_err(|problem| {
            Missing::Failed(format!("the URL {problem}; give it to `verify` as evidence"))
        })?;
        let is_own = |issuers: &Vec<TrustedIssuer>| {
            let dids = issuers.iter().map(|issuer| issuer.did().as_str());
            let hosts = dids.filter_map(|did| Place::of_did_web(did).ok());
            hosts.into_iter().any(|host| place.is_same_host(&host))
        };
        let is_below = self.prefixes.iter().any(|prefix| place.is_below(prefix));
        match is_below || self.issuers.as_ref().is_none_or(is_own) {
            true => Ok(place),
            false => Err(Missing::LeftOut(format!(
                "it is not on the host of a trusted issuer; if it belongs to one, add \
                --allow-url-prefix {}/",
                place.root()
            ))),
        }
    }
}

fn fetch(
    client: &Client,
    allowed: &Allowed,
    (bundle, evidence): (&Bundle, &Evidence),
    kind: Kind,
    name: &str,
) -> Result<String, Missing> {
    let (place, limit) = match kind {
        Kind::DidDocument => (allowed.did(name, bundle)?, MAX_DID_DOCUMENT),
        Kind::StatusList => (allowed.url(name)?, MAX_STATUS_LIST),
        Kind::Schema | Kind::Context => (allowed.url(name)?, MAX_SCHEMA),
    };
    let content = client.get(&place, limit).map_err(|failure| {
        Missing::Failed(format!("{place}: {}; {}", failure.problem, failure.advice))
    })?;
    match unusable(evidence, kind, name, &content) {
        None => Ok(content),
        Some(problem) => Err(Missing::Failed(format!("{place}: {problem}; ask the issuer"))),
    }
}

/// Why a text is not what was asked for: it would spoil the bundle. `evidence` holds contexts only.
fn unusable(evidence: &Evidence, kind: Kind, name: &str, content: &str) -> Option<String> {
    let (mut evidence, content) = (evidence.clone(), content.as_bytes());
    let is_own = match kind {
        Kind::Context => evidence.add_context(name, content).map(|()| true),
        Kind::DidDocument => evidence.add_did_document(content).map(|did| did.as_str() == name),
        Kind::Schema => evidence.add_schema(name, content).map(|()| true),
        Kind::StatusList => evidence.add_status_list(content).map(|url| url == name),
    };
    match is_own {
        Ok(true) => None,
        Ok(false) => Some("its `id` is not what was asked for".to_owned()),
        Err(error) => Some(format!("it cannot be used: {error}")),
    }
}

/// So many hosts and lists no honest batch has; a hostile one would keep us busy.
const MAX_FETCHES: usize = 256;
/// A document of 256 keys (the library's limit) has some 100 KiB.
const MAX_DID_DOCUMENT: u64 = 256 * 1024;
/// The longest schemas in use have some 100 KiB.
const MAX_SCHEMA: u64 = 1024 * 1024;
/// A list of ten million bits that does not compress, in base64.
const MAX_STATUS_LIST: u64 = 2 * 1024 * 1024;
/// Enough to tell two versions apart.
const SHORT_HASH: usize = 12;

const EXAMPLES: &str = "Examples:
  result-vp evidence fetch --out evidence.json --issuer did:web:issuer.example session.json
  result-vp evidence fetch --out evidence.json --issuer did:web:issuer.example \\
      --allow-url-prefix https://schemas.example/idv/ sessions/*.json
  result-vp evidence fetch --out evidence.json --policy policy.toml session.json
  result-vp verify --issuer did:web:issuer.example --evidence evidence.json session.json

Fetched are, over HTTPS and from public addresses only, the documents of the did:web you trust, and
the status lists and schemas that the inputs name, from the same hosts or below --allow-url-prefix.
Fetch again with the same --out to renew: documents that changed keep their period.

Exit codes: 0 all is there   3 something was left out   5 something failed; the rest was written
  7 an input or the bundle is unreadable   2 usage";
