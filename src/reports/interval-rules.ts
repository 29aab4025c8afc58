/** 95 of 100 intervals that are made in this way hold the true share. */
const Z = 1.959964

/** Wilson's interval of a share, in percent: it stays between 0 and 100, also for small groups, where the usual one does not. */
export function wilson(part: number, whole: number): { low: number; high: number } {
  const share = part / whole
  const middle = share + (Z * Z) / (2 * whole)
  const spread = Z * Math.sqrt((share * (1 - share)) / whole + (Z * Z) / (4 * whole * whole))
  const scale = 1 + (Z * Z) / whole
  return { low: Math.max(0, (100 * (middle - spread)) / scale), high: Math.min(100, (100 * (middle + spread)) / scale) }
}
