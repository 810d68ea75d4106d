//! What a text shows, read without the library: credentials, who presents them, and what was signed.
//!
//! It is asked about texts that were accepted, and panics where there is nothing to be read.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use serde_json::Value;

use super::Claims;
use crate::oracle::dataset;

pub struct Shown {
    pub credentials: Vec<Credential>,
    pub presented: Presented,
}

pub enum Credential {
    Secured(Secured),
    Token(Token),
}

pub enum Presented {
    /// Nobody signed the presentation.
    Plainly,
    ByProof(Secured),
    ByToken(Token),
}

/// A JWT, or an SD-JWT.
pub struct Token {
    pub issued: String,
    pub disclosures: Vec<String>,
    /// The key binding, which is empty if there is none, and what it is over.
    pub binding: String,
    pub presented: String,
}

/// A document without its proofs, and what each of them says without its value.
pub struct Secured {
    pub document: Value,
    pub proofs: Vec<Value>,
}

impl Shown {
    pub fn of(text: &str) -> Shown {
        let text = text.trim_ascii();
        if text.starts_with("ey") {
            let payload = if text.contains('~') { Value::Null } else { payload(text) };
            let presentation = payload.get("vp").unwrap_or(&payload);
            let token = Token::of(text);
            return match has_type(presentation, "VerifiablePresentation") {
                true => Shown {
                    credentials: credentials(presentation),
                    presented: Presented::ByToken(token),
                },
                false => Shown {
                    credentials: vec![Credential::Token(token)],
                    presented: Presented::Plainly,
                },
            };
        }
        let value: Value = serde_json::from_str(text).expect("JSON");
        match &value {
            Value::String(text) => Shown::of(text),
            it if has_type(it, "EnvelopedVerifiablePresentation") => Shown::of(enveloped(it)),
            it if has_type(it, "VerifiablePresentation") => Shown {
                credentials: credentials(it),
                presented: match it.get("proof") {
                    Some(_) => Presented::ByProof(Secured::of(it)),
                    None => Presented::Plainly,
                },
            },
            it => Shown { credentials: vec![Credential::of(it)], presented: Presented::Plainly },
        }
    }
}

impl Credential {
    fn of(value: &Value) -> Credential {
        match value {
            Value::String(token) => Credential::Token(Token::of(token.trim_ascii())),
            it if has_type(it, "EnvelopedVerifiableCredential") => {
                Credential::Token(Token::of(enveloped(it)))
            }
            it => Credential::Secured(Secured::of(it)),
        }
    }
}

impl Token {
    pub fn of(text: &str) -> Token {
        let (presented, binding) = match text.rsplit_once('~') {
            Some((front, binding)) => (format!("{front}~"), binding.to_owned()),
            None => (String::new(), String::new()),
        };
        let mut parts = text.split('~').map(str::to_owned);
        let issued = parts.next().expect("a token");
        let mut disclosures: Vec<String> = parts.collect();
        disclosures.pop();
        Token { issued, disclosures, binding, presented }
    }
}

impl Secured {
    pub fn of(secured: &Value) -> Secured {
        let mut document = secured.clone();
        let proofs = document.as_object_mut().expect("an object").remove("proof");
        let mut proofs = match proofs {
            Some(Value::Array(proofs)) => proofs,
            proof => proof.into_iter().collect(),
        };
        for proof in &mut proofs {
            let members = proof.as_object_mut().expect("a proof");
            members.retain(|name, _| !matches!(name.as_str(), "jws" | "proofValue"));
        }
        Secured { document, proofs }
    }
}

/// A document that was signed under these options.
pub struct Original {
    document: Value,
    options: Value,
    /// What each of the two states.
    statements: [Vec<Statement>; 2],
    pub claims: Claims,
}

impl Original {
    pub fn new(document: Value, options: Value, claims: Claims) -> Original {
        let statements = [statements(&document), statements_in(&document, &options)];
        Original { document, options, statements, claims }
    }

