//! Texts to points: the simplified SWU map and the 11-isogeny of RFC 9380, under the old rule for
//! signs, which `blst` does not have.
//!
//! Everything here is public (keys and counts), so nothing needs constant time.

use std::sync::LazyLock;

use super::field::{hex, invert_all, Fp};
use super::point::{to_affine, OnCurve, Sum, G1};

/// Maps pairs of field elements to points of the curve (RFC 9380, sections 6.6.3 and 7) under the
/// rule of its drafts up to 06: a root has the sign of `u` when both or neither are greater than
/// (p - 1) / 2. The last step is left out: [`clear_all`] takes them to the group.
///
/// `None` where the sum is the identity, which no hash is known to reach. Divisions are shared.
pub(in super::super) fn map_all(inputs: &[[[u8; 64]; 2]]) -> Vec<Option<OnCurve>> {
    let constants = &*CONSTANTS;
    let elements: Vec<Fp> = inputs.iter().flatten().map(Fp::reduce).collect();
    let mapped = constants.swu(&elements);
    let sums = constants.add_pairs(&mapped);
    let on_curve: Vec<Sum> = sums
        .iter()
        .map(|sum| sum.map_or(Sum::identity(), |(x, y)| constants.isogeny(x, y)))
        .collect();
    to_affine(&on_curve).into_iter().map(OnCurve::of_curve).collect()
}

/// Takes points to the group (RFC 9380, section 7).
///
/// `None` where that is the identity, which no hash is known to reach either.
pub(in super::super) fn clear_all(points: &[OnCurve]) -> Vec<Option<G1>> {
    let cleared: Vec<Sum> = points
        .iter()
        .map(|point| {
            let mut sum = Sum::identity();
            sum.add(&point.affine());
            sum.times_cofactor()
        })
        .collect();
    to_affine(&cleared).into_iter().map(G1::of_group).collect()
}

/// A point of the isogenous curve.
type Isogenous = (Fp, Fp);

struct Constants {
    a: Fp,
    b: Fp,
    z: Fp,
    one: Fp,
    /// A root of -Z^3.
    root: Fp,
    x_numerator: Vec<Fp>,
    x_denominator: Vec<Fp>,
    y_numerator: Vec<Fp>,
    y_denominator: Vec<Fp>,
}

impl Constants {
    /// Section 6.6.2 for every element. The numerator of g(x1) being no square, the root that `blst`
    /// returns is one of -g(x1), and `root·u³` times it is one of g(x2) = Z³u⁶·g(x1).
    fn swu(&self, elements: &[Fp]) -> Vec<Isogenous> {
        let squares: Vec<Fp> = elements.iter().map(|u| self.z.mul(u.square())).collect();
        let sums: Vec<Fp> = squares.iter().map(|zu2| zu2.square().add(*zu2)).collect();
        let mut inverses: Vec<Fp> = (sums.iter())
            .map(|sum| match sum.is_zero() {
                true => self.z.mul(self.a),
                false => self.a.negated().mul(*sum),
            })
            .collect();
        invert_all(&mut inverses);
        let each = elements.iter().zip(squares).zip(sums).zip(inverses);
        each.map(|(((u, zu2), sum), inverse)| {
            let x1 = self.b.mul(sum.add(self.one)).mul(inverse);
            let g = x1.square().add(self.a).mul(x1).add(self.b);
            let (x, y) = match g.root() {
                (root, true) => (x1, root),
                (root, false) => (zu2.mul(x1), self.root.mul(u.square()).mul(*u).mul(root)),
            };
            match y.is_large() == u.is_large() {
                true => (x, y),
                false => (x, y.negated()),
            }
        })
        .collect()
    }

