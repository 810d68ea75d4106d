//! A source file with every mutant behind a switch. A mutant's own text stands between `/*<N*/` and
//! `/*N>*/`, so that an error of the compiler names the mutant.
//!
//! Only one mutant is on at a time, so what a switched branch repeats is repeated without switches.

use std::collections::HashMap;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// One place of a file that mutants change.
struct Site {
    range: Range<usize>,
    kind: Kind,
    /// Number and replacement.
    mutants: Vec<(usize, String)>,
}

enum Kind {
    /// Before the first statement of a function; one that returned `impl Iterator` returns a box.
    Body {
        is_boxed: bool,
    },
    /// Other text in this place.
    Text(String),
    Binary {
        left: Range<usize>,
        operator: Range<usize>,
        right: Range<usize>,
    },
    Unary {
        operand: Range<usize>,
    },
    Guard,
    /// After the pattern of an arm without a guard.
    Arm,
    Field {
        shorthand: Option<String>,
        base: Range<usize>,
        name: String,
    },
}

/// The file with switches for the mutants, each with its number, genre, beginning and replacement;
/// and the numbers of those whose place was not found.
pub fn rewrite(
    text: &str,
    mutants: &[(usize, String, (usize, usize), String)],
) -> (String, Vec<usize>) {
    let file = syn::parse_file(text).expect("the file compiles");
    let mut wanted: HashMap<(&str, usize), Vec<(usize, String)>> = HashMap::new();
    let lines = Lines::new(text);
    for (number, genre, (line, column), replacement) in mutants {
        let key = (genre.as_str(), lines.offset(*line, column - 1));
        wanted.entry(key).or_default().push((*number, replacement.clone()));
    }
    let mut finder = Finder { text, lines: &lines, wanted, sites: Vec::new() };
    finder.visit_file(&file);
    let Finder { wanted, mut sites, .. } = finder;
    let mut lost: Vec<usize> = wanted.into_values().flatten().map(|(number, _)| number).collect();
    lost.sort_unstable();
    // Outer before inner; where both are one range, as they were found.
    // What is empty stands before all that begins at the same place.
    sites.sort_by_key(|it| (it.range.start, !it.range.is_empty(), std::cmp::Reverse(it.range.end)));
    (render(text, 0..text.len(), &sites), lost)
}

fn render(text: &str, range: Range<usize>, sites: &[Site]) -> String {
    let mut written = String::new();
    let mut place = range.start;
    let mut rest = sites;
    while let Some((site, after)) = rest.split_first() {
        let inner = match site.range.is_empty() {
            true => 0,
            false => after.iter().take_while(|it| it.range.start < site.range.end).count(),
        };
        let (inner, outer) = after.split_at(inner);
        written.push_str(&text[place..site.range.start]);
        written.push_str(&site.render(text, inner));
        place = site.range.end;
        rest = outer;
    }
    written.push_str(&text[place..range.end]);
    written
}

impl Site {
    fn render(&self, text: &str, inner: &[Site]) -> String {
        let switch = |number: usize| format!("crate::switched::on({number})");
        let choice = |mutated: &dyn Fn(&str) -> String, original: String| {
            let branches = self.mutants.iter().map(|(number, replacement)| {
                let mutated = mutated(replacement);
                format!(
                    "if {} {{ (/*<{number}*/ {mutated} /*{number}>*/) }} else ",
                    switch(*number)
                )
            });
            format!("({}{{ ({original}) }})", branches.collect::<String>())
        };
        let whole = || render(text, self.range.clone(), inner);
        match &self.kind {
            Kind::Body { is_boxed } => {
                let (open, close) = if *is_boxed { ("Box::new(", ")") } else { ("", "") };
                let exits = self.mutants.iter().map(|(number, replacement)| {
                    format!(
                        "if {} {{ return /*<{number}*/ {open}{replacement}{close} /*{number}>*/; }} ",
                        switch(*number)
                    )
                });
                exits.collect::<String>() + if *is_boxed { "Box::new({" } else { "" }
            }
            Kind::Text(text) => text.clone(),
            Kind::Arm => {
                let number = self.mutants[0].0;
                format!(" if !{}", switch(number))
            }
            Kind::Guard => choice(&str::to_owned, whole()),
            Kind::Unary { operand } => choice(&|_| text[operand.clone()].to_owned(), whole()),
            Kind::Binary { left, operator, right } => {
                let (before, after) = inner.split_at(
                    inner.iter().take_while(|it| it.range.start < operator.start).count(),
                );
                let original = format!(
                    "{} {} {}",
                    render(text, left.clone(), before),
                    &text[operator.clone()],
                    render(text, right.clone(), after)
                );
                let (left, right) = (&text[left.clone()], &text[right.clone()]);
                choice(&|operator| format!("{left} {operator} {right}"), original)
            }
            Kind::Field { shorthand, base, name } => {
                let base = &text[base.clone()];
                let value = choice(&|_| format!("({base}).{name}"), whole());
                match shorthand {
                    Some(name) => format!("{name}: {value}"),
                    None => value,
                }
            }
        }
    }
}

