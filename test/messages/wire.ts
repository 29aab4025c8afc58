/** One header of an email as it came over the wire, unfolded. */
export function headerOf(source: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(source)?.[1]?.replaceAll('\r\n', '')
}

/** All that somebody can read of an email, its headers, both forms and the calendar file, on one line. */
export function readable(source: string): string {
  const parts = source.split(/\r\n--[^\r\n]+/)
  return parts.map(decoded).join(' ').replaceAll(/\s+/g, ' ')
}

/** The page that goes with an email; empty where there is none. */
export function pageWith(source: string): string {
  const part = source
    .split(/\r\n--[^\r\n]+/)
    .find((one) => /^Content-Disposition: attachment; filename=reports\.html/im.test(one))
  return part === undefined ? '' : decoded(part)
}

/** The calendar file that goes with an email; empty where there is none. */
export function calendarOf(source: string): string {
  const part = source.split(/\r\n--[^\r\n]+/).find((one) => /^Content-Type: text\/calendar/im.test(one))
  return part === undefined ? '' : decoded(part)
}

function decoded(part: string): string {
  const encoding = headerOf(part, 'Content-Transfer-Encoding')?.toLowerCase()
  const [head = '', ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (encoding === 'base64') return `${head}\r\n${Buffer.from(body, 'base64').toString()}`
  if (encoding !== 'quoted-printable') return part
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return `${head}\r\n${Buffer.from(bytes, 'latin1').toString()}`
}
