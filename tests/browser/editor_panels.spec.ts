import { expect, test, type Page } from "@playwright/test";

import { openEditor, playheadAt, testIds } from "./pages";

const tab = (page: Page, id: string) => page.getByTestId(testIds.editorTab(id)).click();

test("the framing's window moves with the arrow keys and the mouse, stops at the edge, and each is one step", async ({ page }) => {
  await openEditor(page, "desk");
  await tab(page, "picture");
  await page.getByTestId(testIds.aspect("portrait_9_16")).click();
  const window = page.getByTestId(testIds.cropWindow);
  await expect(window).toHaveAttribute("aria-valuetext", "50 % from the left");
  await expect(page.getByText("68 % of the picture is cut off.")).toBeVisible();
  await window.focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift+ArrowLeft");
  await expect(window).toHaveAttribute("aria-valuetext", "28 % from the left");
  await page.keyboard.press("End");
  await expect(window).toHaveAttribute("aria-valuetext", "100 % from the left");
  const box = (await window.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x - 2000, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(window).toHaveAttribute("aria-valuetext", "0 % from the left");
  await page.getByTestId(testIds.editorAction("undo")).click();
  await expect(window).toHaveAttribute("aria-valuetext", "100 % from the left");
});

test("elsewhere the preview shows the result: its shape, its blur, its turn", async ({ page }) => {
  await openEditor(page, "desk");
  const shape = async () => {
    const box = (await page.getByTestId(testIds.stage).locator(".box").boundingBox())!;
    return box.width / box.height;
  };
  await expect.poll(shape).toBeCloseTo(16 / 9, 1);
  await tab(page, "picture");
  await page.getByTestId(testIds.rotate).click();
  await expect.poll(shape).toBeCloseTo(9 / 16, 1);
  await page.getByTestId(testIds.aspect("square")).click();
  await page.getByTestId(testIds.fit("blur")).click();
  await expect.poll(shape).toBeCloseTo(1, 1);
  await expect(page.getByTestId(testIds.stage).locator(".backdrop")).toBeVisible();
  await page.getByTestId(testIds.fit("colour")).click();
  await expect(page.getByTestId(testIds.stage).locator(".backdrop")).toHaveCount(0);
  await tab(page, "cut");
  await expect.poll(shape).toBeCloseTo(1, 1);
});

test("sound: mute silences the rest, volume and fades are one step per move, too long fades are told", async ({ page }) => {
  await openEditor(page, "blink");
  await tab(page, "sound");
  const volume = page.getByTestId(testIds.volume);
  await volume.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(volume).toHaveAttribute("aria-valuetext", "−2 dB");
  await page.getByTestId(testIds.mute).click();
  await expect(volume).toBeDisabled();
  await page.getByTestId(testIds.mute).click();
  await page.getByLabel("Fade in").fill("900");
  await expect(page.getByText("The fades are longer than what is kept.")).toBeVisible();
});

test("speed changes the length of the result and can be reset", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.getByTestId(testIds.speed).fill("6");
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:17.000");
  await page.getByRole("button", { name: "Reset speed" }).click();
  await expect(page.getByTestId(testIds.resultLength)).toHaveText("result 0:34.000");
});

test("a cover is a suggested frame, the frame at the playhead, or an own picture", async ({ page }) => {
  await openEditor(page, "ridge");
  await tab(page, "cover");
  const now = page.getByTestId(testIds.coverNow);
  await page.getByTestId(testIds.coverSuggestion).nth(1).click();
  await expect(now).toContainText("Frame at 0:11.200");
  await page.keyboard.press(".");
  await page.getByTestId(testIds.coverHere).click();
  await expect(now).toContainText("Frame at 0:11.233");
  await page.getByRole("button", { name: "Own picture…" }).click();
  await expect(now).toContainText("cover, hand made.png");
  await expect(page.getByRole("img", { name: "The cover" })).toBeVisible();
  await page.getByRole("button", { name: "No cover of our own" }).click();
  await expect(now).toContainText("Each platform takes its own");
});

test("a clip too short for suggestions says so", async ({ page }) => {
  await openEditor(page, "blink");
  await tab(page, "cover");
  await expect(page.getByText("No frame stands out in this clip.")).toBeVisible();
});

