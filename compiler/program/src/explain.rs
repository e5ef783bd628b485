//! What each message means, at length: `infrac explain CODE`. One page for each code, in `explain/CODE.md`, with a wrong and a
//! right program where a program can show it. A test compiles them all and looks for codes without a page.

/// The page of a code: its first line is `# code: what it means in a few words`.
pub fn explain(code: &str) -> Option<&'static str> {
    let at = PAGES.binary_search_by_key(&code, |page| page.0).ok()?;
    PAGES.get(at).map(|page| page.1)
}

/// Every code with a page, in the order of the alphabet.
pub fn explained_codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.0)
}

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
    bad_address,
    bad_json,
    bad_lock,
    bad_number,
    bad_param,
    bad_scalar,
    bad_schema,
    bad_template,
    bracket_without_partner,
    budget,
    cannot_format,
    cannot_read,
    cannot_write,
    chained_operator,
    check_failed,
    circle,
    colon_for_equals,
    computed_field,
    declared_twice,
    deprecated,
    different_lengths,
    division_by_zero,
    duplicate_key,
    duplicate_name,
    empty_range,
    file_too_large,
    folder_in_use,
    inexact,
    internal,
    known_later,
    kubernetes_to_terraform,
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
    moved_twice,
    named_element,
    needs_platform,
    nested_too_deeply,
    never_absent,
    no_arm,
    no_environment,
    no_implementation,
    no_platform,
    no_port,
    no_ports,
    no_program,
    no_project,
    no_provider,
    no_schema,
    no_spelling,
    no_such_end,
    no_such_key,
    not_a_collection,
    not_a_function,
    not_a_kind,
    not_a_map,
    not_a_platform,
    not_a_record,
    not_a_value,
    not_adoptable,
    not_an_end,
    not_in_common,
    not_lowered,
    not_supported,
    not_utf8,
    out_of_range,
    overflow,
    pattern,
    place_changed,
    platform_output,
    private,
    recursion,
    reserved_output,
    reused_name,
    said_twice,
    same_flow,
    same_label,
    same_name,
    same_object,
    same_platform,
    same_state,
    say_form,
    say_the_form,
    schema,
    secret_exposed,
    set_twice,
    shadowed,
    still_guarded,
    still_there,
    stopped_flow,
    syntax,
    text_without_end,
    too_deep,
    two_candidates,
    two_implementations,
    two_platforms,
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
    unlisted_platform,
    unreachable_arm,
    unreadable,
    which_ends,
    which_environment,
    which_project,
    wrong_arguments,
    wrong_end,
    wrong_endpoint,
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
}
