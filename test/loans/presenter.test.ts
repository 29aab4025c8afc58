import { describe, expect, it } from '@jest/globals'
import { borrowerName } from '../../src/loans/borrowers-rules.ts'
import { listInWords } from '../../src/loans/history-presenter.ts'
import { reviewSentence } from '../../src/loans/lend-presenter.ts'
import type { TakenRow } from '../../src/loans/lend-queries.ts'
import { type LoanShown, presentLoan } from '../../src/loans/presenter.ts'
import { whyTaken } from '../../src/loans/taken-presenter.ts'
import { whoTheyAre, whoUrl } from '../../src/loans/who-presenter.ts'

const today = '2026-08-03'
const now = new Date('2026-08-03T09:30:00Z')

const nobody = {
  service_user_id: null,
  service_user: null,
  ward_id: null,
  ward: null,
  staff_id: null,
  staff_member: null,
}

describe('who has it', () => {
  it.each([
    [{ ...nobody, service_user_id: 1, service_user: 'Ann Example' }, 'Ann Example', 'A service user'],
    [{ ...nobody, service_user_id: 1 }, 'A service user whose name is not shown', 'A service user'],
    [{ ...nobody, ward_id: 1, ward: 'Ash Ward' }, 'Ash Ward', 'Ash Ward'],
    [{ ...nobody, staff_id: 1, staff_member: 'Sam Staff' }, 'Sam Staff', 'Sam Staff'],
    [nobody, '', ''],
  ])('%#: by name to those who may see names, else by kind', (borrower, named, unnamed) => {
    expect([borrowerName(borrower, true), borrowerName(borrower, false)]).toEqual([named, unnamed])
  })
})

describe('why an item cannot be had', () => {
  const taken = (facts: Partial<TakenRow>): TakenRow => ({
    ...nobody,
    item_id: 1,
    tag: 'TAB-1',
    category: 'tablet',
    left_as: null,
    kind: 'loan',
    is_out: true,
    since: '2026-07-01 09:30:00+00',
    until: null,
    due_on: null,
    loan_id: 1,
    ...facts,
  })
  const ann = { service_user_id: 1, service_user: 'Ann Example' }

  it.each([
    [taken({ ...ann, due_on: '2026-09-25' }), 'Ann Example has TAB-1 since 1 July 2026, until 25 September 2026.'],
    [taken({ ...ann, due_on: today }), 'Ann Example has TAB-1 since 1 July 2026, until 3 August 2026.'],
    [taken({ ...ann, due_on: '2026-08-02' }), 'Ann Example has TAB-1 since 1 July 2026, and is 1 day late.'],
    [
      taken({ kind: 'booking', ward_id: 1, ward: 'Ash Ward', until: '2026-08-03 14:45:00+00' }),
      'Ash Ward has TAB-1 since 1 July 2026, until Monday 3 August 2026 at 3:45pm.',
    ],
    [taken({ kind: 'turnaround' }), 'TAB-1 came back and is being made ready since 1 July 2026.'],
    [taken({ kind: 'repair' }), 'TAB-1 is in repair since 1 July 2026.'],
    [taken({ left_as: 'lost', kind: 'gone', is_out: false, since: null }), 'TAB-1 is no longer ours.'],
    [taken({}), 'Someone has TAB-1 since 1 July 2026.'],
    [
      taken({ is_out: false, since: '2026-09-01 13:00:00+00', until: '2026-09-01 14:00:00+00' }),
      'TAB-1 is planned for someone else from Tuesday 1 September 2026 at 2pm until Tuesday 1 September 2026 at 3pm.',
    ],
    [
      taken({ ...ann, is_out: false, since: '2026-09-01 13:00:00+00', due_on: '2026-10-05' }),
      'TAB-1 is planned for Ann Example from Tuesday 1 September 2026 at 2pm until 5 October 2026.',
    ],
  ])('%#', (row, words) => {
    expect(whyTaken(row, today, true)).toBe(words)
  })

  it('names no person to those who may not know', () => {
    const row = taken({ ...ann, due_on: '2026-09-25' })
    expect(whyTaken(row, today, false)).toBe('A service user has TAB-1 since 1 July 2026, until 25 September 2026.')
  })
})

