//! A batch says of every proof what single verification says, and single verification what a plain
//! path says: the `bbs` crate for the equations, `blst`'s own checks for each point.

#![allow(unsafe_code)]

#[path = "support/curve.rs"]
mod curve;
#[path = "support/signer.rs"]
mod signer;

use std::sync::LazyLock;

use bbs::ToVariableLengthBytes;
use blake2::digest::consts::U48;
use blake2::{Blake2b, Digest};
use blst::*;
use curve::{Fr, Point, TORSION};
use proptest::prelude::*;
use result_vp::internal::{derived_proof_problems, DerivedProofItem};
use result_vp::{
    Check, Did, Evidence, ExpectedSession, Policy, Report, TrustedIssuers, Unknown,
    UnverifiedPresentation, Verifier,
};
use serde_json::json;
use signer::{header, Signer};

const NONCE: &[u8] = b"urn:trinsic:idvsession:417";

struct Issuer {
    signer: Signer,
    count: usize,
    messages: Vec<String>,
    scalars: Vec<Fr>,
    bases: Vec<Point>,
    signature: (Point, Fr, Fr),
}

impl Issuer {
    fn new(seed: &str, count: usize) -> Issuer {
        let signer = Signer::new(seed);
        let messages = (0..count).map(|index| format!("message {index}")).collect();
        Issuer::of(signer, messages)
    }

    fn of(signer: Signer, messages: Vec<String>) -> Issuer {
        let count = messages.len();
        let signature = signer.sign(&messages).to_bytes_compressed_form();
        let key = signer.key_for(count).to_bytes_uncompressed_form();
        // w, h0, a count of four bytes, h1 … hn.
        let mut bases = vec![Point::from_bytes(&key[192..288])];
        bases.extend(key[292..].chunks_exact(96).map(Point::from_bytes));
        assert_eq!(bases.len(), count + 1);
        let signature = (
            Point::from_bytes(&signature[..48]),
            Fr::from_be(&signature[48..80]),
            Fr::from_be(&signature[80..112]),
        );
        let scalars = messages.iter().map(|message| Fr::hash(message.as_bytes())).collect();
        Issuer { signer, count, messages, scalars, bases, signature }
    }

    /// A proof made as the suite makes it, but that a torsion point is added to the points of some
    /// slots (A', Abar, D, T1, T2) before the challenge is computed; and whether the equations hold
    /// over the integers all the same.
    fn prove(
        &self,
        seed: u64,
        hidden: &[usize],
        slots: &[usize],
        (order, torsion): (u32, Point),
    ) -> (DerivedProofItem, bool) {
        self.prove_from(self.signature, seed, hidden, slots, (order, torsion))
    }

    fn prove_from(
        &self,
        (a, e, s): (Point, Fr, Fr),
        seed: u64,
        hidden: &[usize],
        slots: &[usize],
        (order, torsion): (u32, Point),
    ) -> (DerivedProofItem, bool) {
        let random = |name| Fr::seeded(seed, name);
        let h0 = self.bases[0];
        let mut b = Point::generator().plus(h0.times(s));
        for (base, scalar) in self.bases[1..].iter().zip(&self.scalars) {
            b = b.plus(base.times(*scalar));
        }
        let (r1, r2) = (random(1), random(2));
        let r3 = r1.inverse();
        let a_prime = a.times(r1);
        let a_bar = b.times(r1).minus(a_prime.times(e));
        let d = b.times(r1).minus(h0.times(r2));
        let t1 = a_prime.times(random(3)).plus(h0.times(random(4)));
        let mut t2 = d.times(random(5)).plus(h0.times(random(6)));
        for index in hidden {
            t2 = t2.plus(self.bases[index + 1].times(random(100 + *index as u64)));
        }
        let mut points = [a_prime, a_bar, d, t1, t2];
        for slot in slots {
            points[*slot] = points[*slot].plus(torsion);
        }
        let [a_prime, a_bar, d, t1, t2] = points;
        let mut transcript = Blake2b::<U48>::new();
        for point in [a_bar, a_prime, h0, t1, d, h0] {
            transcript.update(point.uncompressed());
        }
        for index in hidden {
            transcript.update(self.bases[index + 1].uncompressed());
        }
        transcript.update(t2.uncompressed());
        transcript.update(Fr::hash(NONCE).bytes());
        let c = Fr::from_be(&transcript.finalize());
        let z1 = [random(3).plus(c.times(e)), random(4).minus(c.times(r2))];
        let s_prime = s.minus(r2.times(r3));
        let mut z2 = vec![random(5).plus(c.times(r3)), random(6).minus(c.times(s_prime))];
        for index in hidden {
            z2.push(random(100 + *index as u64).minus(c.times(self.scalars[*index])));
        }

        let revealed: Vec<usize> = (0..self.count).filter(|it| !hidden.contains(it)).collect();
        let mut proof = header(self.count, &revealed);
        [a_prime, a_bar, d].iter().for_each(|point| proof.extend(point.compressed()));
        proof.extend(116_u32.to_be_bytes());
        proof.extend(t1.compressed());
        proof.extend(2_u32.to_be_bytes());
        z1.iter().for_each(|z| proof.extend(z.bytes()));
        proof.extend(t2.compressed());
        proof.extend((z2.len() as u32).to_be_bytes());
        z2.iter().for_each(|z| proof.extend(z.bytes()));

        // What the torsion adds to the two equations, in units of itself.
        let laced = |slot: usize| u32::from(slots.contains(&slot));
        let first = laced(0) * z1[0].modulo(order)
            + laced(1) * c.modulo(order)
            + laced(2) * (order - c.modulo(order))
            + laced(3) * (order - 1);
        let second = laced(2) * z2[0].modulo(order) + laced(4) * (order - 1);
        let holds = [first, second].map(|torsion| torsion % order) == [0, 0];
        let item = DerivedProofItem {
            key: self.signer.public_key(),
            proof,
            revealed: revealed.iter().map(|index| self.messages[*index].clone()).collect(),
            nonce: NONCE.to_vec(),
        };
        (item, holds)
    }

