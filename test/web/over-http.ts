import { password } from '../support/people.ts'

/** Somebody who is signed in to a service that runs in a process of its own. */
export interface RemoteVisitor {
  cookie: string
  get(path: string): Promise<Response>
  /** Sends a form; redirects are not followed. */
  post(path: string, fields?: Record<string, string | string[]>): Promise<Response>
}

const tokenIn = (page: string) => /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

export async function signInOver(address: string, email: string): Promise<RemoteVisitor> {
  const door = await fetch(`${address}/sign-in`)
  const form = new URLSearchParams({ _csrf: tokenIn(await door.text()), email, password })
  const request = { method: 'POST', body: form, headers: { cookie: cookieOf(door) }, redirect: 'manual' } as const
  const answer = await fetch(`${address}/sign-in`, request)
  if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`)
  return await visitorAt(address, cookieOf(answer))
}

/** The same session at another process, say. */
export async function visitorAt(address: string, cookie: string): Promise<RemoteVisitor> {
  const get = (path: string) => fetch(`${address}${path}`, { headers: { cookie }, redirect: 'manual' })
  const token = tokenIn(await (await get('/')).text())
  return {
    cookie,
    get,
    post: (path, fields = {}) => {
      const body = new URLSearchParams({ _csrf: token })
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one)
      return fetch(`${address}${path}`, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
    },
  }
}
