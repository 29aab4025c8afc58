import { formatInstant, formatShortInstant } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { Page, RadiosField } from '../lib/view-model.ts'
import type { LoanForCheckIns } from './queries.ts'
import { type Answer, answers } from './rules.ts'

export type AskedPage = Page & { action: string; answers: { value: string; text: string }[] }

/** For anybody who holds the link: it tells nothing about anybody, and asks one thing. */
export function presentQuestion(token: string): AskedPage {
  return {
    title: 'How is it going?',
    action: `/how-is-it-going/${token}`,
    answers: Object.entries(answers).map(([value, text]) => ({ value, text })),
  }
}

export const thanks = {
  title: 'Thank you',
  lines: ['Your answer is with us. If something is wrong, somebody gets in touch in the way you agreed.'],
}

export const deadQuestion = {
  title: 'This link does not work any more',
  lines: [
    'It was used already, or it is too old. You do not have to do anything.',
    'If you would like to talk, ring us as you usually do.',
  ],
}

export type CheckInsPage = Page & {
  name: string
  lead: string
  wish: { action: string; mayAsk: RadiosField }
  entries: { text: string; seen: string; followUp: string | null }[]
}

/** Whether somebody may be asked how it is going with a loan, and what they answered. */
export function presentCheckIns(loan: LoanForCheckIns, errors: FieldError[] = []): CheckInsPage {
  const { id, may_ask, wish_at, wish_by } = loan
  const url = `/loans/${id}/check-ins`
  const fields = formFields({ values: { 'may-ask': may_ask === null ? '' : may_ask ? 'yes' : 'no' }, errors })
  const yesNo = [
    { value: 'yes', text: 'Yes' },
    { value: 'no', text: 'No' },
  ]
  return {
    title: 'How is it going?',
    name: loan.service_user,
    errors,
    back: { href: `/loans/${id}`, text: `Loan ${id}` },
    lead:
      wish_at === null
        ? 'Nobody has asked them yet whether we may. Until then nothing is sent.'
        : `${wish_by ?? 'Somebody'} wrote this down on ${formatInstant(wish_at)}.`,
    wish: {
      action: url,
      mayAsk: fields.radios('may-ask', 'May we email them after 2 and 6 weeks, to ask how it is going?', yesNo, {
        hint: 'They answer with one tap. The email says nothing about us or about them',
        inline: true,
      }),
    },
    entries: loan.check_ins.map((one) => ({
      text: `Asked after ${one.week} weeks, ${formatShortInstant(one.asked_at)}: ${answerWords(one)}`,
      seen:
        one.seen_at === null ? '' : `${one.seen_by ?? 'Somebody'} followed it up, ${formatShortInstant(one.seen_at)}`,
      followUp: one.answer !== null && one.seen_at === null ? `${url}/${one.id}` : null,
    })),
  }
}

function answerWords({ answer, answered_at }: LoanForCheckIns['check_ins'][number]): string {
  if (answer === null || answered_at === null) return 'no answer yet'
  return `“${answers[answer as Answer]}”, ${formatShortInstant(answered_at)}`
}
