//! A credential secured as a JWT: VC data model 1.1, section 6.3.1 (`vc` beside registered claims), and
//! VC JOSE COSE 1.0, section 3.1 (the payload is the credential).

use std::borrow::Cow;
use std::sync::Arc;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;

use super::proof::{Proof, ProofFault, Suite};
use crate::did::{Did, DidUrl, Purpose};
use crate::json::{self, Json, Number, Object};
use crate::key::{Algorithm, PublicKey};
use crate::limits::Limits;
use crate::statements::HiddenPlace;
use crate::time;

/// The parts of a JWS in its compact form (RFC 7515, section 7.1).
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) algorithm: Algorithm,
    pub(super) text: Arc<str>,
    pub(crate) signature: Vec<u8>,
    /// Of an SD-JWT: how many digests of it are not disclosed, and where what they hide can lie.
    pub(crate) hidden: Option<(usize, Vec<HiddenPlace>)>,
    /// Of a credential: whether the issuer names a key of the holder (RFC 7800, section 3.1).
    pub(crate) names_holder: bool,
    /// Of an SD-JWT with key binding: the holder's key and what it signed.
    pub(crate) binding: Option<Box<(PublicKey, Token)>>,
}

impl Token {
    /// The token of a text of three parts.
    pub(super) fn of(algorithm: Algorithm, text: Arc<str>) -> Result<Token, ProofFault> {
        let (_, value) = text.rsplit_once('.').ok_or(ProofFault::Header)?;
        let signature = URL_SAFE_NO_PAD.decode(value).map_err(|_| ProofFault::Encoding)?;
        Ok(Token { algorithm, text, signature, hidden: None, names_holder: false, binding: None })
    }

    /// The token of a JWS in its compact form, whatever its payload is; by whom it is, the header does not say.
    pub(crate) fn of_compact(text: &str, limits: &Limits) -> Option<Token> {
        let parts = Parts::split(text).ok()?;
        let header = object(&parts.header, limits).ok()?;
        let algorithm = algorithm(&header, &["alg", "cty", "kid", "typ"]).ok()?;
        Token::of(algorithm, parts.text).ok()
    }

    /// The signature as it stands.
    pub(super) fn value(&self) -> &str {
        self.text.rsplit_once('.').map_or("", |(_, value)| value)
    }

    /// Header and payload as they stand in the text, for that was signed.
    pub(crate) fn signed(&self) -> &str {
        self.text.rsplit_once('.').map_or("", |(signed, _)| signed)
    }
}

/// What a text of three parts holds.
pub(crate) struct Parts {
    pub(super) text: Arc<str>,
    header: Vec<u8>,
    payload: Vec<u8>,
}

/// A presentation that is the payload of a token.
pub(crate) struct SecuredPresentation<'t> {
    pub(crate) presentation: Object<'t>,
    /// Whom presentation and token name as the holder, as it is written.
    pub(crate) holders: Vec<String>,
    pub(crate) proof: Result<Proof, ProofFault>,
}

/// Why a text is no token at all.
#[derive(Debug)]
pub(crate) struct NotAToken;

/// Whether a text can only be a token: JSON never begins with these letters.
pub(crate) fn looks_like_token(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"ey")
}

