//! What a person does to transfers: pause, resume, put first, and the rules for all of them.

use daypart_domain::{
    ids::PublicationId,
    problem::{ErrorCode, Problem},
    publication::Publication,
    transfer::{TransferRules, is_pausable},
};
use jiff::Timestamp;

use crate::{Engine, EngineEvent};

/// The rules as a document.
const RULES: &str = "transfers";

/// What is true of all transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransfersOverview {
    pub all_paused_at: Option<Timestamp>,
    pub rules: TransferRules,
    /// Bytes per second for everything together at this hour.
    pub limit_now_bytes_per_s: Option<u64>,
}

impl Engine {
    /// Holds a publication back: what is being sent stops at the byte, and nothing of it goes public before it is
    /// resumed. Pausing twice is not an error.
    ///
    /// # Errors
    /// `publication.unknown`; `publication.not_pausable` once there is nothing left to hold back.
    pub async fn pause_publication(&self, id: PublicationId) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        if !is_pausable(publication.state) {
            return Err(not_pausable());
        }
        self.parts().store.pause(id, self.now()).await?;
        self.transfer_changed(&publication).await?;
        self.publication(id).await
    }

    /// Lets it go on, at the byte. When its time has passed meanwhile it goes out now: the wait was asked for.
    ///
    /// # Errors
    /// `publication.unknown`. One that is not paused is not an error.
    pub async fn resume_publication(&self, id: PublicationId) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        self.parts().store.resume(id, self.now()).await?;
        self.transfer_changed(&publication).await?;
        self.publication(id).await
    }

    /// Gives it the next turn among those that wait to be sent.
    ///
    /// # Errors
    /// `publication.unknown`; `publication.not_pausable` once there is nothing left to send.
    pub async fn send_publication_first(&self, id: PublicationId) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        if !self.parts().store.send_first(id, self.now()).await? {
            return Err(not_pausable());
        }
        self.transfer_changed(&publication).await?;
        self.publication(id).await
    }

    /// Holds back everything, also what is planned later. Lasts until [`Engine::resume_transfers`], over restarts.
    pub async fn pause_transfers(&self) -> Result<TransfersOverview, Problem> {
        self.parts().store.pause_all(self.now()).await?;
        self.transfers_changed().await
    }

    /// Ends every pause, of all and of single ones.
    pub async fn resume_transfers(&self) -> Result<TransfersOverview, Problem> {
        self.parts().store.resume_all(self.now()).await?;
        self.transfers_changed().await
    }

    pub async fn transfers(&self) -> Result<TransfersOverview, Problem> {
        let rules = self.transfer_rules().await?;
        Ok(TransfersOverview {
            all_paused_at: self.parts().store.all_paused_at().await?,
            limit_now_bytes_per_s: rules.bandwidth.limit_at(self.now()),
            rules,
        })
    }

    /// Counts at once, also for what is running; when sending starts is planned by it from now on.
    ///
    /// # Errors
    /// `transfers.invalid`, and nothing changed.
    pub async fn set_transfer_rules(&self, rules: &TransferRules) -> Result<TransfersOverview, Problem> {
        rules.check()?;
        let document = serde_json::to_string(rules)
            .map_err(|error| Problem::bug("the transfer rules could not be written").caused_by(&error))?;
        self.parts().store.put_setting(RULES, &document).await?;
        self.transfers_changed().await
    }

    /// As set; what cannot be read counts as never set.
    pub(crate) async fn transfer_rules(&self) -> Result<TransferRules, Problem> {
        let kept = self.parts().store.setting(RULES).await?;
        let pace = self.parts().pace;
        Ok(kept
            .and_then(|document| serde_json::from_str::<TransferRules>(&document).ok())
            .filter(|rules| rules.check().is_ok())
            .unwrap_or(TransferRules {
                at_once: pace.transfers_max,
                at_once_per_account: pace.transfers_per_account_max,
                ..TransferRules::default()
            }))
    }

    /// Why nothing of it may be sent now, in words for the log.
    pub(crate) async fn paused_because(
        &self,
        publication: &Publication,
    ) -> Result<Option<&'static str>, Problem> {
        if publication.transfer.paused_at.is_some() {
            return Ok(Some("paused"));
        }
        let all = self.parts().store.all_paused_at().await?;
        Ok(all.map(|_| "all transfers are paused"))
    }

    /// Brings running and waiting transfers in line with the record, which somebody else may have changed.
    pub(crate) async fn heed_transfer_wishes(&self) -> Result<(), Problem> {
        let rules = self.transfer_rules().await?;
        self.inner.gate.limit(rules.at_once, rules.at_once_per_account);
        self.inner.throttle.follow(rules.bandwidth);
        for id in self.inner.running.uploading() {
            let Some(publication) = self.parts().store.publication(id).await? else {
                continue;
            };
            self.inner.gate.put_first(id, publication.transfer.first_at);
            if self.paused_because(&publication).await?.is_some() {
                self.inner.running.let_go_of_upload(id);
            }
        }
        Ok(())
    }

    async fn transfer_changed(&self, publication: &Publication) -> Result<(), Problem> {
        self.emit(EngineEvent::PostChanged(publication.post_id));
        self.transfers_changed().await.map(drop)
    }

    async fn transfers_changed(&self) -> Result<TransfersOverview, Problem> {
        self.heed_transfer_wishes().await?;
        self.work_changed();
        self.emit(EngineEvent::TransfersChanged);
        self.transfers().await
    }
}

fn not_pausable() -> Problem {
    Problem::permanent(
        ErrorCode::new("publication.not_pausable"),
        "There is nothing left here that could be paused.",
    )
}