    fn honest(&self, seed: u64, hidden: &[usize]) -> DerivedProofItem {
        self.prove(seed, hidden, &[], TORSION[0]).0
    }

    /// Made by somebody who has no signature: only the pairing speaks against it.
    fn forged(&self, seed: u64, hidden: &[usize]) -> DerivedProofItem {
        let (a, e, s) = self.signature;
        self.prove_from((a.plus(a), e, s), seed, hidden, &[], TORSION[0]).0
    }

    /// The plain path: the points one by one in the order of the value, then the other
    /// implementation.
    fn expected(&self, item: &DerivedProofItem, hidden: &[usize]) -> Option<String> {
        let start = 2 + self.count / 8 + 1;
        let points = [0, 48, 96, 148, 264].map(|at| &item.proof[start + at..start + at + 48]);
        for bytes in points {
            let mut affine = blst_p1_affine::default();
            if unsafe { blst_p1_uncompress(&mut affine, bytes.as_ptr()) }
                != BLST_ERROR::BLST_SUCCESS
            {
                return Some("PointNotOnCurve".into());
            }
            let point = Point::from_bytes(bytes);
            if point.is_identity() {
                return Some("PointIdentity".into());
            }
            if !point.in_group() {
                return Some("PointNotInSubgroup".into());
            }
        }
        let indices = (0..self.count).filter(|index| !hidden.contains(index));
        let revealed: Vec<(usize, String)> = indices.zip(item.revealed.iter().cloned()).collect();
        match self.signer.oracle(&item.proof, self.count, &revealed, &item.nonce) {
            true => None,
            false => Some("Equation".into()),
        }
    }
}

struct Pool {
    items: Vec<DerivedProofItem>,
    problems: Vec<Option<String>>,
    /// From here on, only laced ones.
    laced: usize,
}