describe('the words of a loan', () => {
  it('say when the review is, and why it is not on the day that was asked for', () => {
    expect(reviewSentence('2026-08-04', '2026-08-04')).toBe('The review is on Tuesday 4 August 2026.')
    expect(reviewSentence('2026-08-08', '2026-08-10')).toBe(
      'Saturday 8 August 2026 is not a working day, so the review is on Monday 10 August 2026.',
    )
  })

  it('tell two people of one name apart', () => {
    const known = { date_of_birth: '1984-02-29', nhs_number: '9434765919' }
    expect(whoTheyAre(known)).toBe('Born 29 February 1984, NHS number 943 476 5919')
    expect(whoTheyAre({ date_of_birth: null, nhs_number: null })).toBe('Date of birth not known')
  })

  it('list things as people do', () => {
    expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listInWords)).toEqual(['', 'A', 'A and B', 'A, B and C'])
  })

  it('lead back to the question who it is for, with the items', () => {
    expect([whoUrl([]), whoUrl([3, 4])]).toEqual(['/loans/new', '/loans/new?item=3&item=4'])
  })
})

describe('the history of a loan', () => {
  const shown = (verb: string, details: unknown, staff_member: string | null = 'Chidi Champion'): LoanShown => ({
    data: null,
    loan: {
      id: 7,
      lent_at: '2026-07-27 09:30:00+00',
      version: 1,
      notes: '',
      referral_id: null,
      agreement_how: null,
      agreement_witness: null,
      lent_without_charger: false,
      unwiped_reason: null,
      carer: null,
      lender: 'Chidi Champion',
      lender_email: 'chidi@here.example',
      organisation: 'Here NHS Foundation Trust',
      agreement_number: null,
      onward_plan: null,
      visit_time: null,
      visit_place: '',
      agreement_body: null,
      ...nobody,
      ward_id: 1,
      ward: 'Ash Ward',
    },
    lines: [],
    events: [{ at: '2026-08-03 09:30:00+00', verb, staff_member, details, incident_id: null, correction: null }],
    today,
    now,
    mayChange: false,
    mayReport: false,
    mayRaise: false,
    maySeePerson: false,
    maySeeIncidents: false,
  })
  const sentence = (...given: Parameters<typeof shown>) => presentLoan(shown(...given)).history[0]?.text

  it.each([
    ['loan:lent', { items: ['A', 'B'], dueOn: '2026-10-26' }, 'lent A and B until 26 October 2026.'],
    [
      'loan:extended',
      { items: ['A'], dueOn: '2026-12-07', before: ['2026-10-26'] },
      'extended A until 7 December 2026 (it was 26 October 2026).',
    ],
    [
      'loan:extended',
      { items: ['A', 'B', 'C'], dueOn: '2026-12-07', before: ['2026-10-26', '2026-11-02', '2026-10-26'] },
      'extended A, B and C until 7 December 2026 (it was 26 October 2026 and 2 November 2026).',
    ],
    [
      'loan:returned',
      { items: ['A'], returnedAt: '2026-07-30T11:00:00.000Z' },
      'took back A, which came back on 30 July 2026.',
    ],
    ['loan:returned', { items: ['A'], returnedAt: '2026-08-03T09:30:00.000Z' }, 'took back A.'],
    ['loan:given', { items: ['A'] }, 'gave A to keep.'],
    ['loan:given', null, 'gave items to keep.'],
    ['incident:reported', { items: ['A', 'B'], kind: 'Stolen' }, 'reported A and B: stolen.'],
    ['incident:found', { items: ['A'] }, 'marked A as found.'],
    ['loan:something-new', { items: ['A'] }, 'did this: loan something new.'],
  ])('%s reads as a sentence', (verb, details, words) => {
    expect(sentence(verb, details)).toBe(`Chidi Champion ${words}`)
  })

  it('says so when nobody was signed in', () => {
    expect(sentence('loan:lent', { items: ['A'], dueOn: '2026-10-26' }, null)).toBe(
      'An import lent A until 26 October 2026.',
    )
  })

  it('has its time for people and for machines', () => {
    const [entry] = presentLoan(shown('loan:given', null)).history
    expect([entry?.at, entry?.datetime]).toEqual(['Monday 3 August 2026 at 10:30am', '2026-08-03T09:30:00.000Z'])
  })
})
