//! Issuer keys, and what follows from them: generators, tables and known statements.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use blake2b_simd::State;

use crate::proof::curve::{clear_all, map_all, sums, to_affine, Affine, Lines, NoPoint, OnCurve};
use crate::proof::curve::{Row, Scalar, Sum, Table, Term, G1, G2};

/// A public key that was decoded and checked once, with what verification derived from it.
///
/// Clones share it. A lock is held to look something up, never while something is computed.
#[derive(Clone)]
pub(crate) struct PreparedKey {
    shared: Arc<Prepared>,
    /// Those that this clone was made for, so that they are not derived twice.
    held: Option<Arc<Generators>>,
}

struct Prepared {
    encoded: [u8; 96],
    point: G2,
    lines: Lines,
    /// By message count; the least recently used first.
    generators: Mutex<Vec<Arc<Generators>>>,
}

/// Why bytes are no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyProblem {
    Identity,
    Length,
    NotInSubgroup,
    NotOnCurve,
    /// Its secret is one of 65,536 that anybody can try.
    Weak,
}

impl KeyProblem {
    /// The stable name of the problem.
    pub(crate) fn code(self) -> &'static str {
        match self {
            KeyProblem::Identity => "identity",
            KeyProblem::Length => "length",
            KeyProblem::NotInSubgroup => "not_in_subgroup",
            KeyProblem::NotOnCurve => "not_on_curve",
            KeyProblem::Weak => "weak",
        }
    }
}

/// The bases of the commitment for one key and one number of messages.
pub(super) struct Generators {
    /// h0.
    pub(super) blinding: G1,
    /// h1 … hn before the last step of their derivation, which one sum of them can share.
    mapped: Vec<OnCurve>,
    /// h1 … hn, once they are needed one by one.
    messages: OnceLock<Vec<G1>>,
    usage: Mutex<Usage>,
}

#[derive(Default)]
struct Usage {
    bases: Option<Arc<Bases>>,
    is_wide: bool,
    /// How many proofs verified over these generators.
    proofs: usize,
    constants: Candidate,
}

/// The table of h0, h1 … hn and g1.
pub(super) struct Bases {
    table: Table,
    /// Whether the rows of the messages are of the points before the last step of their derivation.
    are_mapped: bool,
}

/// Statements that every proof had so far, at their indices.
#[derive(Default)]
struct Candidate {
    scalars: Vec<(usize, Scalar)>,
    /// How many proofs in a row had all of them.
    agreed: usize,
    /// How many proofs had less than a third of them.
    differed: usize,
    known: Option<Arc<Known>>,
}

/// The sum of statements that an issuer repeats.
pub(super) struct Known {
    /// Ascending.
    pub(super) scalars: Vec<(usize, Scalar)>,
    /// Of g1 + Σ m_i·h_i over them.
    pub(super) table: Table,
}

impl PreparedKey {
    /// Decodes a compressed G2 point: on the curve, in the prime-order group, not the identity, and
    /// with a secret that is not known to everybody.
    pub(crate) fn from_compressed(bytes: &[u8]) -> Result<PreparedKey, KeyProblem> {
        let bytes: &[u8; 96] = bytes.try_into().map_err(|_| KeyProblem::Length)?;
        let point = G2::from_compressed(bytes).map_err(|problem| match problem {
            NoPoint::Encoding => KeyProblem::NotOnCurve,
            NoPoint::Subgroup => KeyProblem::NotInSubgroup,
            NoPoint::Identity => KeyProblem::Identity,
        })?;
        if is_weak(bytes) {
            return Err(KeyProblem::Weak);
        }
        let (lines, generators) = (point.lines(), Mutex::new(Vec::new()));
        let shared = Arc::new(Prepared { encoded: *bytes, point, lines, generators });
        Ok(PreparedKey { shared, held: None })
    }

    pub(crate) fn encoded(&self) -> &[u8; 96] {
        &self.shared.encoded
    }

    pub(in crate::proof) fn lines(&self) -> &Lines {
        &self.shared.lines
    }

