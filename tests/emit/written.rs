//! A small program over a library of its own, and the files that it becomes.

use emit::Settings;
use source::Name;

/// No kind of the standard library: a user's own platforms, native resources, and values that cross between the tools.
pub const PROGRAM: &str = r#"
project yard { edition = 1 }

environment prod { tier = prod, on = [cloud(region = "eu-west-3"), box(context = "yard")] }

platform cloud {
  region: string
  provider terraform.aws { region }
}

platform box {
  context: string
  provider kubernetes {}
}

terraform.aws_vpc lan { cidr_block = "10.0.0.0/16" }

@protect
terraform.aws_subnet part for zone in ["a", "b"] {
  vpc_id            = lan.id
  cidr_block        = "10.0.${if zone == "a" then 1 else 2}.0/24"
  availability_zone = "eu-west-3${zone}"
  tags              = { Name = "yard-${zone}", Note = "a literal \${x} stays" }
}

@after(lan)
terraform.aws_s3_bucket store { bucket = "yard-store" }

kubernetes.namespace home {
  metadata { name = "yard-prod" }
}

kubernetes.config_map settings {
  metadata { name = "settings", namespace = home.metadata.name }
  data = { VPC = lan.id, STORE = store.bucket }
}

@allow(CKV_K8S_21, because = "it is the only one")
kubernetes.service front {
  metadata { name = "front", namespace = home.metadata.name, annotations = { "yard/vpc" = lan.id } }
  spec {
    selector = { app = "front" }
    ports    = [{ port = 80, name = "http" }]
  }
}

output vpc = lan.id
"#;

pub fn emitted(files: &[(String, String)]) -> Vec<(String, String)> {
    let program = tests::program(files);
    let built = program.build(Name::new("prod"), &[], &Settings::beside_project("prod"));
    let (emitted, _) = built.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    emitted.documents.into_iter().map(|document| (document.path, document.text)).collect()
}

#[test]
fn a_program_over_a_library_of_its_own() {
    let files = emitted(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let shown: Vec<String> = files.into_iter().map(|(path, text)| format!("==> {path} <==\n{text}")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}
