import { readFileSync } from "node:fs";

import { expect, test, type Page } from "@playwright/test";

import { openEditor, playheadAt, testIds } from "./pages";

const clip = readFileSync(new URL("./fixtures/clip.webm", import.meta.url));

/** Serves a small clip the way the loopback server does, with ranges. */
async function servePreview(page: Page): Promise<void> {
  await page.route((url) => url.pathname === "/preview/clip.webm", async (route) => {
    const range = /bytes=(\d+)-(\d*)/.exec((await route.request().headerValue("range")) ?? "");
    const from = range ? Number(range[1]) : 0;
    const to = range?.[2] ? Number(range[2]) : clip.length - 1;
    await route.fulfill({
      status: range ? 206 : 200, contentType: "video/webm", body: clip.subarray(from, to + 1),
      headers: { "accept-ranges": "bytes", ...(range ? { "content-range": `bytes ${from}-${to}/${clip.length}` } : {}) },
    });
  });
}

/** Keeps 2 to 3 s and 30 to 31 s. */
async function keepTwoSeconds(page: Page): Promise<void> {
  await page.getByTestId(testIds.editTextOpen).click();
  await expect(page.getByTestId(testIds.editTextArea)).toHaveValue(/version/);
  await page.getByTestId(testIds.editTextArea).fill('{"version":1,"ranges":[{"start_us":2000000,"end_us":3000000},{"start_us":30000000,"end_us":31000000}]}');
  await page.getByTestId(testIds.editTextUse).click();
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:02.000");
  await page.getByTestId(testIds.playheadInput).fill("2");
  await page.getByTestId(testIds.playheadInput).press("Enter");
  await page.getByTestId(testIds.playhead).focus();
}

