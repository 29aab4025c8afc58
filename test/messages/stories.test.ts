import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  appointment,
  contactAddress,
  contactAnswer,
  diaryEntry,
  privateNote,
  serviceUser,
} from '../../seeds/factories.ts'
import { formatInstant, londonClock } from '../../src/lib/dates.ts'
import { createMailer } from '../../src/messages/mailer.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { sendMessage } from '../../src/messages/sending-actions.ts'
import { createTexter } from '../../src/messages/texter.ts'
import { startApp, startOfTest, type TestApp } from '../support/app.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { type NotifyServer, startNotifyServer } from '../support/notify-server.ts'
import { headerOf, readable } from './wire.ts'

const HOUR = 3_600_000
/** Each story has days of its own, so that none finds what falls due in another. */
const A_STORY = 60 * 24 * HOUR
const isWholeRun = process.env.WHOLE_RUN === 'yes'

let server: MailServer
let texts: NotifyServer
let app: TestApp
let ways: Pick<Parameters<typeof sendMessage>[0], 'send' | 'sendText'>

beforeAll(async () => {
  server = await startMailServer()
  texts = await startNotifyServer()
  app = await startApp({ SMTP_URL: server.url })
  const outbox = ''
  const notifyKey = `test-${crypto.randomUUID()}-${crypto.randomUUID()}`
  const notifyTemplate = crypto.randomUUID()
  const texter = createTexter({ notifyKey, notifyTemplate, notifyUrl: texts.url, outbox })
  const mailer = createMailer({ smtpUrl: server.url, from: 'loans@here.example', outbox })
  ways = { send: mailer.send, sendText: texter.send }
})
afterAll(async () => {
  await app.close()
  await server.stop()
  await texts.stop()
})

type Way = 'email' | 'text'
type What = 'session' | 'appointment'

/** What was agreed and booked, as the test itself keeps it: what arrives is held against this and not against the tables. */
interface Story {
  person: { id: number; organisation_id: number; email: string; phone: string }
  hasDied: boolean
  isSafe: boolean
  agreed: Record<Way, { from: number; until: number; days: number[] } | null>
  booked: Record<What, { id: number; startsAt: Date; before: Date; isCancelled: boolean } | null>
  received: Received[]
}

type Received = { id: number; way: Way; said: string }

const way = fc.constantFrom<Way>('email', 'text')
const what = fc.constantFrom<What>('session', 'appointment')
const hours = fc.constantFrom<[number, number] | null>(null, null, null, [9, 12], [12, 18], [6, 10], [17, 23])
const days = fc.constantFrom<number[]>([], [], [1, 2, 3, 4, 5], [2, 4, 6])

