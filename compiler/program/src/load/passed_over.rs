//! What lies in a project and is no part of it though it looks like one: nobody should look for the mistake in a file that is not read.

use source::{Diagnostic, LeftOut, Severity, World};

use super::{SKIPPED, join};

/// Tells what is passed over in a folder.
pub(super) fn tell(world: &dyn World, folder: &str, entries: &[String], told: &mut Vec<Diagnostic>) {
    let is_capital = |name: &&String| !name.ends_with(".infra") && name.to_lowercase().ends_with(".infra");
    for name in entries.iter().filter(is_capital).filter(|name| !name.starts_with('.')) {
        let what = format!("the file `{}` is passed over: its name does not end in `.infra`", join(folder, name));
        told.push(passed_over(what, "write its ending in small letters"));
    }
    for (name, why) in world.left_out(folder) {
        if name.starts_with('.') || is_skipped(&name) {
            continue;
        }
        let path = join(folder, &name);
        told.push(match why {
            LeftOut::LinkedFolder => passed_over(
                format!("the folder `{path}` is passed over: it is a link"),
                "put the folder itself there, or remove the link",
            ),
            LeftOut::Name => {
                passed_over(format!("`{path}` is passed over: its name is not UTF-8"), "give it another name")
            }
        });
    }
}

/// Folders that hold no program; a link to schemas is one that is missed.
fn is_skipped(name: &str) -> bool {
    name != "schemas" && SKIPPED.contains(&name)
}

fn passed_over(message: String, help: &str) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..Diagnostic::placeless("passed_over", message).help(help) }
}
