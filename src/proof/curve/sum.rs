//! Sums of multiples of points of the group, over tables of their small multiples.
//!
//! Each scalar is split in two halves of half its length (the endomorphism multiplies by z²), each
//! half is written in signed digits, and the multiples that belong to one digit position are added
//! in affine coordinates, all positions together, so that one division serves hundreds of additions.
//! What remains is one doubling for each bit of a half.
//!
//! Verification has no secrets, so nothing here takes constant time.

use super::field::{invert_all, Fp, Scalar};
use super::point::{Affine, Sum};

/// Multiples of points: 1, 2, … 2^(width - 1) times each.
pub(in super::super) struct Table {
    width: usize,
    multiples: Vec<Affine>,
}

/// The multiples of one point.
#[derive(Clone, Copy)]
pub(in super::super) struct Row<'t> {
    width: usize,
    multiples: &'t [Affine],
}

/// A point, by its multiples, times a scalar.
pub(in super::super) struct Term<'t> {
    row: Row<'t>,
    /// Of the lower and the upper half, from the lowest digit.
    digits: [[i16; MAX_DIGITS]; 2],
}

impl Table {
    /// The tables of several points, built together. `width` is from 2 to 8.
    pub(in super::super) fn new(points: &[Affine], width: usize) -> Table {
        let width = width.clamp(MIN_WIDTH, MAX_WIDTH);
        let mut multiples = points.to_vec();
        let mut length = 1;
        while length < 1 << (width - 1) {
            // From 1 … k to k + 1 … 2k by adding k to each.
            let mut pairs = Vec::with_capacity(2 * multiples.len());
            for row in multiples.chunks_exact(length) {
                if let Some(last) = row.last() {
                    pairs.extend(row.iter().flat_map(|multiple| [*multiple, *last]));
                }
            }
            let mut lengths = vec![2; multiples.len()];
            add_up(&mut pairs, &mut lengths);
            let rows = multiples.chunks_exact(length).zip(pairs.chunks_exact(length));
            multiples = rows.flat_map(|(low, high)| low.iter().chain(high)).copied().collect();
            length *= 2;
        }
        Table { width, multiples }
    }

    pub(in super::super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.multiples.chunks_exact(1 << (self.width - 1));
        rows.map(|multiples| Row { width: self.width, multiples })
    }

    /// How many points it is of.
    pub(in super::super) fn len(&self) -> usize {
        self.multiples.len() >> (self.width - 1)
    }

    /// The bytes that one point takes at a width.
    pub(in super::super) const fn bytes_for_each(width: usize) -> usize {
        size_of::<Affine>() << (width - 1)
    }
}

impl<'t> Row<'t> {
    pub(in super::super) fn times(self, scalar: Scalar) -> Term<'t> {
        let digits = halves(&scalar).map(|(negative, number)| digits(negative, number, self.width));
        Term { row: self, digits }
    }
}

