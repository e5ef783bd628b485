//! What each message means, at length: `infrac explain CODE`. One page for each code, in `explain/CODE.md`, with a wrong and a
//! right program where a program can show it. A test compiles them all and looks for codes without a page. What a word of the
//! language means is a section of the reference, as it stands there.

/// The page of a code: its first line is `# code: what it means in a few words`.
pub fn explain(code: &str) -> Option<&'static str> {
    let at = PAGES.binary_search_by_key(&code, |page| page.0).ok()?;
    PAGES.get(at).map(|page| page.1)
}

/// Every code with a page, in the order of the alphabet.
pub fn explained_codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.0)
}

/// The section of the reference that says what a word of the language means, and the page that it is of.
pub fn explain_word(word: &str) -> Option<(&'static str, &'static str)> {
    let at = WORDS.binary_search_by_key(&word, |entry| entry.0).ok()?;
    let (_, page, heading) = WORDS.get(at)?;
    let text = REFERENCE.iter().find(|known| known.0 == *page)?.1;
    Some((section(text, heading)?, page))
}

/// Every word of the language with a section, in the order of the alphabet.
pub fn explained_words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|entry| entry.0)
}

/// From a heading to the next of its level or above; a title's section ends at the first heading.
fn section(text: &'static str, heading: &str) -> Option<&'static str> {
    let deep = |line: &str| line.len() - line.trim_start_matches('#').len();
    let mut start = None;
    let (mut at, mut in_program) = (0, false);
    for line in text.split_inclusive('\n') {
        in_program ^= line.starts_with("```");
        match start {
            None if line.trim_end() == heading => start = Some(at),
            Some(start)
                if !in_program && line.starts_with('#') && (deep(heading) == 1 || deep(line) <= deep(heading)) =>
            {
                return text.get(start..at);
            }
            _ => {}
        }
        at += line.len();
    }
    text.get(start?..)
}

/// Sorted by word: the page of the reference and the heading of the section.
static WORDS: &[(&str, &str, &str)] = &[
    ("adjust", "annotations.md", "## `adjust`"),
    ("adopt", "evolution.md", "## adopt"),
    ("choose", "platforms.md", "## Where an instance stands"),
    ("delegate", "kinds.md", "### `delegate`"),
    ("destroy", "evolution.md", "## forget and destroy"),
    ("environment", "platforms.md", "## Environments"),
    ("fn", "functions.md", "# Functions and expressions"),
    ("for", "instances.md", "# Instances and loops"),
    ("forget", "evolution.md", "## forget and destroy"),
    ("if", "functions.md", "## `if` and `match`"),
    ("implement", "kinds.md", "## What stands in an implementation"),
    ("key", "instances.md", "## Keys"),
    ("kind", "kinds.md", "# Kinds and implementations"),
    ("let", "program.md", "## Statements"),
    ("match", "functions.md", "## `if` and `match`"),
    ("moved", "evolution.md", "## moved"),
    ("needs", "kinds.md", "### `needs`"),
    ("on", "platforms.md", "## Where an instance stands"),
    ("once", "kinds.md", "### `once`"),
    ("output", "program.md", "## Statements"),
    ("param", "program.md", "## Params"),
    ("platform", "platforms.md", "# Platforms and environments"),
    ("project", "program.md", "## Statements"),
    ("read", "native.md", "## Reading what exists"),
    ("state", "platforms.md", "## Where Terraform keeps its state"),
    ("type", "program.md", "## Statements"),
    ("use", "program.md", "## Folders are modules"),
];

macro_rules! reference {
    ($($page:literal),* $(,)?) => {
        &[$(($page, include_str!(concat!("../reference/", $page)))),*]
    };
}

/// The pages of the reference that sections are taken from.
static REFERENCE: &[(&str, &str)] = reference![
    "annotations.md",
    "evolution.md",
    "functions.md",
    "instances.md",
    "kinds.md",
    "native.md",
    "platforms.md",
    "program.md",
];

macro_rules! pages {
    ($($code:ident),* $(,)?) => {
        &[$((stringify!($code), include_str!(concat!("../explain/", stringify!($code), ".md")))),*]
    };
}

/// Sorted by code.
static PAGES: &[(&str, &str)] = pages![
    absent_key,
    absent_value,
    adjust_conflict,
    adjust_nothing,
    advice,
    allow_ended,
    allow_nothing,
    bad_address,
    bad_graph,
    bad_json,
    bad_key,
    bad_layers,
    bad_lock,
    bad_number,
    bad_param,
    bad_plan,
    bad_scalar,
    bad_schema,
    bad_template,
    behind_link,
    bootstrap_without_way_out,
    bracket_without_partner,
    budget,
    cannot_format,
    cannot_read,
    cannot_write,
    chained_operator,
    changed_meanwhile,
    check_failed,
    circle,
    circle_of_tools,
    colon_for_equals,
    computed_field,
    declared_twice,
    deprecated,
    different_lengths,
    division_by_zero,
    duplicate_key,
    duplicate_name,
    empty_range,
    ended,
    exists_already,
    failed,
    file_too_large,
    folder_in_use,
    frozen,
    inexact,
    internal,
    known_later,
    later_end,
    later_in_kubernetes,
    later_value,
    left_program,
    library_folder,
    lock_changed,
    match_not_exhaustive,
    may_be_absent,
    misplaced,
    missing_comma,
    missing_field,
    missing_file,
    missing_key,
    missing_name,
    missing_output,
    missing_param,
    missing_part,
    missing_reason,
    missing_resource,
    moved_circle,
    moved_onto,
    moved_twice,
    named_element,
    needs_platform,
    nested_too_deeply,
    never_absent,
    newer_plan,
    no_arm,
    no_driver,
    no_effect,
    no_environment,
    no_file,
    no_implementation,
    no_order,
    no_plan,
    no_platform,
    no_port,
    no_ports,
    no_position,
    no_program,
    no_project,
    no_provider,
    no_randomness,
    no_runtime,
    no_schema,
    no_spelling,
    no_state,
    no_such_element,
    no_such_end,
    no_such_key,
    no_target,
    not_a_collection,
    not_a_function,
    not_a_kind,
    not_a_map,
    not_a_platform,
    not_a_record,
    not_a_value,
    not_adoptable,
    not_an_end,
    not_confirmed,
    not_handed_over,
    not_in_common,
    not_known,
    not_lowered,
    not_supported,
    not_utf8,
    nothing_drawn,
    nothing_handed_over,
    nothing_open,
    nothing_to_adopt,
    only_applied,
    open_to_internet,
    open_without_flow,
    out_of_range,
    overflow,
    overlapping_ranges,
    passed_over,
    pattern,
    place_changed,
    plain_secret,
    plan_used,
    platform_output,
    private,
    protected,
    recursion,
    redeclared,
    rehearsed_failure,
    repeated_flow,
    reserved_output,
    reused_name,
    said_twice,
    same_flow,
    same_label,
    same_name,
    same_object,
    same_path,
    same_platform,
    same_state,
    say_form,
    say_the_form,
    schema,
    secret_exposed,
    set_twice,
    shadowed,
    stale_plan,
    state_bad_key,
    state_bad_seal,
    state_broken,
    state_busy,
    state_damaged,
    state_foreign,
    state_full,
    state_io,
    state_missing,
    state_moved,
    state_newer,
    state_no_head,
    state_no_key,
    state_not_allowed,
    state_open_secret,
    state_taken,
    state_unwritable,
    state_wrong,
    state_wrong_key,
    still_guarded,
    still_there,
    stopped_flow,
    syntax,
    taken,
    text_without_end,
    too_deep,
    too_long,
    two_candidates,
    two_implementations,
    two_platforms,
    two_sources,
    two_variables,
    type_mismatch,
    unexpected_text,
    unknown_address,
    unknown_annotation,
    unknown_case,
    unknown_code,
    unknown_edition,
    unknown_environment,
    unknown_escape,
    unknown_field,
    unknown_function,
    unknown_kind,
    unknown_module,
    unknown_name,
    unknown_param,
    unknown_platform,
    unknown_port,
    unknown_provider,
    unknown_type,
    unknown_unit,
    unknown_version,
    unlisted_platform,
    unpinned_image,
    unreachable_arm,
    unreadable,
    unused,
    unwatched,
    use_without_flow,
    waits_for_others,
    which_cluster,
    which_ends,
    which_environment,
    which_project,
    wrong_arguments,
    wrong_call,
    wrong_delegate,
    wrong_end,
    wrong_endpoint,
    wrong_environment,
    wrong_file,
    wrong_name,
    wrong_operands,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_sorted_and_begin_with_their_code() {
        assert!(PAGES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, text) in PAGES {
            assert!(text.starts_with(&format!("# {code}: ")), "{code}");
            assert_eq!(explain(code), Some(*text));
        }
        assert_eq!(explain("no_such_code"), None);
    }

    #[test]
    fn words_of_the_language_have_a_section_of_the_reference() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (word, page, heading) in WORDS {
            let (text, of) = explain_word(word).unwrap();
            assert!(text.starts_with(heading) && text.contains(word) && of == *page, "{word}");
            assert_eq!(text.matches("```").count() % 2, 0, "{word}");
        }
        assert_eq!(explain_word("no_such_word"), None);
    }

    #[test]
    fn a_section_ends_at_the_next_heading_of_its_level() {
        let text = "# A\na\n## B\nb\n```\n# no heading\n```\n### C\nc\n## D\n";
        assert_eq!(section(text, "# A"), Some("# A\na\n"));
        assert_eq!(section(text, "## B"), Some("## B\nb\n```\n# no heading\n```\n### C\nc\n"));
        assert_eq!(section(text, "## D"), Some("## D\n"));
        assert_eq!(section(text, "## E"), None);
    }
}
