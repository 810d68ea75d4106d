//! BLS12-381 as far as BBS 2020 needs it: the only place that calls C.
//!
//! Every `unsafe` block here calls a `blst` function with pointers to values that this function owns
//! or borrows, of the length the function reads or writes (fixed by its type, or stated beside the
//! call). `blst` keeps no pointer after it returns and has no other precondition than the ones named
//! where they matter.

#![allow(unsafe_code)]

use blst::*;

/// A point of the prime-order group G1, never the identity.
#[derive(Clone, Copy)]
pub(super) struct G1(blst_p1_affine);

/// A point of the prime-order group G2, never the identity.
#[derive(Clone, Copy)]
pub(super) struct G2(blst_p2_affine);

/// A scalar below the group order, as little-endian bytes.
#[derive(Clone, Copy)]
pub(super) struct Scalar([u8; 32]);

/// Why bytes are no point of a group.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NoPoint {
    Encoding,
    Subgroup,
    Identity,
}

impl G1 {
    /// Decodes 48 bytes (ZCash encoding); each point has exactly one encoding.
    pub(super) fn from_compressed(bytes: &[u8; 48]) -> Result<G1, NoPoint> {
        let mut point = blst_p1_affine::default();
        // SAFETY: `blst_p1_uncompress` reads 48 bytes and writes one point.
        let status = unsafe { blst_p1_uncompress(&mut point, bytes.as_ptr()) };
        if status != BLST_ERROR::BLST_SUCCESS {
            return Err(NoPoint::Encoding);
        }
        // SAFETY: both read one point, which was just written and is on the curve.
        match unsafe { (blst_p1_affine_is_inf(&point), blst_p1_affine_in_g1(&point)) } {
            (true, _) => Err(NoPoint::Identity),
            (false, false) => Err(NoPoint::Subgroup),
            (false, true) => Ok(G1(point)),
        }
    }

    pub(super) fn generator() -> G1 {
        // SAFETY: `blst` returns a pointer to a constant of its own.
        G1(unsafe { *blst_p1_affine_generator() })
    }

