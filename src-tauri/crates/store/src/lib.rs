//! The durable record on SQLite: every trait of [`daypart_ports::store`], over one file.
//!
//! Contract: a method that returned has reached the disk (WAL, `synchronous = FULL`); a method that failed
//! changed nothing. Two processes may work on one file at the same time; only the [`Role::Owner`] migrates it.
//! Times are kept to the microsecond, rounded towards 1970. Nothing in this file is a secret, because no type
//! that it stores can hold one.

mod accounts;
mod assets;
mod attempts;
mod backup;
mod columns;
mod connections;
mod jobs;
mod ledger;
mod migrations;
mod open;
mod posts;
mod problems;
mod publications;
mod renditions;
mod rounds;
mod settings;
mod standings;
mod transfers;
mod transitions;
mod uploads;

pub use open::{Role, SqliteStore};
