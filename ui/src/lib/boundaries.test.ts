import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte|css)$/.test(name) && !name.includes(".test."))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(join(source, name), "utf8") }));

/** What a file imports, as paths below `src` or as package names. */
export function importsOf(name: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => {
    const wanted = match[1]!;
    return wanted.startsWith(".") ? relative(source, resolve(source, dirname(name), wanted)).replaceAll("\\", "/") : wanted;
  });
}

/** Breaches of the layout: who may import what. */
export function breaches(name: string, text: string): string[] {
  const area = (path: string) => /^lib\/([^/]+)/.exec(path)?.[1] ?? "";
  const feature = (path: string) => /^lib\/features\/([^/]+)/.exec(path)?.[1];
  return importsOf(name, text).flatMap((wanted) => {
    const found: string[] = [];
    const from = area(name);
    const to = area(wanted);
    if (wanted.startsWith("@tauri-apps/") && name !== "lib/ipc/tauri_host.ts") found.push(`${name}: only the Tauri host may import ${wanted}`);
    if (feature(name) && feature(wanted) && feature(name) !== feature(wanted)) found.push(`${name}: features do not import each other (${wanted})`);
    if (to === "views" && from !== "views" && name !== "App.svelte") found.push(`${name}: only the app imports views`);
    if (to === "features" && !["features", "views"].includes(from) && name !== "App.svelte") found.push(`${name}: only views compose features`);
    if (wanted.startsWith("lib/ipc/") && from !== "ipc") found.push(`${name}: the door is lib/ipc itself, not ${wanted}`);
    if (from === "components" && ["features", "views"].includes(to)) found.push(`${name}: components know no features`);
    if (from === "format" && !["format", "ipc"].includes(to) && wanted.startsWith("lib/")) found.push(`${name}: formats are pure`);
    return found;
  });
}

const colour = /#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|oklab|lab|lch|color-mix|light-dark)\(|:\s*(?:black|white|red|green|blue|gr[ae]y|orange|purple|yellow)\s*[;}]/i;
const styleOf = (text: string) => /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? "";

describe("the layout of the interface", () => {
  test("nobody crosses a boundary", () => {
    expect(files.flatMap(({ name, text }) => breaches(name, text))).toEqual([]);
  });

  test("the check can fail", () => {
    const bad = 'import { invoke } from "@tauri-apps/api/core";\nimport X from "../posts/PostTable.svelte";\nimport Y from "../../views/TodayView.svelte";';
    expect(breaches("lib/features/library/Bad.svelte", bad)).toHaveLength(3);
  });
});

describe("colours", () => {
  test("components, features and views name tokens, never colours", () => {
    const styled = files.filter(({ name }) => name.endsWith(".svelte") || name.endsWith("base.css"));
    const found = styled.flatMap(({ name, text }) => {
      const style = name.endsWith(".css") ? text : styleOf(text);
      const match = colour.exec(style);
      return match ? [`${name}: ${match[0]}`] : [];
    });
    expect(found).toEqual([]);
  });

  test("the check can fail", () => {
    for (const bad of ["color: #fff;", "background: rgb(0 0 0)", "color: white;", "border-color: oklch(0.5 0 0)"]) expect(colour.test(bad)).toBe(true);
  });

  test("every token that is used exists", () => {
    const tokens = files.find(({ name }) => name.endsWith("tokens.css"))!.text;
    const known = new Set([...tokens.matchAll(/(--[a-z0-9-]+):/g)].map((match) => match[1]));
    const used = files.flatMap(({ name, text }) => [...text.matchAll(/var\((--[a-z0-9-]+)/g)].map((match) => ({ name, token: match[1]! })));
    expect(used.filter(({ token }) => !known.has(token) && !token.startsWith("--bits-")).map(({ name, token }) => `${name}: ${token}`)).toEqual([]);
  });
});

test("no file is longer than 400 lines", () => {
  const long = files.filter(({ name, text }) => !name.includes("generated") && text.split("\n").length > 400);
  expect(long.map(({ name }) => name)).toEqual([]);
});
