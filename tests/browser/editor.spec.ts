import { expect, test, type Page } from "@playwright/test";

import { openEditor, playheadAt, testIds } from "./pages";

const saved = (page: Page) => expect(page.getByTestId(testIds.composerSaved)).toHaveAttribute("data-saving", "saved");
const value = (page: Page, testId: string) => page.getByTestId(testId).inputValue();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Goes to a typed moment and leaves the field, so that keys are the editor's again. */
async function goTo(page: Page, timecode: string): Promise<void> {
  await page.getByTestId(testIds.playheadInput).fill(timecode);
  await page.getByTestId(testIds.playheadInput).press("Enter");
  await page.getByTestId(testIds.playhead).focus();
}
const partCount = async (page: Page, count: number) => {
  await expect(page.getByTestId(testIds.part(count - 1))).toBeVisible();
  await expect(page.getByTestId(testIds.part(count))).toHaveCount(0);
};
/** How many different colours the timeline shows in a row of the strip. */
const coloursInStrip = (page: Page) =>
  page.getByTestId(testIds.timeline).locator("canvas").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const y = Math.round((50 / canvas.clientHeight) * canvas.height);
    const row = canvas.getContext("2d")!.getImageData(0, y, canvas.width, 1).data;
    return new Set(Array.from({ length: canvas.width }, (_, x) => row.slice(x * 4, x * 4 + 3).join())).size;
  });

test("the timeline is drawn from frames as they come, without a video element", async ({ page }) => {
  await openEditor(page, "ridge");
  await expect.poll(() => coloursInStrip(page)).toBeGreaterThan(60);
  await expect(page.locator("video")).toHaveCount(0);
  await expect(page.getByLabel("Marks on the timeline")).toContainText("Keyframes20");
  await expect(page.getByLabel("Marks on the timeline")).toContainText("Scenes5");
});

test("I and O trim to the frame under the playhead, and the trim survives a reload", async ({ page }) => {
  await openEditor(page, "ridge");
  await goTo(page, "4");
  await press(page, "i");
  await goTo(page, "9.5");
  await press(page, "o");
  expect(await value(page, testIds.partStart(0))).toBe("0:04.000");
  // The frame under the playhead is the last one that is kept.
  expect(await value(page, testIds.partEnd(0))).toBe("0:09.533");
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:05.533");
  await saved(page);
  await page.reload();
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("trimmed");
  await page.getByTestId(testIds.editorOpen).click();
  await expect(page.getByTestId(testIds.partStart(0))).toHaveValue("0:04.000");
});

test("parts are split, deleted, kept again and joined, and every step can be undone and redone", async ({ page }) => {
  await openEditor(page, "ridge");
  await goTo(page, "10");
  await press(page, "s");
  await goTo(page, "20");
  await press(page, "s");
  await partCount(page, 3);
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:34.000");
  await goTo(page, "15");
  await press(page, "Delete");
  await partCount(page, 2);
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:24.000");
  await expect(page.getByTestId(testIds.stage)).toContainText("Cut away");
  await press(page, "r");
  await partCount(page, 3);
  await goTo(page, "5");
  await press(page, "m");
  await partCount(page, 2);
  expect(await value(page, testIds.partEnd(0))).toBe("0:20.000");
  await press(page, "Control+z", "Control+z");
  await partCount(page, 2);
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:24.000");
  await press(page, "Control+Shift+z");
  await partCount(page, 3);
  await press(page, "Control+z", "Control+z", "Control+z", "Control+z");
  await partCount(page, 1);
  await expect(page.getByTestId(testIds.editorAction("undo"))).toBeDisabled();
});

test("the last part cannot be deleted, and two frames are not fewer than one", async ({ page }) => {
  await openEditor(page, "blink");
  await expect(page.getByTestId(testIds.editorAction("delete"))).toBeDisabled();
  await press(page, "Delete");
  await partCount(page, 1);
  await press(page, "o", "i");
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:00.033");
});

