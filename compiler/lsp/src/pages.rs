//! Texts that lie nowhere on disk: a page for each code of a message, and the files of the library.

use crate::uri;

/// The text at such an address.
pub fn text(address: &str) -> Option<String> {
    if let Some(name) = uri::behind(address, uri::PAGES) {
        return program::explain(name.strip_suffix(".md")?).map(str::to_owned);
    }
    let path = uri::behind(address, uri::LIBRARY)?;
    program::library_file(&path).map(str::to_owned)
}