    /// Adds the points two by two; `None` is the identity.
    fn add_pairs(&self, points: &[Isogenous]) -> Vec<Option<Isogenous>> {
        let pairs = || {
            points.chunks_exact(2).filter_map(|pair| match pair {
                [left, right] => Some((*left, *right)),
                _ => None,
            })
        };
        let doubles = |(x1, y1): Isogenous, (x2, y2): Isogenous| x1 == x2 && y1 == y2;
        let mut inverses: Vec<Fp> = pairs()
            .map(|(left, right)| match doubles(left, right) {
                true => left.1.add(left.1),
                false => right.0.sub(left.0),
            })
            .collect();
        invert_all(&mut inverses);
        let each = pairs().zip(inverses);
        each.map(|((left, right), inverse)| {
            // Nothing has the inverse nought but nought: opposite points, or one of order two.
            if inverse.is_zero() {
                return None;
            }
            let rise = match doubles(left, right) {
                true => {
                    let square = left.0.square();
                    square.add(square).add(square).add(self.a)
                }
                false => right.1.sub(left.1),
            };
            let slope = rise.mul(inverse);
            let x = slope.square().sub(left.0).sub(right.0);
            Some((x, slope.mul(left.0.sub(x)).sub(left.1)))
        })
        .collect()
    }

    /// Appendix E.2, without a division: x = X/Z², y = Y/Z³ for Z the product of both denominators.
    fn isogeny(&self, x: Fp, y: Fp) -> Sum {
        let at = |coefficients: &[Fp]| {
            let mut coefficients = coefficients.iter().rev();
            let first = coefficients.next().copied().unwrap_or(self.one);
            coefficients.fold(first, |value, coefficient| value.mul(x).add(*coefficient))
        };
        // Both denominators are monic.
        let monic = |coefficients: &[Fp]| {
            coefficients.iter().rev().fold(self.one, |value, it| value.mul(x).add(*it))
        };
        let (x_numerator, y_numerator) = (at(&self.x_numerator), at(&self.y_numerator).mul(y));
        let (x_denominator, y_denominator) =
            (monic(&self.x_denominator), monic(&self.y_denominator));
        let z = x_denominator.mul(y_denominator);
        let x = x_numerator.mul(y_denominator).mul(z);
        let y = z.square().mul(x_denominator).mul(y_numerator);
        Sum::from_jacobian(x, y, z)
    }
}

static CONSTANTS: LazyLock<Constants> = LazyLock::new(|| {
    let all = |values: &[[u8; 48]]| values.iter().map(Fp::from_bytes).collect();
    Constants {
        a: Fp::from_bytes(&ISOGENOUS_A),
        b: Fp::from_bytes(&ISOGENOUS_B),
        z: Fp::small(11),
        one: Fp::small(1),
        root: Fp::from_bytes(&ROOT),
        x_numerator: all(&X_NUMERATOR),
        x_denominator: all(&X_DENOMINATOR),
        y_numerator: all(&Y_NUMERATOR),
        y_denominator: all(&Y_DENOMINATOR),
    }
});

