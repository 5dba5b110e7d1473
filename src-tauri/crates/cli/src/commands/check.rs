//! `daypart check FILE --to PLATFORM`: what platforms would find wrong with it.

use clap::Args;
use daypart_app::MeasuredClip;
use daypart_domain::{delivery_spec::DeliverySpec, problem::Problem, transcode_plan::Wishes};
use daypart_ipc::{AssetCompliance, Finding, Severity, Verdict};

use crate::{destinations::Destinations, exit::ExitCode, interruption::unless_interrupted, output};

/// Exit codes: 0 every platform takes it as it is · 3 some only after a conversion, which `daypart convert` does ·
/// 4 some refuse it, and Daypart cannot mend it.
#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    destinations: Destinations,
    /// Listen to the whole sound too, to judge loudness and silence.
    #[arg(long)]
    listen: bool,
    #[arg(long)]
    json: bool,
}

impl Check {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let edit = self.destinations.edit()?;
        let mut clip = MeasuredClip::measure(&self.destinations.file).await?;
        unless_interrupted(async |cancel| {
            clip.look(cancel).await?;
            if self.listen {
                clip.listen(cancel).await
            } else {
                Ok(())
            }
        })
        .await?;
        let checked = clip.check_and_plan(&edit, Wishes::default(), &self.destinations.to)?;
        let judged: Vec<AssetCompliance> = self
            .destinations
            .to
            .iter()
            .zip(checked.findings)
            .map(|(spec, findings)| judged(spec, findings.into_iter().map(Into::into).collect()))
            .collect();
        if self.json {
            output::print_json(&judged)?;
        } else {
            judged.iter().for_each(print);
        }
        Ok(ExitCode::gravest(judged.iter().map(
            |judged| match judged.verdict {
                Verdict::AsIs => ExitCode::Done,
                Verdict::AfterConversion => ExitCode::NeedsUser,
                Verdict::Refused => ExitCode::Failed,
            },
        )))
    }
}

fn judged(spec: &DeliverySpec, findings: Vec<Finding>) -> AssetCompliance {
    let has = |severity| findings.iter().any(|finding| finding.severity == severity);
    let verdict = if has(Severity::Blocking) {
        Verdict::Refused
    } else if has(Severity::Fixable) {
        Verdict::AfterConversion
    } else {
        Verdict::AsIs
    };
    AssetCompliance {
        platform: spec.id.to_owned(),
        platform_name: spec.name.to_owned(),
        verdict,
        findings,
    }
}

fn print(judged: &AssetCompliance) {
    let verdict = match judged.verdict {
        Verdict::AsIs => "takes it as it is",
        Verdict::AfterConversion => "takes it after a conversion",
        Verdict::Refused => "refuses it",
    };
    output::print_line(&format!("{} {verdict}", judged.platform_name));
    for finding in &judged.findings {
        let severity = match finding.severity {
            Severity::Blocking => "refusal",
            Severity::Fixable => "mendable",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        };
        output::print_line(&format!("  {severity:8}  {} [{}]", finding.message, finding.rule));
        let facts = [
            ("measured", &finding.measured),
            ("limit", &finding.limit),
            ("source", &finding.source),
            ("fix", &finding.fix),
        ];
        for (name, fact) in facts {
            if let Some(fact) = fact {
                output::print_line(&format!("            {name}: {fact}"));
            }
        }
    }
}
