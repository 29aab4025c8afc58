import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { listGuideReaders, listGuidesToLink } from '../guides/reading-queries.ts'
import { linksToJoin } from '../guides/reading-rules.ts'
import { storableJson } from '../lib/storable-json.ts'
import type { Channel, How, Purpose } from '../safe-contact/kinds-rules.ts'
import { listContacts } from '../safe-contact/queries.ts'
import { addressToUse, howToContact, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { tellingIn } from '../safe-contact/telling-rules.ts'
import { listOccasionsDue } from './occasion-queries.ts'
import { momentsOf, type Occasion, ruleOf } from './occasion-rules.ts'
import { valuesOf, writeMessage } from './occasion-words-rules.ts'
import { isWorded } from './ours-rules.ts'
import { listRefusedAddresses } from './queries.ts'
import { MOST_TRIES } from './rules.ts'
import { MOST_PARTS, partsOf, reachedByText } from './text-rules.ts'
import { type KnownWordings, knownWordings } from './wording-known-rules.ts'
import { listWordings } from './wording-queries.ts'

/** After this a number or address that was turned away is tried again. */
const REFUSED_FOR = 90 * 86_400_000

/** So many are read, judged and written at once, in a handful of statements. */
const BATCH = 500

type Person = Awaited<ReturnType<typeof listContacts>>[number]

interface ToSend {
  cause: string
  by: 'email' | 'text'
  runAt: Date | null
  purpose: Purpose | null
  address: string
  name: string
  subject: string
  body: string
}
interface ToDo {
  cause: string
  purpose: Purpose
  channel: Channel
  reason: string
}

interface Looking {
  db: Database
  clock: () => Date
  /** Whether there is a way for texts to go out: what nobody would ever get is not written as one. */
  canText: boolean
  /** Where a guide is read; without it none is linked. */
  publicUrl?: string
}

/**
 * Writes what falls due by now, for all organisations, each cause once: PostgreSQL keeps the causes, so that two who look at
 * the same moment write one message. Gives how many causes were dealt with.
 */
export async function writeWhatIsDue({ db, clock, canText, publicUrl = '' }: Looking): Promise<number> {
  let dealtWith = 0
  for (;;) {
    const now = clock()
    const found = await listOccasionsDue(db, momentsOf(now), BATCH)
    if (found.length === 0) return dealtWith
    dealtWith += await db.transaction().execute((trx) => writeOccasions(trx, found, { now, canText, publicUrl }))
    if (found.length < BATCH) return dealtWith
  }
}

interface Moment {
  now: Date
  canText: boolean
  publicUrl: string
  /** Where each person who is called by video reads how to join. */
  guides: ReadonlyMap<number, string>
  /** People and the numbers and addresses of theirs that take nothing. */
  isRefused: ReadonlySet<string>
  wordings: KnownWordings
}

async function writeOccasions(
  trx: InTransaction,
  found: Occasion[],
  { now, canText, publicUrl }: Pick<Moment, 'now' | 'canText' | 'publicUrl'>,
): Promise<number> {
  const ids = [...new Set(found.flatMap(({ service_user_id: id }) => (id === null ? [] : [id])))]
  const [refused, people, organisations, wordings, { rows: ours }] = [
    await listRefusedAddresses(trx, ids, new Date(now.getTime() - REFUSED_FOR)),
    await listContacts(trx, ids),
    await trx.selectFrom('organisations').select(['id', 'name']).execute(),
    knownWordings(await listWordings(trx, [...new Set(found.map(({ organisation_id: id }) => id))])),
    await sql<{ cause: string }>`
      insert into message_occasions (cause, organisation_id, rule, subject_id, about_at, about_on, sender_id, at)
      select cause, organisation_id, rule, subject_id, about_at, about_on, sender_id, ${now}
      from jsonb_to_recordset(${storableJson(found)}::jsonb) as one (
        cause text, organisation_id bigint, rule text, subject_id bigint, about_at timestamptz, about_on date, sender_id bigint
      )
      on conflict (cause) do nothing
      returning cause`.execute(trx),
  ]
  const personOf = new Map(people.map((person) => [person.id, person]))
  const nameOf = new Map(organisations.map(({ id, name }) => [id, name]))
  const isRefused = new Set(refused.map(({ service_user_id, to_address }) => `${service_user_id} ${to_address}`))
  const guides = publicUrl === '' ? new Map<number, string>() : await guidesFor(trx, found, now)
  const at = { now, canText, publicUrl, guides, isRefused, wordings }
  const causes = new Set(ours.map(({ cause }) => cause))
  const judged = found
    .filter(({ cause }) => causes.has(cause))
    .map((occasion) => {
      const organisation = nameOf.get(occasion.organisation_id) ?? ''
      return { ...occasion, ...judge(occasion, personOf.get(occasion.service_user_id ?? 0), organisation, at) }
    })
  await writeMessages(trx, judged.filter((one) => 'address' in one) as (Occasion & ToSend)[], now)
  await writeTasks(trx, judged.filter((one) => 'reason' in one) as (Occasion & ToDo)[], now)
  return ours.length
}

/** What becomes of one cause: a message, something for a person to do, or nothing. */
function judge(occasion: Occasion, person: Person | undefined, organisation: string, at: Moment): ToSend | ToDo | null {
  const { cause, rule: name, staff_email: staffEmail, staff_name: staffName } = occasion
  const rule = ruleOf(name)
  if (rule.purpose === null) return staffEmail === null ? null : toStaff(occasion, staffEmail, staffName ?? '', at)
  if (!person) return null
  const { purpose } = rule
  if (rule.isByHand || !isWorded(name)) return { cause, purpose, channel: 'call', reason: 'by-hand' }
  const { now, canText, isRefused, wordings } = at
  const known = wordings.get(`${occasion.organisation_id} ${name}`)
  const everyWay = recipientOf(person, person.contact, occasion.supporter_id)
  const toName = nameOfWhom(person, occasion)
  let refusal: string | null = null
  for (const channel of rule.channels.filter((one) => canText || one !== 'text')) {
    const recipient = channel === 'text' ? reachedByText(everyWay) : everyWay
    const address = addressToUse(recipient, channel)
    if (isRefused.has(`${person.id} ${address}`)) {
      refusal ??= 'refused'
      continue
    }
    const verdict = mayContact(recipient, address, channel, purpose, now)
    const how = howToContact(recipient, channel)
    const from = verdict.yes ? null : (verdict.from ?? null)
    const isInTime = verdict.yes || (from !== null && from < new Date(occasion.send_until))
    if (address !== null && how !== null && isInTime) {
      const to = { toName, organisation, sender: occasion.sender }
      const values = { ...valuesOf(occasion), guide: guideLink(occasion, how, at) }
      const words = writeMessage({ kind: name, known, values, to, how }, channel)
      const sent = { cause, by: channel, purpose, runAt: from, address, name: toName, ...words }
      if (channel === 'email' || partsOf(words.body) <= MOST_PARTS) return sent
    }
    refusal ??= verdict.yes || from !== null ? 'too-late' : verdict.reason
  }
  if (refusal === null || rule.otherwise === 'nothing') return null
  return { cause, purpose, channel: rule.channels[0] ?? 'call', reason: refusal }
}

function nameOfWhom({ name, known_as, contact }: Person, { supporter_id: supporterId }: Occasion): string {
  return contact.supporters.find(({ id }) => id === supporterId)?.name ?? (known_as || name)
}

/** Where those of them who are called by video read how to join, each as they read best. */
async function guidesFor(trx: InTransaction, found: Occasion[], now: Date): Promise<Map<number, string>> {
  const called = found.filter(({ detail, service_user_id: id }) => detail === 'video' && id !== null)
  if (called.length === 0) return new Map()
  const people = [...new Set(called.map(({ service_user_id: id }) => id ?? 0))]
  const organisations = [...new Set(called.map(({ organisation_id: id }) => id))]
  return linksToJoin(await listGuideReaders(trx, people, now), await listGuidesToLink(trx, organisations))
}

/** The link to their own guide, unless its address tells whose it is and they did not agree to that. */
function guideLink({ detail, service_user_id: id, supporter_id: supporterId }: Occasion, how: How, at: Moment): string {
  const { guides, publicUrl } = at
  const path = detail === 'video' && supporterId === null ? guides.get(id ?? 0) : undefined
  const mayStand = how.namesService || tellingIn(publicUrl, []).length === 0
  return path !== undefined && mayStand ? `${publicUrl}${path}` : ''
}

function toStaff(occasion: Occasion, address: string, toName: string, { wordings }: Moment): ToSend | null {
  const { cause, rule: kind, organisation_id: id } = occasion
  if (!isWorded(kind)) return null
  const known = wordings.get(`${id} ${kind}`)
  const to = { toName, organisation: '', sender: null }
  const words = writeMessage({ kind, known, values: valuesOf(occasion), to, how: { namesService: false } }, 'email')
  return { cause, by: 'email', purpose: null, runAt: null, address, name: toName, ...words }
}

async function writeMessages(trx: InTransaction, messages: (Occasion & ToSend)[], now: Date): Promise<void> {
  if (messages.length === 0) return
  const rows = storableJson(messages)
  await sql`
    with asked as (
      select * from jsonb_to_recordset(${rows}::jsonb) as one (
        cause text, "by" text, organisation_id bigint, rule text, service_user_id bigint, supporter_id bigint, staff_id bigint, purpose text,
        send_until timestamptz, address text, name text, subject text, body text, "runAt" timestamptz
      )
    ), written as (
      insert into messages (organisation_id, cause, kind, channel, staff_id, service_user_id, supporter_id, purpose, created_at,
                            send_until)
      select organisation_id, cause, rule, "by", staff_id, service_user_id, supporter_id, purpose, ${now}, send_until from asked
      on conflict (cause) do nothing
      returning id, cause
    ), worded as (
      insert into message_contents (message_id, to_name, to_address, subject, body)
      select written.id, asked.name, asked.address, asked.subject, asked.body from written join asked using (cause)
      returning message_id
    )
    select graphile_worker.add_job(
      'send-message', payload => json_build_object('messageId', written.id), job_key => 'send-message:' || written.id,
      run_at => asked."runAt", max_attempts => ${MOST_TRIES}::int
    ) from written join asked using (cause)`.execute(trx)
}

async function writeTasks(trx: InTransaction, tasks: (Occasion & ToDo)[], now: Date): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    insert into contact_tasks (organisation_id, service_user_id, supporter_id, cause, kind, channel, purpose, reason, created_at)
    select organisation_id, service_user_id, supporter_id, cause, rule, channel, purpose, reason, ${now}
    from jsonb_to_recordset(${storableJson(tasks)}::jsonb) as one (
      cause text, organisation_id bigint, service_user_id bigint, supporter_id bigint, rule text, channel text, purpose text, reason text
    )
    on conflict (cause) do nothing`.execute(trx)
}