test("an own picture is shown again when the post is opened anew, and its loss is told", async ({ page }) => {
  await openEditor(page, "ridge");
  await tab(page, "cover");
  await page.getByRole("button", { name: "Own picture…" }).click();
  await expect(page.getByTestId(testIds.coverNow)).toContainText("cover, hand made.png");
  await expect(page.getByTestId(testIds.composerSaved)).toHaveAttribute("data-saving", "saved");
  await page.reload();
  await page.getByTestId(testIds.editorOpen).click();
  await tab(page, "cover");
  await expect(page.getByRole("img", { name: "The cover" })).toBeVisible();

  await page.getByTestId(testIds.editTextOpen).click();
  await page.getByTestId(testIds.editTextArea).fill('{"version":1,"cover":{"image":{"path":"/home/ada/vanished.png"}}}');
  await page.getByTestId(testIds.editTextUse).click();
  await expect(page.getByText("“vanished.png” is not there any more.")).toBeVisible();
  await expect(page.getByRole("img", { name: "The cover" })).toHaveCount(0);
  await expect(page.getByTestId(testIds.coverSuggestion).first()).toBeVisible();
});

test("looking for good frames is told, and so is that it failed", async ({ page }) => {
  await openEditor(page, "ridge", "&media=stuck");
  await tab(page, "cover");
  await expect(page.getByText("Looking for good frames…")).toBeVisible();
  await openEditor(page, "ridge", "&media=broken");
  await tab(page, "cover");
  const panel = page.getByRole("region", { name: "Cover" });
  await expect(panel.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(panel.getByText("Looking for good frames…")).toHaveCount(0);
});

test("captions are attached, drawn in, and taken off", async ({ page }) => {
  await openEditor(page, "ridge");
  await tab(page, "cover");
  await page.getByTestId(testIds.captionsPick).click();
  await expect(page.getByText("sunrise on the ridge.srt")).toBeVisible();
  await expect(page.getByTestId(testIds.captionsCount)).toHaveText("6 captions, SRT");
  await expect(page.getByTestId(testIds.captionsPanel)).toContainText("Half past five,");
  await expect(page.getByTestId(testIds.captionsPanel)).toContainText("and 3 more captions");
  await page.getByTestId(testIds.captionsPanel).getByRole("button", { name: "0:04.000" }).click();
  expect(await playheadAt(page)).toBe("0:04.000");
  await page.getByRole("switch", { name: "Draw them into the picture" }).click();
  await tab(page, "cut");
  await expect(page.getByTestId(testIds.cutMark(0))).toContainText("because of the captions in the picture");
  await tab(page, "cover");
  await page.getByRole("button", { name: "Without captions" }).click();
  await expect(page.getByTestId(testIds.captionsPick)).toBeVisible();
});

test("captions that cannot be used say what is wrong and can be replaced", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.getByTestId(testIds.editTextOpen).click();
  await expect(page.getByTestId(testIds.editTextArea)).toHaveValue(/version/);
  await page.getByTestId(testIds.editTextArea).fill('{"version":1,"captions":{"path":"/home/ada/broken.srt","burned_in":true},"ranges":[{"start_us":0,"end_us":10000000}]}');
  await page.getByTestId(testIds.editTextUse).click();
  await tab(page, "cover");
  const problem = page.getByTestId(testIds.captionsProblem);
  await expect(problem).toContainText("The captions cannot be used");
  await expect(problem).toContainText("the caption at line 6 ends before it begins");
  await problem.getByTestId(testIds.captionsPick).click();
  await expect(problem).toHaveCount(0);
  await expect(page.getByTestId(testIds.captionsCount)).toHaveText("6 captions, SRT; 3 of them in what is kept");
});

test("each of several destinations can have its own cover", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.getByTestId(testIds.editorClose).click();
  await page.getByTestId(testIds.destination("tiktok", "practice")).click();
  await page.getByTestId(testIds.editorOpen).click();
  await tab(page, "cover");
  await page.keyboard.press("Alt+ArrowRight");
  const theirs = page.getByLabel("Ada Practice", { exact: true });
  await theirs.selectOption("frame");
  await expect(theirs.locator("option:checked")).toHaveText("Frame at 0:02.000");
  await expect(page.getByLabel("Practice Channel", { exact: true })).toHaveValue("post");
  await page.getByRole("button", { name: "Own picture for Practice Channel" }).click();
  await expect(page.getByLabel("Practice Channel", { exact: true }).locator("option:checked")).toHaveText("cover, hand made.png");
  await expect(page.getByTestId(testIds.composerSaved)).toHaveAttribute("data-saving", "saved");
  await page.reload();
  await page.getByTestId(testIds.editorOpen).click();
  await tab(page, "cover");
  await expect(page.getByLabel("Practice Channel", { exact: true })).toHaveValue("image");
  await page.getByLabel("Practice Channel", { exact: true }).selectOption("post");
  await expect(page.getByLabel("Practice Channel", { exact: true })).toHaveValue("post");
});

test("what will be made is told, with its reasons, and follows the edit", async ({ page }) => {
  await openEditor(page, "ridge");
  const plan = page.getByTestId(testIds.plan);
  await expect(plan).toContainText("Sent as it is");
  await tab(page, "picture");
  await page.getByTestId(testIds.mirror).click();
  await expect(plan).toContainText("Re-encoded");
  await expect(plan).toContainText("The picture is turned.");
  await expect(plan).toContainText("Practice Channel");
});

