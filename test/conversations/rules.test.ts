import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { evidence } from '../../src/conversations/evidence-rules.ts'
import { factors } from '../../src/conversations/factor-rules.ts'
import {
  type Answer,
  becauseOf,
  contradictions,
  contradictionsIn,
  flagsOf,
  isConcern,
  standingAnswers,
  whatShutsOut,
} from '../../src/conversations/flag-rules.ts'
import { parts, questionNamed, questions } from '../../src/conversations/question-rules.ts'
import { isStep, steps } from '../../src/conversations/step-rules.ts'

let ids = 0
/** Somebody said this, a day after what was said before unless the day is given. */
function said(question: string, chosen: string | string[], more: Partial<Answer> = {}): Answer {
  ids += 1
  const values = [chosen].flat()
  const day = new Date(Date.UTC(2026, 0, ids)).toISOString().slice(0, 10)
  const asked = questionNamed(question)
  return {
    ...{ id: ids, conversation_id: ids, question, chosen: values, said_on: day, clears: false },
    is_concern: asked !== undefined && isConcern(asked, values),
    ...more,
  }
}

const levelOf = (answers: Answer[], id: string) => flagsOf(answers).find(({ factor }) => factor.id === id)?.level
const told = (answers: Answer[]) => flagsOf(answers).map((flag) => [flag.factor.id, flag.level, becauseOf(flag)])

/** Any answer that a form can give, of any day of three years, in no order; and what a form cannot give. */
const anyAnswer = fc
  .record({
    question: fc.constantFrom(...questions.map(({ id }) => id), 'never-asked'),
    pick: fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }),
    odd: fc.option(fc.string(), { freq: 10 }),
    day: fc.nat(1000),
    clears: fc.boolean(),
  })
  .map(({ question, pick, odd, day, clears }) => {
    const choices = questionNamed(question)?.options ?? []
    const chosen = odd === null ? pick.flatMap((at) => choices[at % Math.max(choices.length, 1)]?.value ?? []) : [odd]
    const answer = said(question, chosen, { said_on: new Date(Date.UTC(2024, 0, day + 1)).toISOString().slice(0, 10) })
    return { ...answer, clears: clears && Boolean(questionNamed(question)?.isSafety) && !answer.is_concern }
  })
const anyAnswers = fc.array(anyAnswer, { maxLength: 25 })

describe('The flags', () => {
  it('depend on the newest answered value of each question only', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const newest = [...standingAnswers(answers).values()]
        expect(told(newest)).toEqual(told(answers))
        for (const answer of newest.filter((one) => !questionNamed(one.question)?.isSafety)) {
          const others = answers.filter((one) => one.question === answer.question && one !== answer)
          expect(others.every((one) => one.said_on <= answer.said_on)).toBe(true)
        }
      }),
    )
  })

  it('are the same in whatever order the answers came', () => {
    const shuffled = anyAnswers.chain((answers) =>
      fc.tuple(
        fc.constant(answers),
        fc.shuffledSubarray(answers, { minLength: answers.length, maxLength: answers.length }),
      ),
    )
    fc.assert(fc.property(shuffled, ([answers, other]) => expect(told(other)).toEqual(told(answers))))
  })

  it('know nothing of what was not asked, and never make a barrier of it', () => {
    expect(new Set(flagsOf([]).map(({ level }) => level))).toEqual(new Set(['not-known']))
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const answered = new Set(answers.filter(({ chosen }) => chosen.length > 0).map(({ question }) => question))
        for (const { factor, level, from } of flagsOf(answers)) {
          if (!factor.asks.some((question) => answered.has(question))) expect([level, from]).toEqual(['not-known', []])
          if (level === 'barrier' || level === 'risk') expect(from.length).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('never refuse: every barrier and risk comes with something for us to do, and there is no total', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const flags = flagsOf(answers)
        expect(flags.map(({ factor }) => factor.id).sort()).toEqual(factors.map(({ id }) => id).sort())
        for (const flag of flags) {
          expect(Object.keys(flag).sort()).toEqual(['factor', 'from', 'level', 'says', 'steps'])
          expect(['barrier', 'risk', 'fine', 'not-known']).toContain(flag.level)
          expect(flag.steps.every(isStep)).toBe(true)
        }
        for (const flag of whatShutsOut(flags)) expect(flag.steps.length).toBeGreaterThan(0)
      }),
    )
  })

  it('make nothing of somebody who chooses face to face or a visit at home', () => {
    for (const way of ['face-to-face', 'home-visit']) {
      fc.assert(
        fc.property(anyAnswers, (answers) => {
          const others = answers.filter(({ question }) => question !== 'way')
          expect(told([...others, said('way', way)])).toEqual(told(others))
          expect(contradictionsIn([...others, said('way', way)])).toEqual(contradictionsIn(others))
        }),
      )
      expect(whatShutsOut(flagsOf([said('way', way)]))).toEqual([])
    }
    expect(factors.some(({ asks }) => asks.includes('way'))).toBe(false)
  })

  it('come the most urgent first, and within that as the table has them', () => {
    const flags = flagsOf([said('coming', 'cost'), said('device', 'none'), said('interest', 'unsure')])
    expect(flags.slice(0, 3).map(({ factor }) => factor.id)).toEqual(['device', 'coming', 'interest'])
  })

  it('say all that is as urgent, and do the rest too', () => {
    const [flag] = flagsOf([said('senses', ['hands', 'seeing', 'hearing'])])
    expect(flag?.says).toEqual(['Seeing a screen is hard', 'Hearing a call is hard'])
    expect(flag?.steps).toEqual(['adapt', 'guide', 'interpreter', 'training'])
  })

  it('leave the choice of no video to the person', () => {
    expect(levelOf([said('interest', 'no')], 'interest')).toBe('fine')
  })
})