    /// The 96 bytes of both coordinates.
    pub(super) fn to_uncompressed(self) -> [u8; 96] {
        let mut bytes = [0; 96];
        // SAFETY: writes 96 bytes.
        unsafe { blst_p1_affine_serialize(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    /// Maps two field elements to a point (RFC 9380, sections 6.6.3 and 7) under the old rule for
    /// signs: a root has the sign of `u` when both or neither are greater than (p - 1) / 2.
    ///
    /// `None` if the sum is the identity, which no hash is known to reach.
    pub(super) fn map(u: [&[u8; 64]; 2]) -> Option<G1> {
        let [u0, u1] = u.map(|u| Fp::reduce(u).with_old_sign());
        let (mut sum, mut point) = (blst_p1::default(), blst_p1_affine::default());
        // SAFETY: reads two field elements and writes one point; then converts it.
        unsafe {
            blst_map_to_g1(&mut sum, &u0.0, &u1.0);
            blst_p1_to_affine(&mut point, &sum);
            (!blst_p1_affine_is_inf(&point)).then_some(G1(point))
        }
    }

    /// Whether the sum of scalar multiples is this point.
    ///
    /// The points and scalars go in pairs; there are at least two.
    pub(super) fn is_sum(&self, terms: &[(G1, Scalar)]) -> bool {
        let points: Vec<blst_p1_affine> = terms.iter().map(|(point, _)| point.0).collect();
        let scalars: Vec<u8> = terms.iter().flat_map(|(_, scalar)| scalar.0).collect();
        let mut sum = blst_p1::default();
        // SAFETY: an array of pointers that ends after its first element with null stands for one
        // contiguous array: `points` holds `terms.len()` points and `scalars` 32 bytes for each, of
        // which the lowest 255 bits are read. The scratch has the size that `blst` asks for, and
        // 64-bit words as it must.
        unsafe {
            let size = blst_p1s_mult_pippenger_scratch_sizeof(points.len());
            let mut scratch = vec![0_u64; size.div_ceil(8)];
            let point_array = [points.as_ptr(), std::ptr::null()];
            let scalar_array = [scalars.as_ptr(), std::ptr::null()];
            blst_p1s_mult_pippenger(
                &mut sum,
                point_array.as_ptr(),
                points.len(),
                scalar_array.as_ptr(),
                255,
                scratch.as_mut_ptr(),
            );
            let mut point = blst_p1_affine::default();
            blst_p1_to_affine(&mut point, &sum);
            blst_p1_affine_is_equal(&point, &self.0)
        }
    }

    /// Their sum, as a point that may be the identity (then `None`).
    pub(super) fn sum(terms: &[(G1, Scalar)]) -> Option<G1> {
        let mut sum = blst_p1::default();
        for (point, scalar) in terms {
            let (mut base, mut product) = (blst_p1::default(), blst_p1::default());
            // SAFETY: reads and writes single points; 255 bits are within the scalar's 32 bytes.
            unsafe {
                blst_p1_from_affine(&mut base, &point.0);
                blst_p1_mult(&mut product, &base, scalar.0.as_ptr(), 255);
                let augend = sum;
                blst_p1_add_or_double(&mut sum, &augend, &product);
            }
        }
        let mut point = blst_p1_affine::default();
        // SAFETY: converts one point.
        unsafe {
            blst_p1_to_affine(&mut point, &sum);
            (!blst_p1_affine_is_inf(&point)).then_some(G1(point))
        }
    }
}

impl G2 {
    /// Decodes 96 bytes (ZCash encoding); each point has exactly one encoding.
    pub(super) fn from_compressed(bytes: &[u8; 96]) -> Result<G2, NoPoint> {
        let mut point = blst_p2_affine::default();
        // SAFETY: `blst_p2_uncompress` reads 96 bytes and writes one point.
        let status = unsafe { blst_p2_uncompress(&mut point, bytes.as_ptr()) };
        if status != BLST_ERROR::BLST_SUCCESS {
            return Err(NoPoint::Encoding);
        }
        // SAFETY: both read one point, which was just written and is on the curve.
        match unsafe { (blst_p2_affine_is_inf(&point), blst_p2_affine_in_g2(&point)) } {
            (true, _) => Err(NoPoint::Identity),
            (false, false) => Err(NoPoint::Subgroup),
            (false, true) => Ok(G2(point)),
        }
    }

    pub(super) fn generator() -> G2 {
        // SAFETY: `blst` returns a pointer to a constant of its own.
        G2(unsafe { *blst_p2_affine_generator() })
    }

    /// The 192 bytes of both coordinates.
    pub(super) fn to_uncompressed(self) -> [u8; 192] {
        let mut bytes = [0; 192];
        // SAFETY: writes 192 bytes.
        unsafe { blst_p2_affine_serialize(bytes.as_mut_ptr(), &self.0) };
        bytes
    }
}

/// Whether e(a, b) = e(c, d): two Miller loops and one final exponentiation.
pub(super) fn pairings_agree((a, b): (&G1, &G2), (c, d): (&G1, &G2)) -> bool {
    let (mut left, mut right) = (blst_fp12::default(), blst_fp12::default());
    // SAFETY: reads single points and writes single field elements.
    unsafe {
        blst_miller_loop(&mut left, &b.0, &a.0);
        blst_miller_loop(&mut right, &d.0, &c.0);
        blst_fp12_finalverify(&left, &right)
    }
}

impl Scalar {
    /// Decodes 32 big-endian bytes; `None` unless the number is below the group order.
    pub(super) fn from_canonical(bytes: &[u8; 32]) -> Option<Scalar> {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads 32 bytes and writes one scalar, then reads it.
        unsafe {
            blst_scalar_from_bendian(&mut scalar, bytes.as_ptr());
            blst_scalar_fr_check(&scalar).then_some(Scalar(scalar.b))
        }
    }

    /// Reduces 48 big-endian bytes modulo the group order.
    pub(super) fn reduce(bytes: &[u8; 48]) -> Scalar {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads 48 bytes, as it is told, and writes one scalar.
        unsafe { blst_scalar_from_be_bytes(&mut scalar, bytes.as_ptr(), bytes.len()) };
        Scalar(scalar.b)
    }

    pub(super) fn one() -> Scalar {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        Scalar(bytes)
    }

    /// 32 big-endian bytes.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = self.0;
        bytes.reverse();
        bytes
    }

    pub(super) fn negated(self) -> Scalar {
        let mut element = self.element();
        let value = element;
        // SAFETY: reads and writes single field elements.
        unsafe { blst_fr_cneg(&mut element, &value, true) };
        Scalar::from_element(&element)
    }

    pub(super) fn times(self, other: Scalar) -> Scalar {
        let mut product = blst_fr::default();
        // SAFETY: reads and writes single field elements.
        unsafe { blst_fr_mul(&mut product, &self.element(), &other.element()) };
        Scalar::from_element(&product)
    }

    fn element(self) -> blst_fr {
        let mut element = blst_fr::default();
        // SAFETY: reads one scalar, which is below the order, and writes one field element.
        unsafe { blst_fr_from_scalar(&mut element, &blst_scalar { b: self.0 }) };
        element
    }

    fn from_element(element: &blst_fr) -> Scalar {
        let mut scalar = blst_scalar::default();
        // SAFETY: reads one field element and writes one scalar.
        unsafe { blst_scalar_from_fr(&mut scalar, element) };
        Scalar(scalar.b)
    }
}

/// An element of the base field.
#[derive(Clone, Copy)]
struct Fp(blst_fp);

impl Fp {
    /// Reduces 64 big-endian bytes: the high half times 2^256, plus the low half.
    fn reduce(bytes: &[u8; 64]) -> Fp {
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

    /// `u` or `-u`, whichever `blst`, which gives a root the parity of `u`, maps to the root that
    /// the old rule chooses: the map of `-u` is the negative of the map of `u` under either rule.
    fn with_old_sign(self) -> Fp {
        let root = self.sswu_root();
        let root = if root.is_large() == self.is_large() { root } else { root.negated() };
        if root.is_odd() == self.is_odd() {
            self
        } else {
            self.negated()
        }
    }

    /// A root of g(x) for the x of the simplified SWU map (RFC 9380, section 6.6.2), on the curve
    /// that is 11-isogenous to BLS12-381 (section 8.8.1).
    fn sswu_root(self) -> Fp {
        let (a, b, z) = (Fp::from_bytes(&ISOGENOUS_A), Fp::from_bytes(&ISOGENOUS_B), Fp::small(11));
        let g = |x: Fp| x.mul(x).add(a).mul(x).add(b);
        let zu2 = z.mul(self).mul(self);
        let tv = zu2.mul(zu2).add(zu2);
        let x1 = match tv.is_zero() {
            true => b.mul(z.mul(a).inverse()),
            false => b.negated().mul(a.inverse()).mul(tv.inverse().add(Fp::small(1))),
        };
        // Exactly one of g(x1) and g(x2) is a square.
        g(x1).sqrt().or_else(|| g(zu2.mul(x1)).sqrt()).unwrap_or_else(|| Fp::small(0))
    }

    fn from_bytes(bytes: &[u8; 48]) -> Fp {
        let mut element = blst_fp::default();
        // SAFETY: reads 48 bytes and writes one field element; here and below.
        unsafe { blst_fp_from_bendian(&mut element, bytes.as_ptr()) };
        Fp(element)
    }

    fn to_bytes(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        // SAFETY: writes 48 bytes.
        unsafe { blst_bendian_from_fp(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    fn small(number: u8) -> Fp {
        let mut bytes = [0; 48];
        bytes[47] = number;
        Fp::from_bytes(&bytes)
    }

    fn add(self, other: Fp) -> Fp {
        let mut sum = blst_fp::default();
        // SAFETY: reads and writes single field elements; here and below.
        unsafe { blst_fp_add(&mut sum, &self.0, &other.0) };
        Fp(sum)
    }

    fn mul(self, other: Fp) -> Fp {
        let mut product = blst_fp::default();
        unsafe { blst_fp_mul(&mut product, &self.0, &other.0) };
        Fp(product)
    }

    fn negated(self) -> Fp {
        let mut negative = blst_fp::default();
        unsafe { blst_fp_cneg(&mut negative, &self.0, true) };
        Fp(negative)
    }

    fn inverse(self) -> Fp {
        let mut inverse = blst_fp::default();
        unsafe { blst_fp_eucl_inverse(&mut inverse, &self.0) };
        Fp(inverse)
    }

    fn sqrt(self) -> Option<Fp> {
        let mut root = blst_fp::default();
        unsafe { blst_fp_sqrt(&mut root, &self.0) }.then_some(Fp(root))
    }

    fn is_zero(self) -> bool {
        self.to_bytes() == [0; 48]
    }

    fn is_odd(self) -> bool {
        self.to_bytes()[47] & 1 == 1
    }

    /// Greater than (p - 1) / 2.
    fn is_large(self) -> bool {
        self.to_bytes() > HALF_MODULUS
    }
}

/// Decodes a hexadecimal constant of 96 digits, while compiling.
#[allow(clippy::indexing_slicing)]
const fn hex(digits: &[u8; 96]) -> [u8; 48] {
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

/// A' of RFC 9380, section 8.8.1.
const ISOGENOUS_A: [u8; 48] = hex(
    b"00144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d",
);
/// B' of the same section.
const ISOGENOUS_B: [u8; 48] = hex(
    b"12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0",
);
/// (p - 1) / 2.
const HALF_MODULUS: [u8; 48] = hex(
    b"0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555",
);
