//! Canonical labels of blank nodes (RDFC-1.0, section 4) within a budget of work.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256, Sha384};

use super::expand::{Graph, RawNode};
use super::lines::Lines;
use super::term::{write, EscapeForm, Node, Statement, Term};
use super::{Refusal, Rule, Stated, Statements};
use crate::limits::Limits;

/// What labels are found by (RDFC-1.0, section 3, "hash algorithm").
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LabelHash {
    Sha256,
    Sha384,
}

pub(super) fn canonicalize(
    graph: Graph,
    hash: LabelHash,
    limits: &Limits,
) -> Result<Statements, Refusal> {
    let labels = match graph.blank_count {
        0 => Vec::new(),
        // The only one is the first, whatever its hash is: that of the options of nearly every proof.
        1 => vec![0],
        _ => Canonicalizer::new(&graph, hash, limits.canonicalization_work).labels()?,
    };
    let node = |node: RawNode| match node {
        RawNode::Iri(iri) => Node::Iri(iri),
        RawNode::Labelled(label) => Node::Blank(label),
        RawNode::Blank(index) => Node::Blank(labels.get(index).copied().unwrap_or(u32::MAX)),
    };
    let root = node(graph.root);
    let statements = graph.statements.into_iter().map(|statement| statement.map(node));
    let mut statements: Vec<Option<Statement>> = statements.map(Some).collect();
    let (lines, order) = lines(statements.iter().flatten(), EscapeForm::Urdna2015);
    // A value that stands twice is one statement: one of the two would not be signed.
    if lines.repeat() {
        return Err(Refusal { rule: Rule::RepeatedValue, place: "credential".to_owned() });
    }
    let ordered = order.into_iter().filter_map(|place| statements.get_mut(place)?.take());
    let statements = ordered.collect();
    Ok(Statements(Arc::new(Stated { root, statements, lines })))
}

/// The lines of statements in order, and as which one each was met.
pub(super) fn lines<'s>(
    statements: impl Iterator<Item = &'s Statement> + Clone,
    form: EscapeForm,
) -> (Lines, Vec<usize>) {
    let bytes = statements.clone().map(|it| it.bytes().saturating_add(PUNCTUATION));
    let bytes = bytes.fold(0, usize::saturating_add);
    let mut lines = Lines::with_capacity(statements.clone().count(), bytes);
    statements.for_each(|statement| lines.push(|line| statement.write(form, line)));
    let order = lines.sort();
    (lines, order)
}

type Hash = String;

/// Labels in the order in which they were issued; part of the algorithm's state.
#[derive(Clone)]
struct Issuer {
    prefix: &'static str,
    issued: Vec<usize>,
}

impl Issuer {
    fn issue(&mut self, node: usize) -> String {
        let number = self.number(node).unwrap_or_else(|| {
            self.issued.push(node);
            self.issued.len().saturating_sub(1)
        });
        format!("_:{}{number}", self.prefix)
    }

    fn number(&self, node: usize) -> Option<usize> {
        self.issued.iter().position(|issued| *issued == node)
    }

    fn label(&self, node: usize) -> Option<String> {
        self.number(node).map(|number| format!("_:{}{number}", self.prefix))
    }
}

struct Canonicalizer<'g> {
    /// The statements in which each blank node occurs.
    mentions: Vec<Vec<&'g Statement<RawNode>>>,
    first_degree: Vec<Hash>,
    canonical: Issuer,
    hash: LabelHash,
    budget: usize,
}

impl<'g> Canonicalizer<'g> {
    fn new(graph: &'g Graph, hash: LabelHash, budget: usize) -> Self {
        let mut mentions: Vec<Vec<&Statement<RawNode>>> = vec![Vec::new(); graph.blank_count];
        for statement in &graph.statements {
            let mut nodes: Vec<usize> =
                blank_nodes(statement).into_iter().map(|(n, _)| n).collect();
            nodes.sort_unstable();
            nodes.dedup();
            for node in nodes {
                if let Some(mentions) = mentions.get_mut(node) {
                    mentions.push(statement);
                }
            }
        }
        let first_degree = mentions
            .iter()
            .enumerate()
            .map(|(node, mentions)| first_degree(node, mentions, hash))
            .collect();
        let canonical = Issuer { prefix: "c14n", issued: Vec::new() };
        Canonicalizer { mentions, first_degree, canonical, hash, budget }
    }

