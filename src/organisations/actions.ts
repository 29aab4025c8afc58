import { sendInvitation } from '../account/actions.ts'
import { type AuditEntry, type Author, type Change, writeAudit } from '../database/change.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import { asRefusal } from '../database/refusals.ts'
import { NotUnique, RuleBroken } from '../lib/refusals.ts'
import { findByCode, findByEmail } from './queries.ts'
import type { NewOrganisation } from './rules.ts'

export { readOrganisation } from './rules.ts'

export interface Beginning {
  db: Database
  clock: () => Date
  publicUrl: string
}

/**
 * Makes an organisation and invites its first administrator, who can invite everybody else. Refuses (RuleBroken) a code
 * that is there, and an address that has an account.
 */
export function beginOrganisation(beginning: Beginning, asked: NewOrganisation): Promise<void> {
  return inOneTransaction(beginning, async (trx) => {
    if (await findByCode(trx, asked.code)) throw codeIsThere(asked.code)
    const { id } = await trx
      .insertInto('organisations')
      .values({ code: asked.code, name: asked.name, created_at: beginning.clock() })
      .returning('id')
      .executeTakeFirstOrThrow()
    await invite(trx, beginning, { id, name: asked.name }, asked.administrator)
  })
}

/**
 * A new invitation for an organisation that nobody has joined yet, because the first one ran out or went to a wrong
 * address: nobody is there who could send one. Refuses (RuleBroken) once somebody has joined.
 */
export function inviteFirstAgain(
  beginning: Beginning,
  asked: Pick<NewOrganisation, 'code' | 'administrator'>,
): Promise<void> {
  return inOneTransaction(beginning, async (trx) => {
    const organisation = await findByCode(trx, asked.code)
    if (!organisation) throw new RuleBroken(`No organisation has the code ${asked.code}.`)
    if (organisation.has_begun) {
      throw new RuleBroken('Somebody has joined this organisation: they invite the others, under Staff.')
    }
    await invite(trx, beginning, organisation, asked.administrator)
  })
}

/** An organisation is the author of its own beginning: nobody is signed in, and there is nobody yet who could be. */
async function inOneTransaction(beginning: Beginning, work: (trx: InTransaction) => Promise<void>): Promise<void> {
  try {
    await beginning.db.transaction().execute(work)
  } catch (error) {
    const refusal = asRefusal(error)
    if (!(refusal instanceof NotUnique)) throw refusal
    throw new RuleBroken(
      'Somebody else made the same organisation or account in this moment. Look before trying again.',
    )
  }
}

async function invite(
  trx: InTransaction,
  { clock, publicUrl }: Beginning,
  organisation: { id: number; name: string },
  { name, email }: NewOrganisation['administrator'],
): Promise<void> {
  const by: Author = { organisationId: organisation.id, staffId: null }
  const entries: AuditEntry[] = []
  const change: Change<Author> = { trx, by, now: clock, audit: (entry) => void entries.push(entry) }
  const known = await findByEmail(trx, email)
  if (known && known.organisation_id !== organisation.id) {
    throw new RuleBroken(`${email} has an account already, and one address is one account.`)
  }
  const staff = known ?? { ...(await addAdministrator(change, { name, email })), name }
  await sendInvitation(change, { ...staff, email, organisation: organisation.name }, publicUrl)
  change.audit({ verb: known ? 'staff:invited-again' : 'staff:invited', subject: ['staff', staff.id] })
  await writeAudit(trx, { at: clock(), by }, entries)
}

function addAdministrator(change: Change<Author>, { name, email }: NewOrganisation['administrator']) {
  return change.trx
    .insertInto('staff')
    .values({
      organisation_id: change.by.organisationId,
      name,
      email,
      role: 'administrator',
      password_hash: null,
      created_at: change.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
}

function codeIsThere(code: string): RuleBroken {
  return new RuleBroken(`There is an organisation with the code ${code}. If nobody could join it, add --again.`)
}