    pub(super) fn is_same(&self, other: &PreparedKey) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    fn cache(&self) -> MutexGuard<'_, Vec<Arc<Generators>>> {
        self.shared.generators.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many generators a proof over `count` messages would have to derive first.
    pub(crate) fn missing_generators(&self, count: usize) -> usize {
        match self.cache().iter().any(|known| known.count() == count) {
            true => 0,
            false => count.saturating_add(1),
        }
    }

    /// Derives what the verification of proofs over `count` messages needs.
    pub(crate) fn derive(&self, count: usize) {
        let generators = self.generators(count);
        generators.messages();
        generators.bases();
    }

    /// The same key, which holds the generators for `count` messages from now on.
    pub(crate) fn holding_generators(self, count: usize) -> PreparedKey {
        let held = Some(self.generators(count));
        PreparedKey { held, ..self }
    }

    /// The generators for `count` messages, at most [`MAX_MESSAGES`](super::MAX_MESSAGES).
    pub(super) fn generators(&self, count: usize) -> Arc<Generators> {
        if let Some(held) = self.held.as_ref().filter(|it| it.count() == count) {
            return Arc::clone(held);
        }
        {
            let mut cache = self.cache();
            if let Some(found) = cache.iter().position(|known| known.count() == count) {
                let generators = cache.remove(found);
                cache.push(Arc::clone(&generators));
                return generators;
            }
        }
        let generators = Arc::new(Generators::derive(&self.shared.point, count));
        let mut cache = self.cache();
        if cache.len() >= MAX_COUNTS {
            cache.remove(0);
        }
        cache.push(Arc::clone(&generators));
        generators
    }

    /// Remembers that a proof verified that shows the scalars at their indices.
    ///
    /// The generators of a busy count get a wide table. A key has at most two: a third takes the
    /// place of the one that was used least recently.
    pub(super) fn proved(&self, generators: &Generators, shown: &[(usize, Scalar)]) {
        generators.learn(shown);
        if !generators.is_busy_now() {
            return;
        }
        let bases = generators.of_group(wide(generators.count()));
        let mut usage = generators.usage();
        (usage.bases, usage.is_wide) = (Some(Arc::new(bases)), true);
        drop(usage);
        let cache = self.cache();
        let mut wide = cache.iter().rev().filter(|known| known.usage().is_wide);
        if let Some(oldest) = wide.nth(MAX_WIDE_TABLES) {
            *oldest.usage() = Usage::default();
        }
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PreparedKey").finish_non_exhaustive()
    }
}

/// The lines of the generator of G2, which are the same for every key.
pub(in crate::proof) fn generator_lines() -> &'static Lines {
    static LINES: LazyLock<Lines> = LazyLock::new(|| G2::generator().lines());
    &LINES
}

