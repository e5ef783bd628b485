//! A panic is a mistake of ours: it says so, and what to send. Nothing else that infrac prints looks like this.

use std::cell::Cell;
use std::panic::PanicHookInfo;

thread_local! {
    /// Set while a panic is expected and will be dealt with.
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Replaces Rust's own message.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        if !SILENT.get() {
            eprint!("{}", message(info));
        }
    }));
}

/// Runs something whose panics are caught and dealt with.
pub fn without_hook<T>(run: impl FnOnce() -> T) -> T {
    let before = SILENT.replace(true);
    let result = run();
    SILENT.set(before);
    result
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let words = info
        .payload()
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| info.payload().downcast_ref::<String>().cloned());
    let place = info.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
    format!(
        "error[bug]: infrac stopped where it never should: {}{place}\n  this is a bug in infrac, not in your program\n  help: send these lines, the output of `infrac --version` and, if you may, the file that it was reading\n",
        words.unwrap_or_else(|| "no message".to_owned())
    )
}
