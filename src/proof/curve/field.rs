//! Elements of the base field, and scalars.
//!
//! `unsafe` here calls `blst` functions that read and write single field elements, or byte arrays
//! whose length is stated beside the call.

#![allow(unsafe_code)]

use blst::*;

/// An element of the base field, always fully reduced.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct Fp(pub(super) blst_fp);

impl Fp {
    /// Reduces 64 big-endian bytes: the high half times 2^256, plus the low half.
    pub(super) fn reduce(bytes: &[u8; 64]) -> Fp {
        let mut shift = [0; 48];
        shift[15] = 1;
        let half = |bytes: &[u8]| {
            let mut padded = [0; 48];
            padded.iter_mut().skip(16).zip(bytes).for_each(|(to, from)| *to = *from);
            Fp::from_bytes(&padded)
        };
        let (high, low) = bytes.split_at(32);
        half(high).mul(Fp::from_bytes(&shift)).add(half(low))
    }

    pub(super) fn from_bytes(bytes: &[u8; 48]) -> Fp {
        let mut element = blst_fp::default();
        // SAFETY: reads 48 bytes and writes one field element.
        unsafe { blst_fp_from_bendian(&mut element, bytes.as_ptr()) };
        Fp(element)
    }

    fn to_bytes(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        // SAFETY: reads one field element and writes 48 bytes.
        unsafe { blst_bendian_from_fp(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    pub(super) fn zero() -> Fp {
        Fp(blst_fp::default())
    }

    pub(super) fn small(number: u8) -> Fp {
        let mut bytes = [0; 48];
        bytes[47] = number;
        Fp::from_bytes(&bytes)
    }

    #[inline]
    pub(super) fn add(self, other: Fp) -> Fp {
        let mut sum = blst_fp::default();
        // SAFETY: reads and writes single field elements; here and below.
        unsafe { blst_fp_add(&mut sum, &self.0, &other.0) };
        Fp(sum)
    }

    #[inline]
    pub(super) fn sub(self, other: Fp) -> Fp {
        let mut difference = blst_fp::default();
        // SAFETY: as above.
        unsafe { blst_fp_sub(&mut difference, &self.0, &other.0) };
        Fp(difference)
    }

    #[inline]
    pub(super) fn mul(self, other: Fp) -> Fp {
        let mut product = blst_fp::default();
        // SAFETY: as above.
        unsafe { blst_fp_mul(&mut product, &self.0, &other.0) };
        Fp(product)
    }

    #[inline]
    pub(super) fn square(self) -> Fp {
        let mut square = blst_fp::default();
        // SAFETY: as above.
        unsafe { blst_fp_sqr(&mut square, &self.0) };
        Fp(square)
    }

    #[inline]
    pub(super) fn negated(self) -> Fp {
        let mut negative = blst_fp::default();
        // SAFETY: as above.
        unsafe { blst_fp_cneg(&mut negative, &self.0, true) };
        Fp(negative)
    }

    /// The inverse, and nought for nought.
    fn inverse(self) -> Fp {
        let mut inverse = blst_fp::default();
        // SAFETY: as above.
        unsafe { blst_fp_eucl_inverse(&mut inverse, &self.0) };
        Fp(inverse)
    }

    /// A root and `true`, or a root of the negative and `false`: p is 3 modulo 4, so exactly one of
    /// the two has one, and the power (p + 1) / 4 that `blst` writes in either case is it.
    pub(super) fn root(self) -> (Fp, bool) {
        let mut root = blst_fp::default();
        // SAFETY: as above.
        let is_square = unsafe { blst_fp_sqrt(&mut root, &self.0) };
        (Fp(root), is_square)
    }

    #[inline]
    pub(super) fn is_zero(self) -> bool {
        // In words; a comparison of arrays would call `memcmp`.
        self.0.l.iter().fold(0, |bits, word| bits | word) == 0
    }

    #[cfg(test)]
    pub(super) fn is_odd(self) -> bool {
        self.to_bytes()[47] & 1 == 1
    }

    /// Greater than (p - 1) / 2.
    pub(super) fn is_large(self) -> bool {
        self.to_bytes() > HALF_MODULUS
    }
}

/// Inverts every element with one division (Montgomery's trick); nought stays nought.
pub(super) fn invert_all(elements: &mut [Fp]) {
    let mut product = Fp::small(1);
    let mut before = Vec::with_capacity(elements.len());
    for element in elements.iter().filter(|element| !element.is_zero()) {
        before.push(product);
        product = product.mul(*element);
    }
    let mut inverse = product.inverse();
    let elements = elements.iter_mut().filter(|element| !element.is_zero());
    for (element, before) in elements.rev().zip(before.into_iter().rev()) {
        let next = inverse.mul(*element);
        *element = inverse.mul(before);
        inverse = next;
    }
}

/// A scalar: an integer modulo the group order.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(in super::super) struct Scalar(blst_fr);

impl Scalar {
    /// Decodes 32 big-endian bytes; `None` unless the number is below the group order.
    pub(in super::super) fn from_canonical(bytes: &[u8; 32]) -> Option<Scalar> {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads 32 bytes and writes one scalar, then reads it.
        let canonical = unsafe {
            blst_scalar_from_bendian(&mut scalar, bytes.as_ptr());
            blst_scalar_fr_check(&scalar)
        };
        canonical.then(|| Scalar::from_scalar(&scalar))
    }

    /// Reduces 48 big-endian bytes modulo the group order.
    pub(in super::super) fn reduce(bytes: &[u8; 48]) -> Scalar {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads 48 bytes, as it is told, and writes one scalar.
        unsafe { blst_scalar_from_be_bytes(&mut scalar, bytes.as_ptr(), bytes.len()) };
        Scalar::from_scalar(&scalar)
    }

    pub(in super::super) fn from_u128(number: u128) -> Scalar {
        let mut scalar = blst_scalar::default();
        scalar.b.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
        Scalar::from_scalar(&scalar)
    }

    /// 32 big-endian bytes.
    pub(in super::super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = self.to_le_bytes();
        bytes.reverse();
        bytes
    }

    pub(super) fn to_le_bytes(self) -> [u8; 32] {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads one element and writes one scalar.
        unsafe { blst_scalar_from_fr(&mut scalar, &self.0) };
        scalar.b
    }

    pub(in super::super) fn negated(self) -> Scalar {
        let mut negative = blst_fr::default();
        // SAFETY: reads and writes single elements; here and below.
        unsafe { blst_fr_cneg(&mut negative, &self.0, true) };
        Scalar(negative)
    }

    pub(in super::super) fn times(self, other: Scalar) -> Scalar {
        let mut product = blst_fr::default();
        // SAFETY: as above.
        unsafe { blst_fr_mul(&mut product, &self.0, &other.0) };
        Scalar(product)
    }

    pub(in super::super) fn plus(self, other: Scalar) -> Scalar {
        let mut sum = blst_fr::default();
        // SAFETY: as above.
        unsafe { blst_fr_add(&mut sum, &self.0, &other.0) };
        Scalar(sum)
    }

    /// `scalar` is below the group order.
    fn from_scalar(scalar: &blst_scalar) -> Scalar {
        let mut element = blst_fr::default();
        // SAFETY: reads one scalar and writes one element.
        unsafe { blst_fr_from_scalar(&mut element, scalar) };
        Scalar(element)
    }
}

/// Decodes a hexadecimal constant of 96 digits, while compiling.
#[allow(clippy::indexing_slicing)]
pub(super) const fn hex(digits: &[u8; 96]) -> [u8; 48] {
    const fn digit(digit: u8) -> u8 {
        if digit <= b'9' {
            digit - b'0'
        } else {
            digit - b'a' + 10
        }
    }
    let mut bytes = [0; 48];
    let mut at = 0;
    while at < 48 {
        bytes[at] = digit(digits[2 * at]) << 4 | digit(digits[2 * at + 1]);
        at += 1;
    }
    bytes
}

/// (p - 1) / 2.
const HALF_MODULUS: [u8; 48] = hex(
    b"0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nought_is_nought() {
        assert!(Fp::zero().is_zero());
        // Words that are no nought, and cancel out.
        for words in [[1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0]] {
            assert!(!Fp(blst_fp { l: words }).is_zero());
        }
    }

    #[test]
    fn large_is_what_is_greater_than_its_negative() {
        let half = Fp::from_bytes(&HALF_MODULUS);
        for (element, is_large) in [
            (Fp::zero(), false),
            (Fp::small(1), false),
            (half, false),
            (half.add(Fp::small(1)), true),
            (Fp::small(1).negated(), true),
        ] {
            assert_eq!(element.is_large(), is_large);
        }
    }
}