    /// The number of the canonical label of each node (RDFC-1.0, section 4.4.3).
    fn labels(mut self) -> Result<Vec<u32>, Refusal> {
        let mut by_hash: BTreeMap<Hash, Vec<usize>> = BTreeMap::new();
        for (node, hash) in self.first_degree.iter().enumerate() {
            by_hash.entry(hash.clone()).or_default().push(node);
        }
        for nodes in by_hash.values() {
            if let [node] = nodes.as_slice() {
                self.canonical.issue(*node);
            }
        }
        for nodes in by_hash.into_values().filter(|nodes| nodes.len() > 1) {
            let mut paths = Vec::new();
            for node in nodes {
                if self.canonical.number(node).is_some() {
                    continue;
                }
                let mut issuer = Issuer { prefix: "b", issued: Vec::new() };
                issuer.issue(node);
                paths.push(self.n_degree(node, issuer)?);
            }
            paths.sort_by(|(a, _), (b, _)| a.cmp(b));
            for (_, issuer) in paths {
                for node in issuer.issued {
                    self.canonical.issue(node);
                }
            }
        }
        let number = |node| self.canonical.number(node).and_then(|it| u32::try_from(it).ok());
        Ok((0..self.mentions.len()).map(|node| number(node).unwrap_or(u32::MAX)).collect())
    }

    fn spend(&mut self, work: usize) -> Result<(), Refusal> {
        match self.budget.checked_sub(work) {
            Some(budget) => self.budget = budget,
            None => {
                let rule = Rule::CanonicalizationBudget;
                return Err(Refusal { rule, place: "credential".to_owned() });
            }
        }
        Ok(())
    }

    /// Hash N-Degree Quads (RDFC-1.0, section 4.8.3).
    fn n_degree(&mut self, node: usize, mut issuer: Issuer) -> Result<(Hash, Issuer), Refusal> {
        self.spend(STEP)?;
        let mut related: BTreeMap<Hash, Vec<usize>> = BTreeMap::new();
        for statement in self.mentions.get(node).cloned().unwrap_or_default() {
            for (other, position) in blank_nodes(statement) {
                if other != node {
                    self.spend(statement.predicate.len().saturating_add(HASH))?;
                    let hash = self.related_hash(other, statement, &issuer, position);
                    related.entry(hash).or_default().push(other);
                }
            }
        }
        let mut data = String::new();
        for (hash, nodes) in related {
            data.push_str(&hash);
            let mut chosen: Option<(String, Issuer)> = None;
            let mut permutations = Permutations::new(nodes);
            while let Some(permutation) = permutations.next() {
                self.spend(STEP)?;
                let path = self.path(&permutation, issuer.clone(), chosen.as_ref())?;
                if let Some((path, candidate)) = path {
                    let better = chosen.as_ref().is_none_or(|(best, _)| path < *best);
                    if better {
                        chosen = Some((path, candidate));
                    }
                }
            }
            if let Some((path, best)) = chosen {
                data.push_str(&path);
                issuer = best;
            }
        }
        Ok((self.hash.digest(&data), issuer))
    }

    fn path(
        &mut self,
        permutation: &[usize],
        mut issuer: Issuer,
        chosen: Option<&(String, Issuer)>,
    ) -> Result<Option<(String, Issuer)>, Refusal> {
        let is_worse =
            |path: &String| chosen.is_some_and(|(best, _)| path.len() >= best.len() && path > best);
        let mut path = String::new();
        let mut recursion = Vec::new();
        for &node in permutation {
            match self.canonical.label(node) {
                Some(label) => path.push_str(&label),
                None => {
                    if issuer.number(node).is_none() {
                        recursion.push(node);
                    }
                    path.push_str(&issuer.issue(node));
                }
            }
            if is_worse(&path) {
                return Ok(None);
            }
        }
        for node in recursion {
            let (hash, result) = self.n_degree(node, issuer.clone())?;
            path.push_str(&issuer.issue(node));
            path.push_str(&format!("<{hash}>"));
            issuer = result;
            if is_worse(&path) {
                return Ok(None);
            }
        }
        Ok(Some((path, issuer)))
    }

