//! Points of the curve and of its group G1.
//!
//! `unsafe` here calls `blst` functions that read and write single points, or arrays whose length is
//! stated beside the call.

#![allow(unsafe_code)]

use std::sync::LazyLock;

use blst::*;

use super::field::{hex, Fp, Scalar};

/// A point of the curve, or the identity, which is (0, 0) as it is for `blst`; (0, 0) is no point.
#[derive(Clone, Copy)]
pub(in super::super) struct Affine(pub(super) blst_p1_affine);

/// A point of the curve, not the identity; whether it is of the group is not known.
#[derive(Clone, Copy)]
pub(in super::super) struct OnCurve(Affine);

/// A point of the prime-order group G1, never the identity.
#[derive(Clone, Copy)]
pub(in super::super) struct G1(Affine);

/// A sum of points, in Jacobian coordinates.
#[derive(Clone, Copy)]
pub(in super::super) struct Sum(blst_p1);

/// Why bytes are no point of a group.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum NoPoint {
    Encoding,
    Subgroup,
    Identity,
}

impl OnCurve {
    /// Decodes 48 bytes (ZCash encoding); each point has exactly one encoding.
    pub(in super::super) fn from_compressed(bytes: &[u8; 48]) -> Result<OnCurve, NoPoint> {
        let mut point = blst_p1_affine::default();
        // SAFETY: `blst_p1_uncompress` reads 48 bytes and writes one point.
        let status = unsafe { blst_p1_uncompress(&mut point, bytes.as_ptr()) };
        let point = Affine(point);
        match (status, point.is_identity()) {
            (BLST_ERROR::BLST_SUCCESS, false) => Ok(OnCurve(point)),
            (BLST_ERROR::BLST_SUCCESS, true) => Err(NoPoint::Identity),
            _ => Err(NoPoint::Encoding),
        }
    }

    /// `point` is of the curve or the identity.
    pub(super) fn of_curve(point: Affine) -> Option<OnCurve> {
        (!point.is_identity()).then_some(OnCurve(point))
    }

    /// The same point, if it is of the group.
    pub(in super::super) fn in_group(self) -> Result<G1, NoPoint> {
        // SAFETY: reads one point, which is on the curve.
        match unsafe { blst_p1_affine_in_g1(&self.0 .0) } {
            true => Ok(G1(self.0)),
            false => Err(NoPoint::Subgroup),
        }
    }

    pub(in super::super) fn affine(self) -> Affine {
        self.0
    }

    /// The 96 bytes of both coordinates.
    pub(in super::super) fn to_uncompressed(self) -> [u8; 96] {
        self.0.to_uncompressed()
    }
}

impl From<G1> for OnCurve {
    fn from(point: G1) -> OnCurve {
        OnCurve(point.0)
    }
}

impl G1 {
    pub(in super::super) fn generator() -> G1 {
        // SAFETY: `blst` returns a pointer to a constant of its own.
        G1(Affine(unsafe { *blst_p1_affine_generator() }))
    }

    /// Hashes a text to a point (RFC 9380, section 8.8.1, the suite with SHA-256); `domain` has at most
    /// 255 bytes.
    ///
    /// `None` where that is the identity, which no text is known to reach.
    pub(in super::super) fn hash(text: &[u8], domain: &[u8]) -> Option<G1> {
        let (mut sum, prefix) = (Sum::identity(), []);
        // SAFETY: reads `text.len()`, `domain.len()` and no bytes, and writes one point of the group.
        unsafe {
            blst_hash_to_g1(
                &mut sum.0,
                text.as_ptr(),
                text.len(),
                domain.as_ptr(),
                domain.len(),
                prefix.as_ptr(),
                prefix.len(),
            );
        }
        to_affine(&[sum]).into_iter().next().and_then(G1::of_group)
    }

    /// `point` is of the group or the identity.
    pub(super) fn of_group(point: Affine) -> Option<G1> {
        (!point.is_identity()).then_some(G1(point))
    }

