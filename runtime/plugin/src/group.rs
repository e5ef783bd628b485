//! A provider with all that it starts: they are ended together, since what it left behind would serve nobody.

use tokio::process::{Child, Command};

/// The processes that a provider leads. What is left of them is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Group {
    /// Makes the process that is about to be started the leader of a group of its own.
    pub(crate) fn lead(command: &mut Command) {
        command.process_group(0);
    }

    /// The group of a process that was started as a leader and has not been waited for.
    pub(crate) fn of(child: &Child) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        Self { leader }
    }

    /// Kills them all, once: the number may be another's after the leader was waited for.
    pub(crate) fn end(&mut self) {
        if let Some(leader) = self.leader.take() {
            // They may have ended by themselves.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

/// Where there are no groups only the provider itself is ended.
#[cfg(not(unix))]
impl Group {
    pub(crate) fn lead(_: &mut Command) {}

    pub(crate) fn of(_: &Child) -> Self {
        Self {}
    }

    pub(crate) fn end(&mut self) {}
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}
