//! Methods of checked strings: images, locations, queries, versions.

mod image_digest;
mod image_registry;
mod image_repository;
mod image_tag;
mod promql_result;
mod url_host;
mod url_path;
mod url_port;
mod url_scheme;
mod version_at_least;
mod version_major;
mod version_minor;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &image_registry::BUILT_IN,
    &image_tag::BUILT_IN,
    &image_digest::BUILT_IN,
    &image_repository::BUILT_IN,
    &promql_result::BUILT_IN,
    &url_scheme::BUILT_IN,
    &url_host::BUILT_IN,
    &url_path::BUILT_IN,
    &url_port::BUILT_IN,
    &version_major::BUILT_IN,
    &version_minor::BUILT_IN,
    &version_at_least::BUILT_IN,
];
