//! What the messages of evaluation mean, at length: `infrac explain CODE`. The first block of each text is refused with its
//! code, the second compiles; a test sees to both.

/// Code and explanation, sorted by code.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    ("absent_key", include_str!("explain/absent_key.md")),
    ("adjust_conflict", include_str!("explain/adjust_conflict.md")),
    ("adjust_nothing", include_str!("explain/adjust_nothing.md")),
    ("bad_param", include_str!("explain/bad_param.md")),
    ("bad_template", include_str!("explain/bad_template.md")),
    ("budget", include_str!("explain/budget.md")),
    ("check_failed", include_str!("explain/check_failed.md")),
    ("circle", include_str!("explain/circle.md")),
    ("duplicate_key", include_str!("explain/duplicate_key.md")),
    ("missing_file", include_str!("explain/missing_file.md")),
    ("missing_param", include_str!("explain/missing_param.md")),
    ("needs_platform", include_str!("explain/needs_platform.md")),
    ("no_arm", include_str!("explain/no_arm.md")),
    ("no_implementation", include_str!("explain/no_implementation.md")),
    ("no_platform", include_str!("explain/no_platform.md")),
    ("no_port", include_str!("explain/no_port.md")),
    ("no_provider", include_str!("explain/no_provider.md")),
    ("no_such_key", include_str!("explain/no_such_key.md")),
    ("same_name", include_str!("explain/same_name.md")),
    ("two_candidates", include_str!("explain/two_candidates.md")),
    ("two_implementations", include_str!("explain/two_implementations.md")),
    ("two_platforms", include_str!("explain/two_platforms.md")),
    ("unknown_param", include_str!("explain/unknown_param.md")),
];
