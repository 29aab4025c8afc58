import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { nameHeadings } from '../../src/lib/csv.ts'
import { readCsv } from './whole-csv.ts'

const LIMITS = { maxRows: 1_000, maxBytes: 5_000_000 }

function read(file: string | Buffer, limits = LIMITS) {
  return readCsv(Buffer.from(file as string), limits)
}

async function tableOf(file: string | Buffer) {
  const { value, error } = await read(file)
  if (error) throw new Error(error.text)
  return value
}

async function problemWith(file: string | Buffer, limits = LIMITS) {
  const { error } = await read(file, limits)
  return error
}

async function cellsOf(file: string | Buffer) {
  return (await tableOf(file)).rows.map(({ cells }) => cells)
}

describe('a CSV file', () => {
  it('is read with any line end, also when they are mixed', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await cellsOf(`Tag,Name${end}T1,One${end}T2,Two${end}`)).toEqual([
        ['T1', 'One'],
        ['T2', 'Two'],
      ])
    }
    expect(await cellsOf('Tag,Name\rT1,One\r\nT2,Two\nT3,Three')).toEqual([
      ['T1', 'One'],
      ['T2', 'Two'],
      ['T3', 'Three'],
    ])
  })

  it('is read with commas, semicolons or tabs, whichever the headings have most of outside quotes', async () => {
    for (const delimiter of [',', ';', '\t']) {
      const table = await tableOf(`Tag${delimiter}"a,b;c,d;e\tf\tg"\n1${delimiter}2`)
      expect(table.delimiter).toBe(delimiter)
      expect(table.headings).toEqual(['Tag', 'a,b;c,d;e\tf\tg'])
      expect(table.rows[0]?.cells).toEqual(['1', '2'])
    }
    expect((await tableOf('\n;;\nTag;Cost, in pounds;Name\n1;2,50;x')).delimiter).toBe(';')
    expect((await tableOf('Tag\n1')).delimiter).toBe(',')
  })

  it('is read as UTF-8 with or without a mark, as UTF-16, or else as Windows-1252', async () => {
    const text = 'Tag,Note\nT1,“Zoë” – £5 €'
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    const ways: [Buffer, string][] = [
      [Buffer.from(text), 'utf-8'],
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
      [utf16, 'utf-16'],
      [Buffer.from(utf16).swap16(), 'utf-16'],
      [Buffer.from('Tag,Note\nT1,\x93Zo\xeb\x94 \x96 \xa35 \x80', 'latin1'), 'windows-1252'],
    ]
    for (const [bytes, encoding] of ways) {
      const table = await tableOf(bytes)
      expect(table.encoding).toBe(encoding)
      expect(table.headings).toEqual(['Tag', 'Note'])
      expect(table.rows[0]?.cells).toEqual(['T1', '“Zoë” – £5 €'])
    }
  })

  it('keeps line ends, delimiters and quotes inside quotes', async () => {
    expect(await cellsOf('Tag,Note\nT1,"a ""b"", c\r\nd\re"\n')).toEqual([['T1', 'a "b", c\r\nd\re']])
  })

  it('knows the line each row begins on, past blank lines and lines inside quotes', async () => {
    const table = await tableOf(
      '\r\nTag,Note\r\n\r\nT1,"a\r\nb\r\nc"\r\nT2,x\r\n,\r\n  , \r\nT3,y\rT4,"p\n\nq"\n\n\nT5,z',
    )
    expect(table.rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [4, 'T1'],
      [7, 'T2'],
      [10, 'T3'],
      [11, 'T4'],
      [16, 'T5'],
    ])
  })

  it('fills up short rows, and forgives empty cells after the last heading', async () => {
    const table = await tableOf('Tag,Name,Cost\nT1\nT2,Two,3,,\n')
    expect(table.rows).toEqual([
      { line: 2, cells: ['T1', '', ''] },
      { line: 3, cells: ['T2', 'Two', '3'] },
    ])
  })

  it('says of a row with more cells than headings that it does, and reads on', async () => {
    const { rows } = await tableOf('Tag,Name\nT1,One,more\nT2,Two')
    expect(rows[0]).toEqual({
      line: 2,
      cells: ['T1', 'One'],
      error: {
        reason: 'too-many-cells',
        text: 'This row has 3 cells, but there are 2 headings. A cell with a comma or semicolon in it needs quotation marks around it',
      },
    })
    expect(rows[1]).toEqual({ line: 3, cells: ['T2', 'Two'] })
  })

  it('has headings that are trimmed, all different and never blank', async () => {
    expect((await tableOf(' Tag ,Notes,,Notes, ,Notes\nT1')).headings).toEqual([
      'Tag',
      'Notes',
      'Column 3',
      'Notes (2)',
      'Column 5',
      'Notes (3)',
    ])
    expect(nameHeadings(['Notes', 'Notes', 'Notes (2)', '', 'Column 4'])).toEqual([
      'Notes',
      'Notes (3)',
      'Notes (2)',
      'Column 4 (2)',
      'Column 4',
    ])
  })

  it('has the mark that our own exports put before a formula taken off', async () => {
    expect(await cellsOf("Tag,Phone\n'=T1,'+447700900123\n'hello,-5")).toEqual([
      ['=T1', '+447700900123'],
      ["'hello", '-5'],
    ])
  })

  it('is read the same from a stream that cuts characters and line ends in two', async () => {
    const bytes = Buffer.from('Tag,Note\r\nT1,"Zoë\r\n£5"\r\nT2,"a ""b"""\r\n')
    async function* oneByOne() {
      for (const byte of bytes) yield Buffer.of(byte)
    }
    expect(await readCsv(oneByOne(), LIMITS)).toEqual(await read(bytes))
  })

  it('is read the same when it is cut into pieces at any place', async () => {
    // A piece ends after 65,536 bytes: let each of these characters in turn stand at the cut.
    for (let shift = 0; shift < 12; shift++) {
      const filling = 'x'.repeat(65_536 - 20 + shift)
      const file = `Tag,Note\n"${filling}","é""\r\n"\r\nT2,é\r\n`
      expect(await cellsOf(file)).toEqual([
        [filling, 'é"\r\n'],
        ['T2', 'é'],
      ])
    }
  })
})

