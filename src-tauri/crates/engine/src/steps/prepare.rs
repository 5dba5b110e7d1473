//! Prepare: choose or make the file to send, then plan the upload ahead of the due time.

use daypart_domain::{
    hand_off,
    job::JobKind,
    lead_time::{Line, lead_time_on},
    publication_state::{Mover, PublicationState},
    transfer::SendingPlan,
};
use daypart_ports::store::PublicationChange;

use super::{StepEnd, StepMove, StepResult, StepRun, Subject};

impl StepRun {
    pub(super) async fn prepare(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        match publication.state {
            PublicationState::Scheduled => {
                self.heed_lateness(publication).await?;
                self.go(
                    publication.id,
                    Mover::Step,
                    StepMove::to(PublicationState::Preparing, "checking the file"),
                )
                .await?;
            }
            PublicationState::Preparing => {}
            _ => return Ok(StepEnd::Superseded),
        }
        let adapter = self.engine.adapter(&subject.account)?;
        let media = self.chosen_media(&subject, adapter.as_ref()).await?;
        self.line(&media.reason).await;

        let now = self.engine.now();
        let due_at = publication.due_at.unwrap_or(now);
        let rules = self.engine.transfer_rules().await?;
        let line = Line {
            measured_bytes_per_s: self.engine.uplink(subject.account.realm).await?,
            limits: &rules.bandwidth,
        };
        let size_bytes = media.file.size_bytes;
        let lead = lead_time_on(size_bytes, due_at, line, adapter.capabilities());
        let capabilities = adapter.capabilities();
        let handed = hand_off::starts_at(capabilities.native_schedule, due_at, lead, now)
            .filter(|_| !publication.content.from_this_computer && adapter.can_hold(&publication.content));
        let starts_at = handed.unwrap_or_else(|| (due_at - lead).max(now));
        let plan = line.sending_plan(size_bytes, starts_at, due_at, now);
        self.line(sending_line(&plan)).await;
        self.engine
            .parts()
            .store
            .set_sending_plan(publication.id, &plan)
            .await?;
        let upload = self.engine.new_job(JobKind::Upload, publication.id, starts_at);
        let ready = StepMove::to(PublicationState::Ready, media.reason.clone())
            .change(PublicationChange {
                problem: Some(None),
                ..Default::default()
            })
            .then(upload);
        self.go(publication.id, Mover::Step, ready).await?;
        Ok(StepEnd::Done(media.reason))
    }
}

fn sending_line(plan: &SendingPlan) -> String {
    let rate = plan.rate_bytes_per_s as f64 / 1_000_000.0;
    let source = match (plan.is_limited, plan.is_measured) {
        (true, _) => "as the bandwidth limit allows",
        (false, true) => "as measured in earlier uploads",
        (false, false) => "assumed, nothing was measured yet",
    };
    let mut line = format!(
        "starts sending at {}: about {} s at {rate:.1} MB/s, {source}",
        plan.starts_at.strftime("%Y-%m-%d %H:%M:%SZ"),
        plan.takes_s()
    );
    if plan.is_too_late {
        line.push_str("; it will be late");
    }
    line
}
