import type { WireError } from "./generated/types";

/** Whether a caught value already has the one shape of a failure. */
export function isWireError(value: unknown): value is WireError {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as WireError).code === "string" &&
    typeof (value as WireError).message === "string"
  );
}

/** Brings whatever was thrown into the one shape. A value of another shape is a mistake in Daypart. */
export function toWireError(value: unknown): WireError {
  if (isWireError(value)) return value;
  return {
    code: "daypart.bug",
    message: "Something in Daypart went wrong.",
    fix: "Try again. If it keeps happening, report it with the details below.",
    retry: "bug",
    action: null,
    until: null,
    details: [value instanceof Error ? `${value.name}: ${value.message}` : String(value)],
  };
}
