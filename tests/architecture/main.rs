//! The rules of the layout, as tests. Each rule is a pure function over the graph of crates or over source text,
//! proven twice: our tree keeps it, and a made-up tree that breaks it is caught.

#![expect(clippy::unwrap_used, reason = "a rule that cannot read the tree has failed")]

mod arrows;
mod clock;
mod command_table;
mod graph;
mod length;
mod platform_names;
mod reach;
mod sources;
mod ui_door;
mod words;
