//! The disclosures of an SD-JWT and the digests that they open (RFC 9901, sections 4.2 and 7.1).

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::proof::ProofFault;
use crate::json::{self, Json, Object};
use crate::limits::Limits;

/// A disclosure as it stands in the text, trusted for nothing.
pub(super) struct Disclosure {
    digest: String,
    /// `None` if the text is no base64url.
    json: Option<Vec<u8>>,
}

/// A payload whose digests were opened, as far as there are disclosures.
pub(super) struct Opened<'p> {
    /// Members `_sd` and items `...` are left where digests are not opened.
    pub(super) payload: Object<'p>,
    /// How many are not; nobody can tell those that hide a claim from decoys.
    pub(super) hidden: usize,
}

/// The digest of a text as digests of SD-JWTs are written.
pub(super) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

impl Disclosure {
    pub(super) fn new(text: &str) -> Disclosure {
        Disclosure { digest: sha256(text), json: URL_SAFE_NO_PAD.decode(text).ok() }
    }

    /// What it says, the salt first.
    fn items(&self, limits: &Limits) -> Result<Vec<Json<'_>>, ProofFault> {
        let json = self.json.as_deref().ok_or(ProofFault::Disclosure)?;
        match json::parse(json, limits) {
            Ok(Json::Array(items)) if matches!(items.first(), Some(Json::String(_))) => Ok(items),
            _ => Err(ProofFault::Disclosure),
        }
    }
}

/// Puts what is disclosed where its digests stand in the payload: each disclosure once, each digest
/// once, nothing over a member that is there, and nothing of what must be shown.
pub(super) fn open<'p>(
    payload: Object<'p>,
    disclosures: &'p [Disclosure],
    limits: &Limits,
) -> Result<Opened<'p>, ProofFault> {
    if payload.get("_sd_alg").is_some_and(|it| it.as_str() != Some("sha-256")) {
        return Err(ProofFault::Digests);
    }
    if disclosures.len() > limits.statements {
        return Err(ProofFault::Disclosure);
    }
    let mut opener = Opener { limits, closed: BTreeMap::new(), met: BTreeSet::new(), hidden: 0 };
    let mut values: usize = 0;
    for disclosure in disclosures {
        let items = disclosure.items(limits)?;
        values = items.iter().fold(values, |sum, item| sum.saturating_add(count(item)));
        let is_repeated = opener.closed.insert(&disclosure.digest, items).is_some();
        if is_repeated || values > limits.values {
            return Err(ProofFault::Disclosure);
        }
    }
    let payload = opener.object(payload, 1)?;
    match opener.closed.is_empty() {
        true => Ok(Opened { payload, hidden: opener.hidden }),
        false => Err(ProofFault::Disclosure),
    }
}

struct Opener<'p, 'l> {
    limits: &'l Limits,
    /// The disclosures that no digest has opened yet.
    closed: BTreeMap<&'p str, Vec<Json<'p>>>,
    /// Every digest that was met.
    met: BTreeSet<String>,
    hidden: usize,
}

impl<'p> Opener<'p, '_> {
    fn value(&mut self, value: Json<'p>, depth: usize) -> Result<Json<'p>, ProofFault> {
        // A disclosed value may hold digests, so that texts that nest little nest a lot together.
        if depth > self.limits.depth {
            return Err(ProofFault::Disclosure);
        }
        match value {
            Json::Object(object) => self.object(object, depth.saturating_add(1)).map(Json::Object),
            Json::Array(items) => {
                let items = items.into_iter().map(|item| self.item(item, depth.saturating_add(1)));
                items.collect::<Result<_, _>>().map(Json::Array)
            }
            scalar => Ok(scalar),
        }
    }

    fn object(&mut self, object: Object<'p>, depth: usize) -> Result<Object<'p>, ProofFault> {
        let is_payload = depth == 1;
        let (mut opened, mut digests) = (Object::default(), Vec::new());
        for (name, value) in object {
            match (name.as_ref(), value) {
                ("_sd", Json::Array(items)) => digests = items,
                // Which hash it is was asked.
                ("_sd_alg", _) if is_payload => {}
                ("_sd" | "_sd_alg" | "...", _) => return Err(ProofFault::Digests),
                (_, value) => {
                    let value = self.value(value, depth)?;
                    opened.push(name, value);
                }
            }
        }
        let mut left = Vec::new();
        for digest in digests {
            let Some(items) = self.disclosed(&digest)? else {
                left.push(digest);
                continue;
            };
            let Ok([_, Json::String(name), value]) = <[Json<'p>; 3]>::try_from(items) else {
                return Err(ProofFault::Disclosure);
            };
            let must_be_shown = is_payload && SHOWN.contains(&name.as_ref());
            if must_be_shown || RESERVED.contains(&name.as_ref()) || opened.get(&name).is_some() {
                return Err(ProofFault::Digests);
            }
            let value = self.value(value, depth)?;
            opened.push(name, value);
        }
        if !left.is_empty() {
            opened.push("_sd", Json::Array(left));
        }
        Ok(opened)
    }

    fn item(&mut self, item: Json<'p>, depth: usize) -> Result<Json<'p>, ProofFault> {
        let Some(digest) = item.as_object().and_then(|it| it.get("...")) else {
            return self.value(item, depth);
        };
        if item.as_object().is_some_and(|it| it.len() != 1) {
            return Err(ProofFault::Digests);
        }
        let Some(items) = self.disclosed(digest)? else { return Ok(item) };
        match <[Json<'p>; 2]>::try_from(items) {
            Ok([_, value]) => self.value(value, depth),
            Err(_) => Err(ProofFault::Disclosure),
        }
    }

    /// What the digest opens, if it is disclosed.
    fn disclosed(&mut self, digest: &Json<'_>) -> Result<Option<Vec<Json<'p>>>, ProofFault> {
        let digest = digest.as_str().ok_or(ProofFault::Digests)?;
        if !self.met.insert(digest.to_owned()) {
            return Err(ProofFault::Digests);
        }
        let items = self.closed.remove(digest);
        if items.is_none() {
            self.hidden = self.hidden.saturating_add(1);
        }
        Ok(items)
    }
}

fn count(value: &Json<'_>) -> usize {
    let below: usize = match value {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(object) => object.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    };
    below.saturating_add(1)
}

/// Names that no claim has.
const RESERVED: [&str; 3] = ["_sd", "_sd_alg", "..."];
/// What decides whether the rest counts, or in which format it is (RFC 9901, section 9.7; SD-JWT VC,
/// section 3.2.2.2).
const SHOWN: [&str; 9] =
    ["@context", "cnf", "exp", "iss", "nbf", "status", "vc", "vct", "vct#integrity"];
