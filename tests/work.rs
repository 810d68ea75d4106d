//! What a question costs: that of its proofs, whoever made them. Within less it is not decided.

#![cfg(feature = "ecdsa")]

#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/sd_jwt.rs"]
#[allow(dead_code)]
mod sd_jwt;
#[path = "support/selective.rs"]
mod selective;
#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use result_vp::limits::{Limit, Limits};
use result_vp::{
    Evidence, ExpectedSession, Policy, Reason, ReasonCode, Source, Unknown, UnverifiedPresentation,
    Verifier,
};
use sd_jwt::Pid;
use serde_json::{json, Value};
use signer::Signer;
use support::{instant, trusting};
use world::World;

/// In messages of a proof, as `docs/limits.md` counts them.
const EQUATION: usize = 100;
const GENERATOR: usize = 4;
const P256_SIGNATURE: usize = 60;
/// The statements of a proof about itself.
const OPTIONS: usize = 4;

/// A question that can be asked within other limits.
struct Question {
    text: String,
    policy: Policy,
    evidence: Vec<Value>,
}

impl Question {
    /// For nothing but what was proven.
    fn new(text: &str, issuer: &str) -> Question {
        let policy = Policy::new(trusting([issuer])).status(Unknown::Skip).schema(Unknown::Skip);
        Question { text: text.to_owned(), policy, evidence: Vec::new() }
    }

    fn of(credential: &Value) -> Question {
        Question::new(&credential.to_string(), credential["issuer"].as_str().unwrap())
    }

    fn read(&self) -> UnverifiedPresentation {
        let (text, evidence) = (self.text.as_bytes(), Evidence::new());
        UnverifiedPresentation::from_json(text).unwrap_or_else(|_| {
            UnverifiedPresentation::from_bare_credential(text, evidence.contexts()).unwrap()
        })
    }

    /// All that was signed of the first credential, shown or not, and what its proof says of itself.
    fn messages(&self) -> usize {
        let inspection = &self.read().inspect()[0];
        OPTIONS + inspection.shown_statements.unwrap() + inspection.hidden_statements.unwrap_or(0)
    }

    fn is_decided(&self, verifier: &Verifier, work: usize) -> bool {
        let limits = Limits::standard().with(Limit::Work, work).unwrap();
        let mut evidence = Evidence::within(limits);
        for item in &self.evidence {
            evidence.add(item.to_string().as_bytes(), Source::unknown()).unwrap();
        }
        let any = ExpectedSession::InsecureAny;
        let report = verifier.verify(&self.read(), any, &evidence, instant(world::NOW));
        let checks = report.credentials().iter().flat_map(|it| it.checks());
        let mut reasons = checks.filter_map(|(_, outcome)| outcome.reason());
        let limit = ReasonCode::WorkLimit;
        let is_limit = |it: &Reason| {
            // A detail names what stopped the proof of a list.
            it.code() == limit || it.detail().is_some_and(|it| it.ends_with(limit.code()))
        };
        !reasons.any(is_limit)
    }

    /// Decided within so much and no less.
    #[track_caller]
    fn costs(&self, verifier: &Verifier, work: usize) {
        assert!(!self.is_decided(verifier, work - 1), "less than {work}");
        assert!(self.is_decided(verifier, work), "more than {work}");
    }

    /// By a verifier that has met no issuer yet.
    #[track_caller]
    fn costs_at_first(&self, work: usize) {
        let new = || Verifier::new(self.policy.clone());
        assert!(!self.is_decided(&new(), work - 1), "less than {work}");
        assert!(self.is_decided(&new(), work), "more than {work}");
    }
}

/// The generators of a key for a number of messages are derived once: h0, and one for each message.
#[test]
fn a_proof_of_an_issuer_costs_its_messages_and_at_first_its_generators() {
    let signer = Signer::new("an issuer");
    let (full, mut part) = (signer::document(&signer.did()), signer::document(&signer.did()));
    part["credentialSubject"].as_object_mut().unwrap().remove("familyName");
    let mut raw = signer.proof_options();
    raw["type"] = "BbsBlsSignature2020".into();
    let messages = signer.messages(&full, &raw);
    let signature = signer.sign(&messages).to_bytes_compressed_form();
    let mut signed = signer::with_proof(&full, &raw, &signature, "");
    signed["proof"].as_object_mut().unwrap().remove("nonce");
    let all = [
        signer.credential(&full, &full, "nonce"),
        signer.credential(&full, &part, "nonce"),
        signed,
    ];
    let count = messages.len();
    let (proof, generators) = (count + EQUATION, (count + 1) * GENERATOR);
    for credential in &all {
        let question = Question::of(credential);
        assert_eq!(question.messages(), count);
        question.costs_at_first(generators + proof);
        let verifier = Verifier::new(question.policy.clone());
        question.costs(&verifier, generators + proof);
        question.costs(&verifier, proof);
    }
    let presentation = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": "VerifiablePresentation",
        "verifiableCredential": all,
    });
    let question = Question::new(&presentation.to_string(), &signer.did());
    question.costs_at_first(generators + 3 * proof);
}

