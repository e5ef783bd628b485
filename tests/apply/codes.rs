//! Every code of the runtime and of its commands is shown in a transcript, or is one that only a machine can bring about.

use std::collections::BTreeSet;

/// Codes of which no transcript can be made here, and where they are tried.
const ELSEWHERE: [&str; 21] = [
    // What only another maker decides can be wrong so late.
    "check_failed",
    // What a disk, a crash or another writer brings about: the tests of the state.
    "state_io",
    "state_full",
    "state_not_allowed",
    "state_taken",
    "state_broken",
    "state_foreign",
    "state_missing",
    "state_bad_seal",
    "state_open_secret",
    "state_unwritable",
    "state_wrong",
    // What says itself that it is a bug, or that the machine has nothing left.
    "internal",
    "bad_graph",
    "no_runtime",
    "later_value",
    "failed",
    // A secret that is no text, and a file that cannot be written: the tests of the handover and of the output.
    "bad_param",
    "cannot_write",
    // The native kinds of files cannot be adopted in the language yet: the unit tests of the driver.
    "nothing_to_adopt",
    // Replacements that wait for each other: the unit tests of the engine.
    "no_order",
];

fn codes(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in ["Told::new(", "Trouble::new(", "=> \"state_"] {
        for rest in text.split(call).skip(1) {
            let rest = rest.trim_start();
            let word = if call.ends_with('_') {
                format!("state_{rest}")
            } else {
                rest.strip_prefix('"').unwrap_or("").to_owned()
            };
            found.extend(
                word.split('"').next().filter(|word| !word.is_empty() && !word.contains(' ')).map(str::to_owned),
            );
        }
    }
    found
}

#[test]
fn every_code_is_seen() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut wanted = BTreeSet::new();
    for room in ["runtime/state/src", "runtime/drivers/src", "runtime/engine/src"] {
        for path in super::tree(&root.join(room)) {
            let text = std::fs::read_to_string(path).unwrap();
            wanted.extend(codes(text.split("#[cfg(test)]\nmod tests {").next().unwrap()));
        }
    }
    let shown: String = super::tree(&root.join("tests/apply/snapshots"))
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let missing: Vec<&String> = wanted
        .iter()
        .filter(|code| !ELSEWHERE.contains(&code.as_str()) && !shown.contains(&format!("[{code}]")))
        .collect();
    assert!(wanted.len() > 30, "{wanted:?}");
    assert!(missing.is_empty(), "in no transcript: {missing:?}");
}
