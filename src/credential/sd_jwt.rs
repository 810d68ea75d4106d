//! A credential secured as an SD-JWT (RFC 9901), with or without key binding: SD-JWT VC, whose members are
//! the claims themselves, and VC JOSE COSE 1.0, section 3.2, where the payload is a JSON-LD credential.

use std::sync::Arc;

use super::disclosure::{open, sha256, Disclosure, Opened};
use super::proof::{BindingFault, Proof, ProofFault, Suite};
use super::token::{algorithm, date, document, issuer, text, NotAToken, Parts, Token};
use super::UnverifiedCredential;
use crate::did::{Did, DidUrl, Purpose};
use crate::json::{Json, Object};
use crate::key::{self, PublicKey};
use crate::limits::Limits;
use crate::profile::ShapeFault;
use crate::statements::names::{
    CREDENTIAL_STATUS, EXPIRATION_DATE, ISSUANCE_DATE, ISSUER, TYPE, VALID_FROM,
    VERIFIABLE_CREDENTIAL,
};
use crate::statements::{is_absolute_iri, of_members, Contexts, Fact, HiddenPlace};

/// Whether a token is one with disclosures: no other holds this character.
pub(crate) fn is_sd_jwt(token: &str) -> bool {
    token.contains('~')
}

/// A key binding JWT (RFC 9901, section 4.3), whose signature nobody has verified.
struct Binding {
    holder: PublicKey,
    token: Token,
    nonce: String,
    audience: String,
    created: Option<String>,
    expires: Option<String>,
}

/// What a payload says with its disclosures.
struct Read {
    credential: UnverifiedCredential,
    issuer: Option<Did>,
    places: Vec<HiddenPlace>,
    agrees: Result<(), ProofFault>,
}

/// Reads the text of an SD-JWT: what cannot be read as JSON at all is no token, and any other fault is
/// the proof's.
pub(super) fn read(text: &str, contexts: &Contexts) -> Result<UnverifiedCredential, NotAToken> {
    let limits = contexts.limits();
    let (presented, binding) = text.rsplit_once('~').ok_or(NotAToken)?;
    let mut parts = presented.split('~');
    let issued = Parts::split(parts.next().ok_or(NotAToken)?)?;
    // One more than there can be is too many already.
    let parts = parts.take(limits.statements.saturating_add(1));
    let disclosures: Vec<Disclosure> = parts.map(Disclosure::new).collect();
    let (header, payload) = issued.objects(limits)?;
    let opened = open(payload.clone(), &disclosures, limits);
    let fault = opened.as_ref().map(|_| ()).map_err(|fault| *fault);
    let unopened = |_| Opened { payload: payload.clone(), hidden: 0 };
    let Opened { payload: shown, hidden } = opened.unwrap_or_else(unopened);
    let is_json_ld = payload.get("@context").is_some();
    let Read { credential, issuer, places, agrees } = match is_json_ld {
        true => json_ld(shown, contexts),
        false => members(&payload, &shown, limits),
    };
    let binding = || match binding {
        "" => Ok(None),
        text => Binding::read(text, &format!("{presented}~"), &payload, limits).map(Some),
    };
    let token = || {
        let mut token = issuer_token(&issued, &header, is_json_ld)?;
        token.hidden = Some((hidden, places));
        token.names_holder = payload.get("cnf").is_some();
        Ok(token)
    };
    let proof = fault.and(agrees).and_then(|()| {
        let (token, kid) = (token()?, self::text(&header, "kid")?);
        let issuer = issuer.ok_or(ProofFault::Issuer)?;
        let key = kid.ok_or(ProofFault::MemberMissing)?;
        let key = DidUrl::parse_in(key, &issuer).ok_or(ProofFault::Header)?;
        let binding = binding().map_err(ProofFault::KeyBinding)?;
        proof(token, &key, binding, &payload, is_json_ld)
    });
    Ok(UnverifiedCredential { proof, further_proofs: Vec::new(), ..credential })
}

fn issuer_token(
    issued: &Parts,
    header: &Object<'_>,
    is_json_ld: bool,
) -> Result<Token, ProofFault> {
    let (known, types): (&[&str], &[&str]) = match is_json_ld {
        true => (&["alg", "cty", "kid", "typ"], &["vc+sd-jwt"]),
        // The second until draft 06.
        false => (&["alg", "kid", "typ"], &["dc+sd-jwt", "vc+sd-jwt"]),
    };
    let algorithm = algorithm(header, known)?;
    let is_of_kind = text(header, "typ")?.is_some_and(|it| types.contains(&it));
    if !is_of_kind || text(header, "cty")?.is_some_and(|it| it != "vc") {
        return Err(ProofFault::Header);
    }
    Token::of(algorithm, Arc::clone(&issued.text))
}