const step = fc.oneof(
  { weight: 16, arbitrary: fc.record({ does: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 18 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('book' as const), what, hours: fc.integer({ min: 1, max: 100 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('move' as const),
      what,
      hours: fc.option(fc.integer({ min: 1, max: 120 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('cancel' as const), what }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('agree' as const), way, hours, days }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('refuse' as const), way }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('pause' as const) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('confirm' as const) }) },
  // found and not sent yet: what comes next comes between the two
  { weight: 6, arbitrary: fc.record({ does: fc.constant('find' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('die' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const reachable: Step[] = [{ does: 'confirm' }, { does: 'agree', way: 'email', hours: null, days: [] }]
const passed = (hours: number): Step => ({ does: 'pass', hours })
// chance alone seldom ends so
const endings: Step[][] = [
  [],
  // death comes after something was written and before it goes out
  [
    ...reachable,
    { does: 'book', what: 'session', hours: 60 },
    { does: 'book', what: 'appointment', hours: 62 },
    ...[{ does: 'find' } as const, { does: 'die' } as const, passed(12), passed(12)],
  ],
  // somebody changes what they were reminded of, and not its time
  [
    ...reachable,
    { does: 'cancel', what: 'session' },
    { does: 'book', what: 'session', hours: 80 },
    ...[1, 12, 12, 12, 12].map(passed),
    { does: 'move', what: 'session', hours: null },
    ...[1, 6, 6, 6].map(passed),
  ],
]

const find = () => writeWhatIsDue({ db: app.db, clock: app.clock, canText: true })
const champion = () => ({ id: app.people.actors.champion.staffId, organisation_id: app.people.organisationId })
const tables: Record<What, string> = { session: 'diary_entries', appointment: 'appointments' }

async function book(story: Story, kind: What, startsAt: Date): Promise<void> {
  const before = story.booked[kind]
  if (before && !before.isCancelled && before.startsAt > app.clock()) return
  const { person } = story
  const { id } =
    kind === 'session'
      ? await diaryEntry(app.db, { champion: champion(), person, from: startsAt, made_at: app.clock() })
      : await appointment(app.db, { person, by: champion(), from: startsAt, minutes: 30 })
  story.booked[kind] = { id, startsAt, before: startsAt, isCancelled: false }
}

/** To another time, or back to the one it had before. */
async function move(story: Story, kind: What, asked: Date | null): Promise<void> {
  const one = story.booked[kind]
  const startsAt = asked ?? one?.before
  if (!one || !startsAt || one.isCancelled || one.startsAt <= app.clock() || startsAt <= app.clock()) return
  const travel =
    kind === 'session' ? `, leaves_at = $2::timestamptz, back_at = $2::timestamptz + interval '30 minutes'` : ''
  await app.pool.query(
    `update ${tables[kind]} set starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '30 minutes',
       version = version + 1 ${travel} where id = $1`,
    [one.id, startsAt],
  )
  one.before = one.startsAt
  one.startsAt = startsAt
}

async function cancel(story: Story, kind: What): Promise<void> {
  const one = story.booked[kind]
  if (!one || one.isCancelled || one.startsAt <= app.clock()) return
  const by = kind === 'session' ? champion().id : 'team'
  const cancelled = `update ${tables[kind]} set cancelled_at = $2, cancelled_by = $3 where id = $1`
  await app.pool.query(cancelled, [one.id, app.clock(), by])
  one.isCancelled = true
}

async function play(story: Story, one: Step): Promise<void> {
  const { person, agreed } = story
  const now = app.clock()
  // nobody is in two places at a time: appointments are at another half of the hour
  const ahead = (count: number, of?: What) =>
    new Date(now.getTime() + (count + (of === 'appointment' ? 0.5 : 0)) * HOUR)
  switch (one.does) {
    case 'pass':
      app.setClock(ahead(one.hours))
      return void (await find())
    case 'find':
      return void (await find())
    case 'book':
      return story.hasDied ? undefined : book(story, one.what, ahead(one.hours, one.what))
    case 'move':
      return move(story, one.what, one.hours === null ? null : ahead(one.hours, one.what))
    case 'cancel':
      return cancel(story, one.what)
    case 'agree': {
      const [from, until] = one.hours ?? [null, null]
      const said = { from_hour: from, until_hour: until, days: one.days }
      await contactAnswer(app.db, { person, channel: one.way, at: now, ...said })
      agreed[one.way] = { from: from ?? 0, until: until ?? 24, days: one.days }
      return
    }
    case 'refuse':
      await contactAnswer(app.db, { person, channel: one.way, at: now, answer: 'not-allowed' })
      agreed[one.way] = null
      return
    case 'pause':
      await privateNote(app.db, { person, at: now })
      story.isSafe = false
      return
    case 'confirm':
      for (const address of [person.email, person.phone]) {
        await contactAddress(app.db, { person, address, isSafe: true, at: now })
      }
      story.isSafe = true
      return
    case 'die':
      await app.pool.query(`update service_users set state = 'died', state_on = $2::date where id = $1`, [
        person.id,
        now,
      ])
      story.hasDied = true
  }
}

/** As the queue does it, whose own clock is not ours: all that was ever written is asked again each time. */
async function send(story: Story): Promise<Received[]> {
  server.received.length = 0
  texts.received.length = 0
  const { rows } = await app.pool.query<{ id: string }>(
    'select id from messages where service_user_id = $1 order by id',
    [story.person.id],
  )
  const sending = { db: app.db, clock: app.clock, ...ways, host: 'here.example', isLastTry: false }
  for (const { id } of rows) await sendMessage(sending, Number(id))
  const mails = server.received.map(({ to, source }): Received => {
    expect(to).toEqual([story.person.email])
    const id = Number(/message-(\d+)@/.exec(headerOf(source, 'Message-ID') ?? '')?.[1])
    return { id, way: 'email', said: readable(source) }
  })
  const byPhone = texts.received.map(({ phone_number, reference, personalisation }): Received => {
    expect(phone_number).toBe(story.person.phone)
    return { id: Number(reference.replace('message-', '')), way: 'text', said: personalisation.text }
  })
  return [...mails, ...byPhone]
}

/** What arrived may arrive now: as they agreed to last, at their hour, about what is booked and at the time it has. */
async function judge(story: Story, { id, way: by, said }: Received): Promise<void> {
  const { rows } = await app.pool.query<{ kind: string; subject_id: string }>(
    'select kind, subject_id from messages join message_occasions using (cause) where id = $1',
    [id],
  )
  const { kind = '', subject_id: subject } = rows[0] ?? {}
  const about = story.booked[kind.startsWith('session-') ? 'session' : 'appointment']
  expect([kind, about?.id, about?.isCancelled]).toEqual([kind, Number(subject), false])
  expect(about!.startsAt.getTime()).toBeGreaterThan(app.clock().getTime())
  expect(said).toContain(formatInstant(about!.startsAt))
  expect({ died: story.hasDied, safe: story.isSafe }).toEqual({ died: false, safe: true })
  const { date, hour } = londonClock(app.clock())
  const day = new Date(`${date}T12:00:00Z`).getUTCDay() || 7
  const agreed = story.agreed[by]
  expect(agreed).not.toBeNull()
  const { from, until, days: on } = agreed!
  const isInHours = hour >= Math.max(8, from) && hour < Math.min(20, until)
  expect([day, hour, on, isInHours, on.length === 0 || on.includes(day)]).toEqual([day, hour, on, true, true])
  story.received.push({ id, way: by, said: `${kind} ${subject} ${about!.startsAt.toISOString()}` })
}

/** Nothing twice: of a new time it may be told again only where another was told between. */
function nothingTwice({ received }: Story): void {
  expect(new Set(received.map(({ id }) => id)).size).toBe(received.length)
  const isOfATime = ({ said }: Received) => /^session-(made|moved) /.test(said)
  const once = received.filter((one) => !isOfATime(one)).map(({ said }) => said)
  expect(once.toSorted()).toEqual([...new Set(once)].toSorted())
  const times = received.filter(isOfATime).map(({ said }) => said.replace(/^\S+ /, ''))
  expect(times.filter((time, index) => time === times[index - 1])).toEqual([])
  const made = received.filter(({ said }) => said.startsWith('session-made')).map(({ said }) => said.split(' ')[1])
  expect(new Set(made).size).toBe(made.length)
}

it('whatever is booked, moved, cancelled and said, in any order: nothing arrives twice, after the end of it, against their word or outside their hours', async () => {
  const arrived = new Map<string, number>()
  let stories = 0
  const tell = async (steps: Step[], ending: Step[]) => {
    stories += 1
    app.setClock(new Date(startOfTest.getTime() + stories * A_STORY))
    const who = { email: `story-${stories}@post.example`, phone: `07700 9${String(10_000 + stories).slice(-5)}` }
    const organisation_id = app.people.organisationId
    const made = await serviceUser(app.db, { organisation_id, known_as: 'Kim', ...who })
    const story: Story = {
      ...{ person: { id: made.id, organisation_id, ...who }, hasDied: false, isSafe: true, received: [] },
      ...{ agreed: { email: null, text: null }, booked: { session: null, appointment: null } },
    }
    const first: Step[] = [
      { does: 'agree', way: stories % 2 === 0 ? 'email' : 'text', hours: null, days: [] },
      { does: 'book', what: 'session', hours: 70 },
      { does: 'pass', hours: 1 },
    ]
    for (const one of [...first, ...steps, ...ending]) {
      await play(story, one)
      if (one.does === 'find') continue
      for (const received of await send(story)) await judge(story, received)
    }
    nothingTwice(story)
    for (const { way: by, said } of story.received) {
      for (const key of [by, said.split(' ')[0]!]) arrived.set(key, (arrived.get(key) ?? 0) + 1)
    }
    for (const kind of ['session', 'appointment'] as const) await cancel(story, kind)
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24, size: 'max' }), fc.constantFrom(...endings), tell),
    {
      ...{ seed: 20_260_803, numRuns: isWholeRun ? 350 : 24, endOnFailure: true },
    },
  )
  // the stories are worth telling: each kind of message arrived in some of them, and in both ways
  const kinds = ['session-made', 'session-moved', 'session-in-two-days', 'appointment-preparation']
  expect([...arrived.keys()]).toEqual(expect.arrayContaining(['email', 'text', ...kinds]))
})
