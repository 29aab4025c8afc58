import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Block, readBlocks, typedBlocks } from '../../src/guides/block-rules.ts'
import { chooseGuide, type GuideAsked } from '../../src/guides/choice-rules.ts'
import { languageFromWords, languages } from '../../src/guides/language-rules.ts'
import { pictureFile, pictures } from '../../src/guides/picture-rules.ts'
import { starterGuides } from '../../src/guides/starter-rules.ts'

const zoom = { id: 7, name: 'Zoom' }
const asked = (more: Partial<GuideAsked> = {}): GuideAsked => ({
  ...{ purpose: 'join-call', platform: null, needs: [], interpreter: null, language: '' },
  ...more,
})
const known = (id: number, more: object = {}) => ({
  ...{ id, purpose: 'join-call', platform_id: null, form: 'plain', language: 'en' },
  ...more,
})

const plain = known(1)
const easy = known(2, { form: 'easy-read' })
const plainOnZoom = known(3, { platform_id: 7 })
const welsh = known(4, { language: 'cy' })
const signed = known(5, { form: 'bsl' })
const all = [plain, easy, plainOnZoom, welsh, signed]

describe('The right guide', () => {
  it.each<[string, Partial<GuideAsked>, number, string, RegExp[]]>([
    ['nothing is known', {}, 1, 'plain', []],
    ['they need easy read', { needs: ['easy-read'] }, 2, 'easy-read', []],
    ['they need large print', { needs: ['large-print'] }, 1, 'large-print', []],
    ['they need easy read in large print', { needs: ['large-print', 'easy-read'] }, 2, 'large-easy-read', []],
    ['they need braille', { needs: ['braille'] }, 1, 'braille', [/order it/]],
    ['they sign', { language: 'British Sign Language', interpreter: 'signed' }, 5, 'bsl', []],
    ['they speak Welsh', { language: 'Cymraeg' }, 4, 'plain', []],
    ['they meet on Zoom', { platform: zoom }, 3, 'plain', []],
    [
      'they speak Polish',
      { language: 'Polish, some English' },
      1,
      'plain',
      [/no Polish version yet: this is the English/],
    ],
    ['we know no guide in that language', { language: 'Klingon' }, 1, 'plain', [/no Klingon version yet/]],
    [
      'they need audio',
      { needs: ['audio'] },
      1,
      'plain',
      [/no version in audio yet: this is the one in plain English/],
    ],
    ['Welsh and easy read', { language: 'Welsh', needs: ['easy-read'] }, 4, 'plain', [/no version in easy read yet/]],
    ['easy read and Zoom', { needs: ['easy-read'], platform: zoom }, 2, 'easy-read', [/no guide for Zoom yet/]],
  ])('where %s', (_, more, id, format, said) => {
    const chosen = chooseGuide(all, asked(more))
    expect([chosen?.guide.id, chosen?.format]).toEqual([id, format])
    expect(chosen?.said).toHaveLength(said.length)
    for (const [at, words] of said.entries()) expect(chosen?.said[at]).toMatch(words)
  })

  it('is never of another purpose or platform, and there is one whenever there is any', () => {
    const guides = fc.array(
      fc.record({
        id: fc.nat(50),
        purpose: fc.constantFrom('join-call', 'charging'),
        platform_id: fc.constantFrom(null, 7, 8),
        form: fc.constantFrom('plain', 'easy-read', 'audio', 'bsl'),
        language: fc.constantFrom('en', 'cy', 'pl'),
      }),
    )
    const needs = fc.subarray(['large-print', 'easy-read', 'braille', 'audio', 'sign-language'])
    fc.assert(
      fc.property(guides, needs, fc.constantFrom('', 'Polski', 'Welsh', 'Other'), (some, kinds, language) => {
        const chosen = chooseGuide(some, asked({ needs: kinds, language, platform: zoom }))
        const usable = some.filter((one) => one.purpose === 'join-call' && one.platform_id !== 8)
        if (usable.length === 0) return chosen === undefined
        const theirs = languageFromWords(language)?.code ?? 'en'
        const isRight = chosen?.guide.language === theirs || !usable.some((one) => one.language === theirs)
        const isSaid = language === '' || chosen?.guide.language === languageFromWords(language)?.code
        return (
          usable.includes(chosen!.guide) &&
          isRight &&
          isSaid === !chosen!.said.some((text) => /version yet: this is the \w+ one\./.test(text))
        )
      }),
    )
  })
})

