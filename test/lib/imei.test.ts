import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseImei } from '../../src/lib/imei.ts'
import { luhnCheckDigit } from '../../src/lib/luhn.ts'

function reasonFor(text: string) {
  return parseImei(text).error?.reason
}

describe('an IMEI', () => {
  it('is read as its 15 digits however they are grouped', () => {
    const ways = [
      '490154203237518',
      ' 49-015420-323751-8 ',
      '490154/20/323751/8',
      '490154 203237 518',
      '49–015420–323751–8',
    ]
    for (const way of ways) expect(parseImei(way)).toEqual({ value: '490154203237518' })
  })

  it('is refused as an IMEISV when it has 16 digits, with where to find the right number', () => {
    const { error } = parseImei('4901542032375101')
    expect(error?.reason).toBe('software-version')
    expect(error?.text).toContain('*#06#')
  })

  it('is refused when a spreadsheet has shortened it, saying what to do', () => {
    for (const text of ['3.56938E+14', '3.5E+14', '3,56938E+14', '4E+14', ' 3.56938e14 ']) {
      expect(reasonFor(text)).toBe('scientific')
    }
    expect(parseImei('3.56938E+14').error?.text).toBe(
      'IMEI 3.56938E+14 is not complete: the spreadsheet shortened it. ' +
        'Change the format of the whole column to Text, type the full number again, then save the file',
    )
  })

  it('is refused with the reason when it is missing, too short, too long, not digits or mistyped', () => {
    expect(reasonFor('  ')).toBe('missing')
    expect(reasonFor('49015420323751')).toBe('wrong-length')
    expect(reasonFor('49015420323751812')).toBe('wrong-length')
    expect(reasonFor('49015420323751O')).toBe('not-digits')
    expect(reasonFor('490154203237518.0')).toBe('not-digits')
    expect(reasonFor('490154203237517')).toBe('wrong-check-digit')
    expect(reasonFor('000000000000000')).toBe('wrong-check-digit')
  })

  it('is accepted for any 14 digits followed by their check digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{13}$/), (fourteen) => {
        const imei = fourteen + luhnCheckDigit(fourteen)
        expect(parseImei(imei)).toEqual({ value: imei })
      }),
    )
  })

  it('is always an answer and never an exception, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => Boolean(parseImei(text).value ?? parseImei(text).error)),
    )
  })
})
