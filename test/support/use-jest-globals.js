import { registerHooks } from 'node:module'

/** Test files name what they use of jest; run by Node itself, they are given it by ours: see jest.config.js. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== '@jest/globals') return next(specifier, context)
    return { url: new URL('jest-globals.js', import.meta.url).href, shortCircuit: true }
  },
})
