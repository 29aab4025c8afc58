import { describe, expect, it } from '@jest/globals'
import { readScannedCode } from '../../src/lib/scanned-code.ts'

describe('reading a scanned code', () => {
  it.each([
    ['TAB-1', 'TAB-1'],
    ['  two   words \r\n', 'two words'],
    ['https://loans.example/items/TAB-1', 'TAB-1'],
    ['http://localhost:3000/items/A%2FB%20C/', 'A/B C'],
    ['https://loans.example/below/items/TAB-1?from=label#top', 'TAB-1'],
    ['https://loans.example/kits/4', 'https://loans.example/kits/4'],
    ['https://evil.example/?next=/items/TAB-1', 'https://evil.example/?next=/items/TAB-1'],
    ['https://loans.example/items/%zz', '%zz'],
    ['items/TAB-1', 'items/TAB-1'],
    ['', ''],
  ])('takes %j for %j', (scanned, text) => {
    expect(readScannedCode(scanned).text).toBe(text)
  })

  it('joins the digits of a long number, and drops the F that pads a card', () => {
    expect(readScannedCode('35-693803-564380-9').digits).toBe('356938035643809')
    expect(readScannedCode('8944 9900 0000 0000 001F').digits).toBe('8944990000000000001')
  })
})
