use daypart_domain::{
    compliance::{Finding as DomainFinding, Severity as DomainSeverity},
    transcode_plan::{Rung as DomainRung, TranscodePlan as DomainPlan},
};

use crate::{Finding, Rung, Severity, TranscodePlan};

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

impl Finding {
    /// A finding about a text field or an option; those have nothing Daypart could mend.
    pub fn about_field(field: &str, finding: DomainFinding) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::from(finding)
        }
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
