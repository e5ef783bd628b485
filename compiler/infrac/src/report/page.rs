//! Pages about mistakes as others show them: without what is for whoever tests their programs.

/// A page without its fences: programs are indented instead, and those that are refused say so.
pub fn for_a_terminal(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut in_program = false;
    for line in page.lines() {
        if let Some(fence) = line.strip_prefix("```") {
            in_program = !in_program;
            if let Some((_, code)) = fence.split_once("wrong:").filter(|_| !text.trim_end().ends_with("Wrong:")) {
                text.push_str(&format!("    // refused: {code}\n"));
            }
            continue;
        }
        if in_program && !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// A page whose programs are called by their language alone: what stands behind it is for whoever tests them.
pub fn for_a_reader(page: &str) -> String {
    let line = |line: &str| match line.strip_prefix("```").and_then(|fence| fence.split_once(' ')) {
        Some((language, _)) => format!("```{language}\n"),
        None => format!("{line}\n"),
    };
    page.lines().map(line).collect()
}
