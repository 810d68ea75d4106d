//! `audit`: whatever the form of the input, whatever happens on the way, the same rows.

mod common;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::json::LineDelimitedWriter;
use common::{code, command, folder, read, run, run_with_input, stderr, stdout, ISSUER, SESSION};
use flate2::write::GzEncoder;
use flate2::Compression;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::ArrowWriter;
use result_vp::Session;
use serde_json::{json, Value};
use support::connect_cases;

const AT: &str = "2024-06-01T00:00:00Z";

fn audit(arguments: &[&str]) -> Output {
    let evidence = ["--evidence", "fixtures/did", "--evidence", "fixtures/evidence"];
    run([&["audit", "--quiet"], &ISSUER[..], &evidence, arguments].concat())
}

/// The rows of an audit of inputs, and its exit code.
fn rows(folder: &Path, arguments: &[&str]) -> (Vec<Value>, i32) {
    let out = folder.join("rows.jsonl");
    let _ = fs::remove_file(&out);
    let output = audit(&[arguments, &["--out", out.to_str().unwrap()]].concat());
    assert!(out.exists(), "{}", stderr(&output));
    assert!(!folder.join("rows.jsonl.journal").exists(), "the journal is gone");
    (lines(&out), code(&output))
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("rows");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// What does not depend on the form of the input.
fn without_places(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        let row = row.as_object_mut().expect("an object");
        for name in ["input", "record", "item", "error"] {
            row.remove(name);
        }
    }
    rows
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// One honest session, one under another id, one that failed, one that nobody can read.
fn sessions() -> Vec<String> {
    let compact = |name: &str| -> Value { serde_json::from_str(&read(name)).expect("JSON") };
    let success = compact("sessions/success.json");
    let mut other = success.clone();
    other["id"] = "1f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10".into();
    let failed = compact("sessions/failed.json");
    [success, other, failed].iter().map(Value::to_string).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn table(columns: &[(&str, Vec<&str>)]) -> RecordBatch {
    let columns = columns
        .iter()
        .map(|(name, cells)| (*name, Arc::new(StringArray::from(cells.clone())) as ArrayRef));
    RecordBatch::try_from_iter(columns).expect("a table")
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(batch).expect("rows");
    writer.close().expect("a file");
    bytes
}

fn csv_of(header: &[&str], rows: &[Vec<&str>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn messages(sessions: &[String]) -> Vec<Vec<u8>> {
    let read = |text: &String| Session::from_json(text.as_bytes()).unwrap().to_protobuf().unwrap();
    sessions.iter().map(read).collect()
}

fn delimited(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        let mut length = message.len();
        while length >= 0x80 {
            bytes.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend_from_slice(message);
    }
    bytes
}

#[test]
fn every_form_gives_the_same_rows() {
    let folder = folder("audit-forms");
    let sessions = sessions();
    let json_lines = sessions.join("\n") + "\n";
    let array = format!("[\n{}\n]", sessions.join(",\n"));
    let values: Vec<Value> = sessions.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
    let page = json!({ "sessions": values }).to_string();
    let pretty = serde_json::to_string_pretty(&values).unwrap();
    let one_by_one: String =
        values.iter().map(|it| serde_json::to_string_pretty(it).unwrap() + "\n").collect();
    let cells: Vec<&str> = sessions.iter().map(String::as_str).collect();
    let numbers = vec!["1", "2", "3"];
    let batch = table(&[("n", numbers.clone()), ("session", cells.clone())]);
    let in_csv: Vec<Vec<&str>> =
        (numbers.iter().zip(&cells)).map(|(n, it)| vec![*n, *it]).collect();
    let (front, back) = (
        gzip(sessions[0].as_bytes()),
        gzip(format!("\n{}\n{}", sessions[1], sessions[2]).as_bytes()),
    );
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("lines.jsonl", json_lines.clone().into()),
        ("lines-without-end", json_lines.trim_end().into()),
        ("windows.jsonl", format!("\u{feff}{}", json_lines.replace('\n', "\r\n")).into()),
        ("gaps.jsonl", format!("\n\n{}\n", json_lines.replace('\n', "\n\n")).into()),
        ("array.json", array.into()),
        ("page.json", page.into()),
        ("pretty.json", pretty.into()),
        ("one-by-one.json", one_by_one.into()),
        ("lines.gz", gzip(json_lines.as_bytes())),
        ("members.gz", [front, back].concat()),
        ("lines.zst", zstd::encode_all(json_lines.as_bytes(), 1).unwrap()),
        ("rows.parquet", parquet(&batch)),
        ("rows.csv", csv_of(&["n", "session"], &in_csv)),
        ("rows.csv.gz", gzip(&csv_of(&["n", "session"], &in_csv))),
        ("messages.bin", delimited(&messages(&sessions))),
    ];
    let mut expected: Option<Vec<Value>> = None;
    for (name, bytes) in &forms {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let (rows, code) = rows(&folder, &["--as-of", AT, text(&path)]);
        assert_eq!((code, rows.len()), (1, 3), "{name}");
        let rows = without_places(&rows);
        let expected = expected.get_or_insert_with(|| rows.clone());
        assert_eq!(rows, *expected, "{name}");
    }
    let verdicts: Vec<&str> =
        expected.iter().flatten().map(|row| row["verdict_now"].as_str().unwrap()).collect();
    // The same result under two ids: neither can be told from the other.
    assert_eq!(verdicts, ["rejected", "rejected", "rejected"]);

    // A folder and a pattern name them in order; standard input has no name.
    let named = folder.join("many");
    fs::create_dir_all(named.join("inner")).unwrap();
    fs::write(named.join("b.json"), &sessions[0]).unwrap();
    fs::write(named.join("inner/a.json"), &sessions[2]).unwrap();
    fs::write(named.join(".hidden"), "x").unwrap();
    let (of_folder, _) = rows(&folder, &["--as-of", AT, text(&named)]);
    let inputs: Vec<&str> = of_folder.iter().map(|row| row["input"].as_str().unwrap()).collect();
    assert!(inputs[0].ends_with("b.json") && inputs[1].ends_with("a.json"), "{inputs:?}");
    assert_eq!(of_folder[0]["verdict_now"], "accepted");
    let (of_pattern, _) = rows(&folder, &["--as-of", AT, &format!("{}/*.json", text(&named))]);
    assert_eq!(of_pattern, of_folder[..1]);
    let out = folder.join("stdin.jsonl");
    let arguments = [
        "audit",
        "--issuer",
        "did:web:issuer.example",
        "--evidence",
        "fixtures/did",
        "--evidence",
        "fixtures/evidence",
        "--as-of",
        AT,
        "--out",
        text(&out),
        "-",
    ];
    let output = run_with_input(&arguments, sessions[0].as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(without_places(&lines(&out)), without_places(&of_folder[..1]));
}

#[test]
fn tables_bring_the_saved_session_id() {
    let folder = folder("audit-ids");
    let success: Value = serde_json::from_str(&read("sessions/success.json")).unwrap();
    let vp = ["result_vp", "resultVp"].iter().find_map(|name| success[*name].as_str()).unwrap();
    let quoted = Value::from(vp).to_string();
    let cells = vec![vp, &quoted, vp, ""];
    let ids = vec![SESSION, SESSION, "another-session", SESSION];
    let path = folder.join("ids.parquet");
    fs::write(&path, parquet(&table(&[("id", ids.clone()), ("vp", cells.clone())]))).unwrap();
    let in_csv: Vec<Vec<&str>> = ids.iter().zip(&cells).map(|(id, vp)| vec![*id, *vp]).collect();
    let csv_path = folder.join("ids.csv");
    fs::write(&csv_path, csv_of(&["id", "vp"], &in_csv)).unwrap();
    for path in [&path, &csv_path] {
        let (rows, _) = rows(&folder, &["--as-of", AT, "--id-column", "id", text(path)]);
        let sessions: Vec<Value> = rows.iter().map(|row| check(row, "session")).collect();
        assert_eq!(sessions[..3], [json!("pass"), json!("pass"), json!("fail")], "{path:?}");
        assert_eq!((&rows[3]["error_code"], rows.len()), (&json!("unreadable"), 4));
        assert_eq!(rows[0]["vp_sha256"], rows[1]["vp_sha256"], "the text within is hashed");
    }
    // Without an id a bare presentation is nobody's; with the flag it is anybody's.
    let (without, _) = rows(&folder, &["--as-of", AT, text(&path)]);
    assert!(without.iter().all(|row| row["error_code"] == "unreadable"));
    let (any, _) = rows(&folder, &["--as-of", AT, "--insecure-any-session", text(&path)]);
    assert_eq!(check(&any[0], "session"), "waived");
}

fn check(row: &Value, name: &str) -> Value {
    let checks = row["checks_now"].as_array().expect("checks");
    let found = checks.iter().find(|check| check["check"] == name);
    found.map_or(Value::Null, |check| check["outcome"].clone())
}

/// Each case as `verify` and as `audit` are asked about it.
#[test]
fn a_row_says_what_verify_says_of_its_record() {
    let folder = folder("audit-vectors");
    let (mut met, mut verdicts) = (0, BTreeMap::new());
    for case in connect_cases() {
        let file = case.file();
        let mut common = ["--status", "skip", "--schema", "skip"].map(str::to_owned).to_vec();
        for issuer in case.issuers() {
            common.extend(["--issuer".to_owned(), issuer.to_owned()]);
        }
        for document in case.did_documents() {
            common.extend(["--evidence".to_owned(), text(&document).to_owned()]);
        }
        let mut verify = common.clone();
        let mut audit = common;
        match case.session_id() {
            Some(id) => {
                verify.extend(["--session-id".to_owned(), id.to_owned()]);
                // The id the caller saved stands beside the record.
                let Ok(content) = fs::read_to_string(&file) else { continue };
                let table = folder.join("case.csv");
                fs::write(&table, csv_of(&["id", "session"], &[vec![id, &content]])).unwrap();
                audit.extend(["--id-column", "id", text(&table)].map(str::to_owned));
            }
            None => {
                if case.runs_with_any_session() {
                    verify.push("--insecure-any-session".to_owned());
                    audit.push("--insecure-any-session".to_owned());
                }
                audit.push(text(&file).to_owned());
            }
        }
        verify.push(text(&file).to_owned());
        let begin = ["verify", "--format", "json", "--at", AT].map(str::to_owned);
        let verified = run(begin.iter().chain(&verify));
        let answer: Value = serde_json::from_slice(&verified.stdout).expect("an answer");
        let results = answer["results"].as_array().unwrap();
        let out = folder.join("case.jsonl");
        let _ = fs::remove_file(&out);
        let begin = ["audit", "--quiet", "--as-of", AT, "--out", text(&out)].map(str::to_owned);
        let output = run(begin.iter().chain(&audit));
        if code(&verified) == 2 {
            // A bare presentation without its session: a row that says so.
            let needs = lines(&out)[0]["error"].as_str().unwrap().contains("--id-column");
            assert!(needs, "{}", case.name);
            continue;
        }
        let rows = lines(&out);
        if !results.is_empty() && results.iter().all(|it| it["error"].is_string()) {
            // A text that is no JSON may be several records.
            let refused = rows.iter().filter(|it| it["error_code"] == "unreadable").count();
            assert!(refused > 0 && refused == rows.len(), "{}", case.name);
            *verdicts.entry("error".to_owned()).or_insert(0) += 1;
            continue;
        }
        met += 1;
        let mut of_rows = rows.iter();
        for result in results {
            let credentials = result["credentials"].as_array().unwrap();
            for place in 0..credentials.len().max(1) {
                let row = of_rows.next().expect("a row");
                // Several records of one input are one question there, and replays are told.
                if results.len() == 1 {
                    assert_eq!(row["verdict_now"], result["verdict"], "{}", case.name);
                }
                let told = |check: &Value| {
                    let replay = check["check"] == "replay";
                    (!replay).then(|| {
                        format!("{} {} {}", check["check"], check["outcome"], check["code"])
                    })
                };
                let of_session = result["session"]["checks"].as_array();
                let of_credential =
                    credentials.get(place).map(|it| it["checks"].as_array().unwrap());
                let expected: Vec<String> = of_session
                    .into_iter()
                    .chain(of_credential)
                    .flatten()
                    .filter_map(told)
                    .collect();
                let found: Vec<String> =
                    row["checks_now"].as_array().unwrap().iter().filter_map(told).collect();
                let found: Vec<String> = match of_session {
                    Some(_) => found,
                    None => found.into_iter().skip(5).collect(),
                };
                assert_eq!(found, expected, "{}", case.name);
            }
            *verdicts.entry(result["verdict"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        assert!(of_rows.next().is_none(), "{}", case.name);
        if results.len() == 1 {
            assert_eq!(code(&output), code(&verified), "{}", case.name);
        }
    }
    let is_set = std::env::var_os("RESULT_VP_VECTORS").is_some();
    assert!(!is_set || met > 80 && verdicts.len() == 4, "{met} {verdicts:?}");
}

#[test]
fn a_proof_under_two_sessions_fails_on_both_rows() {
    let folder = folder("audit-replay");
    let [success, other, failed] = <[String; 3]>::try_from(sessions()).unwrap();
    let path = folder.join("export.jsonl");
    // The honest one stands there twice: an overlap of exports is no replay.
    fs::write(&path, [&*success, &failed, &success].join("\n")).unwrap();
    let summary = folder.join("summary.json");
    let arguments = ["--as-of", AT, "--summary", text(&summary), text(&path)];
    let (once, exit) = rows(&folder, &arguments);
    assert_eq!((exit, &once[0]["verdict_now"]), (1, &json!("accepted")));
    assert_eq!(once[0]["discrepancies"], json!(["session_repeated"]));
    assert_eq!(once[2]["discrepancies"], json!(["session_repeated"]));
    assert_eq!(check(&once[0], "replay"), "pass");

    fs::write(&path, [&*success, &failed, &other].join("\n")).unwrap();
    for claims in ["none", "full"] {
        let (rows, _) = rows(&folder, &[&arguments[..], &["--claims", claims]].concat());
        for place in [0, 2] {
            assert_eq!(check(&rows[place], "replay"), "fail", "{place}");
            assert_eq!(rows[place]["verdict_now"], "rejected");
            assert_eq!(rows[place]["given_name"], Value::Null, "what is rejected has no claims");
        }
        let summary: Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
        assert_eq!(summary["failing_now"]["replay"]["proof_seen"], 2);
        assert_eq!(summary["verdicts_now"], json!({"rejected": 3}));
    }
}

/// Some hundred records, all of whose parts an audit can be killed in.
fn export(folder: &Path, records: usize) -> PathBuf {
    let [success, _, failed] = <[String; 3]>::try_from(sessions()).unwrap();
    let mut text = String::new();
    for number in 0..records {
        let id = format!("{number:08x}-6f0e-4f7e-9a55-3c1d8f2b7e10");
        text += &match number % 7 {
            0 => success.replace(SESSION, &id),
            1 => failed.clone(),
            2 => success[..number % 900].to_owned(),
            3 => format!("{{\"sessions\":[{failed},{}]}}", success.replace(SESSION, &id)),
            4 => String::new(),
            _ => success.clone(),
        };
        text.push('\n');
    }
    let path = folder.join("export.jsonl");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_killed_audit_goes_on_and_ends_as_an_unbroken_one() {
    let folder = folder("audit-killed");
    let path = export(&folder, 1500);
    let unbroken = folder.join("unbroken.jsonl");
    let started = std::time::Instant::now();
    let output = audit(&["--as-of", AT, "--out", text(&unbroken), text(&path)]);
    let took = started.elapsed();
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    let expected = fs::read(&unbroken).unwrap();
    let out = folder.join("killed.jsonl");
    let arguments = ["--as-of", AT, "--threads", "2", "--out", text(&out), text(&path)];
    let mut kills = 0;
    let mut seed = std::process::id() as u64;
    let mut resume = false;
    while kills < 10 {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let mut command = command();
        command.args(["audit", "--quiet"]).args(ISSUER);
        command.args(["--evidence", "fixtures/did", "--evidence", "fixtures/evidence"]);
        command.args(arguments).args(resume.then_some("--resume"));
        let mut child = command.spawn().unwrap();
        std::thread::sleep(took.mul_f64((seed >> 33) as f64 / (1_u64 << 31) as f64 * 0.8));
        child.kill().unwrap();
        kills += u32::from(child.wait().unwrap().code().is_none());
        resume = folder.join("killed.jsonl.journal").exists();
        if out.exists() {
            assert!(fs::read(&out).unwrap() == expected);
            fs::remove_file(&out).unwrap();
        }
    }
    let resume: &[&str] = if resume { &["--resume"] } else { &[] };
    let output = audit(&[&arguments[..], resume].concat());
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    assert!(fs::read(&out).unwrap() == expected);
}

#[test]
fn a_journal_that_breaks_off_anywhere_is_mended() {
    let folder = folder("audit-cut");
    let path = export(&folder, 24);
    let whole = folder.join("whole.jsonl");
    let summary = |name: &str| folder.join(name);
    let ended = |out: &Path, summary: &Path, more: &[&str]| {
        let arguments =
            ["--as-of", AT, "--out", text(out), "--summary", text(summary), text(&path)];
        audit(&[&arguments[..], more].concat())
    };
    assert_eq!(code(&ended(&whole, &summary("whole.json"), &[])), 7);
    // As it is before the outputs are made: --max-failures ends it there, and a read-only place
    // for the summary keeps the journal.
    let out = folder.join("cut.jsonl");
    let missing = folder.join("missing/summary.json");
    assert_eq!(code(&ended(&out, &missing, &[])), 5);
    let journal = folder.join("cut.jsonl.journal");
    let kept = fs::read(&journal).expect("the journal is kept");
    let expected = fs::read(&whole).unwrap();
    for cut in (1..kept.len()).step_by(kept.len() / 40).chain([kept.len()]) {
        fs::write(&journal, &kept[..cut]).unwrap();
        let output = ended(&out, &summary("cut.json"), &["--resume"]);
        assert_eq!(code(&output), 7, "{cut}: {}", stderr(&output));
        assert!(fs::read(&out).unwrap() == expected, "{cut}");
        let of = |name: &str| fs::read(summary(name)).unwrap();
        assert!(of("cut.json") == of("whole.json"), "{cut}");
        fs::remove_file(&out).unwrap();
    }
    // Another question is another audit.
    fs::write(&journal, &kept).unwrap();
    let output =
        audit(&["--as-of", "2024-07-01T00:00:00Z", "--resume", "--out", text(&out), text(&path)]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let output = audit(&["--as-of", AT, "--out", text(&out), text(&path)]);
    assert_eq!(code(&output), 2, "without --resume nothing is thrown away");
    assert!(fs::read(&journal).unwrap() == kept);
}

#[test]
fn two_times_are_two_verdicts() {
    let folder = folder("audit-times");
    let path = folder.join("session.json");
    fs::write(&path, read("sessions/success.json")).unwrap();
    let of = |as_of: &[&str]| rows(&folder, &[as_of, &[text(&path)]].concat()).0.remove(0);
    let both = of(&[]);
    assert_eq!(
        (&both["verdict_at_issuance"], &both["verdict_now"]),
        (&json!("accepted"), &json!("accepted"))
    );
    assert_eq!(both["checks_at_issuance"].as_array().unwrap().len(), 21);
    let issuance = of(&["--as-of", "issuance"]);
    assert_eq!((&issuance["verdict_now"], &issuance["now"]), (&Value::Null, &Value::Null));
    assert_eq!(issuance["checks_at_issuance"], both["checks_at_issuance"]);
    let before = of(&["--as-of", "2020-01-01T00:00:00Z"]);
    assert_eq!(
        (&before["verdict_at_issuance"], &before["verdict_now"]),
        (&Value::Null, &json!("rejected"))
    );
}

#[test]
fn claims_are_written_only_as_asked() {
    let folder = folder("audit-claims");
    let key = folder.join("key");
    fs::write(&key, "sixteen bytes at least").unwrap();
    let path = folder.join("session.json");
    fs::write(&path, read("sessions/success.json")).unwrap();
    let everything = |claims: &[&str]| {
        let mut all = String::new();
        for out in ["a.jsonl", "a.csv", "a.parquet"] {
            let out = folder.join(out);
            let _ = fs::remove_file(&out);
            let (page, summary) = (folder.join("a.html"), folder.join("a.json"));
            let more = [
                "--html",
                text(&page),
                "--summary",
                text(&summary),
                "--out",
                text(&out),
                text(&path),
            ];
            assert_eq!(code(&audit(&[claims, &more].concat())), 0);
            all += &read_rows(&out);
            all += &fs::read_to_string(page).unwrap();
            all += &fs::read_to_string(summary).unwrap();
        }
        all
    };
    let none = everything(&[]);
    for claim in ["MIRABEL", "EXEMPLARIS", "X0000417", "1991-02-28", "NOWHERE", "not-a-token"] {
        assert!(!none.contains(claim), "{claim}");
    }
    let hashed = everything(&["--claims", "hash", "--hash-key", text(&key)]);
    assert!(
        !hashed.contains("MIRABEL")
            && hashed.contains(&hmac(b"sixteen bytes at least", b"given_name\0MIRABEL"))
    );
    let full = everything(&["--claims", "full"]);
    assert!(
        full.contains("MIRABEL") && full.contains("1991-02-28") && !full.contains("iVBORw0KGgo")
    );
    fs::write(&key, "short").unwrap();
    let out = folder.join("b.jsonl");
    let output =
        audit(&["--claims", "hash", "--hash-key", text(&key), "--out", text(&out), text(&path)]);
    assert_eq!(code(&output), 2);
}

fn hmac(key: &[u8], message: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let pad = |byte: u8| -> Vec<u8> {
        (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ byte).collect()
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    hex::encode(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize())
}

/// The rows of any output as text.
fn read_rows(path: &Path) -> String {
    if path.extension().is_none_or(|it| it != "parquet") {
        return fs::read_to_string(path).unwrap();
    }
    let file = fs::File::open(path).unwrap();
    let mut lines = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let mut writer = LineDelimitedWriter::new(&mut lines);
        writer.write(&batch.unwrap()).unwrap();
        writer.finish().unwrap();
    }
    String::from_utf8(lines).unwrap()
}

#[test]
fn the_outputs_have_the_same_rows() {
    let folder = folder("audit-outputs");
    let path = export(&folder, 40);
    let of = |name: &str| {
        let out = folder.join(name);
        let output = audit(&["--as-of", AT, "--claims", "full", "--out", text(&out), text(&path)]);
        assert_eq!(code(&output), 7, "{}", stderr(&output));
        out
    };
    let json_lines = lines(&of("a.jsonl"));
    let in_parquet: Vec<Value> = read_rows(&of("a.parquet"))
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json_lines.len(), in_parquet.len());
    for (row, twin) in json_lines.iter().zip(&in_parquet) {
        // Arrow leaves out null, and writes times with milliseconds in its own way.
        for (name, value) in row.as_object().unwrap() {
            let is_time = ["session_created", "session_updated", "now", "verifications"]
                .contains(&name.as_str());
            let is_plain = !is_time && !name.starts_with("checks");
            if is_plain {
                assert_eq!(twin.get(name).unwrap_or(&Value::Null), value, "{name}");
            }
        }
        assert_eq!(check(twin, "proof"), check(row, "proof"));
        let seconds = |row: &Value| row["session_created"].as_str().map(|it| it[..19].to_owned());
        assert_eq!(seconds(twin), seconds(row));
    }
    let mut table = csv::Reader::from_path(of("a.csv")).unwrap();
    let header = table.headers().unwrap().clone();
    let names: Vec<&str> = header.iter().collect();
    let mut members: Vec<&String> = json_lines[0].as_object().unwrap().keys().collect();
    members.sort_unstable();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert!(sorted.iter().eq(members.iter()), "a column for each member");
    let cells: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(cells.len(), json_lines.len());
    let verdict = names.iter().position(|name| *name == "verdict_now").unwrap();
    for (cells, row) in cells.iter().zip(&json_lines) {
        assert_eq!(cells.get(verdict), row["verdict_now"].as_str());
    }
}

#[test]
fn garbage_is_a_row_and_loses_nothing() {
    let folder = folder("audit-garbage");
    let success = &sessions()[0];
    let honest =
        |rows: &[Value]| rows.iter().filter(|row| row["verdict_now"] == "accepted").count();
    let long = format!("{success}\n{}\n{success}\n", "a".repeat(17 << 20));
    let compressed = gzip(format!("{success}\n").repeat(3000).as_bytes());
    let batch = table(&[("session", vec![success.as_str()])]);
    let broken_parquet = {
        let mut bytes = parquet(&batch);
        let end = bytes.len() - 20;
        bytes.truncate(end);
        bytes
    };
    let mut two_messages = delimited(&messages(&[success.clone(), success.clone()]));
    two_messages.truncate(two_messages.len() - 5);
    let quoted = format!("session\n\"{}\"\n\"unclosed", success.replace('"', "\"\""));
    for (name, bytes, expected_honest, errors, exit) in [
        ("nul.jsonl", format!("{success}\n\0\0{{\n{success}").into_bytes(), 2, 1, 7),
        ("cut.jsonl", success.as_bytes()[..700].to_vec(), 0, 1, 7),
        ("long.jsonl", long.into_bytes(), 2, 1, 7),
        ("cut.gz", compressed[..compressed.len() - 9].to_vec(), 3000, 1, 7),
        ("cut.parquet", broken_parquet, 0, 1, 7),
        ("cut.bin", two_messages, 1, 1, 7),
        ("unclosed.csv", quoted.into_bytes(), 1, 1, 7),
        ("latin1.jsonl", b"{\"id\":\"\xe9\"}\n".to_vec(), 0, 1, 7),
        ("empty.jsonl", Vec::new(), 0, 0, 4),
        ("numbers.jsonl", b"[1,2,{}]\n".to_vec(), 0, 3, 7),
        ("prose.txt", b"Dear auditor: here they are".to_vec(), 0, 1, 7),
    ] {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let (rows, code) = rows(&folder, &["--as-of", AT, text(&path)]);
        let refused = rows.iter().filter(|row| row["error_code"] == "unreadable").count();
        assert_eq!((honest(&rows), refused, code), (expected_honest, errors, exit), "{name}");
    }
    // What is not there stops nothing.
    let there = folder.join("there.jsonl");
    fs::write(&there, success).unwrap();
    let missing = folder.join("missing.jsonl");
    let (rows, exit) = rows(&folder, &["--as-of", AT, text(&missing), text(&there)]);
    assert_eq!((rows[0]["error_code"].as_str(), honest(&rows), exit), (Some("input_failed"), 1, 5));
    // A wrong column is told before anything is verified.
    let csv_path = folder.join("columns.csv");
    fs::write(&csv_path, "a,b\n1,2\n").unwrap();
    let out = folder.join("none.jsonl");
    for arguments in [&["--column", "c"][..], &[], &["--column", "a", "--id-column", "c"]] {
        let output = audit(&[arguments, &["--out", text(&out), text(&csv_path)]].concat());
        assert_eq!((code(&output), out.exists()), (2, false));
        assert!(stderr(&output).contains("it has a, b"), "{}", stderr(&output));
    }
}

/// A shell that sets a limit of the system and then runs the command.
#[cfg(unix)]
fn limited(limit: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_result-vp")]);
    command.args(["audit", "--quiet"]).args(ISSUER);
    command.args(["--evidence", "fixtures/did", "--evidence", "fixtures/evidence"]).args(arguments);
    command.output().expect("a shell")
}

#[test]
#[cfg(target_os = "linux")]
fn a_line_of_two_gigabytes_takes_no_memory() {
    let folder = folder("audit-huge");
    let path = folder.join("huge.jsonl");
    let success = &sessions()[0];
    let mut file = fs::File::create(&path).unwrap();
    writeln!(file, "{success}").unwrap();
    // A hole: the disk holds nothing of it.
    file.set_len((2 << 30) + 17).unwrap();
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::End(0)).unwrap();
    write!(file, "\n{success}\n").unwrap();
    let out = folder.join("huge.rows.jsonl");
    let output = limited(
        "ulimit -v 700000",
        &["--as-of", AT, "--threads", "2", "--out", text(&out), text(&path)],
    );
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    let verdicts: Vec<Value> = lines(&out).iter().map(|row| row["verdict_now"].clone()).collect();
    assert_eq!(verdicts, ["accepted", "error", "accepted"]);
    fs::remove_file(&path).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_keeps_what_was_done() {
    let folder = folder("audit-full");
    let path = export(&folder, 1200);
    let whole = folder.join("whole.jsonl");
    assert_eq!(code(&audit(&["--as-of", AT, "--out", text(&whole), text(&path)])), 7);
    let out = folder.join("rows.jsonl");
    let arguments = ["--as-of", AT, "--out", text(&out), text(&path)];
    // Half of what the journal needs, in units of 512 bytes.
    let blocks = fs::metadata(&whole).unwrap().len() / 2 / 512;
    let output = limited(&format!("trap '' XFSZ; ulimit -f {blocks}"), &arguments);
    assert_eq!((code(&output), out.exists()), (5, false), "{}", stderr(&output));
    assert!(stderr(&output).contains("--resume"), "{}", stderr(&output));
    assert!(folder.join("rows.jsonl.journal").exists());
    let output = audit(&[&arguments[..], &["--resume"]].concat());
    assert_eq!(code(&output), 7, "{}", stderr(&output));
    assert!(fs::read(&out).unwrap() == fs::read(&whole).unwrap());
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it_cleanly() {
    let folder = folder("audit-interrupt");
    let path = export(&folder, 4000);
    let out = folder.join("rows.jsonl");
    let mut command = command();
    command.args(["audit"]).args(ISSUER);
    command.args(["--evidence", "fixtures/did", "--evidence", "fixtures/evidence"]);
    let child = command
        .args(["--as-of", AT, "--out", text(&out), text(&path)])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let journal = folder.join("rows.jsonl.journal");
    for _ in 0..500 {
        std::thread::sleep(Duration::from_millis(10));
        if fs::metadata(&journal).is_ok_and(|it| it.len() > 10_000) {
            break;
        }
    }
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("--resume goes on"), "{}", stderr(&output));
    assert!(journal.exists() && !out.exists());
    let output = audit(&["--as-of", AT, "--resume", "--out", text(&out), text(&path)]);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
}

#[test]
fn it_ends_after_the_failures_that_are_allowed() {
    let folder = folder("audit-failures");
    let path = export(&folder, 60);
    let summary = folder.join("summary.json");
    let arguments = ["--as-of", AT, "--summary", text(&summary), text(&path)];
    let (all, _) = rows(&folder, &arguments);
    for most in [1, 5] {
        let number = most.to_string();
        let stop: &[&str] = if most == 1 { &["--fail-fast"] } else { &["--max-failures", &number] };
        let (rows, code) = rows(&folder, &[&arguments[..], stop].concat());
        let refused =
            |rows: &[Value]| rows.iter().filter(|it| it["verdict_now"] != "accepted").count();
        assert_eq!((refused(&rows), refused(&rows[..rows.len() - 1])), (most, most - 1));
        assert!(rows.len() < all.len() && code != 0);
        let summary: Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
        assert_eq!((&summary["ended"], &summary["rows"]), (&json!("failures"), &json!(rows.len())));
    }
}

#[test]
fn what_changed_between_two_audits_is_told_by_session() {
    let folder = folder("audit-diff");
    let path = folder.join("export.jsonl");
    let [success, _, failed] = <[String; 3]>::try_from(sessions()).unwrap();
    fs::write(&path, format!("{success}\n{failed}\n")).unwrap();
    let document = read("did/issuer.json");
    let gone = folder.join("gone.json");
    let key =
        document.split("\"id\": \"").nth(2).and_then(|it| it.split('"').next()).expect("a key");
    fs::write(&gone, document.replace(key, &format!("{key}-2"))).unwrap();
    let of = |name: &str, document: &str| {
        let out = folder.join(name);
        let evidence = ["--evidence", document, "--evidence", "fixtures/evidence"];
        run([
            &["audit", "--quiet", "--as-of", AT][..],
            &ISSUER,
            &evidence,
            &["--out", text(&out), text(&path)],
        ]
        .concat());
        out
    };
    let old = of("old.jsonl", "fixtures/did/issuer.json");
    for name in ["new.jsonl", "new.parquet"] {
        let new = of(name, text(&gone));
        let output = run(["audit", "diff", "--format", "json", text(&old), text(&new)]);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        let changes: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(changes["counts"], json!({"key_gone": 1}), "{changes}");
        let change = &changes["changes"][0];
        assert_eq!(
            (&change["session_id"], &change["old_verdict"]),
            (&json!(SESSION), &json!("accepted"))
        );
        let output = run(["audit", "diff", text(&old), text(&new)]);
        assert!(stdout(&output).contains("key gone"), "{}", stdout(&output));
    }
    let output = run(["audit", "diff", text(&old), text(&old)]);
    assert_eq!(code(&output), 0);
    let output = run(["audit", "diff", text(&path), text(&old)]);
    assert_eq!(code(&output), 7, "{}", stderr(&output));
}
