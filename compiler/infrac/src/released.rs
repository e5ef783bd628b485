//! Resources that a program protected and no longer has. Terraform's `prevent_destroy` goes with the block that says it, so without
//! a word more the next apply would destroy them. They stand in `terraform/removed.tf.json` as `removed` blocks, by which Terraform
//! forgets them and leaves them where they are, until their user deletes that file or they come back. What was protected is
//! remembered in `.infrac-protected`, a file of the same set.

use std::path::Path;

use serde_json::{Value, json};

/// The file that remembers what was protected.
pub const MEMORY: &str = ".infrac-protected";
/// The file that makes Terraform leave them.
pub const RELEASED: &str = "terraform/removed.tf.json";

/// What is protected now, and what was and is gone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Released {
    protected: Vec<String>,
    /// Addresses of Terraform: `aws_dynamodb_table.orders`.
    pub gone: Vec<String>,
}

impl Released {
    /// Compares what is protected with what earlier builds into this folder protected; `all` gives the addresses of everything that
    /// the program has.
    pub fn new(folder: &Path, protected: &[String], all: impl FnOnce() -> Vec<String>) -> Self {
        let before = std::fs::read_to_string(folder.join(MEMORY)).unwrap_or_default();
        let released =
            std::fs::read_to_string(folder.join(RELEASED)).ok().and_then(|text| read(&text)).unwrap_or_default();
        let mut gone: Vec<String> =
            before.lines().map(str::to_owned).chain(released).filter(|address| !protected.contains(address)).collect();
        if !gone.is_empty() {
            let all = all();
            gone.retain(|address| !all.contains(address));
        }
        gone.sort_unstable();
        gone.dedup();
        Self { protected: protected.to_vec(), gone }
    }

    /// The files, as far as they hold something.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let mut files = Vec::new();
        if !self.protected.is_empty() {
            files.push((MEMORY, self.protected.iter().map(|address| format!("{address}\n")).collect()));
        }
        if !self.gone.is_empty() {
            let blocks: Vec<Value> = self
                .gone
                .iter()
                .map(|address| json!({ "from": address, "lifecycle": [{ "destroy": false }] }))
                .collect();
            files.push((RELEASED, format!("{:#}\n", json!({ "removed": blocks }))));
        }
        files
    }
}

/// The addresses in the file; a file that was changed by hand is as good as none.
fn read(text: &str) -> Option<Vec<String>> {
    let whole: Value = serde_json::from_str(text).ok()?;
    whole["removed"].as_array()?.iter().map(|block| block["from"].as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes as a build does, and says what is gone.
    fn build(folder: &Path, protected: &[&str], others: &[&str]) -> Vec<String> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let released = Released::new(folder, &owned(protected), || owned(&[protected, others].concat()));
        for path in [MEMORY, RELEASED] {
            let _ = std::fs::remove_file(folder.join(path));
        }
        std::fs::create_dir_all(folder.join("terraform")).unwrap();
        released.files().iter().for_each(|(path, text)| std::fs::write(folder.join(path), text).unwrap());
        released.gone
    }

    #[test]
    fn what_was_protected_is_released_until_the_list_is_deleted_or_it_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(build(folder, &["aws_s3_bucket.a", "aws_s3_bucket.b"], &[]).is_empty());
        assert_eq!(build(folder, &["aws_s3_bucket.b"], &[]), ["aws_s3_bucket.a"]);
        assert_eq!(build(folder, &["aws_s3_bucket.b"], &[]), ["aws_s3_bucket.a"], "it stays");
        assert!(build(folder, &["aws_s3_bucket.a", "aws_s3_bucket.b"], &[]).is_empty(), "it came back");
        assert!(
            build(folder, &["aws_s3_bucket.b"], &["aws_s3_bucket.a"]).is_empty(),
            "it is there, and no longer protected: Terraform may replace it"
        );
        assert_eq!(build(folder, &[], &[]), ["aws_s3_bucket.b"]);
        std::fs::remove_file(folder.join(RELEASED)).unwrap();
        assert!(build(folder, &[], &[]).is_empty(), "its user deleted the list");
        std::fs::write(folder.join(RELEASED), "{").unwrap();
        assert!(build(folder, &[], &[]).is_empty());
    }
}