/// The sum of each list of terms.
///
/// The terms' points are of the group (or the identity): the halves of a scalar are those of a
/// multiple only there. Of other points, the sum times the cofactor is that of their multiples by
/// the cofactor, which are of the group: the endomorphism does not mind the order.
pub(in super::super) fn sums<const N: usize>(lists: [&[Term<'_>]; N]) -> [Sum; N] {
    let parts = lists.map(|terms| terms.split_at_checked(MAX_TERMS).unwrap_or((terms, &[])));
    let mut sums = sums_at_once(parts.map(|(terms, _)| terms));
    for (sum, (_, rest)) in sums.iter_mut().zip(parts) {
        for terms in rest.chunks(MAX_TERMS) {
            let [part] = sums_at_once([terms]);
            sum.add_sum(&part);
        }
    }
    sums
}

fn sums_at_once<const N: usize>(lists: [&[Term<'_>]; N]) -> [Sum; N] {
    let digits = lists.iter().flat_map(|terms| *terms).map(|it| 2 * BITS.div_ceil(it.row.width));
    let mut points = Vec::with_capacity(digits.sum());
    let mut lengths = Vec::with_capacity(N * 256);
    for terms in lists {
        for bit in (0..BITS).rev() {
            for half in 0..2 {
                let before = points.len();
                for term in terms.iter().filter(|term| bit % term.row.width == 0) {
                    let digits = term.digits.get(half);
                    let digit = digits.and_then(|it| it.get(bit / term.row.width)).copied();
                    points.extend(digit.and_then(|digit| term.row.multiple(digit)));
                }
                lengths.push(points.len() - before);
            }
        }
    }
    add_up(&mut points, &mut lengths);
    let mut points = points.chunks_exact(2 * BITS);
    lists.map(|_| {
        let mut sum = Sum::identity();
        for position in points.next().unwrap_or_default().chunks_exact(2) {
            sum.double();
            if let [low, high] = position {
                if !low.is_identity() {
                    sum.add(low);
                }
                if !high.is_identity() {
                    sum.add(&high.times_z_squared());
                }
            }
        }
        sum
    })
}

impl Row<'_> {
    #[inline]
    fn multiple(&self, digit: i16) -> Option<Affine> {
        let index = usize::from(digit.unsigned_abs()).checked_sub(1)?;
        let multiple = *self.multiples.get(index)?;
        Some(if digit < 0 { multiple.negated() } else { multiple })
    }
}

/// Adds up neighbours: the first `lengths[0]` points, the next `lengths[1]`, and so on. Afterwards
/// there is one point for each, the identity for none, and every length is one.
///
/// Any points of the curve may be added, equal, opposite and none among them.
pub(super) fn add_up(points: &mut Vec<Affine>, lengths: &mut [usize]) {
    let mut next = Vec::with_capacity(points.len() / 2 + lengths.len());
    let mut divisors = Vec::with_capacity(points.len() / 2);
    while lengths.iter().any(|&length| length != 1) {
        divisors.clear();
        let mut rest = points.as_slice();
        for &length in lengths.iter() {
            let (group, others) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = others;
            for pair in group.chunks_exact(2) {
                if let [left, right] = pair {
                    divisors.push(divisor(left, right));
                }
            }
        }
        invert_all(&mut divisors);
        let mut inverses = divisors.iter();
        next.clear();
        let mut rest = points.as_slice();
        for length in lengths.iter_mut() {
            let (group, others) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            rest = others;
            for pair in group.chunks(2) {
                match pair {
                    [left, right] => {
                        let inverse = inverses.next().copied().unwrap_or_else(Fp::zero);
                        next.push(add(left, right, inverse));
                    }
                    single => next.extend_from_slice(single),
                }
            }
            if *length == 0 {
                next.push(Affine::identity());
            }
            *length = length.div_ceil(2).max(1);
        }
        std::mem::swap(points, &mut next);
    }
}

/// What the slope of the line through two points is divided by; nought if there is none.
#[inline]
fn divisor(left: &Affine, right: &Affine) -> Fp {
    let difference = right.x().sub(left.x());
    if left.is_identity() || right.is_identity() {
        return Fp::zero();
    }
    match difference.is_zero() {
        false => difference,
        // No point has y = 0, for the order of the curve is odd.
        true if left.y() == right.y() => left.y().add(left.y()),
        true => Fp::zero(),
    }
}

#[inline]
fn add(left: &Affine, right: &Affine, inverse: Fp) -> Affine {
    if inverse.is_zero() {
        return match (left.is_identity(), right.is_identity()) {
            (true, _) => *right,
            (_, true) => *left,
            // Opposite points.
            (false, false) => Affine::identity(),
        };
    }
    let rise = match left.x() == right.x() {
        false => right.y().sub(left.y()),
        true => {
            let square = left.x().square();
            square.add(square).add(square)
        }
    };
    let slope = rise.mul(inverse);
    let x = slope.square().sub(left.x()).sub(right.x());
    Affine::new(x, slope.mul(left.x().sub(x)).sub(left.y()))
}

/// `scalar` = low + z²·high modulo the group order r = z⁴ - z² + 1, both of them at most z²/2 + 1 in
/// magnitude: signs (`true` is negative) and magnitudes.
fn halves(scalar: &Scalar) -> [(bool, u128); 2] {
    let bytes = scalar.to_le_bytes();
    let mut words = [0_u64; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    // Twice by z, from the top: the quotient is that by z², and the two remainders give that by z².
    let mut divide = || {
        let mut rest = 0;
        for word in words.iter_mut().rev() {
            let number = u128::from(rest) << 64 | u128::from(*word);
            *word = (number / u128::from(Z)) as u64;
            rest = (number % u128::from(Z)) as u64;
        }
        rest
    };
    let (first, second) = (divide(), divide());
    let low = u128::from(second) * u128::from(Z) + u128::from(first);
    let [high_0, high_1, ..] = words;
    let mut high = u128::from(high_1) << 64 | u128::from(high_0);
    // Round to the nearest: low - z² and one more above.
    let (mut low_negative, mut low) = (false, low);
    if low > Z_SQUARED / 2 {
        (low_negative, low, high) = (true, Z_SQUARED - low, high + 1);
    }
    if high <= Z_SQUARED / 2 {
        return [(low_negative, low), (false, high)];
    }
    // Less r: low - 1 and high + 1 - z². If high is z² already, nothing remains of it but + 1.
    (low_negative, low) = match (low_negative, low) {
        (false, 0) => (true, 1),
        (false, low) => (false, low - 1),
        (true, low) => (true, low + 1),
    };
    match Z_SQUARED.checked_sub(high + 1) {
        Some(high) => [(low_negative, low), (true, high)],
        None => [(low_negative, low), (false, 1)],
    }
}

/// Signed digits of `width` bits, of magnitude at most 2^(width - 1), from the lowest.
///
/// The number is below 2^127 - 2^124, so the highest digit takes its carry at every width.
fn digits(negative: bool, number: u128, width: usize) -> [i16; MAX_DIGITS] {
    let (mut digits, mut number, mut carry) = ([0; MAX_DIGITS], number, 0);
    let (base, mask) = (1_i16 << width, (1_u128 << width) - 1);
    for digit in digits.iter_mut().take(BITS.div_ceil(width)) {
        let mut value = (number & mask) as i16 + carry;
        carry = i16::from(value > base / 2);
        value -= carry * base;
        *digit = if negative { -value } else { value };
        number >>= width;
    }
    digits
}

/// The magnitude of the parameter of the curve, which is negative.
const Z: u64 = 0xd201_0000_0001_0000;
const Z_SQUARED: u128 = (Z as u128) * (Z as u128);
/// z²/2 + 1 has 127 bits.
const BITS: usize = 127;
/// As many as one division serves well; more would only take memory.
const MAX_TERMS: usize = 64;
const MIN_WIDTH: usize = 2;
const MAX_WIDTH: usize = 8;
const MAX_DIGITS: usize = BITS.div_ceil(MIN_WIDTH);

#[cfg(test)]
mod tests {
    use super::super::point::{multi_sum, to_affine, G1};
    use super::*;

    fn scalar(seed: u64) -> Scalar {
        let mut bytes = [0; 48];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (index % 57)) as u8 ^ index as u8;
        }
        Scalar::reduce(&bytes)
    }

    /// Numbers where rounding or carrying turns over, and others.
    fn scalars() -> Vec<Scalar> {
        let zz = Scalar::from_u128(Z_SQUARED);
        let half = Scalar::from_u128(Z_SQUARED / 2);
        let one = Scalar::from_u128(1);
        let mut all: Vec<Scalar> = (0..40).map(scalar).collect();
        for base in [
            Scalar::from_u128(0),
            zz,
            half,
            zz.times(half),
            zz.times(half).plus(half),
            zz.times(zz),
            zz.times(zz).plus(zz.negated()),
            Scalar::from_u128(u128::MAX),
            Scalar::from_u128(1 << 127),
        ] {
            for step in [one.negated(), Scalar::from_u128(0), one, half, zz] {
                all.extend([base.plus(step), base.plus(step).negated()]);
            }
        }
        all
    }

    fn points(count: u64) -> Vec<Affine> {
        let generator = G1::generator().affine();
        let multiples = (1..=count).map(|k| multi_sum(&[(generator, scalar(k))], 255));
        to_affine(&multiples.collect::<Vec<_>>())
    }

    #[test]
    fn halves_are_short_and_make_up_the_scalar() {
        for scalar in scalars() {
            let [low, high] = halves(&scalar);
            assert!(low.1 <= Z_SQUARED / 2 + 1 && high.1 <= Z_SQUARED / 2 + 1);
            let signed = |(negative, number)| match negative {
                true => Scalar::from_u128(number).negated(),
                false => Scalar::from_u128(number),
            };
            let sum = signed(low).plus(signed(high).times(Scalar::from_u128(Z_SQUARED)));
            assert!(sum == scalar);
        }
    }

    #[test]
    fn digits_fit_their_tables_and_make_up_the_number() {
        for scalar in scalars() {
            for (negative, number) in halves(&scalar) {
                for width in MIN_WIDTH..=MAX_WIDTH {
                    let digits = digits(negative, number, width);
                    assert!(digits.iter().all(|digit| digit.unsigned_abs() <= 1 << (width - 1)));
                    let value = digits.iter().rev().fold(0_i128, |value, digit| {
                        value.wrapping_shl(width as u32).wrapping_add(i128::from(*digit))
                    });
                    let number = number as i128;
                    assert_eq!(value, if negative { -number } else { number });
                }
            }
        }
    }

    #[test]
    fn sums_over_tables_are_sums() {
        let points = points(5);
        for width in MIN_WIDTH..=MAX_WIDTH {
            let table = Table::new(&points, width);
            for chunk in scalars().chunks_exact(5) {
                let terms: Vec<Term<'_>> =
                    table.rows().zip(chunk).map(|(row, scalar)| row.times(*scalar)).collect();
                let pairs: Vec<_> = points.iter().copied().zip(chunk.iter().copied()).collect();
                let [sum, none] = sums([&terms, &[]]);
                assert!(sum.is(&to_affine(&[multi_sum(&pairs, 255)])[0]));
                assert!(none.is_identity());
            }
        }
    }

    #[test]
    fn sums_of_many_terms_are_sums() {
        let points = points(1);
        let table = Table::new(&points, 4);
        let terms = |count: usize| -> Vec<Term<'_>> {
            let row = || table.rows().next().unwrap();
            (0..count).map(|_| row().times(scalar(1))).collect()
        };
        for count in [MAX_TERMS - 1, MAX_TERMS, MAX_TERMS + 1, 3 * MAX_TERMS + 1] {
            let [sum, few] = sums([&terms(count), &terms(2)]);
            for (sum, count) in [(sum, count), (few, 2)] {
                let factor = scalar(1).times(Scalar::from_u128(count as u128));
                assert!(sum.is(&to_affine(&[multi_sum(&[(points[0], factor)], 255)])[0]));
            }
        }
    }

    /// Equal points, opposite points and the identity, at every place of a group.
    #[test]
    fn any_points_add_up() {
        let points = points(2);
        let choices =
            [points[0], points[0].negated(), points[1], points[1].negated(), Affine::identity()];
        for length in 0..=5_u32 {
            let (mut all, mut expected) = (Vec::new(), Vec::new());
            for choice in 0..5_usize.pow(length) {
                let mut sum = Sum::identity();
                for place in 0..length {
                    let point = choices[choice / 5_usize.pow(place) % 5];
                    all.push(point);
                    sum.add(&point);
                }
                expected.push(sum);
            }
            let mut lengths = vec![length as usize; expected.len()];
            add_up(&mut all, &mut lengths);
            assert_eq!(all.len(), expected.len());
            assert!(expected.iter().zip(&all).all(|(sum, point)| sum.is(point)));
        }
    }
}