describe('a file that cannot be read', () => {
  it('is refused when it is empty, blank, or has only headings', async () => {
    for (const file of ['', '\ufeff', '\n\r\n', ' , ,\n\t\n']) expect((await problemWith(file))?.reason).toBe('empty')
    for (const file of ['Tag,Name', 'Tag,Name\r\n\r\n,,\r\n']) {
      expect((await problemWith(file))?.reason).toBe('only-headings')
    }
  })

  it('is refused by what it is, not by what it is called', async () => {
    const kinds: [Buffer, string][] = [
      [Buffer.from('PK\x03\x04\x14\x00rest', 'latin1'), 'excel-workbook'],
      [Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest', 'latin1'), 'excel-workbook'],
      [Buffer.from('%PDF-1.7\n'), 'pdf'],
      [Buffer.from('<!DOCTYPE html><table><tr><td>Tag'), 'web-page'],
      [Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR', 'latin1'), 'not-text'],
      [Buffer.from('Tag,Name\nT1,a\0b'), 'not-text'],
      [Buffer.from('Tag,Name\nT1,One', 'utf16le'), 'not-text'],
    ]
    for (const [bytes, reason] of kinds) expect((await problemWith(bytes))?.reason).toBe(reason)
    expect((await problemWith(Buffer.from('PK\x03\x04')))?.text).toContain('CSV UTF-8')
  })

  it('is refused for quotes that do not match, with the line its row begins on', async () => {
    const broken: [string, number][] = [
      ['Tag,Note\nT1,"a\nb"\n\nT2,"never closed\nT3,x', 5],
      ['Tag,Note\nT1,ok\nT2,"closed"too early', 3],
      ['Tag,Note\r\n\r\nT1,10.2" screen', 3],
      ['"Tag,Note\nT1,x', 1],
    ]
    for (const [file, line] of broken) {
      const problem = await problemWith(file)
      expect(problem).toMatchObject({ reason: 'broken-quotes', line })
      expect(problem?.text).toContain(`line ${line} `)
    }
  })

  it('is refused for a row without an end, before it is all read', async () => {
    const file = `Tag,Note\nT1,ok\nT2,"${'never closed\n'.repeat(100_000)}`
    expect(await problemWith(file)).toMatchObject({ reason: 'row-too-long', line: 3 })
  })

  it('is refused for too many columns, rows or bytes', async () => {
    expect((await problemWith(`${'a,'.repeat(400)}b\n1`))?.reason).toBe('too-many-columns')
    expect((await problemWith('Tag\n1\n2\n3', { maxRows: 2, maxBytes: 100 }))?.reason).toBe('too-many-rows')
    expect((await read('Tag\n1\n2\n', { maxRows: 2, maxBytes: 100 })).value?.rows).toHaveLength(2)
    expect((await problemWith('Tag\n12345', { maxRows: 2, maxBytes: 8 }))?.reason).toBe('too-large')
    expect((await read('Tag\n1234', { maxRows: 2, maxBytes: 8 })).value?.rows).toHaveLength(1)
  })

  it('is not read further once it is too large, and its stream is closed', async () => {
    let given = 0
    let closed = false
    async function* endless() {
      try {
        for (;;) {
          given += 1
          yield Buffer.alloc(1_000, 'a\n')
        }
      } finally {
        closed = true
      }
    }
    expect((await readCsv(endless(), { maxRows: 10, maxBytes: 10_000 })).error?.text).toBe(
      'The file is larger than 10 KB. Split it into parts',
    )
    expect(given).toBe(11)
    expect(closed).toBe(true)
  })

  it('fails as the stream does when that breaks', async () => {
    async function* broken() {
      yield Buffer.from('Tag\n')
      throw new Error('The connection went away')
    }
    await expect(readCsv(broken(), LIMITS)).rejects.toThrow('The connection went away')
  })
})

describe('a file made to exhaust us', () => {
  const make: Record<string, () => string> = {
    'a million rows': () => `Tag,Name,Serial\n${'TAB-000001,iPad 10th generation,F2LXW0ABCD\n'.repeat(1_000_000)}`,
    'a million blank rows': () => `Tag,Name,Serial\n${',,\n'.repeat(1_000_000)}`,
    'ten million empty cells in a row': () => `Tag,Name\n${','.repeat(10_000_000)}`,
    'a quotation mark never closed': () => `Tag,Name\n"${'T1,One\n'.repeat(2_000_000)}`,
  }

  it.each([
    ['a million rows', 10_000_000, 'too-large'],
    ['a million rows', 50_000_000, 'too-many-rows'],
    ['a million blank rows', 50_000_000, 'too-many-rows'],
    ['ten million empty cells in a row', 50_000_000, 'row-too-long'],
    ['a quotation mark never closed', 50_000_000, 'row-too-long'],
  ])(
    'with %s, where %i bytes are allowed, is refused with under 2 seconds of work and less than 100 MB more memory',
    async (kind, maxBytes, reason) => {
      const folder = await mkdtemp(join(tmpdir(), 'csv-'))
      try {
        const path = join(folder, 'file.csv')
        await writeFile(path, make[kind]?.() ?? '')
        const measured = await readInOwnProcess(path, maxBytes)
        expect(measured.reason).toBe(reason)
        expect(measured.milliseconds).toBeLessThan(2_000)
        expect(measured.megabytes).toBeLessThan(100)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )
})

/**
 * A process of its own, since the memory this one took to make the file would hide what reading it takes. Work is counted
 * in processor time: a clock on the wall would measure who else is busy. The most memory is the kernel's word for this
 * program alone: maxRSS begins with what the process that started it had.
 */
async function readInOwnProcess(path: string, maxBytes: number) {
  const script = `
    import { createReadStream, existsSync, readFileSync } from 'node:fs'
    import { openCsv } from ${JSON.stringify(new URL('../../src/lib/csv.ts', import.meta.url).href)}
    const before = process.memoryUsage.rss()
    const started = process.threadCpuUsage()
    const { error } = await openCsv(createReadStream(${JSON.stringify(path)}), { maxRows: 10_000, maxBytes: ${maxBytes} })
    const { user, system } = process.threadCpuUsage(started)
    const milliseconds = (user + system) / 1000
    const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
    const most = /VmHWM:\\s+(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS
    const megabytes = (Number(most) * 1024 - before) / 1e6
    process.stdout.write(JSON.stringify({ reason: error?.reason, milliseconds, megabytes }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout) as { reason: string; milliseconds: number; megabytes: number }
}
