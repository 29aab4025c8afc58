import { z } from 'zod'

const yesNo = z.enum(['yes', 'no'])
const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)

/** Every variable the service reads, what it may be, and what it is when nothing is said. The README prints this table. */
const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber.pipe(z.number().max(65_535)).default(3000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  MIGRATION_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  RETENTION_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_CONNECTIONS: wholeNumber.pipe(z.number().min(1).max(50)).default(4),
  DATA_DIR: z.string().min(1).default('.data'),
  DEMO_DATA: yesNo.optional(),
  SESSION_SECRET: z.string().min(1).optional(),
  SECOND_STEP_KEY: z.string().min(1).optional(),
  SESSION_IDLE_MINUTES: wholeNumber.pipe(z.number().min(5).max(240)).default(30),
  SESSION_HOURS: wholeNumber.pipe(z.number().min(1).max(24)).default(12),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .optional(),
  NOTIFY_API_KEY: z.string().min(73, 'must be a whole key of GOV.UK Notify').optional(),
  NOTIFY_TEMPLATE_ID: z.uuid().optional(),
  NOTIFY_CALLBACK_TOKEN: z.string().min(32, 'must be 32 characters or more').optional(),
  NOTIFY_URL: z.url({ protocol: /^https?$/ }).default('https://api.notifications.service.gov.uk'),
  RUN_JOBS: yesNo.default('yes'),
  TRUST_PROXY: wholeNumber.pipe(z.number().max(5)).default(0),
  METRICS_TOKEN: z.string().min(16, 'must be 16 characters or more').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export interface Config {
  isProduction: boolean
  host: string
  port: number
  /** Where people find the service; links in messages begin with it, whatever the Host header says. */
  publicUrl: string
  /** null: start the embedded PostgreSQL under dataDir. */
  databaseUrl: string | null
  migrationDatabaseUrl: string | null
  /** The same database as the role that empties what is kept no longer. null: this process does not. */
  retentionDatabaseUrl: string | null
  databaseConnections: number
  dataDir: string
  /** Put demo data into an empty database. */
  demoData: boolean
  /** null: one is made and kept in dataDir. */
  sessionSecret: string | null
  /** Encrypts the secrets of second steps. null: one is made and kept in dataDir. */
  secondStepKey: string | null
  sessionIdleMinutes: number
  sessionHours: number
  /** null: messages are kept in dataDir, and read at /messages. */
  smtpUrl: string | null
  mailFrom: string
  /** null: texts are kept in dataDir, as mails are. */
  notifyKey: string | null
  notifyTemplate: string | null
  notifyUrl: string
  /** Whether this process runs jobs too, or leaves them to `npm run worker`. */
  runJobs: boolean
  trustProxy: number
  /** Who sends it may read /metrics; null: nobody may, and nothing is measured. */
  metricsToken: string | null
  /** What GOV.UK Notify says who it is with, when it tells what became of a text; null: it tells nothing. */
  notifyCallbackToken: string | null
  logLevel: string
}

export class ConfigProblem extends Error {}

/** Reads the environment. Throws {@link ConfigProblem} naming every variable that is wrong or unsafe, all at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(set)
  if (!parsed.success) {
    throw new ConfigProblem(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const settings = parsed.data
  const problems = [
    ...unworkable(settings),
    ...(settings.NODE_ENV === 'production' ? unsafeInProduction(settings) : []),
  ]
  if (problems.length > 0) throw new ConfigProblem(problems.join('\n'))
  return {
    isProduction: settings.NODE_ENV === 'production',
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: (settings.PUBLIC_URL ?? `http://${settings.HOST}:${settings.PORT}`).replace(/\/$/, ''),
    databaseUrl: settings.DATABASE_URL ?? null,
    migrationDatabaseUrl: settings.MIGRATION_DATABASE_URL ?? null,
    retentionDatabaseUrl: settings.RETENTION_DATABASE_URL ?? null,
    databaseConnections: settings.DATABASE_CONNECTIONS,
    dataDir: settings.DATA_DIR,
    demoData: settings.DEMO_DATA === undefined ? settings.DATABASE_URL === undefined : settings.DEMO_DATA === 'yes',
    sessionSecret: settings.SESSION_SECRET ?? null,
    secondStepKey: settings.SECOND_STEP_KEY ?? null,
    sessionIdleMinutes: settings.SESSION_IDLE_MINUTES,
    sessionHours: settings.SESSION_HOURS,
    smtpUrl: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? 'Digital inclusion loans <loans@localhost>',
    notifyKey: settings.NOTIFY_API_KEY ?? null,
    notifyTemplate: settings.NOTIFY_TEMPLATE_ID ?? null,
    notifyUrl: settings.NOTIFY_URL.replace(/\/$/, ''),
    runJobs: settings.RUN_JOBS === 'yes',
    trustProxy: settings.TRUST_PROXY,
    metricsToken: settings.METRICS_TOKEN ?? null,
    notifyCallbackToken: settings.NOTIFY_CALLBACK_TOKEN ?? null,
    logLevel: settings.LOG_LEVEL,
  }
}

/** What cannot work anywhere. This service speaks no https itself, so its cookies would never be sent. */
function unworkable(settings: z.infer<typeof environment>): string[] {
  const { PUBLIC_URL, TRUST_PROXY, NOTIFY_API_KEY, NOTIFY_TEMPLATE_ID } = settings
  const rules: [boolean, string][] = [
    [
      PUBLIC_URL?.startsWith('https://') === true && TRUST_PROXY === 0,
      'TRUST_PROXY: with a PUBLIC_URL that begins https://, say how many proxies stand in front (1 or more)',
    ],
    [
      (NOTIFY_API_KEY === undefined) !== (NOTIFY_TEMPLATE_ID === undefined),
      'NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID: texts need both, or neither',
    ],
  ]
  return rules.filter(([isWrong]) => isWrong).map(([, problem]) => problem)
}

/** What production refuses to start on. (That the app's database role owns nothing is checked once connected.) */
function unsafeInProduction(settings: z.infer<typeof environment>): string[] {
  const rules: [boolean, string][] = [
    [settings.DATABASE_URL === undefined, 'DATABASE_URL: production needs a PostgreSQL server of its own'],
    [(settings.SESSION_SECRET ?? '').length < 32, 'SESSION_SECRET: production needs at least 32 characters'],
    [(settings.SECOND_STEP_KEY ?? '').length < 32, 'SECOND_STEP_KEY: production needs at least 32 characters'],
    [!settings.PUBLIC_URL?.startsWith('https://'), 'PUBLIC_URL: production needs an address that begins https://'],
    [
      settings.SMTP_URL === undefined,
      'SMTP_URL: production needs a mail server, or links to set a password lie in a folder',
    ],
    [settings.MAIL_FROM === undefined, 'MAIL_FROM: production needs the address its messages come from'],
    [settings.DEMO_DATA === 'yes', 'DEMO_DATA: demo people are never put into production'],
    [
      settings.DATABASE_URL !== undefined && settings.DATABASE_URL === settings.MIGRATION_DATABASE_URL,
      'MIGRATION_DATABASE_URL: the role that owns the tables must not be the one the app uses (DATABASE_URL)',
    ],
    [
      settings.RETENTION_DATABASE_URL !== undefined &&
        [settings.DATABASE_URL, settings.MIGRATION_DATABASE_URL].includes(settings.RETENTION_DATABASE_URL),
      'RETENTION_DATABASE_URL: the role that empties what is kept no longer must be a role of its own',
    ],
  ]
  return rules.filter(([isUnsafe]) => isUnsafe).map(([, problem]) => problem)
}
