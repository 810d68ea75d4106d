//! Proofs of BBS signatures (draft-irtf-cfrg-bbs-signatures) under the ciphersuite
//! BLS12-381-SHA-256: what `bbs-2023` is built on. Operations have the draft's names beside them.
//!
//! The suites of 2020 sign by an older scheme with other generators, another encoding and another
//! challenge; the keys are the same. As there, messages are bytes and are hashed here.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::bbs2020::{generator_lines, PreparedKey, ProofProblem, MAX_MESSAGES};
use super::curve::{multi_sum, product_is_one, to_affine, Affine, OnCurve, Scalar, G1};

/// A proof whose points are of the group and whose scalars are canonical, named as in `ProofVerifyInit`.
pub(crate) struct BbsProof {
    a_bar: G1,
    b_bar: G1,
    d: G1,
    e: Scalar,
    r1: Scalar,
    r3: Scalar,
    /// The response for each hidden message, by ascending index.
    hidden: Vec<Scalar>,
    challenge: Scalar,
}

impl BbsProof {
    /// Reads a proof (`octets_to_proof`): three points, and scalars of which none is 0.
    pub(crate) fn from_octets(octets: &[u8]) -> Result<BbsProof, ProofProblem> {
        let (points, scalars) = octets.split_at_checked(3 * 48).ok_or(ProofProblem::Length)?;
        if scalars.len() > 32 * (MAX_MESSAGES + 4) {
            return Err(ProofProblem::MessageCount);
        }
        let point = |octets: &[u8]| -> Result<G1, ProofProblem> {
            let octets = octets.try_into().map_err(|_| ProofProblem::Length)?;
            Ok(OnCurve::from_compressed(octets)?.in_group()?)
        };
        let scalar = |octets: &[u8]| {
            let octets = octets.try_into().map_err(|_| ProofProblem::Length)?;
            let scalar = Scalar::from_canonical(octets).filter(|it| *it != Scalar::from_u128(0));
            scalar.ok_or(ProofProblem::Scalar)
        };
        let points: Vec<G1> = points.chunks(48).map(point).collect::<Result<_, _>>()?;
        let scalars: Vec<Scalar> = scalars.chunks(32).map(scalar).collect::<Result<_, _>>()?;
        match (points.as_slice(), scalars.as_slice()) {
            (&[a_bar, b_bar, d], &[e, r1, r3, ref hidden @ .., challenge]) => {
                Ok(BbsProof { a_bar, b_bar, d, e, r1, r3, hidden: hidden.to_vec(), challenge })
            }
            _ => Err(ProofProblem::Length),
        }
    }

    /// How many signed messages are not shown.
    pub(crate) fn hidden_count(&self) -> usize {
        self.hidden.len()
    }

    /// Verifies that the key signed the header and a list of messages, of which `shown` stand at their
    /// indexes, ascending, and that the proof was made for the presentation header (`CoreProofVerify`).
    pub(crate) fn verify(
        &self,
        key: &PreparedKey,
        header: &[u8],
        presentation_header: &[u8],
        shown: &[(usize, &[u8])],
    ) -> Result<(), ProofProblem> {
        let count = self.hidden.len().saturating_add(shown.len());
        let is_ascending = shown.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b));
        if !is_ascending || shown.last().is_some_and(|(index, _)| *index >= count) {
            return Err(ProofProblem::StatementCount);
        }
        if count > MAX_MESSAGES {
            return Err(ProofProblem::MessageCount);
        }
        let generators = Generators::first(count.saturating_add(1));
        let generators = generators.points.iter().take(count.saturating_add(1));
        let domain = domain(key, generators.clone(), header);
        let shown: Vec<(usize, Scalar)> = (shown.iter())
            .map(|(index, message)| (*index, hash_to_scalar(message, MAP_MESSAGE)))
            .collect();

        // T1 = Bbar·c + Abar·e^ + D·r1^
        let challenge = self.challenge;
        let [a_bar, b_bar, d] = [self.a_bar, self.b_bar, self.d].map(G1::affine);
        let first = [(b_bar, challenge), (a_bar, self.e), (d, self.r1)];
        // T2 = (P1 + Q1·domain + Σ H_i·msg_i (shown))·c + D·r3^ + Σ H_j·m^_j (hidden)
        let mut second = vec![(P1.point, challenge), (d, self.r3)];
        let mut hidden = self.hidden.iter();
        let mut known = shown.iter().peekable();
        for (place, generator) in generators.enumerate() {
            let scalar = match place.checked_sub(1) {
                None => Some(domain.times(challenge)),
                Some(index) => match known.next_if(|(shown, _)| *shown == index) {
                    Some((_, message)) => Some(message.times(challenge)),
                    None => hidden.next().copied(),
                },
            };
            second.extend(scalar.map(|scalar| (generator.point, scalar)));
        }
        let sums = [first.as_slice(), second.as_slice()].map(|terms| multi_sum(terms, 255));

        // `ProofChallengeCalculate`
        let mut transcript = octets_of(shown.len()).to_vec();
        for (index, message) in &shown {
            transcript.extend(octets_of(*index));
            transcript.extend(message.to_bytes());
        }
        for point in [a_bar, b_bar, d].into_iter().chain(to_affine(&sums)) {
            transcript.extend(point.to_compressed());
        }
        transcript.extend(domain.to_bytes());
        transcript.extend(octets_of(presentation_header.len()));
        transcript.extend(presentation_header);
        if hash_to_scalar(&transcript, HASH) != challenge {
            return Err(ProofProblem::Equation);
        }
        // h(Abar, W) · h(Bbar, -BP2) = 1
        match product_is_one(&[(key.lines(), a_bar), (generator_lines(), b_bar.negated())]) {
            true => Ok(()),
            false => Err(ProofProblem::Equation),
        }
    }
}

