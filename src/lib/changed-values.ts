type Values = Record<string, unknown>

/** What a change does to a record, for its audit row: of the values that are to be, those that differ, old and new. */
export function changedValues<T extends object>(
  before: Record<keyof T, unknown>,
  after: T,
): { old: Values; new: Values } {
  const keys = (Object.keys(after) as (keyof T)[]).filter((key) => before[key] !== after[key])
  const pick = (from: Record<keyof T, unknown>) => Object.fromEntries(keys.map((key) => [key, from[key]]))
  return { old: pick(before), new: pick(after) }
}
