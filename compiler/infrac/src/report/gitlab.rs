//! Messages as GitLab shows them in a merge request: a Code Quality report, as
//! <https://docs.gitlab.com/ci/testing/code_quality/> describes it.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use source::{Diagnostic, Severity, Sources};

/// One finding, without the fingerprint that tells it from others.
pub fn finding(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    };
    let help = diagnostic.help.iter().map(|help| format!("; {help}"));
    let (path, line) = match diagnostic.place().and_then(|place| sources.absolute(place)) {
        Some((file, range)) => (file.shown.to_string(), file.line_column(range.start as u32).line),
        // GitLab drops a finding without a place: this one is about the project as a whole.
        None => (".".to_owned(), 1),
    };
    json!({
        "description": format!("{}{}", diagnostic.message, help.collect::<String>()),
        "check_name": diagnostic.code,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": line } },
    })
}

/// The report. A finding keeps its fingerprint when lines move: it is of the file, the code, the text, and the number of equal ones
/// before it.
pub fn document(findings: Vec<Value>) -> Value {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let with_fingerprint = |mut finding: Value| {
        let what = format!("{}\n{}\n{}", finding["location"]["path"], finding["check_name"], finding["description"]);
        let before = seen.entry(what.clone()).or_default();
        let digest = Sha256::digest(format!("{what}\n{before}"));
        *before += 1;
        finding["fingerprint"] = digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        finding
    };
    findings.into_iter().map(with_fingerprint).collect()
}
