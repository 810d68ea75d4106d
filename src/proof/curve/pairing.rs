//! The group G2, and products of pairings.
//!
//! `unsafe` here calls `blst` functions that read and write single elements, or byte arrays whose
//! length is stated beside the call.

#![allow(unsafe_code)]

use blst::*;

use super::field::Fp;
use super::point::{Affine, NoPoint};

/// A point of the prime-order group G2, never the identity.
#[derive(Clone, Copy)]
pub(in super::super) struct G2(blst_p2_affine);

/// The lines of the Miller loop of one point of G2: what the loop needs of it.
pub(in super::super) struct Lines(Vec<blst_fp6>);

impl G2 {
    /// Decodes 96 bytes (ZCash encoding); each point has exactly one encoding.
    pub(in super::super) fn from_compressed(bytes: &[u8; 96]) -> Result<G2, NoPoint> {
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

    pub(in super::super) fn generator() -> G2 {
        // SAFETY: `blst` returns a pointer to a constant of its own.
        G2(unsafe { *blst_p2_affine_generator() })
    }

    /// The 192 bytes of both coordinates.
    pub(in super::super) fn to_uncompressed(self) -> [u8; 192] {
        let mut bytes = [0; 192];
        // SAFETY: writes 192 bytes.
        unsafe { blst_p2_affine_serialize(bytes.as_mut_ptr(), &self.0) };
        bytes
    }

    pub(in super::super) fn lines(&self) -> Lines {
        let mut lines = vec![blst_fp6::default(); LINES];
        // SAFETY: reads one point and writes 68 lines.
        unsafe { blst_precompute_lines(lines.as_mut_ptr(), &self.0) };
        Lines(lines)
    }
}

/// Whether the product of the pairings is one: one Miller loop for all of them, so that its
/// squarings are shared, and one final exponentiation.
///
/// The points are of G1; one that is the identity has the pairing one.
pub(in super::super) fn product_is_one(pairs: &[(&Lines, Affine)]) -> bool {
    let scaled: Vec<(&Lines, Fp, Fp)> = pairs
        .iter()
        .filter(|(_, point)| !point.is_identity())
        .map(|(lines, point)| {
            let (x, y) = (point.x(), point.y());
            // As `blst` scales them: the lines lack these factors of the point.
            (*lines, x.add(x).negated(), y.add(y))
        })
        .collect();
    // SAFETY: `blst` returns a pointer to a constant of its own.
    let mut product = unsafe { *blst_fp12_one() };
    let mut at = 0;
    let mut step = |product: &mut blst_fp12| {
        for (lines, x, y) in &scaled {
            let Some(line) = lines.0.get(at) else { continue };
            let mut line = *line;
            scale(&mut line, *x, *y);
            let factor = *product;
            // SAFETY: reads and writes single elements.
            unsafe { blst_fp12_mul_by_xy00z0(product, &factor, &line) };
        }
        at += 1;
    };
    step(&mut product);
    for doublings in RUNS {
        step(&mut product);
        for _ in 0..doublings {
            let root = product;
            // SAFETY: reads and writes single elements.
            unsafe { blst_fp12_sqr(&mut product, &root) };
            step(&mut product);
        }
    }
    let mut power = blst_fp12::default();
    // SAFETY: reads and writes single elements. The parameter of the curve is negative, which
    // conjugates the loop's value.
    unsafe {
        blst_fp12_conjugate(&mut product);
        blst_final_exp(&mut power, &product);
        blst_fp12_is_one(&power)
    }
}

/// Evaluates a line at a point: its second coefficient times `x`, its third times `y`.
fn scale(line: &mut blst_fp6, x: Fp, y: Fp) {
    let [_, second, third] = &mut line.fp2;
    for (coefficient, factor) in [(second, x), (third, y)] {
        for part in &mut coefficient.fp {
            *part = Fp(*part).mul(factor).0;
        }
    }
}

/// One line for each doubling and addition of the loop.
const LINES: usize = 68;
/// The doublings after each addition, the first bit apart: the parameter is -0xd201000000010000.
const RUNS: [usize; 5] = [2, 3, 9, 32, 16];
