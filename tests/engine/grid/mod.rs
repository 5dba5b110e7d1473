//! The crash grid in memory: what no adapter can be put through is played on the scripted platform, with the real
//! engine and database, a virtual clock and an engine that is dropped where it stands.

mod cells;
mod full_disk;
mod scene;
pub mod troubled;

use daypart_tests::grid::play;

const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_memory() {
    play("in memory", AT_ONCE, cells::cell, |_, _| true, scene::play).await;
}
