//! Machines that exist already, and those that a cloud makes: what the files of Ansible say of them, what stands once and what for each, and
//! what is never written.

use crate::written::emitted;

const FLEET: &str = r##"
project fleet { edition = 1 }
environment prod { tier = prod, on = [host(user = "deploy", key_file = "~/.ssh/fleet")] }
param token: secret string
network lan { cidr = 10.8.0.0/16 }
external office { ranges = [10.200.0.0/24, "2001:db8::/48"] }
server bastion {
  at = 10.8.0.5
  host_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i"]
}
server web for name, address in { one = 10.8.2.11, two = 10.8.2.12 } {
  at = address
  jump = bastion
  port http = 8080/tcp
  packages = ["nginx-light"]
  folders = { "/srv/site" = {} }
  files = {
    "/etc/nginx/nginx.conf" = { content = "worker_processes 2;\n", restarts = ["nginx"] }
    "/srv/site/name" = { content = "${name}\n" }
    "/srv/site/odd" = { content = "{{ name }} {% if %} {# no #} \"$x\" \\ é 😀\r\n" }
    "/srv/site/token" = { content = "'${token}' {{ t }}\n", mode = "0600" }
  }
  services = { nginx = {}, site = { unit = "[Service]\nExecStart=/srv/site/run\n" } }
  timers = { tidy = { calendar = "*-*-* 03:30", command = "/bin/true" } }
  groups = ["operators"]
  users = {
    alice = { keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIChIKwRK5f9tU1rmb+Ebka3dgx5hn2gZ8xMTcYMSkdaV"], sudo = true, expires = 2027-12-31 }
    bob = { present = false }
  }
  mounts = { "/srv/data" = { from = "/dev/vdb", type = "ext4" } }
  kernel = { "vm.swappiness" = "10" }
  time_servers = ["10.8.250.1"]
  time_zone = "Europe/Paris"
  updates = "security"
  journal = { size = 64MiB, keep = 30d }
  without = { "ssh.no_agents" = "releases are copied from here to there" }
}
ansible.builtin.cron backup on bastion { name = "backup", minute = "5", job = "/usr/local/bin/backup" }
ansible.builtin.command look for name, s in web if name == "two" on s {
  cmd = "/usr/bin/look ${name}"
  task { changed_when = "false", register = "web_look" }
}
firewall paths {
  allow = [
    office -> [bastion.ssh, web.http],
    bastion -> web.ssh,
    internet -> web.http,
  ]
}
"##;

fn fleet() -> Vec<(String, String)> {
    emitted(&[("main.infra".to_owned(), FLEET.to_owned())])
}

fn text<'f>(files: &'f [(String, String)], path: &str) -> &'f str {
    &files.iter().find(|file| file.0 == path).unwrap_or_else(|| panic!("no {path}")).1
}

#[test]
fn machines_and_the_way_to_them() {
    let files = fleet();
    let names: Vec<&str> = files.iter().map(|file| file.0.as_str()).collect();
    insta::assert_snapshot!("files", names.join("\n"));
    insta::assert_snapshot!("inventory", text(&files, "ansible/inventory.yml"));
    insta::assert_snapshot!("known_hosts", text(&files, "ansible/known_hosts"));
    insta::assert_snapshot!("playbook", text(&files, "ansible/playbook.yml"));
}

#[test]
fn what_machines_have_alike_stands_once() {
    let files = fleet();
    insta::assert_snapshot!("tasks", text(&files, "ansible/roles/web/tasks/main.yml"));
    insta::assert_snapshot!("handlers", text(&files, "ansible/roles/web/handlers/main.yml"));
    insta::assert_snapshot!("host_vars", text(&files, "ansible/host_vars/fleet-prod-web-two.yml"));
}

#[test]
fn what_is_given_to_the_run_is_written_nowhere() {
    let files = fleet();
    insta::assert_snapshot!("group_vars", text(&files, "ansible/group_vars/all.yml"));
}

#[test]
fn texts_that_look_like_templates_are_files_to_the_letter() {
    let files = fleet();
    let texts: Vec<&str> =
        files.iter().filter(|file| file.0.starts_with("ansible/texts/")).map(|file| file.1.as_str()).collect();
    assert!(texts.contains(&"{{ name }} {% if %} {# no #} \"$x\" \\ é 😀\r\n"), "{texts:?}");
    assert!(texts.contains(&"' {{ t }}\n"), "{texts:?}");
}

/// A new machine, and another order of statements, change nothing of what is written for others.
#[test]
fn a_machine_that_comes_changes_nothing_of_the_others() {
    let more = FLEET.replace("two = 10.8.2.12 }", "two = 10.8.2.12, three = 10.8.2.13 }");
    let (before, after) = (fleet(), emitted(&[("main.infra".to_owned(), more)]));
    for path in ["ansible/host_vars/fleet-prod-web-one.yml", "ansible/roles/web/handlers/main.yml"] {
        assert_eq!(text(&before, path), text(&after, path));
    }
}

const CLOUD: &str = r##"
project cloud { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3", key_file = "~/.ssh/cloud")] }
network lan { cidr = 10.20.0.0/16 }
external admins { ranges = [198.51.100.0/24] }
external updates { ranges = [0.0.0.0/0], port https = 443/tcp }
let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i"
server bastion { public = true, ssh_key = key }
server web for zone in ["a", "b"] {
  zone
  ssh_key = key
  jump = bastion
  port http = 8080/tcp
  files = { "/etc/peers" = { content = "{{ x }} ${bastion.address} ${zone}\n" } }
}
server bare { port http = 8080/tcp }
database orders {}
firewall paths {
  allow = [admins -> bastion.ssh, bastion -> web.ssh, bare -> web.http, web -> [bare.http, orders.sql, updates.https]]
}
"##;

/// Their addresses and names are known to Terraform after its apply, and reach Ansible by one variable. A bare machine is Terraform's alone.
#[test]
fn machines_that_a_cloud_makes_are_reached_where_it_put_them() {
    let files = emitted(&[("main.infra".to_owned(), CLOUD.to_owned())]);
    insta::assert_snapshot!("made_inventory", text(&files, "ansible/inventory.yml"));
    insta::assert_snapshot!("made_group_vars", text(&files, "ansible/group_vars/all.yml"));
    insta::assert_snapshot!("made_playbook", text(&files, "ansible/playbook.yml"));
    insta::assert_snapshot!("made_tasks", text(&files, "ansible/roles/web/tasks/main.yml"));
    let terraform = text(&files, "terraform/main.tf.json");
    let handed = terraform.split("\"locals\"").nth(1).and_then(|rest| rest.split("\"output\"").next()).unwrap();
    insta::assert_snapshot!("made_handed_over", handed);
}