    pub(in super::super) fn affine(self) -> Affine {
        self.0
    }

    /// The 96 bytes of both coordinates.
    pub(in super::super) fn to_uncompressed(self) -> [u8; 96] {
        self.0.to_uncompressed()
    }
}

impl Affine {
    pub(super) fn new(x: Fp, y: Fp) -> Affine {
        Affine(blst_p1_affine { x: x.0, y: y.0 })
    }

    pub(super) fn identity() -> Affine {
        Affine(blst_p1_affine::default())
    }

    #[inline]
    pub(super) fn x(&self) -> Fp {
        Fp(self.0.x)
    }

    #[inline]
    pub(super) fn y(&self) -> Fp {
        Fp(self.0.y)
    }

    #[inline]
    pub(in super::super) fn is_identity(&self) -> bool {
        self.y().is_zero() && self.x().is_zero()
    }

    #[inline]
    pub(in super::super) fn negated(self) -> Affine {
        Affine::new(self.x(), self.y().negated())
    }

    /// The endomorphism (x, y) → (βx, -y). It multiplies a point of the group by z², where z is the
    /// parameter of the curve; outside the group it does not.
    pub(super) fn times_z_squared(self) -> Affine {
        Affine::new(self.x().mul(*BETA), self.y().negated())
    }

