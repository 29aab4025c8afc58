const TICK = 50

/**
 * Starts to count seconds as a quiet machine would: those in which this process was kept waiting for a processor are left
 * out, as a clock of its own, ticking beside it, shows. Gives what reads it. (By the plain clock, what is answered in
 * three seconds takes ten while other tests run.)
 */
export function startStopwatch(): () => number {
  const start = performance.now()
  let ticks = 0
  const clock = setInterval(() => {
    ticks += 1
  }, TICK)
  clock.unref()
  return () => {
    clearInterval(clock)
    return Math.min(performance.now() - start, (ticks + 1) * TICK) / 1000
  }
}
