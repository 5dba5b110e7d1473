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
            fix: fix.map(|rung| fix_sentence(severity, rung).to_owned()),
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

/// Only what the platform would refuse is mended unasked; everything else goes out as it is.
const fn fix_sentence(severity: Severity, rung: DomainRung) -> &'static str {
    match (severity, rung) {
        (_, DomainRung::AsIs) => "Nothing has to be done.",
        (Severity::Fixable, DomainRung::Remux) => {
            "Daypart rewrites the container; picture and sound stay untouched."
        }
        (Severity::Fixable, DomainRung::AudioOnly) => {
            "Daypart converts the sound; the picture stays untouched."
        }
        (Severity::Fixable, DomainRung::Encode) => "Daypart converts the video before sending.",
        (_, DomainRung::Remux) => "Rewriting the container would cure it.",
        (_, DomainRung::AudioOnly) => "Converting the sound would cure it.",
        (_, DomainRung::Encode) => "Converting the video would cure it.",
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
        // What the encoder needs to know is not shown.
        let DomainPlan { rung, reasons, .. } = plan;
        Self {
            rung: rung.into(),
            reasons,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: DomainSeverity, fix: Option<DomainRung>) -> Finding {
        Finding::from(DomainFinding {
            rule: "video.frame_rate".into(),
            severity,
            sentence: "The frame rate is too high.".into(),
            measured: "120 fps".into(),
            limit: "23 to 60 fps".into(),
            source: String::new(),
            fix,
        })
    }

    #[test]
    fn a_refusal_that_daypart_can_mend_does_not_block() {
        let mendable = finding(DomainSeverity::Refusal, Some(DomainRung::Encode));
        assert_eq!(mendable.severity, Severity::Fixable);
        assert_eq!(
            mendable.fix.as_deref(),
            Some("Daypart converts the video before sending.")
        );
        assert_eq!(mendable.source, None);
        assert_eq!(
            finding(DomainSeverity::Refusal, None).severity,
            Severity::Blocking
        );
    }

    #[test]
    fn nothing_is_promised_for_a_mere_warning() {
        let warning = finding(DomainSeverity::Warning, Some(DomainRung::Encode));
        assert_eq!(warning.severity, Severity::Warning);
        assert_eq!(
            warning.fix.as_deref(),
            Some("Converting the video would cure it.")
        );
    }

    #[test]
    fn a_refused_file_is_told_once_with_its_measured_value() {
        let check = DestinationCheck::from_preflight(
            AccountId::from_uuid(Default::default()),
            Preflight {
                blockers: vec![
                    Blocker {
                        code: "media.refused",
                        field: None,
                        sentence: "Too long.".into(),
                    },
                    Blocker {
                        code: "option.missing",
                        field: Some("privacy_level".into()),
                        sentence: "Choose.".into(),
                    },
                ],
                findings: vec![],
                plan: None,
            },
        );
        assert_eq!(check.findings.len(), 1);
        assert_eq!(check.findings[0].field.as_deref(), Some("privacy_level"));
        assert!(check.is_blocked());
    }
}