    /// The 48 bytes of one coordinate and the sign of the other.
    pub(in super::super) fn to_compressed(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        // SAFETY: reads one point and writes 48 bytes.
        unsafe { blst_p1_affine_compress(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    fn to_uncompressed(self) -> [u8; 96] {
        let mut bytes = [0; 96];
        // SAFETY: reads one point and writes 96 bytes.
        unsafe { blst_p1_affine_serialize(bytes.as_mut_ptr(), &self.0) };
        bytes
    }
}

impl Sum {
    pub(in super::super) fn identity() -> Sum {
        Sum(blst_p1::default())
    }

    /// The point (x/z², y/z³), or the identity if z is nought.
    pub(super) fn from_jacobian(x: Fp, y: Fp, z: Fp) -> Sum {
        Sum(blst_p1 { x: x.0, y: y.0, z: z.0 })
    }

    pub(in super::super) fn add(&mut self, point: &Affine) {
        let augend = self.0;
        // SAFETY: reads and writes single points; any two points may be added; here and below.
        unsafe { blst_p1_add_or_double_affine(&mut self.0, &augend, &point.0) };
    }

    pub(in super::super) fn add_sum(&mut self, other: &Sum) {
        let augend = self.0;
        // SAFETY: as above.
        unsafe { blst_p1_add_or_double(&mut self.0, &augend, &other.0) };
    }

    pub(super) fn double(&mut self) {
        let value = self.0;
        // SAFETY: as above.
        unsafe { blst_p1_double(&mut self.0, &value) };
    }

    pub(in super::super) fn is_identity(&self) -> bool {
        // SAFETY: reads one point.
        unsafe { blst_p1_is_inf(&self.0) }
    }

    /// Whether this is the point, without a division.
    pub(in super::super) fn is(&self, point: &Affine) -> bool {
        let mut other = blst_p1::default();
        // SAFETY: reads and writes single points.
        unsafe {
            blst_p1_from_affine(&mut other, &point.0);
            blst_p1_is_equal(&self.0, &other)
        }
    }

    pub(in super::super) fn in_group(&self) -> bool {
        // SAFETY: reads one point, which is on the curve or the identity.
        unsafe { blst_p1_in_g1(&self.0) }
    }

    /// The multiple by 1 - z, which lies in the group for every point of the curve (RFC 9380,
    /// section 8.8.1).
    pub(in super::super) fn times_cofactor(&self) -> Sum {
        let mut multiple = *self;
        for bit in (0..63).rev() {
            multiple.double();
            if COFACTOR >> bit & 1 == 1 {
                multiple.add_sum(self);
            }
        }
        multiple
    }
}

/// Affine coordinates of all, with one division for many.
pub(in super::super) fn to_affine(sums: &[Sum]) -> Vec<Affine> {
    let points: Vec<blst_p1> = sums.iter().map(|sum| sum.0).collect();
    let mut affine = vec![blst_p1_affine::default(); points.len()];
    if !points.is_empty() {
        let array = [points.as_ptr(), std::ptr::null()];
        // SAFETY: an array of pointers that ends after its first element with null stands for one
        // contiguous array; `points` and `affine` hold `points.len()` points each.
        unsafe { blst_p1s_to_affine(affine.as_mut_ptr(), array.as_ptr(), points.len()) };
    }
    affine.into_iter().map(Affine).collect()
}

/// The sum of many multiples of points of the curve, of which the lowest `bits` bits of each scalar
/// count (at most 255).
///
/// The scalars stand for integers, so the points need not be of the group.
pub(in super::super) fn multi_sum(terms: &[(Affine, Scalar)], bits: usize) -> Sum {
    let bits = bits.min(255);
    let mut sum = Sum::identity();
    if terms.is_empty() {
        return sum;
    }
    let points: Vec<blst_p1_affine> = terms.iter().map(|(point, _)| point.0).collect();
    let length = bits.div_ceil(8);
    let mut scalars = Vec::with_capacity(terms.len() * length);
    for (_, scalar) in terms {
        scalars.extend(scalar.to_le_bytes().into_iter().take(length));
    }
    // SAFETY: as in `to_affine`: `points` holds `points.len()` points and `scalars` `length` bytes for
    // each, as many as `bits` bits take. The scratch has the size that `blst` asks for, and 64-bit
    // words as it must.
    unsafe {
        let size = blst_p1s_mult_pippenger_scratch_sizeof(points.len());
        let mut scratch = vec![0_u64; size.div_ceil(8)];
        let point_array = [points.as_ptr(), std::ptr::null()];
        let scalar_array = [scalars.as_ptr(), std::ptr::null()];
        blst_p1s_mult_pippenger(
            &mut sum.0,
            point_array.as_ptr(),
            points.len(),
            scalar_array.as_ptr(),
            bits,
            scratch.as_mut_ptr(),
        );
    }
    sum
}

/// 1 - z.
const COFACTOR: u64 = 0xd201_0000_0001_0001;

/// The primitive cube root of one for which (βx, -y) is z² times the point (x, y) of the group.
static BETA: LazyLock<Fp> = LazyLock::new(|| {
    Fp::from_bytes(&hex(
        b"00000000000000005f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe",
    ))
});

/// `blst`'s own map, of RFC 9380's rule for signs, to hold ours against.
#[cfg(test)]
pub(super) fn map_of_rfc9380(u: [Fp; 2]) -> Affine {
    let [first, second] = u;
    let mut sum = Sum::identity();
    // SAFETY: reads two field elements and writes one point.
    unsafe { blst_map_to_g1(&mut sum.0, &first.0, &second.0) };
    to_affine(&[sum]).into_iter().next().unwrap_or_else(Affine::identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_is_the_only_one() {
        assert!(Affine::identity().is_identity() && Sum::identity().is_identity());
        // The point (0, 2) is of the curve, and of the order three.
        let point = Affine::new(Fp::zero(), Fp::small(2));
        assert!(!point.is_identity() && !Affine::new(Fp::small(2), Fp::zero()).is_identity());
        let mut sum = Sum::identity();
        sum.add(&point);
        assert!(!sum.is_identity() && !sum.in_group());
        sum.add(&point);
        sum.add(&point);
        assert!(sum.is_identity() && sum.in_group());
        let identity = Affine::identity().to_compressed();
        assert_eq!(OnCurve::from_compressed(&identity).err(), Some(NoPoint::Identity));
        let stranger = OnCurve::of_curve(point).unwrap();
        assert_eq!(stranger.in_group().err(), Some(NoPoint::Subgroup));
        assert_eq!(OnCurve::from_compressed(&[0; 48]).err(), Some(NoPoint::Encoding));
    }
}
