import type { Request, Response } from 'express'
import { readGuides } from '../guides/queries.ts'
import { fieldTexts } from '../lib/fields.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { recordPosted } from './letter-actions.ts'
import { formatFor, guidesBehind, type LetterShown, mayBePosted } from './letter-presenter.ts'
import { readSettingsToPost } from './letter-queries.ts'
import { letterSizes, ofSize, presentAddresses, presentBatch, presentToPost } from './post-presenter.ts'
import { listAppointmentsToPost } from './queries.ts'

/** Letters go to the post together. */
export const postRoutes = [
  get('/letters', 'letter:post', showToPost),
  get('/letters/print', 'letter:post', printLetters),
  get('/letters/addresses', 'letter:post', printAddresses),
  post('/letters/posted', 'letter:post', savePosted),
]

const PAGE = 'appointments/to-post'

async function lettersToPost(req: Request): Promise<LetterShown[]> {
  const { db, actor, now } = context(req)
  const appointments = await listAppointmentsToPost(db, actor, now)
  const people = [...new Set(appointments.map(({ service_user_id }) => service_user_id))]
  const settings = await readSettingsToPost(db, actor, people)
  const letters = appointments.flatMap((appointment) => {
    const setting = settings.get(appointment.service_user_id)
    return setting ? [{ appointment, setting, now }] : []
  })
  return letters.filter(mayBePosted)
}

async function showToPost(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, presentToPost(await lettersToPost(req)))
}

/** Who was looked at is in the audit: a name and an address stand on each sheet. */
async function noteLook(req: Request, letters: LetterShown[]): Promise<void> {
  const appointments = letters.map(({ appointment }) => appointment.id)
  await recordInAudit(req, { verb: 'appointment:letters-printed', details: { appointments } })
}

async function printLetters(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const size = letterSizes.find((one) => one === queryText(req, 'size')) ?? 'ordinary'
  const letters = ofSize(await lettersToPost(req), size)
  const ids = new Set(letters.flatMap((shown) => guidesBehind(shown).map(({ guide }) => guide.id)))
  const guides = await readGuides(db, actor, [...ids])
  await noteLook(req, letters)
  renderPage(res, 'appointments/batch', presentBatch(letters, size, guides), { layout: 'print' })
}

async function printAddresses(req: Request, res: Response): Promise<void> {
  const letters = await lettersToPost(req)
  await noteLook(req, letters)
  renderPage(res, 'appointments/addresses', presentAddresses(letters), { layout: 'print' })
}

async function savePosted(req: Request, res: Response): Promise<void> {
  const ticked = new Set(fieldTexts(req.body, 'letter'))
  const letters = await lettersToPost(req)
  if (ticked.size === 0) {
    return showAgain(res, PAGE, presentToPost(letters, [{ field: 'letter', text: 'Tick what is in the post' }]))
  }
  const posted = letters
    .filter(({ appointment }) => ticked.has(String(appointment.id)))
    .map((shown) => ({
      id: shown.appointment.id,
      toldAs: 'posted' as const,
      format: formatFor(shown.setting),
      guides: guidesBehind(shown).map(({ guide, format }) => ({ id: guide.id, format })),
    }))
  try {
    const written = await inTransaction(req, (change) => recordPosted(change, posted))
    req.session.flash = saidOf(written, ticked.size)
    res.redirect(303, '/letters')
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    showAgain(res, PAGE, presentToPost(await lettersToPost(req), [{ field: 'letter', text: error.message }]), 409)
  }
}

function saidOf(written: number, ticked: number): string {
  const said = written === 1 ? '1 letter is marked as posted.' : `${written} letters are marked as posted.`
  if (written === ticked) return said
  return `${said} The rest was marked by somebody else meanwhile, or is not to be posted any more.`
}
