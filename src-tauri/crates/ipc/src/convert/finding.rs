use daypart_domain::{
    compliance::{Finding as DomainFinding, Severity as DomainSeverity},
    ids::AccountId,
    preflight::{Blocker, Preflight},
    transcode_plan::{Rung as DomainRung, TranscodePlan as DomainPlan},
};

use crate::{DestinationCheck, Finding, Rung, Severity, TranscodePlan};

impl From<DomainFinding> for Finding {
    fn from(finding: DomainFinding) -> Self {
        let DomainFinding {
            rule,
            severity,
            sentence,
            measured,
            limit,
            source,
            fix,
        } = finding;
        let severity = match (severity, fix) {
            (DomainSeverity::Refusal, Some(_)) => Severity::Fixable,
            (DomainSeverity::Refusal, None) => Severity::Blocking,
            (DomainSeverity::Warning, _) => Severity::Warning,
            (DomainSeverity::Advice, _) => Severity::Advice,
        };
        Self {
            severity,
            rule,
            message: sentence,
            measured: not_empty(measured),
            limit: not_empty(limit),
            source: not_empty(source),
            fix: fix.map(|rung| fix_sentence(rung).to_owned()),
            field: None,
        }
    }
}

impl From<Blocker> for Finding {
    fn from(blocker: Blocker) -> Self {
        let Blocker {
            code,
            field,
            sentence,
        } = blocker;
        Self {
            severity: Severity::Blocking,
            rule: code.to_owned(),
            message: sentence,
            measured: None,
            limit: None,
            source: None,
            fix: None,
            field,
        }
    }
}

impl DestinationCheck {
    /// Blockers first. A file that nothing can mend is told once, by the finding that has the measured value.
    pub fn from_preflight(account_id: AccountId, preflight: Preflight) -> Self {
        let Preflight {
            blockers,
            findings,
            plan,
        } = preflight;
        let blockers = blockers
            .into_iter()
            .filter(|blocker| blocker.code != "media.refused");
        Self {
            account_id: account_id.to_string(),
            findings: blockers
                .map(Finding::from)
                .chain(findings.into_iter().map(Finding::from))
                .collect(),
            plan: plan.map(Into::into),
        }
    }

    /// Whether anything stands between this destination and its publication.
    pub fn is_blocked(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Blocking)
    }
}

fn not_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

const fn fix_sentence(rung: DomainRung) -> &'static str {
    match rung {
        DomainRung::AsIs => "Nothing has to be done.",
        DomainRung::Remux => "Daypart rewrites the container; picture and sound stay untouched.",
        DomainRung::AudioOnly => "Daypart converts the sound; the picture stays untouched.",
        DomainRung::Encode => "Daypart converts the video before sending.",
    }
}

impl From<DomainRung> for Rung {
    fn from(rung: DomainRung) -> Self {
        match rung {
            DomainRung::AsIs => Self::AsIs,
            DomainRung::Remux => Self::Remux,
            DomainRung::AudioOnly => Self::AudioOnly,
            DomainRung::Encode => Self::Encode,
        }
    }
}

impl From<DomainPlan> for TranscodePlan {
    fn from(plan: DomainPlan) -> Self {
        let DomainPlan {
            rung,
            reasons,
            spec_key: _,
            target: _,
        } = plan;
        Self {
            rung: rung.into(),
            reasons,
        }
    }
}
