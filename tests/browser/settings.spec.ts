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
