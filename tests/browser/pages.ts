import type { Page } from "@playwright/test";

import { testIds } from "../../ui/src/lib/test_ids";

export { testIds };

export type Scenario = "studio" | "empty" | "broken" | "stuck";

/** Opens the interface over the fake core, and waits until its navigation stands. */
export async function open(page: Page, view: string, scenario: Scenario = "studio", pace = 20): Promise<void> {
  await page.goto(`/?scenario=${scenario}&pace=${pace}#/${view}`);
  await page.getByTestId(testIds.nav("library")).waitFor();
}

export const views = ["today", "library", "composer", "posts", "activity", "accounts", "settings"] as const;
