//! `--to PLATFORM` and `--edit FILE`, of every command that judges or makes a file for platforms.

use std::path::{Path, PathBuf};

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use daypart_domain::{
    delivery_spec::DeliverySpec,
    delivery_specs,
    edit::Edit,
    problem::{ErrorCode, Problem, UserAction},
};

#[derive(Args)]
pub struct Destinations {
    /// The video; it is only read.
    pub file: PathBuf,
    /// Where it is to go; several with commas.
    #[arg(
        long = "to",
        required = true,
        value_name = "PLATFORM",
        value_delimiter = ',',
        value_parser = placements()
    )]
    pub to: Vec<&'static DeliverySpec>,
    /// An edit document (JSON): what to cut, crop, turn or change in the sound.
    #[arg(long, value_name = "FILE")]
    pub edit: Option<PathBuf>,
}

impl Destinations {
    /// The edit, or one that changes nothing.
    ///
    /// # Errors
    /// `edit.invalid`.
    pub fn edit(&self) -> Result<Edit, Problem> {
        Ok(self
            .edit
            .as_deref()
            .map(read_edit)
            .transpose()?
            .unwrap_or_default())
    }

    /// `TikTok and X`.
    pub fn names(&self) -> String {
        names(self.to.iter().copied())
    }
}

/// `TikTok, X and YouTube`.
pub fn names<'a>(specs: impl IntoIterator<Item = &'a DeliverySpec>) -> String {
    let names: Vec<&str> = specs.into_iter().map(|spec| spec.name).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn placements() -> impl TypedValueParser<Value = &'static DeliverySpec> {
    let known = delivery_specs::ALL.map(|spec| PossibleValue::new(spec.id).help(spec.name));
    PossibleValuesParser::new(known)
        .try_map(|id| delivery_specs::by_id(&id).ok_or_else(|| format!("there is no platform {id}")))
}

/// Reads an exported edit.
///
/// # Errors
/// `edit.invalid` when it cannot be read or is none.
pub fn read_edit(path: &Path) -> Result<Edit, Problem> {
    let invalid = |sentence: String| {
        Problem::needs_user(ErrorCode::new("edit.invalid"), UserAction::EditPost, sentence)
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        invalid(format!("The edit “{}” cannot be read.", path.display())).caused_by(&error)
    })?;
    Edit::from_json(&text).map_err(|problem| {
        invalid(format!(
            "“{}” is not an edit that Daypart understands.",
            path.display()
        ))
        .detail(problem.to_string())
    })
}
