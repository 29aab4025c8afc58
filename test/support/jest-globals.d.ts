/** What the tests need of it beyond what Jest declares. */
export function afterEveryTest(ending: () => Promise<void> | void): void
