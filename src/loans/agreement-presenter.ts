import { formatDate, formatLongDate, londonDate } from '../lib/dates.ts'
import type { Page } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { isPlanned } from '../visits/rules.ts'
import { borrowerName } from './borrowers-rules.ts'
import type { LoanDetail, LoanLineRow } from './queries.ts'

export type AgreementPage = Page & {
  organisation: string
  borrower: string
  lentOn: string
  lender: string
  version: string
  items: { tag: string; what: string; serial: string; until: string }[]
  paragraphs: { heading: string | null; text: string }[]
  largePrintUrl: string | null
}

/** The agreement as it was accepted, on paper: what was borrowed, until when, and what both sides said yes to. */
export function presentAgreement(loan: LoanDetail, lines: LoanLineRow[], isLarge: boolean): AgreementPage {
  return {
    title: 'Loan agreement',
    back: { href: `/loans/${loan.id}`, text: `Loan ${loan.id}` },
    largePrint: isLarge,
    organisation: loan.organisation,
    borrower: borrowerName(loan, true),
    lentOn: formatLongDate(londonDate(lines.find(isPlanned)?.from_at ?? loan.lent_at)),
    lender: loan.lender === null ? 'Not recorded' : `${loan.lender}, ${loan.lender_email}`,
    version: `version ${loan.agreement_number}`,
    items: lines
      .filter((line) => line.cancelled_at === null)
      .map((line) => ({
        tag: line.tag,
        what: modelOf(line),
        serial: line.serial ?? line.imei ?? '',
        until: line.due_on === null ? 'Yours to keep' : formatDate(line.due_on),
      })),
    paragraphs: paragraphsOf(loan.agreement_body ?? ''),
    largePrintUrl: isLarge ? null : `/loans/${loan.id}/agreement?print=large`,
  }
}

/** Blank lines divide paragraphs; a first line on its own that ends without a full stop is its heading. */
export function paragraphsOf(body: string): { heading: string | null; text: string }[] {
  return body.split(/\n{2,}/).map((paragraph) => {
    const [first = '', ...rest] = paragraph.split('\n')
    const hasHeading = rest.length > 0 && !/[.!?]$/.test(first.trim())
    return hasHeading ? { heading: first, text: rest.join(' ') } : { heading: null, text: [first, ...rest].join(' ') }
  })
}
