import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cleanCode, cleanLine, cleanPhone, cleanText, codeKey, isEmail, isLongerThan } from '../../src/lib/text.ts'

const anything = fc.string({ unit: 'binary', maxLength: 60 })
const cleaners = [cleanText, cleanLine, cleanCode]

describe('what people type', () => {
  it('loses NUL and other control characters, and spaces at its ends', () => {
    for (const clean of cleaners) {
      expect(clean(' \u0000Ti\u0007na\u001b\u007f\u009b ')).toBe('Tina')
      expect(clean('\u00a0iPad\u2003 9\t')).toBe('iPad 9')
    }
  })

  it('keeps the lines of a note, and makes one line of a name', () => {
    expect(cleanText('One \r\n two\rthree\u2028four\n\n\n\n five')).toBe('One\ntwo\nthree\nfour\n\nfive')
    expect(cleanLine('Ana\r\nBcc: all@example.org')).toBe('Ana Bcc: all@example.org')
  })

  it('is the same when it looks the same: é as one character or as two', () => {
    for (const clean of cleaners) {
      expect(clean('Rene\u0301')).toBe('Ren\u00e9')
      expect(clean('Rene\u0000\u0301')).toBe('Ren\u00e9')
    }
  })

  it('keeps the joiners a name needs, and loses everything unseen in a code', () => {
    expect(cleanLine('می\u200cخواهم')).toBe('می\u200cخواهم')
    expect(cleanCode('\u202eTAB\u200b-0\u00ad01\u2066\ufeff')).toBe('TAB-001')
    expect(cleanCode('A\u200b \u200bB')).toBe('A B')
  })

  it('counts as empty when it is not text', () => {
    for (const value of [undefined, null, 5, ['a', 'b'], { a: 'b' }, true]) {
      for (const clean of cleaners) expect(clean(value)).toBe('')
    }
  })

  it('has half a character replaced, which no database could hold', () => {
    for (const clean of cleaners) expect(clean('a\ud83d')).toBe('a\ufffd')
  })

  it('is clean after being cleaned once, whatever it was', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const clean of cleaners) {
          const once = clean(text)
          expect(clean(once)).toBe(once)
          expect(once).toBe(once.trim())
          expect(/[^\P{Cc}\n]/u.test(once)).toBe(false)
        }
      }),
    )
  })
})

describe('a code', () => {
  it('is the same in capitals, small letters and with spaces around it', () => {
    expect(codeKey(' tab-001')).toBe(codeKey('TAB-001 '))
    expect(codeKey('tab-001')).not.toBe(codeKey('tab-0011'))
    expect(cleanCode(' Tab-001 ')).toBe('Tab-001')
  })
})

describe('the length of a text', () => {
  it('counts characters, not the halves some are stored in', () => {
    expect(isLongerThan('😀😀😀', 3)).toBe(false)
    expect(isLongerThan('😀😀😀😀', 3)).toBe(true)
    expect(isLongerThan('', 0)).toBe(false)
    expect(isLongerThan('a', 0)).toBe(true)
  })

  it('agrees with counting them all', () => {
    fc.assert(
      fc.property(anything, fc.nat({ max: 60 }), (text, most) => isLongerThan(text, most) === [...text].length > most),
    )
  })
})

describe('an email address', () => {
  it('is taken in the forms people have', () => {
    const good = [
      'champion@demo.example',
      "ann.o'neil+loans@nhs.net",
      'a@b.co',
      'x_y@sub.trust.nhs.uk',
      'a@xn--bcher-kva.example',
    ]
    for (const email of good) expect({ email, is: isEmail(email) }).toEqual({ email, is: true })
  })

  it('is refused when it could add a recipient or a header, or is not one plain address', () => {
    const bad = [
      '',
      'a',
      '@b.co',
      'a@',
      'a@b',
      'a@b.c',
      'a b@c.org',
      'a@b.org,c@d.org',
      'a@b.org;c@d.org',
      'a@b.org\r\nBcc: c@d.org',
      'a@b.org\n',
      'a@b.org ',
      '"a b"@c.org',
      '"a@b.org"@c.org',
      'Ann <a@b.org>',
      'a(note)@b.org',
      'a@b@c.org',
      'a@[127.0.0.1]',
      'a@127.0.0.1',
      '.a@b.org',
      'a.@b.org',
      'a..b@c.org',
      'a@-b.org',
      'a@b-.org',
      'a@b..org',
      'a@.b.org',
      'a@b.org.',
      'a\u0000@b.org',
      'á@b.org',
      'a@bü.org',
      `${'a'.repeat(65)}@b.org`,
      `a@${'b'.repeat(64)}.org`,
      `a@${'b.'.repeat(130)}org`,
    ]
    for (const email of bad) expect({ email, is: isEmail(email) }).toEqual({ email, is: false })
  })

  it('is decided quickly, however long the text', () => {
    const started = process.threadCpuUsage()
    for (const text of ['a@'.repeat(50_000), `${'a.'.repeat(50_000)}@`, `a@${'a-'.repeat(50_000)}`]) isEmail(text)
    const { user, system } = process.threadCpuUsage(started)
    expect(user + system).toBeLessThan(200_000)
  })
})

describe('a phone number', () => {
  it('is kept as typed, and made the same however it is written', () => {
    const ways = [
      '07700 900123',
      '+44 7700 900123',
      '0044 7700 900 123',
      '+44 (0)7700 900123',
      '(07700) 900-123',
      '07700.900.123',
    ]
    for (const typed of ways)
      expect(cleanPhone(` ${typed} `)).toEqual({ value: { typed, normalised: '+447700900123' } })
  })

  it('may be a landline, also one with a digit less, or abroad', () => {
    expect(cleanPhone('020 7946 0018').value?.normalised).toBe('+442079460018')
    expect(cleanPhone('016977 3999').value?.normalised).toBe('+44169773999')
    expect(cleanPhone('0800 123456').value?.normalised).toBe('+44800123456')
    expect(cleanPhone('+353 20 912 1234').value?.normalised).toBe('+353209121234')
    expect(cleanPhone('00 33 1 99 00 12 34').value?.normalised).toBe('+33199001234')
  })

  it('is refused when a spreadsheet dropped its first 0 or shortened it', () => {
    expect(cleanPhone('7700900123').error).toEqual({
      reason: 'lost-zero',
      text: 'Phone number must begin with 0 or +44. Did the first 0 of 7700900123 get lost?',
    })
    expect(cleanPhone('4.477E+11').error?.reason).toBe('scientific')
  })

  it('is refused when it is missing or nobody could ring it', () => {
    expect(cleanPhone(undefined).error?.reason).toBe('missing')
    for (const text of [
      '999',
      '0770090012',
      '077009001234',
      '04700 900123',
      '+44',
      '+44 123',
      'none',
      '01632 960001 ext 12',
      '+0123456789',
      '07700900123 or 07700900124',
      '+1234567890123456',
    ]) {
      expect({ text, reason: cleanPhone(text).error?.reason }).toEqual({ text, reason: 'not-a-phone-number' })
    }
  })

  it('gives the same number again from what it was made into', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0[1-35789][0-9]{9}$/), (typed) => {
        const normalised = cleanPhone(typed).value?.normalised ?? ''
        expect(cleanPhone(normalised).value?.normalised).toBe(normalised)
      }),
    )
  })
})
