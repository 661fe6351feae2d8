//! Many clients at one time, and what came of all they asked.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::asker::{Asked, Asker, get};

/// What came of many requests.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    served: Vec<Duration>,
    statuses: BTreeMap<u16, usize>,
    /// 503 without a word of when to come again.
    pub(crate) n_speechless: usize,
    /// No answer at all.
    pub(crate) n_broken: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, asked: &std::io::Result<Asked>) {
        let Ok(asked) = asked else {
            self.n_broken += 1;
            return;
        };
        *self.statuses.entry(asked.status).or_default() += 1;
        if asked.status == 200 {
            self.served.push(asked.took);
        }
        self.n_speechless += usize::from(asked.status == 503 && !asked.says_when);
    }

    fn merge(mut self, other: Self) -> Self {
        self.served.extend(other.served);
        other.statuses.into_iter().for_each(|(status, n)| *self.statuses.entry(status).or_default() += n);
        self.n_speechless += other.n_speechless;
        self.n_broken += other.n_broken;
        self
    }

    pub(crate) fn n_of(&self, status: u16) -> usize {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    /// Statuses that are neither an answer nor "come again".
    pub(crate) fn n_others(&self) -> usize {
        self.statuses.iter().filter(|(status, _)| !matches!(status, 200 | 503)).map(|(_, n)| n).sum()
    }

    /// The time within which so many hundredths of what was served were.
    pub(crate) fn percentile_ms(&mut self, percent: usize) -> f64 {
        self.served.sort_unstable();
        let at = (self.served.len() * percent / 100).min(self.served.len().saturating_sub(1));
        self.served.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Runs `siege` on threads of its own.
pub(crate) fn run<T>(siege: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(siege)
}

/// `n` clients that each ask `wishes` one after another, from another one on, for `time`, and once at least. Who is told to come again waits
/// for a twentieth of the second that is asked for.
pub(crate) async fn crowd(address: &str, n: usize, wishes: &[Vec<u8>], time: Duration) -> Tally {
    let until = Instant::now() + time;
    let wishes = Arc::new(wishes.to_vec());
    let clients: Vec<_> = (0..n)
        .map(|number| {
            let (mut asker, wishes) = (Asker::new(address), Arc::clone(&wishes));
            tokio::spawn(async move {
                let mut tally = Tally::default();
                for at in number.. {
                    let asked = asker.ask(&wishes[at % wishes.len()]).await;
                    let is_let_in = asked.as_ref().is_ok_and(|asked| asked.status != 503);
                    tally.add(&asked);
                    if Instant::now() >= until {
                        break;
                    }
                    if !is_let_in {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
                tally
            })
        })
        .collect();
    let mut all = Tally::default();
    for client in clients {
        all = all.merge(client.await.unwrap());
    }
    all
}

/// Asks for `/livez` every 20 ms while `siege` goes on, on a thread of its own, and gives the longest wait beside what came
/// of the siege.
pub(crate) async fn with_pulse<T>(address: &str, siege: impl Future<Output = T>) -> (T, Tally) {
    let is_over = Arc::new(AtomicBool::new(false));
    let (address, over) = (address.to_owned(), Arc::clone(&is_over));
    let pulse = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut tally = Tally::default();
            let mut asker = Asker::new(&address);
            while !over.load(Ordering::Relaxed) {
                tally.add(&asker.ask(&get("/livez")).await);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tally
        })
    });
    let came = siege.await;
    is_over.store(true, Ordering::Relaxed);
    (came, pulse.join().unwrap())
}
