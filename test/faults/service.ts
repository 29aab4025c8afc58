import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { availableItems, model, serviceUser } from '../../seeds/factories.ts'
import { addDays, londonToday } from '../../src/lib/dates.ts'
import { nextWorkingDay } from '../../src/lib/working-days.ts'
import { lendFields } from '../loans/forms.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type RemoteVisitor, signInOver, visitorAt } from '../web/over-http.ts'
import { type ServerProcess, startServer, untilReady } from '../web/server-process.ts'

/** The service in processes of its own, as many as are started, over one database. */
export interface Service {
  app: TestApp
  /** Starts another process; the settings are those of every one, but for these. */
  start(changed?: Record<string, string>): Promise<ServerProcess>
  /** Signs the champion in at a process, or goes on there with the session from before. */
  champion(at: ServerProcess): Promise<RemoteVisitor>
  settings: Record<string, string>
  stop(): Promise<void>
}

export async function startService(): Promise<Service> {
  const app = await startApp()
  const dataDir = await mkdtemp(join(tmpdir(), 'loans-faults-'))
  const processes: ServerProcess[] = []
  const settings = { DATABASE_URL: app.appUrl, DATA_DIR: dataDir, DEMO_DATA: 'no', RUN_JOBS: 'no', LOG_LEVEL: 'error' }
  let cookie: string | undefined
  return {
    app,
    settings,
    start: async (changed = {}) => {
      const started = await startServer({ ...settings, ...changed })
      processes.push(started)
      await untilReady(started)
      return started
    },
    champion: async ({ address }) => {
      if (cookie !== undefined) return await visitorAt(address, cookie)
      const visitor = await signInOver(address, app.people.actors.champion.email)
      cookie = visitor.cookie
      return visitor
    },
    stop: async () => {
      for (const { child } of processes) child.kill('SIGKILL')
      await Promise.all(processes.map(({ ended }) => ended))
      await rm(dataDir, { recursive: true, force: true })
      await app.close()
    },
  }
}

/** What one form writes in many tables: five headsets, and somebody to lend them to. */
export interface Errand {
  key: string
  itemIds: number[]
  fields: Record<string, string | string[]>
}

export const ITEMS_A_LOAN = 5

export async function prepareErrands({ db, people }: TestApp, count: number): Promise<Errand[]> {
  const organisation_id = people.organisationId
  const headset = await model(db, { organisation_id, category: 'headset' })
  const items = await availableItems(
    db,
    Array.from({ length: count * ITEMS_A_LOAN }, () => ({ model: headset })),
  )
  const person = await serviceUser(db, { organisation_id })
  const due = nextWorkingDay(addDays(londonToday(new Date()), 28))
  return Array.from({ length: count }, (_, at) => {
    const itemIds = items.slice(at * ITEMS_A_LOAN, (at + 1) * ITEMS_A_LOAN).map(({ id }) => id)
    const fields = lendFields(itemIds, { 'service-user': String(person.id), 'due-offered': due, ...dueOn(due) })
    const texts = Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value : String(value)])
    return { key: String(fields.key), itemIds, fields: Object.fromEntries(texts) }
  })
}

function dueOn(date: string) {
  const [year = '', month = '', day = ''] = date.split('-')
  return { 'due-day': day, 'due-month': month, 'due-year': year }
}

/** What is there of a form that was sent: each number is 0 when nothing is, and all are full when it was done. */
export async function tracesOf({ pool }: TestApp, { key, itemIds }: Errand) {
  const { rows } = await pool.query<{ submissions: number; lines: number; holds: number; audited: number }>(
    `select (select count(*)::int from submissions where form_key = $1 and location <> '') as submissions,
            (select count(*)::int from loan_lines where item_id = any ($2)) as lines,
            (select count(*)::int from item_holds where item_id = any ($2) and taken_at is not null) as holds,
            (select count(*)::int from audit_events where verb = 'loan:lent' and subject_id in
              (select loan_id from loan_lines where item_id = any ($2))) as audited`,
    [key, itemIds],
  )
  return rows[0]
}

export const nothing = { submissions: 0, lines: 0, holds: 0, audited: 0 }
export const everything = { submissions: 1, lines: ITEMS_A_LOAN, holds: ITEMS_A_LOAN, audited: 1 }
