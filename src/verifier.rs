//! Asks every check of every credential; the only builder of a report.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use crate::credential::{Proof, Suite, UnverifiedCredential};
use crate::did::{Did, DidDocument, DidUrl, Purpose, VerificationMethod};
use crate::error::Error;
use crate::evidence::{Evidence, Source};
use crate::government_id::GovernmentId;
use crate::key::PublicKey;
use crate::policy::{
    AsOf, Disclosure, ExpectedSession, ExpiredDocument, HolderBinding, Policy, Profile, Unknown,
};
use crate::presentation::UnverifiedPresentation;
use crate::proof::bbs2020::PreparedKey;
use crate::proof::{
    self, Answer, DecodedProof, ExaminedProof, Key, Layout, ProofFailure, NONCE_PREFIXES,
};
use crate::recent::Recent;
use crate::report::{
    CredentialFacts, CredentialReport, Outcome, Outcomes, Reason, ReasonCode, Report,
    SessionOutcomes, SignedStatements,
};
use crate::session::Session;
use crate::signature::{self, KeyProblem};
use crate::statements::names::{
    EXPIRATION_DATE, ISSUANCE_DATE, ISSUER, TYPE, VALID_FROM, VALID_UNTIL,
};
use crate::statements::{Graph, Statements};
use crate::time::{self, DatePrecision};

mod as_of;
mod believed;
mod inspect;
mod normalized;
#[cfg(feature = "rayon")]
mod parallel;
mod prepare;
mod presented;
mod schema;
mod session;
mod status;
mod warnings;

use believed::{Doubt, Proven, MAX_PROVEN};
pub use inspect::Inspection;
use presented::Presented;

/// Verifies presentations and sessions by one policy.
///
/// It holds the keys it has met, decoded and checked once: keep one for the life of the process and
/// share it between threads.
pub struct Verifier {
    policy: Policy,
    keys: Recent<([u8; 96], PreparedKey)>,
    /// Of the other algorithms, apart: a key there costs little, and never the room of an issuer's here.
    plain_keys: Recent<(PublicKey, signature::Key)>,
    /// Of DIDs that state them.
    documents: Recent<Arc<DidDocument>>,
    proven: Recent<Proven>,
}

impl Verifier {
    /// A verifier for the policy.
    #[must_use]
    pub fn new(policy: Policy) -> Verifier {
        Verifier {
            policy,
            keys: Recent::of(MAX_KEYS),
            plain_keys: Recent::of(MAX_KEYS),
            documents: Recent::of(MAX_KEYS),
            proven: Recent::of(MAX_PROVEN),
        }
    }