struct Finder<'t> {
    text: &'t str,
    lines: &'t Lines,
    wanted: HashMap<(&'t str, usize), Vec<(usize, String)>>,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn range(&self, node: &impl Spanned) -> Range<usize> {
        let span = node.span();
        let (start, end) = (span.start(), span.end());
        self.lines.offset(start.line, start.column)..self.lines.offset(end.line, end.column)
    }

    fn take(&mut self, genre: &'static str, start: usize, range: Range<usize>, kind: Kind) -> bool {
        let Some(mutants) = self.wanted.remove(&(genre, start)) else { return false };
        self.sites.push(Site { range, kind, mutants });
        true
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block, text: &str) {
        let (Some(first), Some(last)) = (block.stmts.first(), block.stmts.last()) else { return };
        let (start, end) = (self.range(first).start, self.range(last).end);
        let iterator = match &signature.output {
            syn::ReturnType::Type(_, returned) => match &**returned {
                syn::Type::ImplTrait(it) => Some((self.range(returned), self.range(&it.bounds))),
                _ => None,
            },
            syn::ReturnType::Default => None,
        };
        let is_boxed = iterator.is_some();
        if !self.take("FnValue", start, start..start, Kind::Body { is_boxed }) {
            return;
        }
        if let Some((returned, bounds)) = iterator {
            let bounds = text[bounds].replace("+ '_", "");
            let boxed = Kind::Text(format!("Box<dyn {bounds} + '_>"));
            self.sites.push(Site { range: returned, kind: boxed, mutants: Vec::new() });
            let close = Kind::Text("})".to_owned());
            self.sites.push(Site { range: end..end, kind: close, mutants: Vec::new() });
        }
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_fn(&mut self, node: &'a syn::ItemFn) {
        self.body(&node.sig, &node.block, self.text);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'a syn::ImplItemFn) {
        self.body(&node.sig, &node.block, self.text);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'a syn::ExprBinary) {
        let (left, operator, right) =
            (self.range(&node.left), self.range(&node.op), self.range(&node.right));
        let (whole, start) = (left.start..right.end, operator.start);
        self.take("BinaryOperator", start, whole, Kind::Binary { left, operator, right });
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'a syn::ExprUnary) {
        let (whole, operand) = (self.range(node), self.range(&node.expr));
        self.take("UnaryOperator", whole.start, whole, Kind::Unary { operand });
        visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'a syn::Arm) {
        if let Some((_, guard)) = &node.guard {
            let range = self.range(guard);
            self.take("MatchArmGuard", range.start, range, Kind::Guard);
        }
        let (start, end) = (self.range(node).start, self.range(&node.pat).end);
        self.take("MatchArm", start, end..end, Kind::Arm);
        visit::visit_arm(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'a syn::ExprStruct) {
        if let Some(base) = &node.rest {
            let base = self.range(base);
            for field in &node.fields {
                let syn::Member::Named(name) = &field.member else { continue };
                let name = name.to_string();
                let shorthand = field.colon_token.is_none().then(|| name.clone());
                let (start, range) = (self.range(field).start, self.range(&field.expr));
                let kind = Kind::Field { shorthand, base: base.clone(), name };
                self.take("StructField", start, range, kind);
            }
        }
        visit::visit_expr_struct(self, node);
    }
}

/// Where each line begins, and its text: a column counts characters.
struct Lines(Vec<(usize, String)>);

impl Lines {
    fn new(text: &str) -> Lines {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            start += line.len();
            (start - line.len(), line.to_owned())
        });
        Lines(lines.collect())
    }

    /// The line counts from one, the column from nought.
    fn offset(&self, line: usize, column: usize) -> usize {
        let (start, text) = &self.0[line - 1];
        start + text.chars().take(column).map(char::len_utf8).sum::<usize>()
    }
}

/// The mutant whose own text stands at the place, if one does.
pub fn mutant_at(text: &str, place: usize) -> Option<usize> {
    let start = text[..place].rfind("/*<")?;
    let number: usize = text[start + 3..].split("*/").next()?.parse().ok()?;
    let ends_before = text[start..place].contains(&format!("/*{number}>*/"));
    (!ends_before).then_some(number)
}
