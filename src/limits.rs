//! How much of everything an input may hold: one table, with the reason of each number.

/// Declares [`Limit`] and [`Limits`] from one table.
macro_rules! limits {
    ($($(#[$doc:meta])+ $limit:ident $field:ident: $standard:expr, up to $cap:expr, of $what:literal, for $reason:literal;)+) => {
        /// What an attacker could otherwise make arbitrarily large.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Limit {
            $($(#[$doc])+ #[error($what)] $limit,)+
        }

        impl Limit {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Limit] = &[$(Limit::$limit),+];

            /// The stable name of the limit.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Limit::$limit => stringify!($field),)+
                }
            }

            /// What [`Limits::standard`] allows.
            #[must_use]
            pub const fn standard(self) -> usize {
                match self {
                    $(Limit::$limit => $standard,)+
                }
            }

            /// The most that a caller can allow: up to here time and memory were measured.
            #[must_use]
            pub const fn hard_cap(self) -> usize {
                match self {
                    $(Limit::$limit => $cap,)+
                }
            }

            /// Where the standard number is from.
            #[must_use]
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Limit::$limit => $reason,)+
                }
            }
        }

        /// How much of everything an input may hold; begin with [`standard`](Self::standard).
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub struct Limits {
            $(pub(crate) $field: usize,)+
        }

        impl Limits {
            pub(crate) const STANDARD: Limits = Limits { $($field: $standard,)+ };

            /// How much is allowed of one thing, in its unit.
            #[must_use]
            pub const fn most(&self, limit: Limit) -> usize {
                match limit {
                    $(Limit::$limit => self.$field,)+
                }
            }

            fn set(&mut self, limit: Limit, most: usize) {
                match limit {
                    $(Limit::$limit => self.$field = most,)+
                }
            }
        }
    };
}

limits! {
    /// Nodes without an id in one document.
    BlankNodes blank_nodes: 64, up to 256, of "blank nodes",
        for "the deepest vocabulary known has about ten";
    /// Bytes of one input.
    Bytes bytes: 16 << 20, up to 256 << 20, of "bytes",
        for "two images of 100 kB for each of eight credentials, escaped twice, stay well below";
    /// Work of labelling blank nodes, in bytes hashed.
    CanonicalizationWork canonicalization_work: 400 * 512, up to 4000 * 512, of "bytes to hash for blank nodes",
        for "four hundred steps, of which honest documents need fewer than ten";
    /// Credentials of one presentation.
    Credentials credentials: 16, up to 256, of "credentials",
        for "one for each requested verification; Trinsic requests one today";
    /// Nesting of arrays and objects, or of groups of protobuf.
    Depth depth: 64, up to 100, of "levels of nesting",
        for "a Trinsic result nests 7 deep; values are read by recursion";
    /// Pieces of evidence of one kind.
    Evidence evidence: 4096, up to 1 << 16, of "pieces of evidence of one kind",
        for "an issuer that changes its key every month reaches 120 in ten years";
    /// Bytes of all IRIs of one document's statements together.
    IriBytes iri_bytes: 128 << 10, up to 1 << 20, of "bytes of IRIs",
        for "statements repeat their IRIs: a Trinsic result has 2 KiB of them";
    /// Members of one object.
    Members members: 1024, up to 1 << 14, of "members in one object",
        for "the largest object known is the subject with 14; DID documents stay below 100";
    /// Verification methods of one DID document.
    Methods methods: 256, up to 4096, of "verification methods",
        for "a tenant with a key for each month of twenty years stays below";
    /// Bytes of one JSON Schema.
    SchemaBytes schema_bytes: 1 << 20, up to 4 << 20, of "bytes of schema",
        for "the largest schema of a government ID known has 20 kB";
    /// Sessions of one list.
    Sessions sessions: 1024, up to 1 << 16, of "sessions",
        for "a page of ListSessions has at most 10";
    /// Statements of one document.
    Statements statements: 1024, up to 4096, of "statements",
        for "a Trinsic result has 25; a proof covers at most 1024";
    /// Bytes of one status list once it is inflated.
    StatusListBytes status_list_bytes: 4 << 20, up to 64 << 20, of "bytes of status list",
        for "32 million entries: a credential for each inhabitant of a large state";
    /// Values of one input: scalars, arrays and objects of JSON, fields of protobuf.
    Values values: 1 << 16, up to 1 << 22, of "values",
        for "a Trinsic result has about 60; a page of ten sessions about 900";
    /// Verifications of one session.
    Verifications verifications: 64, up to 1024, of "verifications",
        for "Trinsic requests one verification for each session today";
    /// Work of the proofs of one question, in messages of a proof: about ten microseconds each.
    Work work: 6 * 1024, up to 64 * 1024, of "units of work on proofs",
        for "one proof of the largest size with generators to derive, or sixteen credentials three times over";
}

/// A number that [`Limits::with`] refuses: it is 0, or above the [hard cap](Limit::hard_cap).
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the limit of {limit} must lie between 1 and {}", limit.hard_cap())]
pub struct OutOfRange {
    /// Which limit.
    pub limit: Limit,
}

impl Limits {
    /// The numbers of the table: honest input stays far below each of them.
    #[must_use]
    pub const fn standard() -> Limits {
        Limits::STANDARD
    }

    /// The same but for one: lower it where you know your input, raise it as far as its
    /// [hard cap](Limit::hard_cap).
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if `most` is 0 or above the cap.
    pub fn with(mut self, limit: Limit, most: usize) -> Result<Limits, OutOfRange> {
        if !(1..=limit.hard_cap()).contains(&most) {
            return Err(OutOfRange { limit });
        }
        self.set(limit, most);
        Ok(self)
    }
}
