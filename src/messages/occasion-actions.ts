import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { storableJson } from '../lib/storable-json.ts'
import type { Channel, How, Purpose } from '../safe-contact/kinds-rules.ts'
import { listContacts } from '../safe-contact/queries.ts'
import { addressToUse, howToContact, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { listOccasionsDue } from './occasion-queries.ts'
import { momentsOf, type Occasion, ruleOf } from './occasion-rules.ts'
import { asText, writeMessage } from './occasion-words-rules.ts'
import { listRefusedAddresses } from './queries.ts'
import { MOST_TRIES } from './rules.ts'
import { MOST_PARTS, partsOf, reachedByText } from './text-rules.ts'

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
}

/**
 * Writes what falls due by now, for all organisations, each cause once: PostgreSQL keeps the causes, so that two who look at
 * the same moment write one message. Gives how many causes were dealt with.
 */
export async function writeWhatIsDue({ db, clock, canText }: Looking): Promise<number> {
  let dealtWith = 0
  for (;;) {
    const now = clock()
    const found = await listOccasionsDue(db, momentsOf(now), BATCH)
    if (found.length === 0) return dealtWith
    dealtWith += await db.transaction().execute((trx) => writeOccasions(trx, found, { now, canText }))
    if (found.length < BATCH) return dealtWith
  }
}

interface Moment {
  now: Date
  canText: boolean
  /** People and the numbers and addresses of theirs that take nothing. */
  isRefused: ReadonlySet<string>
}

async function writeOccasions(
  trx: InTransaction,
  found: Occasion[],
  { now, canText }: Pick<Moment, 'now' | 'canText'>,
): Promise<number> {
  const ids = [...new Set(found.flatMap(({ service_user_id: id }) => (id === null ? [] : [id])))]
  const [refused, people, organisations, { rows: ours }] = [
    await listRefusedAddresses(trx, ids, new Date(now.getTime() - REFUSED_FOR)),
    await listContacts(trx, ids),
    await trx.selectFrom('organisations').select(['id', 'name']).execute(),
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
  const at = { now, canText, isRefused }
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
  if (rule.purpose === null) return staffEmail === null ? null : toStaff(occasion, staffEmail, staffName ?? '')
  if (!person) return null
  const { purpose } = rule
  if (rule.isByHand) return { cause, purpose, channel: 'call', reason: 'by-hand' }
  const { now, canText, isRefused } = at
  const everyWay = recipientOf(person, person.contact)
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
      const toName = person.known_as || person.name
      const words = writeMessage(name, occasion, { toName, organisation }, how)
      const sent = { cause, by: channel, purpose, runAt: from, address, name: toName }
      if (channel === 'email') return { ...sent, ...words }
      const text = asText(words)
      if (partsOf(text) <= MOST_PARTS) return { ...sent, subject: '', body: text }
    }
    refusal ??= verdict.yes || from !== null ? 'too-late' : verdict.reason
  }
  if (refusal === null || rule.otherwise === 'nothing') return null
  return { cause, purpose, channel: rule.channels[0] ?? 'call', reason: refusal }
}

const toColleagues: How = { namesService: false, withholdsNumber: true }

function toStaff(occasion: Occasion, address: string, name: string): ToSend {
  const words = writeMessage(occasion.rule, occasion, { toName: name, organisation: '' }, toColleagues)
  return { cause: occasion.cause, by: 'email', purpose: null, runAt: null, address, name, ...words }
}

async function writeMessages(trx: InTransaction, messages: (Occasion & ToSend)[], now: Date): Promise<void> {
  if (messages.length === 0) return
  const rows = storableJson(messages)
  await sql`
    with asked as (
      select * from jsonb_to_recordset(${rows}::jsonb) as one (
        cause text, "by" text, organisation_id bigint, rule text, service_user_id bigint, staff_id bigint, purpose text,
        send_until timestamptz, address text, name text, subject text, body text, "runAt" timestamptz
      )
    ), written as (
      insert into messages (organisation_id, cause, kind, channel, staff_id, service_user_id, purpose, created_at, send_until)
      select organisation_id, cause, rule, "by", staff_id, service_user_id, purpose, ${now}, send_until from asked
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
    insert into contact_tasks (organisation_id, service_user_id, cause, kind, channel, purpose, reason, created_at)
    select organisation_id, service_user_id, cause, rule, channel, purpose, reason, ${now}
    from jsonb_to_recordset(${storableJson(tasks)}::jsonb) as one (
      cause text, organisation_id bigint, service_user_id bigint, rule text, channel text, purpose text, reason text
    )
    on conflict (cause) do nothing`.execute(trx)
}
