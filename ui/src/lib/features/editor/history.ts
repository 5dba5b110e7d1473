/** What was, is and could be again; plain values, so that a history can be thrown away at any time. */
export interface History<T> {
  past: readonly Step<T>[];
  present: T;
  future: readonly Step<T>[];
  /** The gesture that made the present; a further change of the same gesture replaces it. */
  gesture: string | null;
}

export interface Step<T> {
  value: T;
  /** What undoing this takes back, and redoing brings: "Trim start". */
  label: string;
}

const steps_max = 200;

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [], gesture: null });

/** Goes on with a new value. Changes of one gesture (a drag, a held key) become one step. */
export function recorded<T>(history: History<T>, value: T, label: string, gesture: string | null = null): History<T> {
  if (JSON.stringify(value) === JSON.stringify(history.present)) return history;
  if (gesture !== null && gesture === history.gesture) return { ...history, present: value, future: [] };
  return { past: [...history.past, { value: history.present, label }].slice(-steps_max), present: value, future: [], gesture };
}

/** The next change is a step of its own, whatever its gesture. */
export const settled = <T>(history: History<T>): History<T> => (history.gesture === null ? history : { ...history, gesture: null });

export function undone<T>(history: History<T>): History<T> {
  const step = history.past.at(-1);
  if (!step) return history;
  return { past: history.past.slice(0, -1), present: step.value, future: [{ value: history.present, label: step.label }, ...history.future], gesture: null };
}

export function redone<T>(history: History<T>): History<T> {
  const step = history.future[0];
  if (!step) return history;
  return { past: [...history.past, { value: history.present, label: step.label }], present: step.value, future: history.future.slice(1), gesture: null };
}