/// A' of RFC 9380, section 8.8.1.
const ISOGENOUS_A: [u8; 48] = hex(
    b"00144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d",
);
/// B' of the same section.
const ISOGENOUS_B: [u8; 48] = hex(
    b"12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0",
);
/// A root of -Z^3; which of the two does not matter, for the sign is chosen afterwards.
const ROOT: [u8; 48] = hex(
    b"03d689d1e0e762cef9f2bec6130316806b4c80eda6fc10ce77ae83eab1ea8b8b8a407c9c6db195e06f2dbeabc2baeff5",
);
/// k_(1,i) of RFC 9380, appendix E.2.
const X_NUMERATOR: [[u8; 48]; 12] = [
    hex(b"11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7"),
    hex(b"17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb"),
    hex(b"0d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0"),
    hex(b"1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861"),
    hex(b"0e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9"),
    hex(b"1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983"),
    hex(b"0d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84"),
    hex(b"17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e"),
    hex(b"080d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317"),
    hex(b"169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e"),
    hex(b"10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b"),
    hex(b"06e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229"),
];
/// k_(2,i) of RFC 9380, appendix E.2; the leading coefficient is 1.
const X_DENOMINATOR: [[u8; 48]; 10] = [
    hex(b"08ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c"),
    hex(b"12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff"),
    hex(b"0b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19"),
    hex(b"03425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8"),
    hex(b"13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e"),
    hex(b"0e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5"),
    hex(b"0772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a"),
    hex(b"14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e"),
    hex(b"0a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641"),
    hex(b"095fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a"),
];
/// k_(3,i) of RFC 9380, appendix E.2.
const Y_NUMERATOR: [[u8; 48]; 16] = [
    hex(b"090d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33"),
    hex(b"134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696"),
    hex(b"00cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6"),
    hex(b"01f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb"),
    hex(b"08cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb"),
    hex(b"16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0"),
    hex(b"04ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2"),
    hex(b"0987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29"),
    hex(b"09fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587"),
    hex(b"0e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30"),
    hex(b"19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132"),
    hex(b"18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e"),
    hex(b"0b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8"),
    hex(b"0245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133"),
    hex(b"05c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b"),
    hex(b"15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604"),
];
/// k_(4,i) of RFC 9380, appendix E.2; the leading coefficient is 1.
const Y_DENOMINATOR: [[u8; 48]; 15] = [
    hex(b"16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1"),
    hex(b"1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d"),
    hex(b"058df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2"),
    hex(b"16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416"),
    hex(b"0be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d"),
    hex(b"08d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac"),
    hex(b"166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c"),
    hex(b"16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9"),
    hex(b"1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a"),
    hex(b"167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55"),
    hex(b"04d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8"),
    hex(b"0accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092"),
    hex(b"0ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc"),
    hex(b"02660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7"),
    hex(b"0e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f"),
];

#[cfg(test)]
mod tests {
    use super::super::point::map_of_rfc9380;
    use super::*;

    fn input(seed: u8) -> [u8; 64] {
        std::array::from_fn(|at| (at as u8).wrapping_mul(151).wrapping_add(seed.wrapping_mul(41)))
    }

    /// The map of -u is the negative of the map of u under either rule, and only the sign differs
    /// between the rules: `blst` maps `u` or `-u` to the point that we map `u` to, whichever has the
    /// parity of the root that the old rule chooses.
    #[test]
    fn the_map_is_that_of_blst_but_for_the_rule_of_signs() {
        let constants = &*CONSTANTS;
        let mut inputs: Vec<[[u8; 64]; 2]> =
            (0..60).map(|seed| [input(seed), input(seed.wrapping_add(100))]).collect();
        // Equal elements double; nought has a formula of its own.
        inputs.push([input(7), input(7)]);
        inputs.push([[0; 64], input(8)]);
        let mut differing = 0;
        let on_curve: Vec<OnCurve> = map_all(&inputs).into_iter().map(Option::unwrap).collect();
        for (pair, point) in inputs.iter().zip(clear_all(&on_curve)) {
            let elements: Vec<Fp> = pair.iter().map(Fp::reduce).collect();
            let mapped = constants.swu(&elements);
            let signed: Vec<Fp> = elements
                .iter()
                .zip(&mapped)
                .map(|(u, (_, y))| match y.is_odd() == u.is_odd() {
                    true => *u,
                    false => u.negated(),
                })
                .collect();
            differing += signed.iter().zip(&elements).filter(|(a, b)| a != b).count();
            let expected = map_of_rfc9380([signed[0], signed[1]]);
            let point = point.expect("a point");
            assert!(point.to_uncompressed() == G1::of_group(expected).unwrap().to_uncompressed());
            for (u, (_, y)) in elements.iter().zip(&mapped) {
                assert_eq!(u.is_large(), y.is_large());
            }
        }
        assert!(differing > 30, "{differing}");
    }

    #[test]
    fn opposite_points_map_to_nothing() {
        let mut negative = [0; 64];
        // p - 1 and 1.
        negative[16..].copy_from_slice(&hex(
            b"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaaa",
        ));
        let mut positive = [0; 64];
        positive[63] = 1;
        assert!(map_all(&[[negative, positive]])[0].is_none());
    }
}