    /// Whether a document with a proof says what was signed: all of it, or what its holder may choose.
    pub fn covers(&self, document: &Value, options: &Value) -> bool {
        let suite = self.options["cryptosuite"].as_str().unwrap_or_default();
        if suite.contains("-jcs-") {
            return (document, options) == (&self.document, &self.options);
        }
        // What is of another key need not be read.
        if options["verificationMethod"] != self.options["verificationMethod"] {
            return false;
        }
        let [all, meant] = &self.statements;
        // What a context of its own makes of the options does not count.
        let said = statements_in(&self.document, options);
        let shown = statements(document);
        let is_mandatory = |it: &&Statement| MANDATORY.iter().any(|name| it[1].ends_with(name));
        let mandatory = |of: &[Statement]| of.iter().filter(is_mandatory).count();
        let is_whole = match suite.ends_with("-2023") {
            true => mandatory(&shown) == mandatory(all),
            false => shown.len() == all.len(),
        };
        let are_among = |some: &[Statement], all| are_among(some, all, &mut Vec::new());
        is_whole && said.len() == meant.len() && are_among(&said, meant) && are_among(&shown, all)
    }
}

/// Subject, predicate, object and graph.
type Statement = [String; 4];

/// As two general processors state them.
fn statements(document: &Value) -> Vec<Statement> {
    let dataset = dataset(&document.to_string()).expect("a document that the processors read");
    let statements = dataset.iter().map(|it| {
        let graph = it.graph_name.to_string();
        [it.subject.to_string(), it.predicate.to_string(), it.object.to_string(), graph]
    });
    statements.collect()
}

/// What the options of a proof state in the contexts of a document.
fn statements_in(document: &Value, options: &Value) -> Vec<Statement> {
    let mut options = options.clone();
    options["@context"] = document["@context"].clone();
    statements(&options)
}

/// Whether statements are among others, where each blank node has one other name there.
fn are_among(some: &[Statement], all: &[Statement], names: &mut Vec<[String; 2]>) -> bool {
    let Some((first, rest)) = some.split_first() else { return true };
    all.iter().any(|other| {
        let known = names.len();
        let is_among = first.iter().zip(other).all(|(ours, theirs)| is_named(ours, theirs, names))
            && are_among(rest, all, names);
        if !is_among {
            names.truncate(known);
        }
        is_among
    })
}

fn is_named(ours: &str, theirs: &str, names: &mut Vec<[String; 2]>) -> bool {
    let is_blank = |name: &str| name.starts_with("_:");
    if !is_blank(ours) || !is_blank(theirs) {
        return ours == theirs;
    }
    let is_known = names.iter().any(|[our, their]| our == ours || their == theirs);
    if !is_known {
        names.push([ours.to_owned(), theirs.to_owned()]);
    }
    names.iter().any(|[our, their]| our == ours && their == theirs)
}

pub fn has_type(value: &Value, name: &str) -> bool {
    match &value["type"] {
        Value::Array(types) => types.iter().any(|it| it == name),
        kind => kind == name,
    }
}

fn credentials(presentation: &Value) -> Vec<Credential> {
    match &presentation["verifiableCredential"] {
        Value::Array(credentials) => credentials.iter().map(Credential::of).collect(),
        credential => vec![Credential::of(credential)],
    }
}

fn enveloped(envelope: &Value) -> &str {
    envelope["id"].as_str().and_then(|it| it.split_once(',')).expect("a data URL").1
}

/// What the signature of a JWS is over, and the signature.
pub fn signed(jws: &str) -> (&str, &str) {
    jws.rsplit_once('.').expect("a JWS")
}

pub fn header(jws: &str) -> Value {
    json(jws.split('.').next())
}

pub fn payload(jws: &str) -> Value {
    json(jws.split('.').nth(1))
}

fn json(part: Option<&str>) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(part.expect("a part")).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Of what can be hidden, the statements with these predicates cannot.
const MANDATORY: [&str; 2] = ["#issuer>", "#validUntil>"];
