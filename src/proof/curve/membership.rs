//! Whether many points of the curve are all of the group, at once.

use blake2b_simd::State;

use super::point::{Affine, OnCurve, Sum};
use super::sum::add_up;

/// Whether all points are of the group: never `false` if they are, and `true` for others with a
/// probability of at most 3^-84 < 2^-133 over the weights, which `seed` decides.
///
/// In each of 84 rounds every point has a weight of 0, 1 or 2, and the weighted sum is checked. Let
/// one point lie outside the group: its image in the quotient of the curve by the group is not the
/// identity, and as the quotient's order 3·11²·10177²·859267²·52437899² is odd, neither is twice
/// the image, so its three multiples by 0, 1 and 2 differ. Whatever the other points and weights are,
/// at most one of the three takes the sum into the group. The weights of the rounds are
/// independent, so the bound is 3^-1 for each.
///
/// Four rounds share their additions: a point goes into one of 3^4 buckets by its four weights.
pub(in super::super) fn all_in_group(points: &[OnCurve], seed: &[u8; 64]) -> bool {
    if points.len() < FEW {
        return points.iter().all(|point| point.in_group().is_ok());
    }
    let mut weights = Weights { seed, counter: 0, block: [0; 64], used: 64 };
    for _ in 0..ROUNDS / SHARED {
        let mut buckets: Vec<Vec<Affine>> = vec![Vec::new(); BUCKETS];
        for point in points {
            if let Some(bucket) = buckets.get_mut(weights.next()) {
                bucket.push(point.affine());
            }
        }
        let mut lengths: Vec<usize> = buckets.iter().map(Vec::len).collect();
        let mut buckets = buckets.concat();
        add_up(&mut buckets, &mut lengths);
        if !weighted_sums(&buckets).iter().all(Sum::in_group) {
            return false;
        }
    }
    true
}

/// The sum of each of the rounds that share the buckets: there a bucket's weight is the digit of its number
/// to the base of three.
fn weighted_sums(buckets: &[Affine]) -> Vec<Sum> {
    // For each round, what weighs one and what weighs two.
    let (mut parts, mut lengths) = (Vec::with_capacity(8 * BUCKETS), Vec::new());
    for round in [1, 3, 9, 27] {
        for weight in 1..=2 {
            let before = parts.len();
            let of_weight = |(bucket, _): &(usize, &Affine)| bucket / round % 3 == weight;
            parts.extend(buckets.iter().enumerate().filter(of_weight).map(|(_, sum)| *sum));
            lengths.push(parts.len() - before);
        }
    }
    add_up(&mut parts, &mut lengths);
    let sum = |part: &[Affine]| {
        let mut sum = Sum::identity();
        if let [once, twice] = part {
            sum.add(twice);
            sum.double();
            sum.add(once);
        }
        sum
    };
    parts.chunks_exact(2).map(sum).collect()
}

/// Numbers below 81, evenly.
struct Weights<'s> {
    seed: &'s [u8; 64],
    counter: u64,
    block: [u8; 64],
    used: usize,
}

impl Weights<'_> {
    fn next(&mut self) -> usize {
        loop {
            let Some(byte) = self.block.get(self.used) else {
                let mut hash = State::new();
                hash.update(b"result-vp membership weights");
                hash.update(self.seed);
                hash.update(&self.counter.to_le_bytes());
                self.block = *hash.finalize().as_array();
                (self.counter, self.used) = (self.counter + 1, 0);
                continue;
            };
            self.used += 1;
            // 243 is three times 81.
            if *byte < 243 {
                return usize::from(*byte) % BUCKETS;
            }
        }
    }
}

const ROUNDS: usize = 84;
const SHARED: usize = 4;
const BUCKETS: usize = 81;
/// Below this number, single checks cost less.
const FEW: usize = 144;

#[cfg(test)]
mod tests {
    use super::super::field::Fp;
    use super::super::point::{multi_sum, to_affine, G1};
    use super::super::Scalar;
    use super::*;

    fn multiple(number: usize) -> Affine {
        let terms = [(G1::generator().affine(), Scalar::from_u128(number as u128))];
        to_affine(&[multi_sum(&terms, 255)])[0]
    }

    /// The point (0, 2) is of order three.
    fn stranger() -> Affine {
        Affine::new(Fp::zero(), Fp::small(2))
    }

    #[test]
    fn one_stranger_is_found_and_so_are_two_that_cancel_out() {
        for count in [1, 2, FEW, 3 * FEW] {
            let honest: Vec<Affine> = (1..=count).map(multiple).collect();
            let all = |points: &[Affine]| {
                let points: Vec<OnCurve> =
                    points.iter().map(|it| OnCurve::of_curve(*it).unwrap()).collect();
                all_in_group(&points, &[7; 64])
            };
            assert!(all(&honest));
            for place in [0, count / 2, count - 1] {
                let add = |points: &mut Vec<Affine>, place: usize, stranger: Affine| {
                    let mut sum = Sum::identity();
                    sum.add(&points[place]);
                    sum.add(&stranger);
                    points[place] = to_affine(&[sum])[0];
                };
                let mut laced = honest.clone();
                add(&mut laced, place, stranger());
                assert!(!all(&laced), "{place} of {count}");
                if place != 0 {
                    add(&mut laced, 0, stranger().negated());
                    assert!(!all(&laced), "{place} of {count}");
                }
            }
        }
    }

    #[test]
    fn a_bucket_weighs_in_each_round_what_its_digit_says() {
        for number in 0..BUCKETS {
            let mut buckets = vec![Affine::identity(); BUCKETS];
            buckets[number] = multiple(1);
            let sums = weighted_sums(&buckets);
            let digits = [number % 3, number / 3 % 3, number / 9 % 3, number / 27];
            assert_eq!(sums.len(), SHARED);
            for (sum, digit) in sums.iter().zip(digits) {
                assert!(sum.is(&multiple(digit)), "{number}");
            }
        }
    }

    #[test]
    fn weights_are_the_bytes_of_a_hash_that_are_no_more_of_one_than_of_another() {
        let seed = [7; 64];
        let mut weights = Weights { seed: &seed, counter: 0, block: [0; 64], used: 64 };
        let blocks = (0_u64..100).flat_map(|counter| {
            let mut hash = State::new();
            hash.update(b"result-vp membership weights");
            hash.update(&seed).update(&counter.to_le_bytes());
            hash.finalize().as_bytes().to_vec()
        });
        let mut seen = [0; BUCKETS];
        for byte in blocks.filter(|byte| *byte < 243) {
            let weight = weights.next();
            assert_eq!(weight, usize::from(byte % 81));
            seen[weight] += 1;
        }
        assert!(seen.iter().all(|count| *count > 0));
    }
}
