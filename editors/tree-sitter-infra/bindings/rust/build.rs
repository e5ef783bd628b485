//! Compiles the parser that `tree-sitter generate` wrote, and the scanner beside it.

fn main() {
    let mut parser = cc::Build::new();
    parser.include("src").std("c11").opt_level(1).warnings(false);
    for file in ["src/parser.c", "src/scanner.c"] {
        parser.file(file);
        println!("cargo:rerun-if-changed={file}");
    }
    parser.compile("tree-sitter-infra");
}
