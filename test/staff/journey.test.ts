import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem } from '../../seeds/factories.ts'
import { codeAt } from '../second-step/phones.ts'
import { openBrowser } from '../support/browser.ts'
import { doAllJobs } from '../support/jobs.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

const chosen = 'kettle on the window sill'
const email = 'nadia@here.example'

let mail: MailServer
let site: Site
beforeAll(async () => {
  mail = await startMailServer()
  site = await startSite({ SMTP_URL: mail.url })
})
afterAll(async () => {
  await site.close()
  await mail.stop()
})

const press = (page: Page, name: string) =>
  arrive(page, () => page.getByRole('main').getByRole('button', { name, exact: true }).click())
const secondsOn = (seconds: number) => site.app.setClock(new Date(site.app.clock().getTime() + seconds * 1_000))
const said = (page: Page) => page.getByRole('main').textContent()

/** The link in the last mail; quoted-printable breaks long lines, and an address is one. */
function linkInMail(): string {
  const text = mail.received.at(-1)!.source.replaceAll('=\r\n', '').replaceAll('=3D', '=')
  return site.address + new URL(/https?:\/\/\S+\/invitation\/[\w-]+/.exec(text)![0]).pathname
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(chosen)
  await press(page, 'Sign in')
}

it('Somebody is invited, joins, sets up a second step, works at a ward’s tablet by PIN, and the audit knows all of it', async () => {
  const { people, db } = site.app
  const item = await availableItem(db, { organisation_id: people.organisationId, kept_at_ward_id: people.ward.id })

  const administrator = await site.signedInAs(people.actors.administrator)
  await administrator.goto(`${site.address}/admin/staff/new`)
  await administrator.getByLabel('Full name').fill('Nadia Newcomer')
  await administrator.getByLabel('Email address').fill(email)
  await administrator.getByRole('radio', { name: 'Ward staff' }).check()
  await administrator.getByRole('checkbox', { name: 'Ash Ward' }).check()
  await press(administrator, 'Send the invitation')
  await doAllJobs(site.app)

  const nadia = await openBrowser()
  await nadia.goto(linkInMail())
  await nadia.getByLabel('New password', { exact: true }).fill(chosen)
  await press(nadia, 'Save and go to sign in')
  await signIn(nadia)

  await nadia.goto(`${site.address}/account/second-step`)
  await arrive(nadia, () => nadia.getByRole('link', { name: 'Set up a phone' }).click())
  await nadia.getByLabel('Your password').fill(chosen)
  await press(nadia, 'Go on')
  const secret = (await nadia.locator('.app-secret').textContent()) ?? ''
  await nadia.getByLabel('Code of 6 digits').fill(codeAt(site.app.clock(), secret))
  await press(nadia, 'Check the code and go on')
  await press(nadia, 'I have kept them, go on')
  await nadia.goto(`${site.address}/account/pin`)
  await nadia.getByLabel('PIN', { exact: true }).fill('7391')
  await nadia.getByLabel('Your password').fill(chosen)
  await press(nadia, 'Set this PIN')
  await arrive(nadia, () => nadia.getByRole('button', { name: 'Sign out' }).click())
  secondsOn(60)
  await signIn(nadia)
  expect(await nadia.getByRole('heading', { level: 1 }).textContent()).toContain('code')
  await nadia.getByLabel('Code of 6 digits').fill(codeAt(site.app.clock(), secret))
  await press(nadia, 'Sign in')
  expect(new URL(nadia.url()).pathname).toBe('/')

  await administrator.goto(`${site.address}/admin/tablets/new`)
  await administrator.getByLabel('What do you call it?').fill('Nurses’ station')
  await administrator.getByLabel('Which ward is it for?').selectOption('Ash Ward')
  await press(administrator, 'Make a code')
  const code = (await administrator.locator('.app-secret').textContent()) ?? ''

  const tablet = await openBrowser()
  await tablet.goto(`${site.address}/tablet?code=${code.replaceAll(' ', '')}`)
  await press(tablet, 'Enrol this tablet')
  const byPin = async () => {
    await arrive(tablet, () => tablet.getByRole('link', { name: 'Nadia Newcomer' }).click())
    await tablet.getByLabel('Your PIN').fill('7391')
    await press(tablet, 'Sign in')
  }
  await byPin()
  await tablet.goto(`${site.address}/incidents/new?item=${item.id}`)
  await tablet.getByRole('radio', { name: 'Damaged, can be put right' }).check()
  await tablet.getByLabel('What else do you know?').fill('The screen is cracked')
  await press(tablet, 'Report it')
  expect(await said(tablet)).toContain('Nadia Newcomer, you are signed out.')
  await arrive(tablet, () => tablet.getByRole('link', { name: 'Next person' }).click())
  await byPin()
  secondsOn(61)
  await tablet.goto(`${site.address}/items`)
  expect(new URL(tablet.url()).pathname).toBe('/sign-in/who')

  const governance = await site.signedInAs(people.actors['information-governance'])
  await governance.goto(`${site.address}/audit`)
  const audit = await said(governance)
  for (const sentence of [
    'Nadia Newcomer, on the tablet “Nurses’ station”, reported something',
    'Nadia Newcomer, on the tablet “Nurses’ station”, signed in',
  ]) {
    expect(audit).toContain(sentence)
  }
})