    /// Verifies a presentation: every proof, and every check of the policy, as of `now`.
    ///
    /// `session` is the id that the relying party saved when it created the session, never one that
    /// came with the presentation.
    pub fn verify(
        &self,
        presentation: &UnverifiedPresentation,
        session: ExpectedSession<'_>,
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Report {
        let mut reports = self.verify_batch(&[(presentation, session)], evidence, now).into_iter();
        reports.next().unwrap_or_else(no_credentials)
    }

    /// Verifies many presentations, each with its session id: the reports are those of
    /// [`verify`](Self::verify), in order, for much less work each.
    ///
    /// The proofs of all of them are checked together, whatever their issuers and sizes. If one does
    /// not hold, what is together with it is checked again in halves. A batch of some hundreds is
    /// best; to use several threads, share the verifier and give each thread a slice.
    ///
    /// A forgery that single verification would refuse is accepted with a probability below 2^-120
    /// (see `docs/soundness.md`).
    pub fn verify_batch(
        &self,
        presentations: &[(&UnverifiedPresentation, ExpectedSession<'_>)],
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Vec<Report> {
        let reports = self.verify_batch_as_of(presentations, evidence, &[AsOf::Time(now)]);
        reports.into_iter().flatten().map(|report| report.unwrap_or_else(no_credentials)).collect()
    }

    /// Verifies a session: its state and facts, and its `result_vp` as [`verify`](Self::verify) does.
    ///
    /// # Errors
    ///
    /// As [`UnverifiedPresentation::from_json`] if the session has a `result_vp` that is none.
    pub fn verify_session(
        &self,
        session: &Session,
        expected: ExpectedSession<'_>,
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Result<Report, Error> {
        let mut reports =
            self.verify_session_batch(&[(session, expected)], evidence, now).into_iter();
        reports.next().unwrap_or_else(|| Ok(no_credentials()))
    }

    /// Verifies many sessions, each with the id that is expected: the results are those of
    /// [`verify_session`](Self::verify_session), in order, and the proofs are checked as in
    /// [`verify_batch`](Self::verify_batch).
    ///
    /// # Errors
    ///
    /// For each session as [`verify_session`](Self::verify_session).
    pub fn verify_session_batch(
        &self,
        sessions: &[(&Session, ExpectedSession<'_>)],
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Vec<Result<Report, Error>> {
        let all = self.verify_session_batch_as_of(sessions, evidence, &[AsOf::Time(now)]);
        let report = |reports: Vec<Option<Report>>| {
            reports.into_iter().flatten().next().unwrap_or_else(no_credentials)
        };
        all.into_iter().map(|reports| reports.map(report)).collect()
    }

    fn prepared(&self, key: &[u8; 96]) -> Result<PreparedKey, Reason> {
        let make = || Ok((*key, PreparedKey::from_compressed(key)?));
        self.keys.find_or(|(known, _)| known == key, make).map(|(_, prepared)| prepared)
    }

    /// The document that the DID states itself.
    fn stated_document(&self, did: &Did) -> Option<Arc<DidDocument>> {
        let make = || DidDocument::derived(did).map(Arc::new).ok_or(());
        self.documents.find_or(|it| it.id() == did, make).ok()
    }

    fn plain(&self, key: &PublicKey) -> Result<signature::Key, Reason> {
        let make = || match signature::Key::new(key) {
            Ok(decoded) => Ok((key.clone(), decoded)),
            Err(KeyProblem::NotBuilt) => Err(ReasonCode::NotBuilt.into()),
            Err(KeyProblem::Point) => Err(ReasonCode::KeyMalformed.into()),
            Err(KeyProblem::Algorithm) => Err(ReasonCode::KeyTypeDiffers.into()),
        };
        self.plain_keys.find_or(|(known, _)| known == key, make).map(|(_, decoded)| decoded)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Verifier").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// What is asked of each credential.
struct Question<'q> {
    verifier: &'q Verifier,
    session: ExpectedSession<'q>,
    evidence: &'q Evidence,
    now: DateTime<Utc>,
    /// What may still be spent on equations and generators, in units of one message.
    work_left: Cell<usize>,
    /// Whether it is asked of a credential that is evidence: it has neither session nor status.
    is_of_evidence: bool,
}

/// A credential that waits for the proofs of all to be verified.
struct Begun {
    signer: Result<Signer, Reason>,
    proof: BegunProof,
    /// What the proofs beside it say together; `None` without any.
    further: Option<Outcome>,
    /// What it was charged.
    work: usize,
}

/// What tells this showing from every other: the presentation's proof, unless the credential's has a nonce.
fn proof_marks(examined: Option<&ExaminedProof>, presented: &Presented) -> Vec<[u8; 32]> {
    match (examined, presented.marks()) {
        (Some(examined), marks @ [_, ..]) if examined.nonce().is_none() => marks.to_vec(),
        (examined, _) => examined.map(ExaminedProof::marks).unwrap_or_default(),
    }
}

/// What is known of a proof, and the outcome of its check.
type Decided = (Option<Arc<ExaminedProof>>, Outcome);

enum BegunProof {
    /// The document is no set of statements.
    Unread,
    /// The proof is unfit, key or no key.
    Failed(Outcome),
    /// The proof is fit, and cannot be verified, or was before.
    Decided(Arc<ExaminedProof>, Outcome),
    Verifiable(Box<(Key, DecodedProof)>),
    /// Its answer is the next one.
    Asked,
    /// What was found at another time holds: the key is the same.
    AsBefore,
}

impl Begun {
    /// What is known of its proof, and the worst of all proofs.
    fn decided(
        self,
        answers: &mut impl Iterator<Item = Answer>,
    ) -> (Result<Signer, Reason>, Decided) {
        let (examined, outcome) = self.proof.outcome(answers);
        let outcome = match self.further {
            Some(further) => worse(outcome, further),
            None => outcome,
        };
        (self.signer, (examined, outcome))
    }
}

impl BegunProof {
    fn without_key(decoded: DecodedProof, outcome: Outcome) -> BegunProof {
        match decoded.examine() {
            Ok(examined) => BegunProof::Decided(Arc::new(examined), outcome),
            Err(failure) => BegunProof::Failed(Outcome::Fail(failure.into())),
        }
    }

    fn take_verifiable(&mut self) -> Option<(Key, DecodedProof)> {
        match std::mem::replace(self, BegunProof::Asked) {
            BegunProof::Verifiable(proof) => Some(*proof),
            other => {
                *self = other;
                None
            }
        }
    }

    fn outcome(self, answers: &mut impl Iterator<Item = Answer>) -> Decided {
        let unread = || (None, Outcome::Indeterminate(ReasonCode::ProofUnread.into()));
        match self {
            BegunProof::Failed(outcome) => (None, outcome),
            BegunProof::Decided(examined, outcome) => (Some(examined), outcome),
            BegunProof::Asked => match answers.next() {
                Some(Answer::Examined(examined, Ok(()))) => (Some(examined), Outcome::Pass),
                Some(Answer::Examined(examined, Err(failure))) => {
                    (Some(examined), Outcome::Fail(failure.into()))
                }
                Some(Answer::Unfit(failure)) => (None, Outcome::Fail(failure.into())),
                None => unread(),
            },
            BegunProof::Unread | BegunProof::Verifiable(_) | BegunProof::AsBefore => unread(),
        }
    }
}

/// The signer as the evidence knows it.
struct Signer {
    did: Did,
    document: Arc<DidDocument>,
    source: Source,
    id: DidUrl,
}

/// When the signer's document was fetched, if there is one and that is known.
fn fetched(signer: &Result<Signer, Reason>) -> Option<DateTime<Utc>> {
    signer.as_ref().ok()?.source.fetch_time()
}

impl Signer {
    fn method(&self) -> Option<&VerificationMethod> {
        self.document.method(&self.id)
    }
}

impl Question<'_> {
    /// Everything before the proof's equations.
    fn begin(&self, credential: &UnverifiedCredential) -> Begun {
        self.begin_signed(credential, self.signer(credential))
    }

    fn begin_signed(
        &self,
        credential: &UnverifiedCredential,
        signer: Result<Signer, Reason>,
    ) -> Begun {
        let before = self.work_left.get();
        let proof = match (&credential.statements, &credential.proof) {
            (Err(_), _) => BegunProof::Unread,
            (Ok(_), Err(fault)) => BegunProof::Failed(Outcome::Fail((*fault).into())),
            (Ok(statements), Ok(proof)) => self.begin_proof(proof, statements, signer.as_ref()),
        };
        let further = credential.statements.as_ref().ok().and_then(|statements| {
            let proofs = credential.further_proofs.iter();
            let outcomes = proofs.map(|proof| self.further_proof(proof, statements));
            outcomes.max_by_key(badness)
        });
        Begun { signer, proof, further, work: before.saturating_sub(self.work_left.get()) }
    }

    /// Verifies a proof that stands beside the issuer's.
    fn further_proof(&self, proof: &Proof, statements: &Statements) -> Outcome {
        let signer = self.signer_of(proof);
        let mut begun = self.begin_proof(proof, statements, signer.as_ref());
        let answers = proof::verify_all(begun.take_verifiable().into_iter().collect());
        let (_, outcome) = begun.outcome(&mut answers.into_iter());
        let unfit = |signer: &Signer| self.unfit(signer, signer.method()?, Purpose::Assertion);
        match (outcome, self.time_of_proof(proof)) {
            (Outcome::Pass, Err(reason)) => Outcome::Fail(reason),
            (Outcome::Pass, Ok(())) => match signer.as_ref().ok().and_then(unfit) {
                Some(code) => Outcome::Fail(code.into()),
                None => Outcome::Pass,
            },
            (outcome, _) => outcome,
        }
    }

    /// Everything after them. What no time changes is taken from a report of another time, if there
    /// is one.
    fn finish(
        &self,
        credential: &UnverifiedCredential,
        signer: Result<Signer, Reason>,
        (examined, proof): Decided,
        presented: &Presented,
        before: Option<&CredentialReport>,
    ) -> CredentialReport {
        let statements = match &credential.statements {
            Ok(statements) => statements,
            Err(refusal) => return self.refused(credential, refusal.into(), presented),
        };
        let graph = Graph::root(statements);
        let examined = examined.as_deref();
        let layout = examined.map(ExaminedProof::layout);
        if let Some(before) = before {
            return self.finish_again(before, credential, graph, signer, examined, presented);
        }
        let issuer = graph.iri(ISSUER).and_then(Did::parse);
        let (credential_status, status_list_fetched) =
            self.credential_status(graph, issuer.as_ref(), layout);
        let outcomes = Outcomes {
            context: self.context(credential),
            unsigned_content: Outcome::Pass,
            profile: self.profile(credential),
            proof,
            disclosure: self.disclosure(graph, examined),
            issuer_is_signer: self.issuer_is_signer(issuer.as_ref(), signer.as_ref()),
            trusted_issuer: self.trusted_issuer(issuer.as_ref()),
            credential_type: self.credential_type(graph, layout),
            presentation: presented.outcome.clone(),
            session: self.session(credential, graph, examined, presented),
            holder: self.holder(graph, examined, presented),
            replay: Outcome::NotApplicable,
            validity_period: self.validity_period(graph, credential, layout),
            document_validity: self.document_validity(graph, layout),
            credential_status,
            credential_schema: self.credential_schema(graph, issuer.as_ref(), layout),
        };
        let facts = CredentialFacts {
            id: Some(statements.root().to_string()),
            types: graph.types().map(str::to_owned).collect(),
            issuer,
            issuance_date: (graph.literal(ISSUANCE_DATE))
                // Any other text may be anything, a claim as well.
                .filter(|text| time::instant(text).is_some())
                .map(str::to_owned),
            hidden_statements: layout.and_then(Layout::hidden_count),
            proof_marks: proof_marks(examined, presented),
            did_document_fetched: fetched(&signer),
            status_list_fetched,
            ..proof_facts(credential)
        };
        let statements = layout.map(|layout| SignedStatements {
            statements: statements.clone(),
            layout: layout.clone(),
        });
        CredentialReport { outcomes, facts, statements }
    }

    /// What the time of the question decides, beside all that was found at another time.
    fn finish_again(
        &self,
        before: &CredentialReport,
        credential: &UnverifiedCredential,
        graph: Graph<'_>,
        signer: Result<Signer, Reason>,
        examined: Option<&ExaminedProof>,
        presented: &Presented,
    ) -> CredentialReport {
        let layout = examined.map(ExaminedProof::layout);
        let issuer = before.facts.issuer.as_ref();
        let (credential_status, status_list_fetched) =
            self.credential_status(graph, issuer, layout);
        let outcomes = Outcomes {
            issuer_is_signer: self.issuer_is_signer(issuer, signer.as_ref()),
            presentation: presented.outcome.clone(),
            session: self.session(credential, graph, examined, presented),
            holder: self.holder(graph, examined, presented),
            validity_period: self.validity_period(graph, credential, layout),
            document_validity: self.document_validity(graph, layout),
            credential_status,
            // Only a schema that is a credential has a time.
            credential_schema: match self.evidence.has_signed_schemas() {
                true => self.credential_schema(graph, issuer, layout),
                false => before.outcomes.credential_schema.clone(),
            },
            ..before.outcomes.clone()
        };
        let facts = CredentialFacts {
            // Whether the presentation's proof holds, the time decides too.
            proof_marks: proof_marks(examined, presented),
            did_document_fetched: fetched(&signer),
            status_list_fetched,
            ..before.facts.clone()
        };
        CredentialReport { outcomes, facts, statements: before.statements.clone() }
    }

    /// The report on a document that is no set of statements: nothing can be read from it.
    fn refused(
        &self,
        credential: &UnverifiedCredential,
        refusal: Reason,
        presented: &Presented,
    ) -> CredentialReport {
        let unread = || Outcome::Indeterminate(ReasonCode::ContentRefused.into());
        let by_context = refusal.code() == ReasonCode::ContextRefused;
        let (context, unsigned_content) = match by_context {
            true => (Outcome::Fail(refusal), unread()),
            false => (self.context(credential), Outcome::Fail(refusal)),
        };
        let proof = match &credential.proof {
            Err(fault) => Outcome::Fail((*fault).into()),
            Ok(_) => unread(),
        };
        let outcomes = Outcomes {
            context,
            unsigned_content,
            profile: unread(),
            proof,
            disclosure: unread(),
            issuer_is_signer: unread(),
            trusted_issuer: unread(),
            credential_type: unread(),
            presentation: presented.outcome.clone(),
            session: unread(),
            holder: match self.verifier.policy.holder {
                HolderBinding::Any => Outcome::NotApplicable,
                HolderBinding::RequireSubject => unread(),
            },
            replay: Outcome::NotApplicable,
            validity_period: unread(),
            document_validity: unread(),
            credential_status: unread(),
            credential_schema: unread(),
        };
        CredentialReport { outcomes, facts: proof_facts(credential), statements: None }
    }

    fn signer(&self, credential: &UnverifiedCredential) -> Result<Signer, Reason> {
        self.signer_of(credential.proof.as_ref().map_err(|_| ReasonCode::ProofUnread)?)
    }

    fn signer_of(&self, proof: &Proof) -> Result<Signer, Reason> {
        let id = DidUrl::parse(&proof.verification_method).ok_or(ReasonCode::ProofUnread)?;
        let did = id.did().clone();
        let stated = || Some((self.verifier.stated_document(&did)?, Source::unknown()));
        match self.evidence.did_document(&did, self.now).or_else(stated) {
            Some((document, source)) => Ok(Signer { did, document, source, id }),
            None => Err(Reason::with(ReasonCode::DidDocumentMissing, did)),
        }
    }

    fn begin_proof(
        &self,
        proof: &Proof,
        statements: &Statements,
        signer: Result<&Signer, &Reason>,
    ) -> BegunProof {
        let decoded = match DecodedProof::new(proof, statements) {
            Ok(decoded) => decoded,
            // It may be in order: another build could say.
            Err(failure @ (ProofFailure::Feature(_) | ProofFailure::NotBuilt)) => {
                return BegunProof::Failed(Outcome::Indeterminate(failure.into()))
            }
            Err(failure) => return BegunProof::Failed(Outcome::Fail(failure.into())),
        };
        let key = match self.key(signer) {
            Ok(key) => key,
            Err(reason) => {
                let method = signer.ok().and_then(Signer::method);
                let key = method.and_then(|method| method.key.as_ref().ok());
                let outcome = match reason.code() {
                    // What no build verifies is undecided in none.
                    ReasonCode::NotBuilt if key.is_some_and(|key| !decoded.admits(key)) => {
                        Outcome::Fail(ReasonCode::KeyTypeDiffers.into())
                    }
                    // That check fails: for keys of strangers there is no work to do.
                    ReasonCode::IssuerNotTrusted => Outcome::Indeterminate(reason),
                    // Whether a document that is there should list the key is the next check's to
                    // say.
                    ReasonCode::DidDocumentMissing
                    | ReasonCode::NotBuilt
                    | ReasonCode::VerificationMethodUnknown => Outcome::Indeterminate(reason),
                    _ => Outcome::Fail(reason),
                };
                return BegunProof::without_key(decoded, outcome);
            }
        };
        if !decoded.fits(&key) {
            let outcome = Outcome::Fail(ReasonCode::KeyTypeDiffers.into());
            return BegunProof::without_key(decoded, outcome);
        }
        let generators = decoded.missing_generators(&key).saturating_mul(GENERATOR_WORK);
        let work = generators.saturating_add(equations(&decoded));
        let left = self.work_left.get().checked_sub(work);
        let Some(left) = left else {
            let outcome = Outcome::Indeterminate(ReasonCode::WorkLimit.into());
            return BegunProof::without_key(decoded, outcome);
        };
        self.work_left.set(left);
        // Now, so that the next proof finds them as it would if this one were verified first.
        let key = decoded.holding_generators(key);
        BegunProof::Verifiable(Box::new((key, decoded)))
    }

    fn key(&self, signer: Result<&Signer, &Reason>) -> Result<Key, Reason> {
        let signer = signer.map_err(Reason::clone)?;
        let is_stranger = self.verifier.policy.trusted_issuers.trusts(&signer.did) == Some(false);
        if is_stranger && !self.is_of_evidence {
            return Err(Reason::with(ReasonCode::IssuerNotTrusted, &signer.did));
        }
        self.key_of(signer.method().ok_or(ReasonCode::VerificationMethodUnknown)?)
    }

    fn key_of(&self, method: &VerificationMethod) -> Result<Key, Reason> {
        match method.key.as_ref().map_err(|fault| Reason::from(*fault))? {
            PublicKey::Bls12381G2(point) => self.verifier.prepared(point).map(Key::Bbs),
            PublicKey::Other => Err(ReasonCode::KeyTypeDiffers.into()),
            plain => self.verifier.plain(plain).map(Key::Plain),
        }
    }

    fn disclosure(&self, graph: Graph<'_>, examined: Option<&ExaminedProof>) -> Outcome {
        let Some(examined) = examined else {
            return Outcome::Indeterminate(ReasonCode::ProofUnread.into());
        };
        if !graph.is_one_credential() {
            return Outcome::Fail(ReasonCode::RootUnclear.into());
        }
        if graph.iri(ISSUER).is_none() {
            return Outcome::Fail(ReasonCode::IssuerNotDisclosed.into());
        }
        // `VerifiableCredential` alone says nothing of what the claims are.
        let may_hide_types = examined.layout().may_hide(graph, TYPE);
        if graph.objects(TYPE).count() < 2 && may_hide_types {
            return Outcome::Fail(ReasonCode::TypesHidden.into());
        }
        let mut single = DATES.iter().map(|(predicate, _)| *predicate).chain([ISSUER]);
        if single.any(|predicate| graph.objects(predicate).count() > 1) {
            return Outcome::Fail(ReasonCode::ClaimCount.into());
        }
        match (examined.layout().hidden_count(), self.verifier.policy.disclosure) {
            (Some(0), _) | (_, Disclosure::AllowPartial) => Outcome::Pass,
            (Some(hidden), Disclosure::RequireFull) => {
                Outcome::Fail(Reason::with(ReasonCode::HiddenStatements, hidden))
            }
            (None, Disclosure::RequireFull) => Outcome::Fail(ReasonCode::HiddenStatements.into()),
        }
    }

    fn issuer_is_signer(&self, issuer: Option<&Did>, signer: Result<&Signer, &Reason>) -> Outcome {
        let fail = |code: ReasonCode| Outcome::Fail(code.into());
        let signer = match signer {
            Ok(signer) => signer,
            Err(reason) => return Outcome::Indeterminate(reason.clone()),
        };
        // The check of the issuer fails without one.
        let Some(issuer) = issuer else {
            return Outcome::Indeterminate(ReasonCode::IssuerNotDisclosed.into());
        };
        if signer.did != *issuer {
            return fail(ReasonCode::KeyControllerDiffers);
        }
        let Some(method) = signer.method() else {
            return fail(ReasonCode::VerificationMethodUnknown);
        };
        if let Some(code) = self.unfit(signer, method, Purpose::Assertion) {
            return fail(code);
        }
        match self.verifier.policy.max_evidence_age {
            Some(age) if !issuer.states_its_document() && self.is_stale(signer.source, age) => {
                Outcome::Indeterminate(Reason::with(ReasonCode::EvidenceStale, issuer))
            }
            _ => Outcome::Pass,
        }
    }

    /// Why the signer's key must not be used for this, now.
    fn unfit(
        &self,
        signer: &Signer,
        method: &VerificationMethod,
        purpose: Purpose,
    ) -> Option<ReasonCode> {
        if method.controller.as_ref() != Some(&signer.did) {
            return Some(ReasonCode::KeyControllerDiffers);
        }
        if !method.serves(purpose) {
            return Some(match purpose {
                Purpose::Assertion => ReasonCode::KeyNotForAssertion,
                Purpose::Authentication => ReasonCode::KeyNotForAuthentication,
            });
        }
        let is_over = method.until.is_some_and(|until| until <= self.now);
        is_over.then_some(ReasonCode::KeyRevoked)
    }

    /// What was fetched nobody knows when is as good as stale.
    fn is_stale(&self, source: Source, age: Duration) -> bool {
        source.fetch_time().is_none() || source.is_older(age, self.now)
    }

    fn trusted_issuer(&self, issuer: Option<&Did>) -> Outcome {
        let Some(issuer) = issuer else {
            return Outcome::Fail(ReasonCode::IssuerNotDisclosed.into());
        };
        match self.verifier.policy.trusted_issuers.trusts(issuer) {
            Some(true) => Outcome::Pass,
            Some(false) => Outcome::Fail(Reason::with(ReasonCode::IssuerNotTrusted, issuer)),
            None => Outcome::Waived(ReasonCode::AnyIssuer.into()),
        }
    }

    /// The nonce is the only binding to the session, or the challenge of the presentation's proof where
    /// there is none: it must name the expected one, exactly.
    fn session(
        &self,
        credential: &UnverifiedCredential,
        graph: Graph<'_>,
        examined: Option<&ExaminedProof>,
        presented: &Presented,
    ) -> Outcome {
        let session = self.nonce(graph, examined, presented);
        // The holder's signature says for whom it was made, as that of a presentation does. What the issuer
        // made for others alone is theirs (RFC 7519, section 4.1.3).
        let is_for_somebody = |proof: &Proof| {
            examined.is_some_and(ExaminedProof::binds_key)
                || (!proof.domains.is_empty() && self.verifier.policy.domain.is_some())
        };
        match &credential.proof {
            Ok(proof) if is_for_somebody(proof) => worse(session, self.domain(proof)),
            _ => session,
        }
    }

    /// Whether its subject presents it, if the policy asks: by the key that the issuer signed as the
    /// holder's, or by the proof of the presentation.
    fn holder(
        &self,
        graph: Graph<'_>,
        examined: Option<&ExaminedProof>,
        presented: &Presented,
    ) -> Outcome {
        let binding = self.verifier.policy.holder;
        let binds_key = examined.is_some_and(ExaminedProof::binds_key);
        match binding == HolderBinding::RequireSubject && binds_key {
            true => Outcome::Pass,
            false => presented.holder(binding, graph),
        }
    }

    fn nonce(
        &self,
        graph: Graph<'_>,
        examined: Option<&ExaminedProof>,
        presented: &Presented,
    ) -> Outcome {
        let expected = match self.session {
            ExpectedSession::Id(id) => id.as_str(),
            ExpectedSession::InsecureAny => return Outcome::Waived(ReasonCode::AnySession.into()),
        };
        let Some(examined) = examined else {
            return Outcome::Indeterminate(ReasonCode::ProofUnread.into());
        };
        let Some(nonce) = examined.nonce() else {
            // The issuer named the holder's key: whoever left its signature out shows a copy, but for the
            // subject.
            let by_subject = || presented.holder(HolderBinding::RequireSubject, graph);
            return match examined.lacks_binding() && by_subject() != Outcome::Pass {
                true => Outcome::Fail(ReasonCode::NonceMissing.into()),
                false => presented.session(),
            };
        };
        let prefixes = match examined.binds_key() {
            true => ASKED_PREFIXES.as_slice(),
            false => &NONCE_PREFIXES,
        };
        match names_session(nonce, expected, prefixes) {
            true => Outcome::Pass,
            false => Outcome::Fail(ReasonCode::NonceDiffers.into()),
        }
    }

    fn validity_period(
        &self,
        graph: Graph<'_>,
        credential: &UnverifiedCredential,
        layout: Option<&Layout>,
    ) -> Outcome {
        let hides = |predicate| may_hide(layout, graph, predicate);
        let fail = |code: ReasonCode| Outcome::Fail(code.into());
        let (earliest, latest) = (self.earliest(), self.latest());
        if let Err(reason) = credential.proof.as_ref().map_or(Ok(()), |it| self.time_of_proof(it)) {
            return Outcome::Fail(reason);
        }
        let (mut has_start, mut may_be_hidden) = (false, false);
        for (predicate, is_start) in DATES {
            let Some(text) = graph.literal(predicate) else {
                // A date that is shown as something else than a text is no date.
                if graph.objects(predicate).next().is_some() {
                    return fail(ReasonCode::DateMalformed);
                }
                may_be_hidden |= hides(predicate);
                continue;
            };
            // Beside the end that is shown, an earlier one may be hidden.
            may_be_hidden |= !is_start && hides(predicate);
            has_start |= is_start;
            match (time::instant(text), is_start) {
                (None, _) => return fail(ReasonCode::DateMalformed),
                (Some(start), true) if start > latest => {
                    return fail(ReasonCode::CredentialNotYetValid)
                }
                (Some(start), true) if self.is_too_old(start) => {
                    return fail(ReasonCode::CredentialTooOld)
                }
                (Some(end), false) if end <= earliest => {
                    return fail(ReasonCode::CredentialExpired)
                }
                _ => {}
            }
        }
        let may_hide_start = hides(ISSUANCE_DATE) || hides(VALID_FROM);
        // Whoever asks how old it is does not take no answer.
        let is_age_asked = self.verifier.policy.max_age.is_some() && !self.is_of_evidence;
        match (has_start, may_hide_start) {
            (false, false) => return fail(ReasonCode::IssuanceDateMissing),
            (false, true) if is_age_asked => return fail(ReasonCode::MayBeHidden),
            _ => {}
        }
        match (may_be_hidden, self.verifier.policy.disclosure) {
            (false, _) => Outcome::Pass,
            (true, Disclosure::AllowPartial) => Outcome::Waived(ReasonCode::MayBeHidden.into()),
            (true, Disclosure::RequireFull) => fail(ReasonCode::MayBeHidden),
        }
    }

    /// A proof was made before the time of the question, and holds until after it.
    fn time_of_proof(&self, proof: &Proof) -> Result<(), Reason> {
        let created = proof.created.as_deref().and_then(time::earliest_instant);
        if created.is_some_and(|created| created > self.latest()) {
            return Err(ReasonCode::CreatedInFuture.into());
        }
        let expires = proof.expires.as_deref().and_then(time::instant);
        match expires.is_some_and(|expires| expires <= self.earliest()) {
            true => Err(ReasonCode::ProofExpired.into()),
            false => Ok(()),
        }
    }

    /// The time of the question by a clock that is as slow as the policy allows.
    fn earliest(&self) -> DateTime<Utc> {
        self.now.checked_sub_signed(self.verifier.policy.clock_skew).unwrap_or(self.now)
    }

    /// The time of the question by a clock that is as fast as the policy allows.
    fn latest(&self) -> DateTime<Utc> {
        self.now.checked_add_signed(self.verifier.policy.clock_skew).unwrap_or(self.now)
    }

    fn is_too_old(&self, issued: DateTime<Utc>) -> bool {
        let age = self.now.signed_duration_since(issued);
        !self.is_of_evidence && self.verifier.policy.max_age.is_some_and(|longest| age > longest)
    }

    fn context(&self, credential: &UnverifiedCredential) -> Outcome {
        let allowed = &self.verifier.policy.contexts;
        if allowed.is_empty() {
            return Outcome::Pass;
        }
        for named in &credential.contexts {
            let answers = || allowed.iter().filter_map(|it| it.admits(&named.iri, named.sha256));
            let code = match (answers().next(), answers().any(|is_meant| is_meant)) {
                (_, true) => continue,
                (None, false) => ReasonCode::ContextNotAllowed,
                (Some(_), false) => ReasonCode::ContextDiffers,
            };
            return Outcome::Fail(Reason::with(code, &named.iri));
        }
        Outcome::Pass
    }

    fn profile(&self, credential: &UnverifiedCredential) -> Outcome {
        match (self.verifier.policy.profile, credential.shape) {
            (Profile::General, _) => Outcome::NotApplicable,
            (Profile::TrinsicConnect, Ok(())) => Outcome::Pass,
            (Profile::TrinsicConnect, Err(fault)) => Outcome::Fail(fault.into()),
        }
    }

    fn credential_type(&self, graph: Graph<'_>, layout: Option<&Layout>) -> Outcome {
        let required = &self.verifier.policy.required_types;
        let missing = required.iter().find(|kind| !graph.types().any(|it| it == **kind));
        match missing {
            None if required.is_empty() => Outcome::NotApplicable,
            None => Outcome::Pass,
            Some(_) if may_hide(layout, graph, TYPE) => {
                Outcome::Fail(ReasonCode::TypesHidden.into())
            }
            Some(kind) => Outcome::Fail(Reason::with(ReasonCode::TypeMissing, kind)),
        }
    }

    /// A document is valid on the whole of its last day, wherever that day ends last (UTC-12:00).
    fn document_validity(&self, graph: Graph<'_>, layout: Option<&Layout>) -> Outcome {
        if self.verifier.policy.expired_document == ExpiredDocument::Allow {
            return Outcome::NotApplicable;
        }
        let unclear =
            |detail| Outcome::Fail(Reason::with(ReasonCode::DocumentExpiryUnclear, detail));
        let Some(layout) = layout else {
            return Outcome::Indeterminate(ReasonCode::ProofUnread.into());
        };
        let claims = GovernmentId::read(graph, layout);
        let expiry = match &claims {
            None => return unclear("no_government_id"),
            Some(claims) => &claims.expiry_date,
        };
        let Some(date) = expiry.disclosed() else { return unclear(expiry.state()) };
        let last = date.date().filter(|_| date.precision() == Some(DatePrecision::Day));
        let Some(last) = last else { return unclear("no_date") };
        let half_a_day = Duration::hours(12);
        let today = self.now.checked_sub_signed(half_a_day).unwrap_or(self.now).date_naive();
        match today > last {
            true => Outcome::Fail(ReasonCode::DocumentExpired.into()),
            false => Outcome::Pass,
        }
    }
}

/// What the equations of a proof cost.
fn equations(proof: &DecodedProof) -> usize {
    proof.equations().saturating_mul(proof.message_count().saturating_add(EQUATION_WORK))
}

impl Unknown {
    /// What could not be decided, as this setting takes it.
    fn undecided(self, reason: Reason) -> Outcome {
        match self {
            Unknown::Require => Outcome::Indeterminate(reason),
            Unknown::Allow | Unknown::Skip => Outcome::Waived(reason),
        }
    }
}

fn badness(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::NotApplicable => 0,
        Outcome::Pass => 1,
        Outcome::Waived(_) => 2,
        Outcome::Indeterminate(_) => 3,
        Outcome::Fail(_) => 4,
    }
}

/// Whether a statement about the node may be hidden: of a proof that cannot be read, any may be.
fn may_hide(layout: Option<&Layout>, graph: Graph<'_>, predicate: &str) -> bool {
    layout.is_none_or(|layout| layout.may_hide(graph, predicate))
}

/// Whether a nonce names the session by one of these prefixes, exactly.
fn names_session(nonce: &[u8], session: &str, prefixes: &[&str]) -> bool {
    let names = |prefix: &&str| nonce.strip_prefix(prefix.as_bytes()) == Some(session.as_bytes());
    prefixes.iter().any(names)
}

/// The second only if it is worse.
fn worse(first: Outcome, second: Outcome) -> Outcome {
    match badness(&second) > badness(&first) {
        true => second,
        false => first,
    }
}

/// The worst of several outcomes; what is undecided counts as the setting says.
fn worst(outcomes: impl IntoIterator<Item = Outcome>, setting: Unknown) -> Outcome {
    let worst = outcomes.into_iter().max_by_key(badness).unwrap_or(Outcome::NotApplicable);
    match worst {
        Outcome::Indeterminate(reason) => setting.undecided(reason),
        other => other,
    }
}

fn no_credentials() -> Report {
    Report {
        session: SessionOutcomes::not_applicable(),
        credentials: Vec::new(),
        warnings: Vec::new(),
    }
}

fn proof_facts(credential: &UnverifiedCredential) -> CredentialFacts {
    let proof = credential.proof.as_ref().ok();
    CredentialFacts {
        verification_method: proof.and_then(key_id),
        suite: proof.map(|proof| -> Suite { proof.suite }),
        ..CredentialFacts::default()
    }
}

/// The `verificationMethod` of the proof, if it is a DID URL: any other text may be anything.
fn key_id(proof: &Proof) -> Option<String> {
    DidUrl::parse(&proof.verification_method).map(|_| proof.verification_method.clone())
}

/// A relying party has few issuers. Where it names them, keys of others never come here.
const MAX_KEYS: usize = 64;

/// A generator costs about as much as four messages, the unit of [`Limits::work`].
const GENERATOR_WORK: usize = 4;
/// Pairings and points of one equation cost about as much as a hundred messages.
const EQUATION_WORK: usize = 100;

/// Whoever asks a wallet chooses its nonce: it may be the id itself.
const ASKED_PREFIXES: [&str; 3] = ["", NONCE_PREFIXES[0], NONCE_PREFIXES[1]];

/// Of both data models (1.1, section 4.6; 2.0, section 4.9), and whether it is a beginning.
const DATES: [(&str, bool); 4] =
    [(ISSUANCE_DATE, true), (VALID_FROM, true), (EXPIRATION_DATE, false), (VALID_UNTIL, false)];

#[cfg(test)]
mod tests {
    use super::*;

    /// A presentation is signed by whom it likes: what it names takes no room of an issuer's key.
    #[test]
    fn the_key_of_a_presentation_is_kept_only_if_it_can_have_signed_it() {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        use base64::Engine as _;
        let document = include_str!("../fixtures/did/issuer.json");
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let key = document.pointer("/verificationMethod/0/publicKeyBase58").unwrap();
        let key = bs58::decode(key.as_str().unwrap()).into_vec().unwrap();
        let key = crate::key::g2_multibase(key.as_slice().try_into().unwrap());
        let header = format!(r#"{{"alg":"EdDSA","kid":"did:key:{key}#{key}"}}"#);
        let payload = r#"{"vp":{"@context":"urn:a","type":"VerifiablePresentation","verifiableCredential":{}}}"#;
        let parts = [header.as_bytes(), payload.as_bytes(), &[0; 64]];
        let text = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        let issuer = Did::new("did:web:issuer.example").unwrap();
        let issuers = crate::policy::TrustedIssuers::new([issuer]).unwrap();
        let verifier = Verifier::new(Policy::new(issuers));
        let any = ExpectedSession::InsecureAny;
        let now = DateTime::from_timestamp(1_717_200_000, 0).unwrap();
        let report = verifier.verify(&presentation, any, &Evidence::new(), now);
        let presented = &report.credentials()[0].outcomes.presentation;
        assert_eq!(*presented, Outcome::Fail(ReasonCode::KeyTypeDiffers.into()));
        assert!(verifier.keys.find(|_| true).is_none());
    }

    #[test]
    fn of_two_that_are_as_bad_the_first_is_told() {
        let fail = |code: ReasonCode| Outcome::Fail(code.into());
        let (first, second) = (fail(ReasonCode::NonceDiffers), fail(ReasonCode::DomainDiffers));
        assert_eq!(worse(first.clone(), second.clone()), first);
        assert_eq!(worse(Outcome::Pass, second.clone()), second);
        assert_eq!(worse(first.clone(), Outcome::Pass), first);
    }
}
