/**
 * For what the test files of a process share, and so is read once: a hook of Jest's holds for the file alone that was the
 * first to read it.
 */
export const atTestEnd = []
export const atRunEnd = []

/** Does this at the end of every test of whatever file. */
export function afterEveryTest(ending) {
  atTestEnd.push(ending)
}

/** Does this after the last test where Jest's own process runs them; the processes that it starts end by themselves. */
export function afterTheRun(ending) {
  atRunEnd.push(ending)
}
