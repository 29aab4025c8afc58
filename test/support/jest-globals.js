import fc from 'fast-check'
import { atTestEnd } from './endings.js'

// what is printed of a property that fails has what failed in it
fc.configureGlobal({ includeErrorInReport: true })

/**
 * What jest offers to a test file, with what the runner leaves out: whatever hangs fails by its name, and the run goes on.
 * Only for what hangs: nothing that works may fail because the machine is busy, and browsers then take their time.
 */
const longest = Number(process.env.TEST_TIMEOUT ?? 240_000)

export const { expect } = globalThis
export const describe = globalThis.describe
export const it = Object.assign((name, work) => globalThis.it(name, withEnding(work)), {
  each:
    (...table) =>
    (name, work) =>
      globalThis.it.each(...table)(name, withEnding(work)),
})
export const [beforeAll, afterAll, beforeEach, afterEach] = ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'].map(
  (name) => (work) => globalThis[name](within(work)),
)

function withEnding(work) {
  const timed = within(work)
  return async (...given) => {
    try {
      await timed(...given)
    } catch (error) {
      // what the test says of itself comes first
      await Promise.allSettled(atTestEnd.map((ending) => ending()))
      throw error
    }
    for (const ending of atTestEnd) await ending()
  }
}

function within(work) {
  return async (...given) => {
    let timer
    const tooLate = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Nothing came of it in ${longest / 1000} s`)), longest)
    })
    try {
      return await Promise.race([work(...given), tooLate])
    } finally {
      clearTimeout(timer)
    }
  }
}
