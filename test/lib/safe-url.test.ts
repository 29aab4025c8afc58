import { describe, expect, it } from '@jest/globals'
import { ownPath, safeUrl } from '../../src/lib/safe-url.ts'

const OTHER_SITES = ['//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '/a\\..\\evil']
const SCRIPTS = [
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
]
const CONTROLS = [
  '/loans\u0000',
  '/\t/evil.example',
  '/\n/evil.example',
  '/loans\r\nSet-Cookie: a=b',
  'https://ok.example/\u007f',
]

describe('a link a page may show', () => {
  it.each([
    '/',
    '/loans/12?tab=lines#top',
    '/items/IPAD%2001',
    'https://www.nhs.uk/a?b=c',
    'mailto:help@nhs.example',
    'tel:01632960001',
  ])('is kept as it is: %s', (url) => expect(safeUrl(url)).toBe(url))

  it.each([...OTHER_SITES, ...SCRIPTS, ...CONTROLS])('is refused: %j', (url) => expect(safeUrl(url)).toBeUndefined())

  it.each([
    '',
    'loans',
    './loans',
    'http://plain.example',
    'ftp://x.example',
    'https://',
    'https://user:pass@evil.example',
    'https:\\\\evil.example',
  ])('is refused when it is not on the list: %j', (url) => expect(safeUrl(url)).toBeUndefined())
})

describe('a path a redirect may go to', () => {
  it('is one of our own', () => {
    expect(ownPath('/loans?page=2')).toBe('/loans?page=2')
  })

  it.each([...OTHER_SITES, ...SCRIPTS, ...CONTROLS, 'https://www.nhs.uk/', 'mailto:a@b.example', ''])(
    'is never %j',
    (url) => expect(ownPath(url)).toBeUndefined(),
  )
})
