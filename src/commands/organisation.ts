/**
 * Makes an organisation and invites its first administrator: without it nobody could sign in to a new installation.
 *
 *     npm run organisation -- --code CODE --name NAME --administrator EMAIL --administrator-name NAME
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, ConfigProblem } from '../config.ts'
import { Refusal, TooBusy } from '../lib/refusals.ts'
import { beginOrganisation, inviteFirstAgain, readOrganisation } from '../organisations/actions.ts'
import { withDatabase } from './database.ts'

const usage = `npm run organisation -- --code CODE --name NAME --administrator EMAIL --administrator-name NAME

  --code CODE                  its short name: 2 to 20 letters, digits and hyphens, such as an ODS code
  --name NAME                  its full name
  --administrator EMAIL        who is invited to be its first administrator
  --administrator-name NAME    what they are called
  --again                      the organisation is there, but nobody could join it: send a new invitation`

class Stop extends Error {}

try {
  const { again, ...given } = readArguments(process.argv.slice(2))
  const asked = readOrganisation(again ? { name: 'as it is', ...given } : given)
  if ('problems' in asked) throw new Stop(`${asked.problems.join('\n')}\n\n${usage}`)
  await withDatabase(async (db, config) => {
    const beginning = { db, clock: () => new Date(), publicUrl: config.publicUrl }
    await (again ? inviteFirstAgain : beginOrganisation)(beginning, asked)
    if (!again) console.log(`${asked.name} is there, with the code ${asked.code}`)
    console.log(whereInvitationGoes(config, asked.administrator.email))
  })
} catch (error) {
  const isExplained = error instanceof Stop || error instanceof ConfigProblem || error instanceof Refusal
  const busy = 'The database is away or busy. Nothing was made. Try again in a minute'
  console.error(error instanceof TooBusy ? busy : isExplained ? error.message : error)
  process.exitCode = 1
}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const
  const options = { code: text, name: text, administrator: text, 'administrator-name': text } as const
  try {
    return parseArgs({ args, options: { ...options, again: { type: 'boolean', default: false } } }).values
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

/** A link opens a door, so it is printed nowhere: it goes to the mailbox, or to a folder that only its owner reads. */
function whereInvitationGoes({ smtpUrl, dataDir }: Config, email: string): string {
  const runs = 'as soon as the app or a worker runs'
  if (smtpUrl !== null) return `An invitation goes to ${email} ${runs}. Its link works for 7 days`
  const outbox = resolve(join(dataDir, 'outbox'))
  return `There is no mail server (SMTP_URL), so the invitation for ${email} is put into ${outbox} ${runs}.
Open the link in it within 7 days`
}
