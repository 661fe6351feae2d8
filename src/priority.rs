//! Threads that step back: what may take long yields the processor to what readers wait for.

use std::cell::Cell;

/// Steps of niceness below the threads that serve connections: enough that these come first, and little enough that the
/// work goes on under any load.
const STEPS_BACK: i32 = 5;

/// Lets this thread, for ever, come after those that have not stepped back. Where the system does not let threads, nothing
/// happens.
pub(crate) fn step_back() {
    thread_local! {
        static HAS_STEPPED_BACK: Cell<bool> = const { Cell::new(false) };
    }
    if HAS_STEPPED_BACK.replace(true) {
        return;
    }
    #[cfg(target_os = "linux")]
    {
        // On Linux a thread's number is taken for a process of one thread.
        let thread = rustix::thread::gettid();
        if let Err(error) = rustix::process::setpriority_process(Some(thread), STEPS_BACK) {
            tracing::debug!(%error, "a thread cannot step back");
        }
    }
}
