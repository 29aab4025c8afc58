import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, type Parsed, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { findLoan, type LoanDetail } from '../loans/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { lineIdsOf } from './form.ts'
import { type CorrectionPage, type CorrectionShown, inTheWayInWords } from './presenter.ts'
import { type Claim, listInTheWay, listLineFacts } from './queries.ts'
import type { LineFacts } from './rules.ts'

export const FORM = 'corrections/correction'

/** The loan of this address. Another organisation's: not found. */
export async function readLoan(req: Request): Promise<LoanDetail> {
  const { db, actor } = context(req)
  const loan = await findLoan(db, actor, idFrom(req))
  if (!loan) throw new NotFound()
  return loan
}

/** The loan of this address with what can be corrected of it. Another organisation's: not found. */
export async function readCorrected(req: Request): Promise<{ loan: LoanDetail; lines: LineFacts[]; today: string }> {
  const { db, actor, now } = context(req)
  // read first: what throws between two questions leaves the first one's refusal with nobody to hear it
  const id = idFrom(req)
  const [loan, lines] = await Promise.all([readLoan(req), listLineFacts(db, actor, id)])
  return { loan, lines, today: londonToday(now) }
}

/** A loan to a person is part of their record, and every form of it says whose it is. */
export async function recordView(req: Request, loan: Pick<LoanDetail, 'id' | 'service_user_id'>): Promise<void> {
  if (loan.service_user_id === null) return
  await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan.id], serviceUserId: loan.service_user_id })
}

export type Present = (shown: CorrectionShown) => CorrectionPage

export function showForm(present: Present) {
  return async (req: Request, res: Response): Promise<void> => {
    const shown = await readCorrected(req)
    await recordView(req, shown.loan)
    renderPage(res, FORM, present(shown))
  }
}

export interface Attempt<T> {
  present: Present
  /** The field that a broken rule is about. */
  field: string
  work: (change: Change, loanId: number, value: T) => Promise<{ loanId: number; said: string }>
  /** When which items are wanted, to say who has them then. */
  claims: (value: T, lines: LineFacts[], now: Date) => Claim[]
  wardId?: number | null
}

/** Corrects and goes to the loan; or shows the form again with what stands in the way. */
export async function saveCorrection<T>(req: Request, res: Response, form: Parsed<T>, attempt: Attempt<T>) {
  const again = { values: form.values, ticked: lineIdsOf(req.body), version: versionOf(req.body) }
  const show = async (errors: FieldError[], status: 409 | 422, version = again.version) =>
    showAgain(res, FORM, attempt.present({ ...(await readCorrected(req)), ...again, version, errors }), status)
  if (form.errors) return show(form.errors, 422)
  try {
    const { loanId, said } = await inTransaction(req, (change) => attempt.work(change, idFrom(req), form.value))
    req.session.flash = said
    res.redirect(303, `/loans/${loanId}`)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    if (error instanceof Stale) {
      const { loan } = await readCorrected(req)
      const text = 'Someone changed this loan after you opened it. Check what stands here now and send it again.'
      return show([{ field: attempt.field, text }], 409, loan.version)
    }
    const texts = error instanceof Taken ? await whyTaken(req, error, form.value, attempt) : [error.message]
    return show(
      texts.map((text) => ({ field: attempt.field, text })),
      409,
    )
  }
}

async function whyTaken<T>(req: Request, error: Taken, value: T, { claims, wardId = null }: Attempt<T>) {
  if (error.constraint === 'item_used_from_the_pool') {
    return ['The ward lent it on or used it while it had it, so it was in the ward’s pool for that time.']
  }
  const { db, actor, now } = context(req)
  const { lines } = await readCorrected(req)
  const except = {
    lineIds: lines.map((line) => line.id),
    benchIds: lines.flatMap((line) => line.bench_id ?? []),
  }
  const rows = await listInTheWay(db, actor, claims(value, lines, now), { except, wardId })
  const reasons = rows.map(inTheWayInWords)
  return reasons.length > 0 ? reasons : ['Somebody else has it, or is to have it, in that time.']
}