impl Parts {
    pub(crate) fn split(text: &str) -> Result<Parts, NotAToken> {
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAToken);
        };
        // Strict: no padding, and unused bits are zero, so each value has one text.
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| NotAToken);
        Ok(Parts { header: decode(header)?, payload: decode(payload)?, text: text.into() })
    }

    /// The document that the payload secures, and its proof; JSON that cannot be read is no token.
    pub(super) fn read(
        &self,
        limits: &Limits,
    ) -> Result<(Object<'_>, Result<Proof, ProofFault>), NotAToken> {
        let (header, payload) = self.objects(limits)?;
        let (document, agrees) = document(&payload);
        // Digests of what is not disclosed would pass for claims, and what they hide for absent.
        let agrees = match payload.iter().any(|(name, value)| hides(name, value)) {
            true => Err(ProofFault::Claims),
            false => agrees,
        };
        let proof = agrees.and_then(|()| self.proof(&header, &payload, &document));
        Ok((document, proof))
    }

    /// The presentation that the payload secures (VC data model 1.1, section 6.3.1, `vp`; VC JOSE COSE 1.0,
    /// section 3.1.2).
    pub(crate) fn read_presentation(
        &self,
        limits: &Limits,
    ) -> Result<SecuredPresentation<'_>, NotAToken> {
        let (header, payload) = self.objects(limits)?;
        let (presentation, is_enveloped) = match payload.get("vp") {
            Some(Json::Object(presentation)) => (presentation.clone(), true),
            Some(_) => return Err(NotAToken),
            None => (payload.without(&REGISTERED), false),
        };
        let issuer = payload.get("iss").map(|it| it.as_str().unwrap_or_default());
        let holder = holder(&presentation).into_iter().chain(issuer);
        let holders: Vec<String> = holder.map(str::to_owned).collect();
        let types: &[&str] = if is_enveloped { &["JWT"] } else { &["vp+jwt", "vp+ld+jwt"] };
        let kind = Kind { types, content: "vp", purpose: Purpose::Authentication };
        let base = holders.first().and_then(|it| Did::parse(it));
        let proof = match presentation.get("proof") {
            Some(_) => Err(ProofFault::Several),
            None => self.jws(&header, &kind, base.as_ref()).and_then(|proof| {
                Ok(Proof {
                    created: date(&payload, "iat")?.max(date(&payload, "nbf")?),
                    expires: date(&payload, "exp")?,
                    challenge: match payload.get("nonce") {
                        None => None,
                        Some(nonce) => Some(nonce.as_str().ok_or(ProofFault::Claims)?.to_owned()),
                    },
                    domains: audience(&payload)?,
                    ..proof
                })
            }),
        };
        Ok(SecuredPresentation { presentation, holders, proof })
    }

    /// Header and payload.
    pub(super) fn objects(&self, limits: &Limits) -> Result<(Object<'_>, Object<'_>), NotAToken> {
        Ok((object(&self.header, limits)?, object(&self.payload, limits)?))
    }

    fn proof(
        &self,
        header: &Object<'_>,
        payload: &Object<'_>,
        document: &Object<'_>,
    ) -> Result<Proof, ProofFault> {
        let is_enveloped = payload.get("vc").is_some();
        let types: &[&str] = if is_enveloped { &["JWT"] } else { &["vc+jwt", "vc+ld+jwt"] };
        let kind = Kind { types, content: "vc", purpose: Purpose::Assertion };
        let issuer = issuer(document).and_then(Did::parse).ok_or(ProofFault::Header)?;
        let mut proof = self.jws(header, &kind, Some(&issuer))?;
        if let Some(token) = &mut proof.token {
            token.names_holder = payload.get("cnf").is_some();
        }
        proof.domains = audience(payload)?;
        if document.get("proof").is_some() {
            return Err(ProofFault::Several);
        }
        Ok(Proof {
            // It holds from then on.
            created: date(payload, "iat")?.max(date(payload, "nbf")?.filter(|_| !is_enveloped)),
            expires: match is_enveloped {
                // There it is the credential's own end.
                true => None,
                false => date(payload, "exp")?,
            },
            ..proof
        })
    }

    /// What the header and the signature say, for a token of the kind by a key that may be named within the
    /// document of `base`.
    fn jws(
        &self,
        header: &Object<'_>,
        kind: &Kind<'_>,
        base: Option<&Did>,
    ) -> Result<Proof, ProofFault> {
        let text = |name| text(header, name);
        let algorithm = algorithm(header, &["alg", "cty", "kid", "typ"])?;
        let is_kind = |it: Option<&str>, kinds: &[&str]| it.is_none_or(|it| kinds.contains(&it));
        if !is_kind(text("typ")?, kind.types) || !is_kind(text("cty")?, &[kind.content]) {
            return Err(ProofFault::Header);
        }
        let key = text("kid")?.ok_or(ProofFault::MemberMissing)?;
        let key = match base {
            Some(base) => DidUrl::parse_in(key, base),
            None => DidUrl::parse(key),
        };
        let key = key.ok_or(ProofFault::Header)?;
        let token = Token::of(algorithm, Arc::clone(&self.text))?;
        Ok(Proof::of_token(Suite::Jwt, kind.purpose, token, &key))
    }
}

/// What a token may call itself.
struct Kind<'k> {
    types: &'k [&'k str],
    content: &'k str,
    purpose: Purpose,
}

fn object<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Object<'a>, NotAToken> {
    match json::parse(bytes, limits) {
        Ok(Json::Object(object)) => Ok(object),
        _ => Err(NotAToken),
    }
}

/// Whom a token is made for (RFC 7519, section 4.1.3).
fn audience(payload: &Object<'_>) -> Result<Vec<String>, ProofFault> {
    let texts = payload.get("aud").map_or(Some(Vec::new()), Json::texts);
    Ok(texts.ok_or(ProofFault::Claims)?.into_iter().map(str::to_owned).collect())
}

/// The `holder` of a presentation, as an id or an object with one; empty if it is neither.
pub(crate) fn holder<'d>(presentation: &'d Object<'_>) -> Option<&'d str> {
    Some(id_of(presentation.get("holder")?).unwrap_or_default())
}

/// The algorithm of a header that has no other members than these: whatever else stood there would be
/// understood by nobody, or name a key (`jwk`, `x5c` …).
pub(super) fn algorithm(header: &Object<'_>, known: &[&str]) -> Result<Algorithm, ProofFault> {
    if header.iter().any(|(name, _)| !known.contains(&name)) {
        return Err(ProofFault::Header);
    }
    let algorithm = text(header, "alg")?;
    let algorithm = Algorithm::ALL.into_iter().find(|it| Some(it.jose()) == algorithm);
    algorithm.ok_or(ProofFault::Header)
}

/// A member of a header, which is a text.
pub(super) fn text<'h>(header: &'h Object<'_>, name: &str) -> Result<Option<&'h str>, ProofFault> {
    match header.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_ref())),
        Some(_) => Err(ProofFault::Header),
    }
}

