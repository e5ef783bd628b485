//! A canary in every mine: each way in `ways.txt` in which a secret could come to be shown is tried with secrets of several
//! makers. What infrac prints and writes is searched for the secret, byte by byte; the table says whether it is withheld or refused.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use tests::infrac;

/// The secret that must never be seen.
const CANARY: &str = "CaNaRy-4711-hunter2";

/// Where the secret comes from: the column of the table, what declares it, and what it is read by.
const SOURCES: [(&str, &str, &str); 4] = [
    ("param", "param token: secret string\n", "token"),
    ("made", "secret made {}\n", "made.value"),
    ("kept", "secret kept_there on cluster { existing = \"pg/password\" }\n", "kept_there.value"),
    ("clear", "let clear: secret string = \"CaNaRy-4711-hunter2\"\n", "clear"),
];

const HEAD: &str = "project canary { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = \"eu-west-3\"), cluster = kubernetes(context = \"lab\", node_ranges = [10.60.0.0/16], api = { ranges = [10.60.0.10/32] }), machines = host(user = \"deploy\")]
  choose { secret = aws, volume = aws, server = aws, network = aws }
}
environment test {
  tier = test
  on = [aws(region = \"eu-west-3\"), cluster = kubernetes(context = \"other\", node_ranges = [10.60.0.0/16], api = { ranges = [10.60.0.10/32] }), machines = host(user = \"deploy\")]
  choose { secret = aws, volume = aws, server = aws, network = aws }
}
";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(infrac().unwrap())
        .args(arguments)
        .current_dir(folder)
        .env("INFRAC_PARAM_token", CANARY)
        .env("TF_VAR_token", CANARY)
        .env("INFRAC_FINGERPRINT_KEY", "key")
        .output()
        .unwrap();
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(CANARY), "`infrac {}` prints the secret:\n{text}", arguments.join(" "));
        assert!(!text.contains("a bug in infrac"), "`infrac {}`:\n{text}", arguments.join(" "));
    }
    output
}

/// Every file below a folder but the program itself.
fn search(folder: &Path, beside: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, beside);
        } else if path != beside {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(CANARY), "{} holds the secret", path.display());
        }
    }
}

/// `withheld`, or the codes of the mistakes.
fn tried(way: &str, source: (&str, &str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main.infra");
    let (_, declared, read) = source;
    std::fs::write(&main, format!("{HEAD}{declared}{}", with_secret(way, read))).unwrap();
    std::fs::write(folder.path().join("t.txt"), "value {{a}}\n").unwrap();
    let checked = run(folder.path(), &["check", "--format", "json"]);
    let mut codes: Vec<String> = String::from_utf8_lossy(&checked.stderr)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| Some(message.get("code")?.as_str()?.to_owned()))
        .collect();
    codes.sort();
    codes.dedup();
    run(folder.path(), &["check"]);
    let built = run(folder.path(), &["build", "--env", "prod"]);
    assert_eq!(built.status.success(), checked.status.success(), "check and build agree: {way}");
    run(folder.path(), &["build", "--env", "prod", "--stdout"]);
    if checked.status.success() {
        run(folder.path(), &["graph", "--env", "prod", "--format", "json"]);
        run(folder.path(), &["diff", "prod", "test"]);
        run(folder.path(), &["why", "main.infra:13", "--env", "prod"]);
        run(folder.path(), &["handover", "--env", "prod"]);
    }
    search(folder.path(), &main);
    if checked.status.success() { "withheld".to_owned() } else { codes.join(" ") }
}

/// The text with the secret in it: `S` where it stands alone, and no other letter.
fn with_secret(way: &str, read: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    let mut rest = way.chars().peekable();
    while let Some(letter) = rest.next() {
        let alone = letter == 'S'
            && !before.is_alphanumeric()
            && !rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
        if alone {
            text.push_str(read)
        } else {
            text.push(letter)
        }
        before = letter;
    }
    text
}

#[test]
fn no_way_shows_a_secret() {
    let ways = include_str!("ways.txt");
    let ways: Vec<(&str, &str)> =
        ways.split("=== ").skip(1).map(|way| way.split_once('\n').unwrap_or((way, ""))).collect();
    assert!(ways.len() >= 60, "{} ways", ways.len());
    let (left, right) = ways.split_at(ways.len() / 2);
    let table_of = |ways: &[(&str, &str)]| {
        let mut table = String::new();
        for (name, way) in ways {
            let _ = writeln!(table, "{name}");
            for source in SOURCES {
                let _ = writeln!(table, "  {:<5} {}", source.0, tried(way, source));
            }
        }
        table
    };
    let table = std::thread::scope(|scope| {
        let left = scope.spawn(|| table_of(left));
        let right = table_of(right);
        left.join().unwrap() + &right
    });
    insta::assert_snapshot!("table", table);
}

#[test]
fn a_secret_is_never_an_argument() {
    let folder = tempfile::tempdir().unwrap();
    let program = format!("{HEAD}param token: secret string\noutput o = fingerprint(token)\n");
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    let given = format!("token={CANARY}");
    let output = run(folder.path(), &["build", "--env", "prod", "--param", &given]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!("argument", String::from_utf8_lossy(&output.stderr));
}
