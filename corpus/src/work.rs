//! Work that can be called off: because its time is over, or because nobody waits for it any more.
//!
//! A door runs a question under a [`Work`], and whatever takes long calls [`checkpoint`] as it goes on. Where the work is
//! called off, the checkpoint unwinds the thread to [`Work::run`], which says why. It stands in this crate because graph,
//! index and questions all do such work and share no other crate.
//!
//! Key decision: unwinding, as rust-analyzer cancels its queries. With a parameter and a `Result` every function between a
//! door and a loop would have to carry both, and what is left of a half-done answer would have to be sound. The price is
//! that a build with `panic = "abort"` cannot have it, and that a loop which forgets its checkpoint runs to its end.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Checkpoints between two looks at the clock: a look takes as long as a few dozen of them.
const CHECKPOINTS_A_LOOK: u32 = 32;

thread_local! {
    /// What this thread works on, where that can be called off.
    static CURRENT: RefCell<Option<Arc<Work>>> = const { RefCell::new(None) };
    /// Checkpoints passed.
    static PASSED: Cell<u32> = const { Cell::new(0) };
}

/// Something to be done by one thread that others can call off.
#[derive(Debug)]
pub struct Work {
    deadline: Instant,
    is_cancelled: AtomicBool,
}

/// Why work ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalledOff {
    /// [`Work::cancel`] was called.
    Cancelled,
    /// The deadline has passed.
    TimeOver,
}

impl Work {
    /// Work that is called off at `deadline` at the latest.
    pub fn until(deadline: Instant) -> Arc<Self> {
        Arc::new(Self { deadline, is_cancelled: AtomicBool::new(false) })
    }

    /// Calls the work off: its next checkpoint is its end.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Does `work` on this thread, with checkpoints that look here.
    ///
    /// # Errors
    /// If it was called off before it was done. Whatever it had changed is left as it was then: give it nothing to change
    /// that is looked at afterwards.
    pub fn run<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> Result<T, CalledOff> {
        let outer = CURRENT.replace(Some(Arc::clone(self)));
        let ended = catch_unwind(AssertUnwindSafe(work));
        CURRENT.set(outer);
        ended.or_else(|thrown| match thrown.downcast::<CalledOff>() {
            Ok(called_off) => Err(*called_off),
            Err(panic) => resume_unwind(panic),
        })
    }

    fn called_off(&self, looks_at_clock: bool) -> Option<CalledOff> {
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Some(CalledOff::Cancelled);
        }
        (looks_at_clock && Instant::now() >= self.deadline).then_some(CalledOff::TimeOver)
    }
}

/// Ends the work of this thread here if it was called off; does nothing where nobody can call it off.
///
/// Takes some nanoseconds: call it for whatever takes a microsecond or more.
pub fn checkpoint() {
    let passed = PASSED.get().wrapping_add(1);
    PASSED.set(passed);
    let looks_at_clock = passed.is_multiple_of(CHECKPOINTS_A_LOOK);
    let called_off = CURRENT.with_borrow(|work| work.as_ref().and_then(|work| work.called_off(looks_at_clock)));
    if let Some(called_off) = called_off
        && !std::thread::panicking()
    {
        // Not a panic: no hook is told, and nothing is logged.
        resume_unwind(Box::new(called_off));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn far() -> Instant {
        Instant::now() + Duration::from_secs(3_600)
    }

    fn for_ever() {
        loop {
            checkpoint();
        }
    }

    #[test]
    fn work_that_nobody_calls_off_is_done() {
        assert_eq!(Work::until(far()).run(|| (checkpoint(), 7).1), Ok(7));
        checkpoint();
    }

    #[test]
    fn cancelled_work_ends_at_its_next_checkpoint() {
        let work = Work::until(far());
        std::thread::scope(|scope| {
            let running = scope.spawn(|| work.run(for_ever));
            work.cancel();
            assert_eq!(running.join().unwrap(), Err(CalledOff::Cancelled));
        });
        assert_eq!(work.run(checkpoint), Err(CalledOff::Cancelled), "and so does what is begun later");
        checkpoint();
    }

    #[test]
    fn work_ends_when_its_time_is_over() {
        assert_eq!(Work::until(Instant::now()).run(for_ever), Err(CalledOff::TimeOver));
    }

    #[test]
    fn work_inside_of_work_ends_alone() {
        let (outer, inner) = (Work::until(far()), Work::until(Instant::now()));
        let ended = outer.run(|| {
            let ended = inner.run(for_ever);
            checkpoint();
            ended
        });
        assert_eq!(ended, Ok(Err(CalledOff::TimeOver)));
    }

    #[test]
    fn a_panic_stays_a_panic() {
        let panic = catch_unwind(|| Work::until(far()).run(|| panic!("loud")));
        assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"loud"));
        checkpoint();
    }
}