test("every action is a button too, with its key in the tooltip", async ({ page }) => {
  await openEditor(page, "ridge");
  for (const [id, key] of [["split", "S"], ["undo", "Ctrl+Z"], ["redo", "Ctrl+Shift+Z"], ["frame-on", "."], ["keyframe-back", "Alt+←"], ["in", "I"], ["out", "O"], ["play", "Space"], ["zoom-in", "+"]] as const) {
    await expect(page.getByTestId(testIds.editorAction(id))).toHaveAttribute("title", new RegExp(`\\(${key.replace(/[.+]/g, "\\$&")}\\)$`));
  }
  await page.getByTestId(testIds.editorAction("keyframe-on")).click();
  expect(await playheadAt(page)).toBe("0:02.000");
  await page.getByTestId(testIds.editorAction("split")).click();
  await partCount(page, 2);
  await page.getByTestId(testIds.editorAction("undo")).click();
  await partCount(page, 1);
});

test("comma and period step a frame, Alt and arrows a keyframe", async ({ page }) => {
  await openEditor(page, "talk");
  await press(page, ".", ".", ".");
  expect(await playheadAt(page)).toBe("0:00:00.120");
  await press(page, ",");
  expect(await playheadAt(page)).toBe("0:00:00.080");
  await press(page, "Alt+ArrowRight");
  expect(await playheadAt(page)).toBe("0:00:02.000");
  await press(page, "Alt+ArrowLeft");
  expect(await playheadAt(page)).toBe("0:00:00.000");
  await press(page, "End");
  expect(await playheadAt(page)).toBe("1:59:59.960");
});

test("typed times move edges; what is no time is marked, and Escape takes it back", async ({ page }) => {
  await openEditor(page, "ridge");
  const start = page.getByTestId(testIds.partStart(0));
  await start.fill("1:99");
  await expect(start).toHaveAttribute("aria-invalid", "true");
  await start.press("Escape");
  await expect(start).toHaveValue("0:00.000");
  await expect(page.getByTestId(testIds.editor)).toBeVisible();
  await start.fill("+2.5");
  await start.press("Enter");
  await expect(start).toHaveValue("0:02.500");
  await start.press("ArrowUp");
  await expect(start).toHaveValue("0:02.533");
  await page.getByTestId(testIds.partEnd(0)).fill("900");
  await page.getByTestId(testIds.partEnd(0)).press("Enter");
  await expect(page.getByTestId(testIds.partEnd(0))).toHaveValue("0:34.000");
});

test("it is told beside each part whether it is copied or re-encoded, and why", async ({ page }) => {
  await openEditor(page, "ridge");
  const mark = page.getByTestId(testIds.cutMark(0));
  await expect(mark).toContainText("Lossless");
  await goTo(page, "4.5");
  await press(page, "i");
  await expect(mark).toContainText("Accurate");
  await expect(mark).toContainText("0:05.900");
  await press(page, "Alt+ArrowRight", "i");
  await expect(mark).toContainText("Lossless");
  await page.getByTestId(testIds.editorTab("picture")).click();
  await page.getByTestId(testIds.rotate).click();
  await page.getByTestId(testIds.editorTab("cut")).click();
  await expect(mark).toContainText("because of the rotation");
});

test("a dragged handle leans on what is near, says on what, and not while Alt is held", async ({ page }) => {
  await openEditor(page, "ridge");
  const timeline = (await page.getByTestId(testIds.timeline).boundingBox())!;
  const xOf = (seconds: number) => timeline.x + (seconds / 34) * timeline.width;
  const handle = (await page.getByTestId(testIds.handle(0, "start")).boundingBox())!;
  const grip = handle.x + handle.width / 2;
  const y = handle.y + handle.height / 2;
  const to = (seconds: number) => xOf(seconds) - (xOf(0) - grip);
  await page.mouse.move(grip, y);
  await page.mouse.down();
  await page.mouse.move(to(2), y);
  await page.mouse.move(to(4) + 4, y);
  await expect(page.getByTestId(testIds.snapMark)).toHaveText("keyframe");
  await expect(page.getByTestId(testIds.handle(0, "start"))).toHaveAttribute("aria-valuetext", "0:04.000");
  await page.keyboard.down("Alt");
  await page.mouse.move(to(4) + 5, y);
  await expect(page.getByTestId(testIds.snapMark)).toHaveCount(0);
  await expect(page.getByTestId(testIds.handle(0, "start"))).not.toHaveAttribute("aria-valuetext", "0:04.000");
  await page.keyboard.up("Alt");
  await page.mouse.up();
  // However far it went, the drag is one step.
  await page.getByTestId(testIds.editorAction("undo")).click();
  await expect(page.getByTestId(testIds.handle(0, "start"))).toHaveAttribute("aria-valuetext", "0:00.000");
  await expect(page.getByTestId(testIds.editorAction("undo"))).toBeDisabled();
});