/// The credential, with what only the registered claims say of it; and whether the two agree where both
/// speak.
pub(super) fn document<'a>(payload: &Object<'a>) -> (Object<'a>, Result<(), ProofFault>) {
    let (mut document, is_enveloped) = match payload.get("vc") {
        Some(Json::Object(credential)) => (credential.clone(), true),
        // The claims are about the token; a context that knows them would make them claims of the
        // credential.
        _ => (payload.without(&REGISTERED), false),
    };
    let model = match payload.get("vc") {
        Some(_) if !is_enveloped => Err(ProofFault::Claims),
        // Of another data model, its dates would be added under names that nothing asks.
        Some(_) if !is_of_first_model(&document) => Err(ProofFault::Claims),
        _ => Ok(()),
    };
    // Only beside `vc` may a claim say what the credential leaves out.
    let settled = |name, stated: Option<Option<&str>>| match (payload.get(name), stated) {
        (None, _) => Ok(None),
        (Some(Json::String(claim)), None) if is_enveloped => Ok(Some(claim.clone())),
        (Some(Json::String(claim)), Some(Some(stated))) if *claim == stated => Ok(None),
        _ => Err(ProofFault::Claims),
    };
    let issuer = settled("iss", document.get("issuer").map(|_| issuer(&document)));
    let id = settled("jti", document.get("id").map(Json::as_str));
    let mut subject = document.get("credentialSubject").and_then(Json::as_object).cloned();
    let subject_id = match &subject {
        Some(subject) => settled("sub", subject.get("id").map(Json::as_str)),
        None => settled("sub", Some(None)),
    };
    for (name, missing) in [("issuer", &issuer), ("id", &id)] {
        if let Ok(Some(text)) = missing {
            document.push(name, Json::String(text.clone()));
        }
    }
    if let (Some(subject), Ok(Some(text))) = (subject.as_mut(), &subject_id) {
        subject.push("id", Json::String(text.clone()));
        document = document.without(&["credentialSubject"]);
        document.push("credentialSubject", Json::Object(std::mem::take(subject)));
    }
    let mut agrees = vec![model, issuer.map(drop), id.map(drop), subject_id.map(drop)];
    if is_enveloped {
        let dates = [("nbf", "issuanceDate"), ("exp", "expirationDate")];
        agrees
            .extend(dates.map(|(name, member)| settle_date(&mut document, payload, name, member)));
    }
    (document, agrees.into_iter().collect())
}

/// A date beside `vc`: added if the credential has none, and otherwise the same to the second, for the
/// other form has no more.
fn settle_date(
    document: &mut Object<'_>,
    payload: &Object<'_>,
    name: &str,
    member: &'static str,
) -> Result<(), ProofFault> {
    let Some(date) = date(payload, name)? else { return Ok(()) };
    let seconds = |text: &str| time::instant(text).map(|it| it.timestamp());
    match document.get(member).map(Json::as_str) {
        None => document.push(member, Json::String(Cow::Owned(date))),
        Some(stated) if stated.and_then(seconds) == seconds(&date) => {}
        Some(_) => return Err(ProofFault::Claims),
    }
    Ok(())
}

fn is_of_first_model(document: &Object<'_>) -> bool {
    let first = match document.get("@context") {
        Some(Json::Array(contexts)) => contexts.first(),
        context => context,
    };
    first.and_then(Json::as_str) == Some("https://www.w3.org/2018/credentials/v1")
}

/// Whether a member is one of SD-JWT (RFC 9901, section 4.1), or has one below it.
fn hides(name: &str, value: &Json<'_>) -> bool {
    matches!(name, "_sd" | "_sd_alg" | "...")
        || match value {
            Json::Object(object) => object.iter().any(|(name, value)| hides(name, value)),
            Json::Array(items) => items.iter().any(|item| hides("", item)),
            _ => false,
        }
}

pub(super) fn issuer<'d>(document: &'d Object<'_>) -> Option<&'d str> {
    id_of(document.get("issuer")?)
}

/// The id of whoever stands there by it, or as an object with one.
fn id_of<'d>(value: &'d Json<'_>) -> Option<&'d str> {
    match value {
        Json::String(id) => Some(id),
        Json::Object(object) => object.get("id").and_then(Json::as_str),
        _ => None,
    }
}

/// A NumericDate (RFC 7519, section 2) in whole seconds, as the data model writes it.
pub(super) fn date(payload: &Object<'_>, name: &str) -> Result<Option<String>, ProofFault> {
    let seconds = match payload.get(name) {
        None => return Ok(None),
        Some(Json::Number(Number::Integer(seconds))) => i64::try_from(*seconds).ok(),
        Some(_) => None,
    };
    let text = seconds.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    let text = text.map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    text.filter(|text| time::instant(text).is_some()).map(Some).ok_or(ProofFault::Claims)
}

const REGISTERED: [&str; 9] = ["iss", "sub", "jti", "iat", "nbf", "exp", "aud", "nonce", "cnf"];
