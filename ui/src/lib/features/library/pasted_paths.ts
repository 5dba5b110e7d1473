/**
 * The files of a paste from a file manager: file addresses one a line (`text/uri-list` and GNOME's own form),
 * or absolute paths. Anything else is none.
 */
export function pastedPaths(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .flatMap((line) => {
      if (line.startsWith("file://")) {
        try {
          return [decodeURIComponent(new URL(line).pathname)];
        } catch {
          return [];
        }
      }
      return /^(\/|[A-Za-z]:\\)./.test(line) ? [line] : [];
    });
}
