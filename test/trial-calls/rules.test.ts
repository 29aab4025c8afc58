import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  answerNames,
  type Checklist,
  hasPassed,
  outcomeOf,
  type StepAnswer,
  stepIds,
  stepsFor,
  whatFollows,
} from '../../src/trial-calls/checklist-rules.ts'
import { parseResult, parseTrial } from '../../src/trial-calls/form.ts'
import { bestDay, timeProblems, trialState } from '../../src/trial-calls/rules.ts'
import { known, now, thing } from '../readiness/known.ts'

const all = (answer: StepAnswer, more: Partial<Checklist> = {}): Checklist => ({
  ...(Object.fromEntries(stepIds.map((id) => [id, answer])) as Checklist),
  ...more,
})

describe('What comes of a trial-run call', () => {
  it.each([
    ['passed', all('yes')],
    ['passed-with-help', all('yes', { got_in: 'with-help' })],
    ['passed-with-help', all('yes', { back_up: 'not-tried', light: 'no' })],
    ['not-passed', all('yes', { got_in: 'no' })],
    ['not-passed', all('yes', { charged: 'no' })],
    ['not-passed', all('not-tried')],
  ] as const)('is %s', (outcome, checklist) => {
    expect(outcomeOf(checklist, 'video')).toBe(outcome)
  })

  it('asks nothing on the phone that only a screen shows', () => {
    expect(stepsFor('phone').map(({ id }) => id)).not.toContain('seen')
    expect(outcomeOf(all('yes', { seen: null, light: null }), 'phone')).toBe('passed')
  })

  it('always has something to do for what did not work', () => {
    const anyAnswer = fc.constantFrom(...(Object.keys(answerNames) as StepAnswer[]))
    const anyList = fc.array(anyAnswer, { minLength: stepIds.length, maxLength: stepIds.length })
    fc.assert(
      fc.property(anyList, fc.constantFrom('video', 'phone'), (list, way) => {
        const checklist = Object.fromEntries(stepIds.map((id, at) => [id, list[at]])) as Checklist
        if (!hasPassed(outcomeOf(checklist, way))) expect(whatFollows(checklist, way).length).toBeGreaterThan(0)
      }),
    )
  })

  it('is read as it was ticked, and nothing is guessed', () => {
    const ticked = Object.fromEntries(stepIds.map((id) => [id, 'yes']))
    expect(parseResult(ticked, 'video').value).toMatchObject({ outcome: 'passed' })
    expect(parseResult({ ...ticked, heard: 'maybe', seen: '' }, 'video').errors).toEqual([
      { field: 'heard', text: 'Answer “Do you hear each other?”' },
      { field: 'seen', text: 'Answer “Do you see each other?”' },
    ])
    expect(parseResult({ reached: 'no' }, 'video').value).toMatchObject({ outcome: 'not-reached' })
  })
})

describe('The time of a trial-run call', () => {
  const at = (text: string, minutes = 30) => ({ startsAt: new Date(text), minutes })
  const problemOf = (time: ReturnType<typeof at>, facts = known({})) => timeProblems(time, facts, now)[0]?.text

  it('has its own message for each thing that is wrong with it', () => {
    expect(problemOf(at('2026-08-10T09:00:00Z'))).toBeUndefined()
    expect(problemOf(at('2026-08-03T09:00:00Z'))).toBe('The call must be in the future')
    expect(problemOf(at('2026-08-12T13:15:00Z'))).toBe(
      'The trial call must be over before the appointment begins, on Wednesday 12 August 2026 at 2:30pm. Choose a time before that, or move the appointment first',
    )
    const comes = { things: [thing('tablet', { is_in_hand: false, from_at: '2026-08-11T09:00:00+00:00' })] }
    expect(problemOf(at('2026-08-10T09:00:00Z'), known(comes))).toBe(
      'Their device comes on Tuesday 11 August 2026. Choose a time after that, or hand it over sooner',
    )
    expect(problemOf(at('2026-08-10T09:00:00Z'), known({ things: [...comes.things, thing('laptop')] }))).toBeUndefined()
  })

  it.each(['face-to-face', 'home-visit'])('is not asked for where they meet in person: %s', (way) => {
    expect(problemOf(at('2026-08-10T09:00:00Z'), known({ way }))).toContain('They meet in person')
  })

  it('is two working days before at the latest, after the device, or a short check on the day', () => {
    expect(bestDay(known({}), now)).toEqual({ day: '2026-08-03', isCheck: false })
    const comes = (day: string) => ({
      things: [thing('tablet', { is_in_hand: false, from_at: `${day}T09:00:00+00:00` })],
    })
    expect(bestDay(known(comes('2026-08-06')), now)).toEqual({ day: '2026-08-07', isCheck: false })
    expect(bestDay(known(comes('2026-08-11')), now)).toEqual({ day: '2026-08-12', isCheck: true })
    expect(bestDay(known({ starts_at: '2026-08-04T13:30:00+00:00' }), now)).toEqual({
      day: '2026-08-04',
      isCheck: true,
    })
  })

  it('is read in the time of London, with what is missing said at its field', () => {
    const body = { 'on-day': '10', 'on-month': '8', 'on-year': '2026', at: '14:30', length: '30', champion: '4' }
    expect(parseTrial(body).value).toMatchObject({ startsAt: new Date('2026-08-10T13:30:00Z'), minutes: 30 })
    expect(parseTrial({}).errors?.map(({ field }) => field)).toEqual(['on', 'at', 'length', 'champion'])
  })
})

describe('A trial-run call', () => {
  const call = {
    ...{ starts_at: '2026-08-10T09:00:00+00:00', ends_at: '2026-08-10T09:30:00+00:00', cancelled_at: null },
    ...{ outcome: null, appointment_at: '2026-08-12T13:30:00+00:00' },
  }

  it('stands where its times and its result say', () => {
    expect(trialState(call, now)).toBe('to-come')
    expect(trialState(call, new Date('2026-08-10T09:10:00Z'))).toBe('under-way')
    expect(trialState(call, new Date('2026-08-10T09:30:00Z'))).toBe('waiting')
    expect(trialState({ ...call, outcome: 'not-passed' }, now)).toBe('not-passed')
    expect(trialState({ ...call, cancelled_at: '2026-08-03T09:00:00+00:00' }, now)).toBe('cancelled')
  })

  it('comes too late once its appointment is moved before it', () => {
    expect(trialState({ ...call, appointment_at: '2026-08-10T09:15:00+00:00' }, now)).toBe('too-late')
  })
})
