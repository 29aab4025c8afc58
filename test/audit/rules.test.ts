import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { detailLines } from '../../src/audit/details-rules.ts'
import { auditSentence, hasSentence } from '../../src/audit/rules.ts'

const nothingElse = { subject_type: null, subject_id: null, service_user_id: null }

function said(verb: string, about: Partial<Parameters<typeof auditSentence>[0]> = {}, it?: string) {
  return auditSentence({ staff_member: 'Chidi Champion', verb, ...nothingElse, ...about }, it)
}

describe('an event of the audit', () => {
  it('reads as a sentence that names the record by its id, and whom it was for', () => {
    expect(said('loan:extended', { subject_type: 'loan', subject_id: 12, service_user_id: 7 })).toBe(
      'Chidi Champion extended loan 12 for service user 7.',
    )
    expect(said('loan:lent', { subject_type: 'loan', subject_id: 12 })).toBe('Chidi Champion made loan 12.')
    expect(said('session:signed-in', { subject_type: 'staff', subject_id: 3 })).toBe('Chidi Champion signed in.')
  })

  it('names the person once when the record is that person', () => {
    expect(said('service-user:viewed', { subject_type: 'service-user', subject_id: 7, service_user_id: 7 })).toBe(
      'Chidi Champion looked at service user 7.',
    )
  })

  it('says which record a refusal was about, where it is known', () => {
    expect(said('refused:stale', { subject_type: 'model', subject_id: 5 })).toBe(
      'Chidi Champion tried to save over a change that somebody else had just made (model 5).',
    )
    expect(said('refused:not-found')).toBe(
      'Chidi Champion asked for something that is not there, or is not theirs to see.',
    )
  })

  it('can be told with the words of the page it stands on', () => {
    expect(said('service-user:updated', { service_user_id: 7 }, 'this record')).toBe(
      'Chidi Champion changed this record.',
    )
  })

  it('still reads well when a command did it, no record is named, or the verb is new', () => {
    expect(said('import:applied', { staff_member: null, subject_type: 'import', subject_id: 3 })).toBe(
      'A command on the server brought in a spreadsheet (import 3).',
    )
    expect(said('item:created')).toBe('Chidi Champion added an item.')
    expect(said('kettle:handed-out', { subject_type: 'kettle', subject_id: 9, service_user_id: 7 })).toBe(
      'Chidi Champion marked kettle 9 as “handed out” for service user 7.',
    )
    expect(said('locker-bay:opened')).toBe('Chidi Champion marked a locker bay as “opened”.')
  })
})

describe('the table of sentences', () => {
  /** `thing:done` in quotes is a verb, unless it is a module of Node or a right of the access table. */
  it('has words, and a kind to choose, for every verb in the code', () => {
    const rights = new Set(wordsWithColon(readFileSync('src/web/access.ts', 'utf8')))
    const verbs = code.flatMap(wordsWithColon).filter((word) => !/^(?:node|pool):/.test(word) && !rights.has(word))
    expect(verbs).toContain('session:signed-in')
    expect(verbs).toContain('refused:stale')
    expect([...new Set(verbs)].filter((verb) => !hasSentence(verb))).toEqual([])
  })

  it('can be held against the code, because no verb there is put together from pieces', () => {
    expect(code.flatMap((text) => text.match(/\bverb\s*[:=]\s*`.*/g) ?? [])).toEqual([])
  })
})

const code = sourceFiles('src').map((file) => withoutComments(readFileSync(file, 'utf8')))

function wordsWithColon(text: string): string[] {
  return [...text.matchAll(/(['"`])([a-z][a-z-]*:[a-z][a-z-]*)\1/g)].map((found) => found[2]!)
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"])\/\/.*/g, '')
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

describe('what is kept beside an event', () => {
  it('shows a change as what was and what is now', () => {
    expect(
      detailLines({
        old: { phone: '07700 900001', email: '', date_of_birth: '1984-02-29', nhs_number: '9990000018' },
        new: { phone: '07700 900002', email: 'robin@post.example', date_of_birth: '1985-03-01', nhs_number: null },
      }),
    ).toEqual([
      'Phone: was 07700 900001, now 07700 900002',
      'Email: added, robin@post.example',
      'Date of birth: was 29 February 1984, now 1 March 1985',
      'NHS number: taken out, was 999 000 0018',
    ])
  })

  it('shows a new record without what was left empty', () => {
    expect(detailLines({ new: { name: 'Robin', phone: '', nhs_number: null } })).toEqual(['Name: Robin'])
  })

  it('shows anything else by its name, in the words of people', () => {
    expect(
      detailLines({
        items: ['TAB-0001', 'CHA-0002'],
        dueOn: '2026-08-03',
        returnedAt: '2026-08-03T13:30:00.000Z',
        cost_pence: 12_345,
        isConfirmed: true,
        counts: { created: 3, errors: 0 },
        note: null,
      }),
    ).toEqual([
      'Items: TAB-0001, CHA-0002',
      'Due on: 3 August 2026',
      'Returned at: Monday 3 August 2026 at 2:30pm',
      'Cost: £123.45',
      'Is confirmed: yes',
      'Counts created: 3',
      'Counts errors: 0',
    ])
  })

  it('is nothing when nothing was kept', () => {
    expect(detailLines(null)).toEqual([])
    expect(detailLines({})).toEqual([])
    expect(detailLines(['a'])).toEqual([])
  })
})
