#![expect(
    clippy::unwrap_used,
    reason = "helpers outside #[test] functions are test code too"
)]

use std::{net::TcpListener, process::Command};

use super::*;
use crate::{
    arguments::{file_url, safe_input, words},
    launch::start,
};

fn fence_holds_here() -> bool {
    let fence = Fence::around(Path::new("/bin/sh"), &[], &[]);
    std::thread::spawn(move || fence.close()).join().unwrap()
}

/// Whether a tool with this command line can do what `script` says with its first argument.
async fn can(script: &'static str, with: &Path, arguments: &[OsString], reads: &[PathBuf]) -> bool {
    let fence = Fence::around(Path::new("/bin/sh"), arguments, reads);
    let with = with.to_path_buf();
    let (done, _starter) = start(fence, move || {
        Command::new("/bin/sh").arg("-c").arg(script).arg(with).output()
    })
    .await
    .unwrap();
    done.status.success()
}

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn with(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(folder.path().join(name), name.as_bytes()).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

const READ: &str = "cat \"$0\"";
const WRITE: &str = "echo spoiled > \"$0\"";

#[tokio::test]
async fn a_tool_reads_its_input_and_no_other_file() {
    let desk = Desk::with(&["named.mp4", "other: \u{1F3AC}.mp4"]);
    let (named, other) = (desk.path("named.mp4"), desk.path("other: \u{1F3AC}.mp4"));
    let free = !fence_holds_here();
    assert!(can(READ, &named, &safe_input(&named), &[]).await);
    assert!(can(READ, &other, &safe_input(&other), &[]).await);
    assert_eq!(can(READ, &other, &safe_input(&named), &[]).await, free);
    assert_eq!(
        can("ls \"$0\"", desk.folder.path(), &safe_input(&named), &[]).await,
        free
    );
    assert!(
        can(
            READ,
            &other,
            &safe_input(&named),
            &[desk.folder.path().to_path_buf()]
        )
        .await
    );
    // This process itself stays as free as it was.
    assert!(std::fs::read(&other).is_ok());
}

#[tokio::test]
async fn a_tool_writes_its_output_and_spoils_nothing_else() {
    let desk = Desk::with(&["named.mp4", "older.mp4"]);
    let (named, older, out) = (
        desk.path("named.mp4"),
        desk.path("older.mp4"),
        desk.path("out.part"),
    );
    let mut line = safe_input(&named);
    line.push(file_url(&out));
    let free = !fence_holds_here();
    assert!(can(WRITE, &out, &line, &[]).await);
    assert_eq!(std::fs::read(&out).unwrap(), b"spoiled\n");
    for forbidden in [&named, &older, &desk.path("new.mp4")] {
        assert_eq!(can(WRITE, forbidden, &line, &[]).await, free, "{forbidden:?}");
    }
    assert_eq!(can("rm \"$0\"", &older, &line, &[]).await, free);
    assert_eq!(can("ln \"$0\" \"$0.copy\"", &named, &line, &[]).await, free);
}

#[tokio::test]
async fn notes_of_a_first_pass_are_kept_in_their_folder_alone() {
    let desk = Desk::with(&["named.mp4"]);
    let work = desk.path("out.work");
    std::fs::create_dir(&work).unwrap();
    let mut line = safe_input(&desk.path("named.mp4"));
    line.extend([OsString::from("-passlogfile"), work.join("pass").into()]);
    let free = !fence_holds_here();
    assert!(
        can(
            "echo 1 > \"$0\" && mv \"$0\" \"$0.done\"",
            &work.join("pass-0.log"),
            &line,
            &[]
        )
        .await
    );
    assert_eq!(can(WRITE, &desk.path("pass-0.log"), &line, &[]).await, free);
}

#[tokio::test]
async fn a_tool_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    // Only bash knows such files.
    let call = "exec bash -c 'exec 3<>\"/dev/tcp/127.0.0.1/$0\"' \"$0\"";
    assert_eq!(can(call, Path::new(&port), &[], &[]).await, !fence_holds_here());
}

#[test]
fn the_command_line_tells_what_is_read_and_written() {
    let mut line = words(["-y", "-f", "concat", "-safe", "1"]);
    line.extend([OsString::from("-i"), file_url(Path::new("/made/out.work/list"))]);
    line.extend([OsString::from("-i"), file_url(Path::new("/films/-a:b.mp4"))]);
    line.extend(words(["-c:v", "h264_vaapi", "-f", "mp4"]));
    line.push(file_url(Path::new("/made/out.part")));
    let fence = Fence::around(Path::new("/usr/bin/ffmpeg"), &line, &["/captions.ass".into()]);
    let expected = Fence {
        program: "/usr/bin/ffmpeg".into(),
        readable: [
            "/captions.ass",
            "/made/out.work",
            "/made/out.work/list",
            "/films/-a:b.mp4",
        ]
        .map(PathBuf::from)
        .to_vec(),
        writable_files: vec!["/made/out.part".into()],
        writable_folders: Vec::new(),
        needs_drivers: true,
    };
    assert_eq!(fence, expected);
    assert!(!Fence::around(Path::new("ffmpeg"), &safe_input(Path::new("/x")), &[]).needs_drivers);
}