    /// Hash Related Blank Node (RDFC-1.0, section 4.7.3).
    fn related_hash(
        &self,
        node: usize,
        statement: &Statement<RawNode>,
        issuer: &Issuer,
        position: char,
    ) -> Hash {
        let label = self.canonical.label(node).or_else(|| issuer.label(node));
        let first_degree = || self.first_degree.get(node).cloned().unwrap_or_default();
        let label = label.unwrap_or_else(first_degree);
        match position {
            // Of a graph's name the predicate says nothing.
            'g' => self.hash.digest(&format!("{position}{label}")),
            _ => self.hash.digest(&format!("{position}<{}>{label}", statement.predicate)),
        }
    }
}

/// Hash First Degree Quads (RDFC-1.0, section 4.6.3).
fn first_degree(node: usize, mentions: &[&Statement<RawNode>], hash: LabelHash) -> Hash {
    let mut lines: Vec<String> = mentions
        .iter()
        .map(|statement| {
            let mut line = String::new();
            write(statement, EscapeForm::Urdna2015, &mut line, |other, line| match other {
                RawNode::Iri(iri) => {
                    line.push('<');
                    line.push_str(iri);
                    line.push('>');
                }
                RawNode::Blank(other) => line.push_str(if *other == node { "_:a" } else { "_:z" }),
                RawNode::Labelled(_) => line.push_str("_:z"),
            });
            line.push('\n');
            line
        })
        .collect();
    lines.sort_unstable();
    hash.digest(&lines.concat())
}

fn blank_nodes(statement: &Statement<RawNode>) -> Vec<(usize, char)> {
    let mut nodes = Vec::new();
    if let RawNode::Blank(node) = statement.subject {
        nodes.push((node, 's'));
    }
    if let Term::Node(RawNode::Blank(node)) = statement.object {
        nodes.push((node, 'o'));
    }
    if let Some(RawNode::Blank(node)) = statement.graph {
        nodes.push((node, 'g'));
    }
    nodes
}

impl LabelHash {
    fn digest(self, text: &str) -> Hash {
        let hexadecimal = |bytes: &[u8]| {
            let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
        };
        match self {
            LabelHash::Sha256 => hexadecimal(&Sha256::digest(text)),
            LabelHash::Sha384 => hexadecimal(&Sha384::digest(text)),
        }
    }
}

/// All orders of a list, one at a time.
struct Permutations {
    items: Vec<usize>,
    counters: Vec<usize>,
    at: usize,
    started: bool,
}

impl Permutations {
    fn new(items: Vec<usize>) -> Self {
        let counters = vec![0; items.len()];
        Permutations { items, counters, at: 0, started: false }
    }

    /// Heap's algorithm, resumable.
    fn next(&mut self) -> Option<Vec<usize>> {
        if !self.started {
            self.started = true;
            return Some(self.items.clone());
        }
        while let Some(counter) = self.counters.get_mut(self.at) {
            if *counter < self.at {
                let other = if self.at.is_multiple_of(2) { 0 } else { *counter };
                self.items.swap(other, self.at);
                *counter = counter.saturating_add(1);
                self.at = 0;
                return Some(self.items.clone());
            }
            *counter = 0;
            self.at = self.at.saturating_add(1);
        }
        None
    }
}

/// A call or a permutation costs some microseconds, as hashing this many bytes does.
const STEP: usize = 512;
/// What a line has beside its IRIs and its value; of a blank node's label nothing is known.
const PUNCTUATION: usize = 24;
/// What hashing a related node costs beside its predicate.
const HASH: usize = 80;