/// Each order and form in which a signer may have signed the statements may have to be tried.
#[test]
fn a_proof_costs_an_equation_for_each_form_that_its_statements_have() {
    let signer = Signer::new("an issuer");
    for (names, forms) in [
        (json!("a"), 1),
        (json!("\u{1}"), 2),
        (json!(["\u{e000}", "\u{1f600}"]), 2),
        (json!(["\u{e000}", "\u{1f600}", "\u{1}"]), 4),
    ] {
        let mut document = signer::document(&signer.did());
        document["credentialSubject"]["givenName"] = names;
        let question = Question::of(&signer.credential(&document, &document, "nonce"));
        let count = question.messages();
        question.costs_at_first((count + 1) * GENERATOR + forms * (count + EQUATION));
    }
    for (suite, forms) in [("Ed25519Signature2018", 2), ("eddsa-rdfc-2022", 1)] {
        let key = plain::Key::new("EdDSA", "an issuer");
        let mut document = plain::document(&key.did(), suite);
        document["credentialSubject"]["givenName"] = "\u{1}".into();
        let question = Question::of(&plain::secured(&key, &document, &plain::options(&key, suite)));
        question.costs_at_first(forms * (question.messages() + EQUATION));
    }
}

#[test]
fn a_signature_over_everything_costs_one_equation() {
    for (suite, algorithm) in plain::SUITES {
        let key = plain::Key::new(algorithm, "an issuer");
        let document = plain::document(&key.did(), suite);
        let question = Question::of(&plain::secured(&key, &document, &plain::options(&key, suite)));
        question.costs_at_first(question.messages() + EQUATION);
    }
}

#[test]
fn a_key_binding_costs_a_signature_more() {
    let pid = Pid::new();
    let issuer = sd_jwt::issuer().did();
    for (text, signatures) in [(pid.shown(&[]), 1), (pid.shown(&pid.names()), 1), (pid.bound(), 2)]
    {
        let question = Question::new(&text, &issuer);
        question.costs_at_first(signatures * (question.messages() + EQUATION));
    }
}

/// Of `ecdsa-sd-2023` a signature for each statement that is not mandatory, and the issuer's; of
/// `bbs-2023` the messages, and generators that are the same for every key.
#[test]
fn a_selective_proof_costs_what_is_not_mandatory() {
    for suite in selective::SUITES {
        let issuer = selective::Issuer::new(suite, "an issuer");
        let document = selective::document(&issuer.did());
        let options = issuer.options();
        let base = selective::issue(&issuer, &document, &options, &selective::MANDATORY);
        let mut shown = base.show(&issuer, &selective::CHOSEN, b"");
        let question = Question::of(&shown.credential());
        let others = shown.others().len();
        let hidden = question.read().inspect()[0].hidden_statements;
        match hidden {
            None => question.costs_at_first((others + 1) * P256_SIGNATURE + EQUATION),
            Some(hidden) => {
                let messages = others + hidden;
                let generators = (messages + 1) * GENERATOR;
                let verifier = Verifier::new(question.policy.clone());
                question.costs(&verifier, generators + messages + EQUATION);
                question.costs_at_first(messages + EQUATION);
            }
        }
    }
}

#[test]
fn the_proof_of_a_presentation_costs_an_equation() {
    let (issuer, holder) =
        (plain::Key::new("EdDSA", "an issuer"), plain::Key::new("EdDSA", "a holder"));
    let suite = "eddsa-rdfc-2022";
    let document = plain::document(&issuer.did(), suite);
    let credential = plain::secured(&issuer, &document, &plain::options(&issuer, suite));
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiablePresentation",
        "verifiableCredential": [credential],
    });
    let mut options = plain::options(&holder, suite);
    options["proofPurpose"] = "authentication".into();
    let presentation = plain::secured(&holder, &presentation, &options);
    let question = Question::new(&presentation.to_string(), &issuer.did());
    question.costs_at_first(question.messages() + EQUATION + EQUATION);
}

/// Verdicts do not depend on the past: a list whose proof was verified before costs it again.
#[test]
fn a_status_list_costs_its_proof_each_time() {
    let world = World::new();
    let evidence: Vec<Value> = world.evidence.iter().map(|(item, _)| item.clone()).collect();
    let text = signer::presentation(&world.credential);
    let question = Question { text, policy: world.policy, evidence };
    let own = question.messages();
    let list = Question::of(&question.evidence[1]).messages();
    let equations = own + list + 2 * EQUATION;
    let generators = (own + 1 + list + 1) * GENERATOR;
    question.costs_at_first(generators + equations);
    let verifier = Verifier::new(question.policy.clone());
    assert!(question.is_decided(&verifier, generators + equations));
    question.costs(&verifier, equations);
    question.costs(&verifier, equations);
}
