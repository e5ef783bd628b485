//! Addresses of documents and where they lie: files, texts that were never saved, and pages that infrac writes itself.

use std::path::{Path, PathBuf};

/// Pages about codes: `infrac-page:/unknown_field.md`.
pub const PAGES: &str = "infrac-page";
/// Files of the library: `infrac-std:/std/network.infra`.
pub const LIBRARY: &str = "infrac-std";

/// Files that an environment emits: `infrac-artefact:/prod/kubernetes/api.yaml?/srv/shop`.
pub const EMITTED: &str = "infrac-artefact";

/// Where a document lies. A text that was never saved lies alone in a folder that does not exist.
pub fn path(uri: &str) -> Option<PathBuf> {
    if let Some(rest) = uri.strip_prefix("file://") {
        let decoded = decoded(rest.split(['?', '#']).next()?)?;
        let path = &decoded[decoded.find('/')?..];
        // `/c:/folder` of a system with drives.
        let drive = path.as_bytes().get(2) == Some(&b':') && cfg!(windows);
        return Some(PathBuf::from(if drive { path.get(1..)? } else { path }));
    }
    let name = uri.strip_prefix("untitled:")?;
    let folder = format!("untitled:{}", name.replace(['/', '\\'], "_"));
    Some(PathBuf::from(folder).join("untitled.infra"))
}

/// The address of a file.
pub fn of_file(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let lead = if text.starts_with('/') { "file://" } else { "file:///" };
    format!("{lead}{}", encoded(&text))
}

/// The address of the page about a code.
pub fn of_page(code: &str) -> String {
    format!("{PAGES}:/{code}.md")
}

/// The address of a file of the library, by its path: `std/network.infra`.
pub fn of_library(path: &str) -> String {
    format!("{LIBRARY}:/{path}")
}

/// The address of a file that an environment of a project emits.
pub fn of_emitted(folder: &Path, environment: &str, path: &str) -> String {
    let folder = encoded(&folder.to_string_lossy().replace('\\', "/"));
    format!("{EMITTED}:/{}/{}?{folder}", encoded(environment), encoded(path))
}

/// The project's folder, the environment and the path of such an address.
pub fn emitted(address: &str) -> Option<(PathBuf, String, String)> {
    let (of, folder) = address.strip_prefix(EMITTED)?.strip_prefix(":/")?.split_once('?')?;
    let (environment, path) = of.split_once('/')?;
    Some((PathBuf::from(decoded(folder)?), decoded(environment)?, decoded(path)?))
}

/// The path of such an address behind its scheme: `/unknown_field.md`.
pub fn behind(uri: &str, scheme: &str) -> Option<String> {
    let rest = uri.strip_prefix(scheme)?.strip_prefix(':')?;
    decoded(rest.trim_start_matches('/'))
}

fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_there_and_back() {
        for text in ["/shop/main.infra", "/größe 日/a%b#c?.infra", "/"] {
            assert_eq!(path(&of_file(Path::new(text))).unwrap(), PathBuf::from(text));
        }
        assert_eq!(path("file://localhost/shop/a%20b").unwrap(), PathBuf::from("/shop/a b"));
        assert_eq!(path("untitled:Untitled-1").unwrap(), PathBuf::from("untitled:Untitled-1/untitled.infra"));
        for wrong in ["https://a/b", "file:", "file://a", "file:///%f", "file:///%ff", ""] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
        assert_eq!(behind(&of_page("syntax"), PAGES).unwrap(), "syntax.md");
        let parts = (PathBuf::from("/shop ä?"), "prod".to_owned(), "kubernetes/a?b.yaml".to_owned());
        assert_eq!(emitted(&of_emitted(&parts.0, &parts.1, &parts.2)).unwrap(), parts);
    }
}