/// Every kind of proof, valid and not, with what the plain path says of it.
static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let issuers =
        [Issuer::new("an issuer", 6), Issuer::new("an issuer", 9), Issuer::new("another", 6)];
    let hidden: [&[usize]; 3] = [&[], &[2], &[0, 5]];
    let mut pool = Pool { items: Vec::new(), problems: Vec::new(), laced: 0 };
    let add = |pool: &mut Pool, issuer: &Issuer, item: DerivedProofItem, hidden: &[usize]| {
        pool.problems.push(issuer.expected(&item, hidden));
        pool.items.push(item);
    };
    for (index, issuer) in (0_u64..).zip(&issuers) {
        for (choice, hidden) in (0_u64..).zip(hidden) {
            for seed in 0..3 {
                let honest = issuer.honest(1000 * index + 100 * choice + seed, hidden);
                add(&mut pool, issuer, honest, hidden);
            }
            let honest = issuer.honest(1000 * index + 100 * choice + 50, hidden);
            let mut message = honest.clone();
            message.revealed[1].push('!');
            add(&mut pool, issuer, message, hidden);
            let mut response = honest.clone();
            let last = response.proof.len() - 1;
            response.proof[last] ^= 1;
            add(&mut pool, issuer, response, hidden);
            let mut first_response = honest.clone();
            let start = 2 + issuer.count / 8 + 1;
            first_response.proof[start + 231] ^= 1;
            add(&mut pool, issuer, first_response, hidden);
            let forged = issuer.forged(1000 * index + 100 * choice + 60, hidden);
            add(&mut pool, issuer, forged, hidden);
            let mut nonce = honest.clone();
            nonce.nonce.push(b'!');
            add(&mut pool, issuer, nonce, hidden);
            let mut point = honest.clone();
            // D of another proof: of the group, and wrong.
            point.proof[start + 96..start + 144]
                .copy_from_slice(&issuer.honest(7, hidden).proof[start + 96..start + 144]);
            add(&mut pool, issuer, point, hidden);
            let other = issuers.iter().find(|it| it.signer.did() != issuer.signer.did()).unwrap();
            let foreign = DerivedProofItem { key: other.signer.public_key(), ..honest };
            pool.items.push(foreign);
            pool.problems.push(Some("Equation".into()));
        }
    }
    pool.laced = pool.items.len();
    // Each slot alone, and T1 with Abar: the equations hold over the integers wherever they can, so
    // that nothing but membership speaks against the proof.
    let issuer = &issuers[0];
    for torsion in TORSION.iter() {
        for slots in [&[0][..], &[1], &[2], &[3], &[4], &[1, 3], &[2, 3], &[3, 4]] {
            let can_hold = !(slots == [3] || slots == [4] || slots == [3, 4]);
            let found = (0..).find_map(|seed| {
                let (item, holds) = issuer.prove(20_000 + seed, &[2], slots, *torsion);
                (holds || !can_hold).then_some(item)
            });
            add(&mut pool, issuer, found.unwrap(), &[2]);
        }
    }
    pool
});

#[test]
fn single_verification_says_what_the_plain_path_says() {
    // One after another with keys that warm up on the way; twice, so that all meet warm keys too.
    let pool = &*POOL;
    let items = [&pool.items[..], &pool.items[..]].concat();
    let problems = [&pool.problems[..], &pool.problems[..]].concat();
    assert_eq!(derived_proof_problems(&items, false), problems);
    let count = |wanted: Option<&str>| {
        pool.problems.iter().filter(|problem| problem.as_deref() == wanted).count()
    };
    assert_eq!(count(None), 27);
    assert_eq!(count(Some("PointNotInSubgroup")), 24);
    assert_eq!(count(Some("Equation")), 63);
}

/// Among enough honest ones that membership is asked of all at once.
#[test]
fn no_laced_proof_passes_in_a_batch() {
    let pool = &*POOL;
    let honest: Vec<DerivedProofItem> = (pool.items.iter().zip(&pool.problems))
        .filter(|(_, problem)| problem.is_none())
        .map(|(item, _)| item.clone())
        .collect();
    let honest = [&honest[..], &honest[..]].concat();
    assert!(derived_proof_problems(&honest, true).iter().all(Option::is_none));
    for (index, laced) in pool.items[pool.laced..].iter().enumerate() {
        let mut items = honest.clone();
        let place = index * 2 % items.len();
        items.insert(place, laced.clone());
        let problems = derived_proof_problems(&items, true);
        for (at, problem) in problems.iter().enumerate() {
            let expected = (at == place).then_some("PointNotInSubgroup");
            assert_eq!(problem.as_deref(), expected, "laced {index}, item {at}");
        }
    }
    // Two of order 3 whose torsion sums to nothing without weights.
    let mut items = honest;
    items.extend([pool.items[pool.laced].clone(), pool.items[pool.laced + 8].clone()]);
    let problems = derived_proof_problems(&items, true);
    assert_eq!(problems.iter().filter(|problem| problem.is_some()).count(), 2);
}