/// How many generators a proof over `count` messages would have to derive first.
pub(crate) fn missing_generators(count: usize) -> usize {
    count.saturating_add(1).saturating_sub(Generators::known().points.len())
}

/// What binds a signature to its key, its generators and its header (`calculate_domain`).
fn domain<'g>(
    key: &PreparedKey,
    generators: impl ExactSizeIterator<Item = &'g Generator>,
    header: &[u8],
) -> Scalar {
    let mut input = key.encoded().to_vec();
    input.extend(octets_of(generators.len().saturating_sub(1)));
    generators.for_each(|generator| input.extend(generator.octets));
    input.extend(API);
    input.extend(octets_of(header.len()));
    input.extend(header);
    hash_to_scalar(&input, HASH)
}

/// `hash_to_scalar`.
fn hash_to_scalar(message: &[u8], domain: &[u8]) -> Scalar {
    Scalar::reduce(&expand(message, domain))
}

/// An integer as eight octets (`serialize`).
fn octets_of(number: usize) -> [u8; 8] {
    u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes()
}

/// `expand_message_xmd` with SHA-256 to 48 bytes (RFC 9380, section 5.3.1).
fn expand(message: &[u8], domain: &[u8]) -> [u8; 48] {
    let length = u8::try_from(domain.len()).unwrap_or(u8::MAX);
    let block = |parts: &[&[u8]]| -> [u8; 32] {
        let hash = parts.iter().fold(Sha256::new(), Sha256::chain_update);
        hash.chain_update(domain).chain_update([length]).finalize().into()
    };
    let b0 = block(&[&[0; 64], message, &[0, 48], &[0]]);
    let b1 = block(&[&b0, &[1]]);
    let mixed: Vec<u8> = b0.iter().zip(b1).map(|(a, b)| a ^ b).collect();
    let b2 = block(&[&mixed, &[2]]);
    let mut expanded = [0; 48];
    expanded.iter_mut().zip(b1.iter().chain(&b2)).for_each(|(to, from)| *to = *from);
    expanded
}

/// Q1, H1, H2 … (`create_generators`), as far as they were derived: they are the same for every key and
/// every number of messages.
struct Generators {
    seed: [u8; 48],
    points: Vec<Generator>,
}

#[derive(Clone, Copy)]
struct Generator {
    point: Affine,
    octets: [u8; 48],
}

impl Generators {
    fn none(seed: &[u8]) -> Generators {
        Generators { seed: expand(seed, GENERATOR_SEED), points: Vec::new() }
    }

    fn known() -> Arc<Generators> {
        Arc::clone(&GENERATORS.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// At least the first `count` of them; callers ask for few.
    fn first(count: usize) -> Arc<Generators> {
        let known = Generators::known();
        if known.points.len() >= count {
            return known;
        }
        let longer = Arc::new(known.extended(count));
        let mut kept = GENERATORS.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have derived more meanwhile.
        if kept.points.len() < longer.points.len() {
            *kept = Arc::clone(&longer);
        }
        longer
    }

    fn extended(&self, count: usize) -> Generators {
        let (mut seed, mut points) = (self.seed, self.points.clone());
        for place in points.len()..count {
            seed =
                expand(&[&seed[..], &octets_of(place.saturating_add(1))].concat(), GENERATOR_SEED);
            // Nobody can find a seed that hashes to the identity; the generator keeps the type total.
            let point = G1::hash(&seed, GENERATOR).unwrap_or_else(G1::generator).affine();
            points.push(Generator { point, octets: point.to_compressed() });
        }
        Generators { seed, points }
    }
}

/// [`hash_to_scalar`] as octets.
pub(crate) fn scalar_octets(message: &[u8], domain: &[u8]) -> [u8; 32] {
    hash_to_scalar(message, domain).to_bytes()
}

/// The encodings of the first generators.
pub(crate) fn generators(count: usize) -> Vec<[u8; 48]> {
    Generators::first(count).points.iter().take(count).map(|it| it.octets).collect()
}

/// A text of the interface `BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_`.
macro_rules! of_api {
    ($name:literal) => {
        concat!("BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_", $name).as_bytes()
    };
}

const API: &[u8] = of_api!("");
const HASH: &[u8] = of_api!("H2S_");
const MAP_MESSAGE: &[u8] = of_api!("MAP_MSG_TO_SCALAR_AS_HASH_");
const GENERATOR_SEED: &[u8] = of_api!("SIG_GENERATOR_SEED_");
const GENERATOR: &[u8] = of_api!("SIG_GENERATOR_DST_");

/// At most one more than [`MAX_MESSAGES`]: 150 kB.
static GENERATORS: LazyLock<Mutex<Arc<Generators>>> =
    LazyLock::new(|| Mutex::new(Arc::new(Generators::none(of_api!("MESSAGE_GENERATOR_SEED")))));

/// The fixed point of the ciphersuite, derived as the first generator from a seed of its
/// own.
static P1: LazyLock<Generator> = LazyLock::new(|| {
    let derived = Generators::none(of_api!("BP_MESSAGE_GENERATOR_SEED")).extended(1);
    derived.points.first().copied().unwrap_or_else(|| {
        let point = G1::generator().affine();
        Generator { point, octets: point.to_compressed() }
    })
});