fn proof(
    token: Token,
    key: &DidUrl,
    binding: Option<Binding>,
    payload: &Object<'_>,
    is_json_ld: bool,
) -> Result<Proof, ProofFault> {
    let mut proof = Proof::of_token(Suite::SdJwt, Purpose::Assertion, token, key);
    if is_json_ld {
        // There they are the token's own; of an SD-JWT VC they are statements.
        proof.created = date(payload, "iat")?.max(date(payload, "nbf")?);
        proof.expires = date(payload, "exp")?;
    }
    if let Some(binding) = binding {
        proof.created = proof.created.max(binding.created);
        proof.expires = proof.expires.into_iter().chain(binding.expires).min();
        proof.nonce = Some(binding.nonce);
        proof.domains = vec![binding.audience];
        // The issuer's signature is the same whenever the credential is presented.
        proof.value = binding.token.value().to_owned();
        if let Some(token) = &mut proof.token {
            token.binding = Some(Box::new((binding.holder, binding.token)));
        }
    }
    Ok(proof)
}

impl Binding {
    fn read(
        text: &str,
        presented: &str,
        payload: &Object<'_>,
        limits: &Limits,
    ) -> Result<Binding, BindingFault> {
        let parts = Parts::split(text).map_err(|_| BindingFault::Header)?;
        let (header, claims) = parts.objects(limits).map_err(|_| BindingFault::Header)?;
        let algorithm = algorithm(&header, &["alg", "typ"]).map_err(|_| BindingFault::Header)?;
        if header.get("typ").and_then(Json::as_str) != Some("kb+jwt") {
            return Err(BindingFault::Header);
        }
        let text = |name| match claims.get(name).and_then(Json::as_str) {
            None | Some("") => Err(BindingFault::Claims),
            Some(text) => Ok(text.to_owned()),
        };
        let date = |name| date(&claims, name).map_err(|_| BindingFault::Claims);
        let (nonce, audience, hash) = (text("nonce")?, text("aud")?, text("sd_hash")?);
        let made = date("iat")?.ok_or(BindingFault::Claims)?;
        if hash != sha256(presented) {
            return Err(BindingFault::Presented);
        }
        // As it was signed: what is disclosed of it is nothing that it must hold.
        let confirmation = payload.get("cnf").and_then(Json::as_object);
        let jwk = confirmation.filter(|it| it.len() == 1).and_then(|it| it.get("jwk"));
        let jwk = jwk.and_then(Json::as_object).ok_or(BindingFault::Key)?;
        Ok(Binding {
            holder: key::from_jwk(jwk).map_err(|_| BindingFault::Key)?,
            token: Token::of(algorithm, Arc::clone(&parts.text))
                .map_err(|_| BindingFault::Signature)?,
            nonce,
            audience,
            created: Some(made).max(date("nbf")?),
            expires: date("exp")?,
        })
    }
}