/** Every moment the playhead stands at from now until it rests, in milliseconds. */
const watchPlayhead = (page: Page) =>
  page.getByTestId(testIds.playhead).evaluate(
    (slider) =>
      new Promise<number[]>((resolve) => {
        const seen: number[] = [];
        let still = 0;
        const look = () => {
          const now = Number(slider.getAttribute("aria-valuenow"));
          if (seen.at(-1) === now) still += 1;
          else still = 0;
          seen.push(now);
          if (still > 90 && seen.some((at) => at !== seen[0])) resolve([...new Set(seen)]);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

function expectOnlyWhatIsKept(seen: number[], slack_ms: number): void {
  const away = seen.filter((at) => !((at >= 2000 && at <= 3000 + slack_ms) || (at >= 30_000 - slack_ms && at <= 31_000 + slack_ms)));
  expect(away).toEqual([]);
  expect(seen.some((at) => at >= 30_000)).toBe(true);
}

test("a file the window can play is played, skipping what is cut away, and stops at the end", async ({ page }) => {
  await servePreview(page);
  await openEditor(page, "ridge", "&preview=/preview/clip.webm");
  await expect(page.getByTestId(testIds.stage)).toHaveAttribute("data-mode", "video");
  await expect(page.getByTestId(testIds.previewReason)).toHaveCount(0);
  await keepTwoSeconds(page);
  await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThanOrEqual(2);
  const watching = watchPlayhead(page);
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.paused)).toBe(false);
  expectOnlyWhatIsKept(await watching, 0);
  await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
});

test("what the window cannot play gets a copy: its making is told, frames show meanwhile, then the copy plays", async ({ page }) => {
  await servePreview(page);
  await openEditor(page, "hevc", "&copy=/preview/clip.webm", 4);
  const making = page.getByTestId(testIds.playbackMaking);
  await expect(making).toContainText(/Making a preview … [1-9]\d* %, \d+ s left/);
  await expect(making.getByRole("progressbar", { name: "Making a preview" })).toBeVisible();
  await expect(page.getByTestId(testIds.previewReason)).toContainText("HEVC video cannot be played in this window. Until the copy is made");
  await expect(page.getByTestId(testIds.stage)).toHaveAttribute("data-mode", "frames");
  await expect(page.getByTestId(testIds.stagePicture)).toBeVisible();
  await expect(page.locator("video")).toHaveCount(0);

  await expect(making).toHaveCount(0, { timeout: 15_000 });
  await expect(page.getByTestId(testIds.previewReason)).toHaveCount(0);
  await expect(page.getByTestId(testIds.stage)).toHaveAttribute("data-mode", "video");
  await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThanOrEqual(2);
  await page.getByTestId(testIds.playhead).focus();
  await page.keyboard.press("Space");
  await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.2);
});

test("the making of a copy can be stopped and begun again", async ({ page }) => {
  await openEditor(page, "hevc", "", 2);
  await page.getByTestId(testIds.playbackStop).click();
  await expect(page.getByTestId(testIds.playbackMaking)).toHaveCount(0);
  await expect(page.getByTestId(testIds.previewReason)).toContainText("There is no playable copy of this file");
  await page.getByTestId(testIds.playbackAgain).click();
  await expect(page.getByTestId(testIds.playbackMaking)).toContainText("Making a preview");
});

test("a copy that cannot be made says why, and the frames can still be stepped through", async ({ page }) => {
  await openEditor(page, "hevc", "", 60);
  const failed = page.getByTestId(testIds.playbackFailed);
  await expect(failed).toContainText("No preview of “from the phone.mov” could be made.");
  await expect(page.getByTestId(testIds.previewReason)).toContainText("HEVC video cannot be played in this window, so the preview steps");
  await page.getByTestId(testIds.playhead).focus();
  await page.keyboard.press("Space");
  await expect.poll(() => playheadAt(page)).not.toBe("0:00.000");
  await page.keyboard.press("Space");
  await failed.getByTestId(testIds.playbackAgain).click();
  await expect(page.getByTestId(testIds.playbackMaking)).toBeVisible();
});

test("a file that the web view gives up on is copied too", async ({ page }) => {
  await page.route((url) => url.pathname === "/preview/clip.webm", (route) => route.fulfill({ status: 200, contentType: "video/webm", body: "no video at all" }));
  await openEditor(page, "ridge", "&preview=/preview/clip.webm", 4);
  await expect(page.getByTestId(testIds.playbackMaking)).toBeVisible();
  await expect(page.getByTestId(testIds.previewReason)).toContainText("This video cannot be played in this window");
});

test("stepping skips what is cut away too, plays again from the start, and backwards", async ({ page }) => {
  await openEditor(page, "ridge");
  await expect(page.getByTestId(testIds.previewReason)).toContainText("no playable copy");
  await keepTwoSeconds(page);
  const watching = watchPlayhead(page);
  await page.keyboard.press("Space");
  expectOnlyWhatIsKept(await watching, 0);
  expect(await playheadAt(page)).toBe("0:30.967");
  const backwards = watchPlayhead(page);
  await page.keyboard.press("j");
  const seen = await backwards;
  expectOnlyWhatIsKept([...seen, 30_500], 40);
  expect(await playheadAt(page)).toBe("0:02.000");
});

test("J, K and L: faster each time, and K stops", async ({ page }) => {
  await openEditor(page, "talk");
  // Far enough from the start that playing backwards does not end there.
  await page.getByTestId(testIds.playheadInput).fill("20");
  await page.getByTestId(testIds.playheadInput).press("Enter");
  await page.getByTestId(testIds.playhead).focus();
  await page.keyboard.press("l");
  await page.keyboard.press("l");
  await page.keyboard.press("l");
  await expect(page.getByRole("toolbar", { name: "Editing" })).toContainText("4×");
  await page.keyboard.press("j");
  await expect(page.getByRole("toolbar", { name: "Editing" })).toContainText("−1×");
  await page.getByTestId(testIds.editorAction("stop")).click();
  await expect(page.getByRole("toolbar", { name: "Editing" })).not.toContainText("×");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(page.getByRole("toolbar", { name: "Editing" })).not.toContainText("×");
});
