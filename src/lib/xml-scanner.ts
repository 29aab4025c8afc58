/** What an XML file is made of, told in the order it stands there. Names come without their prefix. */
export interface XmlListener {
  /** `attributes` is as it stands in the file, for {@link attributeOf}. A tag that closes itself is told as both. */
  open(name: string, attributes: string): void
  close(name: string): void
  text(text: string): void
}

/** The file is no XML that a program would write, or is made to do harm. */
export class BadXml extends Error {}

/** Longer than any tag or text between two tags in a workbook: a cell holds 32,767 characters. */
const MOST_AT_ONCE = 400_000

/**
 * Reads XML piece by piece, holding no more of it than the piece at hand. It knows what stands in workbooks: elements,
 * text, CDATA, comments. A document type, which may define texts that unfold to gigabytes, is refused.
 */
export class XmlScanner {
  readonly #listener: XmlListener
  #rest = ''

  constructor(listener: XmlListener) {
    this.#listener = listener
  }

  write(piece: string): void {
    const source = this.#rest + piece
    let at = 0
    for (;;) {
      const start = source.indexOf('<', at)
      if (start < 0) break
      if (start > at) this.#listener.text(unescapeXml(source.slice(at, start)))
      at = start
      const end = this.#readMarkup(source, start)
      if (end < 0) break
      at = end
    }
    this.#rest = source.slice(at)
    if (this.#rest.length > MOST_AT_ONCE) throw new BadXml('A tag or text without an end')
  }

  end(): void {
    if (this.#rest.trim() !== '') throw new BadXml('The file ends in the middle')
  }

  /** Where what begins here ends, or -1 when its end is not here yet. */
  #readMarkup(source: string, start: number): number {
    if (source.startsWith('<!', start)) return this.#readDeclaration(source, start)
    if (source.startsWith('<?', start)) return after(source, '?>', start)
    const end = endOfTag(source, start)
    if (end < 0) return -1
    const isClosing = source[start + 1] === '/'
    const isWhole = source[end - 1] === '/'
    const tag = source.slice(start + (isClosing ? 2 : 1), isWhole ? end - 1 : end)
    const space = tag.search(/\s/)
    const name = withoutPrefix(space < 0 ? tag : tag.slice(0, space))
    if (!isClosing) this.#listener.open(name, space < 0 ? '' : tag.slice(space))
    if (isClosing || isWhole) this.#listener.close(name)
    return end + 1
  }

  #readDeclaration(source: string, start: number): number {
    if (source.startsWith('<!--', start)) return after(source, '-->', start)
    if (source.startsWith('<![CDATA[', start)) {
      const end = after(source, ']]>', start)
      if (end >= 0) this.#listener.text(source.slice(start + 9, end - 3))
      return end
    }
    // the beginning of one of the two above may be all that is here yet
    if (source.length - start < 9) return -1
    throw new BadXml('A document type')
  }
}

function after(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from)
  return at < 0 ? -1 : at + mark.length
}

/** A > between quotation marks ends nothing. */
function endOfTag(source: string, start: number): number {
  let quote = 0
  for (let at = start + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 62) return at
    else if (code === 34 || code === 39) quote = code
  }
  return -1
}

function withoutPrefix(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

const patterns = new Map<string, RegExp>()

/** The value of an attribute, whatever its prefix. */
export function attributeOf(attributes: string, name: string): string | undefined {
  let pattern = patterns.get(name)
  if (pattern === undefined) {
    pattern = new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    patterns.set(name, pattern)
  }
  const found = pattern.exec(attributes)
  const value = found?.[1] ?? found?.[2]
  return value === undefined ? undefined : unescapeXml(value)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  })
}
