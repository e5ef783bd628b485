//! Times the emitter: `cargo run --release -p emit --example scale -- 100000` builds that many Terraform resources of 16 values
//! and 3 references each, emits them, and says how long each part took.

use std::io::Write;
use std::time::Instant;

#[path = "../tests/graphs/mod.rs"]
mod graphs;

fn main() -> std::io::Result<()> {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let started = Instant::now();
    let mut b = graphs::Builder::new();
    let aws = b.aws();
    let range = b.address(&["lan", "range"]);
    let empty = b.record([]);
    b.terraform(aws, range, "aws_vpc", empty);
    let key = b.address(&["keys", "key"]);
    b.terraform(aws, key, "aws_kms_key", empty);
    for at in 0..count {
        let address = b.address(&[&format!("front/{at}"), "vm"]);
        let (vpc, arn, id) = (b.field(range, "id"), b.field(key, "arn"), b.field(key, "id"));
        let name = b.text(&format!("shop-prod-front-{at}"));
        let (size, kind, yes) = (b.int(at as i64), b.text("gp3"), b.bool(true));
        let disk = b.record([("volume_size", size), ("volume_type", kind), ("encrypted", yes), ("kms_key_id", arn)]);
        let tags = b.map([("Name", name), ("project", kind), ("environment", kind)]);
        let groups = b.list([vpc, id]);
        let body = b.record([
            ("ami", kind),
            ("instance_type", kind),
            ("monitoring", yes),
            ("subnet_id", vpc),
            ("vpc_security_group_ids", groups),
            ("root_block_device", disk),
            ("tags", tags),
            ("user_data", name),
        ]);
        b.terraform(aws, address, "aws_instance", body);
    }
    let mut out = std::io::stdout();
    writeln!(out, "graph of {count} resources: {:?}", started.elapsed())?;
    let started = Instant::now();
    match emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")) {
        Ok(emitted) => {
            let (bytes, lines): (usize, usize) = emitted
                .documents
                .iter()
                .fold((0, 0), |sum, document| (sum.0 + document.text.len(), sum.1 + document.lines.len()));
            writeln!(out, "emitted {bytes} bytes, {lines} lines: {:?}", started.elapsed())
        }
        Err(told) => writeln!(out, "{} mistakes", told.len()),
    }
}
