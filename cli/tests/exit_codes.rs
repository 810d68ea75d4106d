//! The exit codes, a contract that scripts rely on; and where messages go.

mod common;

use std::io::Read;
use std::process::Stdio;

use common::*;

const ID: [&str; 2] = ["--session-id", SESSION];

#[test]
fn accepted_is_0() {
    let output = verify(&[&ID[..], &["fixtures/sessions/success.json"]].concat());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn rejected_is_1() {
    let output = verify(&["--session-id", "another", "fixtures/sessions/success.json"]);
    assert_eq!((code(&output), stderr(&output)), (1, ""));
}

#[test]
fn wrong_usage_is_2() {
    let session = "fixtures/sessions/success.json";
    for arguments in [
        // Nobody is trusted.
        &["verify", session][..],
        &["verify", "--issuer", "issuer.example", session],
        &["verify", "--insecure-any-issuer", "--session-id", "a b", session],
        &["verify", "--insecure-any-issuer", "--at", "yesterday", session],
        &["verify", "--insecure-any-issuer", "--context", "no-equals-sign", session],
        // A presentation does not say for which session it must have been made.
        &["verify", "--insecure-any-issuer", "fixtures/presentations/full.json"],
        &["explain", "no_such_reason"],
        &["completions", "no_such_shell"],
        &["verily"],
        &[],
    ] {
        let output = run(arguments);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn indeterminate_is_3() {
    let output =
        run([&["verify"], &ISSUER[..], &SKIP, &ID, &["fixtures/sessions/success.json"]].concat());
    assert_eq!((code(&output), stderr(&output)), (3, ""));
    assert!(stdout(&output).contains("--evidence"), "says what to do next");
}

#[test]
fn no_input_is_4() {
    let arguments = ["verify", "--insecure-any-issuer"];
    assert_eq!(code(&run_with_input(&arguments, b"{\"sessions\":[]}")), 4);
    let output = verify(&["--session-id", "another", "fixtures/sessions/list.json"]);
    assert_eq!((code(&output), stdout(&output)), (4, ""));
    assert!(stderr(&output).contains("result-vp inspect"), "says what to do next");
    assert_eq!(code(&run_with_input(&["inspect"], b"{\"sessions\":[]}")), 4);
}

#[test]
fn what_cannot_be_read_from_the_disk_is_5() {
    let folder = folder("exit-5");
    let folder = folder.to_str().unwrap();
    let missing = format!("{folder}/missing.json");
    let insecure = ["verify", "--insecure-any-issuer"];
    for arguments in [
        [&insecure[..], &[&missing]].concat(),
        [&insecure[..], &[folder]].concat(),
        [&insecure[..], &["--evidence", &missing, "fixtures/sessions/success.json"]].concat(),
        [&insecure[..], &["--context", &format!("https://a.example/={missing}"), "-"]].concat(),
        vec!["inspect", &missing],
        vec!["inspect", folder],
    ] {
        let output = run(&arguments);
        assert_eq!((code(&output), stdout(&output)), (5, ""), "{arguments:?}");
        assert!(stderr(&output).contains(folder), "{arguments:?}: names the path");
    }
}

#[cfg(unix)]
#[test]
fn a_file_nobody_may_read_is_5() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("exit-5-permission");
    let path = file(&folder, "session.json", "{}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        eprintln!("SKIPPED: this user may read everything");
        return;
    }
    assert_eq!(code(&run(["verify", "--insecure-any-issuer", &path])), 5);
}

#[test]
fn unreadable_input_is_7() {
    for input in
        [&b""[..], b"{", b"[]]", b"\xff\xfe", b"{\"type\":\"VerifiableCredential\"}", b"17"]
    {
        for arguments in [&["verify", "--insecure-any-issuer"][..], &["inspect"]] {
            let output = run_with_input(arguments, input);
            assert_eq!((code(&output), stderr(&output)), (7, ""), "{arguments:?} {input:?}");
            assert!(stdout(&output).contains("→"), "{input:?}: says what to do next");
        }
    }
    // A session that can be read, with a result that cannot.
    let session = br#"{"id":"a","state":"IDV_SUCCESS","resultVp":"{}"}"#;
    assert_eq!(code(&run_with_input(&["verify", "--insecure-any-issuer"], session)), 7);
    assert_eq!(code(&run_with_input(&["inspect"], session)), 7);
}

#[test]
fn of_several_results_the_worst_counts() {
    let accepted: serde_json::Value = serde_json::from_str(&read("sessions/success.json")).unwrap();
    let other: serde_json::Value = serde_json::from_str(&read("sessions/selective.json")).unwrap();
    let rejected: serde_json::Value = serde_json::from_str(&read("sessions/failed.json")).unwrap();
    let unreadable = serde_json::json!({"id": "a", "state": "IDV_SUCCESS", "resultVp": "{}"});
    let base = ["verify", ISSUER[0], ISSUER[1], "--status", "skip", "--schema", "skip"];
    let with_evidence = [&base[..], &["--evidence", "fixtures/did"]].concat();
    // Without the DID document, the good one is indeterminate.
    for (arguments, sessions, expected) in [
        (&with_evidence[..], vec![&accepted, &other], 0),
        // A result counts once.
        (&with_evidence[..], vec![&accepted, &accepted], 1),
        (&base[..], vec![&accepted, &other], 3),
        (&base[..], vec![&accepted, &rejected], 1),
        (&with_evidence[..], vec![&rejected, &accepted], 1),
        (&with_evidence[..], vec![&unreadable, &rejected, &accepted], 7),
        (&base[..], vec![&accepted, &unreadable], 7),
    ] {
        let input = serde_json::json!({ "sessions": sessions }).to_string();
        let output = run_with_input(arguments, input.as_bytes());
        assert_eq!(code(&output), expected, "{}", stdout(&output));
    }
}

#[test]
fn json_is_one_object_whatever_happens() {
    for (arguments, exit, verdict) in [
        (&["verify", "--insecure-any-issuer", "fixtures/sessions/failed.json"][..], 1, "rejected"),
        (&["verify", "fixtures/sessions/failed.json"], 2, "error"),
        (&["verify", "--insecure-any-issuer", "fixtures/presentations/full.json"], 2, "error"),
        (&["verify", "--insecure-any-issuer", "fixtures/missing.json"], 5, "error"),
        (&["verify", "--insecure-any-issuer", "fixtures/README.md"], 7, "error"),
        (
            &[
                "verify",
                "--insecure-any-issuer",
                "--session-id",
                "x",
                "fixtures/sessions/list.json",
            ],
            4,
            "error",
        ),
    ] {
        let output = run([arguments, &["--format", "json"]].concat());
        let document = json(&output);
        assert_eq!((code(&output), &document["schema"]), (exit, &1.into()), "{arguments:?}");
        assert_eq!(document["verdict"], verdict, "{arguments:?}");
        assert_eq!(document["results"][0]["error"].is_string(), verdict == "error");
    }
    let output = run(["inspect", "--format=json", "fixtures/missing.json"]);
    assert_eq!((code(&output), json(&output)["checked"].clone()), (5, false.into()));
}

#[test]
fn the_session_id_selects_one_of_several() {
    let path = "fixtures/sessions/list.json";
    let output = verify(&["--format", "json", "--session-id", SESSION, path]);
    let document = json(&output);
    assert_eq!((code(&output), document["results"].as_array().unwrap().len()), (0, 1));
    assert_eq!(document["results"][0]["session"]["id"], SESSION);
    assert_eq!(document["results"][0]["session"]["id_from"], "caller");
    let document = json(&verify(&["--format", "json", path]));
    let records: Vec<_> =
        document["results"].as_array().unwrap().iter().map(|it| &it["record"]).collect();
    assert_eq!(records, [0, 1, 2]);
    assert_eq!(document["results"][0]["session"]["id_from"], "input");
}

#[test]
fn standard_input_is_a_dash_or_nothing() {
    let text = read("sessions/success.json");
    let base = ["verify", ISSUER[0], ISSUER[1], "--evidence", "fixtures/did"];
    let base = [&base[..], &SKIP, &ID].concat();
    let by_dash = run_with_input(&[&base[..], &["-"]].concat(), text.as_bytes());
    let by_default = run_with_input(&base, text.as_bytes());
    assert_eq!((code(&by_dash), code(&by_default)), (0, 0));
    assert_eq!(stdout(&by_dash), stdout(&by_default));
    assert!(stdout(&by_dash).contains("standard input"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_panic_and_changes_no_code() {
    let list = ["verify", "--insecure-any-issuer", "fixtures/sessions/failed.json"];
    for (arguments, expected) in [(&list[..], 1), (&["explain"], 0), (&["completions", "zsh"], 0)] {
        let mut child = command()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), errors.as_str()), (Some(expected), ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_5() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command().arg("explain").stdout(full).output().unwrap();
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("could not be written"));
}