test("clicking the timeline goes there, and shows that frame", async ({ page }) => {
  await openEditor(page, "ridge");
  const timeline = (await page.getByTestId(testIds.timeline).boundingBox())!;
  await page.getByTestId(testIds.editorAction("snapping")).click();
  await page.mouse.click(timeline.x + timeline.width / 2, timeline.y + 60);
  expect(await playheadAt(page)).toMatch(/^0:1[67]\./);
  await expect(page.getByTestId(testIds.stagePicture)).toHaveAttribute("src", /^data:image\/jpeg/);
});

test("two hours can be zoomed to single frames with Ctrl and wheel, scrolled, and fitted again", async ({ page }) => {
  await openEditor(page, "talk");
  const timeline = (await page.getByTestId(testIds.timeline).boundingBox())!;
  await expect(page.getByTestId(testIds.zoom)).toHaveAttribute("aria-valuetext", "Whole clip");
  await page.mouse.move(timeline.x + timeline.width / 2, timeline.y + 50);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 16; turn += 1) await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await expect(page.getByTestId(testIds.zoom)).toHaveAttribute("aria-valuetext", "100 %");
  const scroll = page.getByTestId(testIds.timelineScroll);
  await expect(scroll).toHaveAttribute("aria-valuenow", "50");
  await expect.poll(() => coloursInStrip(page)).toBeGreaterThan(20);
  await scroll.focus();
  await press(page, "Home");
  await expect(scroll).toHaveAttribute("aria-valuenow", "0");
  await page.getByTestId(testIds.playhead).focus();
  await press(page, "End");
  await expect(scroll).toHaveAttribute("aria-valuenow", "100");
  await press(page, "0");
  await expect(page.getByTestId(testIds.zoom)).toHaveAttribute("aria-valuetext", "Whole clip");
  await press(page, "+", "+");
  await expect(page.getByTestId(testIds.zoom)).not.toHaveAttribute("aria-valuetext", "Whole clip");
});

test("pictures that come late are not lost: the view has moved on and back", async ({ page }) => {
  await openEditor(page, "talk", "", 1);
  await press(page, "+", "+", "+", "0");
  await expect.poll(() => coloursInStrip(page)).toBeGreaterThan(100);
});

test("a clip without sound has no waveform and says so", async ({ page }) => {
  await openEditor(page, "plant");
  await page.getByTestId(testIds.editorTab("sound")).click();
  await expect(page.getByTestId(testIds.noSound)).toBeVisible();
  await expect(page.getByTestId(testIds.volume)).toHaveCount(0);
  await expect(page.getByLabel("Marks on the timeline")).not.toContainText("Silence");
});

test("a file that is gone is told where the timeline would be, and can be tried again", async ({ page }) => {
  await openEditor(page, "ridge", "&media=broken");
  await expect(page.getByTestId(testIds.timelineError)).toContainText("is no longer where it was");
  await expect(page.getByTestId(testIds.timelineError).getByRole("button", { name: "Try again" })).toBeVisible();
});

test("while the timeline is being read it says so, and the rest of the editor works", async ({ page }) => {
  await openEditor(page, "ridge", "&media=stuck");
  await expect(page.getByText("Reading the timeline…")).toBeVisible();
  await page.getByTestId(testIds.editorTab("picture")).click();
  await page.getByTestId(testIds.mirror).click();
  await saved(page);
  await page.getByTestId(testIds.editorClose).click();
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("mirrored");
});

test("another video leaves the cuts of the former one behind, until undone", async ({ page }) => {
  await openEditor(page, "ridge");
  await goTo(page, "4");
  await press(page, "i", "Escape");
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("trimmed");
  await page.getByRole("button", { name: "Change video" }).click();
  await page.getByTestId(testIds.composerAsset("asset-desk")).click();
  await expect(page.getByTestId(testIds.composerAssetName)).toHaveText("desk tour 2026.mp4");
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("as it is");
  await page.getByTestId(testIds.toastUndo).click();
  await expect(page.getByTestId(testIds.composerAssetName)).toHaveText("sunrise on the ridge.mp4");
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("trimmed");
});
