//! Data that others collected to break parsers and processors (`third-party` of the shared vectors).
//! What is not as its authors expect is listed, and a name that no longer differs fails.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use result_vp::{internal, Evidence};
use serde_json::Value;
use support::vectors;

fn items(folder: &Path) -> Vec<Value> {
    let index = std::fs::read(folder.join("index.json")).expect("an index");
    let index: Value = serde_json::from_slice(&index).expect("JSON");
    index["items"].as_array().expect("items").clone()
}

fn read(folder: &Path, name: &Value) -> Vec<u8> {
    let path: PathBuf = folder.join(name.as_str().expect("a file"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Valid JSON that I-JSON (RFC 7493) leaves out.
const REFUSED_JSON: [&str; 0] = [];
/// What RFC 8259 leaves to the parser, and this one reads.
const READ_JSON: [&str; 2] = ["i_number_double_huge_neg_exp", "i_number_real_underflow"];

#[test]
fn json_is_read_as_rfc_8259_and_i_json_say() {
    let Some(folder) = vectors("third-party/04-json-parsing") else { return };
    let (mut refused, mut read_anyway) = (BTreeSet::new(), BTreeSet::new());
    let mut count = 0;
    for item in items(&folder) {
        let name = item["name"].as_str().unwrap().to_owned();
        let is_read = internal::json(&read(&folder, &item["files"][0])).is_ok();
        count += 1;
        match (name.as_bytes()[0], is_read) {
            (b'n', true) => panic!("{name} is no JSON"),
            (b'y', false) => drop(refused.insert(name)),
            (b'i', true) => drop(read_anyway.insert(name)),
            _ => {}
        }
    }
    assert!(count > 150, "{count}");
    let listed = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(refused, listed(&REFUSED_JSON));
    assert_eq!(read_anyway, listed(&READ_JSON));
}

/// One N-Quad: three terms or four, and whether there is a language, which no statement here has.
struct Quad {
    terms: Vec<Term>,
    has_language: bool,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Term {
    Node(String),
    Literal(String, Option<String>),
}

fn quads(text: &str) -> Vec<Quad> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(quad)
        .collect()
}

fn quad(line: &str) -> Quad {
    let (mut terms, mut has_language) = (Vec::new(), false);
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        if let Some(iri) = rest.strip_prefix('<') {
            let (iri, after) = iri.split_once('>').expect("an IRI");
            terms.push(Term::Node(unescaped(iri)));
            rest = after;
        } else if rest.starts_with("_:") {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (label, after) = rest.split_at(end);
            terms.push(Term::Node(label.to_owned()));
            rest = after;
        } else if let Some(literal) = rest.strip_prefix('"') {
            let mut end = 0;
            let bytes = literal.as_bytes();
            while bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let value = unescaped(&literal[..end]);
            rest = &literal[end + 1..];
            let mut datatype = None;
            if let Some(iri) = rest.strip_prefix("^^<") {
                let (iri, after) = iri.split_once('>').expect("a datatype");
                (datatype, rest) = (Some(unescaped(iri)), after);
            } else if rest.starts_with('@') {
                has_language = true;
                rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
            }
            let datatype = datatype.filter(|it| it != "http://www.w3.org/2001/XMLSchema#string");
            terms.push(Term::Literal(value, datatype));
        } else {
            assert!(rest.starts_with('.'), "{line}");
            return Quad { terms, has_language };
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut unescaped = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let code = |digits: usize, characters: &mut std::str::Chars<'_>| {
            let digits: String = characters.take(digits).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).expect("hexadecimal"))
                .expect("a character")
        };
        unescaped.push(match character {
            '\\' => match characters.next().expect("an escape") {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => code(4, &mut characters),
                'U' => code(8, &mut characters),
                other => other,
            },
            other => other,
        });
    }
    unescaped
}

/// The canonical lines of quads, or why there are none.
fn canonical(quads: &[Quad]) -> Result<Vec<String>, String> {
    if quads.iter().any(|quad| quad.has_language) {
        return Err("language".to_owned());
    }
    let text = |term: &'_ Term| match term {
        Term::Node(node) => node.clone(),
        Term::Literal(..) => panic!("a literal as subject"),
    };
    let owned = quads.iter().map(|it| {
        (text(&it.terms[0]), text(&it.terms[1]), it.terms[2].clone(), it.terms.get(3).map(text))
    });
    let distinct: BTreeSet<(String, String, Term, Option<String>)> = owned.collect();
    let quads: Vec<internal::Quad<'_>> = (distinct.iter())
        .map(|(subject, predicate, object, graph)| {
            let object = match object {
                Term::Node(node) => Err(node.as_str()),
                Term::Literal(value, datatype) => Ok((value.as_str(), datatype.as_deref())),
            };
            (subject.as_str(), predicate.as_str(), object, graph.as_deref())
        })
        .collect();
    internal::canonical_lines(&quads)
}

/// Languages, which no statement of ours has; and what the budget refuses.
const REFUSED_GRAPHS: [(&str, &str); 7] = [
    ("test043c", "language"),
    ("test045c", "canonicalization_budget"),
    ("test046c", "canonicalization_budget"),
    ("test061c", "language"),
    ("test074c", "canonicalization_budget"),
    ("test075c", "hash_algorithm"),
    ("test075m", "hash_algorithm"),
];

