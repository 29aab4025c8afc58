import { enrolledTablet, examplePin, pinOf, type Staff, staffMember } from '../../seeds/factories.ts'
import { hashOfToken } from '../../src/web/tablet-cookie.ts'
import type { TestApp, Visitor } from '../support/app.ts'

/** Somebody who works on a ward, with a PIN. */
export async function nurseOf(
  app: TestApp,
  {
    ward = app.people.ward,
    pin = examplePin,
    name,
  }: { ward?: { id: number }; pin?: string | null; name?: string } = {},
): Promise<Staff> {
  const { organisationId: organisation_id } = app.people
  const nurse = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [ward], ...(name && { name }) })
  if (pin !== null) await pinOf(app.db, nurse, pin)
  return nurse
}

/** A browser on a tablet that is enrolled for the ward. */
export async function tabletOf(app: TestApp, ward: { id: number } = app.people.ward, name?: string) {
  const { administrator } = app.people.actors
  const by = { id: administrator.staffId, organisation_id: administrator.organisationId }
  const tablet = await enrolledTablet(app.db, { ward, by, ...(name && { name }) })
  return { ...tablet, token_hash: hashOfToken(tablet.token), visitor: atTablet(app, tablet.token) }
}

export function atTablet(app: TestApp, token: string): Visitor {
  return showing(app.visitor(), token)
}

/** As a tablet's browser, which keeps its cookie. */
export function showing(visitor: Visitor, token: string): Visitor {
  visitor.agent.jar.setCookie(`tablet=${token}; Path=/`, '127.0.0.1', '/')
  return visitor
}

/** Chooses a name and types a PIN. */
export async function typePin(visitor: Visitor, staff: { id: number }, pin = examplePin, more: object = {}) {
  await visitor.readToken(`/sign-in/pin?who=${staff.id}`)
  return await visitor.post('/sign-in/pin', { who: staff.id, pin, ...more })
}

/** As {@link typePin}, with the token of the new session. */
export async function signInAt(visitor: Visitor, staff: { id: number }): Promise<Visitor> {
  const answer = await typePin(visitor, staff)
  if (answer.status !== 303 || answer.headers.location !== '/')
    throw new Error(`Not signed in: ${answer.status} ${answer.text}`)
  await visitor.readToken('/')
  return visitor
}
