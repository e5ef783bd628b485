//! Programs that follow each other, each built beside what the one before left: what has a name in the cloud keeps it, and nothing that
//! is held is lost, whatever is renamed, moved back, put into loops or let go.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

const PROD: &str = "environment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n";

/// A folder in which one program takes the place of the other.
struct History {
    folder: tempfile::TempDir,
}

impl History {
    /// Builds the first program.
    fn of(first: &str) -> Self {
        let history = Self { folder: tempfile::tempdir().unwrap() };
        history.then(first);
        history
    }

    fn build(&self, program: &str) -> (bool, String) {
        let environment = if program.contains("environment ") { "" } else { PROD };
        let project = if program.contains("project ") { "" } else { "project shop { edition = 1 }\n" };
        std::fs::write(self.folder.path().join("main.infra"), format!("{project}{environment}{program}")).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_infrac"))
            .args(["build", "--env", "prod", "--format", "concise"])
            .current_dir(&self.folder)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// Builds the next program, which has no mistake.
    fn then(&self, program: &str) -> String {
        let (built, said) = self.build(program);
        assert!(built, "{program}\n{said}");
        said
    }

    /// Builds one that is refused, and says why.
    fn refused(&self, program: &str) -> String {
        let (built, said) = self.build(program);
        assert!(!built, "{program}\n{said}");
        said
    }

    fn terraform(&self) -> Value {
        let path = self.folder.path().join("out/prod/terraform/main.tf.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// What everything is called in the cloud.
    fn names(&self) -> BTreeSet<String> {
        let written = self.terraform();
        let kinds = written["resource"].as_object().unwrap();
        let all = kinds.iter().flat_map(|(kind, all)| all.as_object().unwrap().values().map(move |body| (kind, body)));
        let name = |(kind, body): (&String, &Value)| {
            let fields = ["name", "name_prefix", "bucket_prefix", "bucket", "identifier"];
            let name = fields.iter().find_map(|field| body[field].as_str())?;
            Some(format!("{kind} {name}"))
        };
        all.filter_map(name).filter(|name| !name.contains("${")).collect()
    }

    /// The rules of groups: whose, and for whom.
    fn rules(&self) -> Vec<(String, String, String)> {
        let written = self.terraform();
        let mut all = Vec::new();
        for kind in ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"] {
            for (label, body) in written["resource"][kind].as_object().into_iter().flatten() {
                let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
                let rule = format!(
                    "{kind} {} {} {}",
                    text("security_group_id"),
                    body["from_port"],
                    text("referenced_security_group_id")
                );
                all.push((label.clone(), text("security_group_id"), rule));
            }
        }
        all
    }

    /// What Terraform is to forget.
    fn removed(&self) -> BTreeSet<String> {
        let written = self.terraform();
        let all = written["removed"].as_array().into_iter().flatten();
        all.map(|block| block["from"].as_str().unwrap().to_owned()).collect()
    }

    fn moved(&self) -> BTreeSet<(String, String)> {
        let written = self.terraform();
        let text = |block: &Value, side: &str| block[side].as_str().unwrap().to_owned();
        let all = written["moved"].as_array().into_iter().flatten();
        all.map(|block| (text(block, "from"), text(block, "to"))).collect()
    }

    fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }
}

const LAN: &str = "network lan { cidr = 10.0.0.0/16 }\n";

#[test]
fn what_was_there_before_becomes_nothing_else() {
    let disks = |more: &str| format!("{LAN}server sv {{}}\n{more}");
    let b = "volume b { size = 10GiB, server = sv, device = \"/dev/sdg\" }\n";
    let history = History::of(&disks(&format!("volume a {{ size = 10GiB, server = sv }}\n{b}")));
    let said = history.refused(&disks(&format!("{b}moved \"a\" to b\n")));
    assert!(said.contains("left_program") && said.contains("`moved … to b` does not reach it"), "{said}");

    // Elements that a loop had keep their names when others come into it.
    let history = History::of("bucket q for k in [\"b\"] {}\nbucket s for k in [\"a\"] {}\n");
    let names = history.names();
    history.then("bucket s for k in [\"a\", \"b\"] {}\nmoved \"q\" to s\n");
    assert_eq!(history.names(), names);
}

#[test]
fn what_is_moved_back_is_what_it_was() {
    let history = History::of("bucket media {}\n");
    let names = history.names();
    for next in [
        "bucket files {}\nmoved \"media\" to files\n",
        "bucket files {}\n",
        "bucket media {}\nmoved \"files\" to media\n",
    ] {
        history.then(next);
        assert_eq!(history.names(), names, "{next}");
    }
    let back = ("aws_s3_bucket.files_main".to_owned(), "aws_s3_bucket.media_main".to_owned());
    assert!(history.moved().contains(&back) && !history.moved().iter().any(|(from, _)| *from == back.1));
    history.then("bucket media {}\n");
    assert_eq!(history.names(), names);
}

#[test]
fn what_an_implementation_renamed_stays_renamed() {
    let store = |body: &str| format!("kind store {{}}\nimplement store on aws {{\n{body}}}\nstore one {{}}\n");
    let history = History::of(&store("bucket b {}\n"));
    let names = history.names();
    for next in ["bucket c {}\nmoved b to c\n", "bucket c {}\n", "bucket d {}\nmoved c to d\n", "bucket d {}\n"] {
        history.then(&store(next));
        assert_eq!(history.names(), names, "{next}");
    }
    assert!(history.moved().contains(&("aws_s3_bucket.one_c_main".to_owned(), "aws_s3_bucket.one_d_main".to_owned())));
}

#[test]
fn a_platform_that_is_called_like_its_own_again_renames_nothing() {
    let program = |on: &str, place: &str, said: &str| {
        format!(
            "environment prod {{ tier = prod, on = [{on}aws(region = \"eu-west-3\")] }}\n\
             kind topic {{}}\nimplement topic on aws {{ once g {{ terraform.aws_sns_topic t {{ name = name_of(self) }} }} }}\n\
             network lan on {place} {{ cidr = 10.0.0.0/16 }}\nserver s for k in [\"a\"] on {place} {{ network = lan }}\n\
             topic one for k in [\"a\"] on {place} {{}}\n{said}"
        )
    };
    let history = History::of(&program("paris = ", "paris", ""));
    let names = history.names();
    history.then(&program("", "aws", "moved \"paris\" to aws\n"));
    assert_eq!(history.names(), names);
    let history = History::of(&program("", "aws", ""));
    let names = history.names();
    history.then(&program("paris = ", "paris", "moved \"aws\" to paris\n"));
    assert_eq!(history.names(), names);
}

#[test]
fn a_project_that_is_called_otherwise_keeps_what_holds_data() {
    let program = |name: &str| format!("project {name} {{ edition = 1 }}\nbucket media {{}}\nsecret token {{}}\n");
    let history = History::of(&program("shop"));
    let kept = |history: &History| -> BTreeSet<String> {
        history.names().into_iter().filter(|name| name.contains("bucket") || name.contains("secret")).collect()
    };
    let names = kept(&history);
    history.then(&program("store"));
    assert_eq!(kept(&history), names);
}

#[test]
fn into_a_loop_and_out_of_it_the_others_stay() {
    let flows = "firewall f { allow = [t -> s.https, s -> t.ssh] }\n";
    let t = "server t { port ssh = 22/tcp }\n";
    let s = |keys: &str| format!("server s for k in [{keys}] {{ port https = 443/tcp }}\n");
    let q = "server q { port https = 443/tcp }\n";
    let single = format!("{LAN}{t}{q}firewall f {{ allow = [t -> q.https, q -> t.ssh] }}\n");
    let history = History::of(&single);
    history.then(&format!("{LAN}{t}{}{flows}moved \"q\" to s[\"a\"]\n", s("\"a\", \"b\"")));
    let rules = history.rules();
    let meanings: BTreeSet<&String> = rules.iter().map(|(_, _, meaning)| meaning).collect();
    assert_eq!(meanings.len(), rules.len(), "the cloud takes each rule once: {rules:#?}");

    let history = History::of(&format!("{LAN}{t}{}{flows}", s("\"a\", \"b\"")));
    let rules = history.rules();
    history.then(&format!("{LAN}{t}{}{q}{flows}moved \"s[\\\"a\\\"]\" to q\n", s("\"b\"")));
    assert_eq!(history.rules(), rules);
    let both = "firewall f { allow = [t -> [s.https, q.https], s -> t.ssh] }\n";
    history.then(&format!("{LAN}{t}{}{q}{both}", s("\"b\"")));
    assert!(rules.iter().all(|rule| history.rules().contains(rule)));
}

#[test]
fn anything_is_let_go_by_a_word_that_comes_first() {
    let history = History::of(&format!("{LAN}server back {{}}\n"));
    let gone = format!("{LAN}forget \"back\"\n");
    let said = history.refused(&gone);
    assert!(said.contains("unknown_address") && said.contains("nothing is known of `back`"), "{said}");
    let said = history.then(&format!("{LAN}server back {{}}\nforget \"back\"\n"));
    assert!(said.contains("infra.lock remembers `back`; then take it out"), "{said}");
    history.then(&gone);
    assert!(history.removed().contains("aws_instance.back_vm"), "{:?}", history.removed());
    assert!(history.removed().iter().all(|reference| reference.contains("back")), "{:?}", history.removed());

    for typo in ["forget \"bakc\"\n", "destroy \"bakc\" because \"over\"\n"] {
        assert!(history.refused(&format!("{LAN}{typo}")).contains("unknown_address"));
    }
}

#[test]
fn an_object_that_is_forgotten_is_not_deleted() {
    let cluster = "environment prod { tier = prod, on = [kubernetes(context = \"c\")] }\n";
    let container = |name: &str| format!("container {name} {{ image = \"example.com/a:1\" }}\n");
    let history = History::of(&format!("{cluster}{}{}", container("a"), container("b")));
    history.then(&format!("{cluster}{}forget \"b\"\n", container("a")));
    assert!(!history.has("out/prod/kubernetes/removed.yaml"));
    let history = History::of(&format!("{cluster}{}{}", container("a"), container("b")));
    history.then(&format!("{cluster}{}", container("a")));
    assert!(history.has("out/prod/kubernetes/removed.yaml"));
}

#[test]
fn what_leaves_a_cluster_that_is_renamed_is_deleted_in_it() {
    let program = |cluster: &str, on: &str, more: &str| {
        format!(
            "environment prod {{ tier = prod, on = [aws(region = \"eu-west-3\"), {cluster}] }}\n{LAN}cluster {cluster} on aws {{ network = lan }}\n\
             container b on {on} {{ image = \"example.com/a:1\" }}\n{more}"
        )
    };
    let history = History::of(&program("one", "one", "container a on one { image = \"example.com/a:1\" }\n"));
    history.then(&program("two", "two", "moved \"one\" to two\n"));
    assert!(history.has("out/prod/kubernetes/two/removed.yaml"));
}

#[test]
fn a_mind_may_change_before_anything_is_applied() {
    let history = History::of("bucket media {}\nbucket other {}\n");
    history.then("bucket other {}\ndestroy \"media\" because \"closed\"\n");
    assert!(history.removed().is_empty());
    history.then("bucket other {}\nforget \"media\"\n");
    assert!(history.removed().contains("aws_s3_bucket.media_main"), "{:?}", history.removed());
    history.then("bucket other {}\ndestroy \"media\" because \"closed\"\n");
    assert!(!history.removed().contains("aws_s3_bucket.media_main"), "{:?}", history.removed());
}

#[test]
fn what_something_forgotten_needs_is_forgotten_with_it() {
    let both =
        "environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), dublin = aws(region = \"eu-west-1\")] }\n";
    let history = History::of(&format!("{both}bucket media on dublin {{}}\n"));
    history.then(&format!("{PROD}forget \"media\"\ndestroy \"dublin\" because \"we leave\"\n"));
    let removed = history.removed();
    for kept in ["aws_s3_bucket.media_main", "aws_kms_key.dublin_keys_key", "aws_s3_bucket.dublin_logs_main"] {
        assert!(removed.contains(kept), "{kept}: {removed:?}");
    }
}

#[test]
fn what_the_cloud_guards_is_not_taken_out_at_once() {
    let history = History::of(&format!("{LAN}database orders {{}}\n"));
    let destroy = "destroy \"orders\" because \"closed\"\n";
    let said = history.refused(&format!("{LAN}{destroy}"));
    assert!(said.contains("still_guarded"), "{said}");
    history.then(&format!("{LAN}database orders {{}}\n{destroy}"));
    history.then(&format!("{LAN}{destroy}"));
}

#[test]
fn what_is_held_does_not_change_its_place() {
    let on = |on: &str, place: &str| {
        format!("environment prod {{ tier = prod, on = [{on}] }}\nbucket media on {place} {{}}\n")
    };
    let history = History::of(&on("aws(region = \"eu-west-3\"), dublin = aws(region = \"eu-west-1\")", "dublin"));
    for (platforms, place) in [
        ("aws(region = \"eu-west-3\"), dublin = aws(region = \"eu-central-1\")", "dublin"),
        ("aws(region = \"eu-west-1\"), dublin = aws(region = \"eu-west-3\")", "dublin"),
        ("aws(region = \"eu-west-3\"), dublin = aws(region = \"eu-west-1\")", "aws"),
    ] {
        let said = history.refused(&on(platforms, place));
        assert!(said.contains("place_changed") && said.contains("media.main"), "{said}");
    }
    let renamed = on("aws(region = \"eu-west-3\"), ireland = aws(region = \"eu-west-1\")", "ireland");
    let said = history.refused(&renamed);
    assert!(said.contains("`moved \"dublin\" to NEW`") && !said.contains("place_changed"), "{said}");
    history.then(&format!("{renamed}moved \"dublin\" to ireland\n"));
}

#[test]
fn the_network_under_a_database_does_not_give_way() {
    let program =
        |network: &str, said: &str| format!("{network}database orders {{ size = 50GiB, network = lan }}\n{said}");
    let history = History::of(&program(LAN, ""));
    let other = |said: &str| program(LAN, "").replace("lan", "office") + said;
    let said = history.refused(&other(""));
    assert!(said.contains("error[left_program]: `lan` (") && said.contains("`aws_vpc.lan_main`"), "{said}");
    assert!(said.contains("`orders.main` is held and stands there in `prod`"), "{said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    let wider = program(&LAN.replace("10.0.0.0/16", "10.1.0.0/16"), "");
    let said = history.refused(&wider);
    assert!(said.contains("error[place_changed]: `lan` ("), "{said}");
    assert!(said.contains("`cidr_block` of `lan.main` was `10.0.0.0/16` and is `10.1.0.0/16`"), "{said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    // Another name for it, or a word that it may go; and what holds nothing goes with it.
    history.then(&other("moved \"lan\" to office\n"));
    history.then(&other(""));
    history.then(&other("destroy \"office\" because \"it is empty\"\n").replace("10.0.0.0/16", "10.1.0.0/16"));
    history.then(&other("").replace("10.0.0.0/16", "10.1.0.0/16"));
    let history = History::of(&format!("{LAN}server sv {{ network = lan }}\n"));
    history.then("network office { cidr = 10.1.0.0/16 }\nserver sv { network = office }\n");
}

#[test]
fn an_environment_leaves_when_what_it_holds_is_spoken_for() {
    let trial = "environment trial { tier = test, on = [aws(region = \"eu-west-1\")] }\n";
    let history = History::of(&format!("{PROD}{trial}bucket media {{}}\n"));
    let said = history.refused(&format!("{PROD}bucket media {{}}\n"));
    assert!(said.contains("the environment `trial` has left the program"), "{said}");
    history.then(&format!("{PROD}{trial}bucket media {{}}\ndestroy \"media\" because \"it was a trial\" in trial\n"));
    history.then(&format!("{PROD}bucket media {{}}\n"));
    let lock = std::fs::read_to_string(history.folder.path().join("infra.lock")).unwrap();
    assert!(!lock.contains(" trial "), "{lock}");
}

#[test]
fn one_region_needs_nothing_for_another() {
    let program = |more: &str| {
        format!(
            "environment prod {{ tier = prod, on = [aws(region = \"eu-west-3\"), dublin = aws(region = \"eu-west-1\")] }}\n\
             terraform.aws_sqs_queue jobs on aws {{ name = \"jobs\" }}\n{more}"
        )
    };
    let history = History::of(&program("bucket copies on dublin {}\n"));
    let written = history.terraform();
    assert!(written["resource"]["aws_kms_key"]["dublin_keys_key"].is_object());
    assert!(written["resource"]["aws_kms_key"]["aws_keys_key"].is_null());
}

#[test]
fn a_state_is_not_looked_for_somewhere_else_in_silence() {
    let program = |project: &str, state: &str| {
        format!(
            "project {project} {{ edition = 1 }}\nenvironment prod {{ tier = prod, on = [aws(region = \"eu-west-3\")]{state} }}\nbucket media {{}}\n"
        )
    };
    let s3 = |more: &str| format!(", state = s3(bucket = \"states\", region = \"eu-west-3\"{more})");
    let history = History::of(&program("shop", &s3("")));
    for (project, state) in [("store", s3("")), ("shop", String::new()), ("shop", s3(", key = \"other\""))] {
        let said = history.refused(&program(project, &state));
        assert!(said.contains("error[state_moved]") && said.contains("shop/prod/terraform.tfstate"), "{said}");
    }
    history.then(&program("shop", &s3(", kms_key_id = \"alias/states\"")));
    history.then(&program("store", &s3(", key = \"shop/prod/terraform.tfstate\"")));

    let moved = program("store", &s3(""));
    history.refused(&moved);
    let lock = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infrac"));
        command.arg("lock").args(arguments).current_dir(&history.folder).output().unwrap().status.code()
    };
    assert_eq!(lock(&["--state-moved", "production"]), Some(1), "there is no such environment");
    assert_eq!(lock(&[]), Some(1));
    assert_eq!(lock(&["--state-moved", "prod"]), Some(0));
    history.then(&moved);
}

#[test]
fn two_that_are_built_at_once_are_both_built() {
    let folder = tempfile::tempdir().unwrap();
    let environment =
        |name: &str| format!("environment {name} {{ tier = prod, on = [aws(region = \"eu-west-3\")] }}\n");
    let names = ["prod", "spare", "third"];
    let environments: String = names.iter().map(|name| environment(name)).collect();
    let program = format!("project shop {{ edition = 1 }}\n{environments}bucket media {{}}\n");
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    let build = |name: &&str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infrac"));
        command.args(["build", "--env", name]).current_dir(&folder).spawn().unwrap()
    };
    let builds: Vec<_> = names.iter().map(build).collect();
    for mut build in builds {
        assert!(build.wait().unwrap().success());
    }
    let lock = std::fs::read_to_string(folder.path().join("infra.lock")).unwrap();
    for name in names {
        assert!(lock.contains(&format!("held {name} \"media.main\"")), "{lock}");
        assert!(folder.path().join("out").join(name).join("graph.json").exists());
    }
}
