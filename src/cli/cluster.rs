//! `gradus cluster status`: what is published, and which replica serves what.

use std::time::Duration;

use anyhow::Context;
use gradus_corpus::PublicationNumber;
use serde::{Deserialize, Serialize};

use super::args::{AskFlags, ClusterArgs, Format};
use super::{Outcome, print};

/// Time for the answer of a replica.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// What is published, and who serves what.
#[derive(Serialize)]
struct ClusterStatus {
    /// The newest publication; none before the first.
    published: Option<String>,
    /// Why that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    replicas: Vec<ReplicaStatus>,
}

/// What a replica says of itself.
#[derive(Serialize)]
struct ReplicaStatus {
    url: String,
    /// Whether it serves the newest publication.
    is_current: bool,
    publication: Option<String>,
    generation: Option<String>,
    version: Option<String>,
    /// What is not well there.
    remarks: Vec<String>,
}

/// As much of `/v1/status` as counts here.
#[derive(Deserialize)]
struct StatusFacts {
    version: String,
    generation: String,
    #[serde(default)]
    publication: Option<String>,
}

/// Tells what is published, and asks the replicas. Ends with findings where anything is not as it should be.
pub(super) fn status(args: &ClusterArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    let store = args.store.at(&args.from).open()?;
    let head = store.register.head();
    let (published, failure) = match &head {
        Ok(head) => (head.as_ref().map(|head| head.publication.number()), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(ANSWER_TIME)).build().into();
    let replicas = args.replicas.iter().map(|url| replica(&agent, url.trim_end_matches('/'), published)).collect();
    let status = ClusterStatus { published: published.map(|number| number.to_string()), failure, replicas };
    print(&match flags.format {
        Format::Json | Format::Ndjson => serde_json::to_string_pretty(&status)? + "\n",
        Format::Table | Format::Md => table(&status),
    })?;
    let is_well =
        status.failure.is_none() && status.replicas.iter().all(|one| one.is_current && one.remarks.is_empty());
    Ok(if is_well { Outcome::Done } else { Outcome::Findings })
}

fn replica(agent: &ureq::Agent, url: &str, published: Option<PublicationNumber>) -> ReplicaStatus {
    let mut told = ReplicaStatus {
        url: url.to_owned(),
        is_current: false,
        publication: None,
        generation: None,
        version: None,
        remarks: Vec::new(),
    };
    match facts(agent, url) {
        Ok(facts) => {
            let serves: Option<PublicationNumber> = facts.publication.as_ref().and_then(|number| number.parse().ok());
            told.is_current = serves.is_some() && serves >= published;
            if serves.is_none() {
                told.remarks.push("it is no replica: it serves a source of its own".to_owned());
            }
            (told.publication, told.generation, told.version) =
                (facts.publication, Some(facts.generation), Some(facts.version));
        }
        Err(error) => told.remarks.push(format!("{error:#}")),
    }
    let readiness = agent.get(format!("{url}/readyz?verbose")).call().ok();
    let readiness = readiness.and_then(|mut answer| answer.body_mut().read_to_string().ok()).unwrap_or_default();
    told.remarks.extend(readiness.lines().filter_map(|line| line.strip_prefix("[-]")).map(str::to_owned));
    told
}

fn facts(agent: &ureq::Agent, url: &str) -> anyhow::Result<StatusFacts> {
    let mut answer = agent.get(format!("{url}/v1/status")).call().context("it does not answer")?;
    let status = answer.status();
    anyhow::ensure!(status.is_success(), "it answers {status}");
    let body = answer.body_mut().read_to_vec().context("its answer is cut short")?;
    serde_json::from_slice(&body).context("its answer is not that of Gradus")
}

fn table(status: &ClusterStatus) -> String {
    let published = match (&status.published, &status.failure) {
        (_, Some(failure)) => format!("it is not known what is published: {failure}"),
        (Some(number), None) => format!("{number} is published"),
        (None, None) => "nothing was published yet".to_owned(),
    };
    let width = status.replicas.iter().map(|one| one.url.len()).max().unwrap_or_default();
    let lines = status.replicas.iter().map(|one| {
        let serves = match &one.publication {
            Some(number) if one.is_current => format!("serves {number}"),
            Some(number) => format!("serves {number}, which is old"),
            None => "serves nothing that was published".to_owned(),
        };
        let version = one.version.as_ref().map_or_else(String::new, |version| format!(", gradus {version}"));
        let remarks: String = one.remarks.iter().map(|remark| format!("\n  {remark}")).collect();
        format!("{:width$}  {serves}{version}{remarks}\n", one.url)
    });
    std::iter::once(published + "\n").chain(lines).collect()
}
