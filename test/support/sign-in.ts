import { password } from './people.ts'

/** Signs in over a real line, for what a test in the same process cannot do: break a download off, or weigh the server. */
export async function cookieFor(address: string, email: string): Promise<string> {
  const page = await fetch(`${address}/sign-in`)
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const answer = await fetch(`${address}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ _csrf: token, email, password }),
    headers: { cookie: cookiesOf(page) },
    redirect: 'manual',
  })
  if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`)
  return cookiesOf(answer)
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