impl Generators {
    fn derive(key: &G2, count: usize) -> Generators {
        let key = key.to_uncompressed();
        let count_bytes = u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
        let inputs: Vec<[[u8; 64]; 2]> = (0..)
            .take(count.saturating_add(1))
            .map(|index: u32| {
                let mut input = Vec::with_capacity(202);
                input.extend_from_slice(&key);
                input.push(0);
                input.extend_from_slice(&index.to_be_bytes());
                input.push(0);
                input.extend_from_slice(&count_bytes);
                expand(&input)
            })
            .collect();
        // Nobody can find a message that maps to the identity; the generator keeps the type total.
        let mut points =
            map_all(&inputs).into_iter().map(|it| it.unwrap_or(G1::generator().into()));
        let blinding = clear_all(points.next().as_slice()).pop().flatten();
        Generators {
            blinding: blinding.unwrap_or_else(G1::generator),
            mapped: points.collect(),
            messages: OnceLock::new(),
            usage: Mutex::default(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.mapped.len()
    }

    /// h1 … hn; message k belongs to h(k+1).
    pub(super) fn messages(&self) -> &[G1] {
        let cleared = || clear_all(&self.mapped).into_iter();
        self.messages.get_or_init(|| cleared().map(|it| it.unwrap_or_else(G1::generator)).collect())
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The table of the bases: a narrow one until the count is busy.
    ///
    /// For the first proofs the messages' bases are not even derived to the end: that is a seventh
    /// of what a new issuer costs, and a proof that shows everything needs only one sum of them.
    pub(super) fn bases(&self) -> Arc<Bases> {
        if let Some(bases) = &self.usage().bases {
            return Arc::clone(bases);
        }
        let narrow = narrow(self.count());
        let bases = match self.messages.get() {
            Some(_) => self.of_group(narrow),
            None => {
                let table = self.table(self.mapped.iter().map(|it| it.affine()), narrow);
                Bases { table, are_mapped: true }
            }
        };
        Arc::clone(self.usage().bases.get_or_insert(Arc::new(bases)))
    }

    fn of_group(&self, width: usize) -> Bases {
        let table = self.table(self.messages().iter().map(|it| it.affine()), width);
        Bases { table, are_mapped: false }
    }

    fn table(&self, messages: impl Iterator<Item = Affine>, width: usize) -> Table {
        let mut bases = vec![self.blinding.affine()];
        bases.extend(messages);
        bases.push(G1::generator().affine());
        Table::new(&bases, width)
    }

    /// The statements that the issuer repeats, once they are known.
    pub(super) fn known(&self) -> Option<Arc<Known>> {
        self.usage().constants.known.clone()
    }

    /// Counts a proof; true for the one that makes the count busy.
    fn is_busy_now(&self) -> bool {
        let mut usage = self.usage();
        usage.proofs = usage.proofs.saturating_add(1);
        usage.proofs == BUSY
    }

    /// Narrows the candidate to what this proof shows too; sums it when it has settled.
    fn learn(&self, shown: &[(usize, Scalar)]) {
        let settled = {
            let mut usage = self.usage();
            let candidate = &mut usage.constants;
            let is_shown = |it: &(usize, Scalar)| {
                let found = shown.binary_search_by_key(&it.0, |(index, _)| *index);
                found.ok().and_then(|found| shown.get(found)).is_some_and(|(_, m)| *m == it.1)
            };
            let count = candidate.scalars.iter().filter(|it| is_shown(it)).count();
            if count == candidate.scalars.len() && count > 0 {
                candidate.agreed = candidate.agreed.saturating_add(1);
            } else if count < FEW_CONSTANTS.max(candidate.scalars.len() / 3) {
                candidate.differed = candidate.differed.saturating_add(1);
                if candidate.scalars.is_empty() || candidate.differed > PATIENCE {
                    *candidate = Candidate { scalars: shown.to_vec(), ..Candidate::default() };
                }
                return;
            } else {
                candidate.scalars.retain(is_shown);
                (candidate.agreed, candidate.known) = (0, None);
            }
            if candidate.agreed != SETTLED {
                return;
            }
            candidate.scalars.clone()
        };
        let bases = self.bases();
        let mut rows = bases.messages();
        let mut scalars = settled.iter().peekable();
        let mut terms = Vec::new();
        for index in 0..self.count() {
            let Some(row) = rows.next() else { break };
            if let Some((_, scalar)) = scalars.next_if(|(known, _)| *known == index) {
                terms.push(row.times(*scalar));
            }
        }
        let mut sum = bases.sum_of_messages(&terms);
        sum.add(&G1::generator().affine());
        let known = Known { scalars: settled, table: Table::new(&to_affine(&[sum]), MAX_WIDTH) };
        let mut usage = self.usage();
        // Another thread may have narrowed it meanwhile.
        if usage.constants.scalars == known.scalars {
            usage.constants.known = Some(Arc::new(known));
        }
    }
}

impl Bases {
    /// Of h0.
    pub(super) fn blinding(&self) -> Option<Row<'_>> {
        self.table.rows().next()
    }

    /// Of h1 … hn.
    pub(super) fn messages(&self) -> impl Iterator<Item = Row<'_>> {
        self.table.rows().take(self.table.len().saturating_sub(1)).skip(1)
    }

    /// Of g1.
    pub(super) fn generator(&self) -> Option<Row<'_>> {
        self.table.rows().last()
    }

    /// Each list of terms of other points; the terms of messages are added to the last.
    pub(super) fn sums<'t, const N: usize>(
        &self,
        mut lists: [Vec<Term<'t>>; N],
        messages: Vec<Term<'t>>,
    ) -> [Sum; N] {
        if !self.are_mapped {
            if let Some(last) = lists.last_mut() {
                last.extend(messages);
            }
            return sums(lists.each_ref().map(Vec::as_slice));
        }
        let mut sums = sums(lists.each_ref().map(Vec::as_slice));
        if let Some(last) = sums.last_mut() {
            if !messages.is_empty() {
                last.add_sum(&self.sum_of_messages(&messages));
            }
        }
        sums
    }