#[test]
fn graphs_are_canonicalized_as_rdfc_1_0_says() {
    let Some(folder) = vectors("third-party/03a-rdf-canon") else { return };
    let mut refused = BTreeMap::new();
    let mut equal = 0;
    for item in items(&folder) {
        let name = item["name"].as_str().unwrap().to_owned();
        let kind = item["expected"]["type"].as_str().unwrap_or_default();
        let input = String::from_utf8(read(&folder, &item["input"])).expect("UTF-8");
        // The suites here use SHA-256.
        let found = match item["hash"].as_str() {
            None | Some("SHA256") => canonical(&quads(&input)),
            Some(_) => Err("hash_algorithm".to_owned()),
        };
        match (kind, found) {
            ("RDFC10EvalTest", Ok(lines)) => {
                let result = read(&folder, &item["expected"]["result"]);
                let expected: Vec<String> =
                    String::from_utf8(result).unwrap().lines().map(str::to_owned).collect();
                assert_eq!(lines, expected, "{name}");
                equal += 1;
            }
            ("RDFC10NegativeEvalTest", Ok(_)) => panic!("{name} is refused by everybody"),
            // Tests of the labels alone have the same inputs.
            (_, Ok(_)) => {}
            (_, Err(rule)) => drop(refused.insert(name, rule)),
        }
    }
    let listed = REFUSED_GRAPHS.iter().map(|(name, rule)| ((*name).to_owned(), (*rule).to_owned()));
    assert_eq!(refused, listed.collect());
    assert!(equal > 20, "{equal}");
}

/// The statements of a document, its inline context given as one that the caller trusts.
fn statements(text: &[u8]) -> Option<Vec<String>> {
    const URL: &str = "https://suite.example/context";
    let mut document: Value = serde_json::from_slice(text).ok()?;
    let context = document.as_object_mut()?.insert("@context".to_owned(), URL.into())?;
    let mut evidence = Evidence::new();
    let context = serde_json::json!({ "@context": context });
    evidence.add_context(URL, context.to_string().as_bytes()).ok()?;
    internal::statements(document.to_string().as_bytes(), evidence.contexts()).ok()?.ok()
}

/// Documents of the JSON-LD test suite that this processor accepts: of the constructs it knows.
const ACCEPTED: [&str; 49] = [
    "toRdf-t0003",
    "toRdf-t0008",
    "toRdf-t0019",
    "toRdf-t0020",
    "toRdf-t0022",
    "toRdf-t0024",
    "toRdf-tc001",
    "toRdf-tc003",
    "toRdf-tc006",
    "toRdf-tc007",
    "toRdf-tc008",
    "toRdf-tc009",
    "toRdf-tc011",
    "toRdf-tc016",
    "toRdf-tc017",
    "toRdf-tc026",
    "toRdf-te007",
    "toRdf-te010",
    "toRdf-te024",
    "toRdf-te031",
    "toRdf-te034",
    "toRdf-te052",
    "toRdf-te053",
    "toRdf-te055",
    "toRdf-te061",
    "toRdf-te070",
    "toRdf-te113",
    "toRdf-tjs01",
    "toRdf-tjs02",
    "toRdf-tjs04",
    "toRdf-tjs06",
    "toRdf-tjs07",
    "toRdf-tjs08",
    "toRdf-tjs10",
    "toRdf-tjs11",
    "toRdf-tjs13",
    "toRdf-tjs17",
    "toRdf-tjs18",
    "toRdf-tjs21",
    "toRdf-tp001",
    "toRdf-tp003",
    "toRdf-tp004",
    "toRdf-tpr10",
    "toRdf-tpr22",
    "toRdf-tpr23",
    "toRdf-tpr24",
    "toRdf-tpr27",
    "toRdf-tpr29",
    "toRdf-tpr40",
];

#[test]
fn what_is_accepted_of_json_ld_means_what_the_test_suite_says() {
    let Some(folder) = vectors("third-party/03b-jsonld") else { return };
    let (mut accepted, mut differing) = (BTreeSet::new(), Vec::new());
    let mut count = 0;
    for item in items(&folder).into_iter().filter(|item| item["test"] == "toRdf") {
        count += 1;
        let name = item["name"].as_str().unwrap().to_owned();
        let Some(lines) = statements(&read(&folder, &item["input"])) else { continue };
        // An error of the older version alone.
        if item["option"]["processingMode"] == "json-ld-1.0" {
            continue;
        }
        if !item["expected"]["errorCode"].is_null() {
            differing.push(format!("{name} is an error to everybody"));
            continue;
        }
        let expected = String::from_utf8(read(&folder, &item["expected"]["expect"])).unwrap();
        let expected = canonical(&quads(&expected)).expect("statements of ours");
        let ours = canonical(&quads(&(lines.join("\n") + "\n"))).expect("statements");
        match ours == expected {
            true => drop(accepted.insert(name)),
            false => differing.push(format!("{name}: {ours:?} is not {expected:?}")),
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(count > 200, "{count}");
    assert_eq!(accepted, ACCEPTED.iter().map(|it| (*it).to_owned()).collect());
}