describe('An answer about safety', () => {
  it('holds until somebody clears it by name, whatever is answered later', () => {
    const no = said('private-place', 'no')
    const later = said('private-place', 'always')
    expect(levelOf([no, later], 'private-place')).toBe('barrier')
    expect(levelOf([no, later, said('private-place', 'always', { clears: true })], 'private-place')).toBe('fine')
    expect(levelOf([no, said('private-place', 'sometimes')], 'private-place')).toBe('risk')
  })

  it('is only ever cleared by an answer that clears, and comes back with a new one', () => {
    const safety = questions.filter(({ isSafety }) => isSafety).map(({ id }) => id)
    expect(safety).toEqual(['private-place', 'messages'])
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        for (const question of safety) {
          const about = answers.filter((one) => one.question === question)
          const concerns = about.filter((one) => one.is_concern)
          const standing = standingAnswers(about).get(question)
          if (concerns.length === 0 || standing?.is_concern) continue
          const isAfter = (one: Answer, other: Answer) =>
            one.said_on > other.said_on || (one.said_on === other.said_on && one.id > other.id)
          const clearing = about.filter((one) => one.clears)
          expect(concerns.every((one) => clearing.some((other) => isAfter(other, one)))).toBe(true)
        }
      }),
    )
  })
})

describe('A contradiction', () => {
  it('is asked about, and both answers stand', () => {
    const answers = [said('way', 'video'), said('interest', 'no')]
    expect(contradictionsIn(answers).map(({ ask }) => ask)).toEqual([
      'They would most like to meet by video, and would rather not use video.',
    ])
    expect([...standingAnswers(answers).keys()]).toEqual(['way', 'interest'])
    expect(contradictionsIn([...answers, said('interest', 'yes')])).toEqual([])
  })

  it('is made of answers that there are', () => {
    for (const [question, value] of contradictions.flatMap(({ between }) => between)) {
      expect(questionNamed(question)?.options.map((option) => option.value)).toContain(value)
    }
  })
})

describe('The tables', () => {
  it('cite evidence that is written down, word for word', () => {
    const rows = readFileSync('docs/evidence.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| [0-9A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
    const written = new Map(rows.map(([, row, found]) => [row, found]))
    expect(Object.entries(evidence).map(([row]) => [row, written.get(row)])).toEqual(Object.entries(evidence))
    for (const factor of factors) expect([...written.keys()]).toContain(factor.evidence)
  })

  it('ask eight questions first, each question once, and know what each answer means', () => {
    expect(parts[0]?.questions).toHaveLength(8)
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
    const meant = factors.flatMap(({ asks, when, otherwise }) => asks.map((id) => ({ id, when, otherwise })))
    for (const { id, when, otherwise } of meant) {
      const values = questionNamed(id)?.options.map(({ value }) => value) ?? []
      expect([id, values.filter((value) => !otherwise && !Object.hasOwn(when, value))]).toEqual([id, []])
      expect(values.length).toBeGreaterThan(0)
    }
    // what is only told, or only a choice
    expect(questions.filter((one) => !factors.some(({ asks }) => asks.includes(one.id))).map((one) => one.id)).toEqual([
      'way',
      'in-person',
      'own-words',
    ])
  })

  it('have a use for every step and every piece of evidence', () => {
    const meanings = factors.flatMap(({ when, otherwise }) => [
      ...Object.values(when),
      ...(otherwise ? [otherwise] : []),
    ])
    expect(
      Object.keys(steps).filter((step) => !meanings.some((one) => one.steps.some((other) => other === step))),
    ).toEqual([])
    const cited = new Set<string>(factors.map((factor) => factor.evidence))
    expect(Object.keys(evidence).filter((row) => !cited.has(row))).toEqual([])
  })
})
