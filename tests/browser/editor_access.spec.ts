import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

import { openEditor, playheadAt, testIds } from "./pages";

async function expectNoViolations(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page }).analyze();
  const told = result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary ?? ""})`).join(" | ")}`);
  expect(told).toEqual([]);
}

/** Presses Tab until the element has the focus; fails when it is out of reach. */
async function tabTo(page: Page, testId: string, presses_max = 80): Promise<void> {
  const target = page.getByTestId(testId).first();
  await expect(target).toBeVisible();
  for (let press = 0; press < presses_max; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${testId} cannot be reached with Tab`);
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test("no part of the editor has a violation", async ({ page }) => {
      // Axe reads a page with hundreds of marks several times.
      test.slow();
      await openEditor(page, "ridge");
      for (const key of ["Alt+ArrowRight", "s", "Alt+ArrowRight", "Alt+ArrowRight", ".", "s"]) await page.keyboard.press(key);
      await expect(page.getByTestId(testIds.part(2))).toBeVisible();
      await expectNoViolations(page);
      for (const tab of ["picture", "sound", "cover"]) {
        await test.step(tab, async () => {
          await page.getByTestId(testIds.editorTab(tab)).click();
          if (tab === "picture") await page.getByTestId(testIds.aspect("square")).click();
          if (tab === "cover") await expect(page.getByTestId(testIds.coverSuggestion).first()).toBeVisible();
          await expectNoViolations(page);
        });
      }
    });

    test("neither have its dialogs, the zoomed timeline and the small editor", async ({ page }) => {
      // Axe reads a page with hundreds of marks several times.
      test.slow();
      await openEditor(page, "ridge");
      await page.getByTestId(testIds.editorAction("zoom-in")).click();
      await expectNoViolations(page);
      await page.getByTestId(testIds.editTextOpen).click();
      await expect(page.getByTestId(testIds.editTextArea)).toHaveValue(/version/);
      await expectNoViolations(page);
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.editorKeys).click();
      await expect(page.getByText("To the next keyframe")).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.editorClose).click();
      await expect(page.getByTestId(testIds.editorCompact)).toBeVisible();
      await expectNoViolations(page);
    });

    test("nor has it with a broken file or while it waits", async ({ page }) => {
      await openEditor(page, "ridge", "&media=broken");
      await expect(page.getByTestId(testIds.timelineError)).toBeVisible();
      await expectNoViolations(page);
      await openEditor(page, "plant", "&media=stuck");
      await expect(page.getByText("Reading the timeline…")).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

test("a video is cut, framed, given a cover and left again by keyboard alone", async ({ page }) => {
  await page.goto("/?scenario=editor&pace=20#/composer/post-desk");
  await tabTo(page, testIds.editorOpen);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId(testIds.editor)).toBeFocused();

  await tabTo(page, testIds.handle(0, "start"));
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByTestId(testIds.handle(0, "start"))).toHaveAttribute("aria-valuetext", /^0:03\.00/);
  await tabTo(page, testIds.handle(0, "end"));
  await page.keyboard.press("PageDown");
  await expect(page.getByTestId(testIds.handle(0, "end"))).toHaveAttribute("aria-valuetext", /^1:30\.0/);
  await tabTo(page, testIds.playhead);
  await page.keyboard.press("Home");
  expect(await playheadAt(page)).toBe("0:00.000");
  for (let press = 0; press < 4; press += 1) await page.keyboard.press("PageUp");
  await page.keyboard.press("s");
  await expect(page.getByTestId(testIds.part(1))).toBeVisible();

  await tabTo(page, testIds.editorTab("cut"));
  await page.keyboard.press("ArrowRight");
  await tabTo(page, testIds.aspect("square"));
  await page.keyboard.press("Enter");
  await tabTo(page, testIds.cropWindow);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByTestId(testIds.cropWindow)).toHaveAttribute("aria-valuetext", "48 % from the left");

  await tabTo(page, testIds.editorTab("picture"));
  await page.keyboard.press("End");
  await tabTo(page, testIds.coverHere);
  await page.keyboard.press("Space");
  await expect(page.getByTestId(testIds.coverNow)).toContainText("Frame at 0:20.0");

  await page.keyboard.press("Control+z");
  await expect(page.getByTestId(testIds.coverNow)).toContainText("Each platform takes its own");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId(testIds.editorOpen)).toBeFocused();
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("2 parts, 1:1");
});

test("letters typed into the caption are not keys of the editor, and keys in the preview are", async ({ page }) => {
  await page.goto("/?scenario=editor&pace=20#/composer/post-ridge");
  await page.getByTestId(testIds.playhead).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("i");
  await expect(page.getByTestId(testIds.editSummary)).toHaveText("trimmed");
  await page.getByTestId(testIds.caption).fill("");
  await page.getByTestId(testIds.caption).pressSequentially("silo jokes");
  await expect(page.getByTestId(testIds.caption)).toHaveValue("silo jokes");
  await expect(page.getByTestId(testIds.handle(0, "start"))).toHaveAttribute("aria-valuetext", "0:02.000");
  await expect(page.getByTestId(testIds.handle(1, "start"))).toHaveCount(0);
});

test("what the timeline shows is also said", async ({ page }) => {
  await openEditor(page, "ridge");
  await expect(page.getByTestId(testIds.timeline)).toContainText("20 keyframes, 5 scene changes, 4 silences, 1 black part, 1 still part");
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("i");
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status").filter({ hasText: "Undone: Trim start" })).toBeAttached();
});
