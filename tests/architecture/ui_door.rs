//! The user interface has one door to the program: `ui/src/lib/ipc`.

use crate::sources::{Source, all};

const DOOR: &str = "ui/src/lib/ipc/";

fn violations(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| {
            source.path.starts_with("ui/src/") && !source.path.starts_with(DOOR) && !source.is_test()
        })
        .filter(|source| source.text.contains("@tauri-apps/") || source.text.contains("__TAURI"))
        .map(|source| format!("{} goes past the door", source.path))
        .collect()
}

#[test]
fn only_the_door_knows_tauri() {
    assert_eq!(violations(&all()), [""; 0]);
}

#[test]
fn a_component_that_goes_past_the_door_is_caught() {
    let component = Source::of(
        "ui/src/lib/components/Drop.svelte",
        "import { getCurrentWebview } from '@tauri-apps/api/webview';",
    );
    assert_eq!(
        violations(&[component]),
        ["ui/src/lib/components/Drop.svelte goes past the door"]
    );
    assert_eq!(
        violations(&[Source::of(
            "ui/src/lib/ipc/tauri.ts",
            "from '@tauri-apps/api/core'"
        )]),
        [""; 0]
    );
}