describe('A guide as it is typed', () => {
  it('comes back as it was, whatever is in it', () => {
    const words = fc.stringMatching(/^[A-Za-z][A-Za-z <>&"{}]{0,30}[a-z]$/)
    const piece = fc.oneof(
      fc.record({ kind: fc.constant('heading' as const), text: words }),
      fc.record(
        {
          kind: fc.constantFrom('text' as const, 'step' as const),
          lines: fc.array(words, { minLength: 1, maxLength: 3 }),
          picture: fc.constantFrom(...(Object.keys(pictures) as (keyof typeof pictures)[])),
        },
        { requiredKeys: ['kind', 'lines'] },
      ),
    )
    fc.assert(
      fc.property(fc.array(piece as fc.Arbitrary<Block>, { maxLength: 20 }), (blocks) => {
        expect(readBlocks(typedBlocks(blocks))).toEqual({ blocks, wrong: [] })
      }),
    )
  })

  it.each([
    ['Picture: dragon\nHello', 'There is no picture “dragon”'],
    ['Picture: tap', 'Write what the picture “tap” goes with'],
    ['Heading: One\nTwo', 'Leave a line empty below the heading “One”'],
    ['x'.repeat(401), 'This line is too long'],
    [Array.from({ length: 61 }, (_, at) => `P${at}`).join('\n\n'), '60 pieces or fewer'],
  ])('is told what cannot be read of it: %.20s', (typed, told) => {
    expect(readBlocks(typed).wrong.join(' ')).toContain(told)
  })
})

/** Flesch and Kincaid's grade: 5 is what most children of 10 read. */
function gradeOf(text: string): number {
  const words = text.match(/[A-Za-z’-]+/g) ?? []
  const sentences = text.split(/[.!?:]+(?:\s|$)/).filter((one) => /[a-z]/i.test(one)).length
  const syllables = words.reduce(
    (sum, word) =>
      sum +
      Math.max(
        1,
        (
          word
            .toLowerCase()
            .replace(/e$/, '')
            .match(/[aeiouy]+/g) ?? []
        ).length,
      ),
    0,
  )
  return 0.39 * (words.length / sentences) + 11.8 * (syllables / words.length) - 15.59
}

describe('The guides that come with the service', () => {
  it.each(starterGuides.map((one) => [`${one.title}, ${one.form}`, one] as const))('%s', (_, { text, form }) => {
    const { blocks, wrong } = readBlocks(text)
    expect(wrong).toEqual([])
    const pieces = blocks.filter((block) => block.kind !== 'heading')
    if (form === 'easy-read') {
      expect(pieces.every(({ picture }) => picture !== undefined)).toBe(true)
      const longest = Math.max(...pieces.flatMap(({ lines }) => lines.map((line) => line.split(' ').length)))
      expect(longest).toBeLessThanOrEqual(12)
    }
    expect(gradeOf(pieces.flatMap(({ lines }) => lines).join(' '))).toBeLessThan(5)
  })

  it('are there in plain English and easy read alike, and every picture is drawn', () => {
    const of = (form: string) => starterGuides.filter((one) => one.form === form).map(({ title }) => title)
    expect(of('easy-read').sort()).toEqual(of('plain').sort())
    for (const name of Object.keys(pictures) as (keyof typeof pictures)[]) {
      expect(existsSync(new URL(`../../public/${pictureFile(name)}`, import.meta.url))).toBe(true)
    }
    expect(new Set(languages.map(({ code }) => code)).size).toBe(languages.length)
  })
})
