//! Starting other programs, with the command line shown so that it can be pasted into a terminal.

use std::{
    ffi::OsString,
    fmt,
    io::{BufRead, BufReader, IsTerminal, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A program with its arguments, folder and environment. The folder is the top of the source folder unless set.
#[derive(Clone, Debug)]
pub struct Call {
    program: String,
    arguments: Vec<String>,
    folder: PathBuf,
    shown_folder: Option<String>,
    environment: Vec<(String, OsString)>,
}

impl Call {
    pub fn new<S: Into<String>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            folder: workspace::root().to_owned(),
            shown_folder: None,
            environment: Vec::new(),
        }
    }

    /// Splits `line` at blanks; for command lines without quotes.
    pub fn line(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let program = words.next().unwrap_or_default();
        Self::new(program, words)
    }

    /// Runs in this folder below the top of the source folder.
    pub fn within(mut self, folder: &str) -> Self {
        self.folder = workspace::root().join(folder);
        self.shown_folder = Some(folder.to_owned());
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    /// Runs with our output and input.
    ///
    /// # Errors
    /// When the program cannot be started or fails.
    pub fn run(&self) -> Result<()> {
        eprintln!("$ {self}");
        let status = self
            .command()
            .stdin(Stdio::inherit())
            .status()
            .with_context(|| format!("cannot start `{}`: is it installed?", self.program))?;
        if !status.success() {
            bail!("`{self}` failed ({status})");
        }
        Ok(())
    }

    /// Runs and returns what was printed.
    ///
    /// # Errors
    /// When the program cannot be started or fails; the error carries what it printed to stderr.
    pub fn output(&self) -> Result<String> {
        let output = self
            .command()
            .output()
            .with_context(|| format!("cannot start `{}`: is it installed?", self.program))?;
        if !output.status.success() {
            bail!(
                "`{self}` failed ({}): {}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs, shows everything as it comes, and returns all of it and whether the program succeeded.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn run_and_listen(&self) -> Result<(bool, String)> {
        let mut command = self.command();
        if std::io::stdout().is_terminal() {
            command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        let mut child: Child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{}`: is it installed?", self.program))?;
        let errors = child.stderr.take();
        let reader = std::thread::spawn(move || errors.map(|pipe| pass_on(pipe, std::io::stderr())));
        let printed = child
            .stdout
            .take()
            .map(|pipe| pass_on(pipe, std::io::stdout()))
            .unwrap_or_default();
        let told = reader.join().ok().flatten().unwrap_or_default();
        let status = child.wait()?;
        Ok((status.success(), printed + &told))
    }
}

/// Copies line by line until the end; what is not UTF-8 is replaced in the copy only.
fn pass_on(from: impl Read, mut to: impl Write) -> String {
    let mut all = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return all,
            Ok(_) => {
                // A closed terminal must not stop the tests.
                let _ = to.write_all(&line).and_then(|()| to.flush());
                all.push_str(&String::from_utf8_lossy(&line));
            }
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.shown_folder {
            write!(f, "cd {folder} && ")?;
        }
        write!(f, "{}", self.program)?;
        for argument in &self.arguments {
            if argument.is_empty() || argument.contains([' ', '"', '$', '&', ';', '(', '*']) {
                write!(f, " '{argument}'")?;
            } else {
                write!(f, " {argument}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_it_would_be_typed() {
        let call = Call::new("bash", ["-c", "a && b"]).within("ui");
        assert_eq!(call.to_string(), "cd ui && bash -c 'a && b'");
    }

    #[test]
    fn what_a_failing_program_said_is_in_the_error() {
        let error = Call::new("bash", ["-c", "echo why >&2; exit 3"])
            .output()
            .map_err(|e| e.to_string());
        assert!(
            error.as_ref().is_err_and(|text| text.contains("why")),
            "{error:?}"
        );
    }

    #[test]
    fn listening_returns_both_streams_and_the_outcome() {
        let heard = Call::new("bash", ["-c", "echo out; echo err >&2; exit 1"])
            .run_and_listen()
            .ok();
        assert_eq!(heard, Some((false, "out\nerr\n".to_owned())));
    }
}