    fn sum_of_messages(&self, terms: &[Term<'_>]) -> Sum {
        let [sum] = sums([terms]);
        match self.are_mapped {
            true => sum.times_cofactor(),
            false => sum,
        }
    }
}

/// `hash_to_field` of the suite for two elements: `expand_message_xmd` of RFC 9380, section 5.3.1,
/// with BLAKE2b-512.
fn expand(message: &[u8]) -> [[u8; 64]; 2] {
    let block = |parts: &[&[u8]]| -> [u8; 64] {
        let mut hash = State::new();
        for part in parts {
            hash.update(part);
        }
        hash.update(DOMAIN).update(&[DOMAIN.len() as u8]);
        *hash.finalize().as_array()
    };
    let b0 = block(&[&[0; 128], message, &128_u16.to_be_bytes(), &[0]]);
    let b1 = block(&[&b0, &[1]]);
    let mixed: Vec<u8> = b0.iter().zip(b1).map(|(a, b)| a ^ b).collect();
    let b2 = block(&[&mixed, &[2]]);
    [b1, b2]
}

/// Whether the secret key was made from a seed of two bytes, as a widely used generator of these keys
/// makes it when it is given no seed.
fn is_weak(key: &[u8; 96]) -> bool {
    WEAK_KEYS.chunks_exact(8).any(|beginning| key.starts_with(beginning))
}

/// The widest table within [`TABLE_BYTES`]: 8 bits up to 40 messages, 3 bits for 1024.
fn wide(count: usize) -> usize {
    let fits = |width: &usize| {
        Table::bytes_for_each(*width).saturating_mul(count.saturating_add(2)) <= TABLE_BYTES
    };
    (2..=MAX_WIDTH).rev().find(fits).unwrap_or(2)
}

/// The width that pays for itself in one proof.
fn narrow(count: usize) -> usize {
    wide(count).min(4)
}

/// The first 8 bytes of each of the 65,536 keys; another key begins like one of them once in 2^48.
static WEAK_KEYS: &[u8] = include_bytes!("weak_keys.bin");

const DOMAIN: &[u8] = b"BLS12381G1_XMD:BLAKE2B_SSWU_RO_BBS+_SIGNATURES:1_0_0";

/// A relying party meets one or two counts for an issuer; 1024 generators are about 100 kB.
const MAX_COUNTS: usize = 8;
/// Of 64 keys, 64 MiB at the most.
const MAX_WIDE_TABLES: usize = 2;
/// For each key and count, as much as the table of 29 messages takes at 8 bits, and some.
const TABLE_BYTES: usize = 504 << 10;
const MAX_WIDTH: usize = 8;
/// A wide table, and the last step for each base, cost about what they save in four proofs.
const BUSY: usize = 4;
/// Below this, looking costs what it saves; as does what is less than a third of the first proof: with
/// images more than half of a document is its person's.
const FEW_CONSTANTS: usize = 4;
/// After as many proofs without a change, what is left is what the issuer repeats.
const SETTLED: usize = 3;
/// After as many proofs that differ in most statements, the issuer says other things now.
const PATIENCE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PreparedKey {
        let document = include_str!("../../../fixtures/did/issuer.json");
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let key = document.pointer("/verificationMethod/0/publicKeyBase58").unwrap();
        let key = bs58::decode(key.as_str().unwrap()).into_vec().unwrap();
        PreparedKey::from_compressed(&key).unwrap()
    }

    /// The first of `count` statements are those that the issuer repeats.
    fn showing(count: usize, repeated: usize, seed: u128) -> Vec<(usize, Scalar)> {
        let number = |index: usize| match index < repeated {
            true => index as u128,
            false => seed * 1000 + index as u128,
        };
        (0..count).map(|index| (index, Scalar::from_u128(number(index)))).collect()
    }

