import { expect, test } from "@playwright/test";

import { open, testIds } from "./pages";

test("the graphics card is off until it is allowed, and its trial is told", async ({ page }) => {
  await open(page, "settings");
  const allow = page.getByTestId(testIds.graphicsCard);
  await expect(allow).not.toBeChecked();
  await allow.click();
  await expect(allow).toBeChecked();
  await expect(page.getByText("None passed its trial on this computer: videos are encoded without it.")).toBeVisible();
  await allow.click();
  await expect(allow).not.toBeChecked();
  await expect(page.getByText("None passed its trial")).toBeHidden();
});

test("what is kept on the disk is told, and cleaned up", async ({ page }) => {
  await open(page, "settings");
  const storage = page.getByTestId(testIds.storage);
  await expect(storage).toContainText("Converted files");
  await page.getByTestId(testIds.cleanUp).click();
  await expect(page.getByText(/^Removed .* in 3 files\.$/)).toBeVisible();
  await expect(storage).not.toContainText("Converted files");
  await page.getByTestId(testIds.historyDays).selectOption("365");
  await expect(page.getByTestId(testIds.historyDays)).toHaveValue("365");
});

test("platforms are asked on demand, and a clock that is off is told", async ({ page }) => {
  await open(page, "settings");
  await page.getByTestId(testIds.reach).click();
  await expect(page.getByText("This computer's clock is 61 s behind it.")).toBeVisible();
});

test("diagnostics are read before they are saved", async ({ page }) => {
  await open(page, "settings");
  await expect(page.getByTestId(testIds.saveDiagnostics)).toBeHidden();
  await page.getByTestId(testIds.diagnostics).click();
  await page.getByText("about.txt").click();
  await expect(page.getByText("Daypart 0.1.0")).toBeVisible();
  await page.getByTestId(testIds.saveDiagnostics).click();
  await expect(page.getByText("Nothing has been sent.")).toBeVisible();
});
