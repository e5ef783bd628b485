//! A target that infrac does not have is added with a folder, `plays`, and a line, below: grouping, what crosses from and to other tools, and
//! what is refused.

use emit::target::{ALL, Target};
use emit::{Emitted, Settings};
use program::Program;
use source::{Diagnostic, Disk, Name};
use tests::render;

mod plays;

/// The line.
fn targets() -> Vec<&'static dyn Target> {
    ALL.iter().copied().chain([&plays::Plays as &dyn Target]).collect()
}

const PROJECT: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\")] }
";

/// A program whose project has the schema of the target.
struct Written {
    _folder: tempfile::TempDir,
    program: Program,
}

impl Written {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let packed = schema::pack::pack_own("plays", include_str!("plays/plays.schema")).unwrap();
        std::fs::create_dir(folder.path().join("schemas")).unwrap();
        std::fs::write(folder.path().join("schemas/plays.pack"), packed.bytes).unwrap();
        std::fs::write(folder.path().join("main.infra"), format!("{PROJECT}{text}")).unwrap();
        let program = Program::load(Disk::new(folder.path()), "");
        Self { _folder: folder, program }
    }
    fn graph(&self) -> graph::Complete {
        let evaluated = self.program.evaluate(Name::new("prod"), &[]);
        evaluated.unwrap_or_else(|told| panic!("{}", render(&told, self.program.sources()))).0
    }
    fn emit(&self) -> Result<Emitted, Vec<Diagnostic>> {
        emit::emit_for(&self.graph(), &Settings::beside_project("prod"), &targets())
    }
    fn emitted(&self) -> Emitted {
        self.emit().unwrap_or_else(|told| panic!("{}", render(&told, self.program.sources())))
    }
    fn refused(&self) -> String {
        render(&self.emit().unwrap_err(), self.program.sources())
    }
}

fn text<'e>(emitted: &'e Emitted, path: &str) -> &'e str {
    &emitted.documents.iter().find(|document| document.path == path).unwrap().text
}

fn steps(emitted: &Emitted) -> Vec<String> {
    emitted.steps.iter().map(ToString::to_string).collect()
}

#[test]
fn many_hosts_are_one_play_and_each_line_knows_its_host() {
    let keys: Vec<String> = (0..320).map(|n| format!("\"web-{n}\"")).collect();
    let keys = keys.join(", ");
    let written =
        Written::new(&format!("plays.host web for n in [{keys}] {{ name = n, groups = [\"web\", \"all\"] }}\n"));
    let (graph, emitted) = (written.graph(), written.emitted());
    let paths: Vec<&str> = emitted.documents.iter().map(|document| document.path.as_str()).collect();
    assert_eq!(paths, ["plays/site.yaml"]);
    let document = &emitted.documents[0];
    let of = |line: usize| document.origin(&graph, line)?.address.map(|address| graph.store.address_text(address));
    let owners: std::collections::BTreeSet<String> = (1..=document.lines.len()).filter_map(of).collect();
    assert_eq!(owners.len(), 320);
    assert_eq!(steps(&emitted), ["plays run out/prod/plays/site.yaml"]);
}

#[test]
fn a_value_crosses_from_another_tool_to_the_new_one() {
    let written =
        Written::new("terraform.aws_eip front {}\nplays.host web { name = \"web\", address = front.public_ip }\n");
    let emitted = written.emitted();
    assert!(text(&emitted, "plays/site.yaml").contains("address: \"{{ web_address }}\""), "{:?}", emitted.documents);
    let root: serde_json::Value = serde_json::from_str(text(&emitted, "terraform/main.tf.json")).unwrap();
    assert_eq!(root["output"]["web_address"]["value"], "${tostring(aws_eip.front.public_ip)}");
    let terraform = "terraform -chdir=out/prod/terraform";
    let wanted = [
        format!("{terraform} init"),
        format!("{terraform} apply"),
        format!("web_address=\"$({terraform} output -raw web_address)\" plays run out/prod/plays/site.yaml"),
    ];
    assert_eq!(steps(&emitted), wanted);
    assert_eq!(emitted.steps[2].waits_for, ["terraform/apply"]);
}

#[test]
fn a_value_crosses_from_the_new_tool_to_another_one() {
    let written = Written::new(
        "plays.host web { name = \"web\" }\nterraform.aws_ssm_parameter print { name = \"print\", type = \"String\", value = web.fingerprint }\n",
    );
    let emitted = written.emitted();
    let root: serde_json::Value = serde_json::from_str(text(&emitted, "terraform/main.tf.json")).unwrap();
    let (name, variable) = root["variable"].as_object().unwrap().iter().next().unwrap();
    assert!(name.starts_with("web_fingerprint_"), "{name}");
    assert_eq!(variable["type"], "string");
    assert_eq!(root["resource"]["aws_ssm_parameter"]["print"]["value"], format!("${{var.{name}}}"));
    let terraform = "terraform -chdir=out/prod/terraform";
    let wanted = [
        "plays run out/prod/plays/site.yaml".to_owned(),
        format!("{terraform} init"),
        format!("TF_VAR_{name}=\"$(plays facts {name})\" {terraform} apply"),
    ];
    assert_eq!(steps(&emitted), wanted);
}

#[test]
fn two_tools_that_need_each_other_are_refused_with_both_ends() {
    let written = Written::new(
        "terraform.aws_eip front {}
plays.host web { name = \"web\", address = front.public_ip }
terraform.aws_ssm_parameter print { name = \"print\", type = \"String\", value = web.fingerprint }
",
    );
    insta::assert_snapshot!(written.refused());
}

#[test]
fn one_object_with_values_from_two_tools_is_refused_with_both_ends() {
    let written = Written::new(
        "terraform.aws_eip front {}
plays.host web { name = \"web\" }
kubernetes.config_map known {
  metadata { name = \"known\", namespace = \"shop\" }
  data = { ADDRESS = front.public_ip, PRINT = web.fingerprint }
}
",
    );
    insta::assert_snapshot!(written.refused());
}

#[test]
fn what_the_new_tool_cannot_compute_is_refused() {
    let written = Written::new(
        "plays.host web { name = \"web\" }
kubernetes.config_map known {
  metadata { name = \"known\", namespace = \"shop\" }
  data = { PRINT = json({ print = web.fingerprint }) }
}
",
    );
    insta::assert_snapshot!(written.refused());
}

#[test]
fn without_the_line_nothing_is_left_out_in_silence() {
    let written = Written::new("plays.host web for n in [\"a\", \"b\"] { name = n }\n");
    insta::assert_snapshot!(render(written.program.check(), written.program.sources()));
}
