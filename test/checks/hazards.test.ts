import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

const folder = mkdtempSync(join(tmpdir(), 'hazards-'))
afterAll(() => rmSync(folder, { recursive: true }))

const log = readFileSync('docs/hazards.md', 'utf8')

function check(text: string): string[] {
  const file = join(folder, 'hazards.md')
  writeFileSync(file, text)
  const { status, stderr } = spawnSync(process.execPath, ['checks/hazards.ts', file], { encoding: 'utf8' })
  expect(status).toBe(stderr === '' ? 0 : 1)
  return stderr.trim().split('\n').filter(Boolean)
}

describe('The hazard log', () => {
  it('is whole', () => {
    expect(check(log)).toEqual([])
  })

  it.each([
    [
      'a test that is not there',
      /`loans\/race` "have one winner/,
      '`loans/race` "have two winners',
      'has no test "have two',
    ],
    ['a file of tests that is not there', /`loans\/race`/, '`loans/rice`', 'there is no test loans/rice'],
    ['a rating that is not that of the matrix', /Major × High = 4/, 'Major × High = 1', 'a rating is not that of'],
    [
      'a hazard that is left too large',
      /- \*\*After\*\*: .*/,
      '- **After**: Major × High = 4',
      'what is left is not accepted',
    ],
    ['no control', /- \*\*Control\*\*: /, '- **Hope**: ', 'Control is missing'],
    ['a number left out', /## H2\./, '## H22.', 'Hazards are numbered'],
  ])('is refused with %s', (_what, from, to, said) => {
    expect(check(log.replace(from, to)).join('\n')).toContain(said)
  })
})
