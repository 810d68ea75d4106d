//! Scalars and points by `blst` alone, inside the group and outside of it.

use std::sync::LazyLock;

use blake2::digest::consts::U48;
use blake2::{Blake2b, Digest};
use blst::*;

/// A scalar. Every unsafe call in this file reads and writes single values, or bytes whose length it is
/// told or the type fixes.
#[derive(Clone, Copy)]
pub struct Fr(blst_fr);

impl Fr {
    pub fn from_be(bytes: &[u8]) -> Fr {
        let (mut scalar, mut element) = (blst_scalar::default(), blst_fr::default());
        unsafe {
            blst_scalar_from_be_bytes(&mut scalar, bytes.as_ptr(), bytes.len());
            blst_fr_from_scalar(&mut element, &scalar);
        }
        Fr(element)
    }

    pub fn seeded(seed: u64, name: u64) -> Fr {
        Fr::hash(&[seed.to_le_bytes(), name.to_le_bytes()].concat())
    }

    pub fn hash(bytes: &[u8]) -> Fr {
        Fr::from_be(&Blake2b::<U48>::digest(bytes))
    }

    pub fn bytes(self) -> [u8; 32] {
        let (mut scalar, mut bytes) = (blst_scalar::default(), [0; 32]);
        unsafe {
            blst_scalar_from_fr(&mut scalar, &self.0);
            blst_bendian_from_scalar(bytes.as_mut_ptr(), &scalar);
        }
        bytes
    }

    /// The integer modulo a small number.
    pub fn modulo(self, number: u32) -> u32 {
        self.bytes().iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % number)
    }

    pub fn plus(self, other: Fr) -> Fr {
        let mut sum = blst_fr::default();
        unsafe { blst_fr_add(&mut sum, &self.0, &other.0) };
        Fr(sum)
    }

    pub fn minus(self, other: Fr) -> Fr {
        let mut difference = blst_fr::default();
        unsafe { blst_fr_sub(&mut difference, &self.0, &other.0) };
        Fr(difference)
    }

    pub fn times(self, other: Fr) -> Fr {
        let mut product = blst_fr::default();
        unsafe { blst_fr_mul(&mut product, &self.0, &other.0) };
        Fr(product)
    }

    pub fn inverse(self) -> Fr {
        let mut inverse = blst_fr::default();
        unsafe { blst_fr_inverse(&mut inverse, &self.0) };
        Fr(inverse)
    }
}

#[derive(Clone, Copy)]
pub struct Point(blst_p1);

impl Point {
    pub fn from_bytes(bytes: &[u8]) -> Point {
        let (mut affine, mut point) = (blst_p1_affine::default(), blst_p1::default());
        unsafe {
            let status = match bytes.len() {
                48 => blst_p1_uncompress(&mut affine, bytes.as_ptr()),
                _ => blst_p1_deserialize(&mut affine, bytes.as_ptr()),
            };
            // `blst` writes the point of order 3 at x = 0, and says at once what it is.
            let known = [BLST_ERROR::BLST_SUCCESS, BLST_ERROR::BLST_POINT_NOT_IN_GROUP];
            assert!(known.contains(&status));
            blst_p1_from_affine(&mut point, &affine);
        }
        Point(point)
    }

    pub fn generator() -> Point {
        Point(unsafe { *blst_p1_generator() })
    }

    pub fn plus(self, other: Point) -> Point {
        let mut sum = blst_p1::default();
        unsafe { blst_p1_add_or_double(&mut sum, &self.0, &other.0) };
        Point(sum)
    }

    pub fn times(self, scalar: Fr) -> Point {
        self.times_integer(&scalar.bytes())
    }

    /// By doubling and adding, which is right outside the group too.
    pub fn times_integer(self, big_endian: &[u8]) -> Point {
        let mut product = Point(blst_p1::default());
        for byte in big_endian {
            for bit in (0..8).rev() {
                product = product.plus(product);
                if byte >> bit & 1 == 1 {
                    product = product.plus(self);
                }
            }
        }
        product
    }

    pub fn minus(self, other: Point) -> Point {
        let mut negative = other.0;
        unsafe { blst_p1_cneg(&mut negative, true) };
        self.plus(Point(negative))
    }

    pub fn compressed(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        unsafe { blst_p1_compress(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    pub fn uncompressed(self) -> [u8; 96] {
        let mut bytes = [0; 96];
        unsafe { blst_p1_serialize(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    pub fn is_identity(self) -> bool {
        unsafe { blst_p1_is_inf(&self.0) }
    }

    pub fn in_group(self) -> bool {
        unsafe { blst_p1_in_g1(&self.0) }
    }
}

/// Points outside the group: two of order 3 and one of order 11.
pub static TORSION: LazyLock<Vec<(u32, Point)>> = LazyLock::new(|| {
    let mut bytes = [0; 96];
    bytes[95] = 2;
    // y² = x³ + 4 at x = 0.
    let third = Point::from_bytes(&bytes);
    let two_thirds = third.plus(third);
    // r · h / 11², from the order 3 · 11² · 10177² · 859267² · 52437899² · r.
    let order = [
        hex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"),
        hex("03"),
        hex("27c1"),
        hex("27c1"),
        hex("0d1c83"),
        hex("0d1c83"),
        hex("0320238b"),
        hex("0320238b"),
    ];
    let eleventh = (1_u8..).find_map(|x| {
        let mut bytes = [0; 48];
        (bytes[0], bytes[47]) = (0x80, x);
        let mut affine = blst_p1_affine::default();
        if unsafe { blst_p1_uncompress(&mut affine, bytes.as_ptr()) } != BLST_ERROR::BLST_SUCCESS {
            return None;
        }
        let point = order.iter().fold(Point::from_bytes(&bytes), |it, by| it.times_integer(by));
        (!point.is_identity()).then_some(point)
    });
    let eleventh = eleventh.expect("a point");
    assert!(third.times_integer(&[3]).is_identity());
    assert!(eleventh.times_integer(&[11]).is_identity());
    vec![(3, third), (3, two_thirds), (11, eleventh)]
});

pub fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}
