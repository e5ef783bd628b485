//! How fast a file is cut, parsed and formatted, and how the time grows with size and depth: a ratio well above the growth
//! of the text means that something is no longer linear. `cargo bench -p syntax`; the best of several runs is shown.

#![expect(clippy::print_stdout, reason = "a bench is read on the terminal")]

use std::time::{Duration, Instant};

const RESOURCE: &str = r#"/// One of many.
terraform.aws_instance web for zone in zones if zone != "c" {
  ami = data.image.id
  instance_type = "t3.micro"
  subnet_id = network.subnets[zone ?? network.first_zone].id
  vpc_security_group_ids = [guard.id, other.id] // two
  tags = { Name = "web-${name}", Team = "shop" }
  root_block_device { encrypted = true, volume_size = 20 }
  monitoring = if cpu > 2 then true else false
}

"#;

fn best(mut work: impl FnMut() -> usize) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..7 {
        let start = Instant::now();
        std::hint::black_box(work());
        best = best.min(start.elapsed());
    }
    best
}

fn parse_all(text: &str) -> usize {
    syntax::items(text).0.iter().map(|item| syntax::parse(item.text).nodes.len()).sum()
}

fn row(name: &str, texts: &[String], work: impl Fn(&str) -> usize) {
    let mut line = format!("{name:32}");
    let mut before: Option<(Duration, usize)> = None;
    for text in texts {
        let time = best(|| work(text));
        let speed = text.len() as f64 / time.as_secs_f64() / 1e6;
        line += &format!(" {:>9} B {time:>11.1?} {speed:>6.1} MB/s", text.len());
        if let Some((time_before, length_before)) = before {
            let growth = text.len() as f64 / length_before as f64;
            line += &format!(" (x{:.2} for x{growth:.2})", time.as_secs_f64() / time_before.as_secs_f64());
        }
        before = Some((time, text.len()));
    }
    println!("{line}");
}

fn main() {
    let files: Vec<String> = [250, 1000, 4000].map(|count| RESOURCE.repeat(count)).into();
    row("cut a file", &files, |text| syntax::items(text).0.len());
    row("parse each item", &files, parse_all);
    row("format a file", &files[..2], |text| syntax::format(text).len());

    let long: Vec<String> = [500, 2000, 8000]
        .map(|count| format!("let x = [\n{}]\n", "  { a = \"b\", c = f(1, 2) -> d },\n".repeat(count)))
        .into();
    row("one long item", &long, parse_all);

    let nested = |open: &str, close: &str, depths: [usize; 3]| -> Vec<String> {
        depths.map(|depth| format!("let x = {}1{}", open.repeat(depth), close.repeat(depth))).into()
    };
    row("nested records in lists", &nested("{ a = [", "] }", [30, 60, 120]), parse_all);
    row("nested groups", &nested("(", ")", [60, 120, 240]), parse_all);
    row(
        "nested blocks",
        &[30, 60, 120].map(|depth| format!("a b {}{}", "{ c ".repeat(depth), "}".repeat(depth))),
        parse_all,
    );
    row("nested brackets never closed", &nested("{ a = [", "", [30, 60, 120]), parse_all);
    row("a long chain", &[200, 400, 800].map(|count| format!("let x = {}1", "1 + ".repeat(count))), parse_all);
    row("one line of junk", &[2_000, 8_000, 32_000].map(|count| "# ! ".repeat(count)), parse_all);
    row(
        "closers that close nothing",
        &[2_000, 8_000, 32_000].map(|count| format!("a b {{\n{}", ")\n".repeat(count))),
        parse_all,
    );
}
