//! The server under siege: how it is started, and what it takes.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::process::ServerProcess;

/// The program: another build of it where `GRADUS_SIEGE_BINARY` names one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("GRADUS_SIEGE_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_gradus").into(), PathBuf::from)
}

/// Starts a server of the built-in curriculum, or of what `args` say, that may open as many files as `files`.
pub(crate) fn start(args: &[&str], files: Option<usize>) -> ServerProcess {
    let limit = files.map_or(String::new(), |files| format!("ulimit -n {files}; "));
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}exec \"$0\" serve \"$@\"")]).arg(program()).args(args);
    ServerProcess::start(command)
}

/// Mebibytes that the process takes: now, and at most until now.
pub(crate) fn mib(server: &ServerProcess) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_end_matches("kB").trim().parse::<u64>().ok()
    };
    (of("VmRSS:").unwrap_or(0) >> 10, of("VmHWM:").unwrap_or(0) >> 10)
}

/// A control group with a limit of memory, in which servers can be put; gone when it is dropped.
pub(crate) struct MemoryGroup(PathBuf);

impl MemoryGroup {
    /// A group that may take `mib`; `None` where this process may make none.
    pub(crate) fn new(mib: u64) -> Option<Self> {
        let name = format!("gradus-siege-{}", std::process::id());
        let forms = [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")];
        forms.into_iter().find_map(|(mount, file)| {
            let group = PathBuf::from(mount).join(&name);
            std::fs::create_dir(&group).ok()?;
            let made = Self(group);
            std::fs::write(made.0.join(file), (mib << 20).to_string()).ok()?;
            Some(made)
        })
    }

    /// Starts a server of the curriculum inside of it.
    pub(crate) fn start(&self) -> ServerProcess {
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$ > \"$1/cgroup.procs\"; shift; exec \"$0\" serve \"$@\""]);
        command.arg(program()).arg(&self.0);
        ServerProcess::start(command)
    }
}

impl Drop for MemoryGroup {
    fn drop(&mut self) {
        // The processes inside may take a moment to be gone.
        for _ in 0..50 {
            if std::fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
