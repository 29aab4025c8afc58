import type { Request, Response } from 'express'
import { londonMidnightAfter } from '../lib/dates.ts'
import { type Parsed, rejected } from '../lib/fields.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { findByCode } from '../scan/queries.ts'
import { may } from '../web/access.ts'
import { context } from '../web/context.ts'
import { get, post } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { borrowerRoutes } from './borrower-routes.ts'
import { correctDate } from './date-actions.ts'
import { type DateForm, type ItemForm, parseDate, parseItem, parseReturn } from './form.ts'
import { readCorrected, readLoan, saveCorrection, showForm } from './form-routes.ts'
import { correctItem } from './item-actions.ts'
import { presentChoices, presentDateForm, presentItemForm, presentReturnForm, reviewMoved } from './presenter.ts'
import type { Claim } from './queries.ts'
import { undoReturn } from './return-actions.ts'
import { claimOf, type LineFacts, momentOn } from './rules.ts'

export const correctionRoutes = [
  get('/loans/:id/corrections', 'loan:write', showChoices),
  get('/loans/:id/corrections/date', 'loan:write', showForm(presentDateForm)),
  post('/loans/:id/corrections/date', 'loan:write', saveDate),
  get('/loans/:id/corrections/item', 'loan:write', showForm(presentItemForm)),
  post('/loans/:id/corrections/item', 'loan:write', saveItem),
  get('/loans/:id/corrections/return', 'loan:write', showForm(presentReturnForm)),
  post('/loans/:id/corrections/return', 'loan:write', saveReturn),
  ...borrowerRoutes,
]

async function showChoices(req: Request, res: Response): Promise<void> {
  const loan = await readLoan(req)
  renderPage(res, 'corrections/choices', presentChoices(loan, may(context(req).actor, 'incident:read')))
}

function saveDate(req: Request, res: Response): Promise<void> {
  return saveCorrection(req, res, parseDate(req.body), {
    present: presentDateForm,
    field: 'right',
    work: async (change, loanId, value) => {
      const day = await correctDate(change, { ...value, loanId })
      return { loanId, said: `The date is corrected.${reviewMoved(value.day, day)}` }
    },
    claims: claimsOfDate,
  })
}

function claimsOfDate({ kind, day, lineIds }: DateForm, lines: LineFacts[], now: Date): Claim[] {
  const chosen = lines.filter((line) => lineIds.includes(line.id))
  if (kind === 'lent') return chosen.map((line) => ({ ...claimOf(line), from: momentOn(day, null, now) }))
  const until = kind === 'review' ? londonMidnightAfter(nextWorkingDay(day)) : momentOn(day, null, now)
  return chosen.map((line) => ({
    ...claimOf(line),
    ...(kind === 'returned' && { until }),
    plannedUntil: until,
  }))
}

async function saveItem(req: Request, res: Response): Promise<void> {
  const form = await withItem(req, parseItem(req.body))
  return saveCorrection(req, res, form, {
    present: presentItemForm,
    field: 'code',
    work: async (change, loanId, value) => {
      const { wrong, right } = await correctItem(change, { ...value, loanId })
      return { loanId, said: `The item is corrected: it is ${right}, and not ${wrong}.` }
    },
    claims: ({ lineId, itemId }, lines) =>
      lines.filter((line) => line.id === lineId).map((line) => ({ ...claimOf(line), itemId })),
  })
}

/** Which item was meant by what was scanned or typed. */
async function withItem(req: Request, form: Parsed<ItemForm>): Promise<Parsed<ItemForm & { itemId: number }>> {
  if (form.errors) return form
  const { db, actor } = context(req)
  const { code } = form.value
  const { items } = await findByCode(db, actor, code)
  const [item] = items
  if (item && items.length === 1) return { ...form, value: { ...form.value, itemId: item.id } }
  const text = item
    ? `Several items have this number. Type the asset tag of one: ${items.map(({ tag }) => tag).join(', ')}`
    : `No item has the tag or number ${code}. Check it against the label`
  return rejected([{ field: 'code', text }], form.values)
}

async function saveReturn(req: Request, res: Response): Promise<void> {
  const { lines } = await readCorrected(req)
  return saveCorrection(req, res, parseReturn(req.body, lines), {
    present: presentReturnForm,
    field: 'line',
    work: async (change, loanId, value) => {
      const tags = await undoReturn(change, { ...value, loanId })
      return { loanId, said: `On loan again, as if it had never come back: ${tags.join(', ')}.` }
    },
    claims: ({ lineIds, dueOn }, now) =>
      now
        .filter((line) => lineIds.includes(line.id))
        .map((line) => {
          const due = line.due_on ?? dueOn
          const plannedUntil = due === null ? null : londonMidnightAfter(due)
          return { itemId: line.item_id, from: line.ended_at ?? line.from_at, until: null, plannedUntil }
        }),
  })
}
