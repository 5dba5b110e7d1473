import { expect, test } from "@playwright/test";

import { open, testIds } from "./pages";

test("an upload is paused in the middle, stays so, and goes on to Published when it is resumed", async ({ page }) => {
  await open(page, "composer/post-plant", "studio", 1);
  await page.getByTestId(testIds.publishNow).click();
  await page.getByTestId(testIds.nav("activity")).click();
  const transfer = page.getByTestId(testIds.transfer);
  await expect(transfer.getByRole("progressbar")).toHaveAttribute("aria-valuenow", /^[1-9]/);
  await transfer.getByTestId(testIds.publicationAction("pause")).click();
  await expect(transfer).toContainText("Paused by you");
  await expect(transfer).toHaveAttribute("data-state", "uploading");
  await expect(transfer.getByTestId(testIds.publicationAction("pause"))).toHaveCount(0);
  await transfer.getByTestId(testIds.publicationAction("resume")).click();
  await expect(transfer).not.toContainText("Paused");
  await expect(transfer).toContainText("MB/s");
  await expect(page.getByText("Nothing is moving")).toBeVisible({ timeout: 60_000 });
});

test("everything is paused and resumed with one button", async ({ page }) => {
  await open(page, "activity");
  await page.getByTestId(testIds.pauseAll).click();
  await expect(page.getByText("All transfers are paused: nothing is sent")).toBeVisible();
  await page.getByTestId(testIds.resumeAll).click();
  await expect(page.getByTestId(testIds.pauseAll)).toBeVisible();
});

test("limits and their hours are set, and what cannot be is said", async ({ page }) => {
  await open(page, "settings");
  const limit = page.getByTestId(testIds.transfersLimit);
  await limit.fill("2.5");
  await limit.press("Tab");
  await page.getByTestId(testIds.transfersAtOnce).selectOption("5");
  await page.getByTestId(testIds.transfersAddHours).click();
  const hours = page.getByTestId(testIds.transfersHours);
  await hours.getByLabel("From").fill("08:30");
  await hours.getByLabel("Sat").check();
  await page.getByTestId(testIds.nav("activity")).click();
  await page.getByTestId(testIds.nav("settings")).click();
  await expect(limit).toHaveValue("2.5");
  await expect(page.getByTestId(testIds.transfersAtOnce)).toHaveValue("5");
  await expect(hours.getByLabel("From")).toHaveValue("08:30");
  await expect(hours.getByLabel("Sat")).toBeChecked();

  await limit.fill("0.001");
  await limit.press("Tab");
  await expect(page.getByText("A limit must be at least 10 kB/s")).toBeVisible();
});
