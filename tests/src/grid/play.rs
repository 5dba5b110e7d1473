//! Playing the cells, several at a time, and telling how they ended.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    sync::Arc,
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinSet};

use super::{Cell, Draw, Step, Trouble};

/// No cell takes longer unless it hangs.
const PATIENCE: Duration = Duration::from_secs(240);

/// Which cells are played, with which seed. `cargo xtask crash` sets the variables.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// `DAYPART_GRID_SEED`.
    pub seed: u64,
    /// `DAYPART_GRID_ONLY`: one row.
    pub only: Option<Step>,
    /// `DAYPART_GRID=full`: every cell and not only the fixed part.
    pub is_full: bool,
}

impl Part {
    pub fn from_environment() -> Self {
        let variable = |name| std::env::var(name).ok();
        let only = variable("DAYPART_GRID_ONLY").map(|wanted| {
            let found = Step::ALL.into_iter().find(|step| step.name() == wanted);
            found.unwrap_or_else(|| panic!("there is no step {wanted:?}"))
        });
        Self {
            seed: variable("DAYPART_GRID_SEED").map_or(1, |seed| seed.parse().expect("a seed is a number")),
            only,
            is_full: variable("DAYPART_GRID").as_deref() == Some("full") || only.is_some(),
        }
    }
}

enum Outcome {
    Green,
    Red(String),
    Absent(&'static str),
    LeftOut,
}

/// Plays every cell of the part, at most `at_once` at the same time, and prints the table.
///
/// # Panics
/// When a cell is red.
pub async fn play<C, F>(
    rung: &str,
    at_once: usize,
    cell: impl Fn(Step, Trouble) -> Cell<C>,
    is_in_fixed_part: impl Fn(Step, Trouble) -> bool,
    case: impl Fn(C, Draw) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let part = Part::from_environment();
    let gate = Arc::new(Semaphore::new(at_once));
    let mut outcomes = HashMap::new();
    let mut playing = JoinSet::new();
    let mut places = HashMap::new();
    for step in Step::ALL {
        for trouble in Trouble::ALL {
            let is_wanted = part.only.is_none_or(|only| only == step)
                && (part.is_full || is_in_fixed_part(step, trouble));
            match cell(step, trouble) {
                Cell::Absent(reason) => {
                    outcomes.insert((step, trouble), Outcome::Absent(reason));
                }
                Cell::Case(_) if !is_wanted => {
                    outcomes.insert((step, trouble), Outcome::LeftOut);
                }
                Cell::Case(what) => {
                    let played = case(what, Draw::of(part.seed, step, trouble));
                    let gate = gate.clone();
                    let handle = playing.spawn(async move {
                        let _turn = gate.acquire().await;
                        let in_time = tokio::time::timeout(PATIENCE, played).await;
                        assert!(in_time.is_ok(), "not at rest within {} s", PATIENCE.as_secs());
                    });
                    places.insert(handle.id(), (step, trouble));
                }
            }
        }
    }
    while let Some(ended) = playing.join_next_with_id().await {
        let (id, outcome) = match ended {
            Ok((id, ())) => (id, Outcome::Green),
            Err(error) => (error.id(), Outcome::Red(words_of(error))),
        };
        let (step, trouble) = places[&id];
        if let Outcome::Red(words) = &outcome {
            eprintln!("RED {rung}: {} × {}: {words}", step.name(), trouble.name());
        }
        outcomes.insert((step, trouble), outcome);
    }
    println!("{}", table(rung, part, &outcomes));
    let red = outcomes
        .values()
        .filter(|outcome| matches!(outcome, Outcome::Red(_)))
        .count();
    assert_eq!(red, 0, "{rung}: {red} red cells, seed {}", part.seed);
}

fn words_of(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "a panic without words".to_owned()),
        Err(error) => error.to_string(),
    }
}

fn table(rung: &str, part: Part, outcomes: &HashMap<(Step, Trouble), Outcome>) -> String {
    let mut text = format!("\n{rung}, seed {}\n{:<11}", part.seed, "");
    for trouble in Trouble::ALL {
        let _ = write!(text, "{:>8}", trouble.name());
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut red = String::new();
    let mut counts = [0usize; 4];
    for step in Step::ALL {
        let _ = write!(text, "\n{:<11}", step.name());
        for trouble in Trouble::ALL {
            let shown = match &outcomes[&(step, trouble)] {
                Outcome::Green => {
                    counts[0] += 1;
                    "ok".to_owned()
                }
                Outcome::Red(words) => {
                    counts[1] += 1;
                    let _ = write!(red, "\nRED {} × {}: {words}", step.name(), trouble.name());
                    "RED".to_owned()
                }
                Outcome::Absent(reason) => {
                    counts[2] += 1;
                    let next = reasons.len() + 1;
                    format!("({})", reasons.entry(reason).or_insert(next))
                }
                Outcome::LeftOut => {
                    counts[3] += 1;
                    "·".to_owned()
                }
            };
            let _ = write!(text, "{shown:>8}");
        }
    }
    let [green, reds, absent, left_out] = counts;
    let _ = write!(
        text,
        "\n{green} green, {reds} red, {absent} that cannot exist, {left_out} not in this part"
    );
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, number)| *number);
    for (reason, number) in reasons {
        let _ = write!(text, "\n  ({number}) {reason}");
    }
    if !red.is_empty() {
        let _ = write!(
            text,
            "{red}\nagain: cargo xtask crash --seed {} --only STEP",
            part.seed
        );
    }
    text
}