    #[test]
    fn what_an_issuer_repeats_is_learned_and_forgotten() {
        let generators = key().generators(12);
        let known = || generators.known().map(|known| known.scalars.len());
        let mut seed = 0;
        let mut learn = |repeated| {
            seed += 1;
            generators.learn(&showing(12, repeated, seed));
            known()
        };
        // The first one is the candidate, and three agree with it.
        assert_eq!([12, 12, 12, 12].map(&mut learn), [None, None, None, Some(12)]);
        // One that shows a third of it narrows it, and as many agree again.
        assert_eq!([4, 4, 4, 4].map(&mut learn), [None, None, None, Some(4)]);
        // Those that show less are passed over, for a while.
        assert_eq!([3; 8].map(&mut learn), [Some(4); 8]);
        assert_eq!(learn(3), None);
        let last = showing(12, 3, seed);
        let found = [(); 3].map(|()| {
            generators.learn(&last);
            generators.known().map(|known| known.scalars == last)
        });
        assert_eq!(found, [None, None, Some(true)]);
    }

    #[test]
    fn what_shows_less_than_a_third_or_less_than_four_is_of_another_kind() {
        for (count, passed_over, narrows) in [(15, 4, 5), (6, 3, 4)] {
            let generators = key().generators(count);
            let known = || generators.known().map(|known| known.scalars.len());
            (1..=4).for_each(|_| generators.learn(&showing(count, count, 0)));
            generators.learn(&showing(count, passed_over, 1));
            assert_eq!(known(), Some(count));
            generators.learn(&showing(count, narrows, 2));
            assert_eq!(known(), None);
        }
    }

    #[test]
    fn a_busy_count_has_a_wide_table_and_two_of_a_key_have() {
        let key = key();
        let all = [4, 5, 6].map(|count| key.generators(count));
        let are_wide = || all.each_ref().map(|it| it.usage().is_wide);
        let prove = |at: usize| {
            // In the order in which they were used.
            let generators = key.generators(all[at].count());
            key.proved(&generators, &showing(generators.count(), 0, 1));
        };
        (1..BUSY).for_each(|_| prove(0));
        assert_eq!(are_wide(), [false; 3]);
        prove(0);
        assert_eq!(are_wide(), [true, false, false]);
        (1..=BUSY).for_each(|_| prove(1));
        assert_eq!(are_wide(), [true, true, false]);
        (1..=BUSY).for_each(|_| prove(2));
        assert_eq!(are_wide(), [false, true, true]);
        prove(2);
        assert_eq!(are_wide(), [false, true, true]);
    }

    #[test]
    fn the_generators_of_a_few_counts_are_kept() {
        let key = key();
        let first = key.generators(1);
        let held = key.clone().holding_generators(1);
        assert_eq!((key.missing_generators(1), key.missing_generators(2)), (0, 3));
        (2..=MAX_COUNTS).for_each(|count| drop(key.generators(count)));
        assert!(Arc::ptr_eq(&first, &key.generators(1)));
        // Then 2 is the one that was used least recently.
        key.generators(MAX_COUNTS + 1);
        assert_eq!((key.missing_generators(1), key.missing_generators(2)), (0, 3));
        (2..=MAX_COUNTS + 1).for_each(|count| drop(key.generators(count)));
        assert_eq!(key.missing_generators(1), 2);
        assert!(Arc::ptr_eq(&first, &held.generators(1)));
        assert_eq!(held.generators(2).count(), 2);
    }

    #[test]
    fn the_width_of_a_table_is_what_its_bytes_allow() {
        assert_eq!([1, 40, 41, 1024].map(wide), [8, 8, 7, 3]);
        assert_eq!([1, 40, 1024].map(narrow), [4, 4, 3]);
        assert_eq!(wide(100_000), 2);
    }

    #[test]
    fn a_table_has_a_row_for_each_message() {
        let generators = key().generators(5);
        assert_eq!(generators.bases().messages().count(), 5);
        generators.messages();
        assert_eq!(generators.of_group(narrow(5)).messages().count(), 5);
    }

    #[test]
    fn a_key_is_the_same_as_its_clones_alone() {
        let one = key();
        assert!(one.is_same(&one.clone()));
        assert!(!one.is_same(&key()));
        assert_eq!(format!("{one:?}"), "PreparedKey { .. }");
    }
}
