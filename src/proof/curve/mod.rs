//! BLS12-381 as far as the suites over it need it: the only place that calls C.
//!
//! `unsafe` is in `field.rs`, `point.rs` and `pairing.rs` alone. Every block there calls a `blst`
//! function with pointers to values that the caller owns or borrows, of the length the function reads
//! or writes (fixed by its type, or stated beside the call). `blst` keeps no pointer after it returns
//! and has no other precondition than the ones named where they matter.

// Integers here are indices, widths of windows and digits of scalars: their ranges follow from
// constants, and no input makes them larger. Tests and fuzz targets run with overflow checks.
#![allow(clippy::arithmetic_side_effects)]

mod field;
mod map;
mod membership;
mod pairing;
mod point;
mod sum;

pub(super) use field::Scalar;
pub(super) use map::{clear_all, map_all};
pub(super) use membership::all_in_group;
pub(super) use pairing::{product_is_one, Lines, G2};
pub(super) use point::{multi_sum, to_affine, Affine, NoPoint, OnCurve, Sum, G1};
pub(super) use sum::{sums, Row, Table, Term};