/// Membership is asked before anything is read from a proof, with the key, with one that cannot be it and
/// without any, alone and in a batch.
#[test]
fn a_laced_proof_is_unread_with_and_without_its_key() {
    let signer = Signer::new("an issuer");
    let did = "did:web:issuer.example";
    let mut options = signer.proof_options();
    options["verificationMethod"] = format!("{did}#key-1").into();
    let document = signer::document(did);
    let messages = signer.messages(&document, &options);
    let key = bs58::encode(signer.public_key()).into_string();
    let issuer = Issuer::of(signer, messages);
    let mut known = Evidence::new();
    let mut did_document = json!({
        "id": did,
        "verificationMethod": [{
            "id": format!("{did}#key-1"),
            "type": "Bls12381G2Key2020",
            "controller": did,
            "publicKeyBase58": key,
        }],
        "assertionMethod": [format!("{did}#key-1")],
    });
    known.add_did_document(did_document.to_string().as_bytes()).unwrap();
    // Of another kind.
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
    let key = bs58::encode([&[0xed, 1], &key.as_bytes()[..]].concat()).into_string();
    did_document["verificationMethod"][0]["type"] = "Multikey".into();
    did_document["verificationMethod"][0]["publicKeyMultibase"] = format!("z{key}").into();
    did_document["verificationMethod"][0].as_object_mut().unwrap().remove("publicKeyBase58");
    let mut other = Evidence::new();
    other.add_did_document(did_document.to_string().as_bytes()).unwrap();
    let policy = Policy::new(TrustedIssuers::new([Did::new(did).unwrap()]).unwrap())
        .status(Unknown::Skip)
        .schema(Unknown::Skip);
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let nonce = std::str::from_utf8(NONCE).unwrap();
    let presented = |proof: &[u8]| {
        let credential = signer::with_proof(&document, &options, proof, nonce);
        UnverifiedPresentation::from_json(signer::presentation(&credential).as_bytes()).unwrap()
    };
    let honest = presented(&issuer.honest(1, &[]).proof);
    let any = ExpectedSession::InsecureAny;
    let outcomes = |report: &Report| -> Vec<String> {
        let checks = report.credentials()[0].checks();
        checks.iter().map(|(check, outcome)| format!("{check:?} {outcome:?}")).collect()
    };
    for slot in 0..5 {
        let laced = presented(&issuer.prove(2, &[], &[slot], TORSION[0]).0.proof);
        for evidence in [&known, &other, &Evidence::new()] {
            let verifier = Verifier::new(policy.clone());
            let alone = verifier.verify(&laced, any, evidence, now);
            let found: Vec<&str> = (alone.credentials()[0].checks().iter())
                .filter(|(check, _)| matches!(check, Check::Proof | Check::Disclosure))
                .map(|(_, outcome)| outcome.reason().unwrap().code().code())
                .collect();
            assert_eq!(found, ["proof_point", "proof_unread"], "slot {slot}");
            let mut asked = vec![(&honest, any); 31];
            asked[17].0 = &laced;
            let reports = verifier.verify_batch(&asked, evidence, now);
            let honest = verifier.verify(&honest, any, evidence, now);
            for (at, report) in reports.iter().enumerate() {
                let single = if at == 17 { &alone } else { &honest };
                assert_eq!(outcomes(report), outcomes(single));
            }
        }
    }
}

/// A signature shows the whole document, whatever its point is: only the proof fails.
#[test]
fn a_laced_signature_fails_and_shows_what_it_is_about() {
    let signer = Signer::new("an issuer");
    let document = signer::document(&signer.did());
    let mut options = signer.proof_options();
    options["type"] = "BbsBlsSignature2020".into();
    let did = signer.did();
    let messages = signer.messages(&document, &options);
    let issuer = Issuer::of(signer, messages);
    let (a, e, s) = issuer.signature;
    let policy = Policy::new(TrustedIssuers::new([Did::new(&did).unwrap()]).unwrap());
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let codes = |a: Point| {
        let value = [&a.compressed()[..], &e.bytes(), &s.bytes()].concat();
        let mut credential = signer::with_proof(&document, &options, &value, "");
        credential["proof"].as_object_mut().unwrap().remove("nonce");
        let text = signer::presentation(&credential);
        let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        let verifier = Verifier::new(policy.clone());
        let any = ExpectedSession::InsecureAny;
        let report = verifier.verify(&presentation, any, &Evidence::new(), now);
        let checks = report.credentials()[0].checks();
        let checks = checks
            .into_iter()
            .filter(|(check, _)| matches!(check, Check::Proof | Check::Disclosure));
        checks
            .map(|(_, it)| it.reason().map_or(it.code(), |reason| reason.code().code()))
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(a), ["pass", "pass"]);
    assert_eq!(codes(a.plus(TORSION[0].1)), ["proof_point", "pass"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_batch_says_what_single_verification_says(
        choices in proptest::collection::vec(any::<prop::sample::Index>(), 0..48),
        only_honest in any::<bool>(),
    ) {
        let pool = &*POOL;
        let honest: Vec<usize> =
            (0..pool.items.len()).filter(|index| pool.problems[*index].is_none()).collect();
        // Mostly honest batches are those that take the fast way down to the last halves.
        let chosen: Vec<usize> = (choices.iter().enumerate())
            .map(|(at, choice)| match only_honest && at % 16 != 7 {
                true => honest[choice.index(honest.len())],
                false => choice.index(pool.items.len()),
            })
            .collect();
        let items: Vec<DerivedProofItem> =
            chosen.iter().map(|index| pool.items[*index].clone()).collect();
        let expected: Vec<Option<String>> =
            chosen.iter().map(|index| pool.problems[*index].clone()).collect();
        prop_assert_eq!(derived_proof_problems(&items, true), expected);
    }
}
