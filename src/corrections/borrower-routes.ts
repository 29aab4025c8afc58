import type { Request, Response } from 'express'
import { fieldText } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import type { Borrower } from '../loans/actions.ts'
import { listStaff } from '../loans/lend-queries.ts'
import { findServiceUser, listSimilarNames, searchServiceUsers } from '../service-users/queries.ts'
import { listWards } from '../wards/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { correctBorrower } from './borrower-actions.ts'
import { borrowerAsked, parseBorrower } from './form.ts'
import { FORM, readCorrected, readLoan, recordView, saveCorrection } from './form-routes.ts'
import { presentBorrowerForm } from './presenter.ts'
import { claimOf } from './rules.ts'
import { presentWho, whoTheyAre } from './who-presenter.ts'

declare module 'express-session' {
  interface SessionData {
    /** What was last typed to find who had a loan in truth: a name may not stand in an address. */
    correctionSearch?: string
  }
}

export const borrowerRoutes = [
  get('/loans/:id/corrections/borrower', 'loan:write', showBorrower),
  post('/loans/:id/corrections/borrower', 'loan:write', saveBorrower),
  post('/loans/:id/corrections/borrower/people', 'loan:write', askPeople),
  get('/loans/:id/corrections/borrower/people', 'loan:write', showPeople),
]

const WHO = 'corrections/who'
const MOST_PEOPLE = 20
const SIMILAR_NAMES = 10

/** First who it was; with that in the address, what of the loan, and why. */
async function showBorrower(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.query)
  if (!asked) return renderPage(res, WHO, await whoPage(req))
  const [shown, who] = await Promise.all([readCorrected(req), findBorrower(req, asked)])
  await recordView(req, shown.loan)
  if (asked.kind === 'service-user') {
    await recordInAudit(req, {
      verb: 'service-user:viewed',
      subject: ['service-user', asked.id],
      serviceUserId: asked.id,
    })
  }
  renderPage(res, FORM, presentBorrowerForm(shown, who))
}

async function whoPage(req: Request, more: Partial<Parameters<typeof presentWho>[0]> = {}) {
  const { db, actor } = context(req)
  const [loan, wards, staff] = await Promise.all([readLoan(req), listWards(db, actor), listStaff(db, actor)])
  return presentWho({ loanId: loan.id, wards, staff, ...more })
}

type Asked = NonNullable<ReturnType<typeof borrowerAsked>>

async function findBorrower(req: Request, asked: Asked) {
  const { db, actor } = context(req)
  if (asked.kind === 'service-user') {
    const person = await findServiceUser(db, actor, asked.id)
    if (!person) throw new NotFound()
    return { ...asked, name: person.name, who: whoTheyAre(person) }
  }
  const rows = asked.kind === 'ward' ? await listWards(db, actor) : await listStaff(db, actor)
  const row = rows.find(({ id }) => id === asked.id)
  if (!row) throw new NotFound()
  return { ...asked, name: row.name, who: null }
}

async function askPeople(req: Request, res: Response): Promise<void> {
  const search = fieldText(req.body, 'search').slice(0, 200)
  if (search === '') {
    const errors = [{ field: 'search', text: 'Enter a name, an NHS number or a phone number' }]
    return showAgain(res, WHO, await whoPage(req, { errors }))
  }
  const loan = await readLoan(req)
  req.session.correctionSearch = search
  res.redirect(303, `/loans/${loan.id}/corrections/borrower/people`)
}

async function showPeople(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const search = req.session.correctionSearch
  if (!search) return res.redirect(303, `/loans/${idFrom(req)}/corrections/borrower`)
  const loan = await readLoan(req)
  const exact = await searchServiceUsers(db, actor, search, MOST_PEOPLE)
  const areSimilar = exact.length === 0
  const people = areSimilar ? await listSimilarNames(db, actor, search, SIMILAR_NAMES) : exact
  const found = { people, areSimilar, limit: MOST_PEOPLE }
  await recordInAudit(req, { verb: 'service-user:searched' })
  renderPage(res, WHO, presentWho({ loanId: loan.id, wards: [], staff: [], search, found }))
}

async function saveBorrower(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  const who = await findBorrower(req, asked)
  const borrower = toBorrower(asked)
  return saveCorrection(req, res, parseBorrower(req.body), {
    present: (shown) => presentBorrowerForm(shown, who),
    field: 'line',
    work: async (change, id, value) => {
      const { loanId } = await correctBorrower(change, { ...value, borrower, loanId: id })
      const said = loanId === id ? 'Who had it is corrected.' : `Who had it is corrected. It is in this new loan now.`
      return { loanId, said }
    },
    claims: ({ lineIds }, lines) => lines.filter((line) => lineIds.includes(line.id)).map(claimOf),
    wardId: asked.kind === 'ward' ? asked.id : null,
  })
}

function toBorrower({ kind, id }: Asked): Borrower {
  if (kind === 'service-user') return { serviceUserId: id }
  return kind === 'ward' ? { wardId: id } : { staffId: id }
}