test("wishes are followed, kept with the post, and what they rule out is told", async ({ page }) => {
  await openEditor(page, "ridge");
  const plan = page.getByTestId(testIds.plan);
  await page.getByTestId(testIds.wishEncode).selectOption("always");
  await expect(plan).toContainText("You asked for new video.");
  await page.getByTestId(testIds.wishQuality).selectOption("smaller");
  await page.getByTestId(testIds.wishEncode).selectOption("never");
  await expect(plan).toContainText("Sent as it is");
  await expect(page.getByTestId(testIds.wishQuality)).toBeDisabled();
  await tab(page, "picture");
  await page.getByTestId(testIds.mirror).click();
  await expect(plan).toContainText("The picture is turned. Only new video would do it, which you ruled out.");
  await page.getByTestId(testIds.editorClose).click();
  await page.getByTestId(testIds.editorOpen).click();
  await expect(page.getByTestId(testIds.wishEncode)).toHaveValue("never");
  await expect(page.getByTestId(testIds.wishQuality)).toHaveValue("smaller");
});

test("the edit is text: wrong text is refused with its reason, right text is one step", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("i");
  await page.getByTestId(testIds.editTextOpen).click();
  const text = page.getByTestId(testIds.editTextArea);
  await expect(text).toHaveValue(/"start_us": 2000000/);
  await text.fill('{"version":1,"ranges":[{"start_us":5,"end_us":1}]}');
  await expect(page.getByText("A kept range ends before it starts.")).toBeVisible();
  await expect(page.getByTestId(testIds.editTextUse)).toBeDisabled();
  await text.fill('{"version":1,"ranges":[{"start_us":0,"end_us":99000000}]}');
  await expect(page.getByText("goes past the end of this video")).toBeVisible();
  await text.fill('{"version":1,"ranges":[{"start_us":6000000,"end_us":9000000},{"start_us":0,"end_us":1000000}]}');
  await page.getByTestId(testIds.editTextUse).click();
  await expect(page.getByTestId(testIds.partStart(0))).toHaveValue("0:06.000");
  await expect(page.getByTestId(testIds.partStart(1))).toHaveValue("0:00.000");
  await page.getByTestId(testIds.editorAction("undo")).click();
  await expect(page.getByTestId(testIds.partStart(0))).toHaveValue("0:02.000");
});

test("an edit is put on other drafts, and that can be undone", async ({ page }) => {
  await openEditor(page, "ridge");
  await tab(page, "picture");
  await page.getByTestId(testIds.aspect("square")).click();
  await page.getByTestId(testIds.editTextOpen).click();
  await page.getByLabel("desk tour 2026 draft").check();
  await page.getByTestId(testIds.editTextApply).click();
  await page.goto("/?scenario=editor&pace=20#/composer/post-desk");
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("1:1");
  await page.getByTestId(testIds.toastUndo).click();
  await expect(page.getByTestId(testIds.toast)).toHaveCount(0);
  await page.getByTestId(testIds.nav("posts")).click();
  await page.goBack();
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("as it is");
});

test("an edit starts a new draft on another video, and undo takes the draft away", async ({ page }) => {
  await openEditor(page, "ridge");
  await tab(page, "picture");
  await page.getByTestId(testIds.mirror).click();
  await page.getByTestId(testIds.editTextOpen).click();
  await page.getByLabel("blink.mp4 new draft").check();
  await page.getByTestId(testIds.editTextApply).click();
  await expect(page.getByTestId(testIds.toast)).toContainText("1 more draft");
  await page.getByTestId(testIds.nav("posts")).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(7);
  await page.getByTestId(testIds.toastUndo).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(6);
});

test("starting over is one step that can be undone", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("i");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByTestId(testIds.partStart(0))).toHaveValue("0:00.000");
  await page.getByTestId(testIds.editorAction("undo")).click();
  await expect(page.getByTestId(testIds.partStart(0))).toHaveValue("0:02.000");
});

test("the library shows a video's frames under the pointer", async ({ page }) => {
  await page.goto("/?scenario=editor&pace=20#/library");
  const scrub = page.getByTestId(testIds.assetCard).first().getByTestId(testIds.scrub);
  await scrub.hover({ position: { x: 20, y: 60 } });
  await expect(scrub).toHaveAttribute("data-shown", "true");
  const shown = () => scrub.locator("img").getAttribute("src");
  const early = await shown();
  await scrub.hover({ position: { x: 200, y: 60 } });
  await expect.poll(shown).not.toBe(early);
  await page.mouse.move(0, 0);
  await expect(scrub).toHaveAttribute("data-shown", "false");
});
