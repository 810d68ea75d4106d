//! Signers differ in the order of what is not ASCII, and in the escapes of control characters: what they
//! sign is accepted in each of the known forms, alone and together with others, and in no other.

#[path = "support/signer.rs"]
mod signer;
mod support;

use result_vp::{
    Check, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, Unknown, UnverifiedPresentation,
    Verifier,
};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use support::{instant, outcome, trusting};

const NONCE: &str = "urn:trinsic:idvsession:417";

/// The four statements of the proof come first, whatever the order.
const OPTIONS: usize = 4;

fn utf16(lines: &mut [String]) {
    lines.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
}

fn escaped(lines: &[String]) -> Vec<String> {
    let mut lines: Vec<String> =
        lines.iter().map(|line| line.replace('\u{1}', "\\u0001")).collect();
    lines[OPTIONS..].sort();
    lines
}

/// What a signer of each form signs for the document.
fn forms(lines: &[String]) -> Vec<Vec<String>> {
    let (escaped, plain) = (escaped(lines), lines.to_vec());
    let mut all = vec![plain.clone(), escaped.clone(), plain, escaped];
    all[2..].iter_mut().for_each(|lines| utf16(&mut lines[OPTIONS..]));
    all
}

/// The check of the proof over messages that were signed for the document, alone and as each of some.
fn outcomes(signer: &Signer, document: &Value, all: &[Vec<String>]) -> Vec<Outcome> {
    let options = signer.proof_options();
    let presentations: Vec<UnverifiedPresentation> = all
        .iter()
        .map(|messages| {
            let every: Vec<usize> = (0..messages.len()).collect();
            let signature = signer.sign(messages);
            let value = signer.derive(&signature, messages, &every, NONCE.as_bytes());
            let credential = signer::with_proof(document, &options, &value, NONCE);
            UnverifiedPresentation::from_json(presentation(&credential).as_bytes()).unwrap()
        })
        .collect();
    let policy = Policy::new(trusting([signer.did()])).status(Unknown::Skip).schema(Unknown::Skip);
    let verifier = Verifier::new(policy);
    let (evidence, now) = (Evidence::new(), instant("2024-06-01T00:00:00Z"));
    let any = ExpectedSession::InsecureAny;
    let proof = |it: &result_vp::Report| outcome(&it.credentials()[0], Check::Proof);
    let alone: Vec<Outcome> =
        presentations.iter().map(|it| proof(&verifier.verify(it, any, &evidence, now))).collect();
    let asked: Vec<_> = presentations.iter().map(|it| (it, any)).collect();
    let together = verifier.verify_batch(&asked, &evidence, now);
    assert_eq!(together.iter().map(proof).collect::<Vec<_>>(), alone);
    alone
}

fn with_names(names: Value) -> (Signer, Value, Vec<String>) {
    let signer = Signer::new("an issuer");
    let mut document = document(&signer.did());
    document["credentialSubject"]["givenName"] = names;
    let lines = signer.messages(&document, &signer.proof_options());
    (signer, document, lines)
}

#[test]
fn each_known_form_is_accepted_and_no_other() {
    // U+1F600 begins with D83D in UTF-16, before E000 and after it by code points.
    let (signer, document, lines) = with_names(json!(["\u{e000}", "\u{1f600}", "\u{1}"]));
    let forms = forms(&lines);
    for (index, form) in forms.iter().enumerate() {
        assert!(forms[..index].iter().all(|other| other != form), "the forms differ");
    }
    assert_eq!(outcomes(&signer, &document, &forms), vec![Outcome::Pass; forms.len()]);
    let mut others = forms.clone();
    others.iter_mut().for_each(|lines| lines.swap(OPTIONS, OPTIONS + 1));
    for outcome in outcomes(&signer, &document, &others) {
        assert_eq!(outcome.reason().map(|it| it.code()), Some(ReasonCode::ProofEquation));
    }
}

/// Only one of the two reasons for another form is there.
#[test]
fn a_form_needs_no_other_reason() {
    for (names, count) in [(json!(["\u{e000}", "\u{1f600}"]), 2), (json!("\u{1}"), 2)] {
        let (signer, document, lines) = with_names(names);
        let mut forms = forms(&lines);
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), count);
        assert_eq!(outcomes(&signer, &document, &forms), vec![Outcome::Pass; count]);
    }
}