/// Of an SD-JWT VC (section 3.2.2): registered claims are about the credential, `sub` names the subject,
/// and every other member is a claim about it.
fn members(payload: &Object<'_>, shown: &Object<'_>, limits: &Limits) -> Read {
    let mut facts = vec![(TYPE, Fact::Iri(VERIFIABLE_CREDENTIAL))];
    let mut agrees = Ok(());
    match payload.get("vct") {
        Some(Json::String(kind)) if is_absolute_iri(kind) => facts.push((TYPE, Fact::Iri(kind))),
        Some(kind @ Json::String(_)) => facts.push((TYPE, Fact::Value(kind))),
        _ => agrees = Err(ProofFault::Claims),
    }
    let issuer = payload.get("iss").and_then(Json::as_str);
    facts.extend(issuer.filter(|it| is_absolute_iri(it)).map(|it| (ISSUER, Fact::Iri(it))));
    for (name, predicate) in DATES {
        match date(shown, name) {
            Ok(date) => facts.extend(date.map(|date| (predicate, Fact::Instant(date)))),
            Err(fault) => agrees = Err(fault),
        }
    }
    let facts_of = |names: &[(&'static str, &'static str)]| -> Vec<_> {
        let fact = |(name, predicate): &(&'static str, &'static str)| {
            Some((*predicate, Fact::Value(shown.get(name)?)))
        };
        names.iter().filter_map(fact).collect()
    };
    facts.extend(facts_of(&[("status", CREDENTIAL_STATUS)]));
    facts.extend(facts_of(&ABOUT_THE_TOKEN.map(|name| (name, name))));
    let subject = shown.get("sub").and_then(Json::as_str).filter(|it| is_absolute_iri(it));
    let dates = DATES.iter().map(|(name, _)| *name);
    let mut registered: Vec<&str> = dates.chain(ABOUT_THE_TOKEN).collect();
    registered.extend(["cnf", "iss", "status", "vct"]);
    registered.extend(subject.map(|_| "sub"));
    let claims = shown.without(&registered);
    let stated = of_members(&facts, ISSUANCE_DATE, subject, &claims, limits);
    let (statements, places) = match stated {
        Ok((statements, places)) => (Ok(statements), places),
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    let credential = UnverifiedCredential {
        contexts: Vec::new(),
        statements,
        shape: Err(ShapeFault::Context),
        proof: Err(ProofFault::Missing),
        further_proofs: Vec::new(),
    };
    Read { credential, issuer: issuer.and_then(Did::parse), places, agrees }
}

/// Of VC JOSE COSE: the statements are those of JSON-LD, so of what is not disclosed no more is known
/// than whether it is a member of the credential or lies below.
fn json_ld(shown: Object<'_>, contexts: &Contexts) -> Read {
    let mut hidden = Hidden::default();
    let shown = hidden.without_digests(shown, true);
    let (document, mut agrees) = document(&shown);
    if document.get("proof").is_some() {
        agrees = Err(ProofFault::Several);
    }
    if ["vc", "vct"].iter().any(|name| shown.get(name).is_some()) {
        agrees = Err(ProofFault::Claims);
    }
    let credential = UnverifiedCredential::read(&document, contexts);
    let mut places = Vec::new();
    if let Ok(statements) = &credential.statements {
        let root = || statements.root().clone();
        places.extend(hidden.in_credential.then(|| HiddenPlace::About(root())));
        places.extend(hidden.below.then(|| HiddenPlace::AnywhereBut(root())));
    }
    Read { credential, issuer: issuer(&document).and_then(Did::parse), places, agrees }
}

/// Where digests stood that nothing opened.
#[derive(Default)]
struct Hidden {
    in_credential: bool,
    below: bool,
}

impl Hidden {
    fn without_digests<'p>(&mut self, object: Object<'p>, is_credential: bool) -> Object<'p> {
        let mut shown = Object::default();
        for (name, value) in object {
            match (name.as_ref(), self.shown(value, is_credential)) {
                ("_sd", _) | (_, None) => self.note(is_credential),
                (_, Some(value)) => shown.push(name, value),
            }
        }
        shown
    }

    /// `None` if nothing of it is shown.
    fn shown<'p>(&mut self, value: Json<'p>, is_of_credential: bool) -> Option<Json<'p>> {
        match value {
            Json::Object(object) if object.get("...").is_some() => {
                self.note(is_of_credential);
                None
            }
            Json::Object(object) if object.len() > 0 => {
                let shown = self.without_digests(object, false);
                (shown.len() > 0).then_some(Json::Object(shown))
            }
            Json::Array(items) if !items.is_empty() => {
                let mut shown = Vec::with_capacity(items.len());
                for item in items {
                    match self.shown(item, is_of_credential) {
                        Some(item) => shown.push(item),
                        // Beside the others it is a value that is hidden.
                        None => self.note(is_of_credential),
                    }
                }
                (!shown.is_empty()).then_some(Json::Array(shown))
            }
            other => Some(other),
        }
    }

    fn note(&mut self, is_of_credential: bool) {
        match is_of_credential {
            true => self.in_credential = true,
            false => self.below = true,
        }
    }
}

/// Of the holder nothing is a claim; what else stands in the token is about the token.
const ABOUT_THE_TOKEN: [&str; 4] = ["aud", "jti", "nonce", "vct#integrity"];
const DATES: [(&str, &str); 3] =
    [("iat", ISSUANCE_DATE), ("nbf", VALID_FROM), ("exp", EXPIRATION_DATE)];
