//! Files of containers: what a cluster is told of them, what stands in which object, and what a change of one comes to.

use crate::written::emitted;

const HEAD: &str = r#"
project shop { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "shop")]
  choose { secret = kubernetes, volume = kubernetes }
}
param token: secret string
secret pg { existing = "pg/password" }
terraform.aws_sqs_queue jobs { name = "jobs" }
"#;

/// The files of a container in a cluster, by their paths.
fn with_files(files: &str) -> Vec<(String, String)> {
    let container =
        format!("container api {{ image = \"registry.example.com/api:1.0.0\", files = {{\n{files}\n}} }}\n");
    emitted(&[("main.infra".to_owned(), format!("{HEAD}{container}"))])
}

fn text<'f>(files: &'f [(String, String)], path: &str) -> &'f str {
    &files.iter().find(|file| file.0 == path).unwrap().1
}

/// What stands in a file and not in another one, line by line.
fn changed<'t>(before: &str, after: &'t str) -> Vec<&'t str> {
    after.lines().filter(|line| !before.lines().any(|other| other == *line)).map(str::trim).collect()
}

#[test]
fn each_file_stands_where_its_content_may_be_seen() {
    let files = with_files(
        r#""/etc/app.yml" = yaml({ log = "info", requests = 200 }),
        "/etc/app/queue.conf" = "queue = ${jobs.url}\n",
        "/etc/app/token" = token,
        "/run/secrets/pg" = pg.value"#,
    );
    insta::assert_snapshot!(text(&files, "kubernetes/api.yaml"));
    insta::assert_snapshot!("handed_over", text(&files, "terraform/main.tf.json"));
}

#[test]
fn contents_are_written_to_the_letter() {
    let files = with_files(
        r#""/a" = "",
        "/b" = " blanks before and behind \n\n",
        "/c" = "\ttab\r\nreturn\r",
        "/d" = "\"quoted\" 'twice' \\ $x \${y} $(Z) {{ t }} %{if} ~",
        "/e" = "no",
        "/f" = "0x1f",
        "/g" = "---\n# a: b\n...\n",
        "/h" = "\u{feff}mark, \u{2028} line, é, \u{1f600}, \u{1b}[0m",
        "/i/with a blank/\"quoted\"/$x/é\u{1f600}/n.o_" = "x\n",
        "/..j" = "~""#,
    );
    insta::assert_snapshot!(text(&files, "kubernetes/api.yaml"));
}

#[test]
fn what_stands_around_a_secret_is_handed_over_to_the_letter() {
    let files = with_files(
        r#""/a" = "\"$x\" \${y} %{if} {{ t }} \r\n ${token} \u{1f600} ~\n", "/b" = json({ t = token, "%{" = "${jobs.url}" })"#,
    );
    insta::assert_snapshot!(text(&files, "terraform/main.tf.json"));
}

#[test]
fn a_changed_file_starts_its_pods_anew_and_nothing_else() {
    let before = with_files(r#""/etc/motd" = "Hello.", "/etc/other" = "a""#);
    let after = with_files(r#""/etc/motd" = "Good day.", "/etc/other" = "a""#);
    let path = "kubernetes/api.yaml";
    let changes = changed(text(&before, path), text(&after, path));
    insta::assert_snapshot!(changes.join("\n"));
    let others = |files: &[(String, String)]| files.iter().filter(|file| file.0 != path).cloned().collect::<Vec<_>>();
    assert_eq!(others(&before), others(&after));
}

#[test]
fn without_files_nothing_is_said_of_them() {
    let files = with_files("");
    let manifest = text(&files, "kubernetes/api.yaml");
    assert!(!manifest.contains("files") && !manifest.contains("configMap:\n"), "{manifest}");
}
